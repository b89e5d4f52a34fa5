"""The packaged frameworks: counted, held against the official lists, and in our own words."""

import csv
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from brandwacht.engines.norms import (
    FRAMEWORKS,
    Control,
    Framework,
    controls_for,
    crosswalk,
    load_framework,
    load_grouping,
)

LETTERS = set("abcdefghij")


@pytest.fixture(scope="module")
def bio2() -> Framework:
    return load_framework("bio2-1.3")


@pytest.fixture(scope="module")
def bio104() -> Framework:
    return load_framework("bio-1.04")


def rows(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / "bio" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_bio2_counts(bio2: Framework) -> None:
    measures = [measure for control in bio2.controls for measure in control.measures]
    assert len(bio2.controls) == 93
    assert Counter(measure.status for measure in measures) == {
        "actief": 118,
        "geen": 39,
        "verplaatst": 5,
        "vervallen": 4,
    }
    assert bio2.themes == ("organisatorisch", "mensgericht", "fysiek", "technologisch")
    assert [sum(control.theme == theme for control in bio2.controls) for theme in bio2.themes] == [37, 8, 14, 34]


def test_bio104_counts(bio104: Framework) -> None:
    measures = [measure for control in bio104.controls for measure in control.measures]
    assert len(bio104.controls) == 112
    assert len(bio104.dropped) == 2
    assert Counter(measure.bbn for measure in measures) == {1: 71, 2: 66}
    assert Counter(control.bbn for control in bio104.controls) == {1: 98, 2: 13, None: 1}


def test_every_bio104_control_goes_on_in_bio2(bio2: Framework, bio104: Framework) -> None:
    reached = {number for control in bio104.controls for number in control.successors}
    assert all(control.successors for control in bio104.controls)
    # What ISO/IEC 27002:2022 brought anew has no predecessor, and 5.06 only had the one that BIO 1.04 dropped.
    assert {control.number for control in bio2.controls} - reached == {
        *("5.06", "5.07", "5.23", "5.30", "7.04", "8.09", "8.10", "8.11", "8.12", "8.16", "8.23", "8.28")
    }


def test_nis2_has_ten_measures_with_questions() -> None:
    nis2 = load_framework("nis2-21")
    assert [control.number for control in nis2.controls] == sorted(LETTERS)
    assert all(control.question.endswith("?") and control.explanation for control in nis2.controls)


@pytest.mark.parametrize(("key", "count"), [("bio2-1.3", 93), ("bio2-1.2", 93), ("bio-1.04", 112), ("cbw", 17)])
def test_every_control_can_be_asked_and_explained(key: str, count: int) -> None:
    controls = load_framework(key).controls
    for control in controls:
        assert re.search(r"[?]$", control.question), control.number
        assert 1 <= len(re.findall(r"[.?](?:\s|$)", control.explanation)) <= 2, control.number
        assert max(len(words(text)) for text in re.split(r"[.?]\s", control.explanation)) <= 30, control.number
    assert len({control.question for control in controls}) == count
    assert len({control.explanation for control in controls}) == count


def test_every_bio2_control_serves_a_duty_of_nis2(bio2: Framework) -> None:
    assert all(control.nis2 for control in bio2.controls)
    assert {letter for control in bio2.controls for letter in control.nis2} == LETTERS


@pytest.mark.parametrize("key", ["bio2-1.3", "bio-1.04"])
def test_active_measures_have_a_short_title_of_their_own(key: str) -> None:
    controls = load_framework(key).controls
    titles = [measure.title for control in controls for measure in control.active_measures]
    assert all(1 <= len(title.split()) <= 8 for title in titles)
    assert len(set(titles)) == len(titles)
    assert not any(m.title for control in controls for m in control.measures if not m.active)


@pytest.mark.parametrize("key", FRAMEWORKS)
def test_a_fingerprint_is_a_sha256_and_stays_the_same(key: str) -> None:
    framework = load_framework(key)
    assert re.fullmatch(r"[0-9a-f]{64}", framework.fingerprint)
    assert framework is load_framework(key)


@pytest.mark.parametrize(
    ("technique", "number"),
    [
        *[("T1003.001", number) for number in ("8.02", "8.05", "5.17")],
        *[("T1078", number) for number in ("8.02", "8.05", "5.17")],
        *[("T1110.003", number) for number in ("8.02", "8.05", "5.17")],
        *[(technique, "8.07") for technique in ("T1059.001", "T1204.002")],
        *[(technique, "8.08") for technique in ("T1190", "T1068")],
        *[(technique, "8.13") for technique in ("T1486", "T1490")],
        *[("T1070.001", number) for number in ("8.15", "8.16")],
        *[(tech, number) for tech in ("T1021.002", "T1570", "T1572") for number in ("8.20", "8.21", "8.22")],
    ],
)
def test_an_incident_points_at_its_controls(bio2: Framework, technique: str, number: str) -> None:
    assert number in [control.number for control in controls_for(bio2, [technique])]


@pytest.mark.parametrize(
    ("techniques", "first"),
    [(["T1003.001"], "5.17"), (["T1486", "T1490"], "8.13"), (["T1070.001"], "8.15"), (["T1059", "T1204"], "8.07")],
)
def test_the_most_telling_control_comes_first(bio2: Framework, techniques: list[str], first: str) -> None:
    assert controls_for(bio2, techniques)[0].number == first


def test_a_sub_technique_says_nothing_about_the_rest(bio2: Framework) -> None:
    only_script = "8.28"  # names T1059.007 and not T1059
    assert only_script in [control.number for control in controls_for(bio2, ["t1059.007"])]
    assert only_script not in [control.number for control in controls_for(bio2, ["T1059", "T1059.001"])]
    assert controls_for(bio2, []) == []
    assert controls_for(bio2, ["T9999"]) == []


def test_hits_go_before_directness(bio2: Framework) -> None:
    techniques = {"T1003", "T1110", "T1059", "T1070"}

    def hits(control: Control) -> int:
        return sum(technique in control.attack for technique in techniques)

    ranked = controls_for(bio2, techniques)
    assert all(hits(one) >= hits(next_one) for one, next_one in pairwise(ranked))


def test_every_active_measure_of_bio2_has_a_question_of_our_own(bio2: Framework) -> None:
    for control in bio2.controls:
        for measure in control.active_measures:
            assert measure.question.rstrip(".").count("?") == 1, measure.number
            assert len(measure.question) <= 160, measure.number


# Held against the official lists, which are not ours to ship


def test_bio2_numbers_titles_and_status_are_the_official_ones(bio2: Framework, shared_data: Path) -> None:
    official = rows(shared_data, "bio2_controls.csv")
    assert [(c.number, c.title, c.theme) for c in bio2.controls] == [
        (row["number"], row["title_nl"], row["theme"].lower()) for row in official
    ]
    ours = {m.number: (m.status, m.moved_to) for control in bio2.controls for m in control.measures}
    for row in rows(shared_data, "bio2_overheidsmaatregelen_v1_3.csv"):
        status, moved_to = ours.pop(row["number"])
        spoken = {"geen": "geen overheidsmaatregel", "verplaatst": f"Verplaatst naar {moved_to}."}.get(status, status)
        assert spoken == row["status"], row["number"]
    assert not ours


def test_bio104_numbers_titles_and_levels_are_the_official_ones(bio104: Framework, shared_data: Path) -> None:
    official = [row for row in rows(shared_data, "bio104_controls.csv") if row["in_bio"] == "ja"]
    assert [(c.number, c.title, c.theme, str(c.bbn or "")) for c in bio104.controls] == [
        (row["number"], row["title_nl"], row["chapter_title_nl"].lower(), row["bbn"]) for row in official
    ]
    ours = {(m.number, control.number, str(m.bbn)) for control in bio104.controls for m in control.measures}
    measures = rows(shared_data, "bio104_overheidsmaatregelen.csv")
    assert ours == {(row["number"], row["control"], row["bbn"]) for row in measures}


def test_no_text_of_ours_shares_eight_words_in_a_row_with_the_norm(shared_data: Path) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        spoken = words(text)
        return {tuple(spoken[start : start + 8]) for start in range(len(spoken) - 7)}

    official: set[tuple[str, ...]] = set()
    for name in ("bio2_overheidsmaatregelen_v1_3.csv", "bio104_overheidsmaatregelen.csv"):
        for row in rows(shared_data, name):
            official |= runs(row["text_nl"])
    assert len(official) > 4000
    for key in FRAMEWORKS:
        for control in load_framework(key).controls:
            measures = [text for measure in control.measures for text in (measure.title, measure.question)]
            for text in (control.question, control.explanation, *measures):
                assert not runs(text) & official, (key, control.number, text)
    for text in (*load_grouping("bio-zelf").framework.themes, *crosswalk("bio2-1.3", "cbw").rest.values()):
        assert not runs(text) & official, text


def test_version_1_2_differs_as_the_official_list_says(shared_data: Path) -> None:
    older = load_framework("bio2-1.2")
    active = {measure.number for control in older.controls for measure in control.active_measures}
    newer = {m.number for control in load_framework("bio2-1.3").controls for m in control.active_measures}
    # The list says of each measure that version 1.2 had what it contributes to.
    said = {
        row["number"] for row in rows(shared_data, "bio2_overheidsmaatregelen_v1_3.csv") if row["draagt_bij_aan_v1_2"]
    }
    assert active == said
    assert newer - active == {"5.10.02", "5.10.03", "5.21.05", "5.24.08", "5.26.02", "6.03.04"}
    assert active - newer == {*("5.04.02", "5.04.03", "5.21.01", "5.24.06", "5.25.01", "5.35.01", "7.01.01", "8.24.03")}
