"""Leading: the assessment, what is hit, the CERT, where it stands; and drills, of which nothing is real."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brandwacht.cert import queries, services
from brandwacht.cert.models import Incident, IncidentAsset
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Grant
from brandwacht.network.tenancy import CrossTenantError, every_owner
from brandwacht.riskmap.models import CascadeRun
from tests.cert.conftest import BREACH, EARLY, PERSONAL, SIGNIFICANT, Scene
from tests.world import NOW, acting, asset

pytestmark = pytest.mark.django_db


def hit(incident: Incident) -> dict[str, tuple[str, int | None]]:
    with every_owner():
        rows = IncidentAsset.objects.filter(incident=incident).select_related("node")
        return {row.node.key: (row.state, row.duration) for row in rows}


def runs(incident: Incident) -> list[CascadeRun]:
    with every_owner():
        return list(CascadeRun.objects.filter(incident_ref=incident.public_id).order_by("pk"))


# The assessment


def test_assessing_changes_what_it_says_and_nothing_else(scene: Scene) -> None:
    incident = scene.incident(severity=2)
    with acting(scene.adviser.actor()) as me:
        services.assess(me, incident.public_id, phase="warm", scenario="keten", facts=[PERSONAL, PERSONAL])
        services.assess(
            me, incident.public_id, phase="warm", scenario="keten", facts=[], severity=4, summary=" Nieuw. "
        )
        found = queries.incident(me, incident.public_id)
    assert (found.phase, found.scenario, found.facts) == ("warm", "keten", [])
    assert (found.severity, found.summary, found.known_at) == (4, "Nieuw.", incident.known_at)
    told = scene.told(incident)
    assert "Beoordeeld: fase Warm: gevolgen bestrijden. Feiten: Er zijn persoonsgegevens gelekt" in told
    assert told.endswith("geen bijzondere feiten vastgesteld.\nNieuw.")


def test_two_people_assess_at_once(scene: Scene) -> None:
    incident = scene.incident()
    seen = services.assessment(incident)
    with acting(scene.ciso.actor()) as me:
        services.assess(me, incident.public_id, phase="warm", scenario="keten", facts=[], seen=seen)
    with acting(scene.lead.actor()) as me:
        with pytest.raises(Refused, match="Een collega wijzigde de beoordeling"):
            services.assess(me, incident.public_id, phase="koud", scenario="keten", facts=[], seen=seen)
        found = queries.incident(me, incident.public_id)
        assert found.phase == "warm"
        services.assess(
            me, incident.public_id, phase="koud", scenario="keten", facts=[], seen=services.assessment(found)
        )


def test_moving_awareness_runs_the_cascade_from_there(scene: Scene) -> None:
    incident = scene.incident(nodes=[scene.node("dc01")])
    earlier = incident.known_at - timedelta(hours=3)
    with acting(scene.ciso.actor()) as me:
        services.assess(me, incident.public_id, phase="lauw", scenario="keten", facts=[])
        services.assess(me, incident.public_id, phase="lauw", scenario="keten", facts=[], known_at=earlier)
    assert [run.started_at for run in runs(incident)] == [incident.known_at, earlier]
    assert "de organisatie wist ervan sinds 22 november 2026 10:05." in scene.told(incident)


# What is hit


def test_what_is_hit_can_be_added_changed_and_taken_off(scene: Scene) -> None:
    incident = scene.incident(nodes=[scene.node("dc01")])
    with acting(scene.analyst.actor()) as me:
        services.add_assets(me, incident.public_id, [scene.node("fw02")], state="degraded", duration=60)
        assert hit(incident) == {"dc01": ("down", 600), "fw02": ("degraded", 60)}
        services.add_assets(me, incident.public_id, [scene.node("dc01")], state="degraded")
        assert hit(incident) == {"dc01": ("degraded", 600), "fw02": ("degraded", 60)}
        services.remove_asset(me, incident.public_id, scene.node("dc01").public_id)
        assert hit(incident) == {"fw02": ("degraded", 60)}
        with pytest.raises(Refused, match="al niet meer"):
            services.remove_asset(me, incident.public_id, scene.node("dc01").public_id)
        with pytest.raises(Refused, match="Kies ten minste één"):
            services.add_assets(me, incident.public_id, [])
    assert [len(run.outages) for run in runs(incident)] == [1, 2, 2, 1]
    assert "Geraakt: VRR-FW02 (hapert)." in scene.told(incident)


def test_what_is_hit_is_the_owners(scene: Scene) -> None:
    incident = scene.incident()
    with acting(scene.ciso.actor()) as me, pytest.raises(CrossTenantError):
        services.add_assets(me, incident.public_id, [asset(scene.stranger.at, "ELDERS")])
    assert hit(incident) == {}


@pytest.mark.parametrize("who", ["chair", "watcher", "onlooker"])
def test_who_may_only_look_adds_nothing(scene: Scene, who: str) -> None:
    incident = scene.incident()
    with acting(getattr(scene, who).actor()) as me:
        with pytest.raises(Denied):
            services.add_assets(me, incident.public_id, [])
        with pytest.raises(Denied):
            services.add_note(me, incident.public_id, "x")


def test_notes(scene: Scene) -> None:
    incident = scene.incident()
    with acting(scene.analyst.actor()) as me:
        services.add_note(me, incident.public_id, " Netwerk gescheiden. ")
        with pytest.raises(Refused, match="Schrijf eerst op"):
            services.add_note(me, incident.public_id, " ")
        with pytest.raises(Refused, match="onder de 5000 tekens"):
            services.add_note(me, incident.public_id, "x" * 5001)
        story = queries.story(incident)
    assert story.entries[0].text == "Netwerk gescheiden."
    assert story.entries[0].author == "Sem Bakker (VR-SOC)"
    assert scene.chain()[-1] == ("cert.incident.note", "gedaan")


# The CERT


def test_activation_asks_the_cert_that_may_act(scene: Scene) -> None:
    incident = scene.incident()
    with acting(scene.ciso.actor()) as me:
        services.activate_cert(me, incident.public_id)
        with pytest.raises(Refused, match="al geactiveerd"):
            services.activate_cert(me, incident.public_id)
    title = "Incident 2026-0001 van Veiligheidsregio Testregio VR17 coördineren"
    assert scene.actions(scene.cert) == {title: "open"}
    assert scene.actions(scene.onlooker.at) == {}
    with acting(scene.lead.actor()) as me:
        services.move_to(me, incident.public_id, "gesloten")
        assert scene.actions(scene.cert) == {title: "gedaan"}
        services.move_to(me, incident.public_id, "open")
        assert scene.actions(scene.cert) == {title: "open"}


def test_the_lead_who_activates_asks_nobody(scene: Scene) -> None:
    incident = scene.incident()
    with acting(scene.lead.actor()) as me:
        found = services.activate_cert(me, incident.public_id)
    assert (found.cert_activated_at, found.cert_activated_by) == (NOW, "Yara Visser")
    assert scene.actions(scene.cert) == {}
    assert scene.chain()[-1] == ("cert.activate", "gedaan")


def test_no_activation_without_a_mandate_to_act(scene: Scene) -> None:
    incident = scene.incident()
    with every_owner():
        Grant.objects.filter(grantee=scene.cert).update(ended_at=NOW)
    with acting(scene.ciso.actor()) as me, pytest.raises(Refused, match="Geef dat eerst, bij Beheer"):
        services.activate_cert(me, incident.public_id)


@pytest.mark.parametrize("who", ["adviser", "own_analyst", "analyst", "onlooker", "chair"])
def test_not_everybody_activates(scene: Scene, who: str) -> None:
    incident = scene.incident()
    with acting(getattr(scene, who).actor()) as me, pytest.raises(Denied, match="het CERT activeren"):
        services.activate_cert(me, incident.public_id)


# Where it stands


def test_closing_waits_for_the_duties(scene: Scene) -> None:
    incident = scene.incident(PERSONAL)
    with acting(scene.ciso.actor()) as me:
        with pytest.raises(Refused, match="nog meldplichten open: Melding van een datalek"):
            services.move_to(me, incident.public_id, "gesloten")
        services.clock_done(me, incident.public_id, BREACH, "Niet nodig: versleuteld.")
        closed = services.move_to(me, incident.public_id, "gesloten")
        assert closed.closed_at == NOW
        for refused in (
            lambda: services.assess(me, incident.public_id, phase="koud", scenario="keten", facts=[]),
            lambda: services.add_assets(me, incident.public_id, [scene.node("dc01")]),
            lambda: services.remove_asset(me, incident.public_id, scene.node("dc01").public_id),
            lambda: services.activate_cert(me, incident.public_id),
        ):
            with pytest.raises(Refused, match="Heropen het eerst"):
                refused()
        services.add_note(me, incident.public_id, "Geëvalueerd.")
        assert services.move_to(me, incident.public_id, "open").closed_at is None


def test_one_step_is_made_once(scene: Scene) -> None:
    incident = scene.incident()
    with acting(scene.ciso.actor()) as me:
        services.move_to(me, incident.public_id, "ingedamd")
        for state in ("ingedamd", "onzin", ""):
            with pytest.raises(Refused, match="vernieuw de pagina"):
                services.move_to(me, incident.public_id, state)
        services.move_to(me, incident.public_id, "hersteld")
        with pytest.raises(Refused):
            services.move_to(me, incident.public_id, "ingedamd")


@pytest.mark.parametrize("who", ["own_analyst", "analyst", "onlooker", "chair"])
def test_not_everybody_leads(scene: Scene, who: str) -> None:
    incident = scene.incident()
    with acting(getattr(scene, who).actor()) as me:
        with pytest.raises(Denied):
            services.move_to(me, incident.public_id, "gesloten")
        with pytest.raises(Denied):
            services.assess(me, incident.public_id, phase="koud", scenario="keten", facts=[])


# Drills


def test_a_drill_asks_nobody_for_anything(scene: Scene) -> None:
    drill = scene.incident(SIGNIFICANT, exercise=True, nodes=[scene.node("dc01")])
    assert set(scene.clocks(drill)) >= {EARLY}
    with acting(scene.ciso.actor()) as me:
        services.activate_cert(me, drill.public_id)
        services.clock_done(me, drill.public_id, EARLY, "geoefend")
        services.clock_undo(me, drill.public_id, EARLY)
        assert list(queries.running(me)) == []
        assert list(queries.of_node(me, scene.node("dc01").pk)) == []
        assert list(queries.incidents(me)) == [drill]
        services.move_to(me, drill.public_id, "gesloten")
    assert scene.actions() == {}
    assert scene.actions(scene.cert) == {}
    assert [run.title for run in runs(drill)] == ["Oefening OEF-2026-0001"]
    assert scene.told(drill).startswith("Oefening geopend.")
