"""A warning as a STIX 2.1 bundle, read back by the reference library."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st
from stix2validator import ValidationOptions, validate_string

from brandwacht.engines.intel import (
    PAP,
    TLP,
    Advice,
    InvalidWarning,
    Sender,
    Technique,
    WarningData,
    effective_marking,
    parse_indicators,
    warning_bundle,
)

NAMESPACE = UUID("6f2d2b0e-5a0a-4a53-9d0f-0d8f5d1f0b11")
FIRST = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
NOW = FIRST + timedelta(hours=2)
SENDER = Sender("vrr", "Veiligheidsregio Rotterdam-Rijnmond")
INDICATORS, _ = parse_indicators(
    "198.51.100.7 2001:db8::1 kwaad.example https://kwaad.example/it's jan@kwaad.example "
    + " ".join("ab" * n for n in (16, 20, 32))
)
WARNING = WarningData(
    key="w-1",
    title="Aanval op VPN-poorten",
    text="Wij zagen inlogpogingen op onze VPN.",
    tlp=TLP.AMBER_STRICT,
    published=FIRST,
    indicators=tuple(INDICATORS),
    techniques=(Technique("T1110.003", "Password Spraying"), Technique("T1133")),
    advice=(Advice("Zet inloggen met een tweede stap aan", "Begin bij beheerders."),),
)


def build(warning: WarningData = WARNING, now: datetime = NOW) -> dict[str, Any]:
    return warning_bundle(warning, sender=SENDER, now=now, namespace=NAMESPACE)


def of_kind(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in bundle["objects"] if each["type"] == kind]


def check(bundle: dict[str, Any], tlp: TLP) -> None:
    """Everything that must hold of any bundle."""
    stix2.parse(json.dumps(bundle), allow_custom=False)
    ids = [each["id"] for each in bundle["objects"]]
    assert len(set(ids)) == len(ids)
    for each in bundle["objects"]:
        if each["type"] != "marking-definition":
            marking = TLP.CLEAR if each["type"] == "identity" else tlp
            assert each["object_marking_refs"] == [marking.marking_id]
            assert set(each["object_marking_refs"]) <= set(ids)
        for reference in [each.get("created_by_ref"), *each.get("object_refs", [])]:
            assert reference is None or reference in ids
    parts = [each for each in bundle["objects"] if each["type"] != "identity"]
    assert effective_marking(*parts).tlp is tlp


@pytest.mark.parametrize("tlp", TLP)
def test_every_label_gives_a_valid_bundle(tlp: TLP) -> None:
    bundle = build(replace(WARNING, tlp=tlp))
    check(bundle, tlp)
    kinds = ["report", "indicator", "attack-pattern", "course-of-action", "identity"]
    assert [len(of_kind(bundle, kind)) for kind in kinds] == [1, 8, 2, 1, 1]
    assert len(of_kind(bundle, "marking-definition")) == (1 if tlp is TLP.CLEAR else 2)


def test_what_the_report_holds() -> None:
    bundle = build()
    (report,) = of_kind(bundle, "report")
    assert report["published"] == report["created"] == "2026-11-22T13:05:00.000Z"
    assert report["modified"] == "2026-11-22T15:05:00.000Z"
    assert len(report["object_refs"]) == 11
    first, second = of_kind(bundle, "attack-pattern")
    assert first["name"] == "Password Spraying"
    assert first["external_references"] == [
        {
            "source_name": "mitre-attack",
            "external_id": "T1110.003",
        }
    ]
    assert second["name"] == "T1133"
    assert "[url:value = 'https://kwaad.example/it\\'s']" in [each["pattern"] for each in of_kind(bundle, "indicator")]


def test_a_warning_of_words_alone_is_valid() -> None:
    bundle = build(WarningData("w-2", "Let op", "", TLP.GREEN, FIRST))
    check(bundle, TLP.GREEN)
    assert of_kind(bundle, "report")[0]["object_refs"] == [of_kind(bundle, "identity")[0]["id"]]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert json.dumps(build()) == json.dumps(build())
    elsewhere = NOW.astimezone(timezone(timedelta(hours=1)))
    assert json.dumps(build(now=elsewhere)) == json.dumps(build())


def test_a_new_version_keeps_its_ids_and_another_warning_or_place_does_not() -> None:
    def ids(bundle: dict[str, Any]) -> set[str]:
        return {each["id"] for each in bundle["objects"] if each["type"] not in ("marking-definition", "identity")}

    later = build(replace(WARNING, text="Nu met meer uitleg.", tlp=TLP.GREEN), NOW + timedelta(days=1))
    assert ids(later) == ids(build())
    assert later["id"] != build()["id"]
    assert not ids(build(replace(WARNING, key="w-9"))) & ids(build())
    other = warning_bundle(WARNING, sender=SENDER, now=NOW, namespace=UUID(int=1))
    assert not ids(other) & ids(build())


def test_the_sender_is_the_same_object_in_every_bundle() -> None:
    red = build(replace(WARNING, key="w-9", tlp=TLP.RED), NOW + timedelta(days=9))
    assert of_kind(red, "identity") == of_kind(build(), "identity")


def test_doubles_are_written_once() -> None:
    double = replace(
        WARNING,
        indicators=WARNING.indicators * 2,
        techniques=(Technique("T1133"), Technique("T1133", "External Remote Services")),
        advice=WARNING.advice * 2,
    )
    bundle = build(double)
    check(bundle, WARNING.tlp)
    assert [each["name"] for each in of_kind(bundle, "attack-pattern")] == ["External Remote Services"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = replace(WARNING, title=" ", techniques=(Technique("TA0001"),), advice=(Advice(""),))
    with pytest.raises(InvalidWarning) as caught:
        build(wrong, FIRST - timedelta(seconds=1))
    assert caught.value.errors == (
        "De waarschuwing heeft geen titel. Geef er een.",
        "‘TA0001’ is geen ATT&CK-techniek. Schrijf T1059 of T1059.001.",
        "Advies 1 heeft geen titel.",
        "Het tijdstip van deze versie ligt vóór dat van de eerste versie.",
    )
    with pytest.raises(InvalidWarning, match="geen tijdzone"):
        build(now=NOW.replace(tzinfo=None))
    with pytest.raises(InvalidWarning, match="sleutel of naam"):
        warning_bundle(WARNING, sender=Sender("", "x"), now=NOW, namespace=NAMESPACE)


texts = st.text(max_size=80)
titles = st.text(min_size=1, max_size=80).filter(str.strip)


@given(
    st.builds(
        WarningData,
        key=titles,
        title=titles,
        text=texts,
        tlp=st.sampled_from(TLP),
        published=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),
        indicators=st.lists(st.sampled_from(INDICATORS)).map(tuple),
        techniques=st.lists(
            st.builds(Technique, st.from_regex(r"T[0-9]{4}(\.[0-9]{3})?", fullmatch=True), texts), max_size=3
        ).map(tuple),
        advice=st.lists(st.builds(Advice, titles, texts), max_size=3).map(tuple),
    ),
    st.timedeltas(timedelta(0), timedelta(days=400)),
)
def test_any_words_give_a_valid_bundle(warning: WarningData, age: timedelta) -> None:
    check(build(warning, warning.published.astimezone(UTC) + age), warning.tlp)


@pytest.mark.parametrize("pap", [None, *PAP])
def test_the_strict_validator_finds_nothing(pap: PAP | None) -> None:
    found = validate_string(json.dumps(build(replace(WARNING, pap=pap))), ValidationOptions(strict=True, version="2.1"))
    assert found.is_valid, [str(error) for error in found.errors]
    assert not found.warnings
