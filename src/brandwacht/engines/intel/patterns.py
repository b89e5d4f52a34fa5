"""Patterns of STIX 2.1 (section 9): whether they are right, and which values in them can be watched live.

Most patterns are one value, or a choice between values; those are read by two expressions. All others go through the
full grammar (stix2-patterns), which is some thousand times slower. What asks for several things together, for an order
or for a number of times can not be watched value by value: each alone would alarm wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from .indicators import Indicator, InvalidIndicator, Kind, parse_indicator, parse_network

MAX_PATTERN: Final = 20_000
"""Characters of one pattern."""
MAX_OPERATORS: Final = 300
"""Parts of one pattern that has to go through the full grammar."""


class InvalidPattern(ValueError):
    """A text that is no STIX pattern; the message is Dutch."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that is right. `values` can be watched live; `left_out` says in Dutch what can not, and why.

    The pattern as a whole is watched when `left_out` is empty. Every value of `values` alone is enough for it.
    """

    text: str
    values: tuple[Indicator, ...]
    left_out: tuple[str, ...]

    @property
    def watchable(self) -> bool:
        """Whether at least one value of it can be watched."""
        return bool(self.values)

    @property
    def reason(self) -> str:
        """Why it can not be watched live, in whole or in part, in Dutch; empty when it can."""
        return " ".join(self.left_out[:3])


def parse_pattern(text: str) -> Pattern:
    """Read a pattern. Raises InvalidPattern when it is none, or one that is too large to read."""
    if len(text) > MAX_PATTERN:
        raise InvalidPattern(f"Dit patroon is langer dan {MAX_PATTERN} tekens.")
    found = _choice(text)
    return found if found is not None else _parsed(text)


# The quick way: values and choices between them.

_STRING: Final = r"'(?:[^'\\]|\\['\\])*'"
_COMPARISON: Final = re.compile(
    rf"\s*([a-z0-9-]+:(?:value|from_ref\.value|sender_ref\.value|hashes\.(?:[A-Za-z0-9_]+|'[A-Za-z0-9-]+')))\s*"
    rf"(?:(==?)\s*({_STRING})|IN\s*\(\s*({_STRING}(?:\s*,\s*{_STRING})*)\s*\))\s*"
)
_TEXT: Final = re.compile(r"'((?:[^'\\]|\\['\\])*)'")
_JOINT: Final = re.compile(r"\]\s*OR\s*\[|OR(?=[\s])|\]\s*\Z")


def _choice(text: str) -> Pattern | None:
    """The pattern when it is a choice between values on paths that we know; None when only the grammar can tell."""
    start = text.lstrip()
    if not start.startswith("["):
        return None
    position = len(text) - len(start) + 1
    values: dict[Indicator, None] = {}
    left_out: dict[str, None] = {}
    while comparison := _COMPARISON.match(text, position):
        path, _equals, one, several = comparison.groups()
        kinds = _PATHS.get(path.replace("'", "").lower())
        if kinds is None:
            return None
        for given in _TEXT.findall(one or several):
            value = _unescaped(given)
            if kinds[0] in _HASHES and not _is_hash(kinds[0], value):
                return None  # the grammar's checks say what is wrong with it
            _take(kinds, value, values, left_out)
        joint = _JOINT.match(text, comparison.end())
        if joint is None:
            return None
        position = joint.end()
        if position == len(text):
            return Pattern(text, tuple(values), tuple(left_out))
    return None


def _take(kinds: tuple[Kind, ...], value: str, values: dict[Indicator, None], left_out: dict[str, None]) -> None:
    try:
        network = kinds[0] in (Kind.IPV4, Kind.IPV6) and "/" in value
        indicator = parse_network(value) if network else parse_indicator(value)
        if indicator.kind in kinds:
            values[indicator] = None
        else:
            left_out[f"‘{value[:60]}’ is geen {kinds[0].dutch}."] = None
    except InvalidIndicator as error:
        left_out[str(error)] = None


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def _is_hash(kind: Kind, value: str) -> bool:
    return len(value) == _HASHES[kind] and re.fullmatch(r"[0-9a-fA-F]+", value, re.ASCII) is not None


_HASHES: Final = {Kind.MD5: 32, Kind.SHA1: 40, Kind.SHA256: 64}
_ADDRESS: Final = (Kind.IPV4, Kind.IPV6)
_PATHS: Final[dict[str, tuple[Kind, ...]]] = {
    "ipv4-addr:value": (Kind.IPV4,),
    "ipv6-addr:value": (Kind.IPV6, Kind.IPV4),  # an IPv4 address inside an IPv6 one is the IPv4 address
    "domain-name:value": (Kind.DOMAIN,),
    "url:value": (Kind.URL,),
    "email-addr:value": (Kind.EMAIL,),
    "email-message:from_ref.value": (Kind.EMAIL,),
    "email-message:sender_ref.value": (Kind.EMAIL,),
    "network-traffic:dst_ref.value": (*_ADDRESS, Kind.DOMAIN),
    "network-traffic:src_ref.value": (*_ADDRESS, Kind.DOMAIN),
    "file:hashes.md5": (Kind.MD5,),
    "file:hashes.sha-1": (Kind.SHA1,),
    "file:hashes.sha1": (Kind.SHA1,),
    "file:hashes.sha-256": (Kind.SHA256,),
    "file:hashes.sha256": (Kind.SHA256,),
}


# The full grammar. Its parser is heavy, so that it is loaded when a first pattern asks for it.


class _NotLive(Exception):
    """A part that can not be watched value by value; the message is Dutch."""


@lru_cache(maxsize=1)
def _grammar() -> Any:
    from stix2patterns.exceptions import ParseException
    from stix2patterns.helpers import brackets_check
    from stix2patterns.v21 import object_validator, pattern, validator
    from stix2patterns.v21.grammars.STIXPatternParser import STIXPatternParser

    class Grammar:
        """What we use of the packages."""

        errors = (ParseException, validator.DuplicateQualifierTypeError, RecursionError, ValueError, TypeError)
        parser = STIXPatternParser

        def tree(self, text: str) -> Any:
            if not brackets_check(text):
                raise ParseException("missing square brackets")
            found = pattern.Pattern(text)
            problems = object_validator.verify_object(found.inspect())
            if problems:
                raise ParseException(problems[0])
            found.walk(validator.ValidationListener())
            return found.visit(_Root())

    class _Root:
        """The package gives its tree to a visitor only."""

        def visit(self, tree: Any) -> Any:
            return tree

    return Grammar()


_RULE: Final = "Maak er een detectieregel van."


def _parsed(text: str) -> Pattern:
    if not text.strip():
        raise InvalidPattern("Het patroon is leeg.")
    if len(re.findall(r"\b(?:AND|OR|FOLLOWEDBY)\b|[(,]", text)) > MAX_OPERATORS:
        raise InvalidPattern(f"Dit patroon heeft meer dan {MAX_OPERATORS} delen. Splits het.")
    grammar = _grammar()
    try:
        tree = grammar.tree(text)
    except grammar.errors as error:
        raise InvalidPattern(f"Dit is geen geldig STIX-patroon. {_why(str(error))}") from None
    values: dict[Indicator, None] = {}
    left_out: dict[str, None] = {}
    try:
        for part in _observed(tree.observationExpressions()):
            try:
                for kinds, value in _alternatives(part):
                    _take(kinds, value, values, left_out)
            except _NotLive as error:
                left_out[f"{error} {_RULE}"] = None
    except _NotLive as error:
        return Pattern(text, (), (f"{error} {_RULE}",))
    return Pattern(text, tuple(values), tuple(left_out))


def _why(message: str) -> str:
    place = re.search(r"line 1?\d*:(\d+)", message)
    if "hash" in message:
        return "Een hash heeft niet de lengte en de tekens die bij zijn soort horen."
    if "Duplicate qualifier" in message:
        return "Dezelfde bepaling (WITHIN, REPEATS of START-STOP) staat er twee keer."
    if "square brackets" in message:
        return "Een waarneming staat tussen vierkante haken, zoals [domain-name:value = 'kwaad.example']."
    return f"Het gaat mis bij teken {int(place[1]) + 1}." if place else "Controleer haken, aanhalingstekens en woorden."


def _observed(node: Any) -> Iterator[Any]:
    """The comparison in each observation, when one observation is enough for the whole pattern."""
    parser = _grammar().parser
    if isinstance(node, parser.ObservationExpressionSimpleContext):
        yield node.comparisonExpression()
        return
    if isinstance(node, parser.ObservationExpressionCompoundContext):
        yield from _observed(node.observationExpressions())
        return
    qualifiers = {
        parser.ObservationExpressionRepeatedContext: "Dit patroon telt hoe vaak iets gebeurt.",
        parser.ObservationExpressionWithinContext: "Dit patroon vraagt om een tijd waarbinnen iets gebeurt.",
        parser.ObservationExpressionStartStopContext: "Dit patroon geldt alleen tussen twee tijdstippen.",
    }
    for kind, reason in qualifiers.items():
        if isinstance(node, kind):
            raise _NotLive(reason)
    for name, reason in (
        ("FOLLOWEDBY", "Dit patroon vraagt om een volgorde."),
        ("AND", "Dit patroon vraagt om verschillende waarnemingen samen."),
    ):
        if getattr(node, name, None) and getattr(node, name)():
            raise _NotLive(reason)
    for child in node.getChildren():
        if hasattr(child, "getChildren") and not hasattr(child, "symbol"):
            yield from _observed(child)


_Alternative = tuple[tuple[Kind, ...], str]


def _alternatives(node: Any) -> list[_Alternative]:
    """The values of which each alone fits a comparison. Raises _NotLive when there is more to it."""
    if node.OR():
        return [each for child in node.comparisonExpression() for each in _alternatives(child)]
    tests = list(_tests(node.comparisonExpressionAnd()))
    if len(tests) == 1:
        return _tested(tests[0])
    hashes: list[_Alternative] = []
    for test in tests:
        if not _is_of_content(test):
            raise _NotLive("Dit patroon vraagt om meer dan één eigenschap tegelijk.")
        hashes += _tested(test) if _path(test.objectPath()) in _PATHS else []
    # Hashes of one file are the same file: the strongest of them says it all.
    for kind in (Kind.SHA256, Kind.SHA1, Kind.MD5):
        best = [each for each in hashes if each[0] == (kind,)]
        if best:
            return best[:1]
    raise _NotLive("Dit patroon vraagt om meer dan één eigenschap tegelijk.")


def _tests(node: Any) -> Iterator[Any]:
    if node.AND():
        for child in node.comparisonExpressionAnd():
            yield from _tests(child)
    else:
        yield node.propTest()


def _is_of_content(test: Any) -> bool:
    """Whether this tests one hash or the size of a file: what follows from its bytes alone."""
    if not isinstance(test, _grammar().parser.PropTestEqualContext) or test.NOT() or test.NEQ():
        return False
    path = _path(test.objectPath())
    return path.startswith("file:hashes.") or path == "file:size"


def _tested(test: Any) -> list[_Alternative]:
    parser = _grammar().parser
    if isinstance(test, parser.PropTestParenContext):
        return _alternatives(test.comparisonExpression())
    path = _path(test.objectPath())
    if getattr(test, "NOT", None) and test.NOT():
        raise _NotLive("Dit patroon vraagt wat er niet is (NOT).")
    kinds = _PATHS.get(path)
    if kinds is None:
        raise _NotLive(f"Op {path[:60]} kan niet live worden gezocht.")
    if isinstance(test, parser.PropTestEqualContext):
        if test.NEQ():
            raise _NotLive("Dit patroon vraagt wat er niet is (!=).")
        literals = [test.primitiveLiteral().getText()]
    elif isinstance(test, parser.PropTestSetContext):
        literals = [each.getText() for each in test.setLiteral().primitiveLiteral()]
    elif isinstance(test, parser.PropTestIsSubsetContext) and kinds[0] in _ADDRESS:
        literals = [test.StringLiteral().getText()]
    else:
        raise _NotLive("Dit patroon zoekt op een deel of een vorm (LIKE, MATCHES, >), niet op een waarde.")
    if any(not literal.startswith("'") for literal in literals):
        raise _NotLive(f"De waarde bij {path[:60]} is geen tekst.")
    return [(kinds, _unescaped(literal[1:-1])) for literal in literals]


def _path(node: Any) -> str:
    """The path of a comparison in lower case and without quotes, as `_PATHS` has them."""
    return str(node.getText()).replace("'", "").lower()
