"""Detection: all the Sigma rules for Windows over JSON lines, beside pySigma's SQLite backend on the same lines.

The lines are made (`logs.py`: about 2.2 KB; the kinds and how many different values each field has are told there). The
peer (`sigma_sqlite.py`) parses the same lines, fills its table in memory and asks all its queries; it starts with its
queries made and we with our rules compiled, and both take parts of the log in turn. Rates of one core are by processor
time, those of two processes by the clock. The matcher first takes a part of the log, and is then timed over later
parts: the values that recur are then known as far as its memory reaches, as in a watch that goes on, and no line comes
twice.

The rules and the dense Windows logs come from `../shared/data` (BRANDWACHT_SHARED).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import orjson  # noqa: E402
from logs import POOLS, lines  # noqa: E402
from sigma_sqlite import Query, Table, queries  # noqa: E402

from brandwacht.engines.detection import (  # noqa: E402
    Event,
    Matcher,
    Rule,
    detect_lines,
    event_from_record,
    load_rules,
    read_events,
)
from brandwacht.engines.detection.indicators import Indicator, build  # noqa: E402
from brandwacht.engines.detection.logsources import windows  # noqa: E402
from brandwacht.engines.detection.readers import LineReader  # noqa: E402
from brandwacht.engines.detection.sightings import IndicatorHolder, IndicatorWatch  # noqa: E402


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time, of all threads: what a core does, also when others use the machine."""
    start = time.process_time()
    work()
    return time.process_time() - start


def ours(rules: list[Rule], size: int, repeats: int, recurring: bool) -> Iterator[tuple[list[bytes], float]]:
    """Parts of a log of `size` lines with our seconds for each, after a first part that is not counted."""
    matcher = Matcher(rules)
    for part in range(repeats + 1):
        batch = list(lines(size, seed=part, recurring=recurring, first=part * size))
        seconds = timed(lambda batch=batch: consume(matcher, batch))  # type: ignore[misc]
        if part:
            yield batch, seconds


def consume(matcher: Matcher, batch: Iterable[bytes]) -> int:
    return sum(len(found) for _, found in detect_lines(matcher, batch))


def figure(
    name: str, value: float, peer: float | None, unit: str, n: int, ratio: float | None = None
) -> dict[str, Any]:
    if ratio is None and peer:
        ratio = value / peer
    shown = None if ratio is None else round(ratio, 3)
    result = {
        "figure": name,
        "ours": round(value, 3),
        "peer": peer and round(peer, 3),
        "ratio": shown,
        "unit": unit,
        "n": n,
    }
    print(
        f"{name}: {value:,.2f} {unit}" + (f", peer {peer:,.2f}, ratio {ratio:,.2f}" if peer and ratio else ""),
        flush=True,
    )
    return result


def filled(wanted: list[Query], batch: list[bytes], *, index: bool) -> tuple[Table, float]:
    """The peer's table with the events of these lines, and the seconds of reading them and putting them in."""
    start = time.process_time()
    events = [event_from_record(number, orjson.loads(line)) for number, line in enumerate(batch, start=1)]
    reading = time.process_time() - start
    table = Table(wanted, windows(), events, index=index)
    return table, reading + table.filling


def in_turn(rules: list[Rule], wanted: list[Query], size: int, repeats: int) -> list[dict[str, Any]]:
    """Ours, the peer and bare parsing, in turn over the same parts of a log: the median of each, and of their ratios.

    In turn, since the speed of a machine that others use too differs from one minute to the next. A part is no smaller
    for the peer: a table that fits in the processor's cache is asked twice as fast as one of the size of a log.
    """
    seconds: list[tuple[float, float, float, float]] = []
    for batch, mine in ours(rules, size, repeats, recurring=True):
        parsing = timed(lambda batch=batch: [orjson.loads(line) for line in batch])  # type: ignore[misc]
        table, loading = filled(wanted, batch, index=False)
        asking = timed(lambda table=table: sum(1 for _ in table.matches()))  # type: ignore[misc]
        seconds.append((mine, loading + asking, asking, parsing))
    rate, loaded, alone, parse = (size / statistics.median(column) for column in zip(*seconds, strict=True))
    gain, gain_alone, share = (statistics.median(each[way] / each[0] for each in seconds) for way in (1, 2, 3))
    name = "Sigma rules for Windows over JSON lines, one core; peer: pySigma's SQLite backend, as it comes, "
    return [
        figure(f"{name}loading its table included", rate, loaded, "events/s", size, gain),
        figure(f"{name}queries alone", rate, alone, "events/s", size, gain_alone),
        figure("Detection as a share of orjson.loads alone on the same lines", rate, parse, "events/s", size, share),
    ]


def with_an_index(rules: list[Rule], wanted: list[Query], size: int) -> dict[str, Any]:
    """The peer helped with an index on the kinds of events, over one part; its matches must be ours."""
    matcher = Matcher(rules)
    warm, batch = list(lines(size)), list(lines(size, seed=1, first=size))
    consume(matcher, warm)
    mine = timed(lambda: consume(matcher, batch))
    table, loading = filled(wanted, batch, index=True)
    found: set[tuple[int, str]] = set()
    peer = loading + timed(lambda: found.update(table.matches()))
    ours_found = {(number - 1, match.rule_id) for number, matches in detect_lines(matcher, batch) for match in matches}
    assert ours_found == found, f"not the same matches: {sorted(ours_found ^ found)[:5]}"
    name = (
        "Sigma rules for Windows over JSON lines, one core; peer: pySigma's SQLite backend, with our index on kinds, "
    )
    return figure(f"{name}loading included", size / mine, size / peer, "events/s", size)


CHUNKS = 600
"""Chunks of the dense Windows log: some 33,000 records. The real logs are shorter, so that each comes several times."""


def dense_evtx(folder: Path, into: Path, chunks: int) -> Path:
    """One log of `chunks` chunks, those of the largest real logs in turn; the header is made to fit."""
    sources = sorted(folder.rglob("*.evtx"), key=lambda path: path.stat().st_size)[-8:]
    pieces = []
    for path in sources:
        content = path.read_bytes()
        pieces += [content[at : at + 65536] for at in range(4096, len(content), 65536)]
    pieces = [piece for piece in pieces if piece.startswith(b"ElfChnk\x00") and len(piece) == 65536]
    head = bytearray(sources[-1].read_bytes()[:4096])
    head[16:24] = (chunks - 1).to_bytes(8, "little")
    head[42:44] = chunks.to_bytes(2, "little")
    head[124:128] = zlib.crc32(head[:120]).to_bytes(4, "little")
    path = into / "dicht.evtx"
    path.write_bytes(bytes(head) + b"".join(pieces[number % len(pieces)] for number in range(chunks)))
    return path


def over_evtx(matcher: Matcher, path: Path, repeats: int) -> dict[str, Any]:
    count = 0

    def once() -> None:
        nonlocal count
        count = 0
        for item in read_events(path):
            if isinstance(item, Event):
                matcher.match(item)
                count += 1

    once()
    found = [timed(once) for _ in range(repeats)]
    name = "Sigma rules for Windows over a dense Windows log (EVTX), one core"
    return figure(name, count / statistics.median(found), None, "events/s", count)


PIECE = 2000
"""Lines that the indicators take at once, as the room gives them (`soc.services.pipeline.BATCH`)."""


def made_indicators(count: int, chance: random.Random) -> Iterator[Indicator]:
    """A third each addresses, domains and hashes, and one network of which addresses occur in the lines."""
    yield Indicator("ipv4", "10.0.3.0/24", "net", "bench")
    for number in range(1, count):
        match number % 3:
            case 0:
                address = ".".join(str(chance.randrange(11, 224)) for _ in range(4))
                yield Indicator("ipv4", address, str(number), "bench")
            case 1:
                yield Indicator("domain", f"x{number}.kwaad{chance.randrange(10**6)}.example", str(number), "bench")
            case _:
                yield Indicator("sha256", f"{chance.getrandbits(256):064x}", str(number), "bench")


def with_indicators(rules: list[Rule], size: int, repeats: int, count: int) -> dict[str, Any]:
    """What indicators cost beside the rules: both ways take the same pieces of a log in turn, each with its own matcher
    that saw an earlier part; the median of their ratios. From part to part they change matchers, since two that are
    alike can differ by a few per cent. Both hold the events of a piece until it is done, as the room does to store and
    account for them; a run that lets go of each event at once is quicker, and not what is compared.
    """
    sought = IndicatorWatch(IndicatorHolder(build(made_indicators(count, random.Random(2026))).found))
    bare, beside = Matcher(rules), Matcher(rules)
    ratios = []
    for part in range(repeats + 1):
        bare, beside = beside, bare
        batch = list(lines(size, seed=part, first=part * size))
        for turn, start in enumerate(range(0, size, PIECE)):
            piece = batch[start : start + PIECE]
            ways = [lambda: taken(bare, piece), lambda: sought.match(taken(beside, piece))]  # noqa: B023
            seconds = [0.0, 0.0]
            for way in (0, 1) if turn % 2 else (1, 0):
                seconds[way] = timed(ways[way])
            if part:
                ratios.append(seconds[1] / seconds[0])
    name = f"Cost of {count:,} indicators beside the rules (finding the values in an event included)"
    return figure(name, 100 * (statistics.median(ratios) - 1), None, "%", size * repeats)


def taken(matcher: Matcher, piece: list[bytes]) -> list[Event]:
    """The events of these lines, each matched as it comes."""
    reader, events = LineReader(), []
    for number, line in enumerate(piece, start=1):
        for item in reader.feed(number, line):
            if isinstance(item, Event):
                matcher.match(item)
                events.append(item)
    return events


# What is measured in processes of its own: this script, asked for one thing.


def child(rules: Path, source: Path) -> None:
    """Load compiled rules, say so, and on a word take the lines of a file: seconds and peak memory in MB, as JSON."""
    matcher = Matcher([Rule.from_json(item) for item in orjson.loads(rules.read_bytes())])
    with source.open("rb") as stream:
        consume(matcher, (line for _, line in zip(range(2000), stream, strict=False)))
    print("ready", flush=True)
    sys.stdin.readline()
    with source.open("rb") as stream:
        start = time.perf_counter()
        consume(matcher, stream)
        seconds = time.perf_counter() - start
    print(json.dumps([seconds, peak_memory()]), flush=True)


def peak_memory() -> float:
    """The most memory of this process in MB. The usual figure also counts what the process was before it began this."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def children(count: int, rules: Path, source: Path) -> list[tuple[float, float]]:
    """`count` processes at once, each over all the lines: (seconds, MB) of each."""
    command = [sys.executable, str(Path(__file__).resolve()), "--child", str(rules), str(source)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    results = []
    for process in started:
        seconds, peak = json.loads(process.communicate()[0])
        results.append((seconds, peak))
    return results


def in_processes(
    rules: list[Rule], batch: Iterable[bytes], count: int, folder: Path, repeats: int
) -> list[dict[str, Any]]:
    stored, source = folder / "rules.json", folder / "lines.jsonl"
    stored.write_bytes(orjson.dumps([rule.to_json() for rule in rules]))
    with source.open("wb") as stream:
        stream.writelines(line + b"\n" for line in batch)
    ones, twos, peaks = [], [], []
    for _repeat in range(repeats):  # in turn, and the one on either side of the two
        [(before, peak)] = children(1, stored, source)
        twos.append(max(seconds for seconds, _peak in children(2, stored, source)))
        [(after, _peak)] = children(1, stored, source)
        ones.append((before + after) / 2)
        peaks.append(peak)
    gain = statistics.median(2 * one / two for one, two in zip(ones, twos, strict=True))
    one, two = statistics.median(ones), statistics.median(twos)
    name = "Two processes that share nothing, against one"
    return [
        figure(name, 2 * count / two, count / one, "events/s", 2 * count, gain),
        figure("Peak memory of a process, values that never recur", max(peaks), None, "MB", count),
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="a quarter of the lines, a tenth of the indicators")
    arguments.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    gc.set_threshold(50_000)  # as `brandwacht detect` has it; the peer and orjson gain by it too
    if options.child:
        return child(*options.child)
    data = Path(os.environ.get("BRANDWACHT_SHARED") or ROOT.parent / "shared") / "data"
    if not data.is_dir():
        sys.exit(f"no folder {data}: set BRANDWACHT_SHARED to the folder that holds data/")
    size, repeats, indicators = (10_000, 3, 100_000) if options.quick else (40_000, 5, 1_000_000)
    texts = [path.read_text(encoding="utf-8") for path in sorted((data / "sigma").rglob("*.yml"))]
    loaded = load_rules((str(number), text) for number, text in enumerate(texts)).rules
    rules = [rule for rule in loaded if windows().places(rule.logsource)]
    bytes_each = sum(map(len, lines(size))) / size
    print(f"{len(rules)} rules; {size:,} lines of {bytes_each:,.0f} bytes; {repeats} repeats, median")
    print(f"different values per pool: {POOLS}")

    wanted = queries(texts, windows())
    results = in_turn(rules, wanted, size // 2, 3)
    results.append(with_an_index(rules, wanted, size // 2))
    never = statistics.median(size / seconds for _part, seconds in ours(rules, size, repeats, recurring=False))
    results.append(figure("Sigma rules for Windows, values that never recur, one core", never, None, "events/s", size))
    results.append(with_indicators(rules, size, repeats, indicators))
    with tempfile.TemporaryDirectory() as folder:
        results.append(over_evtx(Matcher(rules), dense_evtx(data / "evtx", Path(folder), CHUNKS), repeats))
        fresh = lines(size, recurring=False)
        results += in_processes(rules, fresh, size, Path(folder), 1 if options.quick else 5)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
