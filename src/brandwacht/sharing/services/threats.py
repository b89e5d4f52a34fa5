"""The use cases of threat reports: write, share, change and withdraw one, by name or under a pseudonym; and see one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.engines.intel import PAP, TLP
from brandwacht.engines.intel.leaks import guessing
from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner, decide
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.sharing.circle import Circle, circle_for, free_number, read_circle
from brandwacht.sharing.content import Content, read_content
from brandwacht.sharing.models import Meeting, Sighting, Threat, ThreatReader, ThreatState, Topic
from brandwacht.sharing.own_traces import Trace, own_traces
from brandwacht.sharing.policies.seats import SEE_MEETING
from brandwacht.sharing.policies.threats import EDIT_THREAT, EXPORT_THREAT, SEE_THREAT, SIGHT, WRITE_THREAT
from brandwacht.sharing.pseudonyms import hour, masked
from brandwacht.sharing.services.list_choices import Choice, settle
from brandwacht.sharing.services.objects import publish_source
from brandwacht.sharing.services.pseudonyms import pseudonym_for
from brandwacht.sharing.stix import threat_bundle
from brandwacht.sharing.tasks.threats import tell_threat

MOST_PRODUCTS = 20
VERSION = timedelta(milliseconds=1)
"""How far two versions of a STIX object are apart at least."""


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody typed. ``readers`` are public ids of people with a seat, ``meeting`` the public id of a meeting
    whose attendees may read it: both count with TLP:RED only. ``keep_why``: why indicators stay in a shared report
    that stand on a warning list.
    """

    topic: str
    title: str
    tlp: str
    pap: str
    what: str
    products: str = ""
    indicators: str = ""
    techniques: Iterable[str] = ()
    readers: Iterable[UUID | str] = ()
    meeting: UUID | str | None = None
    keep_why: str = ""


def write(actor: Actor, report: Report, *, pseudonymous: bool = False) -> Threat:
    """A new draft in the circle; nobody but its writer reads it until it is shared.

    Under a pseudonym nothing that is kept names the writer. Raises ``Refused`` on the first field that is wrong.
    """
    with use_case(actor, WRITE_THREAT) as case:
        circle = circle_for(actor, WRITE_THREAT)
        case.require(Owner(circle.pk))
        threat = Threat(organisation=circle, number=free_number(Threat, circle.pk))
        if pseudonymous:
            if report.topic not in Topic.values:
                raise Refused(_("Kies waar het over gaat."), "topic")
            threat.pseudonym = pseudonym_for(actor, circle, report.topic)
            threat.written_at = hour(actor.now)
        else:
            threat.author_id, threat.author_organisation_id = actor.user_id, actor.organisation_id
            threat.written_at = actor.now
        _fill(actor, threat, report)
        note(case, threat, WRITE_THREAT, {"nummer": threat.number, "tlp": threat.marking.label})
    return threat


def change(actor: Actor, public_id: Any, report: Report) -> Threat:
    """Write a report anew, also when it is shared already: programs get it as a new version."""
    with use_case(actor, EDIT_THREAT) as case:
        threat = case.get(Threat, public_id, see=SEE_THREAT)
        if threat.state == ThreatState.WITHDRAWN:
            raise Refused(_("Deze dreiging is ingetrokken. Schrijf een nieuwe op."))
        if threat.pseudonym is not None and report.topic != threat.topic:
            raise Refused(
                _("Onder een pseudoniem kunt u het onderwerp niet wijzigen. Schrijf een nieuwe dreiging op."), "topic"
            )
        _fill(actor, threat, report)
        if threat.state == ThreatState.SHARED:
            settle(actor, threat, {}, Choice(True, report.keep_why) if report.keep_why.strip() else None)
            threat.changed_at = _moment(actor, threat)
            threat.save()
            _publish(actor, threat)
        note(case, threat, EDIT_THREAT, {"nummer": threat.number, "tlp": threat.marking.label})
    return threat


def share(
    actor: Actor,
    public_id: Any,
    *,
    anyway: bool = False,
    listed: Mapping[str, Choice] | None = None,
    keep: Choice | None = None,
) -> Threat:
    """Share a draft: from now on the circle reads it, or with TLP:RED the people who are named.

    ``listed`` says what to do with indicators that stand on a warning list, ``keep`` with those of which it says
    nothing; without a choice it is refused. Under a pseudonym it is refused while the text tells who wrote it, unless
    the writer wants it ``anyway``.
    """
    with use_case(actor, EDIT_THREAT) as case:
        threat = case.get(Threat, public_id, see=SEE_THREAT)
        if threat.state != ThreatState.DRAFT:
            raise Refused(_("Deze dreiging is al gedeeld."))
        if threat.marking is TLP.RED and not threat.readers.exists():
            raise Refused(_("Kies met naam wie dit mag lezen: bij TLP:RED ziet anders niemand het."), "readers")
        if threat.pseudonym is not None and not anyway and traces(actor, threat):
            raise Refused(_("In de tekst staat iets van uzelf. Haal dat weg, of kies om toch te delen."))
        settle(actor, threat, listed or {}, keep)
        threat.state, threat.shared_at = ThreatState.SHARED, _moment(actor, threat)
        threat.save()
        _publish(actor, threat)
        note(case, threat, EDIT_THREAT, {"nummer": threat.number, "tlp": threat.marking.label, "gedeeld": True})
        tell_threat.enqueue(threat.organisation_id, str(threat.public_id))
    return threat


def withdraw(actor: Actor, public_id: Any, why: str) -> Threat:
    """Withdraw a report: its readers still see that it was there and why it is not any more, and programs are told."""
    with use_case(actor, EDIT_THREAT) as case:
        threat = case.get(Threat, public_id, see=SEE_THREAT)
        why = " ".join(why.split())
        if threat.state != ThreatState.SHARED:
            raise Refused(_("Intrekken kan alleen bij een dreiging die gedeeld is."))
        if not why or len(why) > 200:
            raise Refused(_("Schrijf in hoogstens 200 tekens op waarom u dit intrekt."), "why")
        if threat.pseudonym is not None and (found := own_traces(actor, {"reason": why})):
            raise Refused(
                _("In de reden staat “%(word)s”: %(why)s.") % {"word": found[0].word, "why": found[0].why}, "why"
            )
        threat.state, threat.withdrawn_at, threat.withdrawn_why = ThreatState.WITHDRAWN, _moment(actor, threat), why
        threat.save()
        _publish(actor, threat)
        note(case, threat, EDIT_THREAT, {"nummer": threat.number, "ingetrokken": True})
    return threat


def sight(actor: Actor, public_id: Any) -> Sighting:
    """The actor's organisation saw this threat today; once a day counts."""
    with use_case(actor, SIGHT) as case:
        threat = case.get(Threat, public_id, see=SEE_THREAT)
        seen: Sighting
        seen, new = Sighting.objects.get_or_create(
            organisation_id=threat.organisation_id, threat=threat, member_id=actor.organisation_id, on=actor.today
        )
        if new:
            case.audit(threat, {"nummer": threat.number})
    return seen


def export(actor: Actor, public_id: Any) -> tuple[Threat, dict[str, object]]:
    """The report as a STIX 2.1 bundle; PAP:RED does not leave. Who takes it out is written in the circle's chain."""
    with use_case(actor, EXPORT_THREAT) as case:
        threat = case.get(Threat, public_id, see=SEE_THREAT, lock=False)
        content = threat_bundle(threat)
        case.audit(threat, {"nummer": threat.number, "tlp": threat.marking.label, "vorm": "STIX 2.1"})
    return threat, content


def traces(actor: Actor, threat: Threat) -> list[Trace]:
    """What in a report tells that the actor wrote it."""
    values = "\n".join(each["value"] for each in threat.indicators)
    texts = {"title": threat.title, "what": threat.what, "indicators": values, "products": "\n".join(threat.products)}
    return own_traces(actor, texts)


def easy_to_guess(circle: Circle, threat: Threat) -> str:
    """A warning when so few could have written it that guessing is easy; empty when there are enough."""
    if threat.marking is TLP.RED:
        return _("U koos zelf wie dit leest. Uit die keuze is te raden wie dit schreef.")
    everybody = [each.code for each in circle.members.values()]
    guess = guessing(everybody, readers=everybody)
    return guess.sentence if guess.easy else ""


def audience(circle: Circle) -> list[str]:
    """Who reads a report that is not TLP:RED: the names of the members."""
    return [each.full_name for each in circle.members.values()]


def _moment(actor: Actor, threat: Threat) -> datetime:
    """Now, or of a pseudonymous report the whole hour; always later than the version before, as STIX counts it."""
    now = actor.now if threat.pseudonym is None else hour(actor.now)
    before = [each for each in (threat.shared_at, threat.changed_at) if each is not None]
    return max(now, threat.written_at, *(each + VERSION for each in before))


def note(case: UseCase, threat: Threat, action: str, detail: dict[str, Any]) -> None:
    """Write it in the circle's chain: by name, or as the pseudonym."""
    if threat.pseudonym is None:
        case.audit(threat, detail, action)
        return
    who = masked(case.actor, threat.organisation, threat.pseudonym.name)
    audit.write(
        who, [audit.Fact(threat.organisation_id, action, threat._meta.label, str(threat.public_id), detail=detail)]
    )


def _fill(actor: Actor, threat: Threat, report: Report) -> None:
    if report.topic not in Topic.values:
        raise Refused(_("Kies waar het over gaat."), "topic")
    if report.pap not in PAP.__members__:
        raise Refused(_("Kies wat een lezer ermee mag doen (PAP)."), "pap")
    content: Content = read_content(
        actor, title=report.title, tlp=report.tlp, what=report.what, advice="", indicators_text=report.indicators,
        techniques=report.techniques,
    )  # fmt: skip
    products = [each.strip() for each in re.split(r"[\n,;]+", report.products) if each.strip()]
    if len(products) > MOST_PRODUCTS or any(not 2 <= len(each) <= 80 for each in products):
        raise Refused(_("Noem hoogstens twintig producten, elk van 2 tot 80 tekens."), "products")
    threat.topic, threat.pap, threat.title, threat.tlp = report.topic, report.pap, content.title, content.tlp.name
    threat.what, threat.indicators, threat.attack = content.what, content.indicators, content.attack
    threat.products = list(dict.fromkeys(products))
    readers = _readers(actor, threat, report) if content.tlp is TLP.RED else set()
    threat.save()
    present = ThreatReader.objects.filter(threat=threat)
    present.exclude(user_id__in=readers).delete()
    new = readers - set(present.values_list("user_id", flat=True))
    ThreatReader.objects.bulk_create(
        [ThreatReader(organisation_id=threat.organisation_id, threat=threat, user_id=pk) for pk in sorted(new)]
    )


def _readers(actor: Actor, threat: Threat, report: Report) -> set[int]:
    wanted = {str(each) for each in report.readers}
    seats = {str(seat.public_id): seat.user_id for seat in read_circle(threat.organisation_id, actor.now).seats}
    if not wanted <= seats.keys():
        raise Refused(_("Een gekozen lezer heeft geen zetel meer in de kring. Kies opnieuw."), "readers")
    chosen = {seats[each] for each in wanted}
    if report.meeting:
        meeting = Meeting.objects.filter(organisation_id=threat.organisation_id, public_id=report.meeting).first()
        if meeting is None or not decide(actor, SEE_MEETING, meeting):
            raise Refused(_("Dit overleg is er niet. Kies opnieuw."), "meeting")
        chosen |= set(meeting.attendees.values_list("user_id", flat=True))
    return chosen


def _publish(actor: Actor, threat: Threat) -> None:
    """Give programs the new version."""
    publish_source(threat.organisation, threat.public_id, threat_bundle(threat), actor.now)
