"""What chance, impact and common causes may be, and what a distribution makes of a uniform number."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.cascade import CommonCause, Impact, InvalidMap, Map, Node, Requirement, Spread, SpreadKind
from brandwacht.engines.cascade.draws import LONGEST, normal_quantile, scramble

SHARES = st.floats(1e-9, 1 - 1e-9)
TIMES = st.floats(1, 10_000)


def node(key: str, **more: object) -> Node:
    return Node(key, key, "sector", "asset", **more)  # type: ignore[arg-type]


def test_a_faulty_map_names_what_is_wrong_with_chance_impact_and_common_causes() -> None:
    nan = float("nan")
    with pytest.raises(InvalidMap) as caught:
        Map(
            (
                node("a", failures_per_year=-1.0, repair_spread=Spread("exponential")),
                node("b", impact=(Impact("economic", 1, nan), Impact("economic"), Impact("geld", -1))),  # type: ignore[arg-type]
                node("c", repair_spread=Spread("triangular", 5, 4, 9)),
                node("d", failures_per_year=nan, repair_spread=Spread("lognormal", 0, 9, 8)),
                node("e", repair_spread=Spread("fixed", mode=math.inf)),
                node("f", repair_spread=Spread("scheef")),  # type: ignore[arg-type]
            ),
            (Requirement("a", "x", ("b",), coupling=1.5), Requirement("a", "y", ("b",), coupling=nan)),
            (
                CommonCause("", "Brand", "building", ()),
                CommonCause("k", "Kabel", "draad", ("a", "a", "z")),  # type: ignore[arg-type]
                CommonCause("k", "Kabel", "cable", ("a",), 1e9, Spread("exponential", mode=-3)),
            ),
        )
    lasting = "de hersteltijd heeft een tijd die niet kan; neem 0 tot en met 52.560.000 minuten (honderd jaar)."
    assert caught.value.problems == (
        "Onderdeel 'a' valt -1.0 keer per jaar uit; neem 0 tot en met 525.600.",
        "Onderdeel 'a': de hersteltijd heeft een gemiddelde van 0 minuten; neem meer dan 0.",
        "Onderdeel 'b': de gevolgen voor belang 'economic' zijn geen punten van 0 of meer per uur.",
        "Onderdeel 'b' noemt belang 'economic' meer dan een keer; noem elk belang een keer.",
        (
            "Onderdeel 'b' heeft gevolgen voor belang 'geld'; kies uit "
            "territorial, physical, economic, ecological, stability, heritage."
        ),
        "Onderdeel 'b': de gevolgen voor belang 'geld' zijn geen punten van 0 of meer per uur.",
        (
            "Onderdeel 'c': de hersteltijd loopt van 5 over 4 naar 9 minuten; "
            "neem kortste, waarschijnlijkste en langste tijd in die volgorde."
        ),
        "Onderdeel 'd' valt nan keer per jaar uit; neem 0 tot en met 525.600.",
        (
            "Onderdeel 'd': de hersteltijd heeft 9 minuten als middelste tijd en 8 als lange tijd; "
            "neem een middelste tijd boven 0 en een lange tijd die niet korter is."
        ),
        f"Onderdeel 'e': {lasting}",
        (
            "Onderdeel 'f': de hersteltijd heeft als verdeling 'scheef'; "
            "kies uit fixed, exponential, triangular, lognormal."
        ),
        "Afhankelijkheid 'x' van 'a' telt met kans 1.5 mee; neem 0 tot en met 1.",
        "Afhankelijkheid 'y' van 'a' telt met kans nan mee; neem 0 tot en met 1.",
        "Gezamenlijke oorzaak 'Brand' heeft geen sleutel; geef elke oorzaak een eigen sleutel.",
        "Gezamenlijke oorzaak '' raakt geen onderdelen; noem er ten minste een.",
        "Gezamenlijke oorzaak 'k' heeft soort 'draad'; kies uit provider, cable, building, software, other.",
        "Gezamenlijke oorzaak 'k': een onderdeel staat er dubbel in; noem elk onderdeel een keer.",
        "Gezamenlijke oorzaak 'k': onderdeel 'z' bestaat niet op deze kaart.",
        "Gezamenlijke oorzaak 'k' staat er meer dan een keer in; geef elke oorzaak een eigen sleutel.",
        "Gezamenlijke oorzaak 'k' valt 1000000000.0 keer per jaar uit; neem 0 tot en met 525.600.",
        f"Gezamenlijke oorzaak 'k': {lasting}",
    )


@pytest.mark.parametrize(
    ("key", "counter", "expected"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_the_generator_gives_its_published_answers(
    key: tuple[int, int], counter: tuple[int, int], expected: tuple[int, int]
) -> None:
    """The known answers for threefry2x32 with 20 rounds that Random123 (Salmon et al., SC'11) is tested with."""
    assert scramble(*key, *counter) == expected


@given(SHARES)
def test_the_normal_quantile_is_that_of_the_standard_library(u: float) -> None:
    assert normal_quantile(u) == pytest.approx(NormalDist().inv_cdf(u), rel=1e-12, abs=1e-15)


@given(SHARES, SHARES, TIMES, TIMES, TIMES)
def test_samples_invert_the_distribution_function(u: float, v: float, x: float, y: float, z: float) -> None:
    low, mode, high = sorted((x, y, z))
    assert Spread("fixed", low, mode, high).sample(u) == int(mode + 0.5)

    found = Spread("exponential", mode=mode).sample(u)
    assert abs(found - -mode * math.log1p(-u)) <= 0.501

    found = Spread("triangular", low, mode, high).sample(u)
    assert low - 0.5 <= found <= high + 0.5
    if low < mode < high:
        below = (mode - low) / (high - low)
        assert (found <= mode + 0.5) if u < below else (found >= mode - 0.5)

    assert Spread("lognormal", 0, mode, high).sample(0.5) == int(mode + 0.5)
    assert abs(Spread("lognormal", 0, mode, high).sample(0.95) - high) <= 0.501
    kinds: list[SpreadKind] = ["exponential", "triangular", "lognormal"]
    for kind in kinds:
        spread = Spread(kind, low, mode, high)
        assert spread.sample(min(u, v)) <= spread.sample(max(u, v)) <= LONGEST


def test_a_triangular_distribution_has_its_mean_and_its_share_below_the_mode() -> None:
    many = 10_000
    found = [Spread("triangular", 60, 120, 480).sample((rank + 0.5) / many) for rank in range(many)]
    assert sum(found) / many == pytest.approx((60 + 120 + 480) / 3, abs=0.5)
    assert sum(minutes <= 120 for minutes in found) / many == pytest.approx(60 / 420, abs=0.005)


def test_no_sample_is_longer_than_a_hundred_years() -> None:
    assert Spread("lognormal", 0, 1, LONGEST).sample(1 - 1e-9) == LONGEST
