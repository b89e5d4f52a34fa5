"""Shifts: begin, end with a written summary and a hand-over by name, take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import User
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.usecase import use_case
from brandwacht.network.wording import duration, listed
from brandwacht.soc.models import Alert, Disposition, EntryKind, ShiftItem, WatchGap, WatchShift
from brandwacht.soc.queries import gaps
from brandwacht.soc.queries.people import colleagues
from brandwacht.soc.queries.shifts import ShiftFigures, figures, handed_over, open_alerts
from brandwacht.soc.services.holding import take
from brandwacht.soc.services.story import tell

MAX_SUMMARY, MAX_WHY = 8000, 300
EFFORT = 10


def begin(actor: Actor) -> WatchShift:
    """The actor's shift begins."""
    with use_case(actor, "soc.shift") as case:
        case.require(Owner(actor.organisation_id))
        if actor.user_id is None:
            raise Refused(_("Alleen een mens kan een dienst beginnen."))
        # The person is locked: two presses of the button at once begin one shift.
        person = User.objects.select_for_update(no_key=True).get(pk=actor.user_id)
        running = WatchShift.objects.filter(organisation_id=actor.organisation_id, person=person, ended_at__isnull=True)
        if running.exists():
            raise Refused(_("Uw dienst loopt al."))
        shift = WatchShift(organisation_id=actor.organisation_id, person=person, started_at=actor.now)
        shift.save()
        case.audit(shift, {"begonnen": True})
    return shift


def draft(actor: Actor, shift: WatchShift) -> str:
    """The summary as Brandwacht would write it: what came, what was done with it, what is open. In plain sentences."""
    told = figures(actor, shift.started_at, actor.now)
    start, end = timezone.localtime(shift.started_at), timezone.localtime(actor.now)
    lines = [
        _("Dienst van %(who)s, %(start)s tot %(end)s (%(long)s).")
        % {
            "who": shift.person.name,
            "start": date_format(start, "j F H:i"),
            "end": date_format(end, "j F H:i"),
            "long": duration((end - start).total_seconds() / 60),
        },
        _came(told),
        _handled(told),
        _left(told),
    ]
    if may_anywhere(actor, gaps.SEE):
        lines += _silent(gaps.silent_within(actor, shift.started_at, actor.now))
    return "\n".join([*lines, "", _("Bijzonderheden:"), ""])


def _silent(found: Sequence[WatchGap]) -> list[str]:
    names = [gap.source.name for gap in found if gap.until is None]
    if not names:
        return []
    text = ngettext("%(n)d bron zwijgt nog: %(names)s.", "%(n)d bronnen zwijgen nog: %(names)s.", len(names))
    return [text % {"n": len(names), "names": ", ".join(names)}]


def _came(told: ShiftFigures) -> str:
    text = ngettext("Er kwam %(n)d melding binnen", "Er kwamen %(n)d meldingen binnen", told.came) % {"n": told.came}
    if told.critical:
        text += _(", waarvan %(n)d kritiek") % {"n": told.critical}
    return f"{text}."


def _handled(told: ShiftFigures) -> str:
    words = {
        Disposition.TRUE: _("echt"),
        Disposition.FALSE: _("vals"),
        Disposition.BENIGN: _("onschuldig"),
        Disposition.UNDECIDED: _("onbeslist"),
    }
    parts = [f"{told.dispositions[key]} {word}" for key, word in words.items() if told.dispositions.get(key)]
    text = ngettext("Gesloten: %(n)d melding", "Gesloten: %(n)d meldingen", told.closed) % {"n": told.closed}
    if parts:
        text += f" ({listed(parts)})"
    more = []
    if told.incidents:
        more.append(
            ngettext("%(n)d melding werd een incident", "%(n)d meldingen werden een incident", told.incidents)
            % {"n": told.incidents}
        )
    if told.handed_over:
        more.append(_("%(n)d keer overgedragen aan CERT of CISO") % {"n": told.handed_over})
    return ". ".join([text, *more]) + "."


def _left(told: ShiftFigures) -> str:
    text = ngettext("Nog open: %(n)d melding", "Nog open: %(n)d meldingen", told.open) % {"n": told.open}
    text += _(", waarvan %(n)d nog door niemand bevestigd.") % {"n": told.waiting}
    if told.not_taken:
        text += " " + _("Nog niet overgenomen door de ontvanger: %(n)d.") % {"n": told.not_taken}
    if told.questions_late:
        text += " " + _("Vragen die te laat zijn: %(n)d.") % {"n": told.questions_late}
    return text


def end(actor: Actor, public_id: Any, *, summary: str, colleague_id: str = "", why: Mapping[str, str]) -> WatchShift:
    """The shift ends: the summary is kept, and the open alerts go by name to a colleague (or to whoever comes next).

    ``why`` tells per public id of an open alert why it is still open. A colleague may end the shift of who forgot it.
    """
    with use_case(actor, "soc.shift") as case:
        shift = case.get(WatchShift, public_id)
        if shift.ended_at is not None:
            raise Refused(_("Deze dienst is al afgesloten."))
        if not summary.strip():
            raise Refused(_("Schrijf een samenvatting voor wie na u komt."), "summary")
        if len(summary) > MAX_SUMMARY:
            raise Refused(_("Maak de samenvatting korter: hoogstens 8.000 tekens."), "summary")
        shift.handed_to = _next(actor, shift, colleague_id)
        shift.summary, shift.ended_at = summary.strip(), actor.now
        shift.figures = asdict(figures(actor, shift.started_at, actor.now))
        shift.save(update_fields=["handed_to", "summary", "ended_at", "figures"])
        rows = open_alerts(actor)
        ShiftItem.objects.bulk_create(
            [
                ShiftItem(
                    organisation_id=shift.organisation_id,
                    shift=shift,
                    alert_ref=row.public_id,
                    why=why.get(str(row.public_id), "").strip()[:MAX_WHY],
                )
                for row in rows
            ]
        )
        if shift.handed_to is not None:
            actions.put(shift.organisation_id, _todo(shift), actor.now)
        case.audit(shift, {"afgesloten": True, "overgedragen": len(rows)})
    return shift


def take_over(actor: Actor, public_id: Any) -> tuple[WatchShift, int]:
    """The next person acknowledges: what the person before held is now theirs. Returns the shift and how many."""
    with use_case(actor, "soc.shift") as case:
        shift = case.get(WatchShift, public_id)
        if shift.ended_at is None:
            raise Refused(_("Deze dienst loopt nog."))
        if shift.acknowledged_at is not None:
            raise Refused(_("%(who)s heeft deze dienst al overgenomen.") % {"who": shift.acknowledged_by})
        if shift.person_id == actor.user_id:
            raise Refused(_("U kunt uw eigen dienst niet overnemen."))
        if shift.handed_to_id is not None and shift.handed_to_id != actor.user_id:
            raise Refused(_("Deze dienst is overgedragen aan %(who)s.") % {"who": shift.handed_to})
        shift.acknowledged_at, shift.acknowledged_by = actor.now, actor.name
        shift.save(update_fields=["acknowledged_at", "acknowledged_by"])
        actions.complete(shift.organisation_id, _key(shift), actor)
        taken = 0
        for each in handed_over(actor, shift):
            alert = each.alert
            if alert is None or not alert.open or alert.holder_id != shift.person_id:
                continue
            if decide(actor, "soc.alert.triage", alert):
                locked = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
                take(actor, locked)
                case.audit(locked, {"opgepakt bij wisseling van dienst": True})
                told = _("Overgenomen van %(who)s bij de wisseling van de dienst.") % {"who": shift.person.name}
                tell(actor, locked, EntryKind.HOLDER, told)
                taken += 1
        case.audit(shift, {"overgenomen": taken})
    return shift, taken


def _next(actor: Actor, shift: WatchShift, colleague_id: str) -> User | None:
    if not colleague_id:
        return None
    found = next((user for user in colleagues(actor) if str(user.public_id) == colleague_id), None)
    if found is None or found.pk == shift.person_id:
        raise Refused(_("Kies een collega uit de lijst."), "colleague")
    return found


def _todo(shift: WatchShift) -> actions.Todo:
    return actions.Todo(
        key=_key(shift),
        title=_("Neem de dienst over van %(who)s") % {"who": shift.person.name},
        why=_("De openstaande meldingen wachten op iemand die ze overneemt."),
        room="soc",
        path=reverse("soc:shift", args=[shift.public_id]),
        role=Role.SOC_ANALYST,
        owner_id=shift.handed_to_id,
        risk=3,
        effort=EFFORT,
        due=shift.ended_at,
    )


def _key(shift: WatchShift) -> str:
    return f"soc.dienst.{shift.public_id}"
