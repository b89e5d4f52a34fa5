"""From log files to lines of matches: what `brandwacht detect` does, as a library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from brandwacht.engines.detection.correlating import CorrelationMatch, Correlator
from brandwacht.engines.detection.events import BadRecord, Event, UnreadableFile
from brandwacht.engines.detection.explaining import Match
from brandwacht.engines.detection.matching import Matcher
from brandwacht.engines.detection.readers import LineReader
from brandwacht.engines.detection.reading import read_events
from brandwacht.engines.detection.rules import RuleSet


@dataclass(slots=True)
class Tally:
    """What a run saw: counts, and per file or record that could not be read its reason."""

    files: int = 0
    events: int = 0
    matches: int = 0
    unreadable: list[str] = field(default_factory=list)
    bad_records: int = 0
    bad: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another run with this one."""
        self.files += other.files
        self.events += other.events
        self.matches += other.matches
        self.bad_records += other.bad_records
        self.unreadable += other.unreadable
        self.bad += other.bad[: max(0, MAX_BAD - len(self.bad))]


MAX_BAD = 1000
"""Bad records that are named; the others are only counted."""


def detect_lines(matcher: Matcher, lines: Iterable[bytes]) -> Iterator[tuple[int, list[Match]]]:
    """The matches of lines of one log, without their line ends: per event that has any, its number and its matches."""
    reader = LineReader()
    feed, match = reader.feed, matcher.match
    for number, line in enumerate(lines, start=1):
        for item in feed(number, line):
            if isinstance(item, Event) and (found := match(item)):
                yield item.number, found
    for item in reader.finish():
        if isinstance(item, Event) and (found := match(item)):
            yield item.number, found


class Detection:
    """Rules made ready for a run over files; correlations hold over all files of the run, in the order given."""

    def __init__(self, rules: RuleSet) -> None:
        self._matcher = Matcher(rules.rules)
        self._correlator = Correlator(rules.correlations, rules.rules) if rules.correlations else None
        self._silent = rules.silent
        self.tally = Tally()

    def run(self, paths: Iterable[tuple[str, Path]]) -> Iterator[dict[str, Any]]:
        """A record per match of the files, each given as (name to show, path). A file that can not be read is noted in
        `tally` and does not stop the others. At the end come the correlations that had to wait for it.
        """
        for source, path in paths:
            yield from self._file(source, path)
        if self._correlator is not None:
            yield from map(self._correlated, self._correlator.finish())

    def _file(self, source: str, path: Path) -> Iterator[dict[str, Any]]:
        tally = self.tally
        tally.files += 1
        try:
            for item in read_events(path):
                if isinstance(item, BadRecord):
                    tally.bad_records += 1
                    if len(tally.bad) < MAX_BAD:
                        tally.bad.append(f"{source}, record {item.number}: {item.reason}")
                    continue
                tally.events += 1
                if found := self._matcher.match(item):
                    yield from self._matched(source, item, found)
        except UnreadableFile as error:
            tally.unreadable.append(f"{source}: {error.reason}")

    def _matched(self, source: str, event: Event, found: list[Match]) -> Iterator[dict[str, Any]]:
        for match in found:
            if match.rule_id not in self._silent:
                self.tally.matches += 1
                yield {
                    "rule_id": match.rule_id,
                    "title": match.title,
                    "level": match.level,
                    "tags": match.tags,
                    "source": source,
                    "record": event.number,
                    "timestamp": moment(event.time),
                    "matched": match.matched,
                }
        if self._correlator is not None:
            yield from map(self._correlated, self._correlator.feed(event, found, source))

    def _correlated(self, match: CorrelationMatch) -> dict[str, Any]:
        self.tally.matches += 1
        last = match.records[-1] if match.records else None
        return {
            "rule_id": match.rule_id,
            "title": match.title,
            "level": match.level,
            "tags": match.tags,
            "source": last.source if last else "",
            "record": last.number if last else None,
            "timestamp": moment(match.last),
            "matched": match.group,
            "records": [
                {
                    "source": record.source,
                    "record": record.number,
                    "timestamp": moment(record.time),
                    "rule_id": record.rule_id,
                }
                for record in match.records
            ],
        }


def moment(time: datetime | None) -> str | None:
    """A moment as ISO 8601 in UTC."""
    return None if time is None else time.isoformat().replace("+00:00", "Z")
