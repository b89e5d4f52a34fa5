"""Long lists in parts, each from a place in the order on: the pages of every room, and the cursor of the API.

A part starts after the row whose public id stands in the address. So the last part costs what the first one does, rows
that come or go meanwhile make no row show twice, and the address never holds a primary key: that one counts, and so
would tell of rows that the reader may not see.

An order is a sequence of columns, "-" for falling, in any mix; a column may be a boolean, an annotation, or stand on a
row that this one points to ("user__name"). The last column is unique, and none may be empty: SQL gives an empty value
no place, and the two databases each put it at another end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest

from brandwacht.network.requests import public_id_in
from brandwacht.network.tenancy import TenantModel

_M = TypeVar("_M", bound=Model)
_T = TypeVar("_T", bound=TenantModel)
Place = tuple[Any, ...]
"""Where a row stands: its value in each column of the order."""

PAGE: Final = 50
"""Rows on one page of a list."""


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """One page of a list: its rows, whether it is the first, and the address of the next; empty when it is the last."""

    rows: list[_T]
    first: bool
    next_url: str


def page(
    request: HttpRequest,
    rows: QuerySet[_T],
    order: Sequence[str],
    *,
    among: QuerySet[_T] | None = None,
    size: int = PAGE,
) -> Page[_T]:
    """The page of ``rows`` that the address asks for; the address of the next one keeps the other GET fields.

    ``among`` are all rows that the reader may see, so that the list goes on from a row that no longer fits the
    filter; by default ``rows`` itself. From a row that is not there, or is out of reach, the list starts again.
    """
    past = place(rows if among is None else among, order, request.GET.get("after", ""))
    found, more = part(rows, order, past, size)
    if not more:
        return Page(found, past is None, "")
    query = request.GET.copy()
    query["after"] = str(found[-1].public_id)
    return Page(found, past is None, f"?{query.urlencode()}")


def chosen_order(sorts: Mapping[str, Sequence[str]], asked: str) -> tuple[str, ...]:
    """The order of this name in ``sorts``; that of "name" turned round for "-name"; else the order named ""."""
    turned = sorts.get(asked.removeprefix("-"))
    if asked in sorts or turned is None:
        return tuple(sorts.get(asked, sorts[""]))
    return tuple(column[1:] if column.startswith("-") else f"-{column}" for column in turned)


def place(rows: QuerySet[Any], order: Sequence[str], public_id: str) -> Place | None:
    """Where the row with this public id stands; ``None`` when it is not among ``rows``, or the text is no public id."""
    wanted = public_id_in(public_id)
    if wanted is None:
        return None
    columns = (column.removeprefix("-") for column in order)
    found: Place | None = rows.filter(public_id=wanted).order_by().values_list(*columns).first()
    return found


def part(rows: QuerySet[_M], order: Sequence[str], past: Place | None, size: int) -> tuple[list[_M], bool]:
    """The first ``size`` rows in this order, from past a place on, and whether there are more.

    Raises ``ValueError`` for an order that does not give each row a place of its own.
    """
    check_order(rows, order)
    ordered = rows.order_by(*order)
    found = list((ordered if past is None else ordered.filter(beyond(order, past)))[: size + 1])
    return found[:size], len(found) > size


def check_order(rows: QuerySet[Any], order: Sequence[str]) -> None:
    """Raise ``ValueError`` when a column of ``order`` may be empty, or the last one is not unique.

    Of an annotation only the value at hand can tell; ``part`` sees to that.
    """
    for column in order:
        name = column.removeprefix("-")
        if name not in rows.query.annotations and any(field.null for field in _path(rows.model, name)):
            raise ValueError(f"{rows.model.__name__} cannot be paged by {name}: it may be empty.")
    last = _path(rows.model, order[-1].removeprefix("-"))
    if len(last) > 1 or not last[0].unique:
        raise ValueError(f"{rows.model.__name__} cannot be paged by {', '.join(order)}: the last column is not unique.")


def _path(model: Any, name: str) -> list[Field[Any, Any]]:
    """The fields from a model to a column: one, or more when it stands on another row."""
    first, _step, rest = name.partition("__")
    field = model._meta.pk if first == "pk" else model._meta.get_field(first)
    return [field, *_path(field.related_model, rest)] if rest else [field]


def beyond(order: Sequence[str], past: Place) -> Q:
    """What comes after a place: equal in the first columns, further in the next. For lists of more than one table."""
    further, equal = Q(), Q()
    for column, value in zip(order, past, strict=True):
        name = column.removeprefix("-")
        falling = column.startswith("-")
        if value is None:
            raise ValueError(f"A row cannot be paged by {name}: it is empty.")
        if isinstance(value, bool):
            # A boolean has no order in a condition; there is one step, and only from the value that comes first.
            if value is falling:
                further |= equal & Q(**{name: not value})
        else:
            further |= equal & Q(**{f"{name}__{'lt' if falling else 'gt'}": value})
        equal &= Q(**{name: value})
    return further
