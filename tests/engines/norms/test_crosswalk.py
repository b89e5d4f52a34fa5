"""Versions, views and the way between frameworks: what the data says, in both directions."""

from __future__ import annotations

from itertools import permutations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms import (
    FRAMEWORKS,
    GROUPINGS,
    Crosswalk,
    Fit,
    InvalidFramework,
    Row,
    UnknownFramework,
    crosswalk,
    grouping_of,
    load_framework,
    load_grouping,
    numbers_in,
    parse_framework,
    to_grouping,
)
from brandwacht.engines.norms.crosswalk import read_crosswalk

KEYS = (*FRAMEWORKS, *GROUPINGS)
OLDER = """
key: oud
base: bio2-1.3
title: BIO2
version: "0"
date: 2025-01-01
source: test
licence: test
without: ["5.01.02"]
active:
  - {number: "5.04.02", title: Toch nog}
"""


def numbers(key: str) -> list[str]:
    framework = load_grouping(key).framework if key in GROUPINGS else load_framework(key)
    return [control.number for control in framework.controls]


def test_an_older_version_is_its_base_with_the_differences() -> None:
    older, base = parse_framework(OLDER, name="oud.yaml"), load_framework("bio2-1.3")
    assert [c.number for c in older.controls] == [c.number for c in base.controls]
    assert [m.number for m in older.control("5.01").active_measures] == ["5.01.01"]
    assert older.control("5.04").active_measures[1].title == "Toch nog"
    assert older.control("5.02") == base.control("5.02")
    assert older.fingerprint not in ("", base.fingerprint)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bio2-1.3", "bio9", "base: Er is geen normenkader ‘bio9’."),
        ("5.01.02", "5.99.02", "overheidsmaatregel 5.99.02 bestaat niet in bio2-1.3."),
        ("5.01.02", "5.04.02", "overheidsmaatregel 5.04.02 kan niet ontbreken en gelden."),
        ("without", "zonder", "het bestand: onbekend veld zonder."),
        ("title: Toch", "titel: Toch", "active, nr. 1: onbekend veld titel."),
    ],
)
def test_wrong_differences_are_named(old: str, new: str, message: str) -> None:
    with pytest.raises(InvalidFramework) as caught:
        parse_framework(OLDER.replace(old, new, 1), name="oud.yaml")
    assert any(error.startswith(message) for error in caught.value.errors), caught.value.errors


def test_the_self_assessment_asks_110_questions_in_16_categories_and_leaves_nothing_out() -> None:
    view = load_grouping("bio-zelf")
    assert (len(view.framework.controls), len(view.framework.themes)) == (110, 16)
    assert view.together == ("5.1.1 + 5.1.2", "16.1.2 + 16.1.3")
    assert view.left_out == ()
    assert sorted(part for parts in view.parts.values() for part in parts) == sorted(numbers("bio-1.04"))
    with pytest.raises(LookupError, match="Kies uit: bio-zelf"):
        load_grouping("../etc")


def test_a_brought_division_names_every_error() -> None:
    base = load_framework("bio-1.04")
    rows = [Row("rij 2", "A", ("5.1.1", "5.1.2")), Row("rij 3", " ", ("6.1.1",)), Row("rij 4", "A", ())]
    with pytest.raises(InvalidFramework) as caught:
        grouping_of(base, base, [*rows, Row("rij 5", "A", ("5.1.1", "9.9.9"))], name="cip.xlsx")
    assert caught.value.errors == (
        "rij 3: de categorie ontbreekt.",
        "rij 4: het nummer ontbreekt.",
        "rij 5: maatregel 5.1.1 staat ook al bij rij 2.",
        "rij 5: BIO 1.04 heeft geen maatregel 9.9.9.",
    )
    with pytest.raises(InvalidFramework, match="geen vragen"):
        grouping_of(base, base, [], name="leeg.xlsx")
    small = grouping_of(base, base, rows[:1], name="cip.xlsx")
    assert len(small.left_out) == 110
    assert to_grouping(small, "bio2-1.3").sources_of("5.1.1 + 5.1.2") == ("5.01",)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("16.1.2 + 16.1.3", ("16.1.2", "16.1.3")),
        ("A.16.1.2, 16.1.3", ("16.1.2", "16.1.3")),
        (" 5.1.1 ", ("5.1.1",)),
        ("5.1.1;5.1.2", ("5.1.1", "5.1.2")),
        ("", ()),
    ],
)
def test_numbers_in_a_cell(cell: str, found: tuple[str, ...]) -> None:
    assert numbers_in(cell) == found


@given(st.text(max_size=40))
def test_any_cell_is_read(cell: str) -> None:
    assert all(numbers_in(cell))


@pytest.mark.parametrize(("source", "target"), list(permutations(KEYS, 2)))
def test_pairs_exist_on_both_sides_and_are_the_same_both_ways(source: str, target: str) -> None:
    walk = crosswalk(source, target)
    assert {s for s, _ in walk.pairs} <= set(numbers(source))
    assert {t for _, t in walk.pairs} <= set(numbers(target))
    assert len(set(walk.pairs)) == len(walk.pairs)
    assert set(walk.rest) <= walk.partial
    assert {(t, s) for s, t in crosswalk(target, source).pairs} == set(walk.pairs)
    order = [numbers(target).index(t) for _, t in walk.pairs]
    assert order == sorted(order)


@pytest.mark.parametrize("target", [key for key in KEYS if key != "bio2-1.3"])
def test_every_control_of_every_framework_leads_to_a_question(target: str) -> None:
    walk = crosswalk("bio2-1.3", target)
    assert all(walk.sources_of(number) for number in numbers(target))


def test_a_part_is_called_a_part_in_the_direction_in_which_it_is_one() -> None:
    there, back = crosswalk("bio-1.04", "bio2-1.3"), crosswalk("bio2-1.3", "bio-1.04")
    assert there.sources_of("5.01") == ("5.1.1", "5.1.2")
    assert there.fit("5.1.1", "5.01") is Fit.PART
    assert back.fit("5.01", "5.1.1") is Fit.WHOLE
    assert there.fit("6.1.1", "5.02") is Fit.WHOLE
    assert crosswalk("bio2-1.3", "nis2-21").fit("5.01", "a") is Fit.PART
    assert crosswalk("nis2-21", "bio2-1.3").fit("i", "5.03") is Fit.PART
    with pytest.raises(LookupError):
        there.fit("5.1.1", "5.02")


def test_between_versions_a_measure_is_followed_to_the_control_it_moved_to() -> None:
    newer = crosswalk("bio2-1.2", "bio2-1.3")
    assert newer.sources_of("5.10") == ("5.04", "5.10")
    assert newer.rest == {
        "5.24": "Overheidsmaatregel 5.24.08 staat niet in versie 1.2.",
        "6.03": "Overheidsmaatregel 6.03.04 staat niet in versie 1.2.",
    }
    assert set(crosswalk("bio2-1.3", "bio2-1.2").rest) == {"5.21", "5.35", "7.01", "8.24"}


def test_no_way_leads_to_itself_or_to_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="to itself"):
        crosswalk("bio2-1.3", "bio2-1.3")
    with pytest.raises(UnknownFramework):
        crosswalk("bio2-1.3", "bio9")


def test_a_wrong_crosswalk_file_names_every_error() -> None:
    content = yaml.safe_load(
        'from: bio2-1.3\nto: nis2-21\nitems:\n- {number: z, from: ["9.99"]}\n- {number: a}\n- {nummer: b}'
    )
    with pytest.raises(InvalidFramework) as caught:
        read_crosswalk(content, load_framework("bio2-1.3"), load_framework("cbw"), name="x.yaml")
    assert {
        "to: ‘nis2-21’ kan niet, kies uit cbw.",
        "z: 9.99 staat niet in bio2-1.3.",
        "z staat niet in cbw.",
        "a: noem waar het op berust.",
        "items, nr. 3: onbekend veld nummer.",
    } <= set(caught.value.errors)


def test_a_whole_pair_is_the_only_source_of_its_target() -> None:
    walk = Crosswalk("a", "b", (("1", "x"), ("2", "x"), ("2", "y")))
    assert (walk.fit("1", "x"), walk.fit("2", "y")) == (Fit.PART, Fit.WHOLE)
    assert walk.targets_of("2") == ("x", "y")
    assert walk.sources_of("z") == ()
