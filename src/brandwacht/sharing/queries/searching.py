"""The one way to search in this room: every word must be somewhere in a thing that the reader may see.

Words are looked for anywhere in the text, also within longer words: an indicator is found by a part of it, which an
index of whole words cannot do. At ten thousand things that costs less than a fifth of a second. Of a JSON column the
values are searched, not the keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from django.db.models import JSONField, Model, Q, QuerySet

from brandwacht.engines.intel import InvalidIndicator, parse_indicator, refang
from brandwacht.network.readable_json import holding_value

_M = TypeVar("_M", bound=Model)
MOST_WORDS: Final = 10
MOST_SUGGESTIONS: Final = 8
SHORTEST_SEARCH: Final = 2
"""Characters from which words are suggested."""


def holding(
    rows: QuerySet[_M],
    text: str,
    *,
    named: Sequence[str],
    within: Sequence[str] = (),
    indicators: str = "",
    number: str = "",
    gone: Q | None = None,
) -> QuerySet[_M]:
    """Those of ``rows`` that hold every word of ``text``.

    ``named`` are fields that are always searched; those in ``within`` and ``indicators`` (also written unclickably) not
    in rows that are ``gone``, of which the content is no longer shown. ``number`` is a field with a public number,
    found as "48213", "VR-ISAC-48213" and "VR-ISAC-D48213" alike.
    """
    for word in text.split()[:MOST_WORDS]:
        found = _any(rows, named, word)
        digits = word.rpartition("-")[2].lstrip("DdPp")
        if number and digits.isdecimal() and len(digits) <= 9:
            found |= Q(**{number: int(digits)})
        inside = _any(rows, within, word)
        if indicators:
            inside |= holding_value(indicators, _as_kept(word), "value")
        rows = rows.filter(found | (inside if gone is None else inside & ~gone))
    return rows


def _any(rows: QuerySet[_M], fields: Sequence[str], word: str) -> Q:
    found: Q = Q()
    for name in fields:
        in_json = isinstance(rows.model._meta.get_field(name), JSONField)
        found |= holding_value(name, word) if in_json else Q(**{f"{name}__icontains": word})
    return found


def _as_kept(word: str) -> str:
    try:
        return parse_indicator(word).value
    except InvalidIndicator:
        return refang(word)


def fitting(words: Iterable[Iterable[str]], text: str) -> list[str]:
    """Of the words of each row those that hold the text, each once, at most eight."""
    found: dict[str, None] = {}
    for row in words:
        found |= {word: None for word in row if text.casefold() in word.casefold()}
    return list(found)[:MOST_SUGGESTIONS]
