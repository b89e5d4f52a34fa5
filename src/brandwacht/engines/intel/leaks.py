"""Before something goes out under a pseudonym: does it tell who wrote it?

finds = search_own(text, indicators, own)       # where it names the writer's organisation
guess = guessing(members, could_be)             # and how easy it is to guess without that

The search knows how people write things: with and without accents and capitals, as one word or with dashes, defanged,
inside a mail address, a subdomain, a path or a network. It would rather find too much: a person looks at what it found.
What it can not know is style, a unique event or a date that only one organisation had: a person judges those.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from .indicators import Indicator

EASY: Final = 5
"""With fewer members that it could be, guessing is easy: k in k-anonymity (Sweeney, 2002); our own choice of k."""
_SHORT: Final = 4  # letters; a shorter name is found as a whole word only, in capitals as given


@dataclass(frozen=True, slots=True)
class Own:
    """What would give an organisation away: names (also of persons, places, systems), domains and networks.

    `networks` are addresses or networks as text. Raises ValueError (Dutch) for one that is none.
    """

    names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for each in self.networks:
            try:
                ipaddress.ip_network(each.strip(), strict=False)
            except ValueError:
                raise ValueError(f"‘{each[:60]}’ is geen adres en geen reeks adressen.") from None


class Find(NamedTuple):
    """A place that gives something away: where in the text (`start`, `end`) or which indicator, and what it names.

    `start` and `end` are positions in the text as given; in an indicator they are those in its value.
    """

    what: str
    start: int
    end: int
    indicator: Indicator | None
    reason: str


def search_own(text: str, indicators: Sequence[Indicator], own: Own) -> list[Find]:
    """Every place in the text and the indicators that names the organisation; places in the text in order."""
    finds = dict.fromkeys(_in(text, own, None))
    for indicator in indicators:
        finds |= dict.fromkeys(_in(indicator.value, own, indicator))
    return sorted(finds, key=lambda find: (find.indicator is not None, str(find.indicator), find.start, find.end))


def _in(text: str, own: Own, indicator: Indicator | None) -> Iterator[Find]:
    plain, places = _folded(text)
    for name in own.names:
        pattern = _name_pattern(name)
        if pattern is None:
            continue
        for match in pattern.finditer(plain):
            start, end = places[match.start()], places[match.end() - 1] + 1
            if _is_short(name) and "".join(name.split()) not in "".join(text[start:end].split()):
                continue
            yield Find(name, start, end, indicator, f"Hier staat de naam ‘{name}’.")
    for domain in own.domains:
        yield from _domains(text, plain, places, domain, indicator)
    yield from _addresses(text, plain, places, own, indicator)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without accents, capitals and defanging, and for each of its letters the place it had."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in unicodedata.normalize("NFKD", char).casefold():
            if not unicodedata.combining(letter) and letter not in _INVISIBLE:
                letters.append(letter)
                places.append(place)
    plain = "".join(letters)
    kept: list[int] = []
    done = 0
    pieces: list[str] = []
    for match in _DEFANGED.finditer(plain):
        pieces.append(plain[done : match.start()])
        kept += places[done : match.start()]
        pieces.append("@" if "@" in match[0] or "at" in match[0] else "." if ":" not in match[0] else ":")
        kept.append(places[match.start()])
        done = match.end()
    return "".join((*pieces, plain[done:])), kept + places[done:]


_INVISIBLE: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_DEFANGED: Final = re.compile(r"[\[({]\s*(?:\.|dot|punt|@|at|:)\s*[\])}]")
_GAP: Final = r"[\s\-_./]*"


def _is_short(name: str) -> bool:
    return len(re.sub(r"[\W_]", "", name)) < _SHORT


def _name_pattern(name: str) -> re.Pattern[str] | None:
    """A name with anything between its words, or nothing; also inside a longer word (Rijnmonds), unless it is short."""
    words = [re.escape(word) for word in re.findall(r"[^\W_]+", _folded(name)[0])]
    if not words:
        return None
    whole = _GAP.join(words)
    return re.compile(rf"(?<![^\W_]){whole}(?![^\W_])" if _is_short(name) else whole)


def _domains(text: str, plain: str, places: list[int], domain: str, indicator: Indicator | None) -> Iterator[Find]:
    bare = domain.lower().strip(". ").removeprefix("*.").removeprefix("www.")
    if not bare:
        return
    spellings = {_folded(bare)[0]}
    try:
        code = bare.encode("idna")
        spellings |= {code.decode("ascii"), _folded(code.decode("idna"))[0]}
    except UnicodeError:
        pass
    for spelling in sorted(spellings):
        pattern = rf"(?<![^\W_])(?<!-)(?:[\w-]+\.)*{re.escape(spelling)}(?![\w-])"
        for match in re.finditer(pattern, plain):
            start, end = places[match.start()], places[match.end() - 1] + 1
            yield Find(domain, start, end, indicator, f"Hier staat een naam binnen het eigen domein {domain}.")


_ADDRESS: Final = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?!\w)|(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:/\d{1,3})?"
)


def _addresses(text: str, plain: str, places: list[int], own: Own, indicator: Indicator | None) -> Iterator[Find]:
    if not own.networks:
        return
    networks = [ipaddress.ip_network(each.strip(), strict=False) for each in own.networks]
    for match in _ADDRESS.finditer(plain):
        try:
            found = ipaddress.ip_network(match[0], strict=False)
        except ValueError:
            continue
        for network, given in zip(networks, own.networks, strict=True):
            if found.version == network.version and found.overlaps(network):
                start, end = places[match.start()], places[match.end() - 1] + 1
                yield Find(given, start, end, indicator, f"Dit adres hoort bij het eigen netwerk {given.strip()}.")


@dataclass(frozen=True, slots=True)
class Guess:
    """How easily a reader guesses who it was: one in `candidates`. `sentence` is Dutch."""

    candidates: int
    easy: bool
    sentence: str


def guessing(could_be: Iterable[str], *, readers: Iterable[str] = ()) -> Guess:
    """How many organisations it could be, for a reader who knows that it was not the own one.

    `could_be` are those of which a reader may think that they wrote it: all members of the circle, or with what the
    text tells (a region with a harbour, a product that few run) only those to whom that applies. `readers` are the
    organisations that will read it; one of these among them can rule itself out, so that for it one fewer is left.
    """
    candidates = frozenset(could_be)
    left = len(candidates) - (1 if candidates & frozenset(readers) else 0)
    if left <= 1:
        return Guess(left, True, "Wie dit leest, weet meteen van wie het komt.")
    if left < EASY:
        return Guess(left, True, f"Er zijn maar {left} organisaties van wie dit kan komen; raden is makkelijk.")
    return Guess(left, False, f"Dit kan van {left} organisaties komen.")
