"""Faulty data files are refused with every fault named."""

from pathlib import Path

import pytest

from brandwacht.engines.authority import InvalidData, load_clocks, load_escalation, load_powers

HEADER = """
version: "1"
date: 2026-11-22
licence: EUPL-1.2
status: te bevestigen
sources:
  wet: {title: Wet, url: "https://wetten.overheid.nl/", checked: 2026-11-22, how: gelezen}
"""
POWERS = (
    HEADER
    + """
roles: {baas: {label: Baas, board: true}}
scenarios: {algemeen: Alles}
phases: {koud: Koud}
tables: {tafel: Tafel}
powers:
"""
)
GOOD_POWER = """
  - {key: a, role: baas, scenarios: [algemeen], phases: [koud], table: tafel, may: true, text: Mag, source: wet,
     article: artikel 1}
"""
CLOCKS = (
    HEADER
    + """
regimes: {avg: AVG}
facts: {lek: Lek}
clocks:
"""
)


def clock(key: str, more: str) -> str:
    return (
        f"  - {{key: {key}, title: Titel, duty: Meld, who: U, to_whom: Hen, source: wet, article: artikel 1, {more}}}\n"
    )


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    return tmp_path / "gegevens.yaml"


def test_a_good_file_is_read(data_file: Path) -> None:
    data_file.write_text(POWERS + GOOD_POWER)
    (row,) = load_powers(data_file).rows
    assert row.basis == "Wet, artikel 1"


def test_every_problem_is_named_with_its_place(data_file: Path) -> None:
    data_file.write_text(
        POWERS
        + """
  - {key: a, role: klerk, scenarios: [brand], phases: [koud], table: tafel, may: true, text: Mag, source: wet}
  - {key: a, role: baas, scenarios: [algemeen], phases: [], table: tafel, may: nee, text: Mag, source: krant, tekst: x}
  - vergeten
"""
    )
    with pytest.raises(InvalidData) as caught:
        load_powers(data_file)
    assert set(caught.value.problems) == {
        "powers, regel 1 ('a'): 'role' is 'klerk'; kies uit baas.",
        "powers, regel 1 ('a'): 'scenarios' noemt 'brand'; kies uit algemeen.",
        "powers, regel 1 ('a'): een bevoegdheid heeft een grondslag nodig; vul 'article' in.",
        "powers, regel 2 ('a'): deze sleutel komt al eerder voor; geef elke regel een eigen sleutel.",
        "powers, regel 2 ('a'): 'phases' noemt niets; kies uit koud.",
        "powers, regel 2 ('a'): 'may' hoort true of false te zijn.",
        "powers, regel 2 ('a'): 'source' is 'krant'; kies uit wet.",
        "powers, regel 2 ('a'): zonder bevoegdheid hoort erbij wat wel kan; vul 'lever' in.",
        "powers, regel 2 ('a'): 'tekst' is hier onbekend.",
        *(
            f"powers, regel 3: {problem}"
            for problem in (
                "hier hoort een lijst van namen met waarden te staan.",
                "'role' hoort een tekst te zijn.",
                "'table' hoort een tekst te zijn.",
                "'source' hoort een tekst te zijn.",
                "'may' hoort true of false te zijn.",
                "zonder bevoegdheid hoort erbij wat wel kan; vul 'lever' in.",
                "'text' hoort een tekst te zijn.",
                "'key' hoort een tekst te zijn.",
                "'scenarios' noemt niets; kies uit algemeen.",
                "'phases' noemt niets; kies uit koud.",
            )
        ),
    }
    assert str(caught.value).startswith("Het gegevensbestand gegevens.yaml klopt niet:\n- ")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a: [", "onleesbaar als YAML"),
        ("a: 1\na: 2", "de naam 'a' staat dubbel in het blok dat op regel 1 begint"),
        ("- a", "gegevens.yaml: hier hoort een lijst van namen met waarden te staan."),
        (HEADER.replace("2026-11-22", "gisteren", 1), "gegevens.yaml: 'date' hoort een datum te zijn"),
        (HEADER.replace("https://", "http://"), "'sources', 'wet': 'url' hoort met https:// te beginnen."),
        (POWERS.replace("algemeen", "brand") + GOOD_POWER, "'scenarios' mist 'algemeen'"),
        (POWERS, "'powers' hoort een lijst te zijn met ten minste een regel."),
    ],
)
def test_a_broken_file(data_file: Path, content: str, problem: str) -> None:
    data_file.write_text(content)
    with pytest.raises(InvalidData) as caught:
        load_powers(data_file)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("runs_from: kennisname, regimes: [avg], facts: [lek]", "geef de termijn in 'hours' of in 'months'"),
        ("runs_from: kennisname, hours: 1, months: 1, regimes: [avg], facts: [lek]", "niet in beide"),
        ("runs_from: kennisname, hours: 0, regimes: [avg], facts: [lek]", "'hours' hoort een heel getal vanaf 1"),
        ("runs_from: later, hours: 1, regimes: [avg], facts: [lek]", "'runs_from' is 'later'; kies uit kennisname, a."),
        ("runs_from: a, hours: 1, regimes: [avg], facts: [lek]", "deze klok volgt op 'a' en moet dus ook"),
    ],
)
def test_a_broken_clock(data_file: Path, row: str, problem: str) -> None:
    facts = "facts: {lek: Lek, ernst: Ernst}"
    first = clock("a", "runs_from: kennisname, hours: 1, regimes: [avg], facts: [ernst]")
    data_file.write_text(CLOCKS.replace("facts: {lek: Lek}", facts) + first + clock("b", row))
    with pytest.raises(InvalidData) as caught:
        load_clocks(data_file)
    assert problem in str(caught.value)
    assert all("regel 2 ('b')" in line for line in caught.value.problems)


def test_a_broken_norm_time(data_file: Path) -> None:
    data_file.write_text(
        HEADER
        + """
levels: [{key: grip_1, title: GRIP 1, when: Nu, leads: U, teams: [CoPI], table: copi, decides: U, source: wet}]
norm_times: [{key: copi, what: Er zijn, runs_from: alarm, article: artikel 1, source: wet}]
"""
    )
    with pytest.raises(InvalidData) as caught:
        load_escalation(data_file)
    assert caught.value.problems == ("norm_times, regel 1 ('copi'): 'minutes' ontbreekt.",)
