"""Two outcomes beside each other: what falls in the one and not in the other, what falls sooner or for longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.wording import precise_duration
from brandwacht.riskmap.cascades.outcome import Outcome, Part
from brandwacht.riskmap.words.sentences import moment

LEVEL = {"up": 0, "degraded": 1, "down": 2}


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to a node in one outcome: its worst state, when it is first hit, and for how many minutes.

    ``down`` and ``hit`` count minutes within the outcome's horizon; ``hit`` includes ``down``. ``first`` is ``None``
    when nothing happens.
    """

    worst: str
    first: int | None
    down: int
    hit: int

    @property
    def when(self) -> str:
        """When it is first hit, in words."""
        return "" if self.first is None else moment(self.first)


@dataclass(frozen=True, slots=True)
class Row:
    """A node that at least one of the outcomes hits. ``told`` is the difference in words, "" when there is none."""

    part: Part
    left: Fate
    right: Fate
    told: str

    @property
    def weight(self) -> tuple[int, int]:
        """How much worse the right is than the left: in states, and in minutes of being hit."""
        return LEVEL[self.right.worst] - LEVEL[self.left.worst], self.right.hit - self.left.hit


@dataclass(frozen=True, slots=True)
class Sums:
    """An outcome in numbers: processes that stop or falter, those of them that are vital, and their minutes together.

    ``first`` is the minute in which the first vital process is hit, ``None`` when none is.
    """

    stopped: int
    faltering: int
    vital: int
    down: int
    hit: int
    first: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two outcomes within the same ``horizon`` (minutes): their sums, and the nodes by what differs."""

    horizon: int
    left: Sums
    right: Sums
    only_left: Sequence[Row]
    only_right: Sequence[Row]
    differing: Sequence[Row]
    same: int

    @property
    def finding(self) -> str:
        """What matters most, as one sentence about the processes."""
        stopped = self.right.stopped - self.left.stopped
        if stopped > 0:
            told = ngettext(
                "Rechts ligt %(n)d proces meer stil dan links.",
                "Rechts liggen %(n)d processen meer stil dan links.",
                stopped,
            )
            return told % {"n": stopped}
        if stopped < 0:
            told = ngettext(
                "Rechts ligt %(n)d proces minder stil dan links.",
                "Rechts liggen %(n)d processen minder stil dan links.",
                -stopped,
            )
            return told % {"n": -stopped}
        minutes = self.right.hit - self.left.hit
        if minutes:
            longer = _("Er liggen evenveel processen stil; rechts duurt de hinder samen %(time)s langer.")
            shorter = _("Er liggen evenveel processen stil; rechts duurt de hinder samen %(time)s korter.")
            return (longer if minutes > 0 else shorter) % {"time": precise_duration(abs(minutes))}
        if self.only_left or self.only_right or self.differing:
            return _("Voor de processen maakt het geen verschil; voor andere onderdelen wel.")
        return _("De twee uitkomsten zijn gelijk.")


def compare(left: Outcome, right: Outcome) -> Comparison:
    """The two outcomes beside each other, as far as both look ahead."""
    horizon = min(left.horizon, right.horizon)
    parts = {key: part for key, part in left.parts.items() if left.of(key)}
    parts |= {key: part for key, part in right.parts.items() if right.of(key)}
    rows = []
    for key, part in parts.items():
        a, b = fate(left, key, horizon), fate(right, key, horizon)
        if a.first is not None or b.first is not None:
            rows.append(Row(part, a, b, _told(a, b)))
    rows.sort(key=lambda row: (row.part.kind != "process", not row.part.vital, row.part.name))
    both = [row for row in rows if row.left.first is not None and row.right.first is not None]
    return Comparison(
        horizon,
        _sums([(row.part, row.left) for row in rows]),
        _sums([(row.part, row.right) for row in rows]),
        [row for row in rows if row.right.first is None],
        [row for row in rows if row.left.first is None],
        [row for row in both if row.told],
        sum(not row.told for row in both),
    )


def fate(outcome: Outcome, key: str, horizon: int) -> Fate:
    """What happens to one node within ``horizon`` minutes."""
    state, since = "up", 0
    worst, first = "up", None
    spent = {"up": 0, "degraded": 0, "down": 0}
    for step in outcome.of(key):
        if step.minute >= horizon:
            break
        spent[state] += step.minute - since
        state, since = step.after, step.minute
        worst = max(worst, state, key=LEVEL.__getitem__)
        if first is None and state != "up":
            first = step.minute
    spent[state] += horizon - since
    return Fate(worst, first, spent["down"], spent["down"] + spent["degraded"])


def _told(a: Fate, b: Fate) -> str:
    """What the right differs from the left, in words; "" when nothing."""
    if a.first is None or b.first is None:
        return _("alleen rechts") if a.first is None else _("alleen links")
    told = []
    if LEVEL[b.worst] != LEVEL[a.worst]:
        told.append(
            _("valt rechts uit, links hapert het") if b.worst == "down" else _("hapert rechts, links valt het uit")
        )
    if b.first != a.first:
        time = precise_duration(abs(b.first - a.first))
        told.append((_("rechts %(time)s later") if b.first > a.first else _("rechts %(time)s eerder")) % {"time": time})
    if b.hit != a.hit:
        time = precise_duration(abs(b.hit - a.hit))
        told.append((_("rechts %(time)s langer") if b.hit > a.hit else _("rechts %(time)s korter")) % {"time": time})
    return ", ".join(told)


def _sums(fates: Sequence[tuple[Part, Fate]]) -> Sums:
    processes = [(part, each) for part, each in fates if part.kind == "process" and each.first is not None]
    vital = [each.first for part, each in processes if part.vital and each.first is not None]
    return Sums(
        stopped=sum(each.worst == "down" for _part, each in processes),
        faltering=sum(each.worst == "degraded" for _part, each in processes),
        vital=len(vital),
        down=sum(each.down for _part, each in processes),
        hit=sum(each.hit for _part, each in processes),
        first=min(vital, default=None),
    )
