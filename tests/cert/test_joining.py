"""An alert that belongs to an incident that runs; what was handed over; what happened earlier; what is learned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.cert import services
from brandwacht.cert.models import Incident, IncidentAsset, IncidentEntry
from brandwacht.network.errors import Refused
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import AlertState
from brandwacht.soc.services import escalations
from tests.cert.conftest import EARLY, LOG_IN, SIGNIFICANT, Scene
from tests.world import NOW, acting

pytestmark = pytest.mark.django_db


def hit_in(incident: Incident) -> list[str]:
    with every_owner():
        return sorted(IncidentAsset.objects.filter(incident=incident).values_list("node__key", flat=True))


def test_a_second_alert_joins_and_starts_no_second_clock(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT, nodes=[scene.node("fw02")])
    clocks = set(scene.clocks(incident))
    alert = scene.alert()
    with acting(scene.analyst.actor()) as me:
        services.join(me, alert.public_id, incident.public_id)
    with every_owner():
        alert.refresh_from_db()
        incident.refresh_from_db()
        assert Incident.objects.count() == 1
    assert (alert.state, alert.incident_ref) == (AlertState.INCIDENT, incident.public_id)
    assert incident.attack == ["T1003.001"]
    assert hit_in(incident) == ["dc01", "fw02"]
    assert set(scene.clocks(incident)) == clocks
    assert "hoort bij dit incident" in scene.told(incident)


def test_a_closed_incident_takes_no_alert(scene: Scene) -> None:
    incident = scene.incident()
    with acting(scene.ciso.actor()) as me:
        services.move_to(me, incident.public_id, "gesloten")
    alert = scene.alert()
    with acting(scene.analyst.actor()) as me, pytest.raises(Refused, match="gesloten"):
        services.join(me, alert.public_id, incident.public_id)


def test_what_was_handed_over_is_hit_too_and_the_clock_counts_from_the_confirmation(scene: Scene) -> None:
    alert = scene.alert()
    confirmed = NOW - timedelta(minutes=15)
    with every_owner():
        alert.acknowledged_at = confirmed
        alert.save()
    with acting(scene.analyst.actor()) as me:
        escalations.escalate(
            me, alert.public_id, receiver="cert", tlp="TLP:AMBER", assets=[scene.node("dc01"), scene.node("fw02")],
            indicators=[], done="Losgekoppeld.", question="Neem het over.",
        )  # fmt: skip
        incident = services.open_from_alert(me, alert.public_id, facts=[SIGNIFICANT])
    assert hit_in(incident) == ["dc01", "fw02"]
    assert incident.known_at == confirmed


def test_what_happened_earlier_stands_at_its_own_time_and_says_when_it_was_written(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    earlier = NOW - timedelta(minutes=40)
    with acting(scene.ciso.actor()) as me:
        services.add_note(me, incident.public_id, "VRR-DC01 losgekoppeld.", earlier)
        done = services.clock_done(me, incident.public_id, EARLY, "Gebeld, kenmerk 12.", earlier)
        for wrong in (NOW + timedelta(minutes=5), incident.known_at - timedelta(minutes=1)):
            with pytest.raises(Refused) as error:
                services.clock_done(me, incident.public_id, "cbw_melding", "Gebeld.", wrong)
            assert error.value.field == "at"
    assert done.done_at == earlier
    with every_owner():
        note = IncidentEntry.objects.get(incident=incident, text__startswith="VRR-DC01 losgekoppeld.")
    assert note.at == earlier
    assert "Opgeschreven op 22 november 2026 14:05" in note.text


def test_a_title_that_a_board_member_knows(scene: Scene) -> None:
    incident = scene.incident()
    with acting(scene.ciso.actor()) as me:
        services.assess(
            me, incident.public_id, phase="warm", scenario="eigen_organisatie", facts=[], title="Meldkamer plat"
        )
    with every_owner():
        incident.refresh_from_db()
    assert incident.title == "Meldkamer plat"
    assert "Nieuwe titel: Meldkamer plat" in scene.told(incident)


def test_closing_asks_for_lessons_and_opening_again_does_not(scene: Scene) -> None:
    incident = scene.incident()
    lessons = "Incident 2026-0001 evalueren: wat leert u ervan?"
    with acting(scene.ciso.actor()) as me:
        services.move_to(me, incident.public_id, "gesloten")
        assert scene.actions()[lessons] == "open"
        services.move_to(me, incident.public_id, "open")
        assert scene.actions()[lessons] == "gedaan"
        services.move_to(me, incident.public_id, "gesloten")
    assert scene.actions()[lessons] == "open"


def test_the_page_of_an_alert_offers_what_runs(scene: Scene) -> None:
    incident = scene.incident(title="Storing bij de meldkamer")
    alert = scene.alert()
    client = Client()
    client.force_login(scene.analyst.user, backend=LOG_IN)
    page = client.get(reverse("soc:detail", args=[alert.public_id])).content.decode()
    assert "Voeg toe aan een lopend incident" in page
    assert "2026-0001 Storing bij de meldkamer" in page
    answer = client.post(reverse("cert:join", args=[alert.public_id]), {"incident": incident.public_id})
    assert answer.headers["Location"] == reverse("cert:detail", args=[incident.public_id])
