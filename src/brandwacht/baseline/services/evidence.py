"""Evidence: added, seen by somebody, withdrawn, and its document given out."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.baseline.documents import check_document
from brandwacht.baseline.models import FRAMEWORK, Evidence, EvidenceDocument
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services import reminders
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case

COUNTS_FOR = timedelta(days=365)
"""How long evidence counts when nobody says otherwise: it is never for ever."""
EARLIEST = date(2000, 1, 1)


def add_evidence(
    actor: Actor,
    control: str,
    *,
    title: str,
    where: str = "",
    content: bytes | None = None,
    filename: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    received_on: date | None = None,
) -> Evidence:
    """Add a piece of evidence to a control of the actor's own organisation.

    ``where`` says where it is kept, or ``content`` (at most 10 MB) is the document itself, called ``filename``; one of
    the two is needed. ``received_on`` is today when not given, ``valid_from`` the day of receipt, and ``valid_to`` a
    year after ``valid_from``. Raises ``NotFound`` for a number that the norm does not have and ``Refused``, on the
    field (``title``, ``where``, ``file`` or a day).
    """
    with use_case(actor, "baseline.evidence.add") as case:
        case.require(Owner(actor.organisation_id))
        asked = find_control(control)
        received = received_on or actor.today
        starts = valid_from or received
        evidence = Evidence(
            organisation_id=actor.organisation_id,
            framework=FRAMEWORK,
            control=asked.number,
            title=title.strip(),
            where=where.strip(),
            received_on=received,
            valid_from=starts,
            valid_to=valid_to or starts + COUNTS_FOR,
            added_at=actor.now,
            added_by=actor.name,
        )
        _check(actor, evidence, content)
        if content is not None:
            document = check_document(filename, content)
            evidence.filename, evidence.media_type = document.filename, document.media_type
            evidence.size, evidence.sha256 = len(content), hashlib.sha256(content).hexdigest()
        evidence.save()
        if content is not None:
            EvidenceDocument(organisation_id=evidence.organisation_id, evidence=evidence, content=content).save()
        case.audit(evidence, {"vraag": evidence.control, "telt tot": evidence.valid_to, "sha256": evidence.sha256})
        reminders.after_evidence(actor, evidence.control)
    return evidence


def mark_seen(actor: Actor, public_id: Any) -> Evidence:
    """The actor looked at this evidence; who did so last is kept. Raises ``NotFound`` or ``Refused``."""
    with use_case(actor, "baseline.evidence.check") as case:
        evidence = _present(case.get(Evidence, public_id, see="baseline.see"))
        evidence.seen_at, evidence.seen_by = actor.now, actor.name
        evidence.save()
        case.audit(evidence, {"vraag": evidence.control})
    return evidence


def withdraw_evidence(actor: Actor, public_id: Any, why: str) -> Evidence:
    """Let evidence count no longer, from now; the line stays with the reason and the document is erased."""
    with use_case(actor, "baseline.evidence.check") as case:
        evidence = _present(case.get(Evidence, public_id, see="baseline.see"))
        if not why.strip():
            raise Refused(_("Schrijf op waarom dit bewijs niet meer telt."), "why")
        evidence.withdrawn_at, evidence.withdrawn_by = actor.now, actor.name
        evidence.withdrawn_why = why.strip()[:300]
        evidence.save()
        EvidenceDocument.objects.filter(evidence=evidence).delete()
        case.audit(evidence, {"vraag": evidence.control, "ingetrokken": True})
        reminders.after_evidence(actor, evidence.control)
    return evidence


def open_document(actor: Actor, public_id: Any) -> tuple[Evidence, bytes]:
    """The attached document of evidence, and a line in the owner's audit chain that the actor took it.

    Raises ``NotFound`` when there is none, or when it is not for this actor to know of.
    """
    with use_case(actor, "baseline.evidence.open") as case:
        evidence = case.get(Evidence, public_id, see="baseline.see", lock=False)
        document = EvidenceDocument.objects.filter(evidence=evidence).first()
        if document is None:
            raise NotFound
        case.audit(evidence, {"vraag": evidence.control, "sha256": evidence.sha256})
    return evidence, bytes(document.content)


def _present(evidence: Evidence) -> Evidence:
    if evidence.withdrawn_at is not None:
        raise Refused(_("Dit bewijs is al ingetrokken. Laad de pagina opnieuw."))
    return evidence


def _check(actor: Actor, evidence: Evidence, content: bytes | None) -> None:
    if not evidence.title:
        raise Refused(_("Schrijf op wat dit bewijs is."), "title")
    if len(evidence.title) > 200:
        raise Refused(_("Maak de naam korter dan 200 tekens."), "title")
    if len(evidence.where) > 500:
        raise Refused(_("Maak de vindplaats korter dan 500 tekens."), "where")
    if not evidence.where and content is None:
        raise Refused(_("Schrijf op waar het bewijs ligt, of voeg een bestand toe."), "where")
    if evidence.received_on > actor.today:
        raise Refused(_("U kunt bewijs niet later dan vandaag hebben gekregen. Kies een eerdere dag."), "received_on")
    if min(evidence.received_on, evidence.valid_from) < EARLIEST:
        raise Refused(_("Kies een dag vanaf 1 januari 2000."), "valid_from")
    if evidence.valid_to < evidence.valid_from:
        raise Refused(_("De laatste dag ligt vóór de eerste dag. Verbeter een van de twee."), "valid_to")
    if evidence.valid_to < actor.today:
        raise Refused(
            _("Dit bewijs telt al niet meer. Kies een laatste dag vanaf vandaag, of zoek nieuw bewijs."), "valid_to"
        )
