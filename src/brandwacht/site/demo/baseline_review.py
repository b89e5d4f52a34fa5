"""The demo's peer review, shared measure and yearly account: all plainly marked as fictitious."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.baseline.models import DrawWay, Outcome, ProofKind, ReviewKind, Weight
from brandwacht.baseline.services import ensia, proofs, review_scores, reviews, shared
from brandwacht.baseline.services.review_sample import Drawing
from brandwacht.baseline.services.review_scores import SecondScore
from brandwacht.site.demo.baseline import CISOS, MARK
from brandwacht.site.demo.stage import REGION, Stage

REVIEWER, TOWN = "VR15", "GM0599"
SAMPLE = ("5.15", "8.08", "8.13", "8.15")
TEXT = (
    "Wie systemen beheert, heeft daarvoor een eigen account naast het gewone account.\n"
    "Met het beheeraccount wordt niet gemaild en niet gesurft.\n"
    "De CISO kijkt elk kwartaal na wie een beheeraccount heeft en trekt in wat niet meer nodig is."
)


def fill(stage: Stage) -> Iterator[str]:
    """A review that runs, an older one as proof, a measure that was adopted and renewed, and a year that was begun."""
    yield _review(stage)
    yield _share(stage)
    with stage.as_system(TOWN) as town:
        year = ensia.start(town)
        ensia.write(town, year.year, "", {"realised": "Alle medewerkers volgden de training." + MARK})
    yield f"ENSIA {year.year}: begonnen bij {TOWN}."


def _review(stage: Stage) -> str:
    begun = stage.now - timedelta(days=12)
    with stage.as_person(CISOS[REGION], REGION, begun) as me:
        held = proofs.Held(
            ProofKind.PEER, me.today - timedelta(days=700), "Veiligheidsregio Zeeland" + MARK,
            "BIO, steekproef van 20 maatregelen" + MARK, Outcome.WITH_REMARKS, document="Zaak 2024-117" + MARK,
        )  # fmt: skip
        proofs.note_proof(me, held)
        asked = reviews.Invitation(
            ReviewKind.PEER, "Collegiale toetsing toegang en logging" + MARK, stage.organisation(REVIEWER),
            begun + timedelta(days=42), Drawing(DrawWay.BY_HAND, SAMPLE),
            "Let vooral op de werking: gebeurt het ook als er niemand kijkt?" + MARK,
        )  # fmt: skip
        review = reviews.invite(me, asked).public_id
    with stage.as_person(CISOS[REVIEWER], REVIEWER, begun + timedelta(days=1)) as them:
        reviews.agree(them, review)
    with stage.as_person(CISOS[REGION], REGION, begun + timedelta(days=2)) as me:
        reviews.open_dossier(me, review)
    with stage.as_person(CISOS[REVIEWER], REVIEWER, begun + timedelta(days=5)) as them:
        why = "Twee leveranciers hebben nog een gedeeld account." + MARK
        review_scores.judge(them, review, "5.15", SecondScore("deels", "ja", "ja", "deels", why))
        review_scores.judge(
            them, review, "8.13", SecondScore("deels", "ja", "ja", "nee", "Terugzetten is niet geoefend." + MARK)
        )
        review_scores.add_point(
            them, review, "8.13", "Oefen het terugzetten van een back-up" + MARK, Weight.HIGH,
            "Begin met de meldkamer; die kan het kortst zonder." + MARK,
        )  # fmt: skip
        review_scores.talk(them, review, "5.15", "Welke leveranciers delen een account?" + MARK)
    with stage.as_person(CISOS[REGION], REGION, begun + timedelta(days=6)) as me:
        review_scores.talk(me, review, "5.15", "Twee, en voor één is een eigen account aangevraagd." + MARK)
    return f"Toetsing: {REVIEWER} toetst {REGION}, 2 van {len(SAMPLE)} vragen beoordeeld."


def _share(stage: Stage) -> str:
    title = "Aparte accounts voor beheer" + MARK
    with stage.as_person(CISOS[REVIEWER], REVIEWER, stage.now - timedelta(days=60)) as them:
        measure = shared.publish(them, title=title, control="8.02", text=TEXT)
    with stage.as_person(CISOS[REGION], REGION, stage.now - timedelta(days=40)) as me:
        shared.adopt(
            me, measure.public_id, owner_name="Team beheer" + MARK, due=(me.today + timedelta(days=90)), named=True
        )
    with stage.as_person(CISOS[REVIEWER], REVIEWER, stage.now - timedelta(days=3)) as them:
        more = TEXT + "\nVoor leveranciers geldt hetzelfde: hun accounts staan uit tot zij nodig zijn."
        shared.revise(
            them, measure.public_id, title=title, text=more, changed="Leveranciers staan er nu ook in." + MARK
        )
    return f"Gedeelde maatregelen: 1 van {REVIEWER}, overgenomen door {REGION}, met een nieuwe versie."
