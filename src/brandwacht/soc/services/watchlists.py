"""The lists of indicators that watch over an organisation, and what a hit may tell to whom.

A SOC's list watches over the organisations that gave it a mandate, but its values are not theirs to see. A hit says
what it rests on only as far as the label of the list lets the organisation know; a TLP:RED list watches over nobody
but its owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.engines.detection import Event, Match
from brandwacht.engines.detection.indicators import IndicatorSet
from brandwacht.engines.detection.sightings import IndicatorHit, IndicatorHolder, IndicatorWatch
from brandwacht.engines.intel import TLP, Kind
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.queries.ndn import feeding
from brandwacht.soc.models import IndicatorList, ListState
from brandwacht.soc.services.indicator_sets import load

PREFIX: Final = "kenmerk:"
"""Begins the identifier under which a hit is filed; the public id of the list follows."""
OPEN_TO_ALL: Final = frozenset({TLP.CLEAR, TLP.GREEN})
FAIRLY: Final = 50
"""From this confidence on a hit has level "midden"; what more it is worth is added to the sum (``severity``)."""
MAX_TOLD: Final = 10
_FROM: Final = {
    "knooppunt": gettext_lazy("het landelijk knooppunt"),
    "kring": gettext_lazy("de kring"),
}
OPEN_IN_FEED: Final = frozenset({TLP.CLEAR, TLP.GREEN, TLP.AMBER})
"""Of what a circle feeds: whoever watches under a mandate reads the alerts too, and TLP:AMBER+STRICT stays within the
organisation, so that the value itself is not told then."""


@dataclass(slots=True)
class ListMatch(Match):
    """The hit of a list, as a match like that of a rule; ``confidence`` (0-100) is that of its surest value.

    ``circle`` is whose feed it came from (primary key; 0 for a list by hand), ``keys`` point at its indicators there.
    """

    confidence: int = 0
    circle: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """One list with its values; ``open`` when what it holds may be told to the organisation that is watched.

    ``via`` and ``circle`` say which way what a circle feeds came, and whose it is.
    """

    public_id: str
    name: str
    confidence: int
    valid_until: datetime
    open: bool
    values: IndicatorSet
    tlp: str = ""
    via: str = ""
    circle: int = 0

    def told(self, found: Iterable[IndicatorHit], moment: datetime | None) -> ListMatch | None:
        """The hit of this list on an event of this moment, as a match like that of a rule.

        ``found`` is what the list knows of the event; what ended before the event is left out, and so may be all.
        """
        if moment is not None and moment >= self.valid_until:
            return None
        by_value: dict[str, IndicatorHit] = {}
        for hit in found:
            if not hit.indicator.has_ended(moment):
                by_value.setdefault(hit.observed, hit)
        return self._match(list(by_value.values())) if by_value else None

    def _match(self, hits: Sequence[IndicatorHit]) -> ListMatch:
        given = [hit.indicator.confidence for hit in hits]
        sure = max(self.confidence if one is None else one for one in given)
        level = "medium" if sure >= FAIRLY else "low"
        told = {"name": self.name, "from": _FROM.get(self.via, ""), "tlp": self.tlp}
        if self.via:
            title = _("Bekend kenmerk van een dreiging, via %(from)s (%(tlp)s)") % told
        elif self.open:
            title = _("Bekend kenmerk van een dreiging, uit de lijst “%(name)s”") % told
        else:
            title = _("Bekend kenmerk van een dreiging, uit een vertrouwelijke lijst")
        matched: dict[str, object] = {}
        if self.open:
            because = tuple(self._told(hit) for hit in hits[:MAX_TOLD])
            matched = {hit.field: hit.observed for hit in hits[:MAX_TOLD]}
        elif self.via:
            because = (_("Een waarde in deze gebeurtenis is een kenmerk via %(from)s, met %(tlp)s.") % told,)
        else:
            because = (_("Een waarde in deze gebeurtenis staat op een vertrouwelijke lijst van uw SOC."),)
        keys = tuple({hit.indicator.id: None for hit in hits}) if self.via else ()
        return ListMatch(f"{PREFIX}{self.public_id}", title, level, (), matched, (), because, sure, self.circle, keys)

    def _told(self, hit: IndicatorHit) -> str:
        facts = {
            "field": hit.field, "value": hit.observed, "name": self.name, "from": _FROM.get(self.via, ""),
            "tlp": self.tlp,
        }  # fmt: skip
        if self.via:
            return _("%(field)s bevat “%(value)s”; dit kenmerk kwam via %(from)s, met %(tlp)s") % facts
        return _("%(field)s bevat “%(value)s”; dit kenmerk staat op de lijst “%(name)s”") % facts


class Watchlists:
    """All lists that watch over one organisation. Not for use by several threads at once."""

    def __init__(self, lists: Iterable[Watched] = ()) -> None:
        self._lists = tuple(lists)
        self._watch = IndicatorWatch(IndicatorHolder(*(each.values for each in self._lists)))

    def __bool__(self) -> bool:
        return bool(self._lists)

    def match(self, events: Sequence[Event]) -> dict[int, list[Match]]:
        """The hits by the position of their event, at most one per list; only events that have any."""
        found: dict[int, list[Match]] = {}
        for position, hits in self._watch.match(events).items():
            moment = events[position].time
            for place, each in enumerate(self._lists):
                match = each.told((hit for hit in hits if hit.place == place), moment)
                if match is not None:
                    found.setdefault(position, []).append(match)
        return found


def watchlists(organisation_id: int, owners: Sequence[int], now: datetime) -> Watchlists:
    """The lists that work at ``now`` over this organisation: those of ``owners``, and of the circles that feed it."""
    found = (watched(row, organisation_id) for row in working_lists(organisation_id, owners, now))
    return Watchlists(each for each in found if each is not None)


def working_lists(organisation_id: int, owners: Sequence[int], now: datetime) -> list[IndicatorList]:
    """The rows of those lists. A circle has no lists but those that it feeds to who is connected."""
    reach = {*owners, *feeding(organisation_id, now)}
    with owner_scope(*reach):
        rows = IndicatorList.objects.filter(state=ListState.ACTIVE, valid_until__gt=now, version__gt=0)
        return list(rows.filter(organisation_id__in=sorted(reach)).order_by("pk"))


def watched(row: IndicatorList, organisation_id: int) -> Watched | None:
    """A list as it watches over this organisation; ``None`` when it does not."""
    own = row.organisation_id == organisation_id
    label = TLP.parse(row.tlp)
    if label is TLP.RED and not own:
        return None
    values = load(str(row.public_id), row.version)
    tells = own or label in (OPEN_IN_FEED if row.via else OPEN_TO_ALL)
    return Watched(
        str(row.public_id), row.name, row.confidence, row.valid_until, tells, values, row.tlp, row.via,
        row.organisation_id if row.via else 0,
    )  # fmt: skip


def kinds_in_dutch(counts: dict[str, int]) -> list[tuple[str, int]]:
    """How many values of each kind, by the name of the kind, most first."""
    known = {kind.value: kind.dutch for kind in Kind}
    rows = ((known.get(kind, kind), number) for kind, number in counts.items())
    return sorted(rows, key=lambda row: (-row[1], row[0]))
