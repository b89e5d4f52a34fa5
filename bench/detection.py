"""Events per second against all the Sigma rules for Windows, beside a straightforward evaluation of the same rules.

The events are the real EVTX logs in `../shared/data` (BRANDWACHT_SHARED). The peer does what comes first to mind: per
event it takes the rules whose log source covers it and asks their conditions one after the other, with values compared
by plain string operations and `re`. Both must find the same matches.

Ours is timed three times over the same events: at first sight (preparing the rules for each kind of event included),
prepared (the headline: what earlier batches taught about values is forgotten, so only repeats within the batch help),
and warm (all values seen before).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from brandwacht.engines.detection import Event, Matcher, Place, Rule, load_rules, read_events  # noqa: E402
from brandwacht.engines.detection.logsources import windows  # noqa: E402

Lookup = Callable[[str], Any]
MISSING = object()


@cache
def pattern(text: str, flags: str = "") -> re.Pattern[str]:
    return re.compile(text, sum({"i": re.I, "m": re.M, "s": re.S}[flag] for flag in flags))


@cache
def glob(parts: tuple[Any, ...]) -> re.Pattern[str]:
    body = "".join(".*" if part == 0 else "." if part == 1 else re.escape(part) for part in parts)
    return re.compile(body, re.S)


def plain_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def ask(atom: list[Any], text: str) -> bool:
    """One atom against one text."""
    kind, wanted = atom[0], atom[2]
    if kind == "re":
        return pattern(wanted, atom[3]).search(text) is not None
    if kind == "cidr":
        try:
            return ip_address(text) in ip_network(wanted)
        except ValueError:
            return False
    if kind == "cmp":
        try:
            number = float(text)
        except ValueError:
            return False
        limit = atom[3]
        order = {"lt": number < limit, "lte": number <= limit, "gt": number > limit, "gte": number >= limit}
        return bool(order[wanted])
    if not atom[3]:
        text = text.lower()
    if kind == "glob":
        return glob(tuple(wanted)).fullmatch(text) is not None
    held = {"eq": text == wanted, "starts": text.startswith(wanted), "ends": text.endswith(wanted)}
    return bool(held.get(kind, wanted in text))


def naive(expression: list[Any], rule: Rule, lookup: Lookup, event: Event) -> bool:
    """A condition, asked from the top."""
    match expression:
        case ["sel", name]:
            return naive(rule.selections[name], rule, lookup, event)
        case ["not", part]:
            return not naive(part, rule, lookup, event)
        case ["and", *parts]:
            return all(naive(part, rule, lookup, event) for part in parts)
        case ["or", *parts]:
            return any(naive(part, rule, lookup, event) for part in parts)
    kind, name = expression[0], expression[1]
    value = list(event.fields.values()) if name is None else lookup(name)
    if kind == "null":
        return value is MISSING or value is None
    if kind == "exists":
        return (value is not MISSING) is expression[2]
    parts = value if isinstance(value, list) else [value]
    values = [item for part in parts for item in (part if isinstance(part, list) else [part])]
    texts = [plain_text(item) for item in values if item is not None and item is not MISSING]
    if kind == "ref":
        other = lookup(expression[2])
        return other is not MISSING and any(text.lower() == plain_text(other).lower() for text in texts)
    return any(ask(expression, text) for text in texts)


def peer_lookup(event: Event, place: Place) -> Lookup:
    envelope = {
        "EventID": event.event_id,
        "Channel": event.channel,
        "Provider_Name": event.provider,
        "Computer": event.host,
    }

    def lookup(name: str) -> Any:
        if name in envelope:
            return envelope[name]
        value = event.fields.get(place.fields.get(name, name), MISSING)
        return place.values.get(name, {}).get(value, value) if isinstance(value, str) else value

    return lookup


def peer_matches(placed: Sequence[tuple[Rule, tuple[Place, ...]]], event: Event) -> set[str]:
    found = set()
    for rule, places in placed:
        for place in places:
            if place.covers(event.channel.lower(), event.event_id):
                lookup = peer_lookup(event, place)
                here = all(lookup(name) in values for name, values in place.where.items())
                if here and naive(rule.condition, rule, lookup, event):
                    found.add(rule.id)
    return found


def load(data: Path) -> tuple[list[Rule], list[Event]]:
    paths = sorted((data / "sigma").rglob("*.yml"))
    rules = [
        rule
        for rule in load_rules((path.name, path.read_text(encoding="utf-8")) for path in paths).rules
        if windows().places(rule.logsource)
    ]
    events = [item for path in sorted((data / "evtx").rglob("*.evtx")) for item in read_events(path)]
    return rules, [item for item in events if isinstance(item, Event)]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="the peer takes every 20th event instead of every 4th")
    quick = arguments.parse_args().quick
    data = Path(os.environ.get("BRANDWACHT_SHARED") or ROOT.parent / "shared") / "data"
    if not data.is_dir():
        sys.exit(f"no folder {data}: set BRANDWACHT_SHARED to the folder that holds data/")
    rules, events = load(data)
    step, repeats = (20, 3) if quick else (4, 7)
    sample = events[::step]
    print(f"{len(rules)} rules, {len(events)} events; the peer takes {len(sample)} of them; {repeats} repeats, median")

    first, prepared, warm, peer = [], [], [], []
    placed = [(rule, windows().places(rule.logsource)) for rule in rules]
    for _ in range(repeats):
        matcher = Matcher(rules)
        first.append(timed(lambda: [matcher.match(event) for event in events]))  # noqa: B023
        matcher.forget()
        prepared.append(timed(lambda: [matcher.match(event) for event in events]))  # noqa: B023
        warm.append(timed(lambda: [matcher.match(event) for event in events]))  # noqa: B023
    for _ in range(1 if quick else 3):
        peer.append(timed(lambda: [peer_matches(placed, event) for event in sample]))
    matcher = Matcher(rules)
    for event in sample:
        ours = {match.rule_id for match in matcher.match(event)}
        assert ours == peer_matches(placed, event), f"not the same matches: {event}"

    first_rate, ours_rate, warm_rate = (len(events) / statistics.median(times) for times in (first, prepared, warm))
    peer_rate = len(sample) / statistics.median(peer)
    print(f"ours, events/s: first sight {first_rate:,.0f}, prepared {ours_rate:,.0f}, warm {warm_rate:,.0f}")
    print(f"peer, events/s: {peer_rate:,.0f}")
    figure = {
        "figure": "Sigma rules over real Windows events, one core",
        "ours": round(ours_rate, 1),
        "peer": round(peer_rate, 1),
        "ratio": round(ours_rate / peer_rate, 1),
        "unit": "events/s",
        "n": len(events),
    }
    print(json.dumps(figure))


if __name__ == "__main__":
    main()
