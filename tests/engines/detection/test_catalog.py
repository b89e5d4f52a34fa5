"""Folders of rules, and what they compile to kept on disk."""

import os
import re
from pathlib import Path

import pytest

from brandwacht.engines.detection import RuleSet, catalog
from brandwacht.engines.detection.catalog import KEPT, fingerprint, load_folder, read_rule_files
from tests.engines.detection.correlation_support import base, correlation_text
from tests.engines.detection.support import rule_text
from tests.engines.detection.test_filters import filter_text

BIG = 2**80


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules with a correlation and a filter, one that can not be used, one that is no UTF-8, and what is no rule."""
    folder = tmp_path / "regels"
    (folder / "dieper").mkdir(parents=True)
    (folder / "a.yml").write_text(base("a"), encoding="utf-8-sig")
    (folder / "dieper" / "b.yaml").write_text(base("b"), encoding="utf-8")
    (folder / "c.yml").write_text(correlation_text({"condition": {"gte": 1.5}}), encoding="utf-8")
    (folder / "d.yml").write_text(filter_text({"rules": "any", "selection": {"User": "é"}}), encoding="utf-8")
    (folder / "groot.yml").write_text(rule_text({"selection": {"N|gt": BIG, "M|hour": BIG}}), encoding="utf-8")
    (folder / "kapot.yml").write_text("title: [", encoding="utf-8")
    (folder / "latin.yml").write_bytes(b"title: caf\xe9")
    (folder / "lees.md").write_text("title: geen regel", encoding="utf-8")
    return folder


def must_compile(monkeypatch: pytest.MonkeyPatch, *, may: bool) -> list[int]:
    """How often rules were compiled from now on; fails when they may not be."""
    calls: list[int] = []
    real = catalog.load_rules

    def load(texts: list[tuple[str, str]]) -> RuleSet:
        assert may, "compiled again"
        calls.append(len(texts))
        return real(texts)

    monkeypatch.setattr(catalog, "load_rules", load)
    return calls


def kept_file(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


def test_what_a_folder_holds(folder):
    found = load_folder(folder)
    assert [rule.name for rule in found.rules] == ["a.yml", "dieper/b.yaml", "groot.yml"]
    assert [item.name for item in found.correlations] == ["c.yml"]
    assert [item.name for item in found.filters] == ["d.yml"]
    assert {item.name: item.reason for item in found.unusable} == {
        "kapot.yml": "Het bestand is geen geldige YAML bij regel 2. Controleer de opmaak.",
        "latin.yml": "Dit bestand is geen UTF-8-tekst. Sla het op als UTF-8.",
    }


def test_one_file_is_a_folder_with_one_file(folder):
    assert [rule.name for rule in load_folder(folder / "a.yml").rules] == ["a.yml"]


def test_too_large_and_unreadable_files_are_named(tmp_path):
    (tmp_path / "groot.yml").write_bytes(b"#" * (5 * 1024 * 1024))
    (tmp_path / "map.yml").mkdir()
    (tmp_path / "weg.yml").symlink_to(tmp_path / "nergens")
    texts, unreadable = read_rule_files(tmp_path)
    assert not texts
    assert [item.name for item in unreadable] == ["groot.yml", "map.yml", "weg.yml"]
    assert all(item.reason.startswith("Het bestand is ") for item in unreadable)


def test_the_second_time_nothing_is_compiled(folder, tmp_path, monkeypatch):
    first = load_folder(folder, tmp_path / "bewaard")
    must_compile(monkeypatch, may=False)
    second = load_folder(folder, tmp_path / "bewaard")
    assert second == first == load_folder(folder, tmp_path / "bewaard")
    assert str(BIG) in repr(second.rules[2].selections)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-40],
        lambda content: b"",
        lambda content: b"\xff" * 80,
        lambda content: content.replace(b'"Wat"', b'"Dat"'),
        lambda content: content[:64] + b"\nnull",
        lambda content: content.partition(b"\n")[2],
        lambda content: re.sub(rb'"form":\d+', b'"form":0', content),
    ],
    ids=["cut", "empty", "noise", "other", "null", "bare", "form"],
)
def test_a_damaged_form_counts_as_absent(folder, tmp_path, monkeypatch, damage):
    cache = tmp_path / "bewaard"
    first = load_folder(folder, cache)
    kept = kept_file(cache)
    good = kept.read_bytes()
    bad = damage(good)
    assert bad != good
    kept.write_bytes(bad)
    calls = must_compile(monkeypatch, may=True)
    assert load_folder(folder, cache) == first
    assert len(calls) == 1
    assert kept_file(cache).read_bytes() == good


def test_another_version_of_the_form_is_another_file(folder, tmp_path, monkeypatch):
    texts, _ = read_rule_files(folder)
    before = fingerprint(texts)
    monkeypatch.setattr(catalog, "FORM", catalog.FORM + 1)
    assert fingerprint(texts) != before


def test_any_change_gives_another_fingerprint(folder, tmp_path, monkeypatch):
    cache = tmp_path / "bewaard"
    load_folder(folder, cache)
    (folder / "a.yml").write_text(base("a", level="low"), encoding="utf-8")
    assert load_folder(folder, cache).rules[0].level == "low"
    (folder / "a.yml").rename(folder / "a2.yml")
    assert load_folder(folder, cache).rules[0].name == "a2.yml"
    (folder / "e.yml").write_text(base("c"), encoding="utf-8")
    assert len(load_folder(folder, cache).rules) == 4
    assert len(list(cache.iterdir())) == 4


def test_names_and_texts_do_not_run_into_each_other():
    pairs = [("a", "bc")], [("ab", "c")], [("a", "b"), ("c", "")], [("a", "b"), ("", "c")], [("", "abc")], []
    assert len({fingerprint(pair) for pair in pairs}) == len(pairs)
    assert all(re.fullmatch("[0-9a-f]{64}", fingerprint(pair)) for pair in pairs)


def test_a_cache_that_can_not_be_written_is_no_error(folder, tmp_path):
    (tmp_path / "bestand").write_text("x", encoding="utf-8")
    expected = load_folder(folder)
    for cache in (tmp_path / "bestand", tmp_path / "bestand" / "dieper", Path("/proc/nergens")):
        assert load_folder(folder, cache) == expected
    assert (tmp_path / "bestand").read_text(encoding="utf-8") == "x"


def test_the_oldest_go_and_nothing_else(folder, tmp_path):
    cache = tmp_path / "bewaard"
    cache.mkdir()
    (cache / "ander.json").write_text("{}", encoding="utf-8")
    for number in range(KEPT + 3):
        (folder / "a.yml").write_text(base("a", description=str(number)), encoding="utf-8")
        texts, _ = read_rule_files(folder)
        load_folder(folder, cache)
        os.utime(cache / f"regels-{fingerprint(texts)}.json", (number, number))
    assert (cache / "ander.json").exists()
    assert (cache / f"regels-{fingerprint(texts)}.json").exists()
    assert len(list(cache.iterdir())) == KEPT + 1
