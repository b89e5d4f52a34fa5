"""A framework file that is wrong is refused as a whole, with every error and its place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms import InvalidFramework, UnknownControl, UnknownFramework, load_framework, parse_framework

GOOD = """
key: klein
title: Klein kader
version: "1"
date: 2026-01-09
source: test
licence: test
dropped: ["9.9"]
controls:
  - number: "1.1"
    title: Eerste
    theme: een
    nis2: [a]
    attack: [T1003, T1059.001]
    measures:
      - {number: "1.1.1", status: actief, title: Doen}
      - {number: "1.1.2", status: verplaatst, moved_to: "1.1.1"}
  - {number: "1.2", title: Tweede, theme: twee}
"""


def errors(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidFramework) as caught:
        parse_framework(text, name="klein.yaml")
    assert str(caught.value).startswith("klein.yaml is niet bruikbaar:\n- ")
    return caught.value.errors


def test_a_good_file_is_read() -> None:
    framework = parse_framework(GOOD, name="klein.yaml")
    assert (framework.key, framework.version, framework.date) == ("klein", "1", date(2026, 1, 9))
    assert framework.themes == ("een", "twee")
    assert framework.control("1.1").active_measures[0].title == "Doen"
    assert framework.control("1.1").attack == ("T1003", "T1059.001")


def test_the_fingerprint_follows_content_not_layout() -> None:
    first = parse_framework(GOOD, name="x").fingerprint
    assert parse_framework(GOOD.replace("\n", "\r\n") + "# een opmerking\r\n", name="x").fingerprint == first
    assert parse_framework(GOOD.replace("Tweede", "Ander"), name="x").fingerprint != first


def test_unknown_numbers_and_frameworks_are_named() -> None:
    framework = parse_framework(GOOD, name="x")
    with pytest.raises(UnknownControl, match=r"geen maatregel met nummer ‘1\.3’"):
        framework.control("1.3")
    with pytest.raises(UnknownControl, match=r"maatregel 9\.9 is vervallen"):
        framework.control("9.9")
    with pytest.raises(UnknownFramework, match=r"geen normenkader ‘\.\./etc’\. Kies uit: bio2-1\.3"):
        load_framework("../etc")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version: "1"', "version: 1", "version: hier hoort tekst te staan (zet een nummer tussen aanhalingstekens)."),
        ("2026-01-09", "gisteren", "date: hier hoort een datum te staan, zoals 2026-01-09."),
        ("title: Eerste", "titel: Eerste", "controls, nr. 1: onbekend veld titel."),
        ('"1.2"', '"1.1"', "maatregel 1.1 staat er meer dan één keer in."),
        (
            '"1.2"',
            "1.2",
            "controls, nr. 2, number: hier hoort tekst te staan (zet een nummer tussen aanhalingstekens).",
        ),
        ("[a]", "[k]", "maatregel 1.1, nis2: ‘k’ is niet een letter van a tot en met j."),
        ("[a]", "[a, a]", "maatregel 1.1, nis2: een waarde staat er dubbel in."),
        ("[a]", "a", "maatregel 1.1, nis2: hier hoort een lijst te staan."),
        (
            "[a]",
            "[1]",
            "maatregel 1.1, nis2: hier hoort een lijst met tekst te staan (zet nummers tussen aanhalingstekens).",
        ),
        ("T1003", "TA0001", "maatregel 1.1, attack: ‘TA0001’ is niet een techniek zoals T1059 of T1059.001."),
        (
            "status: actief",
            "status: soms",
            "1.1.1, status: ‘soms’ kan niet, kies uit actief, vervallen, verplaatst, geen.",
        ),
        ("title: Doen", "bbn: 3", "1.1.1, bbn: hier hoort 1 of 2 te staan."),
        ('"1.1.1"', '"2.1.1"', "overheidsmaatregel 2.1.1 hoort niet bij maatregel 1.1."),
        ('moved_to: "1.1.1"', 'moved_to: "1.1.9"', "overheidsmaatregel 1.1.2: 1.1.9 bestaat niet."),
        ("verplaatst", "vervallen", "overheidsmaatregel 1.1.2: moved_to hoort bij status verplaatst, en andersom."),
        ('"1.1.2"', '"1.1.1"', "overheidsmaatregel 1.1.1 staat er meer dan één keer in."),
    ],
)
def test_each_error_is_named_with_its_place(old: str, new: str, message: str) -> None:
    assert old in GOOD
    assert message in errors(GOOD.replace(old, new, 1))


def test_all_errors_come_at_once() -> None:
    text = GOOD.replace("2026-01-09", "x").replace("[a]", "[z]").replace("theme: twee", "theme: 3")
    assert len(errors(text)) == 3


@pytest.mark.parametrize("text", ["", "- een\n- twee", "los", "a: [", "controls: 3", "1: 2\nkey: x", "? [a]\n: b"])
def test_other_files_are_refused_politely(text: str) -> None:
    assert errors(text)


@given(st.text(max_size=60))
def test_any_text_is_refused_or_read(text: str) -> None:
    assert errors(text)


@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.sampled_from(["", "x", ": ", "[", "\n", "- ", "1"]))
def test_a_damaged_file_is_refused_or_still_a_framework(start: int, length: int, junk: str) -> None:
    damaged = GOOD[:start] + junk + GOOD[start + length :]
    try:
        framework = parse_framework(damaged, name="klein.yaml")
    except InvalidFramework:
        return
    assert framework.controls
