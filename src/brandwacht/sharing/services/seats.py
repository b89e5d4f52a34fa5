"""The use cases of the circle itself: guidelines, seats, and meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network import audit
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.events import RoleEnded, RoleGiven
from brandwacht.network.models import Organisation, OrganisationKind, RoleAssignment
from brandwacht.network.policy import Owner
from brandwacht.network.roles import Role
from brandwacht.network.services import people, tokens
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case
from brandwacht.network.wording import listed
from brandwacht.sharing.circle import circle_for, read_circle
from brandwacht.sharing.conditions import in_force
from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE
from brandwacht.sharing.models import Attendee, CircleSeat, Guideline, GuidelineSignature, Meeting
from brandwacht.sharing.policies.seats import (
    END_SEAT,
    SEE_GUIDELINE,
    SEE_MEETING,
    SEE_SEATS,
    SET_GUIDELINE,
    SIGN,
    WRITE_MEETING,
)

MOST_SEATS = 2
"""Seats of one organisation at one moment (NIPV, VR-ISAC)."""


def set_guideline(actor: Actor, text: str, from_on: date) -> Guideline:
    """A new version of the guidelines, in force from a day on: whoever has not signed it then reads no longer."""
    with use_case(actor, SET_GUIDELINE) as case:
        circle = circle_for(actor, SET_GUIDELINE)
        case.require(Owner(circle.pk))
        text = text.strip()
        if not text:
            raise Refused(_("Schrijf de spelregels op."), "text")
        if len(text) > LONGEST_TEXT:
            raise Refused(
                _("Dit zijn %(n)d tekens; er passen er %(most)d.") % {"n": len(text), "most": LONGEST_TEXT}, "text"
            )
        if from_on < actor.today:
            raise Refused(_("Kies vandaag of een latere dag: leden tekenen niet met terugwerkende kracht."), "from_on")
        last = Guideline.objects.filter(organisation=circle).order_by("-version").first()
        guideline = Guideline(
            organisation=circle,
            version=last.version + 1 if last else 1,
            text=text,
            from_on=from_on,
            set_at=actor.now,
            set_by=actor.name,
        )
        guideline.save()
        case.audit(guideline, {"versie": guideline.version, "vanaf": from_on.isoformat()})
    return guideline


def current_guideline(actor: Actor, circle_id: int) -> Guideline | None:
    """The version that is in force today, if the circle has any."""
    found: Guideline | None = in_force(actor).filter(organisation_id=circle_id).order_by("-version").first()
    return found


def sign(actor: Actor, public_id: Any, name: str) -> CircleSeat:
    """Sign a version of the guidelines with one's own name; the first signature opens the seat.

    Only the newest version counts, in force or announced. Raises ``Refused`` when the name is not the signer's.
    """
    with use_case(actor, SIGN) as case:
        guideline = case.get(Guideline, public_id, see=SEE_GUIDELINE, lock=False)
        if " ".join(name.split()).casefold() != " ".join(actor.name.split()).casefold():
            raise Refused(_("Typ uw eigen naam zoals die hier staat: %(name)s.") % {"name": actor.name}, "name")
        newest = Guideline.objects.filter(organisation_id=guideline.organisation_id).order_by("-version").first()
        in_use = current_guideline(actor, guideline.organisation_id)
        if guideline not in (newest, in_use):
            raise Refused(_("Er is een nieuwere versie. Lees en teken die."))
        seat: CircleSeat
        seat, _made = CircleSeat.objects.get_or_create(
            organisation_id=guideline.organisation_id,
            member_id=actor.organisation_id,
            user_id=actor.user_id,
            ended_at=None,
            defaults={"opened_at": actor.now},
        )
        _signature, new = GuidelineSignature.objects.get_or_create(
            organisation_id=guideline.organisation_id, seat=seat, guideline=guideline, defaults={"signed_at": actor.now}
        )
        if new:
            case.audit(seat, {"versie": guideline.version})
    return seat


def end_seat(actor: Actor, public_id: Any, why: str) -> CircleSeat:
    """The coordinator ends a seat now: the role at the member ends with it, and so do the person's tokens there."""
    with use_case(actor, END_SEAT) as case:
        seat = case.get(CircleSeat, public_id, see=SEE_SEATS)
        why = " ".join(why.split())[:200]
        if seat.ended_at is not None:
            raise Refused(_("Deze zetel is al beëindigd."))
        if not why:
            raise Refused(_("Schrijf op waarom de zetel eindigt."), "why")
        case.audit(seat, {"organisatie": seat.member.code, "reden": why})
        seat.ended_why = why
        seat.save()
        # The role belongs to the member, where the coordinator has no door: Brandwacht itself ends it there.
        itself = system_actor(seat.member, actor.now, actor.origin)
        with owner_scope(seat.member_id):
            for each in RoleAssignment.objects.filter(user_id=seat.user_id, role=Role.ISAC_MEMBER).filter(
                _running(actor.today)
            ):
                people.end_role(itself, each.public_id)
        _close([seat.organisation_id], seat.member_id, seat.user_id, actor)
        seat.refresh_from_db()
    return seat


def _running(day: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=day)


def at_most_two(event: RoleGiven) -> None:
    """Refuse a third "Lid VR-ISAC" at one organisation at any moment; a new role starts without a seat."""
    given = event.assignment
    if given.role != Role.ISAC_MEMBER:
        return
    others = (
        RoleAssignment.objects.filter(organisation_id=given.organisation_id, role=Role.ISAC_MEMBER)
        .exclude(user_id=given.user_id)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=given.valid_from))
        .select_related("user")
        .order_by("user__name", "pk")
    )
    overlap = [row for row in others if given.valid_to is None or row.valid_from < given.valid_to]
    for moment in [given.valid_from, *(row.valid_from for row in overlap if row.valid_from > given.valid_from)]:
        there = {
            row.user_id: row.user.name
            for row in overlap
            if row.valid_from <= moment and (row.valid_to is None or row.valid_to > moment)
        }
        if len(there) >= MOST_SEATS:
            raise Refused(
                _(
                    "Uw organisatie heeft hoogstens twee zetels in de VR-ISAC. Op %(day)s zijn die van %(names)s. "
                    "Beëindig eerst een van die rollen, of kies een latere begindatum."
                )
                % {"day": date_format(moment, "j F Y"), "names": listed(list(there.values()))},
                "role",
            )
    _close(_circles(), given.organisation_id, given.user_id, event.by)


def leave(event: RoleEnded) -> None:
    """With the role the seat ends, and the tokens with which the person's programs reached the circle."""
    ended = event.assignment
    if ended.role != Role.ISAC_MEMBER:
        return
    _close(_circles(), ended.organisation_id, ended.user_id, event.by)
    with owner_scope(ended.organisation_id):
        count = tokens.revoke_all(ended.user_id, ended.organisation_id, event.by.now)
    if count:
        fact = audit.Fact(
            ended.organisation_id,
            "token.end",
            ended._meta.label,
            str(ended.public_id),
            detail={"tokens ingetrokken": count},
        )
        audit.write(event.by, [fact])


def _circles() -> list[int]:
    return list(Organisation.objects.filter(kind=OrganisationKind.CIRCLE).values_list("pk", flat=True))


def _close(circle_ids: Iterable[int], member_id: int, user_id: int, by: Actor) -> None:
    with owner_scope(*circle_ids):
        for seat in CircleSeat.objects.filter(member_id=member_id, user_id=user_id, ended_at__isnull=True):
            seat.ended_at, seat.ended_by = by.now, by.name
            seat.save()
            audit.write(by, [audit.Fact(seat.organisation_id, END_SEAT, seat._meta.label, str(seat.public_id))])


def write_meeting(
    actor: Actor,
    public_id: Any | None,
    *,
    title: str,
    on: date,
    tlp: str,
    agenda: str,
    decisions: str = "",
    attendee_ids: Iterable[UUID | str] = (),
) -> Meeting:
    """Put a meeting on the calendar, or keep its minutes: who was there, and what was decided."""
    with use_case(actor, WRITE_MEETING) as case:
        circle = circle_for(actor, WRITE_MEETING)
        case.require(Owner(circle.pk))
        title = " ".join(title.split())
        if not title or len(title) > LONGEST_TITLE:
            raise Refused(_("Geef het overleg een titel van hoogstens 200 tekens."), "title")
        if not agenda.strip():
            raise Refused(_("Schrijf de agenda op, één punt per regel."), "agenda")
        if tlp not in TLP.__members__:
            raise Refused(_("Kies een TLP-label."), "tlp")
        meeting = Meeting(organisation=circle) if public_id is None else case.get(Meeting, public_id, see=SEE_MEETING)
        if meeting.organisation_id != circle.pk:
            raise NotFound
        meeting.title, meeting.on, meeting.tlp = title, on, tlp
        meeting.agenda, meeting.decisions = agenda.strip(), decisions.strip()
        meeting.written_by, meeting.written_at = actor.name, actor.now
        seats = {str(seat.public_id): seat for seat in read_circle(circle.pk, actor.now).seats}
        there = {str(user.public_id): (user.pk, member) for user, member in _present(meeting)}
        there |= {key: (seat.user_id, seat.organisation.pk) for key, seat in seats.items()}
        wanted = {str(each) for each in attendee_ids}
        if not wanted <= there.keys():
            raise Refused(_("Een gekozen deelnemer heeft geen zetel in de kring. Kies opnieuw."), "attendees")
        meeting.save()
        kept = {there[key][0]: there[key][1] for key in wanted}
        Attendee.objects.filter(meeting=meeting).exclude(user_id__in=kept).delete()
        known = set(Attendee.objects.filter(meeting=meeting).values_list("user_id", flat=True))
        Attendee.objects.bulk_create(
            [
                Attendee(organisation=circle, meeting=meeting, user_id=pk, member_id=member)
                for pk, member in sorted(kept.items())
                if pk not in known
            ]
        )
        case.audit(meeting, {"tlp": meeting.marking.label, "aanwezig": len(kept)})
    return meeting


def _present(meeting: Meeting) -> list[tuple[Any, int]]:
    """Who was there already: they stay on the list, also without a seat now."""
    there = Attendee.objects.filter(meeting__public_id=meeting.public_id).select_related("user")
    return [(each.user, each.member_id) for each in there]
