"""The sentences: what falls when, in Dutch that is right or at least plain."""

from __future__ import annotations

import pytest

from brandwacht.engines.cascade import Map, Node, Outage, Requirement, simulate
from brandwacht.riskmap.cascades.outcome import Outcome, from_json, outcome
from brandwacht.riskmap.mapping import Place, Register
from brandwacht.riskmap.words.headline import extent, headline
from brandwacht.riskmap.words.sentences import in_sentence, is_plural


def register(nodes: list[Node], needs: list[Requirement], vital: set[str]) -> Register:
    network = Map(tuple(nodes), tuple(needs))
    return Register(network, {n.key: Place(0, None, n.key in vital) for n in nodes}, (), "")  # type: ignore[arg-type]


NODES = [
    Node("dc", "VRR-DC01", "ICT", "asset", restart=15),
    Node("mk", "Meldkamerkoppeling", "ICT", "service"),
    Node("al", "Alarmering brandweer", "Hulpdiensten", "process"),
    Node("ui", "Uitruk brandweer", "Hulpdiensten", "process"),
]
NEEDS = [
    Requirement("mk", "aanmelden", ("dc",), autonomy=30, effect="degraded"),
    Requirement("mk", "sessie", ("dc",), autonomy=60),
    Requirement("al", "koppeling", ("mk",), autonomy=210),
]


def play(
    *outages: Outage, vital: set[str], needs: list[Requirement] = NEEDS, horizon: int = 4320
) -> tuple[str, Outcome]:
    on = register(NODES, needs, vital)
    found = outcome(on, simulate(on.network, outages, horizon))
    return headline(outages, found), found


def test_a_vital_process_with_what_it_falls_through() -> None:
    text, _found = play(Outage("dc"), vital={"al"})
    assert text == (
        "Als VRR-DC01 uitvalt, hapert na 30 minuten de meldkamerkoppeling en valt na 4 uur 30 minuten de alarmering "
        "brandweer stil."
    )


def test_nothing_else_falls() -> None:
    assert play(Outage("ui"), vital={"al"})[0] == "Er valt niets anders uit binnen 72 uur."
    assert play(Outage("dc", duration=10), vital={"al"})[0] == "Er valt niets anders uit binnen 72 uur."
    assert play(Outage("dc", duration=0), vital={"al"})[0] == "Er valt niets anders uit binnen 72 uur."


def test_no_vital_process_is_hit() -> None:
    text, _found = play(Outage("dc", duration=40), vital={"al"})
    assert text == (
        "Als VRR-DC01 40 minuten uitvalt, hapert na 30 minuten de meldkamerkoppeling. Geen vitaal proces wordt geraakt "
        "binnen 72 uur."
    )


def test_the_soonest_and_the_number_of_vital_processes() -> None:
    needs = [*NEEDS, Requirement("ui", "koppeling", ("mk",), autonomy=5, effect="degraded")]
    text, found = play(Outage("dc"), vital={"al", "ui"}, needs=needs)
    assert "Al na 35 minuten hapert de uitruk brandweer." in text
    assert "3 andere onderdelen worden geraakt, waarvan 2 vitale processen" in extent(found)
    assert "na 72 uur zijn er 4 nog niet hersteld" in extent(found)


def test_many_outages_are_counted() -> None:
    text, _found = play(Outage("dc"), Outage("mk"), vital={"al"})
    assert text.startswith("Als VRR-DC01 en de meldkamerkoppeling uitvallen, valt na 3 uur 30 minuten de alarmering")
    text, _found = play(Outage("dc", duration=60, state="degraded"), vital={"al"})
    assert text.startswith("Als VRR-DC01 1 uur hapert, hapert na 30 minuten de meldkamerkoppeling")


def test_an_outcome_survives_storage() -> None:
    _text, found = play(Outage("dc", duration=300), vital={"al"})
    again = from_json(found.to_json())
    assert again == found
    assert again.of("al")[-1].after == "up"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("VRR-DC01", "VRR-DC01"),
        ("Alarmering brandweer", "de alarmering brandweer"),
        ("C2000-netwerk", "het C2000-netwerk"),
        ("112-bereikbaarheid", "de 112-bereikbaarheid"),
        ("Openbare orde", "de openbare orde"),
        ("Terminalsystemen West", "de terminalsystemen West"),
        ("Xyzzy", "Xyzzy"),
        ("", ""),
    ],
)
def test_names_in_a_sentence(name: str, text: str) -> None:
    assert in_sentence(name) == text


def test_plurals() -> None:
    assert is_plural("Terminalsystemen West")
    assert not is_plural("Meldkamerkoppeling")
