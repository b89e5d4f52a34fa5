"""Reading CSAF 2.0 and 2.1 advisories, NCSC-NL's among them.

Urgent or Normaal: since NCSC-NL labels its advisories with these two words, the word is sought in the aggregate
severity, the category and the titles and short texts of the notes. Older ones state chance and damage; what NCSC calls
Urgent are those with a high chance and high damage. Others' advisories are Urgent when they say that the vulnerability
is used in attacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..assets import Affected, InvalidRange, Versions, exactly, parse_cpe, parse_purl, parse_vers
from ..marking import Stated, stated_by_words
from ..words import in_dutch
from .csaf_shapes import Branch, Csaf, FullName, Score, Tree, Vulnerability
from .model import Advisory, Flaw, InvalidAdvisory, Urgency

MAX_PRODUCTS: Final = 50_000
"""Products in one advisory."""

_DECODER: Final = msgspec.json.Decoder(Csaf)
_URGENT: Final = frozenset({"urgent", "urgentie: urgent", "high/high", "h/h"})
_LABELS: Final = re.compile(r"\b(?:TLP:(?:RED|AMBER\+STRICT)|PAP:(?:RED|AMBER|GREEN|CLEAR))", re.IGNORECASE)
_NOT_USED: Final = ("no known", "not aware", "exploited:no", "geen misbruik", "niet misbruikt", "unproven")
_USED: Final = ("exploited:yes", "actively exploited", "in the wild", "exploitation detected", "misbruikt")
_RPM: Final = re.compile(r"(.+)-(\d+:[^-:]+-[^-]+)\.(?:src|noarch|x86_64|aarch64|i686|ppc64|ppc64le|s390|s390x)")
"""Red Hat's and others' versions are a whole package: name, epoch, version, release and machine."""
_NORMAL: Final = frozenset({"normaal", "normal", "urgentie: normaal", "niet urgent"})


def read_csaf(data: bytes | str) -> Advisory:
    """Read an advisory. Raises InvalidAdvisory with the place and the reason, in Dutch."""
    try:
        found = _DECODER.decode(data)
        raw = data.encode() if isinstance(data, str) else bytes(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        place, message = in_dutch(error)
        raise InvalidAdvisory(f"Dit is geen CSAF-advies. {place}: {message}" if place else f"{message}") from None
    head = found.document
    if head.csaf_version not in ("2.0", "2.1"):
        raise InvalidAdvisory(f"Dit is CSAF-versie {head.csaf_version[:20]}; wij lezen 2.0 en 2.1.")
    flaws = tuple(_flaw(each) for each in found.vulnerabilities)
    urgency, reason = _urgency(found, flaws)
    return Advisory(
        key=head.tracking.id,
        version=head.tracking.version,
        status=head.tracking.status,
        title=head.title,
        publisher=head.publisher.name,
        released=head.tracking.initial_release_date,
        changed=head.tracking.current_release_date,
        urgency=urgency,
        urgency_reason=reason,
        stated=_stated(found),
        summary=_summary(found),
        flaws=flaws,
        products=tuple(_affected(found)),
        links=tuple(each.url for each in head.references if each.url.startswith(("https://", "http://")))[:50],
        csaf_version=head.csaf_version,
        raw=raw,
    )


def _stated(found: Csaf) -> Stated:
    """The label; 2.0 can not say AMBER+STRICT, so that the free text may say it, and the strictest counts."""
    distribution = found.document.distribution
    if distribution is None:
        return Stated()
    words = [f"tlp:{distribution.tlp.label}"] if distribution.tlp else []
    words += _LABELS.findall(distribution.text)
    return stated_by_words(words)


def _summary(found: Csaf) -> str:
    notes = found.document.notes
    for category in ("summary", "description", "general"):
        texts = [note.text for note in notes if note.category == category and len(note.text) > 20]
        if texts:
            return texts[0][:10_000]
    return ""


def _urgency(found: Csaf, flaws: Iterable[Flaw]) -> tuple[Urgency, str]:
    head = found.document
    said = [head.aggregate_severity.text] if head.aggregate_severity else []
    said += [head.category.rpartition("_")[2]]
    said += [word for note in head.notes for word in (note.title, note.text) if len(word) <= 40]
    words = {" ".join(word.lower().split()) for word in said}
    if words & _URGENT:
        return Urgency.URGENT, "De uitgever noemt dit advies urgent."
    if words & _NORMAL:
        return Urgency.NORMAL, "De uitgever noemt dit advies normaal."
    degrees = {note.title.lower(): note.text.strip().lower() for note in head.notes if note.title}
    chance, damage = degrees.get("kans"), degrees.get("schade")
    if chance and damage:
        high = chance in ("high", "hoog") and damage in ("high", "hoog")
        urgency = Urgency.URGENT if high else Urgency.NORMAL
        return urgency, f"De uitgever schat de kans in als {chance[:20]} en de schade als {damage[:20]}."
    if any(flaw.exploited for flaw in flaws):
        return Urgency.URGENT, "Volgens het advies wordt de kwetsbaarheid al misbruikt."
    return Urgency.NORMAL, "Het advies noemt geen urgentie; zonder bekend misbruik geldt het als normaal."


def _flaw(found: Vulnerability) -> Flaw:
    score, vector = 0.0, ""
    known = False
    for each in [*found.scores, *(metric.content for metric in found.metrics)]:
        for base, text in _scores(each):
            if not known or base > score:
                score, vector, known = base, text, True
    exploited = any(threat.category == "exploit_status" and _says_exploited(threat.details) for threat in found.threats)
    remedies = tuple(each.details[:2000] for each in found.remediations if each.details)[:20]
    return Flaw(found.cve, found.title, score if known else None, vector, exploited, remedies)


def _says_exploited(text: str) -> bool:
    words = text.lower()
    return not any(no in words for no in _NOT_USED) and any(yes in words for yes in _USED)


def _scores(score: Score) -> Iterator[tuple[float, str]]:
    for given in (score.cvss_v4, score.cvss_v3, score.cvss_v2):
        base, vector = given.get("baseScore"), given.get("vectorString")
        if isinstance(base, int | float) and not isinstance(base, bool) and 0 <= base <= 10:
            yield float(base), vector if isinstance(vector, str) else ""


class _Place(Struct, frozen=True):
    """What the branches above a product say of it."""

    vendor: str = ""
    product: str = ""
    versions: tuple[Versions, ...] = ()


def _affected(found: Csaf) -> Iterator[Affected]:
    """Each affected product once, with the CVE numbers that affect it."""
    if found.product_tree is None:
        return
    products = _products(found.product_tree)
    flaws: dict[str, list[str]] = {}
    fixed: dict[str, list[str]] = {}
    for each in found.vulnerabilities:
        status = each.product_status
        if status is None:
            continue
        for product in (*status.known_affected, *status.first_affected, *status.last_affected):
            flaws.setdefault(product, []).append(each.cve)
        for product in (*status.fixed, *status.first_fixed):
            fixed.setdefault(product, []).append(each.cve)
    if not found.vulnerabilities:
        flaws = {product: [] for product in products}  # an advisory without list is about all its products
    sick = {_own_name(products[product]) for product in flaws if product in products}
    solved: dict[tuple[str, str], list[Versions]] = {}
    for product in fixed.keys() - flaws.keys():
        known = products.get(product)
        single = [each for each in known.versions if each.low is not None and each.low == each.high] if known else []
        if known and single and _own_name(known) in sick:
            solved.setdefault(_own_name(known), []).extend(single)
        elif known and single:  # many makers name the version that mends only: what is older has the flaw
            older = tuple(replace(each, low=None, high_included=False) for each in single)
            yield replace(known, versions=older, flaws=tuple(dict.fromkeys(filter(None, fixed[product]))))
    for product, cves in flaws.items():
        known = products.get(product)
        if known is not None:
            right = tuple(dict.fromkeys(solved.get(_own_name(known), ())))
            yield replace(known, flaws=tuple(dict.fromkeys(filter(None, cves))), safe=right)


def _own_name(product: Affected) -> tuple[str, str]:
    return product.vendor, product.product


def _products(tree: Tree) -> dict[str, Affected]:
    products: dict[str, Affected] = {}
    waiting: list[tuple[Branch, _Place]] = [(branch, _Place()) for branch in reversed(tree.branches)]
    while waiting:
        branch, above = waiting.pop()
        place = _below(branch, above)
        if branch.product is not None:
            products.setdefault(branch.product.product_id, _product(branch.product, place))
        waiting += [(each, place) for each in reversed(branch.branches)]
        if len(products) + len(waiting) > MAX_PRODUCTS:
            raise InvalidAdvisory(f"Dit advies noemt meer dan {MAX_PRODUCTS} producten; dat lezen wij niet.")
    for name in tree.full_product_names:
        products.setdefault(name.product_id, _product(name, _Place()))
    pairs = [(each.product_reference, each.full_product_name) for each in tree.relationships]
    pairs += [(each.beginning_product_reference, each.full_product_name) for each in tree.product_paths]
    for part, whole in pairs:
        known = products.get(part)
        if known is not None:
            products.setdefault(whole.product_id, replace(known, label=whole.name or known.label))
        else:
            products.setdefault(whole.product_id, _product(whole, _Place()))
    return products


def _below(branch: Branch, above: _Place) -> _Place:
    match branch.category:
        case "vendor":
            return replace(above, vendor=branch.name)
        case "product_name":
            return replace(above, product=branch.name)
        case "product_version":
            if package := _RPM.fullmatch(branch.name):
                return replace(above, product=package[1], versions=(exactly(package[2], "rpm"),))
            return replace(above, versions=(exactly(branch.name),))
        case "service_pack" if branch.name[:1].isdigit():  # Cisco writes the whole version here
            return replace(above, versions=(exactly(branch.name),))
        case "product_version_range":
            return replace(above, versions=_ranges(branch.name))
        case _:
            return above


def _ranges(text: str) -> tuple[Versions, ...]:
    """A range as `vers:` or as NCSC and others write it: `vers:unknown/<2.0`, `< 2.0`, `>=1.0|<2.0`."""
    bare = text.strip()
    if not bare.lower().startswith("vers:"):
        if bare[:1] not in "<>=":
            return (exactly(bare),) if " " not in bare else ()
        bare = f"vers:generic/{bare}"
    try:
        return parse_vers(bare)
    except InvalidRange:
        return ()


def _product(name: FullName, place: _Place) -> Affected:
    helper = name.product_identification_helper
    cpe = helper.cpe if helper else ""
    purls = [helper.purl, *helper.purls] if helper else []
    purl = next((each for each in purls if each), "")
    parts, package = parse_cpe(cpe) if cpe else None, parse_purl(purl) if purl else None
    versions = place.versions
    if package and package.version:
        versions = (exactly(package.version, package.type),)
    elif not versions and parts and parts.version:
        versions = (exactly(parts.version),)
    return Affected(
        product=place.product or (name.name if not cpe else ""),
        vendor=place.vendor,
        versions=versions,
        cpe=cpe,
        purl=purl,
        label=name.name or place.product,
    )


def csaf_document(advisory: Advisory) -> Mapping[str, Any]:
    """The whole document of an advisory, also what we do not know of."""
    found: dict[str, Any] = msgspec.json.decode(advisory.raw)
    return found
