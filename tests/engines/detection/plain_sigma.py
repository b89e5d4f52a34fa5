"""Sigma rules, evaluated the plainest way: the oracle of these tests.

Written from the Sigma specification 2.1 (rules, and the appendix on modifiers), straight from the YAML of a rule, with
the standard library alone: nothing here comes from pySigma or from the engine. It is slow and it is meant to be read.

    question = plain_rule(yaml.safe_load(text))
    question(Seen({"Image": "C:\\cmd.exe"}))

Where the specification leaves a choice, this is the choice (docs/detection-differences.md gives the reasons):

- a list in an event has a value when any of its items has it; it is null when it holds a null;
- text is compared after `str.lower`; a number by its shortest decimal text; a boolean as true or false;
- an absent field is null, is not equal to anything, and so does differ (`neq`) from everything;
- keywords are sought in the values of the payload, each by itself;
- a field with an empty list of values must be null;
- `windash` is about a dash or slash that begins a word;
- moments are taken in UTC.
"""

from __future__ import annotations

import base64
import itertools
import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

ANY, ONE = "any number of characters", "exactly one character"
DASHES = "-/–—―"
UNITS = ("minute", "hour", "day", "week", "month", "year")
COMPARE = {
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
}
ENCODINGS = {"wide": "utf-16-le", "utf16le": "utf-16-le", "utf16be": "utf-16-be", "utf16": "utf-16"}


class InvalidRule(ValueError):
    """What the specification does not know."""


@dataclass
class Seen:
    """An event: what a rule finds under a field name; `words` are the values to seek keywords in (default: all)."""

    fields: Mapping[str, Any]
    words: Sequence[Any] | None = None

    def __post_init__(self) -> None:
        words = self.fields.values() if self.words is None else self.words
        self.texts = {name: texts(value) for name, value in self.fields.items()}
        self.texts[""] = [text for value in words for text in texts(value)]


Question = Callable[[Seen], bool]
Test = Callable[[str], bool]


def plain_rule(document: Mapping[str, Any], lists: Mapping[str, Sequence[str]] | None = None) -> Question:
    """The detection of one rule; `lists` fills the placeholders of `expand`."""
    detection = dict(document["detection"])
    conditions = detection.pop("condition")
    detection.pop("timeframe", None)
    selections = {name: selection(value, lists or {}) for name, value in detection.items()}
    asked = [
        Condition(text, selections).question()
        for text in (conditions if isinstance(conditions, list) else [conditions])
    ]
    return lambda seen: any(question(seen) for question in asked)


# The condition: or binds least, then and, then not, then "x of", then parentheses.


class Condition:
    """A condition, read from left to right."""

    def __init__(self, text: str, selections: Mapping[str, Question]) -> None:
        self.words = re.findall(r"[()]|[^\s()]+", text)
        self.selections = selections

    def question(self) -> Question:
        found = self.either()
        if self.words:
            raise InvalidRule(f"left over: {self.words}")
        return found

    def next_is(self, *words: str) -> bool:
        return bool(self.words) and self.words[0] in words

    def either(self) -> Question:
        parts = [self.both()]
        while self.next_is("or"):
            self.words.pop(0)
            parts.append(self.both())
        return lambda seen: any(part(seen) for part in parts)

    def both(self) -> Question:
        parts = [self.negated()]
        while self.next_is("and"):
            self.words.pop(0)
            parts.append(self.negated())
        return lambda seen: all(part(seen) for part in parts)

    def negated(self) -> Question:
        if self.next_is("not"):
            self.words.pop(0)
            inner = self.negated()
            return lambda seen: not inner(seen)
        return self.single()

    def single(self) -> Question:
        if not self.words:
            raise InvalidRule("the condition ends too early")
        word = self.words.pop(0)
        if word == "(":
            inner = self.either()
            if not self.next_is(")"):
                raise InvalidRule("a parenthesis is not closed")
            self.words.pop(0)
            return inner
        if word in ("1", "any", "all") and self.next_is("of"):
            self.words.pop(0)
            return self.of(word, self.words.pop(0))
        if word not in self.selections:
            raise InvalidRule(f"no selection {word}")
        return self.selections[word]

    def of(self, quantity: str, pattern: str) -> Question:
        wanted = re.compile(".*".join(map(re.escape, pattern.split("*"))) if pattern != "them" else ".*")
        parts = [
            question
            for name, question in self.selections.items()
            if wanted.fullmatch(name) and (pattern.startswith("_") or not name.startswith("_"))
        ]
        if not parts:
            raise InvalidRule(f"nothing is called {pattern}")
        link = all if quantity == "all" else any
        return lambda seen: link(part(seen) for part in parts)


# Selections: a map is "and", a list is "or", whatever is no map is a keyword.


def selection(value: Any, lists: Mapping[str, Sequence[str]]) -> Question:
    if isinstance(value, dict):
        parts = [item(key, inner, lists) for key, inner in value.items()]
        return lambda seen: all(part(seen) for part in parts)
    if isinstance(value, list):
        parts = [selection(inner, lists) for inner in value]
        return lambda seen: any(part(seen) for part in parts)
    return item("", value, lists)


def item(key: str, value: Any, lists: Mapping[str, Sequence[str]]) -> Question:
    name, *modifiers = key.split("|")
    values = (value or [None]) if isinstance(value, list) else [value]
    plain = [modifier for modifier in modifiers if modifier not in ("all", "neq")]
    if "all" in modifiers:
        parts = [one_of([inner], name, plain, lists) for inner in values]
        found: Question = lambda seen: all(part(seen) for part in parts)  # noqa: E731
    else:
        found = one_of(values, name, plain, lists)
    return (lambda seen: not found(seen)) if "neq" in modifiers else found


def one_of(values: list[Any], name: str, modifiers: list[str], lists: Mapping[str, Sequence[str]]) -> Question:
    """Whether the field has one of the values; without a name, whether any value in the event is a keyword of these."""
    questions: list[Question] = []
    tests: list[Test] = []
    for value in values:
        if value is None:
            if not name or modifiers:
                raise InvalidRule("null is a value of a field, and can not be modified")
            questions.append(lambda seen: is_null(seen.fields.get(name)))
        elif "exists" in modifiers:
            questions.append(lambda seen, value=value: (name in seen.fields) is value)
        elif "fieldref" in modifiers:
            questions.append(other_field(name, value, modifiers))
        else:
            tests.append(one_test(value, modifiers, lists, anywhere=not name))

    @lru_cache(1000)  # log values repeat
    def fits(text: str) -> bool:
        return any(test(text) for test in tests)

    return lambda seen: any(map(fits, seen.texts.get(name, ()))) or any(question(seen) for question in questions)


def is_null(value: Any) -> bool:
    return value is None or (isinstance(value, list) and any(part is None for part in value))


def texts(value: Any) -> list[str]:
    """The values a field has, as text: none when it is null, one for each part of a list."""
    return [text_of(part) for part in (value if isinstance(value, list) else [value]) if part is not None]


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def other_field(name: str, other: str, modifiers: Sequence[str]) -> Question:
    def compare(one: str, two: str) -> bool:
        if "contains" in modifiers:
            return two in one
        if "startswith" in modifiers:
            return one.startswith(two)
        return one.endswith(two) if "endswith" in modifiers else one == two

    def question(seen: Seen) -> bool:
        pairs = itertools.product(seen.texts.get(name, ()), seen.texts.get(other, ()))
        return any(compare(one.lower(), two.lower()) for one, two in pairs)

    return question


def one_test(value: Any, modifiers: Sequence[str], lists: Mapping[str, Sequence[str]], anywhere: bool) -> Test:
    first, *more = modifiers or [""]
    if first == "re":
        value = text_of(value)
        flags = {"i": re.I, "m": re.M, "s": re.S}
        ends = {"startswith": r"\A(?:{})", "endswith": "(?:{})(?-m:$)", "contains": "{}"}
        for modifier in more:
            value = ends.get(modifier, "{}").format(value)
        # PCRE knows only ASCII by \\d, \\w and \\s; Python's re.A would also keep "i" from knowing é and É.
        options = sum(flags[modifier] for modifier in more if modifier not in ends)
        pattern = re.compile(value, options | (0 if "i" in more else re.A))
        return lambda text: pattern.search(text) is not None
    if first == "cidr":
        return in_network(value)
    if first in COMPARE:
        bound = Decimal(text_of(value))
        return lambda text: is_number(text) and COMPARE[first](Decimal(text), bound)
    if first in UNITS:
        compare = COMPARE[more[0]] if more else operator.eq
        return lambda text: (part := part_of_moment(text, first)) is not None and compare(part, value)
    patterns, cased = strings(value if isinstance(value, str) else text_of(value), modifiers, lists)
    searches = [regex([ANY, *pattern, ANY] if anywhere else pattern, cased) for pattern in patterns]
    return lambda text: any(search(text if cased else text.lower()) for search in searches)


def in_network(network: str) -> Test:
    net = ip_network(network)

    def test(text: str) -> bool:
        try:
            address = ip_address(text.strip())
        except ValueError:
            return False
        inner = getattr(address, "ipv4_mapped", None)  # ::ffff:10.1.2.3 is how some programs write 10.1.2.3
        return address in net or (inner is not None and inner in net)

    return test


def is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", text) is not None


def part_of_moment(text: str, unit: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return moment.isocalendar().week if unit == "week" else getattr(moment, unit)


# Strings: wildcards, and the modifiers that turn one string into others, in the order in which they are given.


def wild(text: str) -> list[str]:
    """The string as characters and wildcards. A backslash makes a wildcard or a backslash after it plain."""
    found: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        following = text[position + 1 : position + 2]
        if char == "\\" and following and following in "*?\\":
            found.append(following)
            position += 1
        else:
            found.append({"*": ANY, "?": ONE}.get(char, char))
        position += 1
    return found


def strings(value: str, modifiers: Sequence[str], lists: Mapping[str, Sequence[str]]) -> tuple[list[list[str]], bool]:
    """The patterns that a string with its modifiers stands for, and whether case counts."""
    patterns = [wild(text) for text in (filled(value, lists) if "expand" in modifiers else [value])]
    cased, encoding = False, "utf-8"
    for modifier in modifiers or [""]:
        if modifier == "contains":
            patterns = [[ANY, *pattern, ANY] for pattern in patterns]
        elif modifier == "startswith":
            patterns = [[*pattern, ANY] for pattern in patterns]
        elif modifier == "endswith":
            patterns = [[ANY, *pattern] for pattern in patterns]
        elif modifier == "cased":
            cased = True
        elif modifier == "windash":
            patterns = [dashed for pattern in patterns for dashed in all_dashes(pattern)]
        elif modifier in ENCODINGS:
            encoding = ENCODINGS[modifier]
        elif modifier == "base64":
            patterns = [list(base64.b64encode(plain(pattern).encode(encoding)).decode()) for pattern in patterns]
        elif modifier == "base64offset":
            patterns = [list(middle) for pattern in patterns for middle in at_offsets(plain(pattern).encode(encoding))]
        elif modifier not in ("", "expand"):
            raise InvalidRule(f"no modifier {modifier}")
    return patterns, cased


def regex(pattern: Sequence[str], cased: bool) -> Callable[[str], Any]:
    start, end = r"\A", r"\Z"
    if pattern and pattern[0] is ANY:  # the same as .* at the start, but it is found sooner
        start, pattern = "", pattern[1:]
    if pattern and pattern[-1] is ANY:
        end, pattern = "", pattern[:-1]
    inner = "".join({ANY: ".*", ONE: "."}.get(part) or re.escape(part if cased else part.lower()) for part in pattern)
    return re.compile(f"(?s:{start}{inner}{end})").search


def plain(pattern: Sequence[str]) -> str:
    if ANY in pattern or ONE in pattern:
        raise InvalidRule("a wildcard can not be encoded")
    return "".join(pattern)


def all_dashes(pattern: list[str]) -> list[list[str]]:
    def is_word(position: int) -> bool:
        return 0 <= position < len(pattern) and re.fullmatch(r"\w", pattern[position]) is not None

    choices = [
        DASHES if part in "-/" and len(part) == 1 and is_word(at + 1) and not is_word(at - 1) else [part]
        for at, part in enumerate(pattern)
    ]
    return [list(choice) for choice in itertools.product(*choices)]


def filled(value: str, lists: Mapping[str, Sequence[str]]) -> list[str]:
    """The value with each of its placeholders replaced by each text of its list."""
    parts = re.split(r"%(\w+)%", value)
    if missing := [name for name in parts[1::2] if name not in lists]:
        raise InvalidRule(f"no list for {missing}")
    choices = [lists[part] if at % 2 else [part] for at, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


def at_offsets(data: bytes) -> list[str]:
    """What Base64 shows of `data` wherever it begins: of every shift, the characters that hold bits of `data` alone."""
    found = []
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + data).decode()
        found.append(encoded[-(-8 * shift // 6) : 8 * (shift + len(data)) // 6])
    return found
