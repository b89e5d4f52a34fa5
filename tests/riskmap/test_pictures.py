"""The pictures: nothing overlaps, arrows run forward in time, and big outcomes stay readable."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.cascade import Map, Node, Outage, Requirement, simulate
from brandwacht.riskmap.cascades.outcome import Outcome, outcome
from brandwacht.riskmap.cascades.reserves import reserves
from brandwacht.riskmap.mapping import Place, Register
from brandwacht.riskmap.pictures import drawing
from brandwacht.riskmap.pictures.cascade import states
from brandwacht.riskmap.pictures.drawing import draw, wrapped
from brandwacht.riskmap.pictures.structure import selection, structure


def random_register(seed: int, size: int) -> Register:
    rng = random.Random(seed)
    keys = [f"n{number:04}" for number in range(size)]
    nodes = [
        Node(key, f"Onderdeel met een lange naam {key}", f"sector {rng.randrange(5)}", rng.choice(["asset", "process"]),
             repair=rng.choice([None, 60, 600])) for key in keys
    ]  # fmt: skip
    needs = [
        Requirement(keys[index], f"r{index}", tuple(rng.sample(keys[:index], min(index, rng.randint(1, 3)))),
                    autonomy=rng.choice([0, 0, 30, 240])) for index in range(1, size)
    ]  # fmt: skip
    return Register(Map(tuple(nodes), tuple(needs)), {k: Place(0, None, rng.random() < 0.2) for k in keys}, (), "")  # type: ignore[arg-type]


def play(register: Register) -> Outcome:
    return outcome(register, simulate(register.network, [Outage("n0000", 0, 500)], 4320))


@given(st.integers(0, 10_000), st.integers(2, 60))
def test_boxes_do_not_overlap_and_arrows_have_both_ends(seed: int, size: int) -> None:
    found = play(random_register(seed, size))
    drawn = draw(found)
    assert len(drawn.boxes) + drawn.left_out == len(found.first())
    assert len(drawn.boxes) <= drawing.MOST_BOXES
    cells = {(box.column, box.row) for box in drawn.boxes}
    assert len(cells) == len(drawn.boxes)
    assert max(box.column for box in drawn.boxes) < drawing.MOST_COLUMNS
    by_key = {box.key: box for box in drawn.boxes}
    for one in drawn.boxes:
        assert 0 <= one.x < one.x + drawing.BOX <= drawn.width
        assert one.y + one.height <= drawn.height
        for other in drawn.boxes:
            if other is not one and other.column == one.column:
                assert one.y + one.height <= other.y or other.y + other.height <= one.y
    for arrow in drawn.arrows:
        assert by_key[arrow.source].column <= by_key[arrow.target].column


@given(st.integers(0, 10_000), st.integers(2, 40))
def test_the_moving_picture_follows_the_engine(seed: int, size: int) -> None:
    register = random_register(seed, size)
    run = simulate(register.network, [Outage("n0000", 0, 500)], 4320)
    found = outcome(register, run)
    shown: dict[str, str] = {}
    changes = states(found, {node.key for node in register.network.nodes})
    for minute in sorted({change["minute"] for change in changes}):
        shown |= {change["node"]: change["state"] for change in changes if change["minute"] == minute}
        for key, state in run.state_at(minute).items():
            drawn = shown.get(key, "ok")
            assert drawn == state or (state == "up" and drawn in {"ok", "buffer"})


def test_reserves_that_held_and_that_did_not() -> None:
    nodes = tuple(Node(key, key, "s", "service") for key in "abc")
    needs = (Requirement("b", "accu", ("a",), autonomy=60), Requirement("c", "tank", ("a",), autonomy=90))
    found = list(reserves(simulate(Map(nodes, needs), [Outage("a", 0, 90)], 4320)))
    assert [(each.node, each.start, each.end, each.held) for each in found] == [("b", 0, 60, False), ("c", 0, 90, True)]


def test_long_names_are_wrapped() -> None:
    assert wrapped("Doorstroming op de aanvoerwegen", 19) == ["Doorstroming op de", "aanvoerwegen"]
    assert wrapped("Internetknooppunt", 16) == ["Internet-", "knooppunt"]
    assert all(len(line) <= 13 for line in wrapped("Aansprakelijkheidswaardevaststellingsveranderingen x", 12))


def test_a_big_map_is_drawn_in_part() -> None:
    register = random_register(1, 400)
    keys = selection(register)
    assert 0 < len(keys) <= 150
    sector = selection(register, "sector 3")
    assert any(register.network.node(key).sector == "sector 3" for key in sector)
    drawn = structure(
        register, keys, dict.fromkeys(keys, "/"), {keys[0]: "down", keys[1]: "degraded", keys[2]: "buffer"}
    )
    assert len({(box.x, box.y) for box in drawn.boxes}) == len(keys)
