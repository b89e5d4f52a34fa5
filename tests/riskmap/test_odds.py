"""How often and how badly: the years that are played, what they cost, and how that is told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.engines.cascade import CommonCause, Impact, Map, Node, Requirement, load_scales
from brandwacht.network.models import Node as NodeRow
from brandwacht.network.models import NodeKind, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.services.register import NodeDraft, RequirementDraft, add_map
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import tasks
from brandwacht.riskmap.mapping import Place, Register
from brandwacht.riskmap.models import Analysis, AnalysisState
from brandwacht.riskmap.reckoning import kernels, odds
from brandwacht.riskmap.reckoning.weak import minimal
from brandwacht.riskmap.reckoning.worth import yardstick
from brandwacht.riskmap.services import analysis as services_analysis
from brandwacht.riskmap.services import plans as services_plan
from brandwacht.riskmap.services.analysis import run_analysis
from brandwacht.riskmap.words.odds import curve, finding, odds_in_words, percent, rests
from tests.world import NOW, acting_system, organisation, person

NODES = (
    Node("net", "Stroomnet", "Energie", "service", repair=600, failures_per_year=2.0, region="VR17"),
    Node("pomp", "Pomp", "Water", "asset", region="VR17"),
    Node("gemaal", "Gemaal", "Water", "process", region="VR17", impact=(Impact("ecological", degraded=1.0, down=6.0),)),
    Node("sluis", "Sluis", "Water", "process", region="VR15"),
)
NEEDS = (Requirement("gemaal", "Stroom", ("net",), autonomy=60), Requirement("sluis", "Pomp", ("pomp",), autonomy=30))


def register(*nodes: Node, causes: tuple[CommonCause, ...] = ()) -> Register:
    places = {node.key: Place(n, f"ref-{node.key}", node.kind == "process", "") for n, node in enumerate(nodes)}  # type: ignore[arg-type]
    needs = tuple(need for need in NEEDS if {need.node, *need.providers} <= set(places))
    return Register(Map(nodes, needs, causes), places, (), "f" * 64, (), 0)


def played(found: Register) -> dict[str, Any]:
    scales = load_scales()
    return odds.odds(found, yardstick(found.network, found.vital, scales), scales)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return played(register(*NODES))


def test_expected_hours_are_those_of_the_failures(found: dict[str, Any]) -> None:
    """Twice a year ten hours of power less an hour of buffer; in a share exp(-2) of the years nothing happens.

    A failure cannot start while the last one lasts, and what lasts into the next year is cut off: both below 1%.
    """
    down, other = found["processes"]
    assert (down["key"], other["key"]) == ("gemaal", "sluis")
    error = 4 * 9 * np.sqrt(2 / found["runs"])  # four times the standard error of a Poisson number of nine hours each
    assert down["down"] == pytest.approx(18, abs=error + 0.2)
    assert down["stops"] == pytest.approx(1 - np.exp(-2), abs=4 * 0.35 / np.sqrt(found["runs"]) + 0.01)
    assert (other["down"], other["stops"], other["tenth"]) == (0, 0, 0)
    assert down["tenth"] == pytest.approx(36, abs=9)
    (hours, points) = found["curves"]
    assert hours["key"] == ""
    assert hours["mean"] == pytest.approx(down["down"])
    assert points["key"] == "ecological"
    assert points["mean"] == pytest.approx(6 * down["down"], abs=0.01)
    assert [row["code"] for row in found["regions"]] == ["VR15", "VR17"]
    assert found["regions"][1]["down"] == down["down"]
    assert found["regions"][0]["points"] == 0


def test_a_curve_falls_and_stops_where_too_few_years_were_seen(found: dict[str, Any]) -> None:
    for row in found["curves"]:
        losses, shares = zip(*row["line"], strict=True)
        assert list(losses) == sorted(losses)
        assert list(shares) == sorted(shares, reverse=True)
        assert min(shares) >= odds.ENOUGH / found["runs"]
        assert max(shares) == row["any"]
        levels = [loss for _period, loss in row["levels"]]
        assert levels == sorted(levels)
    assert [period for period, _loss in found["curves"][0]["levels"]] == [
        period for period in odds.PERIODS if period * odds.ENOUGH <= found["runs"]
    ]


def test_the_same_map_gives_the_same_years(found: dict[str, Any]) -> None:
    assert played(register(*NODES)) == found


def test_without_rates_there_are_no_odds_and_that_is_told() -> None:
    none = played(register(*NODES[1:]))
    assert (none["runs"], none["rated"], none["curves"], none["processes"]) == (0, 0, [], [])
    assert odds_in_words(none) == [
        "Nergens is ingevuld hoe vaak iets uitvalt. Daarom is er geen kans op schade berekend."
    ]
    assert odds_in_words(None) == []


def test_what_is_never_repaired_lasts_three_days() -> None:
    node = Node("proces", "Proces", "x", "process")
    both = played(
        register(node, causes=(CommonCause("brand", "Brand", "building", ("proces",), failures_per_year=0.5),))
    )
    assert (both["causes"], both["assumed"]) == (1, 1)
    assert 20 < both["processes"][0]["down"] < 50  # half of 72 hours
    assert any("daarvoor is 72 uur gerekend" in line for line in rests(both))


def test_the_more_happens_the_fewer_years_are_played(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet, busy = register(*NODES).network, Map((Node("a", "A", "x", "asset", failures_per_year=5000.0),), ())
    assert odds.years(quiet) == odds.FAILURES[False] / 2
    assert odds.years(busy) == odds.RUNS[0]
    monkeypatch.setattr(odds, "is_compiled", lambda: True)
    assert odds.years(quiet) == odds.RUNS[1]
    assert odds.years(busy) == odds.FAILURES[True] / 5000


def test_curves_are_told_in_words(found: dict[str, Any]) -> None:
    drawing = curve(found["curves"][1])
    assert drawing.finding.startswith("Ecologische veiligheid: eens in de tien jaar minstens ")
    assert drawing.finding.endswith(" impactpunten")
    assert drawing.path.startswith("M")
    assert [label for _place, label in drawing.up][:3] == ["elk jaar", "1 op 2", "1 op 10"]
    places = [place for place, _label in drawing.up]
    assert places == sorted(places)
    rare = found["curves"][0] | {"levels": [[2, 0.0], [10, 0.0]], "any": 0.0004, "line": []}
    assert finding(rare) == "Alle vitale processen samen: schade in minder dan 0,1% van de jaren"
    assert curve(rare).path == ""
    assert [percent(share) for share in (0, 0.004, 0.126, 1)] == ["0%", "0,4%", "13%", "100%"]


def test_what_never_goes_down_is_told_by_what_makes_it_falter() -> None:
    nodes = (NODES[0], Node("werk", "Werkplek", "x", "process"), Node("radio", "Radio", "x", "process"))
    needs = (
        Requirement("werk", "Stroom", ("net",), effect="degraded"), Requirement("radio", "Stroom", ("net",)),
    )  # fmt: skip
    places = {node.key: Place(n, f"ref-{n}", node.kind == "process", "") for n, node in enumerate(nodes)}  # type: ignore[arg-type]
    rows = minimal(Register(Map(nodes, needs), places, (), "", (), 0))
    assert [(row["name"], row["state"], row["singles"]) for row in rows] == [
        ("Werkplek", "degraded", ["Stroomnet"]),
        ("Radio", "down", ["Stroomnet"]),
    ]


def test_background_work_uses_the_compiled_kernel(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KERNELS = tmp_path
    order: list[str] = []
    monkeypatch.setattr(kernels, "load", lambda folder: bool(order.append(f"load {folder}")))
    monkeypatch.setattr(services_analysis, "run_analysis", lambda *given: order.append("run") or "klaar")
    assert tasks.analyse.func("VR17", "x") == "klaar"
    assert order == [f"load {tmp_path}", "run"]

    def damaged(folder: Path) -> bool:
        raise OSError("damaged")

    monkeypatch.setattr(kernels, "load", damaged)
    assert tasks.analyse.func("VR17", "x") == "klaar"


@pytest.mark.django_db
def test_from_an_empty_page_to_a_line_in_the_plan() -> None:
    owner: Organisation = organisation("VR17")
    client = Client()
    client.force_login(person(owner, Role.RISK_ADVISER))

    def page() -> str:
        answer = client.get(reverse("riskmap:odds"))
        assert answer.status_code == 200
        return str(answer.content.decode())

    def reckon() -> Analysis:
        asked = client.post(reverse("riskmap:ask-weak"), {"verder": "kans"})
        assert asked["Location"] == reverse("riskmap:odds")
        with every_owner():
            row = Analysis.objects.latest("pk")
        assert run_analysis(owner.code, str(row.public_id), lambda: NOW) == AnalysisState.DONE
        return row

    assert "Nog geen onderdelen" in page()
    with acting_system(owner) as me:
        nodes = (
            NodeDraft("net", "Eén netwerk", NodeKind.SERVICE, "Telecom", repair=240),
            NodeDraft("nood", "Noodnummer", NodeKind.PROCESS, "Hulpdiensten", vital=True),
        )
        add_map(me, nodes, (RequirementDraft("nood", "Telefonie", ("net",), autonomy=30),), source="test")
    assert "Nog niet doorgerekend" in page()
    reckon()
    assert "Nergens is ingevuld hoe vaak iets uitvalt" in page()
    with every_owner():
        NodeRow.objects.filter(key="net").update(failures_per_year=3.0)
    assert "De kaart is veranderd" in page()
    reckon()
    text = page()
    assert "Noodnummer staat naar verwachting het langst stil" in text
    assert "Alle vitale processen samen: eens in de tien jaar minstens" in text
    assert "startgetal (seed) 2026" in text
    assert "Noodnummer" in client.get(reverse("riskmap:odds-csv")).content.decode()
    with acting_system(owner) as me:
        plan = services_plan.make_plan(me, year=2027)
    assert plan.content["odds"]["processes"][0]["name"] == "Noodnummer"
    with pikepdf.open(io.BytesIO(bytes(plan.document))) as document:
        with document.open_outline() as outline:
            chapters = [str(item.title) for item in outline.root]
    assert "5. Kans en schade" in chapters
