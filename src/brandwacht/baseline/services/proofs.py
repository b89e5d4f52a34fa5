"""Proofs (bewijzen) that the basis was looked at: the outcome of a review here, or what was held elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import (
    Outcome,
    Proof,
    ProofKind,
    Review,
)
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case


@dataclass(frozen=True, slots=True)
class Held:
    """What was held outside Brandwacht: the organisation's own statement."""

    kind: str
    held_on: date | None
    by: str
    scope: str
    outcome: str
    valid_to: date | None = None
    document: str = ""


def note_proof(actor: Actor, held: Held) -> Proof:
    """Lay down a review that was held elsewhere, or a certificate. Raises ``Refused`` on the field."""
    with use_case(actor, "baseline.proof.note") as case:
        case.require(Owner(actor.organisation_id))
        if held.kind not in ProofKind.values:
            raise Refused(_("Kies wat er is gehouden."), "kind")
        if held.outcome not in Outcome.values:
            raise Refused(_("Kies een oordeel."), "outcome")
        if held.held_on is None or held.held_on > actor.today:
            raise Refused(_("Vul de dag in waarop dit is gehouden; die ligt niet in de toekomst."), "held_on")
        if held.valid_to is not None and held.valid_to < held.held_on:
            raise Refused(_("Dit bewijs kan niet eerder aflopen dan het is gegeven."), "valid_to")
        for name, text in (("by", held.by), ("scope", held.scope), ("document", held.document)):
            if not text.strip():
                raise Refused(_("Vul dit in; zonder dit is het geen bewijs."), name)
        proof = Proof(
            organisation_id=actor.organisation_id, kind=held.kind, held_on=held.held_on, valid_to=held.valid_to,
            by=held.by.strip()[:160], scope=held.scope.strip()[:300], outcome=held.outcome,
            document=held.document.strip()[:200], made_at=actor.now, made_by=actor.name,
        )  # fmt: skip
        proof.save()
        case.audit(proof, {"soort": held.kind, "op": held.held_on})
    return proof


def keep_proof(actor: Actor, review: Review, by: str) -> None:
    """Keep the outcome of a review that was concluded here; inside the use case that closes it."""
    count = review.items.count()
    scope = ngettext(
        "%(title)s: steekproef van %(n)d vraag van de BIO2",
        "%(title)s: steekproef van %(n)d vragen van de BIO2",
        count,
    ) % {"title": review.title, "n": count}
    Proof(
        organisation_id=review.organisation_id, kind=review.kind, held_on=review.concluded_on or actor.today,
        by=by[:160], scope=scope[:300], outcome=review.outcome, review_ref=review.public_id,
        made_at=actor.now, made_by=actor.name,
    ).save()  # fmt: skip
