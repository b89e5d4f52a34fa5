"""Reads of searches: runs and their results, saved searches, and the traces of others in one's own events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import owners, visible
from brandwacht.network.wording import listed
from brandwacht.soc.models import HuntRun, HuntTrace, SavedHunt
from brandwacht.soc.store import layout, results
from brandwacht.soc.store.results import Standing

PAGE: Final = 100
LATEST: Final = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a result; ``number`` is its place in the result, from 0."""

    number: int
    values: list[Any]


def searchable(actor: Actor) -> list[Organisation]:
    """The organisations in whose events the actor may search now: the own one first."""
    found = Organisation.objects.filter(pk__in=sorted(owners(actor, "soc.hunt"))).order_by("name")
    return sorted(found, key=lambda organisation: organisation.pk != actor.organisation_id)


def has_events(organisations: list[Organisation]) -> bool:
    """Whether anything is stored of any of these organisations."""
    stored = set(layout.owners_stored())
    return any(organisation.code in stored for organisation in organisations)


def hunt_runs(actor: Actor) -> QuerySet[HuntRun]:
    """The searches of the actor's organisation; order them by ``("-started_at", "-id")``."""
    rows: QuerySet[HuntRun] = HuntRun.objects.filter(visible(actor, "soc.hunt.runs"))
    return rows.select_related("saved")


def hunt_run(actor: Actor, public_id: Any) -> HuntRun:
    """One search; raises ``NotFound``."""
    found = hunt_runs(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def saved_hunts(actor: Actor) -> QuerySet[SavedHunt]:
    """The saved searches of the actor's organisation."""
    rows: QuerySet[SavedHunt] = SavedHunt.objects.filter(visible(actor, "soc.hunt.runs"))
    return rows


def saved_hunt(actor: Actor, public_id: Any) -> SavedHunt:
    """One saved search; raises ``NotFound``."""
    found = saved_hunts(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def traces(actor: Actor) -> QuerySet[HuntTrace]:
    """Searches by others in the events of the actor's organisation; order them by ``("-at", "-id")``."""
    rows: QuerySet[HuntTrace] = HuntTrace.objects.filter(visible(actor, "soc.hunt.traces"))
    return rows.select_related("by_organisation")


def reached(actor: Actor, of: HuntRun) -> list[Organisation]:
    """The organisations that a search looked into, by code.

    Raises ``Refused`` when the actor may no longer search in one of them: an ended mandate takes the result along.
    """
    found = list(Organisation.objects.filter(code__in=of.reach).order_by("code"))
    reach = owners(actor, "soc.hunt")
    gone = [organisation.full_name for organisation in found if organisation.pk not in reach]
    if gone or len(found) < len(of.reach):
        names = listed(gone) or _("een organisatie die er niet meer is")
        raise Refused(
            _("Dit resultaat is niet meer in te zien: uw mandaat is geëindigd voor %(names)s. Zoek opnieuw.")
            % {"names": names}
        )
    return found


def hunt_standing(of: HuntRun, now: datetime) -> Standing | None:
    """How far a search is, or how it ended; ``None`` when its result is no longer kept."""
    found = results.standing_of(of.public_id)
    return None if found is None or found.is_silent(now) else found


def result_rows(actor: Actor, of: HuntRun, start: int = 0, count: int = PAGE, sort: str = "") -> list[Row]:
    """Rows of a result from ``start`` on. ``sort`` is "k" and the number of a column, with "-" before it for falling.

    Raises ``Refused`` as ``reached`` does.
    """
    reached(actor, of)
    column = _column(sort)
    if column is None:
        rows = results.rows_of(of.public_id, start, start + count)
        return [Row(start + n, values) for n, values in enumerate(rows)]
    every = [Row(n, values) for n, values in enumerate(results.rows_of(of.public_id))]
    every.sort(key=lambda row: _order(row.values, column), reverse=sort.startswith("-"))
    return every[start : start + count]


def result_row(actor: Actor, of: HuntRun, number: int) -> Row:
    """One row of a result; raises ``NotFound``, or ``Refused`` as ``reached`` does."""
    found = result_rows(actor, of, number, 1) if number < 10**6 else []
    if not found:
        raise NotFound
    return found[0]


def all_rows(actor: Actor, of: HuntRun) -> Iterator[list[Any]]:
    """Every row that was kept; raises ``Refused`` as ``reached`` does."""
    reached(actor, of)
    return results.rows_of(of.public_id)


def _column(sort: str) -> int | None:
    digits = sort.removeprefix("-").removeprefix("k")
    return int(digits) if sort and digits.isdecimal() and len(digits) < 4 else None


def _order(values: Sequence[Any], column: int) -> tuple[int, float, str]:
    """Numbers before texts, what is empty first."""
    value = values[column] if column < len(values) else None
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, str(value).lower())
