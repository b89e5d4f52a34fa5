"""Weak spots, measures, budget, scales, the diagram and the versions of the risk plan."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.engines.cascade import load_scales
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.final import FinalError
from brandwacht.network.models import AuditEntry, Interest, Node, NodeImpact, NodeKind, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.services.register import NodeDraft, RequirementDraft, add_map
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import (
    Analysis,
    AnalysisKind,
    AnalysisState,
    MeasureKind,
    RiskMeasure,
    RiskPlan,
    ScaleVersion,
)
from brandwacht.riskmap.pictures.diagram import CELL, LEFT, drawn, placed
from brandwacht.riskmap.pictures.pareto import curve
from brandwacht.riskmap.plan_content import budget_in_words, changes, effect_in_words, intro, weak_in_words
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.reckoning.worth import yearly_rate
from brandwacht.riskmap.services import analysis as services_analysis
from brandwacht.riskmap.services import planning as services_planning
from brandwacht.riskmap.services import plans as services_plan
from brandwacht.riskmap.services import save_scenario
from brandwacht.riskmap.services.analysis import analyse_again, run_analysis
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
NODES = (
    NodeDraft("net", "Eén netwerk", NodeKind.SERVICE, "Telecom", repair=240),
    NodeDraft("a", "Aanbieder A", NodeKind.SERVICE, "Telecom"),
    NodeDraft("b", "Aanbieder B", NodeKind.SERVICE, "Telecom"),
    NodeDraft("los", "Eigen radio", NodeKind.SERVICE, "Telecom"),
    NodeDraft("nood", "Noodnummer", NodeKind.PROCESS, "Hulpdiensten", vital=True),
)
NEEDS = (
    RequirementDraft("a", "Transport", ("net",)),
    RequirementDraft("b", "Transport", ("net",)),
    RequirementDraft("nood", "Telefonie", ("a", "b"), autonomy=30),
)


@pytest.fixture
def region() -> Organisation:
    """A map with one false redundancy."""
    owner = organisation("VR17")
    with acting_system(owner) as me:
        add_map(me, NODES, NEEDS, source="test")
    return owner


def clock() -> Any:
    return NOW


def weak(owner: Organisation) -> Analysis:
    with acting_system(owner) as me:
        row = services_analysis.ask_weak_spots(me)
    assert run_analysis(owner.code, str(row.public_id), clock) == AnalysisState.DONE
    with acting_system(owner) as me:
        done, other = queries_planning.latest(me, owner.pk, AnalysisKind.WEAK)
    assert done is not None
    assert other is None
    return done


def measure(owner: Organisation, name: str, kind: MeasureKind, step: dict[str, Any], **facts: Any) -> RiskMeasure:
    with acting_system(owner) as me:
        return services_planning.save_measure(
            me, name=name, kind=kind, step=step, once=facts.pop("once", 1000), yearly=facts.pop("yearly", 0), **facts
        )


def test_weak_spots_name_the_false_redundancy_with_its_path(region: Organisation) -> None:
    found = weak(region).result
    (row,) = found["redundancy"]
    assert (row["node"], row["label"], row["origin"], row["vital"]) == ("Noodnummer", "Telefonie", "Eén netwerk", True)
    assert row["paths"] == [["Eén netwerk", "Aanbieder A"], ["Eén netwerk", "Aanbieder B"]]
    assert [each["name"] for each in found["ranking"]] == ["Eén netwerk"]
    assert found["sets"][0]["singles"] == ["Eén netwerk"]
    assert found["sets"][0]["pairs"] == [["Aanbieder A", "Aanbieder B"]]
    assert (found["rated"], found["points"]) == (False, False)
    assert weak_in_words(found) == (
        "1 onderdeel legt alleen al het enige vitale proces stil. "
        "De enige reserve op deze kaart is er geen: één uitval neemt alles tegelijk weg."
    )


def test_what_hurts_only_itself_is_no_weak_spot(region: Organisation) -> None:
    """With impact filled in too: the net costs others something, a process by itself only itself."""
    with every_owner():
        for key, vital in (("nood", False), ("los", False)):
            node = Node.objects.get(key=key)
            NodeImpact(organisation=region, node=node, interest=Interest.PHYSICAL, down=2.0).save()
            Node.objects.filter(pk=node.pk).update(vital=vital)
    found = weak(region).result
    assert (found["points"], found["vital"]) == (True, 0)
    assert [(row["name"], row["hurts"]) for row in found["ranking"]] == [("Eén netwerk", 0)]


def test_work_is_done_once_and_taken_over_when_the_worker_died(region: Organisation) -> None:
    with acting_system(region) as me:
        row = services_analysis.ask_weak_spots(me)
        with pytest.raises(Refused, match="al doorgerekend"):
            services_analysis.ask_weak_spots(me)
    later = NOW + timedelta(minutes=30)
    assert analyse_again(NOW) == ""
    assert analyse_again(later) == "1 keer doorrekenen opnieuw aangeboden"
    assert run_analysis(region.code, str(row.public_id), lambda: later) == AnalysisState.DONE
    assert run_analysis(region.code, str(row.public_id), lambda: later) == "niet nodig"


def test_a_failure_of_the_work_is_told_and_not_kept_as_done(
    region: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(services_analysis, "weak_spots", broken)
    with acting_system(region) as me:
        row = services_analysis.ask_weak_spots(me)
    with pytest.raises(ZeroDivisionError):
        run_analysis(region.code, str(row.public_id), clock)
    with every_owner():
        row.refresh_from_db()
    assert row.state == AnalysisState.FAILED
    assert row.reason == "Het doorrekenen ging mis (ZeroDivisionError)."


def test_the_best_of_a_budget_is_predicted_and_played_again(region: Organisation) -> None:
    second = measure(
        region, "Derde weg", MeasureKind.PROVIDER, {"node": "nood", "label": "Telefonie", "provider": "los"}, once=5000
    )
    measure(
        region, "Grotere buffer", MeasureKind.AUTONOMY, {"node": "nood", "label": "Telefonie", "value": 60}, once=900
    )
    measure(region, "Sneller terug", MeasureKind.REPAIR, {"node": "net", "value": 60}, once=2000, yearly=100)
    with acting_system(region) as me:
        row = services_analysis.ask_budget(me, amount=6000, years=4, yearly=None)
    assert run_analysis(region.code, str(row.public_id), clock) == AnalysisState.DONE
    with acting_system(region) as me:
        done, _other = queries_planning.latest(me, region.pk, AnalysisKind.BUDGET)
    assert done is not None
    result = done.result
    # The third way saves most by itself, but the other two together save as much, for less.
    assert second.key in result["by_sum"]["keys"]
    assert result["best"]["keys"] == ["grotere-buffer", "sneller-terug"]
    assert result["best"]["cost"] == 900 + 2000 + 4 * 100
    assert result["interaction"] > 0.5
    told = budget_in_words(result, points=False)
    assert any(line.startswith("De maatregelen werken op elkaar in") for line in told)
    (buffer,) = [each for each in result["effects"] if each["key"] == "grotere-buffer"]
    assert buffer["after"] == pytest.approx(result["loss"] - buffer["together"])
    assert buffer["processes"] == [
        {"name": "Noodnummer", "before": [0.0, pytest.approx(75.5)], "after": [0.0, pytest.approx(74.5)]}
    ]
    assert effect_in_words(buffer, result) == "Van 75,5 uur per jaar naar 74,5 uur per jaar met alleen deze maatregel."
    assert 0 < result["best"]["effect"] <= result["loss"]
    costs = [each["cost"] for each in result["front"]]
    effects = [each["effect"] for each in result["front"]]
    assert costs == sorted(costs)
    assert effects == sorted(effects)
    drawing = curve(result["front"])
    assert len(drawing.spots) == len(costs)
    assert drawing.path.startswith("M24")


@pytest.mark.parametrize(
    ("kind", "step", "words"),
    [
        (MeasureKind.AUTONOMY, {"node": "nood", "label": "Bestaat niet", "value": 5}, "Bestaat niet"),
        (MeasureKind.PROVIDER, {"node": "nood", "label": "Telefonie", "provider": "weg"}, "weg"),
        (MeasureKind.RESTART, {"node": "weg", "value": 5}, "weg"),
        (MeasureKind.CAUSE, {"node": "a", "cause": "kabel"}, "kabel"),
        (MeasureKind.RATE, {"node": "a", "value": "vaak"}, "Vul in wat"),
        (MeasureKind.REPAIR, {"node": "a", "value": -1}, "herstel|repair|minuten|minuut"),
    ],
)
def test_a_measure_that_does_not_fit_the_map_is_refused(
    region: Organisation, kind: MeasureKind, step: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        measure(region, "Proef", kind, step)
    with every_owner():
        assert not RiskMeasure.objects.exists()


def test_a_measure_that_no_longer_fits_is_named_and_left_out(region: Organisation) -> None:
    measure(region, "Oud", MeasureKind.RESTART, {"node": "los", "value": 5})
    with every_owner():
        Node.objects.filter(key="los").delete()
    with acting_system(region) as me:
        row = services_analysis.ask_budget(me, amount=6000, years=4, yearly=10)
    run_analysis(region.code, str(row.public_id), clock)
    with every_owner():
        row.refresh_from_db()
    assert "los" in row.result["problems"][0]
    assert row.result["best"]["keys"] == []


def test_removing_a_measure_leaves_no_name_behind(region: Organisation) -> None:
    first = measure(region, "Eerst", MeasureKind.RESTART, {"node": "net", "value": 5})
    second = measure(region, "Dan", MeasureKind.RESTART, {"node": "a", "value": 5}, needs=[first.key])
    with acting_system(region) as me:
        with pytest.raises(Refused):
            services_planning.save_measure(
                me, name="Eerst", kind=MeasureKind.RESTART, step=first.step, once=1, yearly=0, needs=[first.key],
                public_id=first.public_id,
            )  # fmt: skip
        services_planning.remove_measure(me, first.public_id)
        second.refresh_from_db()
    assert second.needs == []


def test_scales_are_kept_in_versions_that_do_not_change(region: Organisation) -> None:
    content = load_scales().to_json()
    with acting_system(region) as me:
        content["version"] = "eigen 1"
        row = services_planning.set_scales(me, content, "bestuur van 3 maart")
        assert queries_planning.scales_of(region.pk).version == "eigen 1"
        content["impact"]["interests"][0]["limits"] = [5, 4, 3, 2, 1]
        with pytest.raises(Refused, match="hoger"):
            services_planning.set_scales(me, content, "fout")
        with pytest.raises(Refused, match="berusten"):
            services_planning.set_scales(me, load_scales().to_json(), " ")
        assert ScaleVersion.objects.count() == 1
        with pytest.raises(FinalError):
            row.save()


@pytest.mark.parametrize("likelihood", list("ABCDE"))
def test_a_class_of_likelihood_comes_back_as_itself(likelihood: str) -> None:
    scales = load_scales()
    assert scales.likelihood(yearly_rate(scales, likelihood)) == likelihood


def test_the_diagram_places_by_impact_and_likelihood() -> None:
    scales = load_scales()
    rows = [
        {"kind": "node", "key": "x", "name": "X", "per_year": 2.0, "losses": {"physical": 200.0, "stability": 400.0}},
        {"kind": "node", "key": "y", "name": "Y", "per_year": 0.001, "losses": {"physical": 7.0}},
        {"kind": "node", "key": "z", "name": "Z", "per_year": 2.0, "losses": {"physical": 0.1}},
    ]
    found = placed(rows, scales)
    assert [(row["name"], row["number"]) for row in found] == [("X", 1), ("Y", 2)]
    assert (found[0]["scores"]["physical"], found[0]["scores"]["heritage"], found[0]["likelihood"]) == ("E", "X", "E")
    drawing = drawn(found * 4, scales)
    assert len({(dot.x, dot.y) for dot in drawing.dots}) == 8
    right = [dot for dot in drawing.dots if dot.number == 1]
    assert all(LEFT + 4 * CELL < dot.x < LEFT + 5 * CELL for dot in right)
    assert len(drawn(found * 40, scales).dots) == 80


def test_a_plan_needs_fresh_weak_spots(region: Organisation) -> None:
    with acting_system(region) as me:
        with pytest.raises(Refused, match="Reken eerst"):
            services_plan.make_plan(me, year=2027)
        with pytest.raises(Refused, match="Kies een jaar"):
            services_plan.make_plan(me, year=1)
    weak(region)
    with acting_system(region) as me:
        add_map(me, (NodeDraft("nieuw", "Nieuw", NodeKind.ASSET, restart=5),), (), source="test")
        with pytest.raises(Refused, match="De kaart is veranderd"):
            services_plan.make_plan(me, year=2027)


def test_a_plan_is_a_document_with_versions_and_changes(region: Organisation) -> None:
    with acting_system(region) as me:
        save_scenario(me, name="Netwerk <weg> & #panic()", outages=[{"node": "net", "start": 0, "duration": 600}])
    weak(region)
    measure(region, "Derde weg", MeasureKind.PROVIDER, {"node": "nood", "label": "Telefonie", "provider": "los"})
    with acting_system(region) as me:
        first = services_plan.make_plan(me, year=2026, note='#eval("1") *nadruk* 😀')
        services_planning.save_measure(
            me, name="Buffer", kind=MeasureKind.AUTONOMY, step={"node": "nood", "label": "Telefonie", "value": 60},
            once=1, yearly=2,
        )  # fmt: skip
        second = services_plan.make_plan(me, year=2027)
        third = services_plan.make_plan(me, year=2027)
        assert [(row.year, row.version) for row in queries_planning.plans(me, region.pk)] == [
            (2027, 2),
            (2027, 1),
            (2026, 1),
        ]
        with pytest.raises(FinalError):
            first.save()
    assert (first.changes, first.against) == ([], "")
    assert (second.changes, second.against) == (["Nieuwe maatregel: Buffer."], "2026, versie 1")
    assert third.against == "2026, versie 1"
    with pikepdf.open(io.BytesIO(bytes(second.document))) as document, document.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"], facts["pdfuaid:part"]) == ("2", "A", "1")
        assert facts["dc:title"] == "Risicoplan digitale ontwrichting 2027"
        assert str(document.Root.Lang) == "nl-NL"
        assert "/StructTreeRoot" in document.Root


def test_only_reserves_that_exist_are_spoken_of() -> None:
    bare = {"reserves": 0, "redundancy": [], "vital": 2, "size": 5, "alone": {"nodes": 3, "causes": 0, "vital": 2}}
    assert intro(bare) == (
        "De kaart telt 2 vitale processen en 5 onderdelen. Deze kaart heeft geen reserve: "
        "3 onderdelen leggen ieder alleen al een vitaal proces stil; het gaat om alle 2 vitale processen."
    )
    firm = bare | {"reserves": 4, "alone": {"nodes": 1, "causes": 1, "vital": 1}}
    assert weak_in_words(firm) == (
        "1 onderdeel en 1 gezamenlijke oorzaak leggen ieder alleen al een vitaal proces stil; het gaat om 1 van de 2 "
        "vitale processen. Van de 4 reserves op deze kaart valt er geen door één uitval helemaal weg."
    )
    false = firm | {
        "redundancy": [{"node": "Nood", "label": "Tel"}] * 2,
        "alone": {"nodes": 0, "causes": 0, "vital": 0},
    }
    assert weak_in_words(false) == (
        "Geen enkel onderdeel legt in zijn eentje een vitaal proces stil. "
        "Van de 4 reserves op deze kaart is er 1 geen: één uitval neemt alles tegelijk weg."
    )


def test_what_changed_is_told_in_sentences() -> None:
    base: dict[str, Any] = {
        "redundancy": [],
        "ranking": [],
        "diagram": [],
        "measures": [],
        "budget": None,
        "vital": 1,
        "size": 3,
        "scales": {"version": "1"},
    }
    spot = {"key": "k", "name": "Net", "impact": "B", "likelihood": "C"}
    assert changes(base, base) == ["Er is niets veranderd."]
    new = base | {
        "redundancy": [{"key": "r", "node": "Nood", "label": "Tel", "origin": "Net"}],
        "diagram": [spot | {"impact": "D"}],
        "size": 4,
        "scales": {"version": "2"},
    }
    assert changes(new, base | {"diagram": [spot]}) == [
        "Nieuwe schijnredundantie: Nood: Tel (Net).",
        "Net: impact van B naar D, waarschijnlijkheid van C naar C.",
        "De kaart telt nu 4 onderdelen; dat waren er 3.",
        "De schalen zijn veranderd; klassen zijn niet zonder meer te vergelijken.",
    ]
    poor, rich = ({"budget": amount, "years": 4} for amount in (20, 20_000))
    listed, chosen = ({"measures": [{"key": "m", "name": "Noodstroom", "taken": taken}]} for taken in (False, True))
    assert changes(base | chosen | {"budget": rich}, base | listed | {"budget": poor}) == [
        "Het budget was €\u00a020 over 4 jaar en is nu €\u00a020.000 over 4 jaar.",
        "Nieuw in het voorstel: Noodstroom.",
    ]
    assert changes(base, base | {"budget": rich})[0].startswith("Er staat geen budget meer in het plan")
    (told,) = changes(base | {"diagram": [spot | {"x": 2}]}, base | {"diagram": [spot | {"x": 1}]})
    assert told.endswith("wel is er iets anders in de tabellen.")
    many = base | {"measures": [{"key": str(n), "name": f"M{n}"} for n in range(7)]}
    assert changes(many, base) == ["Nieuwe maatregel: M0, M1, M2, M3, M4 en 2 andere."]


def test_others_see_no_plan_and_a_download_is_written(region: Organisation) -> None:
    weak(region)
    with acting_system(region) as me:
        plan = services_plan.make_plan(me, year=2027)
    stranger = organisation("VR01")
    with acting(actor(person(stranger, Role.CISO), stranger)) as other, pytest.raises(NotFound):
        queries_planning.plan(other, plan.public_id)
    with acting(actor(person(region, Role.PROCESS_OWNER), region)) as reader, pytest.raises(Denied):
        services_plan.make_plan(reader, year=2027)
    client = Client()
    client.force_login(person(region, Role.BOARD))
    answer = client.get(reverse("riskmap:risk-plan-pdf", args=[plan.public_id]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == bytes(plan.document)
    assert answer["Content-Disposition"] == 'attachment; filename="risicoplan-vr17-2027-versie-1.pdf"'
    with every_owner():
        entry = AuditEntry.objects.filter(organisation=region, object_id=str(plan.public_id)).latest("pk")
    assert entry.action == "riskmap.plan.see"
    assert entry.detail["gedownload"] is True
    with every_owner():
        assert RiskPlan.objects.count() == 1


def test_the_pages_lead_from_nothing_to_a_plan(region: Organisation) -> None:
    client = Client()
    client.force_login(person(region, Role.RISK_ADVISER))

    def text(name: str, *args: Any) -> str:
        answer = client.get(reverse(f"riskmap:{name}", args=args))
        assert answer.status_code == 200
        return str(answer.content.decode())

    assert "Nog niet doorgerekend" in text("weak")
    assert "Nog geen maatregelen" in text("measures")
    assert "Nog geen risico in het diagram" in text("diagram")
    assert "Eerst doorrekenen" in text("risk-plan")
    assert client.post(reverse("riskmap:risk-plan"), {"year": 2027}).status_code == 422
    assert client.post(reverse("riskmap:ask-weak")).status_code == 302
    with every_owner():
        row = Analysis.objects.get()
    assert "wacht op een werker" in text("progress", row.public_id)
    run_analysis(region.code, str(row.public_id), clock)
    assert client.get(reverse("riskmap:progress", args=[row.public_id]))["HX-Refresh"] == "true"
    assert client.get(reverse("riskmap:reckoning", args=[row.public_id]))["Location"].startswith(
        reverse("riskmap:weak")
    )
    page = text("weak")
    assert "Eén netwerk → Aanbieder A" in page
    assert "dan telt hier de middelste tijd" in page
    assert "Van de onderdelen weegt Eén netwerk het zwaarst" in text("map")
    assert "Eén netwerk" in client.get(reverse("riskmap:weak-csv")).content.decode()
    wrong = client.post(reverse("riskmap:measure-new"), {"name": "x", "kind": "buffer", "once": "1", "yearly": "0"})
    assert wrong.status_code == 422
    assert "Kies de afhankelijkheid" in wrong.content.decode()
    made = client.post(
        reverse("riskmap:measure-new"),
        {"name": "Buffer", "kind": "buffer", "need": "nood | Telefonie", "value": "60", "once": "100", "yearly": "0"},
    )
    assert made.status_code == 302
    with every_owner():
        measure_row = RiskMeasure.objects.get()
    assert "Telefonie" in text("measure", measure_row.public_id)
    assert "1 uur langer zonder" in text("measures")
    assert client.post(reverse("riskmap:measures"), {"amount": "5000", "years": "4"}).status_code == 302
    with every_owner():
        budget = Analysis.objects.get(kind=AnalysisKind.BUDGET)
    run_analysis(region.code, str(budget.public_id), clock)
    assert "Samen doorgerekend scheelt dit" in text("measures")
    assert "Wat alleen deze maatregel doet" in text("measure", measure_row.public_id)
    scales = client.get(reverse("riskmap:scales"))
    form = scales.context["form"]
    data = {
        name: str(field.initial).replace(".", ",") for name, field in form.fields.items() if field.initial is not None
    }
    data |= {"status": "vastgesteld", "total": "hoogste", "why": "bestuur", "physical_A": "1,5"}
    assert client.post(reverse("riskmap:scales"), data).status_code == 302
    assert "vastgesteld" in text("scales")
    assert client.post(reverse("riskmap:scales"), data | {"physical_B": "1"}).status_code == 422
    assert "Het budget blijft nog buiten het plan" not in text("risk-plan")
    with every_owner():
        Analysis.objects.filter(pk=budget.pk).update(map_fingerprint="0" * 64)
    assert "Het budget blijft nog buiten het plan" in text("risk-plan")
    done = client.post(reverse("riskmap:risk-plan"), {"year": "2027", "note": "Proef"})
    assert done.status_code == 302
    assert "Dit is de eerste versie" in client.get(done["Location"]).content.decode()


def test_the_likelihood_of_a_scenario_puts_it_in_the_diagram(region: Organisation) -> None:
    client = Client()
    client.force_login(person(region, Role.RISK_ADVISER))
    with acting_system(region) as me:
        scenario = save_scenario(me, name="Netwerk weg", outages=[{"node": "net", "start": 0, "duration": 600}])
    url = reverse("riskmap:chance", args=[scenario.public_id])
    assert client.post(url, {"likelihood": "D", "why": "ervaring"}).status_code == 302
    with acting_system(region):
        scales = queries_planning.scales_of(region.pk)
        with acting_system(region) as me:
            (risk,) = queries_planning.scenario_risks(region.pk, mapping.load(me, region.pk), scales)
    assert scales.likelihood(risk.per_year) == "D"
    assert client.post(url, {"likelihood": "Q"}).status_code == 400
    assert client.post(url, {"likelihood": ""}).status_code == 302
    with acting_system(region) as me:
        assert queries_planning.scenario_risks(region.pk, mapping.load(me, region.pk), scales) == []
