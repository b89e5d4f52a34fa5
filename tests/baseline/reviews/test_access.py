"""What a reviewer can reach: the dossier of that one review, and nothing one second after it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brandwacht.baseline.models import ControlAnswer, Evidence, Measure, Proof, Review, ReviewItem
from brandwacht.baseline.queries import reviews as queries
from brandwacht.baseline.services import make_measure, proofs, review_dossier, review_scores, reviews
from brandwacht.baseline.services.evidence import add_evidence, withdraw_evidence
from brandwacht.baseline.services.review_sample import Drawing
from brandwacht.baseline.services.review_scores import SecondScore
from brandwacht.network.errors import Denied, NotFound
from brandwacht.network.models import AuditEntry, Grant
from brandwacht.network.policy import decide, rules, visible
from brandwacht.network.roles import Role
from brandwacht.network.services import access, tokens
from brandwacht.network.tenancy import every_owner
from tests.baseline.reviews.conftest import ENDS, SECRET, Sides
from tests.world import NOW, acting, actor, person

SECOND = timedelta(seconds=1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ACTIONS = [name for name in rules() if name.startswith("baseline.")]


def agree_everywhere(me, rows) -> set[tuple[str, int]]:
    """What this actor may do to which rows; decide and visible must say the same."""
    allowed = set()
    for action in ACTIONS:
        if not action.startswith("baseline.review."):
            continue
        with every_owner():
            shown = set(Review.objects.filter(visible(me, action)).values_list("pk", flat=True))
        decided = {row.pk for row in rows if decide(me, action, row)}
        assert decided == shown, action
        allowed |= {(action, pk) for pk in decided}
    return allowed


def test_a_reviewer_reaches_that_review_and_nothing_else_of_the_basis(sides: Sides) -> None:
    review = sides.opened()
    with sides.own() as me:
        other = reviews.invite(
            me, reviews.Invitation("collegiaal", "Ander", sides.neighbour, ENDS, Drawing("met_de_hand", ("8.02",)))
        )
        reviews.close(me, other.public_id)
        make_measure(me, title=SECRET, control="5.15", owner_name="Wij", due=me.today + timedelta(days=9))
        proofs.note_proof(me, proofs.Held("audit", me.today, "Bureau", SECRET, "voldoet", document="Zaak"))
    with every_owner():
        rows = list(Review.objects.all())
        basis = [*ControlAnswer.objects.all(), *Measure.objects.all(), *Proof.objects.all()]
    with sides.other() as them:
        assert {pk for _action, pk in agree_everywhere(them, rows)} == {review.pk}
        assert list(queries.reviews(them)) == [review]
        for action in ACTIONS:
            if not action.startswith("baseline.review."):
                assert not any(decide(them, action, row) for row in basis), action
        for model in (ControlAnswer, Evidence, Measure, Proof):
            assert not model.objects.exists()  # the outer lock: not even a query that forgets the policy finds them
        with pytest.raises(NotFound):
            queries.review(them, other.public_id)
        with pytest.raises(Denied):
            queries.proofs(them, sides.region.pk)


def door(sides: Sides, **facts: datetime) -> tuple[Review, Grant]:
    """A review that runs, with the reviewers' grant on it."""
    ends_at = facts.get("ends_at", ENDS)
    review = Review(
        organisation=sides.region, kind="collegiaal", title="t", reviewer=sides.neighbour, state="loopt",
        way="met_de_hand", invited_at=NOW, invited_by="t", ends_at=ends_at,
    )  # fmt: skip
    grant = Grant(
        organisation=sides.region, kind="toetsing", grantee=sides.neighbour, may=["zien", "handelen"], purpose="t",
        starts_at=NOW - timedelta(days=90), thing=review.public_id, given_by="t", **{"ends_at": ends_at} | facts,
    )  # fmt: skip
    with every_owner():
        review.save()
        grant.save()
        ReviewItem(organisation=sides.region, review=review, place=0, control="5.15").save()
    return review, grant


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.integers(-40 * 86_400, 40 * 86_400) | st.integers(-2, 2), early=st.booleans())
def test_access_lasts_until_the_end_and_not_a_second_longer(sides: Sides, seconds: int, early: bool) -> None:
    end = NOW + timedelta(days=5) if early else ENDS
    review, grant = door(sides, **({"ended_at": end} if early else {}))
    moment = end + timedelta(seconds=seconds)
    people = [actor(sides.reviewer, sides.neighbour, moment)]
    if not early:  # one that was made while it ran, and lives on
        people.append(actor(sides.reviewer, sides.neighbour, NOW).at(moment))
    for me in people:
        seen = {pk for action, pk in agree_everywhere(me, [review]) if action == queries.REVIEW_SEE}
        assert (review.pk in seen) is (moment < end)
        with acting(me):
            assert Review.objects.exists() is (moment < end)
            assert ReviewItem.objects.exists() is (moment < end)
    with every_owner():
        grant.delete()
        review.delete()


def test_no_page_no_operation_and_no_download_a_second_after_the_end(
    sides: Sides, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sides.own() as me:
        add_evidence(me, "5.15", title="Lijst", content=b"naam;sinds\n", filename="lijst.csv")
    review = sides.opened()
    with sides.other() as them:
        piece = queries.evidence(review, queries.item(review, "5.15"))[-1]
        point = review_scores.add_point(them, review.public_id, "5.15", "Punt", "hoog")
        _row, token = tokens.make(them, sides.reviewer, "t", NOW + timedelta(days=300))
    root = f"/basis/toetsing/{review.public_id}"
    pages = [root, f"{root}/verslag", f"{root}/oordelen.csv", f"{root}/vraag/5.15", f"{root}/oordeel",
             f"{root}/bewijs/{piece.public_id}"]  # fmt: skip
    posts = [f"{root}/vraag/5.15", f"{root}/vraag/5.15/punt", f"{root}/vraag/5.15/bericht", f"{root}/oordeel",
             f"{root}/antwoord", f"{root}/punt/{point.public_id}/weg"]  # fmt: skip
    operations = [f"/api/v1/reviews/{review.public_id}", "/api/v1/reviews"]
    bearer = {"authorization": f"Bearer {token}"}

    def got(now: datetime) -> tuple[list[int], list[int]]:
        monkeypatch.setattr(timezone, "now", lambda: now)
        client.force_login(sides.reviewer, backend=BACKEND)
        return (
            [client.get(path).status_code for path in pages],
            [Client().get(path, headers=bearer).status_code for path in operations],
        )

    assert got(ENDS - SECOND) == ([200] * 6, [200, 200])
    assert Client().get("/api/v1/reviews", headers=bearer).json()["items"][0]["title"] == "Najaar"
    shut, closed = got(ENDS + SECOND)
    assert set(shut) <= {403, 404}
    assert closed == [404, 200]
    assert Client().get("/api/v1/reviews", headers=bearer).json()["items"] == []
    assert {client.post(path, {"text": "Dag", "answer": "akkoord"}).status_code for path in posts} <= {403, 404}
    score = Client().post(
        f"/api/v1/reviews/{review.public_id}/scores", {"control": "5.15", "state": "voldoet"}, "application/json",
        headers=bearer,
    )  # fmt: skip
    assert score.status_code == 404
    with every_owner():
        assert queries.item(review, "5.15").second_state == ""


def test_prolonging_opens_it_again_by_the_regions_own_decision(sides: Sides) -> None:
    review = sides.opened()
    later = ENDS + timedelta(days=10)
    with sides.own(ENDS + SECOND) as me:
        reviews.prolong(me, review.public_id, later, "Ziekte van een toetser")
    with sides.other(ENDS + 2 * SECOND) as them:
        review_scores.judge(them, review.public_id, "5.15", SecondScore("voldoet"))
    with sides.other(later) as them, pytest.raises(NotFound):
        queries.review(them, review.public_id)
    with sides.own(ENDS + SECOND) as me:
        again = reviews.prolong(me, review.public_id, later + timedelta(days=1), "Nog een dag")
        assert again.ends_at == later + timedelta(days=1)
        with every_owner():
            assert Grant.objects.filter(thing=review.public_id, ended_at__isnull=True, ends_at__gt=me.now).count() == 1
    with sides.other(later) as them:
        assert queries.review(them, review.public_id)


def test_ending_the_grant_at_beheer_ends_the_access(sides: Sides) -> None:
    review = sides.opened()
    with sides.own() as me:
        access.end(me, Grant.objects.get(thing=review.public_id).public_id)
    with sides.other() as them, pytest.raises(NotFound):
        queries.review(them, review.public_id)


def test_a_document_is_given_as_long_as_it_is_the_one_that_was_laid(sides: Sides) -> None:
    with sides.own() as me:
        evidence = add_evidence(me, "5.15", title="Lijst", content=b"naam;sinds\n", filename="lijst.csv")
        outside = add_evidence(me, "8.02", title=SECRET, content=SECRET.encode(), filename="geheim.txt")
    review = sides.opened()
    with sides.other() as them:
        said, piece = queries.evidence(review, queries.item(review, "5.15"))
        row, content = review_dossier.open_document(them, review.public_id, piece.public_id)
        assert (row.filename, content) == ("lijst.csv", b"naam;sinds\n")
        for other in (said.public_id, evidence.public_id, outside.public_id):
            with pytest.raises(NotFound):
                review_dossier.open_document(them, review.public_id, other)
    with every_owner():
        taken = AuditEntry.objects.get(organisation=sides.region, action="baseline.review.document")
        assert (taken.actor_organisation, taken.detail["document"]) == ("VR15", "lijst.csv")
    with sides.own() as me:
        withdraw_evidence(me, evidence.public_id, "Verouderd")
    with sides.other() as them, pytest.raises(NotFound):
        review_dossier.open_document(them, review.public_id, piece.public_id)


def test_a_colleague_of_the_reviewer_without_the_role_sees_nothing(sides: Sides) -> None:
    review = sides.opened()
    for role in (Role.CRISIS_ADVISER, Role.BOARD, Role.SOC_ANALYST):
        with acting(actor(person(sides.neighbour, role), sides.neighbour)) as other, pytest.raises(NotFound):
            queries.review(other, review.public_id)
