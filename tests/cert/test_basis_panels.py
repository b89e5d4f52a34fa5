"""What the basis shows of incidents: on a control those it would have mattered for, on a measure the one it follows."""

from __future__ import annotations

from datetime import date

import pytest

from brandwacht.baseline.panels import ControlRef
from brandwacht.baseline.services import make_measure
from brandwacht.cert.models import Incident
from brandwacht.cert.panels import incident_of_measure, incidents_of_control
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db


def incident(owner: Organisation, number: str, *attack: str, exercise: bool = False) -> Incident:
    row = Incident(
        organisation=owner, number=number, title=f"Incident {number}", attack=list(attack), exercise=exercise,
        known_at=NOW, opened_at=NOW, opened_by="test",
    )  # fmt: skip
    row.save()
    return row


def test_a_control_shows_the_incidents_with_its_techniques() -> None:
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        hit = incident(region, "2026-0001", "T1003.001")
        incident(region, "2026-0002", "T1490")
        incident(region, "OEF-2026-0001", "T1003.001", exercise=True)
        content = incidents_of_control(me, ControlRef(region.pk, "8.05", ("T1003",)))
        assert content is not None
        assert content.context["incidents"] == [hit]
        assert incidents_of_control(me, ControlRef(region.pk, "7.01", ("T1200",))) is None


def test_a_measure_shows_the_incident_it_follows_from_to_those_who_may_see_it() -> None:
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        found = incident(region, "2026-0001", "T1003")
        measure = make_measure(
            me, title="Rechten nalopen", control="5.18", owner_name="Beheer", due=date(2027, 3, 1),
            incident_ref=found.public_id,
        )  # fmt: skip
        content = incident_of_measure(me, measure)
        assert content is not None
        assert content.context["incident"] == found
    with acting(actor(person(region, Role.LINE_MANAGER), region)) as colleague:
        assert incident_of_measure(colleague, measure) is None
