"""The pages of the assessment in Excel: download, offer, watch, choose, take over, put back."""

from __future__ import annotations

import io
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from brandwacht.baseline import queries
from brandwacht.baseline.models import AssessmentImport
from brandwacht.baseline.services import answer_control, workbooks
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.baseline.papers.test_workbook import edited, place
from tests.world import acting, actor, person


def test_a_workbook_goes_round_by_the_pages(
    region: Organisation, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = person(region, Role.CISO, name="Imke Smit")
    client = Client()
    client.force_login(user)

    def work(_book: Any, rows: dict[str, Any]) -> None:
        rows["8.13"][place("reason")].value = "Uit het <bestand>."
        rows["5.01"][place("reason")].value = "Botst."
        rows["7.01"][place("state")].value = "Nee"

    with django_assert_max_num_queries(15):
        content = client.get(reverse("baseline:workbook-download")).content
    file = io.BytesIO(edited(content, work))
    file.name = "ingevuld.xlsx"
    with acting(actor(user, region, timezone.now())) as me:
        answer_control(me, "5.01", state="deels", reason="Hier gegeven.")
    sent = client.post(reverse("baseline:workbooks"), {"file": file})
    with every_owner():
        row = AssessmentImport.objects.get()
    where = reverse("baseline:workbook", args=[row.public_id])
    assert (sent.status_code, sent["Location"]) == (302, where)
    assert "hx-get" in client.get(where).content.decode()
    workbooks.run("VR17", str(row.public_id), timezone.now)
    assert (
        "Bekijk de uitkomst" in client.get(reverse("baseline:workbook-progress", args=[row.public_id])).content.decode()
    )
    with django_assert_max_num_queries(15):
        page = client.get(where).content.decode()
    assert "Wijzigingen: 1. Botsingen: 1. Kan niet: 1." in page
    assert "Uit het &lt;bestand&gt;." in page
    assert "Hier het laatst beantwoord door Imke Smit" in page
    take = reverse("baseline:workbook-take", args=[row.public_id])
    refused = client.post(take, {"overslaan": "ja"})
    assert (refused.status_code, "Kies bij vraag 5.01" in refused.content.decode()) == (422, True)
    assert client.post(take, {"overslaan": "ja", "keuze-5.01": "hier"}).status_code == 302
    workbooks.run("VR17", str(row.public_id), timezone.now)
    assert "1 antwoord is overgenomen." in client.get(where).content.decode()
    assert "uit een Excel-bestand" in client.get(reverse("baseline:control", args=["8.13"])).content.decode()
    with django_assert_max_num_queries(15):
        assert "overgenomen" in client.get(reverse("baseline:workbooks")).content.decode()
    client.post(reverse("baseline:workbook-undo", args=[row.public_id]))
    assert "daarna teruggezet" in client.get(where).content.decode()
    with acting(actor(user, region, timezone.now())) as me:
        assert queries.control_row(me, "8.13").answer.reason == "De reservekopie is nooit teruggezet."  # type: ignore[union-attr]


def test_a_reader_downloads_and_is_told_who_offers(region: Organisation) -> None:
    client = Client()
    client.force_login(person(region, Role.LINE_MANAGER))
    page = client.get(reverse("baseline:workbooks")).content.decode()
    assert "Aanbieden doet de CISO" in page
    assert client.post(reverse("baseline:workbooks"), {"file": io.BytesIO(b"x")}).status_code == 403
