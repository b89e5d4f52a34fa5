"""The pages of reviews, shared measures and the yearly account: filled, with few queries, and forms that keep text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brandwacht.baseline.models import EnsiaStatement, Review, ReviewPoint
from brandwacht.baseline.services import ensia, review_scores, reviews, shared
from brandwacht.baseline.services.review_sample import Drawing
from brandwacht.baseline.services.review_scores import SecondScore
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import acting, actor, organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST_QUERIES = 15


@pytest.fixture
def review(client) -> Review:
    """A review of twenty controls with scores, points and talk; the CISO of the region is logged in."""
    now = timezone.now()
    region, neighbour = organisation("VR17"), organisation("VR15")
    ciso, reviewer = person(region, Role.CISO), person(neighbour, Role.REVIEWER, Role.CISO)
    me, them = actor(ciso, region, now), actor(reviewer, neighbour, now)
    with acting(me):
        asked = reviews.Invitation(
            "collegiaal", "Najaar", neighbour, now + timedelta(days=30), Drawing("grootste_risico", size=20)
        )
        made = reviews.invite(me, asked)
        numbers = [item.control for item in made.items.order_by("place")]
    them = actor(reviewer, neighbour, now)
    with acting(them):
        reviews.agree(them, made.public_id)
    with acting(me):
        reviews.open_dossier(me, made.public_id)
    with acting(them):
        for number in numbers[:6]:
            review_scores.judge(them, made.public_id, number, SecondScore("deels", "ja", "deels", "nee", "Gezien"))
            review_scores.add_point(them, made.public_id, number, f"Beter {number}", "midden")
            review_scores.talk(them, made.public_id, number, f"Vraag over {number}")
        offer = shared.publish(them, title="Aanbod", control="8.02", text="Zo doen wij het")
    me = actor(ciso, region, now)
    with acting(me):
        shared.adopt(me, offer.public_id, owner_name="Wij", due=me.today + timedelta(days=9))
        shared.publish(me, title="Van ons", control="5.01", text="Tekst")
        year = ensia.start(me).year
        ensia.write(me, year, "", {"realised": "Veel"})
    with acting(them):
        shared.revise(them, offer.public_id, title="Aanbod", text="Zo doen wij het nu", changed="Nu beter")
    client.force_login(ciso, backend=BACKEND)
    made.numbers, made.offer, made.year = numbers, offer, year
    return made


def text(response) -> str:
    return response.content.decode()


def test_every_page_shows_what_is_there_with_few_queries(client, review) -> None:
    root = f"/basis/toetsing/{review.public_id}"
    with every_owner():
        adoption = shared.Adoption.objects.get()
    pages = {
        "/basis/toetsing": "6 van 20",
        root: "6 van 20 vragen zijn beoordeeld",
        f"{root}/vraag/{review.numbers[0]}": f"Vraag over {review.numbers[0]}",
        f"{root}/verslag": f"Beter {review.numbers[5]}",
        f"{root}/maatregelen": f"Beter {review.numbers[5]}",
        f"{root}/oordelen.csv": "Voldoet deels",
        "/basis/gedeeld": "Van 1 maatregel is er een nieuwe versie",
        f"/basis/gedeeld/{review.offer.public_id}": "Zo doen wij het nu",
        f"/basis/overgenomen/{adoption.public_id}": "<ins>Zo doen wij het nu</ins>",
        f"/basis/maatregelen/{adoption.measure.public_id}": "Overgenomen van",
        "/basis/ensia": f"ENSIA {review.year}",
        f"/basis/ensia/{review.year}": "DigiD",
        f"/basis/ensia/{review.year}/raad": "Veel",
        f"/basis/ensia/{review.year}/aan/suwinet": "te bevestigen",
    }
    wrong = []
    client.get(f"/basis/gedeeld/{review.offer.public_id}")  # the first look at another's row is written in its chain
    for path, shown in pages.items():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path)
        if page.status_code != 200 or len(queries) > MOST_QUERIES or shown not in text(page):
            wrong.append(f"{path}: {page.status_code}, {len(queries)} queries, {shown!r} {shown in text(page)}")
    assert not wrong, "\n".join(wrong)


def test_a_form_that_is_refused_keeps_what_was_typed(client, review) -> None:
    root = f"/basis/toetsing/{review.public_id}"
    for path, data, said in (
        ("/basis/toetsing/nieuw", {"title": "Mijn naam", "kind": "collegiaal", "way": "loting"}, "Mijn naam"),
        ("/basis/toetsing/vastleggen", {"by": "Bureau Zus"}, "Bureau Zus"),
        (f"{root}/verlengen", {"ends_on": "2020-01-01", "decision": "Ziek"}, "Ziek"),
        (f"{root}/steekproef", {"way": "loting", "size": "99"}, "startgetal"),
        ("/basis/gedeeld/nieuw", {"title": "Mijn maatregel"}, "Mijn maatregel"),
        (f"/basis/ensia/{review.year}/raad", {"risks": "Risico X", "do": "vaststellen"}, "Risico X"),
        (f"{root}/vraag/{review.numbers[0]}/bericht", {"text": " "}, "Dit veld is verplicht"),
    ):
        page = client.post(path, data)
        assert page.status_code == 422, path
        assert said in text(page), path
    names = [label for _value, label in client.get("/basis/toetsing/nieuw").context["form"].fields["reviewer"].choices]
    assert names[0] == "Kies een organisatie"
    assert names[1].startswith("Veiligheidsregio ")


def test_points_are_refused_at_the_point(client, review) -> None:
    with every_owner():
        points = list(ReviewPoint.objects.all())
    due = timezone.localdate() + timedelta(days=9)
    data = {f"{p.public_id}-{name}": value for p in points[:2]
            for name, value in (("make", "on"), ("title", "Doen"), ("due", due.isoformat()))}  # fmt: skip
    data[f"{points[0].public_id}-owner_name"] = "Beheer"
    page = client.post(f"/basis/toetsing/{review.public_id}/maatregelen", data)
    assert page.status_code == 422
    assert text(page).count("Kies wie dit gaat doen, of typ een naam.") >= 1
    data[f"{points[1].public_id}-owner_name"] = "Beheer"
    assert client.post(f"/basis/toetsing/{review.public_id}/maatregelen", data).status_code == 302
    with every_owner():
        assert ReviewPoint.objects.filter(measure_ref__isnull=False).count() == 2


def test_a_statement_is_laid_down_on_the_page(client, review) -> None:
    words = {"realised": "Veel", "deviations": "Soms", "risks": "Geen", "improvements": "Logs", "do": "vaststellen"}
    page = client.post(f"/basis/ensia/{review.year}/raad", words)
    with every_owner():
        laid = EnsiaStatement.objects.get()
    calendar = ensia.queries.calendar(review.year)
    if timezone.localdate() < calendar.opens:  # from 2 May until the end of June nothing can be laid down
        assert page.status_code == 422
        return
    assert page["Location"] == f"/basis/ensia/verklaring/{laid.public_id}"
    paper = text(client.get(page["Location"]))
    assert laid.sha256 in paper
    assert "Verantwoording informatiebeveiliging" in paper


def test_who_only_reviews_comes_out_at_the_reviews(client, review) -> None:
    office = organisation("AUDIT", "ketenpartner")
    auditor = person(office, Role.REVIEWER)
    client.force_login(auditor, backend=BACKEND)
    assert client.get("/basis").status_code == 403
    with every_owner():
        region = organisation("VR17")
        ciso = actor(person(region, Role.CISO), region, timezone.now())
    with acting(ciso):
        asked = reviews.Invitation(
            "audit", "Audit", office, ciso.now + timedelta(days=9), Drawing("met_de_hand", ("5.15",))
        )
        reviews.invite(ciso, asked)
    assert client.get("/basis")["Location"] == "/basis/toetsing"
    assert "Wat u bij anderen toetst" in text(client.get("/basis/toetsing"))
