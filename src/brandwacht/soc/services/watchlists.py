"""The lists of indicators that watch over an organisation, and what a hit may tell to whom.

A SOC's list watches over the organisations that gave it a mandate, but its values are not theirs to see. A hit says
what it rests on only as far as the label of the list lets the organisation know; a TLP:RED list watches over nobody
but its owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.engines.detection import Event, Match
from brandwacht.engines.intel import TLP, Kind
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.models import IndicatorList, ListState
from brandwacht.soc.services.indicator_sets import Hit, IndicatorSet, load

PREFIX: Final = "kenmerk:"
"""Begins the identifier under which a hit is filed; the public id of the list follows."""
OPEN_TO_ALL: Final = frozenset({TLP.CLEAR, TLP.GREEN})
SURE: Final = 80
FAIRLY: Final = 50
"""From this confidence on a hit is of severity "hoog", or "midden"."""
MAX_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class Watched:
    """One list with its values; ``open`` when what it holds may be told to the organisation that is watched."""

    public_id: str
    name: str
    confidence: int
    valid_until: datetime
    open: bool
    values: IndicatorSet

    def match(self, event: Event) -> list[Match]:
        """The hit of this list on an event, as a match like that of a rule; none or one."""
        hits = self.values.find(event)
        if not hits or (event.time is not None and event.time >= self.valid_until):
            return []
        return [self._told(hits[:MAX_TOLD])]

    def _told(self, hits: Sequence[Hit]) -> Match:
        sure = max(self.confidence if hit.item.confidence is None else hit.item.confidence for hit in hits)
        level = "high" if sure >= SURE else "medium" if sure >= FAIRLY else "low"
        if self.open:
            title = _("Bekend kenmerk van een dreiging, uit de lijst “%(name)s”") % {"name": self.name}
            because = tuple(
                _("%(field)s bevat “%(value)s”; dit kenmerk staat op de lijst “%(name)s”")
                % {"field": hit.field, "value": hit.value, "name": self.name}
                for hit in hits
            )
            matched: dict[str, object] = {hit.field: hit.value for hit in hits}
        else:
            title = _("Bekend kenmerk van een dreiging, uit een vertrouwelijke lijst")
            because = (_("Een waarde in deze gebeurtenis staat op een vertrouwelijke lijst van uw SOC."),)
            matched = {}
        return Match(f"{PREFIX}{self.public_id}", title, level, (), matched, (), because)


@dataclass(frozen=True, slots=True)
class Watchlists:
    """All lists that watch over one organisation."""

    lists: tuple[Watched, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lists)

    def match(self, event: Event) -> list[Match]:
        """The hits on an event, at most one per list."""
        return [match for each in self.lists for match in each.match(event)]


def watchlists(organisation_id: int, owners: Sequence[int], now: datetime) -> Watchlists:
    """The lists of ``owners`` that work at ``now``, as they watch over this organisation."""
    with owner_scope(*owners):
        rows = list(
            IndicatorList.objects.filter(state=ListState.ACTIVE, valid_until__gt=now, version__gt=0).order_by("pk")
        )
    found = (watched(row, organisation_id) for row in rows)
    return Watchlists(tuple(each for each in found if each is not None))


def watched(row: IndicatorList, organisation_id: int) -> Watched | None:
    """A list as it watches over this organisation; ``None`` when it does not."""
    own = row.organisation_id == organisation_id
    label = TLP.parse(row.tlp)
    if label is TLP.RED and not own:
        return None
    values = load(str(row.public_id), row.version)
    return Watched(str(row.public_id), row.name, row.confidence, row.valid_until, own or label in OPEN_TO_ALL, values)


def kinds_in_dutch(counts: dict[str, int]) -> list[tuple[str, int]]:
    """How many values of each kind, by the name of the kind, most first."""
    known = {kind.value: kind.dutch for kind in Kind}
    rows = ((known.get(kind, kind), number) for kind, number in counts.items())
    return sorted(rows, key=lambda row: (-row[1], row[0]))
