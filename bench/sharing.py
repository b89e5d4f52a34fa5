"""What programs exchange by TAXII 2.1: 10,000 indicators sent, and pages of 1,000 objects read from a growing store.

Each server is asked in its own process through its own test client, with all that stands before its store: who asks,
what may be seen, reading and writing JSON. Ours is on SQLite, asked by a member with a signed seat; the policy is in
the query (`visible`). OpenTAXII is on SQLite too, medallion in memory (its other store is MongoDB). Peers are sent
1,000 objects and hold 5,000, since what they do for one page grows with what is stored; ours is measured with as many,
and again with 1,000,000. Times are of the processor, since others may use the machine. Of a page the median is given,
over pages one after the other and from places spread over the store.

What the peers do not do: medallion and OpenTAXII know no marking, and medallion keeps nothing. Peers run in virtual
environments of their own:

    BENCH_MEDALLION=folder/bin/python BENCH_OPENTAXII=other/bin/python bench/sharing.py
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from ours import HERE, figure, start

MEDIA = "application/taxii+json;version=2.1"
AT_ONCE = 10_000
PEER_SENT, PEER_STORED = 1_000, 5_000
STORED, QUICK = 1_000_000, 20_000
LONGEST = 400
PROMISE_IMPORT, PROMISE_PAGE = 3.0, 50.0
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
TLPS = ("AMBER_STRICT", "AMBER", "AMBER", "GREEN", "CLEAR")


def indicators(start: int, size: int, sender: str) -> list[dict[str, Any]]:
    """Indicators as other programs make them, some 600 bytes each."""
    chance = random.Random(f"{sender}{start}")
    return [
        {
            "type": "indicator", "spec_version": "2.1",
            "id": f"indicator--{UUID(int=chance.getrandbits(128), version=4)}",
            "created": "2026-11-01T10:00:00.000Z", "modified": "2026-11-01T10:00:00.000Z",
            "name": f"Adres {number}", "description": "Gezien bij een aanval op inlogpagina's. " * 3,
            "indicator_types": ["malicious-activity"], "pattern": f"[domain-name:value = 'k{number}.example.com']",
            "pattern_type": "stix", "valid_from": "2026-11-01T10:00:00Z",
            "object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
        }
        for number in range(start, start + size)
    ]  # fmt: skip


class Ours:
    """Our server: the circle, a member with a signed seat and a token, and another member with objects of its own."""

    def __init__(self) -> None:
        from django.test import Client
        from world import NOW, Size, build

        from brandwacht.network.models import ApiToken, Organisation
        from brandwacht.network.services.tokens import PREFIX, hashed
        from brandwacht.network.tenancy import every_owner
        from brandwacht.sharing.models import CircleSeat, Guideline, GuidelineSignature, StixCollection
        from brandwacht.sharing.taxii.naming import collection_id

        with every_owner():
            people = build(Size(100, 10, 20, 10, 10))
            by_code = {each.code: each for each in Organisation.objects.all()}
            self.circle, home = by_code["VR-ISAC"], by_code["VR15"]
            self.other = by_code["VR16"]
            guideline = Guideline._base_manager.create(
                organisation=self.circle, version=1, text="bench", from_on=BEGUN.date(), set_at=BEGUN, set_by="bench"
            )
            seat = CircleSeat._base_manager.create(
                organisation=self.circle, member=home, user=people["member"], opened_at=BEGUN
            )
            GuidelineSignature._base_manager.create(
                organisation=self.circle, seat=seat, guideline=guideline, signed_at=BEGUN
            )
            ApiToken._base_manager.create(
                organisation=home, user=people["member"], name="bench", token_hash=hashed(f"{PREFIX}bench"),
                expires_at=NOW + timedelta(days=3650),
            )  # fmt: skip
            self.collections = [
                StixCollection._base_manager.create(
                    organisation=self.circle, member=member, public_id=collection_id(self.circle, member)
                )
                for member in (None, self.other)
            ]
        self.where = f"/taxii2/vr-isac/collections/{self.collections[0].public_id}/objects/"
        self.client = Client(headers={"host": "127.0.0.1", "accept": MEDIA, "authorization": f"Bearer {PREFIX}bench"})
        self.stored = 0

    def send(self, objects: list[dict[str, Any]]) -> float:
        """Send these by TAXII; how many seconds that took."""
        body = json.dumps({"objects": objects}).encode()
        began = time.process_time()
        answer = self.client.post(self.where, body, content_type=MEDIA)
        took = time.process_time() - began
        if answer.status_code != 202 or answer.json()["success_count"] != len(objects):
            raise SystemExit(f"{answer.status_code} {answer.content[:300]!r}")
        self.stored += len(objects)
        return took

    def page(self, query: str = "") -> tuple[float, dict[str, Any], dict[str, str]]:
        """A page of 1,000 objects: its milliseconds, the envelope and the headers."""
        began = time.process_time()
        answer = self.client.get(f"{self.where}?limit=1000{query}")
        took = (time.process_time() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} {answer.content[:300]!r}")
        return took, answer.json(), dict(answer.headers)

    def fill(self, upto: int) -> None:
        """Rows below use case and model, until there are so many; one of ten is the other member's own."""
        from django.db import connection, transaction

        from brandwacht.network.tenancy import every_owner
        from brandwacht.sharing.models import StixCollection, StixObject

        fields = [each for each in StixObject._meta.concrete_fields if not each.primary_key]
        place = {each.name: number for number, each in enumerate(fields)}
        names = ", ".join(connection.ops.quote_name(str(each.column)) for each in fields)
        into = f"INSERT INTO {StixObject._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
        content = indicators(0, 1, "vulling")[0]
        kinds = []
        for collection, member in zip(self.collections, (None, self.other), strict=True):
            one = StixObject(
                organisation_id=self.circle.pk, collection=collection, member=member, stix_id=content["id"],
                kind="indicator", version=BEGUN, date_added=BEGUN, tlp="AMBER", origin=self.circle.public_id,
                content=content,
            )  # fmt: skip
            kinds.append([each.get_db_prep_save(each.pre_save(one, True), connection) for each in fields])
        text, last = json.dumps(content), BEGUN
        added = fields[place["date_added"]]
        with every_owner():
            while self.stored < upto:
                rows = []
                for number in range(self.stored, self.stored + 1_000):
                    row = list(kinds[number % 10 == 9])
                    own_id, last = UUID(int=(1 << 100) + number), BEGUN + timedelta(seconds=number // 400)
                    row[place["public_id"]] = own_id.hex
                    row[place["stix_id"]] = f"indicator--{own_id}"
                    row[place["content"]] = text.replace(content["id"], row[place["stix_id"]])
                    row[place["date_added"]] = added.get_db_prep_save(last, connection)
                    row[place["tlp"]] = TLPS[number % len(TLPS)]
                    rows.append(row)
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.executemany(into, rows)
                self.stored += len(rows)
            StixCollection._base_manager.update(last_added=last)

    def pages(self, repeats: int) -> list[float]:
        """Milliseconds of pages: one after the other from the start, then from places all over the store."""
        from brandwacht.network.tenancy import every_owner
        from brandwacht.sharing.models import StixObject

        times, past = [], ""
        for _number in range(repeats):
            took, found, _headers = self.page(past)
            assert len(found["objects"]) == 1000, len(found["objects"])
            times.append(took)
            past = f"&next={found['next']}"
        with every_owner():
            rows = StixObject._base_manager.filter(collection=self.collections[0], is_last=True)
            rows = rows.order_by("date_added", "pk").values_list("public_id", "date_added")
            most = rows.count() - 3_000
            places = [rows[most * part // repeats] for part in range(repeats)]
        for public_id, moment in places:
            stamp = (moment - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            for query in (f"&next={public_id}", f"&added_after={stamp}", f"&next={public_id}&match[version]=all",
                          f"&next={public_id}&match[type]=indicator"):  # fmt: skip
                took, found, _headers = self.page(query)
                assert len(found["objects"]) == 1000, (query, len(found["objects"]))
                times.append(took)
        return times


def each_once(server: Ours) -> None:
    """Everything that there is, page by page while others send: each exactly once. Ends the bench when not."""
    seen: set[str] = set()
    past, count = "", 0
    mine = indicators(0, 2_000, "tussendoor")
    while True:
        _took, found, _headers = server.page(past)
        seen.update(each["id"] for each in found.get("objects", ()))
        count += len(found.get("objects", ()))
        if mine:
            server.send(mine[:500])
            mine = mine[500:]
        if not found["more"]:
            break
        past = f"&next={found['next']}"
    if count != len(seen) or not {each["id"] for each in indicators(0, 2_000, "tussendoor")} <= seen:
        raise SystemExit(f"{count} objects given of which {len(seen)} differ")
    print(f"{count:,} objects given, each once, while 2,000 were sent")


def peers(folder: Path, repeats: int) -> dict[str, dict[str, Any]]:
    """The figures of the peers that are there; says plainly which are not."""
    found = {}
    for name in ("medallion", "opentaxii"):
        python = os.environ.get(f"BENCH_{name.upper()}", "")
        if not python:
            print(f"{name}: not measured (BENCH_{name.upper()} names no interpreter that has it)")
            continue
        command = [python, str(HERE / "sharing_peers.py"), name, str(folder), "2", str(repeats)]
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        try:
            done = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, cwd=folder,
                timeout=LONGEST,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            print(f"{name}: not done within {LONGEST} s")
            continue
        if done.returncode:
            print(f"{name}: did not run ({done.stdout.strip()[-300:]})")
            continue
        found[name] = json.loads(done.stdout.strip().splitlines()[-1])
        pages = statistics.median(found[name]["pages"])
        print(f"{name}: {found[name]['import']:.1f} s, {pages:.0f} ms, {found[name]['memory']:.0f} MB")
    return found


def _files(folder: Path) -> None:
    for name, first, size in (("sent", 0, PEER_SENT), ("stored", PEER_SENT, PEER_STORED - PEER_SENT)):
        (folder / f"{name}.json").write_text(json.dumps({"objects": indicators(first, size, "peer")}))


def main() -> None:
    """Measure, print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 objects sent and 20,000 stored")
    parser.add_argument("--stored", type=int, help="how many are stored in the end")
    parser.add_argument("--database", default="", help="the address of an empty PostgreSQL database, instead of SQLite")
    asked = parser.parse_args()
    sent = 1_000 if asked.quick else AT_ONCE
    stored = asked.stored or (QUICK if asked.quick else STORED)
    repeats = 3 if asked.quick else 10
    if asked.quick:
        print("quick: 1,000 objects sent and 20,000 stored; peers are left out")
    with tempfile.TemporaryDirectory(prefix="brandwacht-bench-") as name:
        folder = Path(name)
        _files(folder)
        theirs = {} if asked.quick else peers(folder, 2)
        start(folder, asked.database)
        server = Ours()
        server.page()  # the first request loads what all others find loaded
        imported = server.send(indicators(0, PEER_SENT, "eerst"))
        server.fill(PEER_STORED)
        small = statistics.median(server.pages(2))
        server.fill(QUICK)
        each_once(server)
        rows = []
        for peer, label in (("opentaxii", "OpenTAXII"), ("medallion", "medallion")):
            other = theirs.get(peer)
            if other:
                pages = statistics.median(other["pages"])
                rows += [
                    figure(
                        f"indicators sent by TAXII to an empty store (peer: {label})",
                        imported,
                        other["import"],
                        "s",
                        PEER_SENT,
                    ),
                    figure(f"page of 1,000 of 5,000 stored (peer: {label})", small, pages, "ms", PEER_STORED),
                ]
        began = time.process_time()
        server.fill(stored)
        print(f"{stored:,} stored in {time.process_time() - began:.0f} s")
        from brandwacht.network.tenancy import every_owner
        from brandwacht.network.upkeep import refresh_statistics

        with every_owner():
            refresh_statistics()  # the worker does this every hour
        late = server.send(indicators(0, sent, "later"))
        times = sorted(server.pages(repeats))
        middle, high = statistics.median(times), times[int(len(times) * 0.95)]
        print(f"page: median {middle:.1f} ms, 95% within {high:.1f} ms, slowest {times[-1]:.1f} ms")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows += [
        figure("indicators sent by TAXII, with the store full (peer: the promise)", late, PROMISE_IMPORT, "s", sent),
        figure("page of 1,000, policy in the query (peer: the promise)", middle, PROMISE_PAGE, "ms", stored),
        figure("peak memory of the process, the bench's own data included", peak, None, "MB", stored),
    ]  # fmt: skip
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
