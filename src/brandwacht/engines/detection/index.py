"""For one field: which of thousands of atoms are true of a value, without asking them one by one.

Equal values are found by table. All other literals of the field, whether a value must contain them, begin or end with
them, are looked for in one pass by the method of Aho and Corasick ("Efficient string matching: an aid to bibliographic
search", Communications of the ACM 18(6), 1975); all regular expressions in one pass by RE2's filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import ip_network
from typing import Final, NamedTuple

import orjson
import re2  # type: ignore[import-untyped]
from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from brandwacht.engines.detection.atoms import Atom, Test, address_of, regex_options, regex_source, test_for
from brandwacht.engines.detection.events import Value

WINDOW: Final = 16_384
"""Bytes of a value that are searched at a time, so that a huge value takes no huge memory."""

_LOWER_IN_ASCII: Final = ("\u212a".encode(), "\u0130".encode())
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
        self._networks: list[tuple[int, int, int, int]] = []
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
                    net = ip_network(network)
                    self._networks.append((net.version, int(net.netmask), int(net.network_address), number))
                case _:
                    self._scan.append((test_for(atom), number))
        self._roles = [_Roles(tuple(a), tuple(b), tuple(c), tuple(d)) for a, b, c, d in roles.values()]
        literals = [encoded(literal) for literal in roles]
        self._search = _automaton(literals).find_matches_as_indexes
        self._reach = max(map(len, literals), default=1) - 1
        self._expressions = [number for _, number in expressions]
        self._filter = _filter([atom for atom, _ in expressions]) if expressions else None
        odd = (self._scan, self._equal, self._networks, self._expressions, absent, null, present)
        self.is_silent: Callable[[str], bool] = _never if any(odd) else _any_of(list(roles))
        """Whether surely none of the atoms is true of any part of a text. False says nothing."""
        self.is_silent_line: Callable[[bytes], bool] = _never if any(odd) else _any_of_in_json(list(roles))
        """The same of any text in a line of JSON, from its bytes as they are."""
        self._absent, self._null, self._present = frozenset(absent), frozenset(null), frozenset(present)

    def true_of(self, value: Value | None) -> Ids:
        """The numbers of the atoms that are true of `value`; None is a field that is not there."""
        if isinstance(value, str):
            found = self._find(value)
            return self._present.union(found) if found else self._present
        if value is None:
            return self._absent
        if isinstance(value, int):
            return self._present.union(self._find(str(value)))
        items = value if isinstance(value, tuple) else (value,)
        return self._present.union(*[self._find(each) if isinstance(each, str) else self._null for each in items])

    def _find(self, text: str) -> list[int]:
        """The numbers of the atoms that are true of a text because of what stands in it."""
        lower = text.lower()
        found = list(self._equal.get(lower, ()))
        if self._roles:
            searched = encoded(lower)
            size = len(searched)
            if hits := self._search(searched, True) if size <= WINDOW else self._hits_by_window(searched, size):
                self._take(hits, size, text, found)
        if self._filter is not None:
            found += [self._expressions[index] for index in self._filter(text)]
        if self._networks and (address := address_of(text)) is not None:
            mapped = getattr(address, "ipv4_mapped", None)
            for each in (address,) if mapped is None else (address, mapped):
                version, value = each.version, int(each)
                found += [number for v, mask, net, number in self._networks if v == version and value & mask == net]
        if self._scan:
            found += [number for test, number in self._scan if test(text)]
        return found

    def _take(self, hits: Iterable[tuple[int, int, int]], size: int, text: str, found: list[int]) -> None:
        """Add what it means that literals stand in `text`: which one, where it starts and where it ends of `size`."""
        roles = self._roles
        tried: set[int] = set()
        for pattern, start, end in hits:
            anywhere, first, last, tested = roles[pattern]
            found += anywhere
            if start == 0 and first:
                found += first
            if end == size and last:
                found += last
            if tested and pattern not in tried:
                tried.add(pattern)
                found += [number for test, number in tested if test(text)]

    def _hits_by_window(self, text: bytes, size: int) -> Iterator[tuple[int, int, int]]:
        """Every literal in a long text, as the search gives them; of one that stands in it thousands of times, a window
        tells once.
        """
        for offset in range(0, size, WINDOW):
            hits = self._search(text[offset : offset + WINDOW + self._reach], True)
            yield from {(p, min(start + offset, 1), size if end + offset == size else 0) for p, start, end in hits}


def _any_of(literals: Sequence[str]) -> Callable[[str], bool]:
    """A test whether surely none of `literals` (in lower case) stands in a text, whatever its case.

    The search stops at the first one, for which the library has vector instructions: many times quicker than finding
    them all. Lowering bytes is quicker than lowering text, but knows ASCII only; of the letters outside it two have
    their lower case within it, and count as a find.
    """
    if not all(map(str.isascii, literals)):
        anywhere = _first([encoded(literal) for literal in literals])
        return lambda text: not anywhere(encoded(text.lower()))
    search = _first([encoded(literal) for literal in literals])

    def is_silent(text: str) -> bool:
        line = encoded(text)
        return not search(line.lower()) and (line.isascii() or not _lower_in_ascii(line))

    return is_silent


def _never(_text: object) -> bool:
    return False


def _any_of_in_json(literals: Sequence[str]) -> Callable[[bytes], bool]:
    """The same test for a line of JSON, on its bytes; never sure when a literal is not plain enough for that.

    JSON writes a quote and a backslash with a backslash before them. It may also write any character as its number:
    whoever writes one within ASCII so (RFC 8259 allows it, and some write < and > so) counts as a find.
    """
    if not all(literal.isascii() and literal.isprintable() and "/" not in literal for literal in literals):
        return _never
    written = [orjson.dumps(literal)[1:-1] for literal in literals]
    search = _first([*written, rb"\u00", rb"\u212a", rb"\u0130"])
    return lambda line: not search(line.lower()) and (line.isascii() or not _lower_in_ascii(line))


def _first(sought: Sequence[bytes]) -> Callable[[bytes], list[tuple[int, int, int]]]:
    """A search for any of these that does not look for all of them; short ones would make it slow."""
    search: Callable[[bytes], list[tuple[int, int, int]]]
    search = BytesAhoCorasick(sought, matchkind=MatchKind.LeftmostFirst).find_matches_as_indexes
    return search


_lower_in_ascii: Final = _first(_LOWER_IN_ASCII)  # a search of its own: among others, two such short ones slow it


def _automaton(literals: Sequence[bytes]) -> BytesAhoCorasick:
    """A search for all literals at once. On bytes: on text it would count the characters of every text first."""
    return BytesAhoCorasick(
        literals,
        matchkind=MatchKind.Standard,
        implementation=Implementation.ContiguousNFA,
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
