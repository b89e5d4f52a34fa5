"""Measures that come in: an improvement plan (plan of action and milestones) beside the own measures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.exchange.incoming import (
    NEW,
    OTHER,
    REFUSED,
    SAME,
    Comparison,
    Incoming,
    Line,
    Offer,
    Side,
    Words,
    comparison,
)
from brandwacht.baseline.exchange.packing import LONGEST_NAME, pack_measure, unpack_measure
from brandwacht.baseline.models import FRAMEWORK, MAX_COST, AnswerImport, Measure, MeasureState
from brandwacht.baseline.queries.exchange import as_planned
from brandwacht.baseline.queries.grounds import SEE
from brandwacht.baseline.services import reminders
from brandwacht.baseline.services.measures import note_step
from brandwacht.baseline.wording.tones import measure_tone
from brandwacht.engines.norms.oscal import PlannedMeasure, read_poam
from brandwacht.engines.norms.oscal.reading import Node
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import visible
from brandwacht.network.wording import euros

_OTHERS: Final = uuid.UUID("0b9a4e5e-1d52-5f43-8d0e-6f3f1c5d7a20")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine(Line):
    """One measure of an offered plan; ``changes`` says in what it differs from the own one with the same key."""

    offered: PlannedMeasure
    present: Measure | None
    changes: tuple[str, ...]


class MeasuresIn(Incoming[MeasureLine]):
    """The measures of an improvement plan."""

    things = "maatregelen"

    def read(self, actor: Actor, document: Node) -> Offer:
        """The measures in a plan; they are about the present norm."""
        plan = read_poam(document)
        if not plan.measures:
            raise Refused(_("In dit verbeterplan staan geen maatregelen."), "file")
        lines = [pack_measure(each) for each in plan.measures]
        return Offer(FRAMEWORK, plan.organisation.name, lines, plan.unknown)

    def compare(self, actor: Actor, offered: AnswerImport) -> Comparison[MeasureLine]:
        """Each offered measure beside the own one with the same key.

        A key that stands for a measure of another organisation gets one of our own in its place, the same every time.
        """
        said = [unpack_measure(entry) for entry in offered.lines]
        keys = [each.key for each in said]
        # Across owners on purpose: only whether the key is free is learned, and that shows nowhere.
        foreign = {
            str(key)
            for key in Measure._base_manager.filter(public_id__in=keys)
            .exclude(organisation_id=actor.organisation_id)
            .values_list("public_id", flat=True)
        }
        own_key = {key: _own_key_for(actor, key) if key in foreign else key for key in keys}
        mine = Measure.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id, framework=FRAMEWORK)
        present = {str(row.public_id): row for row in mine.filter(public_id__in=own_key.values())}
        lines = [_line(actor, own_key[each.key], each, present.get(own_key[each.key])) for each in said]
        return comparison(offered, lines, [(key, repr(as_planned(row))) for key, row in sorted(present.items())])

    def take(self, actor: Actor, offered: AnswerImport, lines: Sequence[MeasureLine]) -> None:
        """Make or change the measures.

        One that somebody else carries out there keeps that name; a colleague is chosen on its page.
        """
        for line in lines:
            _take(actor, offered, line)

    def words(self, offered: AnswerImport, compared: Comparison[MeasureLine]) -> Words:
        """What the page of an offered plan says."""
        count = len(offered.lines)
        other, new, same = (len(compared.of(kind)) for kind in (OTHER, NEW, SAME))
        return Words(
            lead=ngettext("%(file)s heeft %(n)d maatregel.", "%(file)s heeft %(n)d maatregelen.", count)
            % {"file": offered.filename, "n": count},
            column=_("Maatregel"),
            notice="",
            other=ngettext(
                "%(n)d maatregel is anders dan de uwe", "%(n)d maatregelen zijn anders dan de uwe", other
            ) % {"n": other},
            other_help=_(
                "Vink alleen aan wat u wilt vervangen. In het verloop van de maatregel blijft staan dat zij uit dit"
                " bestand komt."
            ),
            new=ngettext("%(n)d maatregel heeft u nog niet", "%(n)d maatregelen heeft u nog niet", new) % {"n": new},
            refused=_("Dit kan niet worden overgenomen"),
            same=ngettext("%(n)d maatregel is gelijk aan de uwe.", "%(n)d maatregelen zijn gelijk aan de uwe.", same)
            % {"n": same},
            unknown=_("Deze nummers uit het bestand kennen wij niet; die maatregelen staan los van een vraag:"),
            onward=(reverse("baseline:measures"), _("Bekijk de maatregelen")),
        )  # fmt: skip

    def taken(self, count: int) -> str:
        """How many measures were taken over."""
        said = ngettext("%(n)d maatregel is overgenomen", "%(n)d maatregelen zijn overgenomen", count)
        return said % {"n": count}


PLAN_IN: Final = MeasuresIn()


def _own_key_for(actor: Actor, key: str) -> str:
    return str(uuid.uuid5(_OTHERS, f"{actor.organisation_code}:{key}"))


def _line(actor: Actor, key: str, said: PlannedMeasure, present: Measure | None) -> MeasureLine:
    why, kind = _refusal(actor, said), REFUSED
    changes: tuple[str, ...] = ()
    if not why and present is None:
        kind = NEW
    elif not why and present is not None:
        changes = tuple(_changes(as_planned(present), said))
        kind = OTHER if changes else SAME
    return MeasureLine(
        key=key,
        name=said.title,
        about=_("(bij vraag %(number)s)") % {"number": said.control} if said.control else "",
        kind=kind,
        now=_side(as_planned(present)) if present else None,
        then=_side(said, changes),
        why=why,
        offered=said,
        present=present,
        changes=changes,
    )


def _refusal(actor: Actor, said: PlannedMeasure) -> str:
    if said.done_at and said.done_at > actor.now:
        return _("Deze maatregel zou in de toekomst zijn afgerond.")
    if said.cost is not None and said.cost > MAX_COST:
        return _("Dit bedrag is hoger dan 2 miljard euro.")
    return ""


def _changes(now: PlannedMeasure, said: PlannedMeasure) -> list[str]:
    words = {
        "title": _("titel"),
        "description": _("toelichting"),
        "control": _("vraag"),
        "state": _("stap"),
        "owner": _("wie"),
        "due": _("uiterlijk"),
        "cost": _("kosten"),
    }
    return [label for name, label in words.items() if _plain(getattr(now, name)) != _plain(getattr(said, name))]


def _plain(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _side(said: PlannedMeasure, changes: Sequence[str] = ()) -> Side:
    state = MeasureState(said.state)
    facts = [said.owner, _("uiterlijk %(day)s") % {"day": date_format(said.due, "j F Y")}]
    if said.cost is not None:
        facts.append(euros(said.cost))
    texts = [_("Anders: %(what)s") % {"what": ", ".join(changes)}] if changes else []
    return Side(state.value, str(state.label), measure_tone(state), ", ".join(filter(None, facts)), texts)


def _take(actor: Actor, offered: AnswerImport, line: MeasureLine) -> None:
    said, measure = line.offered, line.present
    before = measure.state if measure else ""
    if measure is None:
        measure = Measure(
            organisation_id=actor.organisation_id,
            public_id=uuid.UUID(line.key),
            framework=FRAMEWORK,
            created_at=actor.now,
            created_by=actor.name,
        )
    owner = said.owner or measure.owner_name or offered.party or actor.name
    if owner != measure.owner_name:
        measure.owner, measure.owner_name = None, owner[:LONGEST_NAME]
    measure.title, measure.description, measure.control = said.title, said.description, said.control
    measure.due, measure.cost, measure.state = said.due, said.cost, MeasureState(said.state)
    measure.for_board = measure.for_board and measure.cost is not None
    measure.done_at = (said.done_at or actor.now) if measure.state == MeasureState.DONE else None
    measure.save()
    note_step(actor, measure, _("Overgenomen uit het bestand %(file)s.") % {"file": offered.filename})
    if before == MeasureState.DONE and measure.state != MeasureState.DONE:
        reminders.back_from_done(measure)
    reminders.about_measure(actor, measure)  # its title, day and owner may be others too
