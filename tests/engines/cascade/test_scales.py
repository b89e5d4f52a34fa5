"""Scores, likelihood and the place on the diagram; what a scales file refuses."""

import copy
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import CLASSES, INTERESTS, InvalidData, load_scales, read_scales

SCALES = load_scales()
PHYSICAL = "Schalen, 'impact', 'interests', regel 2 ('physical')"


def edited(**changes: Any) -> dict[str, Any]:
    """Our scales as plain values, with what stands at each path (`impact__total`) replaced."""
    data = copy.deepcopy(SCALES.to_json())
    for path, value in changes.items():
        *way, last = path.split("__")
        place: Any = data
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[int(last) if last.isdigit() else last] = value
    return data


def test_our_scales_say_that_they_must_be_confirmed_and_come_back_from_plain_values() -> None:
    assert SCALES.status == "te bevestigen"
    assert SCALES.sources
    assert read_scales(SCALES.to_json()) == SCALES
    assert [each.key for each in SCALES.interests] == list(INTERESTS)


def test_a_limit_belongs_to_the_class_it_opens() -> None:
    scale = SCALES.interest("physical")
    for key, limit in zip(CLASSES, scale.limits, strict=True):
        assert scale.score(limit) == key
    assert [scale.score(loss) for loss in (0, scale.limits[0] - 0.01, 1e9)] == ["X", "X", "E"]
    assert SCALES.scores({"physical": scale.limits[2]})["physical"] == "C"
    assert SCALES.scores({}) == dict.fromkeys(INTERESTS, "X")


def test_likelihood_is_the_chance_within_the_years_of_the_scale() -> None:
    assert SCALES.chance(0.25) == pytest.approx(1 - math.exp(-1))
    for each in SCALES.likelihoods[1:]:
        rate = -math.log1p(-each.limit) / SCALES.years
        assert SCALES.likelihood(rate * 1.0001) == each.key
        assert SCALES.likelihood(rate * 0.9999) < each.key
    assert SCALES.likelihood(0) == "A"
    assert SCALES.likelihood_name("E") == "zeer waarschijnlijk"
    assert (SCALES.impact_name("X"), SCALES.impact_name("E")) == ("geen of te verwaarlozen", "catastrofaal")


def test_one_catastrophe_among_six_interests_is_serious_on_average_and_catastrophic_at_worst() -> None:
    losses = {"physical": 1e6}
    place = SCALES.place(losses, 1.0)  # type: ignore[arg-type]
    assert (place.worst, place.impact, place.likelihood) == ("E", "C", "E")
    strict = read_scales(edited(impact__total="hoogste"))
    assert strict.place(losses, 1.0).impact == "E"  # type: ignore[arg-type]
    assert SCALES.place(dict.fromkeys(INTERESTS, 1e6), 1.0).y == pytest.approx(4.5)
    nothing = SCALES.place({}, 0.0)
    assert (nothing.impact, nothing.worst, nothing.y, nothing.likelihood) == ("X", "X", 0.0, "A")


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 1e6), min_size=6, max_size=6),
    st.floats(0, 100),
    st.floats(1, 10),
    st.sampled_from(["gemiddelde", "hoogste"]),
)
def test_dots_and_classes_agree_and_more_is_never_less(
    losses: list[float], rate: float, more: float, total: str
) -> None:
    scales = read_scales(edited(impact__total=total))
    less = scales.place(dict(zip(INTERESTS, losses, strict=True)), rate)
    greater = scales.place(dict(zip(INTERESTS, [loss * more for loss in losses], strict=True)), rate * more)
    for place in (less, greater):
        assert 0 <= place.x < 5
        assert 0 <= place.y < 5
        assert place.impact == (CLASSES[int(place.y)] if place.y else "X")
        assert place.likelihood == CLASSES[int(place.x + 1e-9)]
    assert less.x <= greater.x
    assert less.y <= greater.y


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ([], "Schalen: hier horen namen met waarden te staan."),
        (edited(version=""), "Schalen: 'version' hoort een tekst te zijn."),
        (edited(date="gisteren"), "Schalen: 'date' hoort een datum te zijn, zoals 2026-11-26."),
        (edited(sources=[]), "Schalen: 'sources' hoort een lijst te zijn met ten minste een regel."),
        (edited(extra=1), "Schalen: 'extra' is hier onbekend."),
        (edited(impact__total="som"), "Schalen, 'impact': 'total' is 'som'; kies uit gemiddelde, hoogste."),
        (
            edited(impact__classes__1__value=1),
            "Schalen, 'impact': 'value' hoort van klasse tot klasse hoger te worden.",
        ),
        (edited(impact__classes__0__value=0), "Schalen, 'impact': 'value' hoort boven 0 te beginnen."),
        (
            edited(impact__classes__0__key="B"),
            "Schalen, 'impact': 'classes' hoort A, B, C, D en E te hebben, in die volgorde.",
        ),
        (
            edited(impact__interests__1__limits=[1, 2, 3]),
            f"{PHYSICAL}: 'limits' hoort vijf getallen te hebben: de punten vanaf A, B, C, D en E.",
        ),
        (
            edited(impact__interests__1__limits=[1, 2, 2, 4, math.inf]),
            f"{PHYSICAL}: 'limits' hoort vijf getallen te hebben: de punten vanaf A, B, C, D en E.",
        ),
        (
            edited(impact__interests__1__key="economic"),
            "Schalen, 'impact': het belang 'physical' ontbreekt; geef alle zes belangen een schaal.",
        ),
        (
            edited(impact__interests__1__weight=-1),
            f"{PHYSICAL}: 'weight' hoort een getal van 0 tot en met 1.000.000.000 te zijn.",
        ),
        (edited(likelihood__years=10**400), "Schalen, 'likelihood': 'years' hoort een heel getal vanaf 1 te zijn."),
        (
            edited(likelihood__classes__0__limit=0.0001),
            "Schalen, 'likelihood': 'limit' van A hoort 0 te zijn, zodat elke kans een klasse heeft.",
        ),
        (
            edited(likelihood__classes__4__limit=1),
            "Schalen, 'likelihood', 'classes', regel 5 ('E'): 'limit' hoort onder 1 te liggen.",
        ),
        (
            edited(likelihood__classes__4__limit=2),
            "Schalen, 'likelihood', 'classes', regel 5 ('E'): 'limit' hoort een getal van 0 tot en met 1 te zijn.",
        ),
    ],
)
def test_wrong_scales_are_named_with_their_place(data: object, problem: str) -> None:
    with pytest.raises(InvalidData) as caught:
        read_scales(data)
    assert problem in caught.value.problems


def test_weights_may_not_all_be_nothing() -> None:
    data = edited(**{f"impact__interests__{number}__weight": 0 for number in range(6)})
    with pytest.raises(InvalidData, match="alle gewichten zijn 0"):
        read_scales(data)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_junk_anywhere_is_refused_or_read_but_never_breaks(data: st.DataObject) -> None:
    plain = copy.deepcopy(SCALES.to_json())
    place: Any = plain
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        place[key] = data.draw(JUNK)
        break
    try:
        scales = read_scales(plain)
    except InvalidData as error:
        assert error.problems
    else:
        assert scales.place(dict.fromkeys(INTERESTS, 10.0), 0.1).likelihood in CLASSES
