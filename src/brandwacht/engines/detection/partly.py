"""Records of which only a part is read, since most events match nothing.

Reading with `msgspec` into types skips what they do not name, which takes half the time of reading all. The event is
the one that the whole record gives: what does not fit the types is left to who reads it as a whole.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Annotated, Any, Final, cast

import msgspec
import orjson

from brandwacht.engines.detection.events import MAX_CHANNEL, Unread


class Partly(Unread):
    """An event of which a part was read; the record is (what was read, the JSON it is from)."""

    __slots__ = ()

    def _read_raw(self) -> dict[str, Any]:
        return cast("dict[str, Any]", whole(self._record[1]))


_MOST: Final = 2**63 - 1
Fitting = Annotated[int, msgspec.Meta(ge=-_MOST, le=_MOST)]
"""A whole number that `fits`."""
ChannelName = Annotated[str, msgspec.Meta(max_length=MAX_CHANNEL)]


def fits(number: int) -> bool:
    """Whether a number is what the reader of the whole makes of it: to that one, larger numbers are floats."""
    return number.bit_length() < 64


def whole(text: bytes | str) -> Any:
    """What a text of JSON says, with a number that is beyond all bounds as its text. Raises ``ValueError``."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # such a number may stand in a part that was not looked at
        return json.loads(text, parse_float=_within_bounds, parse_int=_within_bounds)


def decoded(part: msgspec.Raw) -> object:
    """A part that was left as it stands; nothing when it cannot be read, as for all that nobody asks for."""
    try:
        return whole(bytes(part)) if part else None
    except (ValueError, RecursionError):
        return None


def _within_bounds(text: str) -> int | float | str:
    """The number, or its text when no float can hold it."""
    value = float(text)
    if not isfinite(value):
        return text
    return value if not text.removeprefix("-").isdigit() else int(text)
