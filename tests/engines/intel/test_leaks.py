"""Before something goes out under a pseudonym: what tells who wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.intel import Indicator, Kind
from brandwacht.engines.intel.leaks import EASY, Own, guessing, search_own

OWN = Own(
    names=("Veiligheidsregio Súdwest-Fryslân", "VRF", "Jan de Boer"),
    domains=("vrf.example", "süd.example"),
    networks=("198.51.100.0/24", "2001:db8:1::/48", "203.0.113.9"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bij Veiligheidsregio Súdwest-Fryslân zagen wij", "Veiligheidsregio Súdwest-Fryslân"),
        ("bij VEILIGHEIDSREGIO SUDWEST FRYSLAN", "VEILIGHEIDSREGIO SUDWEST FRYSLAN"),
        ("map veiligheidsregio-sudwest_fryslans/x", "veiligheidsregio-sudwest_fryslan"),
        ("veiligheidsregiosudwestfryslan", "veiligheidsregiosudwestfryslan"),
        ("de VRF meldt", "VRF"),
        ("J\u00adan de\u200b Boer belde", "J\u00adan de\u200b Boer"),
        ("mail van jan.deboer", "jan.deboer"),
        ("naar help@vrf.example gestuurd", "vrf.example"),
        ("naar help@post.vrf[.]example gestuurd", "post.vrf[.]example"),
        ("hxxps://intranet(dot)VRF(dot)example/x", "intranet(dot)VRF(dot)example"),
        ("op xn--sd-xka.example", "xn--sd-xka.example"),
        ("op www.SÜD.example", "www.SÜD.example"),
        ("vanaf 198.51.100.77 naar", "198.51.100.77"),
        ("vanaf 198[.]51[.]100[.]77 naar", "198[.]51[.]100[.]77"),
        ("heel 198.51.0.0/16 plat", "198.51.0.0/16"),
        ("via 2001:db8:1:2::3 en", "2001:db8:1:2::3"),
        ("via 203.0.113.9", "203.0.113.9"),
    ],
)
def test_every_way_of_writing_is_found(text: str, found: str) -> None:
    finds = search_own(text, [], OWN)
    assert found in [text[find.start : find.end] for find in finds]
    assert all(find.reason.endswith(".") for find in finds)


@pytest.mark.parametrize(
    "text",
    [
        "Bij een veiligheidsregio zagen wij", "de vrf is klein geschreven", "VRFX", "notvrf.example", "vrf.example2",
        "198.51.101.7", "1198.51.100.7", "2001:db8:2::1", "12:30:45", "203.0.113.99", "",
    ],
)  # fmt: skip
def test_what_tells_nothing_is_left(text: str) -> None:
    assert search_own(text, [], OWN) == []


def test_indicators_are_searched_too() -> None:
    values = [
        Indicator(Kind.DOMAIN, "phish-vrf.example.kwaad.example"),
        Indicator(Kind.URL, "https://kwaad.example/login?van=help@vrf.example"),
        Indicator(Kind.IPV4, "198.51.0.0/16"),
        Indicator(Kind.EMAIL, "jan.de.boer@kwaad.example"),
        Indicator(Kind.IPV4, "203.0.113.10"),
    ]
    finds = search_own("Niets.", values, OWN)
    assert {find.indicator for find in finds} == {values[1], values[2], values[3]}


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="geen reeks adressen"):
        Own(networks=("x",))


def test_a_small_circle_is_warned_about() -> None:
    members = [f"VR{number}" for number in range(26)]
    assert guessing(members).easy is False
    assert guessing(members[:EASY], readers=["VR1"]).easy is True
    assert guessing(members[:EASY], readers=["ander"]).easy is False
    assert "weet meteen" in guessing(members[:2], readers=members).sentence
    assert guessing([]).candidates == 0


@settings(max_examples=80)
@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["Súdwest", "Jan de Boer", "vrf.example"]))
def test_the_own_name_is_found_in_any_surroundings(before: str, after: str, name: str) -> None:
    own = Own(names=(name,))
    text = f"{before} {name} {after}"
    finds = search_own(text, [], own)
    assert any(find.start <= len(before) + 1 and find.end >= len(before) + 1 + len(name) for find in finds)
    for find in search_own(text, [], OWN):
        assert 0 <= find.start < find.end <= len(text)
