"""Many atoms of one field at once, and keywords over all values: as asking them one by one."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.detection import event_from_record
from brandwacht.engines.detection.atoms import Atom, freeze, holds
from brandwacht.engines.detection.events import MISSING, Event, value_of
from brandwacht.engines.detection.explaining import keyword_fields
from brandwacht.engines.detection.fields import Field, Keywords, Memory
from brandwacht.engines.detection.index import WINDOW, FieldIndex
from tests.engines.detection.support import event

# Letters that are easily mistaken: the Kelvin sign and the dotted İ have their lower case in ASCII, Σ has two, ß one
# that is longer in capitals; half a surrogate pair is no character at all.
LETTERS = "aAbBkK\u212aiI\u0130\u0131éÉßẞσΣςſ\ud800\udc00😀\n\x00\\'\"*?.-1 "
TEXT = st.one_of(st.text(LETTERS, max_size=6), st.text(LETTERS, max_size=6), st.text(max_size=6))
LITERALS = st.one_of(TEXT, st.sampled_from(["k", "K", "\u212a", "i\u0307", "\u0130", "é", "ab", "\ud800", "\\a"]))
PATTERNS = st.sampled_from(
    ["a+b", "^b", "a$", "1|k", "[^a]", ".", "a.b", "^$", "\\\\a", "é", "k", "(?:ab)+", "b{2}", "\\x00", "\\d", "^a$"]
)
FLAGS = st.sampled_from(["", "i", "m", "s", "im", "is", "ims"])


def literal(kind: str, field: str | None, text: str, cased: bool) -> list[Any]:
    return [kind, field, text if cased else text.lower(), cased]


def glob(field: str | None, parts: list[str | int], cased: bool) -> list[Any]:
    return ["glob", field, [part if cased or isinstance(part, int) else part.lower() for part in parts], cased]


PARTS = st.lists(
    st.one_of(LITERALS.filter(lambda text: text and text.isprintable()), st.sampled_from([0, 1])),
    min_size=1,
    max_size=4,
)


def atoms(field: str | None) -> st.SearchStrategy[Atom]:
    """Atoms that a value must hold something for, about this field."""
    names = st.just(field)
    kinds = st.sampled_from(["contains", "starts", "ends", "eq"])
    return st.one_of(
        st.builds(literal, kinds, names, LITERALS, st.booleans()),
        st.builds(literal, kinds, names, LITERALS, st.booleans()),
        st.builds(glob, names, PARTS, st.booleans()),
        st.builds(lambda pattern, flags: ["re", field, pattern, flags], PATTERNS, FLAGS),
        st.sampled_from([["cidr", field, "10.0.0.0/8"], ["cidr", field, "::/0"], ["cmp", field, "gte", 1]]),
    ).map(freeze)


SPECIAL = st.sampled_from(
    [("null", "A"), ("exists", "A", True), ("exists", "A", False), ("part", "A", "hour", "eq", 13)]
)
SCALARS = st.one_of(
    TEXT, TEXT, st.integers(-3, 12), st.booleans(), st.none(), st.sampled_from(["10.1.2.3", "2026-11-22T13:05:00Z"])
)
VALUES = st.one_of(SCALARS, SCALARS, st.lists(SCALARS, max_size=3))


def check(asked: list[Atom], value: object) -> None:
    """The index finds what is true one by one, for a value that is there or `MISSING`."""
    found = FieldIndex((atom, number) for number, atom in enumerate(asked)).true_of(
        None if value is MISSING else value_of(value)
    )
    plain = {number for number, atom in enumerate(asked) if holds(atom, lambda name: value)}
    assert set(found) == plain, [asked[number] for number in found ^ plain]


@settings(max_examples=150)
@given(st.lists(st.one_of(atoms("A"), atoms("A"), SPECIAL), min_size=1, max_size=12), st.lists(VALUES, max_size=4))
def test_the_index_is_as_one_by_one(asked, values):
    check(asked, MISSING)
    for value in values:
        check(asked, value)


@given(
    st.lists(atoms("A"), min_size=1, max_size=6),
    TEXT,
    st.sampled_from(["x", "é", "\u212a", "😀", "\ud800"]),
    st.integers(-8, 8),
    TEXT,
)
def test_long_texts(asked, first, filler, step, last):
    """What stands across the end of a window is found too."""
    lead = (WINDOW + step) // len(filler.lower().encode("utf-8", "surrogatepass"))
    check(asked, first + filler * lead + last)
    check(asked, filler * lead + last + filler * lead)


@pytest.mark.parametrize("text", ["naald", "\u212anaald", "naáld", "nAALD"])
def test_a_literal_at_every_place_around_a_window(text):
    asked = [
        freeze(atom)
        for cased in (False, True)
        for kind in ("contains", "ends", "starts")
        for atom in ([literal(kind, "A", text, cased)])
    ]
    for lead in range(WINDOW - 12, WINDOW + 3):
        check(asked, "x" * lead + text)
        check(asked, text + "x" * lead)
        check(asked, "x" * lead + text + "y" * WINDOW)


def keywords_of(asked: list[Atom]) -> Keywords:
    numbered = [(atom, number) for number, atom in enumerate(asked)]
    return Keywords(Field(numbered, {}, Memory(1 << 20), {}))


def compare_keywords(asked: list[Atom], found: Event) -> None:
    likeness = keywords_of(asked).likeness(found)
    plain = {number for number, atom in enumerate(asked) if keyword_fields(atom, found)}
    assert set(likeness.true if likeness else ()) == plain


FIELDS = st.dictionaries(st.sampled_from(["A", "B", "Level", "Message"]), VALUES, max_size=3)
WINLOGBEAT = st.builds(
    lambda data, level, keywords, message: {
        "winlog": {"event_id": 1, "channel": "x", "event_data": data, "keywords": keywords},
        "log": {"level": level},
        "message": message,
    },
    FIELDS,
    TEXT,
    st.one_of(st.none(), st.lists(TEXT, max_size=2)),
    TEXT,
)


@settings(max_examples=150)
@given(st.lists(atoms(None), min_size=1, max_size=6), FIELDS, WINLOGBEAT)
def test_keywords_are_never_silent_when_one_is_true(asked, fields, winlogbeat):
    for found in (event(fields), event_from_record(1, winlogbeat)):
        compare_keywords(asked, found)


@settings(max_examples=150)
@given(st.lists(LITERALS.filter(bool), min_size=1, max_size=3), FIELDS)
def test_literal_keywords_are_never_silent_when_one_is_true(texts, fields):
    """The way that is silent most: nothing but literals."""
    compare_keywords([("contains", None, text.lower(), False) for text in texts], event(fields))


@pytest.mark.parametrize(
    ("keyword", "fields"),
    [
        ("c:\\temp", {"Data": ["x", "C:\\Temp"]}),
        ('it\'s "so"', {"Data": ['it\'s "so"']}),
        ("a\nb", {"Data": ["a\nb", "x"]}),
        ("k", {"A": "\u212a"}),
        ("i\u0307", {"A": "\u0130"}),
        ("é", {"A": 1, "B": ["É"]}),
        ("12", {"A": 7, "B": 123}),
        ("true", {"A": True}),
    ],
)
def test_keywords_in_odd_values(keyword, fields):
    one = event(fields)
    assert keywords_of([("contains", None, keyword, False)]).likeness(one) is not None
    compare_keywords([("contains", None, keyword, False)], one)


def test_what_is_aside_counts_only_when_the_payload_has_no_such_field():
    data = {"Level": "payload", "A": "x"}
    found = event_from_record(
        1, {"winlog": {"event_id": 1, "event_data": data}, "log": {"level": "aside"}, "message": "words"}
    )
    compare_keywords([("contains", None, "aside", False)], found)
    compare_keywords([("contains", None, "payload", False), ("contains", None, "words", False)], found)
