"""What goes on between organisations: STIX read, patterns judged, and CVE records held against what 26 regions run.

Reading is compared with `stix2`, patterns with the full grammar of `stix2-patterns` alone. The CVE records are made:
some 25,000 products of which most have few records and some have thousands, with ranges of versions; they are made as
JSON in batches, read, and matched, and only matching (and, as a figure of its own, reading) is timed. The matcher has
no peer that knows organisations. Times are of the processor, one core, since others may use the machine. Memory is the
peak of the whole process, the bench's own batches included.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import stix2  # noqa: E402
from stix2patterns.v21.pattern import Pattern  # noqa: E402

from brandwacht.engines.intel import parse_pattern, stix_id  # noqa: E402
from brandwacht.engines.intel.advisories import read_cve  # noqa: E402
from brandwacht.engines.intel.assets import Asset, Matcher, Profile  # noqa: E402
from brandwacht.engines.intel.stix import read_stix  # noqa: E402

PRODUCTS = 25_000
REGIONS = 26
ASSETS = 150
DESCRIPTIONS = [{"lang": "en", "value": "A flaw. " * 20}]
NAMESPACE = UUID(int=6)


def indicators(size: int) -> bytes:
    """A bundle of so many indicators with a value each."""
    when = "2026-11-01T10:00:00.000Z"
    things = [
        {
            "type": "indicator",
            "spec_version": "2.1",
            "id": stix_id("indicator", NAMESPACE, str(number)),
            "created": when,
            "modified": when,
            "name": f"Adres {number}",
            "description": "Gezien bij een aanval op inlogpagina's. " * 5,
            "pattern": f"[domain-name:value = 'kwaad{number}.example.com']",
            "pattern_type": "stix",
            "valid_from": when,
            "labels": ["made-up"],
            "object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
        }
        for number in range(size)
    ]
    return json.dumps({"type": "bundle", "id": stix_id("bundle", NAMESPACE), "objects": things}).encode()


def universe(chance: random.Random) -> list[tuple[str, str]]:
    """Makers and products; names of one to four words, so that many are alike."""
    words = ["server", "client", "manager", "gateway", "portal", "core", "cloud", "office", "mail", "access", "data",
             "web", "secure", "router", "agent", "studio", "backup", "viewer", "plugin", "engine"]  # fmt: skip
    return [
        (f"vendor{chance.randrange(6000)}", f"{chance.choice(words)} {chance.choice(words)} x{number}")
        for number in range(PRODUCTS)
    ]


def records(size: int, products: list[tuple[str, str]], chance: random.Random) -> Iterator[bytes]:
    """CVE records as JSON; a few products have most of them."""
    for number in range(size):
        affected = []
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            vendor, product = products[int(PRODUCTS * chance.random() ** 3)]
            top = f"{chance.randrange(1, 20)}.{chance.randrange(20)}.{chance.randrange(9)}"
            cpe = f"cpe:2.3:a:{vendor}:{product.replace(' ', '_')}:*:*:*:*:*:*:*:*"
            versions = [{"version": "0", "status": "affected", "lessThan": top, "versionType": "custom"}]
            affected.append(
                {"vendor": vendor, "product": product, "versions": versions}
                | ({"cpes": [cpe]} if chance.random() < 0.4 else {})
            )
        yield json.dumps(
            {
                "dataType": "CVE_RECORD",
                "cveMetadata": {"cveId": f"CVE-2026-{number:06}", "state": "PUBLISHED"},
                "containers": {"cna": {"affected": affected, "descriptions": DESCRIPTIONS}},
            }
        ).encode()


def profiles(products: list[tuple[str, str]], chance: random.Random) -> list[Profile]:
    """What each region runs: by name, some by CPE, some without a version or a maker."""
    found = []
    for region in range(REGIONS):
        assets = []
        for number in range(ASSETS):
            vendor, product = products[int(PRODUCTS * chance.random() ** 2)]
            version = f"{chance.randrange(1, 20)}.{chance.randrange(20)}" if chance.random() < 0.7 else ""
            if chance.random() < 0.3:
                cpe = f"cpe:2.3:a:{vendor}:{product.replace(' ', '_')}:{version or '*'}:*:*:*:*:*:*:*"
                assets.append(Asset(str(number), cpe=cpe))
            else:
                assets.append(Asset(str(number), product.title(), vendor if chance.random() < 0.8 else "", version))
        found.append(Profile(f"VR{region:02}", tuple(assets)))
    return found


def figure(name: str, value: float, peer: float | None, unit: str, n: int) -> dict[str, Any]:
    """A figure; the ratio is how many times less time we need than the peer."""
    ratio = None if peer is None else round(peer / value, 1)
    shown = None if peer is None else round(peer, 3)
    return {"figure": name, "ours": round(value, 3), "peer": shown, "ratio": ratio, "unit": unit, "n": n}


def reading(size: int, peer_size: int) -> dict[str, Any]:
    data = indicators(size)
    start = time.process_time()
    found = read_stix(data)
    ours = time.process_time() - start
    assert len(found.objects) == size, found.problems[:1]
    less = indicators(peer_size)
    start = time.process_time()
    stix2.parse(less, allow_custom=True)
    theirs = (time.process_time() - start) * size / peer_size
    return figure("STIX indicators read and checked (peer: stix2)", ours, theirs, "s", size)


def judging(size: int, peer_size: int) -> dict[str, Any]:
    texts = [f"[ipv4-addr:value = '198.51.{number % 250}.{number // 250 % 250}']" for number in range(size)]
    start = time.process_time()
    assert all(parse_pattern(text).watchable for text in texts)
    ours = time.process_time() - start
    start = time.process_time()
    for text in texts[:peer_size]:
        Pattern(text)
    theirs = (time.process_time() - start) * size / peer_size
    return figure("patterns of one value (peer: stix2-patterns)", ours, theirs, "s", size)


def matching(size: int, batch: int) -> list[dict[str, Any]]:
    chance = random.Random(6)
    products = universe(chance)
    matcher = Matcher(profiles(products, chance))
    texts = records(size, products, chance)
    read = matched = 0.0
    hits = 0
    for done in range(0, size, batch):
        lines = [next(texts) for _ in range(min(batch, size - done))]
        start = time.process_time()
        subjects = [read_cve(line).subject for line in lines]
        read += time.process_time() - start
        start = time.process_time()
        hits += sum(1 for _ in matcher.match_all(subjects))
        matched += time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{hits:,} matches of {size:,} records with {REGIONS * ASSETS:,} assets of {REGIONS} regions")
    return [
        figure("CVE records held against 26 profiles", matched, None, "s", size),
        figure("CVE records read (JSON 5)", read, None, "s", size),
        figure("peak memory of the process", peak, None, "MB", size),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="30,000 CVE records and 2,000 indicators")
    quick = parser.parse_args().quick
    found = [reading(2_000 if quick else 10_000, 100 if quick else 500)]
    found.append(judging(2_000 if quick else 10_000, 100 if quick else 500))
    found += matching(30_000 if quick else 300_000, 10_000)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
