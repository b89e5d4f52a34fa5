"""Which advisories concern which organisation, with the evidence and how sure we are.

matcher = Matcher(profiles)
for subject in subjects:                      # advisories or CVE records, one by one
    for match in matcher.match(subject): ...

The profiles are few and small, the advisories many: so the profiles are indexed, by package URL, by CPE vendor and
product, and by name, and advisories stream past. A product name is compared for likeness with the names that share a
word and all numbers with it, once for each name.

How sure (`Match.confidence`, 0 to 100), by how the product was recognised and by what is known of its version:

    recognised by                          version affected   version unknown
    package URL                                  98                 70
    CPE vendor and product                       95                 65
    vendor and product name                      85                 55
    product name, vendor unknown on one side     70                 45
    likeness of names (times the likeness)       65                 40

A version that is not affected gives no match. These numbers are our own judgement, in order of strength; nothing below
`LEAST` is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from .affected import Affected, Subject
from .names import SIMILAR, likeness, numbers_of, parse_cpe, parse_purl, product_key, vendor_key, words_of
from .profiles import Asset, Profile

LEAST: Final = 30
"""Matches that are less sure are not given."""
MEMORY: Final = 200_000
"""Products of which is remembered what they hit; beyond it memory starts anew."""


class Ground(StrEnum):
    """By what a product was recognised."""

    PURL = "purl"
    CPE = "cpe"
    NAME = "name"
    PRODUCT_ONLY = "product"
    LIKENESS = "likeness"


class Match(NamedTuple):
    """That a subject concerns an organisation through one of its assets.

    `version_known` tells whether the version that runs is among those affected; else nobody can say yet. `weight` is
    the likeness of the names, 1 when they were not compared.
    """

    organisation: str
    subject: str
    asset: Asset
    affected: Affected
    ground: Ground
    version_known: bool
    confidence: int
    weight: float = 1.0

    @property
    def evidence(self) -> str:
        """Why we think so, in Dutch, fit to show."""
        recognised = _recognised(self.asset, self.affected, self.ground, self.weight)
        return f"{recognised} {_of_version(self.asset.running, self.affected, self.version_known)}"


_SURE: Final = {
    Ground.PURL: (98, 70),
    Ground.CPE: (95, 65),
    Ground.NAME: (85, 55),
    Ground.PRODUCT_ONLY: (70, 45),
    Ground.LIKENESS: (65, 40),
}

_Held = tuple[str, Asset, str]  # organisation, asset, the version that runs
_Place = tuple[str, str]  # organisation and the key of the asset, for which one match is given
_Users = tuple[tuple[str, tuple[tuple[_Place, Asset], ...]], ...]  # who has it, by the version that runs


class _Hit(NamedTuple):
    """By what a product was recognised, how sure we are with a version that is known and unknown, and who has it."""

    ground: Ground
    weight: float
    sure: int
    unsure: int
    users: _Users


class Matcher:
    """The profiles of a sector, ready to be held against advisories. Not changed by matching but for its memory."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._purls: dict[str, list[_Held]] = defaultdict(list)
        self._cpes: dict[tuple[str, str], list[_Held]] = defaultdict(list)
        self._names: dict[str, dict[str, list[_Held]]] = defaultdict(lambda: defaultdict(list))
        for profile in profiles:
            for asset in profile.assets:
                self._take((profile.organisation, asset, asset.running))
        self._near: dict[tuple[str, ...], dict[tuple[str | None, str], set[str]]] = {}
        for product, vendors in self._names.items():
            near = self._near.setdefault(numbers_of(product), defaultdict(set))
            for vendor, held in vendors.items():
                for word in {word for _, asset, _ in held for word in _telling(_product_name(asset))}:
                    near[vendor, word].add(product)
                    near[None, word].add(product)  # for who names no maker
        self._seen: dict[tuple[str, str, str, str], tuple[_Hit, ...]] = {}
        self._looked: dict[tuple[str, str], tuple[_Hit, ...]] = {}

    def _take(self, held: _Held) -> None:
        asset = held[1]
        purl, cpe = parse_purl(asset.purl) if asset.purl else None, parse_cpe(asset.cpe) if asset.cpe else None
        if purl:
            self._purls[purl.key].append(held)
        if cpe:
            self._cpes[cpe.vendor, cpe.product].append(held)
        product = _product_name(asset)
        vendor = asset.vendor or (cpe.vendor if cpe and not asset.product else "")
        if key := product_key(product, vendor):
            self._names[key][vendor_key(vendor)].append(held)

    def match(self, subject: Subject) -> list[Match]:
        """The matches of one advisory, the surest for each organisation and asset, the surest first."""
        found: dict[tuple[str, str], Match] = {}
        for affected in subject.affected:
            names = (affected.vendor, affected.product, affected.cpe, affected.purl)
            hits = self._seen.get(names)
            if hits is None:
                if len(self._seen) >= MEMORY:
                    self._seen.clear()
                hits = self._seen[names] = tuple(self._hits(affected))
            if hits:
                _judge(subject.key, affected, hits, found)
        if len(found) < 2:
            return list(found.values())
        return sorted(found.values(), key=lambda each: (-each.confidence, each.organisation, each.asset.key))

    def match_all(self, subjects: Iterable[Subject]) -> Iterator[Match]:
        """The matches of many advisories, one after the other."""
        for subject in subjects:
            yield from self.match(subject)

    def _hits(self, affected: Affected) -> Iterator[_Hit]:
        if affected.purl and self._purls:
            purl = parse_purl(affected.purl)
            if purl and (held := self._purls.get(purl.key)):
                yield _hit(Ground.PURL, held)
        if affected.cpe:
            cpe = parse_cpe(affected.cpe)
            if cpe and (held := self._cpes.get((cpe.vendor, cpe.product))):
                yield _hit(Ground.CPE, held)
            if cpe and not affected.product:
                yield from self._look(cpe.vendor.replace("_", " "), cpe.product.replace("_", " "))
        if affected.product:
            yield from self._look(affected.vendor, affected.product)

    def _look(self, vendor: str, product: str) -> tuple[_Hit, ...]:
        """What a name hits; remembered, since one product comes with many CPE names and package URLs."""
        hits = self._looked.get((vendor, product))
        if hits is None:
            if len(self._looked) >= MEMORY:
                self._looked.clear()
            hits = self._looked[vendor, product] = tuple(self._by_name(vendor, product))
        return hits

    def _by_name(self, vendor: str, product: str) -> Iterator[_Hit]:
        key, maker = product_key(product, vendor), vendor_key(vendor)
        if not key:
            return
        for ours, held in self._names.get(key, _NOBODY).items():
            if ours and maker and ours == maker:
                yield _hit(Ground.NAME, held)
            elif not ours or not maker:
                yield _hit(Ground.PRODUCT_ONLY, held)
        by_word = self._near.get(numbers_of(key))
        if by_word is None:
            return
        places: tuple[str | None, ...] = (maker, "") if maker else (None,)
        near = {each for word in _telling(product) for place in places for each in by_word.get((place, word), ())}
        near.discard(key)
        for other in sorted(near):
            alike = likeness(key, other)
            if alike < SIMILAR:
                continue
            for ours, held in self._names[other].items():
                if not ours or not maker or ours == maker:
                    yield _hit(Ground.LIKENESS, held, alike)


_NOBODY: Final[dict[str, list[_Held]]] = {}


def _hit(ground: Ground, held: Iterable[_Held], weight: float = 1.0) -> _Hit:
    users: dict[str, list[tuple[_Place, Asset]]] = defaultdict(list)
    for organisation, asset, running in held:
        users[running].append(((organisation, asset.key), asset))
    sure, unsure = (int(each * weight) for each in _SURE[ground])
    return _Hit(ground, weight, sure, unsure, tuple((running, tuple(each)) for running, each in users.items()))


def _judge(key: str, affected: Affected, hits: tuple[_Hit, ...], found: dict[_Place, Match]) -> None:
    """Put in `found` whom the product concerns, unless something surer is there."""
    concerned: dict[str, bool | None] = {}
    for ground, weight, sure, unsure, users in hits:
        for running, assets in users:
            if running not in concerned:
                concerned[running] = affected.concerns(running)
            verdict = concerned[running]
            if verdict is False:
                continue
            known = verdict is True
            confidence = sure if known else unsure
            if confidence < LEAST:
                continue
            for place, asset in assets:
                if place not in found or found[place].confidence < confidence:
                    found[place] = Match(place[0], key, asset, affected, ground, known, confidence, weight)


def _product_name(asset: Asset) -> str:
    if asset.product:
        return asset.product
    cpe = parse_cpe(asset.cpe) if asset.cpe else None
    return cpe.product.replace("_", " ") if cpe else ""


def _telling(name: str) -> list[str]:
    """The words of a name by which it may be found: not the shortest, nor numbers alone."""
    return [word for word in words_of(name) if len(word) > 2 and not word.isdecimal()]


def _recognised(asset: Asset, affected: Affected, ground: Ground, weight: float) -> str:
    theirs = affected.label or " ".join(filter(None, (affected.vendor, affected.product))) or affected.cpe
    match ground:
        case Ground.PURL:
            return f"U gebruikt het pakket {asset.purl}, dat het advies noemt."
        case Ground.CPE:
            return f"De CPE-naam van {asset.name} is die in het advies."
        case Ground.NAME:
            return f"U gebruikt {asset.name}; het advies noemt leverancier en product."
        case Ground.PRODUCT_ONLY:
            return f"U gebruikt {asset.name}; het advies noemt {theirs}. Van één van beide is de leverancier onbekend."
        case Ground.LIKENESS:
            return f"U gebruikt {asset.name}; dat lijkt op {theirs} in het advies (gelijkenis {weight * 100:.0f}%)."


def _of_version(running: str, affected: Affected, concerned: bool) -> str:
    ranges = "; ".join(each.dutch for each in affected.versions[:5])
    if concerned:
        return f"Uw versie {running} is kwetsbaar ({ranges})."
    if not running:
        return f"Uw versie is niet bekend; kwetsbaar zijn: {ranges or 'niet genoemd'}."
    if not ranges:
        return f"Het advies noemt geen versies; bij u draait {running}."
    return f"Of uw versie {running} kwetsbaar is, valt niet te zeggen; kwetsbaar zijn: {ranges}."
