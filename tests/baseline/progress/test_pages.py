"""The pages of progress and money: filled in, released, counted, and few queries."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from brandwacht.baseline.models import MeasureCost, Snapshot
from brandwacht.baseline.services import make_measure
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.baseline.progress.country import answered, ciso, country, report
from tests.world import acting_system, organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


def logged_in(client: Client, owner: Organisation, *roles: Role) -> None:
    client.force_login(person(owner, *roles), backend=BACKEND)


def test_from_the_form_to_a_released_snapshot(client: Client) -> None:
    ours, _theirs = country("VR17", "VR15")
    logged_in(client, ours, Role.CISO)
    empty = client.get("/basis/voortgang/vrijgeven").content.decode()
    assert "U bewaarde voor dit peilmoment nog geen antwoorden." in empty
    assert "Bekijk wat er gaat" not in client.get("/basis/voortgang").content.decode()
    said = {"phase": "plannen", "fte_now": "0,2", "budget_now": "12.000", "cycle": "ja", "policy_on": "2026-01-31"}
    assert client.post("/basis/voortgang", {**said, "fte_now": "veel"}).status_code == 422
    assert client.post("/basis/voortgang", {**said, "text-1": "Los"}).status_code == 422
    answer = client.post("/basis/voortgang", {**said, "kind-1": "geld", "text-1": "Te weinig"})
    page = client.get(answer["Location"])
    seen = page.context["seen"]
    assert "0,2 fte" in page.content.decode()
    assert "U bewaarde voor dit" not in page.content.decode()
    assert client.post(answer["Location"], {"seen": "anders", "bodies": ["regios"]}).status_code == 422
    assert client.post(answer["Location"], {"seen": seen}).status_code == 422
    released = client.post(answer["Location"], {"seen": seen, "bodies": ["regios", "poi"]})
    with every_owner():
        row = Snapshot.objects.get()
    assert released["Location"].endswith(str(row.public_id))
    assert row.content["said"] | {"fte_now": 0.2, "budget_now": 12000, "cycle": True} == row.content["said"]
    assert row.content["bottlenecks"] == [{"kind": "geld", "category": "", "text": "Te weinig"}]
    gone = client.post(f"{released['Location']}/intrekken", {"why": "Fout"}, follow=True)
    assert "Waarom dit is ingetrokken" in gone.content.decode()
    client.post("/basis/voortgang/vergelijken", {"stemt": "in"})
    assert "stemde er op" in client.get("/basis/voortgang").content.decode()


def test_money_in_order_and_within_a_budget(client: Client) -> None:
    ours = organisation("VR17")
    due = timezone.localdate() + timedelta(days=20)
    with acting_system(ours, timezone.now()) as me:
        cheap = make_measure(me, title="=Goedkoop", control="5.01", owner_name="Piet", due=due)
        make_measure(me, title="Duur", control="8.07", owner_name="Piet", due=due, cost=90_000)
    logged_in(client, ours, Role.CISO)
    path = f"/basis/maatregelen/{cheap.public_id}/kosten"
    assert client.post(path, {"once_low": "9", "once_high": "8"}).status_code == 422
    assert client.post(path, {"once_low": "1.000", "once_high": "3.000", "days_high": "2"}).status_code == 302
    with every_owner():
        costs = MeasureCost.objects.get()
    assert (costs.once_low, costs.days_low, costs.yearly_low) == (1000, 2, None)
    page = client.get("/basis/investering?budget=10.000&years=2")
    body = page.content.decode()
    assert body.index("Goedkoop") < body.index("Duur")
    assert page.context["choice"].left == 10_000 - 3_000 - 1_600
    assert client.get("/basis/investering?budget=veel").status_code == 422
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/basis/investering.xlsx?budget=10000").content)).active
    assert sheet["B2"].value == "'=Goedkoop"
    assert [cell.value for cell in sheet[2]][3:11] == [1000, 3000, None, None, 2, 2, 2600, 4600]
    assert "'=Goedkoop" in client.get("/basis/investering.csv").content.decode()


def test_the_bureau_sees_the_country_in_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    regions = country(*(f"VR{number:02d}" for number in range(1, 8)))
    for region in regions[:5]:
        answered(region, 40)
        with ciso(region) as me:
            for moment in ("2026-1", "2026-2"):
                knots = [{"kind": "geld", "category": "", "text": ""}]
                report(me, bodies=["loket"], moment=moment, fte_now=0.2, phase="plannen", bottlenecks=knots)
    nipv = organisation("NIPV", "instituut")
    logged_in(client, nipv, Role.PROGRAMME)
    home = client.get("/basis/landelijk?peilmoment=2026-2")
    body = home.content.decode()
    assert "5 van 8 organisaties" in body
    assert "Testregio VR06" in body
    assert 'aria-current="page"' in body
    with django_assert_max_num_queries(15):
        client.get("/basis/landelijk?peilmoment=2026-2")
    assert client.get("/basis/landelijk?peilmoment=1999-1").status_code == 404
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/basis/landelijk.xlsx?peilmoment=2026-2").content)).active
    assert sheet.max_row == 17
    made = client.post("/basis/landelijk/themas?peilmoment=2026-2", {"title": "Samen", "kinds": ["geld"]})
    assert made.status_code == 302
    client.post(f"{made['Location']}/publiceren")
    for path in ("/basis/landelijk/themas", "/basis/voortgang/rapportages", made["Location"]):
        with django_assert_max_num_queries(15):
            assert client.get(path).status_code == 200
    logged_in(client, regions[0], Role.CISO)
    for path in ("/basis/voortgang", "/basis/voortgang/vrijgeven", "/basis/aansluiten", "/basis/investering"):
        client.get(path)
        with django_assert_max_num_queries(15):
            assert client.get(path).status_code == 200
    with every_owner():
        row = Snapshot.objects.filter(organisation=regions[0]).first()
    with django_assert_max_num_queries(15):
        assert client.get(f"/basis/voortgang/rapportage/{row.public_id}").status_code == 200
