"""The pages: right role, colleague without a role, typed text that stays, exports, and few queries."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.utils import timezone

from brandwacht.baseline.models import ControlAnswer, Measure
from brandwacht.baseline.panels import CONTROL, ControlRef
from brandwacht.baseline.services import answer_control, keeping, make_measure
from brandwacht.engines.norms import load_framework
from brandwacht.network import panels
from brandwacht.network.panels import PanelContent
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def region():
    return organisation("VR17")


@pytest.fixture
def as_role(client, region):
    def log_in(*roles):
        user = person(region, *roles)
        client.force_login(user, backend=BACKEND)
        return user

    return log_in


@pytest.fixture
def filled(region):
    """80 answers and 60 measures, as rows: the use cases that make them have their own tests."""
    now = timezone.now()
    today = timezone.localdate(now)
    owner = {"organisation": region}
    with acting_system(region, now):
        keeping.keep_new([
            ControlAnswer(
                control=control.number, state="voldoet", evidence="Verslag", answered_at=now, answered_by="test",
                evidence_valid_to=today + timedelta(days=10), **owner,
            )
            for control in load_framework("bio2-1.3").controls[:80]
        ])  # fmt: skip
        Measure.objects.bulk_create(
            Measure(
                title=f"Maatregel {number:02}", control="5.01", owner_name=f"Team {number % 3}",
                due=today + timedelta(days=1 + number % 7), created_at=now, created_by="test", **owner,
            )
            for number in range(60)
        )  # fmt: skip
    return region


def text(response):
    return response.content.decode()


PATHS = ["/basis", "/basis/5.01", "/basis/maatregelen", "/basis/maatregelen/nieuw?control=8.02", "/basis/bio-1.04"]


@pytest.mark.parametrize("path", [*PATHS, "/basis?theme=fysiek&state=voldoet&sort=-evidence", "/basis/vragen.csv"])
def test_few_queries(client, as_role, filled, django_assert_max_num_queries, path):
    as_role(Role.CISO, Role.ADMIN)
    client.get(path)
    with django_assert_max_num_queries(15):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("role", [Role.LINE_MANAGER, Role.PROCESS_OWNER, Role.BOARD, Role.ADMIN, Role.RISK_ADVISER])
def test_those_who_may_see_see_no_form(client, as_role, filled, role):
    as_role(role)
    assert "Basis op orde" in text(client.get("/basis"))
    page = client.get("/basis/8.13")
    assert page.status_code == 200
    assert "Bewaar dit antwoord" not in text(page)
    assert client.post("/basis/8.13", {"state": "voldoet"}).status_code == 403


@pytest.mark.parametrize("path", [*PATHS, "/basis/vragen.csv", "/basis/maatregelen.csv"])
def test_a_colleague_without_the_role_is_told_why_not(client, as_role, path):
    as_role(Role.SOC_ANALYST)
    page = client.get(path)
    assert page.status_code == 403
    assert "Uw rol geeft u dit recht niet" in text(page)


def test_the_ciso_answers_on_the_page(client, as_role, region):
    as_role(Role.CISO)
    page = client.get("/basis/8.13")
    assert "Zijn er back-ups" in text(page)
    assert "8.13.04" in text(page)
    done = client.post("/basis/8.13", {"state": "deels", "reason": "Nog niet alles.", "seen": ""}, follow=True)
    assert done.redirect_chain == [("/basis/8.13", 302)]
    assert "Uw antwoord op vraag 8.13 is bewaard: Voldoet deels." in text(done)
    assert "Volgende open vraag: 8.14" in text(done)


def test_refused_text_is_not_lost(client, as_role):
    as_role(Role.CISO)
    page = client.post("/basis/8.13", {"state": "geaccepteerd", "reason": "Eigen <b>woorden</b>", "evidence": "Hier"})
    assert page.status_code == 422
    assert "8.13.01" in page.context["form"].errors["state"][0]
    assert "Eigen &lt;b&gt;woorden&lt;/b&gt;" in text(page)
    page = client.post("/basis/8.13", {"state": "", "evidence_valid_to": "geen datum"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"state", "evidence_valid_to"}


def test_a_second_answer_says_who_was_first_and_then_passes(client, as_role, region):
    as_role(Role.CISO)
    with acting_system(region, timezone.now()) as me:
        answer_control(me, "8.13", state="deels")
    page = client.post("/basis/8.13", {"state": "voldoet", "reason": "Mijn tekst", "seen": ""})
    assert page.status_code == 422
    assert "Brandwacht beantwoordde deze vraag" in text(page)
    assert "Mijn tekst" in text(page)
    again = {"state": "voldoet", "reason": "Mijn tekst", "seen": page.context["form"]["seen"].value()}
    assert client.post("/basis/8.13", again).status_code == 302


@pytest.mark.parametrize(
    "path", ["/basis/9.99", "/basis/zomaar", f"/basis/maatregelen/{'0' * 8}-0000-4000-8000-{'0' * 12}"]
)
def test_not_there(client, as_role, path):
    as_role(Role.CISO)
    assert client.get(path).status_code == 404


def test_a_stranger_does_not_find_a_measure(client, as_role):
    other = organisation("VR15")
    with acting(actor(person(other, Role.CISO), other)) as me:
        measure = make_measure(me, title="Van ons", control="", owner_name="Wij", due=date(2099, 1, 1))
    as_role(Role.CISO)
    assert "Van ons" not in text(client.get("/basis/maatregelen?state=alle"))
    assert client.get(f"/basis/maatregelen/{measure.public_id}").status_code == 404
    assert client.post(f"/basis/maatregelen/{measure.public_id}/stap", {"state": "do"}).status_code == 404
    assert client.get(f"/basis/maatregelen/{measure.public_id}/wijzigen").status_code == 404


def test_a_measure_from_an_incident_to_done_and_back(client, as_role, django_assert_max_num_queries):
    user = as_role(Role.CISO)
    incident = "3f2b8c1e-9d7a-4b6e-8a10-5c4d3e2f1a0b"
    path = f"/basis/maatregelen/nieuw?control=8.02&incident={incident}"
    assert client.get(path).context["form"]["control"].value() == "8.02"
    short = client.post(path, {"title": "Rechten terug", "control": "8.02", "due": "2000-01-01"})
    assert short.status_code == 422
    assert 'value="Rechten terug"' in text(short)
    given = {
        "title": "Rechten terug",
        "control": "8.02",
        "due": "2099-01-01",
        "owner": str(user.public_id),
        "cost": "12.000",
    }
    done = client.post(path, given, follow=True)
    with every_owner():
        measure = Measure.objects.get()
    assert (str(measure.incident_ref), measure.cost, measure.owner) == (incident, 12000, user)
    assert "Naar: In uitvoering" in text(done)
    address = f"/basis/maatregelen/{measure.public_id}"
    assert client.post(f"{address}/stap", {"state": "act"}).status_code == 422
    moved = client.post(f"{address}/stap", {"state": "do", "note": "Begonnen"}, follow=True)
    assert "De maatregel staat nu op: In uitvoering." in text(moved)
    assert "Toch niet: terug naar Gepland" in text(moved)
    changed = client.post(f"{address}/wijzigen", {**given, "title": "Rechten weg"}, follow=True)
    assert "Titel: Rechten terug wordt Rechten weg." in text(changed)
    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200


def test_an_upper_room_tells_what_it_knows_of_a_control(client, as_role, region, monkeypatch):
    asked: list[ControlRef] = []

    def build(_actor, thing):
        asked.append(thing)
        return PanelContent("components/panel.html", {"title": "Van boven"})

    monkeypatch.setattr(panels, "_panels", defaultdict(list))
    panels.register_panel(CONTROL, panels.Panel("proef", 1, build))
    as_role(Role.CISO)
    assert "bw-panel" in text(client.get("/basis/8.13"))
    assert [(ref.owner_id, ref.number, ref.techniques[0]) for ref in asked] == [(region.pk, "8.13", "T1486")]


def test_the_list_of_measures_pages_and_exports(client, as_role, filled):
    as_role(Role.CISO)
    seen: list[str] = []
    address = "/basis/maatregelen?sort=-due"
    while address:
        page = client.get(address)
        seen += [m.title for m in page.context["rows"]]
        address = page.context["next_url"] and "/basis/maatregelen" + page.context["next_url"]
    assert sorted(seen) == [f"Maatregel {n:02}" for n in range(60)]
    assert len(client.get("/basis/maatregelen?owner=Team+1").context["rows"]) == 20
    assert client.get("/basis/maatregelen?overdue=on").context["rows"] == []
    assert client.get("/basis/maatregelen?after=onzin|x&sort=onzin").status_code == 200
    assert client.get("/basis/maatregelen?after=onzin|5").status_code == 200
    table = text(client.get("/basis/maatregelen.csv?owner=Team+1"))
    assert len(table.splitlines()) == 21
    assert "BIO2 5.01" in table


def test_the_export_of_questions_is_what_the_page_shows(client, as_role, filled):
    as_role(Role.CISO)
    response = client.get("/basis/vragen.csv?state=onbeantwoord")
    assert response["Content-Disposition"] == 'attachment; filename="basis-vr17.csv"'
    assert len(text(response).splitlines()) == 14
    header, *rows = csv.reader(
        io.StringIO(text(client.get("/basis/vragen.csv?state=voldoet")).lstrip("\ufeff")), delimiter=";"
    )
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert len(found) == 80
    assert {(each["Antwoord"], each["Bewijs"], each["Maatregelen die lopen"]) for each in found} == {
        ("Voldoet", "Verslag", "0"), ("Voldoet", "Verslag", "60")
    }  # fmt: skip
    assert {each["Houdt nu stand"] for each in found} == {"Voldoet"}


def test_the_older_norm_can_be_looked_up(client, as_role):
    as_role(Role.LINE_MANAGER)
    page = text(client.get("/basis/bio-1.04?q=9.4.2"))
    assert "9.4.2" in page
    assert "1 van 112 maatregelen." in page
    assert client.post("/basis/bio-1.04").status_code == 405
