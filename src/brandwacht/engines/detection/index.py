"""For one field: which of thousands of atoms are true of a value, without asking them one by one.

Equal values are found by table. All other literals of the field, whether a value must contain them, begin or end with
them, are looked for in one pass by the method of Aho and Corasick ("Efficient string matching: an aid to bibliographic
search", Communications of the ACM 18(6), 1975); all regular expressions in one pass by RE2's filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, NamedTuple

import re2  # type: ignore[import-untyped]
from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from brandwacht.engines.detection.atoms import Atom, Test, address_of, covers, regex_options, regex_source, test_for
from brandwacht.engines.detection.events import NULL, Value

WINDOW: Final = 16_384
"""Bytes of a value that are searched at a time, so that a huge value takes no huge memory."""

SMALL: Final = 4_096
"""Bytes of literals up to which the faster automaton, which takes far more memory, is used."""

_LOWER_IN_ASCII: Final = ("\u212a", "\u0130")
"""The letters outside ASCII of which the lower case is, or begins, within it."""

Ids = frozenset[int]


class _Roles(NamedTuple):
    """What it means that a literal was found: the atoms that are true then, at the start, at the end, or if a test is.

    Each is a tuple of atom numbers; `tested` holds (test on the whole value, atom number) pairs.
    """

    anywhere: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]
    tested: tuple[tuple[Test, int], ...]


class FieldIndex:
    """The atoms of one field, by number."""

    def __init__(self, atoms: Iterable[tuple[Atom, int]]) -> None:
        self._equal: dict[str, list[int]] = defaultdict(list)
        self._scan: list[tuple[Test, int]] = []
        self._networks: list[tuple[IPv4Network | IPv6Network, int]] = []
        absent: list[int] = []
        null: list[int] = []
        present: list[int] = []
        expressions: list[tuple[Atom, int]] = []
        roles: dict[str, tuple[list[int], list[int], list[int], list[tuple[Test, int]]]] = {}
        for atom, number in atoms:
            match atom:
                case ("eq", _, value, False):
                    self._equal[value].append(number)
                case ("contains" | "starts" | "ends" as kind, _, value, False) if value:
                    place = ("contains", "starts", "ends").index(kind)
                    roles.setdefault(value, ([], [], [], []))[place].append(number)  # type: ignore[arg-type]
                case ("contains" | "starts" | "ends" | "eq", _, value, True) if value:
                    roles.setdefault(value.lower(), ([], [], [], []))[3].append((test_for(atom), number))
                case ("glob", _, pieces, _) if longest := max(
                    (p for p in pieces if isinstance(p, str)), key=len, default=""
                ):
                    roles.setdefault(longest.lower(), ([], [], [], []))[3].append((test_for(atom), number))
                case ("null", _):
                    absent.append(number)
                    null.append(number)
                case ("exists", _, wanted):
                    (present if wanted else absent).append(number)
                case ("re", *_):
                    expressions.append((atom, number))
                case ("cidr", _, network):
                    self._networks.append((ip_network(network), number))
                case _:
                    self._scan.append((test_for(atom), number))
        self._roles = [_Roles(*map(tuple, role)) for role in roles.values()]  # type: ignore[arg-type]
        literals = [encoded(literal) for literal in roles]
        self._search = _automaton(literals).find_matches_as_indexes
        self._reach = max(map(len, literals), default=1) - 1
        self._expressions = [number for _, number in expressions]
        self._filter = _filter([atom for atom, _ in expressions]) if expressions else None
        odd = (self._scan, self._equal, self._networks, self._expressions, absent, null, present)
        self._silence = None if any(odd) else _any_of(list(roles))
        self._absent, self._null, self._present = frozenset(absent), frozenset(null), tuple(present)

    def true_of(self, value: Value | None) -> Ids:
        """The numbers of the atoms that are true of `value`; None is a field that is not there."""
        if value is None:
            return self._absent
        found: list[int] = list(self._present)
        if isinstance(value, str):
            self._find(value, found)
        elif isinstance(value, int):
            self._find(str(value), found)
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, str):
                    self._find(item, found)
                else:
                    found += self._null
        elif value is NULL:
            found += self._null
        return frozenset(found)

    def is_silent(self, text: str) -> bool:
        """Whether surely none of the atoms is true of any part of `text`. False says nothing."""
        return self._silence is not None and self._silence(text)

    def _find(self, text: str, found: list[int]) -> None:
        lower = text.lower()
        if equal := self._equal.get(lower):
            found += equal
        if self._roles:
            searched, roles = encoded(lower), self._roles
            size = len(searched)
            tried: set[int] = set()
            for pattern, start, end in self._hits(searched, size):
                anywhere, first, last, tested = roles[pattern]
                found += anywhere
                if start == 0 and first:
                    found += first
                if end == size and last:
                    found += last
                if tested and pattern not in tried:
                    tried.add(pattern)
                    found += [number for test, number in tested if test(text)]
        if self._filter is not None:
            found += [self._expressions[index] for index in self._filter(text)]
        if self._networks and (address := address_of(text)) is not None:
            found += [number for network, number in self._networks if covers(network, address)]
        if self._scan:
            found += [number for test, number in self._scan if test(text)]

    def _hits(self, text: bytes, size: int) -> Iterable[tuple[int, int, int]]:
        """Every literal in `text`: which one, where it starts and where it ends, also where they overlap."""
        return self._search(text, True) if size <= WINDOW else self._hits_by_window(text, size)

    def _hits_by_window(self, text: bytes, size: int) -> Iterator[tuple[int, int, int]]:
        """The same for a long text; of a literal that stands in it thousands of times, a window tells once."""
        for offset in range(0, size, WINDOW):
            hits = self._search(text[offset : offset + WINDOW + self._reach], True)
            yield from {(p, min(start + offset, 1), size if end + offset == size else 0) for p, start, end in hits}


def _any_of(literals: Sequence[str]) -> Callable[[str], bool]:
    """A test whether surely none of `literals` (in lower case) stands in a text, whatever its case.

    The search stops at the first one, for which the library has vector instructions: many times quicker than finding
    them all. Lowering bytes is quicker than lowering text, but knows ASCII only; of the letters outside it two have
    their lower case within it, and count as a find.
    """
    ascii_only = all(map(str.isascii, literals))
    sought = [encoded(literal) for literal in (*literals, *(_LOWER_IN_ASCII if ascii_only else ()))]
    search = BytesAhoCorasick(sought, matchkind=MatchKind.LeftmostFirst).find_matches_as_indexes

    def is_silent(text: str) -> bool:
        return not search(encoded(text).lower() if ascii_only else encoded(text.lower()))

    return is_silent


def _automaton(literals: Sequence[bytes]) -> BytesAhoCorasick:
    """A search for all literals at once. On bytes: on text it would count the characters of every text first."""
    small = sum(map(len, literals)) < SMALL
    return BytesAhoCorasick(
        literals,
        matchkind=MatchKind.Standard,
        implementation=Implementation.DFA if small else Implementation.ContiguousNFA,
    )


def _filter(atoms: Sequence[Atom]) -> Callable[[str], Sequence[int]]:
    """All patterns as one: which of them, by position, are found in a text."""
    combined = re2.Filter()
    for _, _, pattern, flags in atoms:
        combined.Add(regex_source(pattern, flags), regex_options())
    combined.Compile()

    def matching(text: str) -> Sequence[int]:
        try:
            return combined.Match(text) or ()
        except UnicodeEncodeError:
            return combined.Match(text.encode("utf-8", "replace")) or ()

    return matching


def encoded(text: str) -> bytes:
    """The text as UTF-8; halves of surrogate pairs, which hostile input may hold, as if they were characters."""
    return text.encode("utf-8", "surrogatepass")
