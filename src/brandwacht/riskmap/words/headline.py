"""The headline of a run: one or two sentences that a mayor can act on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.engines.cascade import Outage
from brandwacht.network.wording import listed, precise_duration, within
from brandwacht.riskmap.cascades.outcome import Outcome, Part, Step
from brandwacht.riskmap.words.sentences import in_sentence, is_plural, moment

NAMED = 3
"""So many failing nodes are named in the headline; of the others only the number is told."""


def headline(outages: Sequence[Outage], outcome: Outcome) -> str:
    """When these nodes fail, what falls when: the first vital process, what it falls through, and how many in all."""
    first = outcome.first()
    origins = outcome.outages()
    hit = [step for step in first.values() if step.node not in origins]
    if not hit:
        return _("Er valt niets anders uit binnen %(time)s.") % {"time": within(outcome.horizon)}
    vital = [step for step in hit if outcome.parts[step.node].vital]
    told = _told(outcome, vital) if vital else hit[:1]
    text = _("Als %(condition)s, %(consequences)s.") % {
        "condition": _condition(outages, outcome),
        "consequences": listed([_clause(step, outcome.parts[step.node]) for step in told]),
    }
    return " ".join([text, *_rest(vital, told, outcome)])[:400]


def _told(outcome: Outcome, vital: Sequence[Step]) -> list[Step]:
    """The first vital process to go down (or else to falter), with what it falls through or what falls last."""
    downs = outcome.first_down()
    stopped = sorted((downs[step.node] for step in vital if step.node in downs), key=lambda step: step.minute)
    main = stopped[0] if stopped else vital[0]
    through = _through(outcome, main)
    if through is not None:
        return [through, main]
    tail = vital[-1]
    return [main, tail] if tail.node != main.node and tail.minute > main.minute else [main]


def _through(outcome: Outcome, main: Step) -> Step | None:
    """The failure just before this one on its way, when it is not an outage itself and the reader gains time by it."""
    first, origins = outcome.first(), outcome.outages()
    before = [first[key] for key in main.providers if key in first and key not in origins]
    earlier = [step for step in before if step.minute < main.minute]
    return max(earlier, key=lambda step: step.minute) if earlier else None


def _condition(outages: Sequence[Outage], outcome: Outcome) -> str:
    names = {outage.node: outcome.parts[outage.node].name for outage in outages if outage.node in outcome.parts}
    lengths = {outage.duration for outage in outages}
    length = next(iter(lengths)) if len(lengths) == 1 else None
    time = f"{precise_duration(length)} " if length else ""
    shown = [in_sentence(name) for name in list(names.values())[: NAMED if len(names) <= NAMED else NAMED - 1]]
    if rest := len(names) - len(shown):
        shown.append(_("%(n)d andere onderdelen") % {"n": rest})
    many = len(names) > 1 or any(is_plural(name) for name in names.values())
    if {outage.state for outage in outages} == {"degraded"}:
        verb = _("haperen") if many else _("hapert")
    else:
        verb = _("uitvallen") if many else _("uitvalt")
    return f"{listed(shown)} {time}{verb}"


def _clause(step: Step, part: Part) -> str:
    """Inside a sentence: "hapert na 30 minuten de e-mail", "valt na 4 uur de alarmering brandweer stil"."""
    verb, end = _verb(step, part)
    return f"{verb} {moment(step.minute)} {in_sentence(part.name)} {end}".strip()


def _verb(step: Step, part: Part) -> tuple[str, str]:
    """The verb and what stands at the end of its clause."""
    many = is_plural(part.name)
    if step.after == "degraded":
        return (_("haperen") if many else _("hapert")), ""
    return (_("vallen") if many else _("valt")), (_("stil") if part.kind == "process" else _("uit"))


def _rest(vital: Sequence[Step], told: Sequence[Step], outcome: Outcome) -> Iterator[str]:
    """What else the reader must know: the vital process that is felt first, and how many there are."""
    if not vital:
        yield _("Geen vitaal proces wordt geraakt binnen %(time)s.") % {"time": within(outcome.horizon)}
        return
    soonest, named = vital[0], {step.node for step in told}
    if soonest.node not in named and soonest.minute < min(step.minute for step in told if _vital(step, outcome)):
        part = outcome.parts[soonest.node]
        verb, end = _verb(soonest, part)
        yield capfirst(f"{_early(soonest.minute)} {verb} {in_sentence(part.name)} {end}".strip()) + "."
        named.add(soonest.node)
    if len(vital) > sum(outcome.parts[key].vital for key in named):
        yield _("In totaal worden %(n)d vitale processen geraakt.") % {"n": len(vital)}


def _early(minute: int) -> str:
    return _("al %(moment)s") % {"moment": moment(minute)}


def _vital(step: Step, outcome: Outcome) -> bool:
    return outcome.parts[step.node].vital


def consequence(step: Step, part: Part) -> str:
    """What becomes of a node, in two words: "valt stil", "vallen uit" or "hapert"."""
    return " ".join(_verb(step, part)).strip()


def extent(outcome: Outcome) -> str:
    """How far it goes and when it is over, as the title of the picture."""
    first, origins = outcome.first(), outcome.outages()
    hit = [key for key in first if key not in origins]
    if not hit:
        return _("Buiten het beginpunt verandert er niets")
    vital = sum(outcome.parts[key].vital for key in hit)
    text = ngettext("%(n)d ander onderdeel wordt geraakt", "%(n)d andere onderdelen worden geraakt", len(hit)) % {
        "n": len(hit)
    }
    if vital:
        text += ngettext(", waarvan %(n)d vitaal proces", ", waarvan %(n)d vitale processen", vital) % {"n": vital}
    last = {step.node: step for step in outcome.steps}
    if all(step.after == "up" for step in last.values()):
        return text + _("; na %(time)s werkt alles weer") % {"time": precise_duration(outcome.steps[-1].minute)}
    left = sum(step.after != "up" for step in last.values())
    return text + ngettext(
        "; na %(time)s is %(n)d nog niet hersteld", "; na %(time)s zijn er %(n)d nog niet hersteld", left
    ) % {"time": within(outcome.horizon), "n": left}
