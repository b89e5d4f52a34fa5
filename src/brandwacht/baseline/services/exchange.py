"""The exchange as OSCAL: documents out, and documents in, of which nothing counts until somebody chose it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.baseline.exchange import INCOMING
from brandwacht.baseline.models import FRAMEWORK, AnswerImport
from brandwacht.baseline.queries import exchange, frameworks
from brandwacht.engines.norms import FRAMEWORKS, load_framework
from brandwacht.engines.norms.oscal import (
    CATALOG,
    KINDS,
    PLAN,
    PROFILE,
    InvalidOscal,
    export_catalog,
    export_poam,
    export_profile,
    export_results,
    kind_of,
    parse,
)
from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case

APPLIED = "verwerkt"
LONGEST_FILENAME, LONGEST_PARTY, MOST_UNKNOWN = 200, 200, 200


def export(actor: Actor, kind: str, framework: str = FRAMEWORK) -> bytes:
    """An OSCAL document about the actor's own organisation; the catalog is that of the norm, with our own words.

    Raises ``NotFound`` for a kind or framework that there is not, and ``Denied``.
    """
    known = FRAMEWORKS if kind == CATALOG else frameworks.ANSWERABLE
    if kind not in KINDS or framework not in known:
        raise NotFound
    norm = load_framework(framework)
    with use_case(actor, exchange.EXPORT) as case:
        case.require(Owner(actor.organisation_id))
        if kind == CATALOG:
            return export_catalog(norm, actor.now)
        if kind == PLAN:
            content = export_poam(norm, exchange.party(actor), exchange.plan(actor, framework), actor.now)
        else:
            making = export_profile if kind == PROFILE else export_results
            content = making(norm, exchange.assessment(actor, framework), actor.now)
        detail = {"soort": kind, "kader": framework, "sha256": hashlib.sha256(content).hexdigest()}
        audit.write(actor, [audit.Fact(actor.organisation_id, exchange.EXPORT, "oscal", kind, detail=detail)])
    return content


def offer(actor: Actor, filename: str, content: bytes) -> AnswerImport:
    """Read a document and keep what it says, to be compared and chosen from; nothing else changes.

    Takes every kind in ``INCOMING``. Raises ``Refused`` with the place when it can not be read.
    """
    with use_case(actor, exchange.IMPORT) as case:
        case.require(Owner(actor.organisation_id))
        try:
            document = parse(content)
            kind = kind_of(document)
            if kind not in INCOMING:
                raise Refused(
                    _("Dit is een catalogus: de tekst van een norm. Die leest u in bij ‘Tekst van de norm’."), "file"
                )
            said = INCOMING[kind].read(actor, document)
        except InvalidOscal as error:
            raise Refused(_("Dit bestand is niet te lezen. %(error)s") % {"error": error}, "file") from error
        offered = AnswerImport(
            organisation_id=actor.organisation_id,
            kind=kind,
            filename=filename[:LONGEST_FILENAME],
            sha256=hashlib.sha256(content).hexdigest(),
            framework=said.framework,
            party=said.party[:LONGEST_PARTY],
            lines=said.lines,
            unknown=list(said.unknown[:MOST_UNKNOWN]),
            offered_at=actor.now,
            offered_by=actor.name,
        )
        offered.save()
        detail = {"soort": kind, "bestand": offered.filename, INCOMING[kind].things: len(offered.lines)}
        case.audit(offered, detail)
    return offered


def apply(actor: Actor, public_id: Any, chosen: Collection[str], seen: str | None = None) -> AnswerImport:
    """Take over the chosen lines (by key) of an offered document, all of them or none.

    ``seen`` is the fingerprint of what the person looked at. Raises ``NotFound`` and ``Refused``.
    """
    with use_case(actor, exchange.IMPORT) as case:
        offered = case.get(AnswerImport, public_id)
        if offered.state == APPLIED:
            raise Refused(_("Dit bestand is al verwerkt."))
        incoming = INCOMING[offered.kind]
        found = incoming.compare(actor, offered)
        if seen is not None and seen != found.fingerprint:
            raise Refused(_("Wat u nu heeft, is intussen gewijzigd. Bekijk de lijst nog een keer."))
        taking = found.named(chosen)
        unknown = set(chosen) - {line.key for line in taking}
        if wrong := sorted(unknown | {line.name for line in taking if not line.choosable}):
            raise Refused(_("Dit kan niet worden overgenomen: %(names)s.") % {"names": ", ".join(wrong)})
        if not taking:
            raise Refused(_("Vink er minstens één aan."))
        incoming.take(actor, offered, taking)
        offered.state, offered.applied_at, offered.applied_by = APPLIED, actor.now, actor.name
        offered.taken = [line.key for line in taking]
        offered.save()
        detail = {"bestand": offered.filename, "kader": offered.framework, incoming.things: offered.taken}
        case.audit(offered, detail)
    return offered
