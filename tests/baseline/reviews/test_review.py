"""A review from invitation to closed access, what each side may do in it, and what is left of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from brandwacht.baseline.models import (
    DrawWay,
    Measure,
    Outcome,
    Proof,
    ReviewEvidence,
    ReviewKind,
    ReviewPoint,
    ReviewState,
)
from brandwacht.baseline.queries import reviews as queries
from brandwacht.baseline.services import answer_control, proofs, review_scores, reviews
from brandwacht.baseline.services.review_actions import REVIEWS_OVER
from brandwacht.baseline.services.review_sample import Drawing
from brandwacht.baseline.services.review_scores import SecondScore, Taken
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, AuditEntry, Grant
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.baseline.reviews.conftest import ENDS, SAMPLE, SECRET, Sides
from tests.world import NOW, acting, actor, organisation, person

DAY = timedelta(days=1)


def open_titles(at, now=NOW):
    with every_owner():
        return set(Action.objects.filter(organisation=at, state="open", key__startswith="toetsing:").values_list(
            "title", flat=True))  # fmt: skip


def score_all(sides: Sides, review, at=NOW + DAY) -> None:
    with sides.other(at) as them:
        for number in SAMPLE:
            review_scores.judge(
                them, review.public_id, number, SecondScore("deels", "ja", "deels", "nee", "Gezien in het systeem")
            )


def test_a_review_from_invitation_to_proof(sides: Sides) -> None:
    review = sides.invited()
    assert review.state == ReviewState.INVITED
    assert open_titles(sides.neighbour) == {"Veiligheidsregio Testregio VR17 vraagt u om te toetsen"}
    with sides.other() as them:
        seen = queries.review(them, review.public_id)
        assert [row.control for row in queries.items(seen)] == list(SAMPLE)
        assert {(row.first_reason, row.laid_at) for row in queries.items(seen)} == {("", None)}
        assert queries.evidence(seen, *queries.items(seen)) == []
        reviews.agree(them, review.public_id)
    assert open_titles(sides.region) == {"Open het dossier van “Najaar”"}
    with sides.own() as me:
        reviews.open_dossier(me, review.public_id)
    assert open_titles(sides.neighbour) == {"Beoordeel 3 vragen van “Najaar”"}
    with sides.other() as them:
        seen = queries.review(them, review.public_id)
        first = {row.control: row for row in queries.items(seen)}
        assert (first["5.15"].first_state, first["5.15"].first_reason) == ("voldoet", "Zie beleid")
        assert [each.where for each in queries.evidence(seen, first["5.15"])] == ["Zaak 12"]
        assert first["8.15"].first_state == "onbeantwoord"
        with pytest.raises(Refused, match="8.13, 8.15"):
            review_scores.judge(them, review.public_id, "5.15", SecondScore("voldoet"))
            reviews.conclude(them, review.public_id, Outcome.MET, "Goed")
    score_all(sides, review)
    with sides.other(NOW + DAY) as them:
        point = review_scores.add_point(them, review.public_id, "8.13", "Test het terugzetten", "hoog", "Nooit gedaan")
        review_scores.talk(them, review.public_id, "5.15", "Waar staat de lijst?")
    with sides.own(NOW + DAY) as me:
        review_scores.talk(me, review.public_id, "5.15", "In zaak 13.")
        assert [row.differs for row in queries.items(review)] == [True, False, True]
        assert [r.by_organisation for r in queries.remarks(review, *queries.items(review))] == [
            "Veiligheidsregio Testregio VR15", "Veiligheidsregio Testregio VR17",
        ]  # fmt: skip
    with sides.other(NOW + 2 * DAY) as them:
        reviews.conclude(them, review.public_id, Outcome.WITH_REMARKS, "Op één punt na in orde.")
        with pytest.raises(Denied):
            review_scores.judge(them, review.public_id, "5.15", SecondScore("voldoet"))
    assert open_titles(sides.region) == {"Sluit “Najaar” af: de toetsers gaven hun oordeel"}
    with sides.own(NOW + 3 * DAY) as me:
        made = review_scores.take_points(
            me, review.public_id, [Taken(point.public_id, "Zet elk kwartaal terug", "Beheer", date(2027, 2, 1))]
        )
        reviews.close(me, review.public_id, "Eens.")
        assert [m.control for m in made] == ["8.13"]
        assert ReviewPoint.objects.get().measure_ref == made[0].public_id
        assert queries.proofs(me, sides.region.pk) == [
            queries.ProofFact(
                "collegiaal", date(2026, 11, 24), "Najaar: steekproef van 3 vragen van de BIO2",
                "Veiligheidsregio Testregio VR15", Outcome.WITH_REMARKS, "Voldoet, met punten die beter moeten", None,
                True,
            )
        ]  # fmt: skip
    assert open_titles(sides.region) == set()
    with sides.other(NOW + 3 * DAY) as them:
        assert list(queries.by_us(them)) == []
        with pytest.raises(NotFound):
            queries.review(them, review.public_id)


def test_what_the_reviewers_do_stands_in_the_chain_of_the_region(sides: Sides) -> None:
    review = sides.opened()
    score_all(sides, review)
    with every_owner():
        written = AuditEntry.objects.filter(organisation=sides.region, actor_organisation="VR15")
        assert set(written.values_list("action", flat=True)) == {"baseline.review.reply", "baseline.review.judge"}


def test_only_the_reviewers_judge_and_only_the_region_leads(sides: Sides) -> None:
    review = sides.opened()
    with sides.own() as me:
        for attempt in (
            lambda: review_scores.judge(me, review.public_id, "5.15", SecondScore("voldoet")),
            lambda: review_scores.add_point(me, review.public_id, "5.15", "Punt", "hoog"),
            lambda: reviews.conclude(me, review.public_id, Outcome.MET, "Prima"),
            lambda: reviews.agree(me, review.public_id),
        ):
            with pytest.raises(Denied):
                attempt()
    with sides.other() as them:
        for attempt in (
            lambda: reviews.close(them, review.public_id),
            lambda: reviews.prolong(them, review.public_id, ENDS + DAY, "Meer tijd"),
            lambda: reviews.change_sample(them, review.public_id, Drawing(DrawWay.BY_HAND, ("8.02",))),
            lambda: reviews.renew_dossier(them, review.public_id, "5.15"),
            lambda: review_scores.take_points(them, review.public_id, []),
        ):
            with pytest.raises(Denied):
                attempt()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "anders"}, "kind"),
        ({"title": " "}, "title"),
        ({"ends_at": NOW}, "ends_on"),
        ({"ends_at": NOW + timedelta(days=500)}, "ends_on"),
        ({"person": "niemand@test.example"}, "person"),
        ({"numbers": ()}, "numbers"),
        ({"numbers": ("9.99",)}, "numbers"),
        ({"drawing": Drawing("raden")}, "way"),
        ({"drawing": Drawing(DrawWay.RANDOM, size=3)}, "seed"),
        ({"drawing": Drawing(DrawWay.RANDOM, size=94, seed=1)}, "size"),
        ({"drawing": Drawing(DrawWay.RANDOM, size=3, seed=-1)}, "seed"),
        ({"drawing": Drawing(DrawWay.BELOW)}, "size"),
    ],
)
def test_an_invitation_that_does_not_fit_is_refused_on_its_field(sides: Sides, given, field) -> None:
    with pytest.raises(Refused) as refused:
        sides.invited(**given)
    assert refused.value.field == field
    with every_owner():
        assert not Grant.objects.exists()
        assert not Action.objects.filter(organisation=sides.neighbour).exists()


def test_a_drawn_sample_can_be_repeated(sides: Sides) -> None:
    low = sides.invited(title="Laag", drawing=Drawing(DrawWay.BELOW, size=60))
    lot = sides.invited(title="Lot", drawing=Drawing(DrawWay.RANDOM, size=5, seed=20261122))
    again = sides.invited(title="Weer", drawing=Drawing(DrawWay.RANDOM, size=5, seed=20261122))
    risk = sides.invited(title="Risico", drawing=Drawing(DrawWay.RISKIEST, size=10))
    with sides.own() as me:
        numbers = {r.title: [i.control for i in queries.items(r)] for r in (low, lot, again, risk)}
        assert len(numbers["Laag"]) == 91
        assert not {"5.15", "8.02"} & set(numbers["Laag"])
        assert numbers["Lot"] == numbers["Weer"]
        assert len(numbers["Lot"]) == 5
        assert len(numbers["Risico"]) == 10
        assert (lot.way_size, lot.way_seed, low.way_seed) == (5, 20261122, None)
        assert me.has(Role.CISO)


def test_one_person_only(sides: Sides) -> None:
    colleague = person(sides.neighbour, Role.CISO)
    review = sides.invited(person=sides.reviewer.email.upper())
    assert review.reviewer_name == "Tess"
    with sides.other() as them:
        assert queries.review(them, review.public_id)
    with acting(actor(colleague, sides.neighbour)) as other:
        with pytest.raises(NotFound):
            queries.review(other, review.public_id)
    with every_owner():
        assert Action.objects.get(organisation=sides.neighbour).owner == sides.reviewer


def test_an_auditor_is_an_organisation_outside_the_regions(sides: Sides) -> None:
    office = organisation("AUDIT", "ketenpartner")
    auditor = person(office, Role.REVIEWER, name="Ada")
    review = sides.invited(kind=ReviewKind.AUDIT, reviewer=office)
    with acting(actor(auditor, office)) as them:
        reviews.agree(them, review.public_id)
    with sides.own() as me:
        reviews.open_dossier(me, review.public_id)
    with acting(actor(auditor, office)) as them:
        for number in SAMPLE:
            review_scores.judge(them, review.public_id, number, SecondScore("voldoet", reason="Gezien"))
        reviews.conclude(them, review.public_id, Outcome.MET, "In orde.")
    with sides.own() as me:
        reviews.close(me, review.public_id)
        assert [(p.kind, p.here) for p in queries.proofs(me, sides.region.pk)] == [("audit", True)]


def test_another_sample_is_agreed_anew(sides: Sides) -> None:
    review = sides.invited()
    with sides.other() as them:
        with pytest.raises(Refused) as refused:
            reviews.ask_other(them, review.public_id, " ")
        assert refused.value.field == "text"
        reviews.ask_other(them, review.public_id, "Graag ook 8.08")
    assert open_titles(sides.region) == {"De toetsers van “Najaar” willen een andere steekproef"}
    with sides.own() as me:
        with pytest.raises(Refused, match="akkoord"):
            reviews.open_dossier(me, review.public_id)
        reviews.change_sample(me, review.public_id, Drawing(DrawWay.BY_HAND, (*SAMPLE, "8.08")))
    with sides.other() as them:
        reviews.agree(them, review.public_id)
    with sides.own() as me:
        reviews.change_sample(me, review.public_id, Drawing(DrawWay.BY_HAND, ("5.15",)))
        assert queries.review(me, review.public_id).state == ReviewState.INVITED


def test_while_the_dossier_is_open_controls_are_only_added(sides: Sides) -> None:
    review = sides.opened()
    with sides.own() as me:
        with pytest.raises(Refused, match="alleen vragen toevoegen"):
            reviews.change_sample(me, review.public_id, Drawing(DrawWay.BY_HAND, ("5.15",)))
        reviews.change_sample(me, review.public_id, Drawing(DrawWay.BY_HAND, ("8.02",)))
        assert [row.control for row in queries.items(review)] == [*SAMPLE, "8.02"]
        assert queries.item(review, "8.02").first_reason == SECRET


def test_the_dossier_stays_as_it_was_until_the_region_renews_it(sides: Sides) -> None:
    review = sides.opened()
    with sides.own(NOW + DAY) as me:
        answer_control(me, "5.15", state="voldoet_niet", reason="Toch niet")
        assert queries.changed_since(me, review) == {"5.15"}
    with sides.other(NOW + DAY) as them:
        assert queries.item(queries.review(them, review.public_id), "5.15").first_state == "voldoet"
        assert queries.changed_since(them, review) == frozenset()
    with sides.own(NOW + 2 * DAY) as me:
        reviews.renew_dossier(me, review.public_id, "5.15")
        assert queries.item(review, "5.15").first_state == "voldoet_niet"
        assert queries.changed_since(me, review) == frozenset()
        assert not ReviewEvidence.objects.exists()


def test_declining_ends_the_access(sides: Sides) -> None:
    review = sides.invited()
    with sides.other() as them:
        reviews.decline(them, review.public_id, "Geen tijd")
    with sides.other() as them:
        assert not queries.reviews(them).exists()
    assert open_titles(sides.region) == {"“Najaar” is afgewezen: vraag iemand anders"}


def test_stopping_early_leaves_no_proof(sides: Sides) -> None:
    review = sides.opened()
    with sides.own(NOW + DAY) as me:
        assert reviews.close(me, review.public_id).state == ReviewState.CLOSED
        assert not Proof.objects.exists()
        with pytest.raises(Denied):
            reviews.close(me, review.public_id)
    withdrawn = sides.invited(title="Nog een")
    with sides.own() as me:
        assert reviews.close(me, withdrawn.public_id).state == ReviewState.WITHDRAWN


def test_points_become_measures_all_or_none(sides: Sides) -> None:
    review = sides.opened()
    with sides.other() as them:
        first, second = (
            review_scores.add_point(them, review.public_id, "8.13", title, "midden") for title in ("Een", "Twee")
        )
        third = review_scores.add_point(them, review.public_id, "8.13", "Drie", "laag")
        review_scores.drop_point(them, review.public_id, third.public_id)
    good = Taken(first.public_id, "Een", "Beheer", date(2027, 1, 1))
    with sides.own() as me:
        with pytest.raises(Refused) as refused:
            review_scores.take_points(me, review.public_id, [good, Taken(second.public_id, "Twee", "", None)])
        assert refused.value.field == f"{second.public_id}:owner"
        assert not Measure.objects.exists()
        review_scores.take_points(me, review.public_id, [good])
        with pytest.raises(Refused, match="al een maatregel"):
            review_scores.take_points(me, review.public_id, [good])
        assert Measure.objects.get().description.startswith("Uit “Najaar” door Veiligheidsregio Testregio VR15.")


def test_the_daily_job_says_that_the_time_is_over(sides: Sides) -> None:
    sides.opened()
    assert REVIEWS_OVER.run(ENDS - DAY) == "0 toetsingen zijn over tijd"
    assert REVIEWS_OVER.run(ENDS) == "1 toetsing is over tijd"
    assert open_titles(sides.region) == {"De tijd van “Najaar” is om"}


def test_what_was_held_elsewhere_is_the_own_statement(sides: Sides) -> None:
    with sides.own() as me:
        held = {"kind": "certificaat", "held_on": date(2026, 3, 1), "by": "Keurmeester", "scope": "Meldkamer",
                "outcome": "voldoet", "document": "Zaak 9"}  # fmt: skip
        for name, value in (("held_on", date(2027, 1, 1)), ("by", ""), ("document", " "), ("kind", "x"),
                            ("valid_to", date(2026, 2, 1)), ("outcome", "x")):  # fmt: skip
            with pytest.raises(Refused) as refused:
                proofs.note_proof(me, proofs.Held(**held | {name: value}))
            assert refused.value.field == name
        proofs.note_proof(me, proofs.Held(**held))
        assert [(p.kind, p.here, p.scope) for p in queries.proofs(me, sides.region.pk)] == [
            ("certificaat", False, "Meldkamer")
        ]
    with sides.other() as them:
        with pytest.raises(Denied):
            queries.proofs(them, sides.region.pk)
