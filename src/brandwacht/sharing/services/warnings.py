"""The use cases of the circle: write, send and withdraw a warning, and answer one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.events import publish
from brandwacht.network.policy import Owner
from brandwacht.network.services import actions
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.sharing.circle import circle_for, circle_of, delivery, free_number
from brandwacht.sharing.conditions import WRITE
from brandwacht.sharing.content import Content, read_content, refuse_victims
from brandwacht.sharing.events import WarningSent
from brandwacht.sharing.limits import refuse_too_far
from brandwacht.sharing.models import CircleWarning, ReceiptAnswer, WarningReader, WarningReceipt, WarningState
from brandwacht.sharing.policy import ANSWER, EXPORT, SEE, SEND, WITHDRAW
from brandwacht.sharing.services.list_choices import Choice, settle
from brandwacht.sharing.services.objects import publish_source
from brandwacht.sharing.stix import bundle
from brandwacht.sharing.tasks import action_key, tell


def draft(
    actor: Actor,
    *,
    title: str,
    tlp: str,
    what: str,
    advice: str = "",
    indicators_text: str = "",
    techniques: Iterable[str] = (),
    incident_ref: UUID | None = None,
    reader_ids: Iterable[UUID | str] = (),
) -> CircleWarning:
    """A new draft of the circle that the actor writes for; the writer becomes a reader of it.

    ``reader_ids`` are public ids of people with a seat in the circle; they count when ``tlp`` is RED. Raises
    ``Refused`` on the first field that is wrong.
    """
    with use_case(actor, WRITE) as case:
        circle = circle_for(actor, WRITE)
        case.require(Owner(circle.pk))
        content = read_content(
            actor, title=title, tlp=tlp, what=what, advice=advice, indicators_text=indicators_text,
            techniques=techniques,
        )  # fmt: skip
        warning = CircleWarning(
            organisation=circle,
            number=free_number(CircleWarning, circle.pk),
            incident_ref=incident_ref,
            written_by=actor.name,
            written_by_organisation_id=actor.organisation_id,
            written_at=actor.now,
        )
        _write(case, warning, content, reader_ids)
    return warning


def change_draft(
    actor: Actor,
    public_id: Any,
    *,
    title: str,
    tlp: str,
    what: str,
    advice: str = "",
    indicators_text: str = "",
    techniques: Iterable[str] = (),
    reader_ids: Iterable[UUID | str] = (),
) -> CircleWarning:
    """Write a draft anew; whoever does so becomes a reader of it."""
    with use_case(actor, WRITE) as case:
        warning = case.get(CircleWarning, public_id, see=SEE)
        _must_be_draft(warning)
        content = read_content(
            actor, title=title, tlp=tlp, what=what, advice=advice, indicators_text=indicators_text,
            techniques=techniques,
        )  # fmt: skip
        _write(case, warning, content, reader_ids)
    return warning


def _must_be_draft(warning: CircleWarning) -> None:
    if warning.state != WarningState.DRAFT:
        raise Refused(_("Deze waarschuwing is al verzonden. Trek die in en schrijf een nieuwe."))


def _write(case: UseCase, warning: CircleWarning, content: Content, reader_ids: Iterable[UUID | str]) -> None:
    warning.title, warning.tlp, warning.what = content.title, content.tlp.name, content.what
    warning.advice, warning.indicators, warning.attack = content.advice, content.indicators, content.attack
    refuse_too_far(warning.incident_ref, content.tlp)
    wanted = {str(each) for each in reader_ids}
    seats = circle_of(case.actor, warning.organisation_id).seats if wanted else ()
    chosen = {str(seat.public_id): seat.user_id for seat in seats}
    if not wanted <= chosen.keys():
        raise Refused(_("Een gekozen lezer heeft geen plek meer in de kring. Kies opnieuw."), "readers")
    warning.save()
    readers = {chosen[each] for each in wanted}
    if case.actor.user_id is not None:
        readers.add(case.actor.user_id)
    present = WarningReader.objects.filter(warning=warning)
    present.exclude(user_id__in=readers).delete()
    new = readers - set(present.values_list("user_id", flat=True))
    WarningReader.objects.bulk_create(
        [WarningReader(organisation_id=warning.organisation_id, warning=warning, user_id=pk) for pk in sorted(new)]
    )
    case.audit(warning, {"nummer": warning.number, "tlp": content.tlp.label})


def send(
    actor: Actor,
    public_id: Any,
    *,
    fingerprint: str = "",
    listed: Mapping[str, Choice] | None = None,
    keep: Choice | None = None,
) -> CircleWarning:
    """Send a draft: from now on the members read it; the worker tells them.

    ``fingerprint`` is that of the ``Delivery`` that the sender confirmed; when text or receivers changed since, it is
    refused. ``listed`` and ``keep``: as ``threats.share``. Raises ``Refused`` when nobody would get it.
    """
    with use_case(actor, SEND) as case:
        warning = case.get(CircleWarning, public_id, see=SEE)
        _must_be_draft(warning)
        refuse_too_far(warning.incident_ref, warning.marking)
        refuse_victims(
            actor, {"title": warning.title, "what": warning.what, "advice": warning.advice} | _values(warning)
        )
        to = delivery(circle_of(actor, warning.organisation_id), warning, actor.user_id)
        if fingerprint and fingerprint != to.fingerprint:
            raise Refused(_("De tekst of de ontvangers zijn veranderd sinds u deze pagina opende. Kijk nog eens."))
        if warning.marking is TLP.RED and not to.persons:
            raise Refused(
                _(
                    "Er is geen lezer gekozen die een plek in de kring heeft. Wijzig het concept: kies met naam wie "
                    "deze waarschuwing met TLP:RED mag lezen, of kies een ander TLP-label."
                ),
                "readers",
            )
        if not to.organisations:
            raise Refused(_("De kring heeft nog geen leden. Laat de kring eerst leden toelaten."))
        settle(actor, warning, listed or {}, keep)
        warning.state, warning.sent_at, warning.sent_by = WarningState.SENT, actor.now, actor.name
        warning.save()
        case.audit(
            warning,
            {
                "nummer": warning.number,
                "tlp": warning.marking.label,
                "organisaties": len(to.organisations),
                "personen": len(to.persons),
            },
        )
        publish_source(warning.organisation, warning.public_id, bundle(warning), actor.now)
        publish(WarningSent(warning.public_id, warning.name, warning.marking is TLP.RED, warning.incident_ref, actor))
        _tell(actor, warning)
    return warning


def _values(warning: CircleWarning) -> dict[str, str]:
    return {"indicators": "\n".join(each["value"] for each in warning.indicators)}


def _tell(actor: Actor, warning: CircleWarning) -> None:
    """Ask the worker to tell the members; the queue is in the same database, so it is in the same transaction."""
    tell.enqueue(warning.organisation_id, str(warning.public_id), str(warning.state), actor.user_id)


def withdraw(actor: Actor, public_id: Any, reason: str) -> CircleWarning:
    """Withdraw a warning that was sent; its readers keep seeing it, as withdrawn, with the reason."""
    with use_case(actor, WITHDRAW) as case:
        warning = case.get(CircleWarning, public_id, see=SEE)
        reason = " ".join(reason.split())
        if warning.state != WarningState.SENT:
            raise Refused(_("Intrekken kan alleen bij een waarschuwing die verzonden is en nog geldt."))
        if not reason:
            raise Refused(_("Schrijf op waarom de waarschuwing wordt ingetrokken."), "reason")
        if len(reason) > 200:
            raise Refused(_("Maak de reden korter: er passen 200 tekens."), "reason")
        refuse_victims(actor, {"reason": reason})
        warning.state, warning.withdrawn_at, warning.withdrawn_reason = WarningState.WITHDRAWN, actor.now, reason
        warning.save()
        publish_source(warning.organisation, warning.public_id, bundle(warning), actor.now)
        case.audit(warning, {"nummer": warning.number})
        _tell(actor, warning)
    return warning


def answer(actor: Actor, public_id: Any, what: str) -> WarningReceipt:
    """A member says what a warning means for it; a later answer takes the place of an earlier one."""
    with use_case(actor, ANSWER) as case:
        warning = case.get(CircleWarning, public_id, see=SEE)
        if what not in ReceiptAnswer.values:
            raise Refused(_("Kies een van de antwoorden."), "answer")
        member_id = actor.organisation_id
        receipt = WarningReceipt.objects.filter(warning=warning, member_id=member_id).first() or WarningReceipt(
            organisation_id=warning.organisation_id, warning=warning, member_id=member_id
        )
        receipt.user_id, receipt.answer, receipt.at = actor.user_id, what, actor.now
        receipt.save()
        case.audit(warning, {"nummer": warning.number, "antwoord": what})
        actions.complete(member_id, action_key(warning), actor)
    return receipt


def export(actor: Actor, public_id: Any) -> tuple[CircleWarning, dict[str, object]]:
    """The warning as a STIX 2.1 bundle; who takes it out of the system is written in the circle's chain."""
    with use_case(actor, EXPORT) as case:
        warning = case.get(CircleWarning, public_id, see=SEE, lock=False)
        content = bundle(warning)
        case.audit(warning, {"nummer": warning.number, "tlp": warning.marking.label, "vorm": "STIX 2.1"})
    return warning, content
