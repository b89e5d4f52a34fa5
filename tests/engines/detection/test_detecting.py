"""From log files to records of matches, as a library."""

import json
from pathlib import Path
from typing import Any

import pytest

from brandwacht.engines.detection import Matcher, detect_lines, load_rules
from brandwacht.engines.detection.detecting import MAX_BAD, Detection, Tally, moment
from tests.engines.detection.correlation_support import CORRELATION_ID, RULE_IDS, base, correlation_text
from tests.engines.detection.support import MOMENT

TIME = "2026-11-22T13:05:00Z"


def line(word: str, **other: Any) -> str:
    """A line of a flat Windows log with this word in the field Wat."""
    return json.dumps({"Channel": "Security", "EventID": 1, "TimeCreated": TIME, "Wat": word, "User": "u"} | other)


def log(path: Path, *lines: str) -> tuple[str, Path]:
    path.write_text("".join(f"{item}\n" for item in lines), encoding="utf-8")
    return path.name, path


def detection(*texts: str) -> Detection:
    loaded = load_rules((f"{number}.yml", text) for number, text in enumerate(texts))
    assert not loaded.unusable
    return Detection(loaded)


def test_a_record_per_match(tmp_path):
    run = detection(base("a", tags=["attack.t1059"], level="low"), base("b"))
    found = list(run.run([log(tmp_path / "x.jsonl", line("a"), line("z"), line("b"))]))
    assert found[0] == {
        "rule_id": RULE_IDS["a"],
        "title": "Regel a",
        "level": "low",
        "tags": ("attack.t1059",),
        "source": "x.jsonl",
        "record": 1,
        "timestamp": TIME,
        "matched": {"Wat": "a"},
    }
    assert [(item["rule_id"], item["record"]) for item in found] == [(RULE_IDS["a"], 1), (RULE_IDS["b"], 3)]
    assert run.tally == Tally(files=1, events=3, matches=2)


def test_correlations_hold_over_files_and_name_their_records(tmp_path):
    section = {"rules": ["a"], "condition": {"gte": 3}}
    run = detection(base("a"), correlation_text(section))
    first = log(tmp_path / "een.jsonl", line("a"), line("a"))
    second = log(tmp_path / "twee.jsonl", line("a", TimeCreated="2026-11-22T13:05:30Z"))
    (found,) = run.run([first, second])
    assert found["rule_id"] == CORRELATION_ID
    assert (found["source"], found["record"], found["timestamp"]) == ("twee.jsonl", 1, "2026-11-22T13:05:30Z")
    assert found["matched"] == {"User": "u"}
    assert [(item["source"], item["record"], item["rule_id"]) for item in found["records"]] == [
        ("een.jsonl", 1, RULE_IDS["a"]),
        ("een.jsonl", 2, RULE_IDS["a"]),
        ("twee.jsonl", 1, RULE_IDS["a"]),
    ]
    assert run.tally.matches == 1


def test_a_correlation_that_waits_is_told_at_the_end(tmp_path):
    section = {"rules": ["a"], "condition": {"lte": 2}}
    run = detection(base("a"), correlation_text(section))
    found = list(run.run([log(tmp_path / "x.jsonl", line("a"))]))
    assert [item["rule_id"] for item in found] == [CORRELATION_ID]


def test_what_can_not_be_read_is_noted_and_stops_nothing(tmp_path):
    (tmp_path / "kapot.evtx").write_bytes(b"ElfFile\x00" + b"\x00" * 20)
    run = detection(base("a"))
    good = log(tmp_path / "x.jsonl", line("a"), "{", line("a"))
    found = list(run.run([("kapot.evtx", tmp_path / "kapot.evtx"), good, ("weg", tmp_path / "weg")]))
    assert [item["record"] for item in found] == [1, 3]
    tally = run.tally
    assert (tally.files, tally.events, tally.matches, tally.bad_records) == (3, 2, 2, 1)
    assert [text.partition(":")[0] for text in tally.unreadable] == ["kapot.evtx", "weg"]
    assert tally.bad[0].startswith("x.jsonl, record 2: ")


def test_tallies_add_up():
    total = Tally(files=1, events=2, matches=3, bad_records=1, bad=["x"])
    total.add(Tally(files=1, events=5, bad_records=MAX_BAD, bad=["y"] * MAX_BAD, unreadable=["z"]))
    assert (total.files, total.events, total.matches, total.bad_records) == (2, 7, 3, MAX_BAD + 1)
    assert total.bad == ["x", *["y"] * (MAX_BAD - 1)]
    assert total.unreadable == ["z"]


def test_lines_by_their_number():
    matcher = Matcher(load_rules([("r", base("a"))]).rules)
    lines = [text.encode() for text in (line("a"), "{", line("b"), line("a"))]
    assert [(number, [match.rule_id for match in found]) for number, found in detect_lines(matcher, lines)] == [
        (1, [RULE_IDS["a"]]),
        (4, [RULE_IDS["a"]]),
    ]


@pytest.mark.parametrize(("time", "expected"), [(None, None), (MOMENT, TIME)])
def test_moments(time, expected):
    assert moment(time) == expected
