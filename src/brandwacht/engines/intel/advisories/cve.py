"""CVE records (JSON 5), the vulnerabilities known to be used in attacks (KEV), and the odds that they will be (EPSS).

All from files that the caller hands over. Sources: CVE Record Format 5.x (cve.org), CISA's Known Exploited
Vulnerabilities catalogue (JSON), FIRST's Exploit Prediction Scoring System (CSV, gzip).
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from ..assets import Affected, Subject, Versions, between, exactly, parse_cpe
from ..words import in_dutch
from .model import InvalidAdvisory

MAX_UNPACKED: Final = 200_000_000
"""Bytes of an EPSS file when it is unpacked; those of 2026 have 15 million."""
_SCHEMES: Final = {"python": "pypi", "rpm": "rpm", "maven": "maven", "npm": "npm"}


class _Version(Struct, gc=False):
    version: str = ""
    status: str = "affected"
    versionType: str = ""  # noqa: N815 - the name in the format
    lessThan: str | None = None  # noqa: N815
    lessThanOrEqual: str | None = None  # noqa: N815


class _Product(Struct, frozen=True):
    vendor: str = ""
    product: str = ""
    packageName: str = ""  # noqa: N815
    packageURL: str = ""  # noqa: N815
    cpes: list[str] = []
    defaultStatus: str = "unknown"  # noqa: N815
    versions: list[_Version] = []


class _CpeMatch(Struct, gc=False):
    criteria: str
    vulnerable: bool = True
    versionStartIncluding: str | None = None  # noqa: N815
    versionStartExcluding: str | None = None  # noqa: N815
    versionEndIncluding: str | None = None  # noqa: N815
    versionEndExcluding: str | None = None  # noqa: N815


class _Node(Struct, frozen=True):
    cpeMatch: list[_CpeMatch] = []  # noqa: N815
    negate: bool = False


class _Applicability(Struct, frozen=True):
    nodes: list[_Node] = []


class _Text(Struct, gc=False):
    lang: str = ""
    value: str = ""


class _Score(Struct, gc=False):
    baseScore: float | None = None  # noqa: N815
    vectorString: str = ""  # noqa: N815


class _Metric(Struct, frozen=True):
    cvssV4_0: _Score | None = None  # noqa: N815
    cvssV3_1: _Score | None = None  # noqa: N815
    cvssV3_0: _Score | None = None  # noqa: N815
    cvssV2_0: _Score | None = None  # noqa: N815


class _Container(Struct, frozen=True):
    title: str = ""
    descriptions: list[_Text] = []
    affected: list[_Product] = []
    cpeApplicability: list[_Applicability] = []  # noqa: N815
    metrics: list[_Metric] = []


class _Containers(Struct, frozen=True):
    cna: _Container
    adp: list[_Container] = []


class _Metadata(Struct, frozen=True):
    cveId: str  # noqa: N815
    state: str = "PUBLISHED"
    datePublished: str = ""  # noqa: N815
    dateUpdated: str = ""  # noqa: N815


class _Record(Struct, frozen=True):
    cveMetadata: _Metadata  # noqa: N815
    containers: _Containers


_DECODER: Final = msgspec.json.Decoder(_Record)


@dataclass(frozen=True, slots=True)
class CveRecord:
    """One CVE record. `score` is the highest CVSS base score of the newest kind given; times are ISO texts as given."""

    cve: str
    rejected: bool
    title: str
    description: str
    published: str
    changed: str
    score: float | None
    vector: str
    affected: tuple[Affected, ...]

    @property
    def subject(self) -> Subject:
        """What the matcher takes."""
        return Subject(self.cve, self.affected)


def read_cve(data: bytes | str) -> CveRecord:
    """Read one record. Raises InvalidAdvisory with the place and the reason, in Dutch."""
    try:
        found = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        place, message = in_dutch(error)
        raise InvalidAdvisory(f"Dit is geen CVE-bericht. {place}: {message}" if place else message) from None
    head, cna = found.cveMetadata, found.containers.cna
    every = [cna, *found.containers.adp]
    score, vector = _score(every)
    texts = sorted(cna.descriptions, key=lambda text: not text.lang.lower().startswith(("nl", "en")))
    return CveRecord(
        head.cveId,
        head.state == "REJECTED",
        cna.title,
        texts[0].value if texts else "",
        head.datePublished,
        head.dateUpdated,
        score,
        vector,
        tuple(each for container in every for each in _of_container(container, head.cveId)),
    )


def _score(containers: Iterable[_Container]) -> tuple[float | None, str]:
    for kind in ("cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"):
        given = [getattr(metric, kind) for container in containers for metric in container.metrics]
        scores = [(each.baseScore, each.vectorString) for each in given if each and each.baseScore is not None]
        if scores:
            return max(scores)
    return None, ""


def _of_container(container: _Container, cve: str) -> Iterator[Affected]:
    for product in container.affected:
        names = product.cpes[:50] or [""]
        spans = tuple(_span(each) for each in product.versions if each.status == "affected")
        safe = tuple(_span(each) for each in product.versions if each.status == "unaffected")
        if product.defaultStatus == "affected":
            spans = (Versions(),)
        if not spans and (safe or product.defaultStatus == "unaffected"):
            continue
        for number, cpe in enumerate(names):
            yield Affected(
                product.product or product.packageName if number == 0 else "",
                product.vendor,
                spans,
                safe,
                cpe,
                product.packageURL if number == 0 else "",
                flaws=(cve,),
            )
    for applicability in container.cpeApplicability:
        for node in applicability.nodes:
            if not node.negate:
                yield from (_of_cpe(match, cve) for match in node.cpeMatch if match.vulnerable)


def _span(given: _Version) -> Versions:
    scheme = _SCHEMES.get(given.versionType.lower(), "")
    if given.lessThan is not None:
        return between(given.version, given.lessThan, scheme=scheme)
    if given.lessThanOrEqual is not None:
        return between(given.version, given.lessThanOrEqual, high_included=True, scheme=scheme)
    return exactly(given.version, scheme)


def _of_cpe(match: _CpeMatch, cve: str) -> Affected:
    start = match.versionStartIncluding or match.versionStartExcluding
    end = match.versionEndIncluding or match.versionEndExcluding
    if start or end:
        included = match.versionStartExcluding is None, match.versionEndIncluding is not None
        spans: tuple[Versions, ...] = (between(start, end, low_included=included[0], high_included=included[1]),)
    else:
        cpe = parse_cpe(match.criteria)
        spans = (exactly(cpe.version),) if cpe and cpe.version else (Versions(),)
    return Affected(versions=spans, cpe=match.criteria, flaws=(cve,))


class Kev(NamedTuple):
    """A vulnerability of which CISA knows that it is used in attacks. Dates are days."""

    cve: str
    added: date
    due: date | None
    name: str
    action: str
    ransomware: bool


class _Entry(Struct, frozen=True):
    cveID: str  # noqa: N815
    dateAdded: date  # noqa: N815
    dueDate: date | None = None  # noqa: N815
    vulnerabilityName: str = ""  # noqa: N815
    requiredAction: str = ""  # noqa: N815
    knownRansomwareCampaignUse: str = ""  # noqa: N815


class _Catalogue(Struct, frozen=True):
    vulnerabilities: list[_Entry]


def read_kev(data: bytes | str) -> dict[str, Kev]:
    """Read the KEV catalogue, by CVE number. Raises InvalidAdvisory with the place and the reason, in Dutch."""
    try:
        found = msgspec.json.decode(data, type=_Catalogue)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        place, message = in_dutch(error)
        raise InvalidAdvisory(f"Dit is geen KEV-lijst. {place}: {message}" if place else message) from None
    return {
        each.cveID: Kev(
            each.cveID, each.dateAdded, each.dueDate, each.vulnerabilityName, each.requiredAction,
            each.knownRansomwareCampaignUse.lower() == "known",
        )
        for each in found.vulnerabilities
    }  # fmt: skip


class Epss(NamedTuple):
    """The chance (0 to 1) that a vulnerability is used in the next 30 days, and the share of all that score lower."""

    chance: float
    percentile: float


class EpssTable(NamedTuple):
    """EPSS by CVE number, with the model and the moment of the scores as the file gives them."""

    model: str
    scored: datetime | None
    scores: dict[str, Epss]


def read_epss(data: bytes) -> EpssTable:
    """Read an EPSS file, packed with gzip or not. Raises InvalidAdvisory (Dutch)."""
    text = _unpacked(data)
    head, scores = "", {}
    lines = io.StringIO(text)
    if text.startswith("#"):
        head = lines.readline().strip("#\r\n ")
    rows = csv.reader(lines)
    try:
        named = (next(rows, None) or [])[:3]
    except csv.Error:
        named = []
    if named != ["cve", "epss", "percentile"]:
        raise InvalidAdvisory("Dit is geen EPSS-bestand: de kolommen cve, epss en percentile ontbreken.")
    try:
        for row in rows:
            if not row:
                continue
            chance, percentile = float(row[1]), float(row[2])
            if not (0 <= chance <= 1 and 0 <= percentile <= 1):
                raise ValueError
            scores[row[0]] = Epss(chance, percentile)
    except (ValueError, IndexError, csv.Error):
        place = rows.line_num + bool(head)
        raise InvalidAdvisory(f"Regel {place} van het EPSS-bestand heeft geen twee getallen van 0 tot 1.") from None
    facts = dict(part.partition(":")[::2] for part in head.split(","))
    try:
        scored = datetime.fromisoformat(facts.get("score_date", "").replace("+0000", "+00:00"))
    except ValueError:
        scored = None
    return EpssTable(facts.get("model_version", ""), scored, scores)


def _unpacked(data: bytes) -> str:
    try:
        if data[:2] == b"\x1f\x8b":
            stream: Any = zlib.decompressobj(wbits=31)
            plain = stream.decompress(data, MAX_UNPACKED)
            if stream.unconsumed_tail:
                raise InvalidAdvisory("Dit bestand is uitgepakt te groot om te lezen.")
            if not stream.eof:
                raise InvalidAdvisory("Dit ingepakte bestand is niet heel.")
            return str(plain.decode())
        return data.decode()
    except (zlib.error, UnicodeDecodeError):
        raise InvalidAdvisory("Dit is geen leesbaar EPSS-bestand (CSV, al dan niet met gzip ingepakt).") from None
