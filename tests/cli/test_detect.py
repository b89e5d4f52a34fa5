"""``brandwacht detect``: what comes out, what it says, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engines.detection.correlation_support import CORRELATION_ID, RULE_IDS, base, correlation_text

KEYS = {"rule_id", "title", "level", "tags", "source", "record", "timestamp", "matched"}
SUMMARY = re.compile(
    r"(?P<events>\d+) gebeurtenissen uit (?P<files>\d+) bestanden, (?P<rules>\d+) regels gebruikt, (?P<unusable>\d+)"
    r" niet te gebruiken, (?P<matches>\d+) treffers, (?P<seconds>[\d.]+) s, (?P<rate>\d+) gebeurtenissen per s,"
    r" (?P<memory>\d+) MB geheugen op het hoogst"
)


class Place:
    """A folder with rules and logs, and an empty folder to run in."""

    def __init__(self, root: Path) -> None:
        self.rules, self.logs, self.cache, self.cwd = (root / name for name in ("regels", "logs", "bewaard", "hier"))
        for folder in (self.rules, self.logs, self.cwd):
            folder.mkdir()
        (self.rules / "a.yml").write_text(base("a", tags=["attack.t1059"]), encoding="utf-8")
        (self.rules / "b.yml").write_text(base("b"), encoding="utf-8")
        (self.rules / "kapot.yml").write_text("title: [", encoding="utf-8")

    def log(self, name: str, *words: str) -> None:
        """A log with an event for each word."""
        lines = [
            {"Channel": "Security", "EventID": 1, "TimeCreated": "2026-11-22T13:05:00Z", "Wat": word, "User": "ü"}
            for word in words
        ]
        text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in lines)
        (self.logs / name).write_text(text, encoding="utf-8")

    def run(self, *more: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command over all logs; in a process of its own, without any setting."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("BRANDWACHT_", "DJANGO_"))}
        env |= {"XDG_CACHE_HOME": str(self.cache), **environment}
        command = [sys.executable, "-m", "brandwacht.cli", "detect", *map(str, more or (self.logs,))]
        command += ["--rules", str(self.rules)]
        return subprocess.run(command, cwd=self.cwd, env=env, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def summary(answer: subprocess.CompletedProcess[str]) -> dict[str, float]:
    """What the last line on standard error sums up."""
    found = SUMMARY.fullmatch(answer.stderr.splitlines()[-1])
    assert found, answer.stderr
    return {name: float(value) for name, value in found.groupdict().items()}


def test_lines_and_summary_without_a_database_or_a_trace(place):
    place.log("een.jsonl", "a", "z", "b")
    place.log("twee.jsonl", "a")
    answer = place.run()
    assert answer.returncode == 0, answer.stderr
    found = records(answer.stdout)
    assert all(item.keys() == KEYS for item in found)
    assert found[0] == {
        "rule_id": RULE_IDS["a"],
        "title": "Regel a",
        "level": "high",
        "tags": ["attack.t1059"],
        "source": str(place.logs / "een.jsonl"),
        "record": 1,
        "timestamp": "2026-11-22T13:05:00Z",
        "matched": {"Wat": "a"},
    }
    assert [(Path(item["source"]).name, item["record"]) for item in found] == [
        ("een.jsonl", 1),
        ("een.jsonl", 3),
        ("twee.jsonl", 1),
    ]
    told = summary(answer)
    assert {name: told[name] for name in ("events", "files", "rules", "unusable", "matches")} == {
        "events": 4, "files": 2, "rules": 2, "unusable": 1, "matches": 3,
    }  # fmt: skip
    assert 0 < told["seconds"] < 60
    assert told["rate"] > 0
    assert 10 < told["memory"] < 2000
    assert "kapot.yml: Het bestand is geen geldige YAML" in answer.stderr
    assert list(place.cwd.iterdir()) == []
    assert [path.name[:7] for path in (place.cache / "brandwacht").iterdir()] == ["regels-"]


def test_nothing_is_kept_when_asked(place):
    place.log("een.jsonl", "a")
    answer = place.run(place.logs, "--no-cache")
    assert len(records(answer.stdout)) == 1
    assert not place.cache.exists()
    assert list(place.cwd.iterdir()) == []


def test_kept_rules_give_the_same(place):
    place.log("een.jsonl", "a", "b")
    first, second = place.run(), place.run()
    assert first.stdout == second.stdout
    assert first.stderr.splitlines()[:-1] == second.stderr.splitlines()[:-1]


def test_correlations_add_records(place):
    (place.rules / "c.yml").write_text(correlation_text({"rules": ["a"], "condition": {"gte": 2}}), encoding="utf-8")
    place.log("een.jsonl", "a", "b")
    place.log("twee.jsonl", "a")
    answer = place.run(place.logs, "--processes", "2")
    assert "correlaties" in answer.stderr
    plain, told = sorted(records(answer.stdout), key=lambda item: "records" in item)
    assert plain.keys() == KEYS
    assert told.keys() == KEYS | {"records"}
    assert told["rule_id"] == CORRELATION_ID
    assert told["matched"] == {"User": "ü"}
    assert [(Path(item["source"]).name, item["record"], item["rule_id"]) for item in told["records"]] == [
        ("een.jsonl", 1, RULE_IDS["a"]),
        ("twee.jsonl", 1, RULE_IDS["a"]),
    ]
    assert all(item.keys() == {"source", "record", "timestamp", "rule_id"} for item in told["records"])
    assert summary(answer)["rules"] == 3


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_broken_file_is_named_and_gives_exit_code_2(place, processes):
    place.log("een.jsonl", "a")
    (place.logs / "kapot.evtx").write_bytes(b"geen logboek")
    (place.logs / "leeg.jsonl").touch()
    answer = place.run(place.logs, "--processes", processes)
    assert answer.returncode == 2
    assert len(records(answer.stdout)) == 1
    named = [text for text in answer.stderr.splitlines() if text.startswith(str(place.logs))]
    assert [text.partition(":")[0] for text in named] == [
        str(place.logs / "kapot.evtx"),
        str(place.logs / "leeg.jsonl"),
    ]
    assert summary(answer)["files"] == 3


def test_bad_records_are_named_and_are_no_failure(place):
    place.log("een.jsonl", "a")
    with (place.logs / "een.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("{\n" * 30)
    answer = place.run()
    assert answer.returncode == 0
    assert f"{place.logs / 'een.jsonl'}, record 2: " in answer.stderr
    assert "En nog 10 beschadigde gebeurtenissen." in answer.stderr


def test_more_processes_give_the_same_file(place):
    for number in range(5):
        place.log(f"{number}.jsonl", *"abzab"[: number + 1] * 40)
    answers = [
        place.run(place.logs, "--processes", processes, "--out", place.logs.parent / f"uit-{processes}")
        for processes in ("1", "2")
    ]
    assert [answer.returncode for answer in answers] == [0, 0], answers
    one, two = ((place.logs.parent / f"uit-{processes}").read_bytes() for processes in ("1", "2"))
    assert one == two
    assert one.count(b"\n") == summary(answers[0])["matches"] == summary(answers[1])["matches"] > 100
    assert not answers[0].stdout
    assert not list(place.logs.parent.glob("*.part"))


def test_a_file_that_can_not_be_written_is_told(place):
    place.log("een.jsonl", "a")
    answer = place.run(place.logs, "--out", "/proc/nergens/uit")
    assert answer.returncode == 1
    assert "/proc/nergens/uit kan niet worden geschreven" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_without_logs_or_rules_it_says_what_to_give(place):
    answer = place.run()
    assert answer.returncode == 1
    assert "Geef een logbestand of een map met logbestanden op." in answer.stderr
    place.log("een.jsonl", "a")
    for path in place.rules.iterdir():
        path.unlink()
    answer = place.run()
    assert answer.returncode == 1
    assert "Geef een map met Sigma-regels (.yml) op." in answer.stderr


def test_names_give_no_orders_to_the_terminal(place):
    (place.logs / "a\x1b[31mb.evtx").write_bytes(b"geen logboek")
    answer = place.run()
    assert answer.returncode == 2
    assert "\x1b" not in answer.stderr


def test_a_hidden_number_too_large_for_a_float_is_no_failure(place):
    """A line that is only read in part until a rule is true of it."""
    record = '{"winlog":{"channel":"Security","event_id":1,"event_data":{"Wat":"a"}},"x":1e999}\n'
    (place.logs / "een.jsonl").write_text(record, encoding="utf-8")
    answer = place.run()
    assert answer.returncode == 0, answer.stderr
    assert len(records(answer.stdout)) == 1
