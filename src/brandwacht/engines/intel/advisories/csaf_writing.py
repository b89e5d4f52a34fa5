"""Writing CSAF: advisories of our own, and what a provider puts beside them (metadata and ROLIE feed, as JSON).

Source: OASIS CSAF 2.1 (and 2.0), chapters 3, 5 and 7. The same input gives the same document. `check_csaf` holds a
document against the tests of the `csaf` package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cvss import CVSS2, CVSS3, CVSS4
from cvss.exceptions import CVSSError

from ..ids import stamp
from ..marking import Marking
from ..tlp import TLP
from .model import InvalidAdvisory, Urgency

SCHEMAS: Final = {
    "2.0": "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json",
    "2.1": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json",
}
_PROVIDER: Final = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/provider.json"
_CVE: Final = re.compile(r"CVE-\d{4}-\d{4,}")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who speaks. `namespace` is its web address, `category` one of CSAF's (coordinator, multiplier, vendor, ...)."""

    name: str
    namespace: str
    category: str = "coordinator"


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of an advisory: whole numbers from 1, its moment with a time zone, and what changed."""

    number: int
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class DraftProduct:
    """A product by name with one version, or a range as `vers:`."""

    vendor: str
    product: str
    version: str
    cpe: str = ""
    purl: str = ""


@dataclass(frozen=True, slots=True)
class DraftFlaw:
    """A vulnerability: what it is, which products have it, which versions mend it, and what to do.

    `vector` is a CVSS vector (2.0 to 4.0); the score follows from it.
    """

    cve: str
    title: str
    description: str
    affected: tuple[DraftProduct, ...]
    fixed: tuple[DraftProduct, ...] = ()
    remedy: str = ""
    vector: str = ""
    exploited: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An advisory of our own; without `flaws` an informational one. The revisions are in order, the first is 1."""

    key: str
    title: str
    summary: str
    urgency: Urgency
    marking: Marking
    revisions: tuple[Revision, ...]
    flaws: tuple[DraftFlaw, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def write_csaf(draft: Draft, provider: Provider, *, version: str = "2.1") -> dict[str, Any]:
    """The advisory as a CSAF document, ready for `json.dumps`. Raises InvalidAdvisory with all that is wrong (Dutch).

    CSAF has no PAP; it is written as text in the distribution, where our reader finds it. CSAF 2.0 has no
    TLP:AMBER+STRICT: that is refused, since any other label would say something else.
    """
    _check(draft, version)
    document: dict[str, Any] = {
        "category": "csaf_security_advisory" if draft.flaws else "csaf_informational_advisory",
        "csaf_version": version,
        "title": draft.title,
        "lang": "nl",
        "publisher": {"category": provider.category, "name": provider.name, "namespace": provider.namespace},
        "aggregate_severity": {"text": draft.urgency.dutch},
        "distribution": _distribution(draft.marking, version),
        "notes": [{"category": "summary", "text": draft.summary, "title": "Samenvatting"}],
        "tracking": {
            "id": draft.key,
            "status": "final",
            "version": str(draft.revisions[-1].number),
            "initial_release_date": stamp(draft.revisions[0].at),
            "current_release_date": stamp(draft.revisions[-1].at),
            "revision_history": [
                {"number": str(each.number), "date": stamp(each.at), "summary": each.what} for each in draft.revisions
            ],
        },
    }
    links = [{"category": "external", "summary": words, "url": url} for words, url in draft.links]
    if links:
        document["references"] = links
    whole: dict[str, Any] = {"document": document}
    if version == "2.1":
        whole = {"$schema": SCHEMAS[version], **whole}
    if draft.flaws:
        ids = _product_ids(draft.flaws)
        whole["product_tree"] = {"branches": _branches(ids, version)}
        whole["vulnerabilities"] = [_vulnerability(flaw, ids, version, draft) for flaw in draft.flaws]
    elif not links:
        raise InvalidAdvisory("Een advies zonder kwetsbaarheden heeft minstens één verwijzing nodig.")
    return whole


def _check(draft: Draft, version: str) -> None:
    wrong = []
    if version not in SCHEMAS:
        wrong.append(f"CSAF-versie {version} schrijven wij niet; kies 2.0 of 2.1.")
    if version == "2.0" and draft.marking.tlp is TLP.AMBER_STRICT:
        wrong.append("CSAF 2.0 kent TLP:AMBER+STRICT niet. Gebruik CSAF 2.1.")
    if not draft.key.strip() or draft.key != draft.key.strip() or "\n" in draft.key:
        wrong.append("Het advies heeft geen bruikbaar kenmerk.")
    if not draft.title.strip() or not draft.summary.strip():
        wrong.append("Het advies heeft geen titel of geen samenvatting.")
    if [each.number for each in draft.revisions] != list(range(1, len(draft.revisions) + 1)) or not draft.revisions:
        wrong.append("De versies van het advies zijn niet doorgenummerd vanaf 1.")
    elif any(each.at.tzinfo is None for each in draft.revisions):
        wrong.append("Het tijdstip van een versie heeft geen tijdzone.")
    elif any(one.at > other.at for one, other in zip(draft.revisions, draft.revisions[1:], strict=False)):
        wrong.append("De versies van het advies staan niet op volgorde van tijd.")
    for flaw in draft.flaws:
        name = flaw.cve or flaw.title or "zonder naam"
        if flaw.cve and not _CVE.fullmatch(flaw.cve):
            wrong.append(f"‘{flaw.cve[:30]}’ is geen CVE-nummer. Schrijf bijvoorbeeld CVE-2026-12345.")
        if not flaw.affected or not flaw.description.strip():
            wrong.append(f"Bij kwetsbaarheid {name} ontbreekt de beschrijving of het getroffen product.")
        if set(flaw.affected) & set(flaw.fixed):
            wrong.append(f"Bij kwetsbaarheid {name} staat een product als getroffen en als opgelost.")
        if flaw.vector:
            try:
                _scored(flaw.vector)
            except CVSSError:
                wrong.append(f"‘{flaw.vector[:60]}’ is geen CVSS-vector.")
        if any(not (each.vendor.strip() and each.product.strip() and each.version.strip()) for each in _all(flaw)):
            wrong.append(f"Bij kwetsbaarheid {name} mist een product zijn leverancier, naam of versie.")
    if wrong:
        raise InvalidAdvisory(" ".join(dict.fromkeys(wrong)))


def _all(flaw: DraftFlaw) -> tuple[DraftProduct, ...]:
    return (*flaw.affected, *flaw.fixed)


def _distribution(marking: Marking, version: str) -> dict[str, Any]:
    label = marking.tlp.label.removeprefix("TLP:")
    if version == "2.0" and marking.tlp is TLP.CLEAR:
        label = "WHITE"
    url = "https://www.first.org/tlp/"
    return {"text": f"{marking.pap.label}. {marking.pap.what_is_allowed}", "tlp": {"label": label, "url": url}}


def _product_ids(flaws: Sequence[DraftFlaw]) -> dict[DraftProduct, str]:
    products = dict.fromkeys(product for flaw in flaws for product in _all(flaw))
    return {product: f"BWPID-{number}" for number, product in enumerate(products, start=1)}


def _branches(ids: Mapping[DraftProduct, str], version: str) -> list[dict[str, Any]]:
    vendors: dict[str, dict[str, list[DraftProduct]]] = {}
    for product in ids:
        vendors.setdefault(product.vendor, {}).setdefault(product.product, []).append(product)
    return [
        {
            "category": "vendor",
            "name": vendor,
            "branches": [
                {
                    "category": "product_name",
                    "name": name,
                    "branches": [_leaf(product, ids[product], version) for product in products],
                }
                for name, products in named.items()
            ],
        }
        for vendor, named in vendors.items()
    ]


def _leaf(product: DraftProduct, own_id: str, version: str) -> dict[str, Any]:
    is_range = product.version.lower().startswith("vers:")
    full: dict[str, Any] = {
        "name": f"{product.vendor} {product.product} {product.version}",
        "product_id": own_id,
    }
    helper: dict[str, Any] = {"cpe": product.cpe} if product.cpe else {}
    if product.purl:
        helper |= {"purl": product.purl} if version == "2.0" else {"purls": [product.purl]}
    if helper:
        full["product_identification_helper"] = helper
    category = "product_version_range" if is_range else "product_version"
    return {"category": category, "name": product.version, "product": full}


def _vulnerability(flaw: DraftFlaw, ids: Mapping[DraftProduct, str], version: str, draft: Draft) -> dict[str, Any]:
    affected = [ids[product] for product in dict.fromkeys(flaw.affected)]
    status = {"known_affected": affected}
    if flaw.fixed:
        status["fixed"] = [ids[product] for product in dict.fromkeys(flaw.fixed)]
    found: dict[str, Any] = {
        **({"cve": flaw.cve} if flaw.cve else {}),
        "title": flaw.title,
        "notes": [{"category": "description", "text": flaw.description}],
        "product_status": status,
        "remediations": [
            {
                "category": "vendor_fix" if flaw.fixed else "mitigation" if flaw.remedy else "none_available",
                "details": flaw.remedy or ("Werk bij." if flaw.fixed else "Er is nog geen oplossing."),
                "product_ids": affected,
            }
        ],
    }
    if not flaw.cve:
        found["ids"] = [{"system_name": "Brandwacht", "text": draft.key}]
    if flaw.vector:
        kind, score = _scored(flaw.vector)
        if version == "2.1":
            found["metrics"] = [{"content": {kind: score}, "products": affected}]
        elif kind != "cvss_v4":  # 2.0 has no place for it
            found["scores"] = [{kind: score, "products": affected}]
    if flaw.exploited:
        found["threats"] = [
            {"category": "exploit_status", "details": "Exploited:Yes", "date": stamp(draft.revisions[-1].at)}
        ]
    return found


def _scored(vector: str) -> tuple[str, dict[str, Any]]:
    """The place of a score in CSAF and the score itself; raises CVSSError."""
    if vector.startswith("CVSS:4.0"):
        four = CVSS4(vector)
        scored = {"version": "4.0", "baseScore": float(four.base_score), "baseSeverity": four.severity.upper()}
        return "cvss_v4", scored | {"vectorString": vector}
    if vector.startswith("CVSS:3"):
        three = CVSS3(vector)
        scored = {"version": vector[5:8], "baseScore": float(three.base_score), "vectorString": vector}
        return "cvss_v3", scored | {"baseSeverity": three.severities()[0].upper()}
    two = CVSS2(vector)
    return "cvss_v2", {"version": "2.0", "baseScore": float(two.base_score), "vectorString": vector}


def file_name(key: str) -> str:
    """The name of an advisory's file (CSAF 2.1, 5.1): lower case, all but letters, digits, plus and minus as `_`."""
    return re.sub(r"[^+\-a-z0-9]+", "_", key.lower()) + ".json"


@dataclass(frozen=True, slots=True)
class RolieFeed:
    """A ROLIE feed: for one TLP label, at `url`; the advisories stand below `base` (with a slash at the end)."""

    tlp: TLP
    url: str
    base: str


def provider_metadata(provider: Provider, feeds: Sequence[RolieFeed], *, url: str, updated: datetime) -> dict[str, Any]:
    """`provider-metadata.json` of CSAF 2.1: who we are and where the feeds are. `url` is its own address (https)."""
    return {
        "$schema": _PROVIDER,
        "canonical_url": url,
        "distributions": [
            {
                "rolie": {
                    "feeds": [
                        {
                            "summary": f"Adviezen met {feed.tlp.label}",
                            "tlp_label": feed.tlp.label.removeprefix("TLP:"),
                            "url": feed.url,
                        }
                        for feed in feeds
                    ]
                }
            }
        ],
        "last_updated": stamp(updated),
        "list_on_CSAF_aggregators": False,
        "metadata_version": "2.1",
        "mirror_on_CSAF_aggregators": False,
        "publisher": {"category": provider.category, "name": provider.name, "namespace": provider.namespace},
        "role": "csaf_provider",
    }


def rolie_feed(
    feed: RolieFeed, documents: Iterable[Mapping[str, Any]], *, title: str, updated: datetime
) -> dict[str, Any]:
    """The ROLIE feed of these documents (as `write_csaf` gives them), newest first. Source: CSAF 2.1, 7.1.15, RFC 8322.

    Raises InvalidAdvisory when one carries another label than the feed: it would be shared with the wrong readers.
    """
    entries = []
    for whole in documents:
        head = whole["document"]
        label = TLP.parse(head["distribution"]["tlp"]["label"])
        if label is not feed.tlp:
            key = head["tracking"]["id"]
            raise InvalidAdvisory(f"Advies {key} heeft {label.label}; deze lijst is voor {feed.tlp.label}.")
        address = f"{feed.base}{head['tracking']['initial_release_date'][:4]}/{file_name(head['tracking']['id'])}"
        entries.append(
            {
                "id": head["tracking"]["id"],
                "title": head["title"],
                "link": [{"rel": "self", "href": address}, {"rel": "hash", "href": f"{address}.sha512"}],
                "published": head["tracking"]["initial_release_date"],
                "updated": head["tracking"]["current_release_date"],
                "summary": {"content": head["notes"][0]["text"][:500]},
                "content": {"type": "application/json", "src": address},
                "format": {"schema": SCHEMAS[head["csaf_version"]], "version": head["csaf_version"]},
            }
        )
    entries.sort(key=lambda entry: (entry["updated"], entry["id"]), reverse=True)
    return {
        "feed": {
            "id": feed.url,
            "title": title,
            "link": [{"rel": "self", "href": feed.url}],
            "category": [{"scheme": "urn:ietf:params:rolie:category:information-type", "term": "csaf"}],
            "updated": stamp(updated),
            "entry": entries,
        }
    }


def check_csaf(document: Mapping[str, Any]) -> list[str]:
    """What the mandatory tests of the `csaf` package find wrong: the test and the place, in its own (English) words."""
    # Heavy: some seconds the first time.
    from csaf.csaf.v20._validator import validate as validate_20
    from csaf.csaf.v21._validator import validate as validate_21

    version = document.get("document", {}).get("csaf_version")
    report = (validate_20 if version == "2.0" else validate_21)(dict(document))
    return [
        f"{result.id} {error.instance_path}: {error.message}"
        for result in report.results
        if not result.passed and not result.skipped
        for error in result.errors
    ]
