"""What the own data already says of a progress report, so that nobody types it twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.baseline.models import Outcome, Proof, ProofKind, RhythmDone
from brandwacht.baseline.queries.answers import SEE
from brandwacht.baseline.queries.rhythms import last_done
from brandwacht.engines.norms.progress import DataSet
from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that follows from the own data, and in Dutch where it stands."""

    day: date
    source: str


def known(actor: Actor, dataset: DataSet) -> dict[str, Known]:
    """By question of the data set what the actor's own organisation laid down already. Two queries.

    Proof with the outcome that the norm is not met shows nothing, and counts for nothing here.
    """
    tasks = last_done(actor)
    proofs = list(
        Proof.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id)
        .exclude(outcome=Outcome.NOT_MET)
        .order_by("held_on", "pk")
    )
    found = {}
    for question in dataset.questions:
        where, _space, what = question.known.partition(" ")
        match where:
            case "ritme":
                said = _task(tasks.get(what))
            case "bewijs":
                said = _proof(proofs, what)
            case "geldig":
                said = _certificate(proofs)
            case _:
                said = None
        if said is not None:
            found[question.key] = said
    return found


def _task(done: RhythmDone | None) -> Known | None:
    return Known(done.done_on, _("vaste taak %(number)s") % {"number": done.number}) if done else None


def _proof(proofs: list[Proof], kind: str) -> Known | None:
    row = next((each for each in reversed(proofs) if each.kind == kind), None)
    if row is None:
        return None
    said = {"kind": row.get_kind_display().lower(), "by": row.by}
    return Known(row.held_on, _("%(kind)s door %(by)s, bij Toetsing") % said)


def _certificate(proofs: list[Proof]) -> Known | None:
    rows = [row for row in proofs if row.kind == ProofKind.CERTIFICATE and row.valid_to]
    row = max(rows, key=lambda each: each.valid_to or each.held_on, default=None)
    if row is None or row.valid_to is None:
        return None
    said = {"by": row.by, "day": date_format(row.held_on, "j F Y")}
    return Known(row.valid_to, _("certificaat van %(by)s van %(day)s, bij Toetsing") % said)
