"""The pages of frameworks: one answer seen through all of them, the step to a newer version, and the exchange."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from brandwacht.baseline.models import AnswerImport, ControlAnswer, NormText, OwnGrouping
from brandwacht.baseline.queries import frameworks
from brandwacht.baseline.services import answer_control
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.oscal import KINDS
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.baseline.frameworks.scenes import answered, earlier, results_of
from tests.world import NOW, acting_system, organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def region():
    return organisation("VR17")


@pytest.fixture
def ciso(client, region):
    client.force_login(person(region, Role.CISO), backend=BACKEND)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_chooser_shows_every_framework_from_the_same_answers(ciso, region, django_assert_max_num_queries):
    answered(region)
    with django_assert_max_num_queries(15):
        page = text_of(ciso.get(reverse("baseline:frameworks")))
    for key in frameworks.VIEWS:
        assert reverse("baseline:through", args=[key]) in page
    assert "93 van 93" in page


@pytest.mark.parametrize("key", frameworks.VIEWS)
def test_every_cell_leads_to_the_question_that_is_answered(key, ciso, region, django_assert_max_num_queries):
    answered(region)
    with django_assert_max_num_queries(15):
        page = text_of(ciso.get(reverse("baseline:through", args=[key])))
    with acting_system(region) as me:
        found = frameworks.through(me, key)
    assert {number for row in found.seen for number in row.sources} <= {
        control.number for control in load_framework("bio2-1.3").controls
    }
    for row in found.seen:
        assert row.sources
        for number in row.sources:
            assert f'href="{reverse("baseline:control", args=[number])}"' in page
    table = ciso.get(reverse("baseline:through-csv", args=[key])).content.decode("utf-8-sig")
    assert len(table.splitlines()) == len(found.seen) + 1


def test_a_filter_narrows_and_an_unknown_framework_is_not_there(ciso, region):
    answered(region)
    page = text_of(ciso.get(reverse("baseline:through", args=["bio-1.04"]), {"q": "9.4.2"}))
    assert "1 van 112" in page
    assert "Geen vragen gevonden" in text_of(ciso.get(reverse("baseline:through", args=["cbw"]), {"q": "xyz"}))
    assert ciso.get(reverse("baseline:through", args=["bio2-1.3"])).status_code == 404
    assert ciso.get(reverse("baseline:passage", args=["cbw"])).status_code == 404


def test_the_self_assessment_says_whose_division_it_is(ciso, region):
    page = text_of(ciso.get(reverse("baseline:through", args=["bio-zelf"])))
    assert "110 vragen in 16 categorieën" in page
    assert "5.1.1 + 5.1.2 en 16.1.2 + 16.1.3" in page


def test_own_division_comes_from_a_table_and_goes_again(ciso, region):
    table = "Categorie;Nummer\r\nBeleid;5.1.1 + 5.1.2\r\nBeleid;6.1.1\r\nToegang;A.9.1.1\r\n"
    answer = ciso.post(
        reverse("baseline:texts"), {"doe": "indeling", "indeling-file": SimpleUploadedFile("cip.csv", table.encode())}
    )
    assert answer.status_code == 302
    page = text_of(ciso.get(reverse("baseline:through", args=["bio-zelf"])))
    assert "cip.csv" in page
    assert "0 van 2" in page
    assert ciso.post(reverse("baseline:grouping-remove")).status_code == 302
    assert "110 vragen" in text_of(ciso.get(reverse("baseline:through", args=["bio-zelf"])))
    assert ciso.post(reverse("baseline:grouping-remove")).status_code == 404


def test_a_wrong_division_names_its_rows_and_changes_nothing(ciso, region):
    table = "Categorie;Nummer\r\nBeleid;5.1.9\r\n;6.1.1\r\nBeleid;6.1.1\r\n"
    answer = ciso.post(
        reverse("baseline:texts"), {"doe": "indeling", "indeling-file": SimpleUploadedFile("cip.csv", table.encode())}
    )
    assert answer.status_code == 422
    page = text_of(answer)
    assert "rij 2: BIO 1.04 heeft geen maatregel 5.1.9" in page
    assert "rij 3: de categorie ontbreekt" in page
    assert "rij 4: maatregel 6.1.1 staat ook al bij rij 3" in page
    with every_owner():
        assert not OwnGrouping.objects.exists()


def test_the_text_of_the_norm_stands_folded_beside_the_question(ciso, region):
    table = "number,control,text_nl\r\n5.01.01,5.01,Een eerste regel.\r\n5.01.02,5.01,\r\n"
    file = SimpleUploadedFile("eigen.csv", table.encode())
    refused = ciso.post(reverse("baseline:texts"), {"doe": "tekst", "tekst-file": file})
    assert refused.status_code == 422
    file = SimpleUploadedFile("eigen.csv", table.encode())
    done = ciso.post(reverse("baseline:texts"), {"doe": "tekst", "tekst-file": file, "tekst-allowed": "on"})
    assert done.status_code == 302
    page = text_of(ciso.get(reverse("baseline:control", args=["5.01"])))
    assert "Tekst van de norm" in page
    assert "Een eerste regel." in page
    assert "eigen.csv" in page
    assert "Een eerste regel." not in text_of(ciso.get(reverse("baseline:control", args=["5.02"])))
    assert ciso.post(reverse("baseline:texts-remove", args=["bio2-1.3"])).status_code == 302
    with every_owner():
        assert not NormText.objects.exists()


def test_taking_over_asks_once_and_keeps_days_names_and_present_answers(ciso, region):
    earlier(region)
    with acting_system(region) as me:
        answer_control(me, "5.03", state="voldoet_niet")
    page = text_of(ciso.get(reverse("baseline:passage", args=["bio2-1.2"])))
    assert "Erbij: 5.24.08" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert ciso.post(reverse("baseline:passage", args=["bio2-1.2"]), {"seen": seen}).status_code == 302
    with every_owner():
        rows = {row.control: row for row in ControlAnswer.objects.filter(framework="bio2-1.3")}
    assert rows["5.03"].state == "voldoet_niet"
    assert rows["5.05"].answered_at == NOW - timedelta(days=400)
    assert rows["5.05"].answered_by == "Vroeger"
    assert "Overgenomen uit BIO2 1.2: 5.05." in rows["5.05"].reason
    assert "5.24" not in rows
    again = text_of(ciso.post(reverse("baseline:passage", args=["bio2-1.2"]), {"seen": seen}, follow=True))
    assert "intussen gewijzigd" in again
    assert "Er is niets meer om over te nemen" in again


def test_an_offered_file_changes_nothing_until_it_is_chosen(ciso, region):
    answered(region, "5.01")
    content = results_of(region, "5.01", "5.03", state="deels")
    offered = ciso.post(reverse("baseline:exchange"), {"file": SimpleUploadedFile("van-elders.json", content)})
    assert offered.status_code == 302
    page = text_of(ciso.get(offered["Location"]))
    assert "1 antwoord is anders dan het uwe" in page
    assert "1 vraag heeft nu nog geen antwoord" in page
    with every_owner():
        row = AnswerImport.objects.get()
        assert ControlAnswer.objects.count() == 1
    seen = page.split('name="seen" value="')[1].split('"')[0]
    done = ciso.post(reverse("baseline:import-apply", args=[row.public_id]), {"seen": seen, "vraag": ["5.03"]})
    assert done.status_code == 302
    with every_owner():
        states = dict(ControlAnswer.objects.values_list("control", "state"))
    assert states == {"5.01": "voldoet", "5.03": "deels"}
    assert "al verwerkt" in text_of(
        ciso.post(reverse("baseline:import-apply", args=[row.public_id]), {"vraag": ["5.01"]}, follow=True)
    )


def test_a_bad_file_is_refused_with_its_place(ciso, region):
    file = SimpleUploadedFile("x.json", b'{"assessment-results": {"metadata": {}, "results": [{"findings": [3]}]}}')
    answer = ciso.post(reverse("baseline:exchange"), {"file": file})
    assert answer.status_code == 422
    assert "/assessment-results/results/0/findings/0: hier horen velden met een naam te staan." in text_of(answer)


@pytest.mark.parametrize("kind", ["toepasselijkheid", "uitkomsten", "verbeterplan", "catalogus"])
def test_every_document_can_be_downloaded(kind, ciso, region):
    answered(region, "5.01")
    answer = ciso.get(reverse("baseline:export-oscal", args=[kind]))
    assert answer["Content-Type"] == "application/json"
    assert KINDS[("catalogus", "toepasselijkheid", "uitkomsten", "verbeterplan").index(kind)] in answer.json()
    assert ciso.get(reverse("baseline:export-oscal", args=[kind]), {"kader": "xyz"}).status_code == 404


def test_a_board_member_sees_the_views_and_loads_nothing(client, region):
    client.force_login(person(region, Role.BOARD), backend=BACKEND)
    assert client.get(reverse("baseline:through", args=["bio-zelf"])).status_code == 200
    assert client.get(reverse("baseline:exchange")).status_code == 403
    assert client.get(reverse("baseline:texts")).status_code == 403
    assert client.post(reverse("baseline:passage", args=["bio2-1.2"])).status_code == 403
