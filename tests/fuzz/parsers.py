"""The parsers of what others send: what each does with bytes, by which error it may refuse them, and right examples."""

from __future__ import annotations

import io
import json
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openpyxl import Workbook

from brandwacht.engines.intel import InvalidPattern, effective_marking, parse_indicators, parse_pattern, read_bundle
from brandwacht.engines.intel.advisories import InvalidAdvisory, read_csaf, read_cve, read_epss, read_kev
from brandwacht.engines.intel.assets import (
    Asset,
    InvalidRange,
    InvalidSheet,
    Matcher,
    Profile,
    parse_cpe,
    parse_purl,
    parse_vers,
    read_xlsx,
)
from brandwacht.engines.intel.misp import InvalidMisp, read_manifest, read_misp_event, stix_of_misp, write_feed
from brandwacht.engines.intel.stix import InvalidStix, read_stix, read_stored, write_bundle
from brandwacht.engines.intel.warninglists import InvalidList, WarningLists, read_warning_list

SLOW = 5.0
"""Seconds of the processor that one input may take."""
NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)
ONE = "6b1f2c1e-1111-4a3b-8c2d-000000000001"
STAMP = "2026-11-01T10:00:00.000Z"
MATCHER = Matcher([Profile("VR01", (Asset("1", "FortiOS", "Fortinet", "7.1"), Asset("2", cpe="cpe:/a:x:server:1.0")))])


def _stix(data: bytes) -> None:
    reading = read_stix(data)
    reading.marking()
    for each, _stated in zip(reading.objects, reading.stated(), strict=True):
        assert read_stored(each.raw) == each
        each.whole()
    assert len(read_stix(write_bundle(reading.objects, f"bundle--{ONE}")).objects) == len(reading.objects)


def _bundle(data: bytes) -> None:
    with suppress(ValueError, RecursionError):
        found = json.loads(data)
        if isinstance(found, dict):
            read_bundle(found)
            effective_marking(found)


def _pattern(data: bytes) -> None:
    found = parse_pattern(data.decode(errors="replace"))
    assert found.watchable or found.reason


def _indicators(data: bytes) -> None:
    found, refused = parse_indicators(data.decode(errors="replace"))
    assert all(each.reason for each in refused)
    for each in found:
        parse_pattern(each.pattern)


def _misp(data: bytes) -> None:
    event = read_misp_event(data)
    stix_of_misp(event, namespace=UUID(int=6), now=NOW)
    read_manifest(write_feed([event])["manifest.json"])


def _csaf(data: bytes) -> None:
    found = read_csaf(data)
    for match in MATCHER.match(found.subject):
        assert match.evidence


def _cve(data: bytes) -> None:
    for match in MATCHER.match(read_cve(data).subject):
        assert match.evidence


def _names(data: bytes) -> None:
    text = data.decode(errors="replace")
    parse_cpe(text)
    parse_purl(text)
    for each in parse_vers(text) if text.startswith("vers:") else ():
        each.holds("1.2.3")
        assert each.dutch


def _lists(data: bytes) -> None:
    lists = WarningLists([read_warning_list(data)])
    for each in parse_indicators("198.51.100.7\nkwaad.example\nhttps://kwaad.example/x")[0]:
        lists.hits(each)


@dataclass(frozen=True)
class Parser:
    """A parser: what it does with bytes, by which error it may refuse them, and right examples."""

    read: Callable[[bytes], Any]
    refuses: tuple[type[Exception], ...]
    examples: tuple[bytes, ...]


def _json(*things: Any) -> tuple[bytes, ...]:
    return tuple(json.dumps(each).encode() for each in things)


def _sheet() -> bytes:
    book = Workbook()
    for row in (("Product", "Leverancier", "Versie", "CPE"), ("FortiOS", "Fortinet", "7.1", ""), ("x", "", 2019.0, "")):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_INDICATOR = {
    "type": "indicator", "spec_version": "2.1", "id": f"indicator--{ONE}", "created": STAMP, "modified": STAMP,
    "pattern": "[domain-name:value = 'kwaad.example']", "pattern_type": "stix", "valid_from": STAMP, "labels": ["x"],
    "object_marking_refs": [f"marking-definition--{ONE}"], "confidence": 50, "granular_markings":
    [{"marking_ref": f"marking-definition--{ONE}", "selectors": ["pattern"]}], "external_references":
    [{"source_name": "x", "url": "https://x.example", "hashes": {"MD5": "0" * 32}}],
}  # fmt: skip
_MARK = {
    "type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{ONE}", "created": STAMP,
    "definition_type": "tlp", "definition": {"tlp": "amber"}, "name": "TLP:AMBER",
}  # fmt: skip
_FILE = {"type": "file", "id": f"file--{ONE}", "hashes": {"SHA-256": "0" * 64}, "name": "x", "size": 3}
_EVENT = {
    "uuid": ONE, "info": "x", "timestamp": "1793000000", "distribution": "4", "Orgc": {"name": "X", "uuid": ONE},
    "Tag": [{"name": "tlp:amber"}], "SharingGroup": {"uuid": ONE, "name": "G", "SharingGroupOrg":
    [{"Organisation": {"name": "A"}}]}, "Attribute": [{"uuid": ONE, "type": "ip-dst|port", "value": "198.51.100.7|80",
    "to_ids": True, "comment": "c", "distribution": 5, "Tag": [{"name": "PAP:RED"}]}], "Object":
    [{"name": "file", "uuid": ONE, "Attribute": [{"uuid": ONE, "type": "sha256", "value": "0" * 64}]}],
}  # fmt: skip
_CSAF = {
    "document": {
        "category": "csaf_security_advisory", "csaf_version": "2.0", "title": "Lek", "lang": "nl",
        "distribution": {"tlp": {"label": "AMBER"}}, "aggregate_severity": {"text": "Urgent"},
        "publisher": {"category": "vendor", "name": "X", "namespace": "https://x.example"},
        "tracking": {"id": "X-1", "status": "final", "version": "1", "initial_release_date": STAMP,
                     "current_release_date": STAMP, "revision_history":
                     [{"date": STAMP, "number": "1", "summary": "x"}]},
        "notes": [{"category": "summary", "text": "actively exploited"}],
    },
    "product_tree": {
        "branches": [{"category": "vendor", "name": "Fortinet", "branches": [{"category": "product_name", "name":
            "FortiOS", "branches": [{"category": "product_version_range", "name": "vers:generic/>=7.0|<7.4",
            "product": {"product_id": "P1", "name": "FortiOS 7", "product_identification_helper":
            {"cpe": "cpe:2.3:o:fortinet:fortios:7.1:*:*:*:*:*:*:*", "purl": "pkg:generic/x@1"}}}]}]}],
        "full_product_names": [{"product_id": "P2", "name": "Y"}], "relationships": [{"category": "installed_on",
        "product_reference": "P1", "relates_to_product_reference": "P2", "full_product_name":
        {"product_id": "P3", "name": "Z"}}],
    },
    "vulnerabilities": [{"cve": "CVE-2026-1", "title": "x", "product_status": {"known_affected": ["P1", "P3"],
        "fixed": ["P2"]}, "scores": [{"products": ["P1"], "cvss_v3": {"baseScore": 9.8, "vectorString": "x"}}],
        "threats": [{"category": "exploit_status", "details": "EXPLOITED:YES"}]}],
}  # fmt: skip
_CVE = {
    "cveMetadata": {"cveId": "CVE-2026-1", "state": "PUBLISHED"},
    "containers": {"cna": {"title": "x", "descriptions": [{"lang": "en", "value": "x"}], "affected":
        [{"vendor": "Fortinet", "product": "FortiOS", "cpes": ["cpe:/a:x:server:1.0"], "packageURL": "pkg:npm/x@1",
        "versions": [{"version": "0", "lessThan": "7.4", "versionType": "semver", "status": "affected"}]}],
        "metrics": [{"cvssV3_1": {"baseScore": 9.8, "vectorString": "x"}}], "cpeApplicability": [{"nodes":
        [{"cpeMatch": [{"criteria": "cpe:2.3:a:x:server:*:*:*:*:*:*:*:*", "versionEndExcluding": "2"}]}]}]}},
}  # fmt: skip

PARSERS: Mapping[str, Parser] = {
    "stix": Parser(_stix, (InvalidStix,), _json({"type": "bundle", "id": f"bundle--{ONE}", "objects":
                   [_INDICATOR, _MARK, _FILE]}, {"objects": [_FILE]}, _INDICATOR)),
    "bundle": Parser(_bundle, (), _json({"objects": [_INDICATOR, _MARK]})),
    "pattern": Parser(_pattern, (InvalidPattern,), (
        b"[ipv4-addr:value = '198.51.100.7'] OR [domain-name:value IN ('a.example', 'b.example')]",
        b"([file:name = 'ab' AND file:size > 3] FOLLOWEDBY [url:value LIKE '%x'] REPEATS 2 TIMES) WITHIN 5 SECONDS",
        b"[process:name MATCHES '^x'] START t'2026-11-01T10:00:00Z' STOP t'2026-11-02T10:00:00Z'")),
    "indicators": Parser(_indicators, (), (
        b"198.51.100.7, hxxps://kwaad[.]example/pad?x=1#y\nkwaad.example\njan@kwaad.example\n" + b"0" * 64,
        "http://[2001:db8::1]:80/é\nbücher.example".encode())),
    "misp": Parser(_misp, (InvalidMisp,), _json(_EVENT, {"Event": _EVENT})),
    "manifest": Parser(read_manifest, (InvalidMisp,), _json({ONE: {"info": "x", "timestamp": "1793000000", "Tag":
                       [{"name": "tlp:red"}], "Orgc": {"name": "X", "uuid": ONE}}})),
    "csaf": Parser(_csaf, (InvalidAdvisory,), _json(_CSAF)),
    "cve": Parser(_cve, (InvalidAdvisory,), _json(_CVE)),
    "kev": Parser(read_kev, (InvalidAdvisory,), _json({"vulnerabilities": [{"cveID": "CVE-2026-1", "dateAdded":
                  "2026-11-01", "dueDate": "2026-11-20", "knownRansomwareCampaignUse": "Known"}]})),
    "epss": Parser(read_epss, (InvalidAdvisory,), (
        b"#model_version:v2026,score_date:2026-11-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1,0.5,0.9\n",)),
    "xlsx": Parser(read_xlsx, (InvalidSheet,), (_sheet(),)),
    "names": Parser(_names, (InvalidRange,), (
        b"vers:npm/>=1.0|<2.0|!=1.5", b"cpe:2.3:a:x\\:y:server:1.0:beta:*:*:*:*:*:*", b"pkg:deb/debian/x@1.0?arch=a")),
    "lists": Parser(_lists, (InvalidList,), _json({"name": "x", "type": "cidr", "list": ["198.51.100.0/24"], "version":
                    3, "matching_attributes": ["ip-dst"]}, {"name": "y", "type": "hostname", "list": ["example"]})),
}  # fmt: skip


def attempt(parser: Parser, data: bytes, *, slow: bool = False) -> str:
    """What is wrong with what the parser does with this; empty when nothing is. With `slow` its time counts too."""
    began = time.process_time()
    try:
        parser.read(data)
    except parser.refuses as error:
        if not str(error).endswith((".", "?")):
            return f"a refusal that is no sentence: {error}"
    except Exception:
        return traceback.format_exc()
    took = time.process_time() - began
    return f"it took {took:.1f} s" if slow and took > SLOW else ""
