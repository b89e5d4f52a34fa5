"""Reading STIX 2.1 from others: what is right is taken whole, what is wrong is named, nothing is lost on the way.

reading = read_stix(data)                      # a bundle, a TAXII envelope or one object
reading.objects[0].shape.name                  # typed
reading.objects[0].whole()["x_theirs"]         # what we do not know is still there
write_bundle(reading.objects, bundle_id)       # and goes out as it came in
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from ..marking import Marking, Stated, stated_on, strictest
from ..words import in_dutch
from .common import Shape, Versioned
from .rules import broken_rules
from .shapes import SHAPES, MarkingDefinition


class InvalidStix(ValueError):
    """Data that is no STIX at all; the message is Dutch."""


class Problem(NamedTuple):
    """What is wrong with one object, in Dutch: its number (from 1), its id as given (else its type), and the property.

    `path` is as `hashes.MD5`; empty for the whole object.
    """

    number: int
    id: str
    path: str
    message: str

    @property
    def sentence(self) -> str:
        """The whole of it, fit to show."""
        where = f"Object {self.number}" + (f" ({self.id})" if self.id else "")
        return f"{where}, {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class StixObject:
    """One object: typed in `shape`, and as it came in `raw`, with every property that we do not know.

    `raw` is JSON in UTF-8: what was given, each property once, without white space.
    """

    shape: Shape
    raw: bytes

    @property
    def id(self) -> str:
        """Its id, `type--uuid`."""
        return self.shape.id

    @property
    def type(self) -> str:
        """Its type, for example `indicator`."""
        return self.shape.type

    @property
    def version(self) -> datetime | None:
        """When this version was made, with a time zone; None for a fact without versions (an observable)."""
        if isinstance(self.shape, Versioned):
            return self.shape.modified
        return self.shape.created if isinstance(self.shape, MarkingDefinition) else None

    def whole(self) -> dict[str, Any]:
        """All its properties, also those that we do not know; a fresh dictionary at each call."""
        found: dict[str, Any] = msgspec.json.decode(self.raw)
        return found


class Reading(NamedTuple):
    """What was taken, in the order given, and what was left out with the reasons."""

    objects: list[StixObject]
    problems: list[Problem]

    def stated(self) -> list[Stated]:
        """What every object says of its own marking, in order, with the marking definitions that came along."""
        definitions = self._definitions()
        return [stated_on(_markings(each), definitions) for each in self.objects]

    def marking(self) -> Marking:
        """The effective marking of all together: the strictest; who says nothing counts as AMBER+STRICT."""
        return strictest(
            stated.marking()
            for each, stated in zip(self.objects, self.stated(), strict=True)
            if not isinstance(each.shape, MarkingDefinition)
        )

    def _definitions(self) -> dict[str, Mapping[str, object]]:
        return {each.id: each.whole() for each in self.objects if isinstance(each.shape, MarkingDefinition)}


class _Holder(msgspec.Struct):
    type: str | None = None
    objects: list[msgspec.Raw] | None = None


class _Peek(msgspec.Struct):
    type: str
    id: Any = None


_HOLDER: Final = msgspec.json.Decoder(_Holder)
_PEEK: Final = msgspec.json.Decoder(_Peek)
_ANY: Final = msgspec.json.Decoder()
_ENCODER: Final = msgspec.json.Encoder()
_DECODERS: Final = {kind: msgspec.json.Decoder(shape) for kind, shape in SHAPES.items()}
_OTHER: Final = msgspec.json.Decoder(Shape)
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,248}[a-z0-9]")
_FAILURES: Final = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


def read_stix(data: bytes | str) -> Reading:
    """Read a bundle, a TAXII envelope (`{"objects": [...]}`) or one object. Raises InvalidStix when it is none.

    An object with an error is left out and named; others are taken. Properties that we do not know are kept.
    """
    try:
        content = data.encode() if isinstance(data, str) else data
        holder = _HOLDER.decode(content)
    except (*_FAILURES, UnicodeEncodeError) as error:
        raise InvalidStix(f"Dit is geen STIX. {in_dutch(error)[1]}") from None
    if holder.objects is not None and holder.type in (None, "bundle"):
        given: Iterable[bytes | msgspec.Raw] = holder.objects
    elif holder.type == "bundle":
        given = ()
    elif holder.type is not None:
        given = (content,)
    else:
        raise InvalidStix("Dit is geen STIX: er staat geen lijst met objecten (objects) in en geen soort (type).")
    objects, problems = [], []
    for number, raw in enumerate(given, start=1):
        found = _read(number, raw)
        if isinstance(found, StixObject):
            objects.append(found)
        else:
            problems += found
    return Reading(objects, problems)


def check_stix(thing: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with an object of our own before it goes out; empty when it is right."""
    found = _read(1, _ENCODER.encode(thing))
    return [] if isinstance(found, StixObject) else found


def read_stored(raw: bytes) -> StixObject:
    """An object that was read before, from its `raw`: typed again without asking what was asked then.

    Raises InvalidStix when it is no such object.
    """
    try:
        return StixObject(_DECODERS.get(_PEEK.decode(raw).type, _OTHER).decode(raw), raw)
    except _FAILURES as error:
        raise InvalidStix(f"Dit is geen STIX. {in_dutch(error)[1]}") from None


def write_bundle(objects: Iterable[StixObject], bundle_id: str) -> bytes:
    """A bundle with the objects as they came in. `bundle_id` is `bundle--` and a UUID."""
    parts = b",".join(each.raw for each in objects)
    head = _ENCODER.encode({"type": "bundle", "id": bundle_id})[:-1]
    return head + (b',"objects":[' + parts + b"]}" if parts else b"}")


def _read(number: int, given: bytes | msgspec.Raw) -> StixObject | list[Problem]:
    kind = own_id = ""
    try:
        peek = _PEEK.decode(given)
        kind, own_id = peek.type[:250], peek.id[:300] if isinstance(peek.id, str) else ""
        shape = _DECODERS.get(kind, _OTHER).decode(given)
        raw = _ENCODER.encode(_ANY.decode(given))
    except _FAILURES as error:
        return [Problem(number, own_id or kind, *in_dutch(error))]
    found = list(_odd(kind, raw)) or list(broken_rules(shape))
    if found:
        return [Problem(number, own_id or kind, *each) for each in found]
    return StixObject(shape, raw)


def _odd(kind: str, raw: bytes) -> Iterator[tuple[str, str]]:
    if kind == "bundle":
        yield "type", "Een bundel in een bundel kan niet."
    elif not _TYPE.fullmatch(kind):
        yield "type", "Een soort heeft alleen kleine letters, cijfers en streepjes."
    if b"\\u0000" in raw and _NUL.search(raw):
        yield "", "Hierin staat een onzichtbaar teken (NUL) dat niet kan worden bewaard."


def _markings(thing: StixObject) -> dict[str, object]:
    refs: list[object] = [*thing.shape.object_marking_refs]
    refs += [part.marking_ref for part in thing.shape.granular_markings]
    return {"object_marking_refs": refs}
