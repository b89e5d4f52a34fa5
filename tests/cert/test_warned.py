"""What a warning leaves on the incident that it came from."""

from __future__ import annotations

from uuid import UUID

import pytest

from brandwacht.cert.models import Incident
from brandwacht.network.domains import GrantKind
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import services as sharing
from brandwacht.sharing.models import CircleWarning
from tests.cert.conftest import SIGNIFICANT, Persona, Scene
from tests.cert.faces import Browse, page
from tests.world import acting, mandate, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(scene: Scene) -> Persona:
    """A circle for which the CERT writes, with one member that has a seat."""
    circle, at = organisation("VR-ISAC", "kring"), organisation("VR15")
    mandate(circle, scene.cert, GrantKind.CIRCLE, act=True)
    mandate(circle, at, GrantKind.CIRCLE)
    return Persona(person(at, Role.ISAC_MEMBER, Role.CISO), at)


def _send(scene: Scene, member: Persona, incident: UUID | None, tlp: str = "AMBER") -> CircleWarning:
    readers = [member.user.public_id] if tlp == "RED" else []
    with acting(scene.lead.actor()) as me:
        draft = sharing.draft(
            me, title="Valse inlogpagina", tlp=tlp, what="Let op.", incident_ref=incident, reader_ids=readers
        )
        return sharing.send(me, draft.public_id)


def test_the_incident_tells_that_the_members_were_warned(scene: Scene, member: Persona, browse: Browse) -> None:
    incident = scene.incident(SIGNIFICANT)
    assert "Waarschuw de leden van de VR-ISAC" in page(browse(scene.lead), "detail", incident.public_id)
    warning = _send(scene, member, incident.public_id)
    text = page(browse(scene.lead), "detail", incident.public_id)
    assert f"Waarschuwing {warning.name} verzonden aan de leden." in text
    assert "Waarschuw opnieuw" in text
    assert "Waarschuw de leden" not in text
    assert f"Waarschuwing {warning.name}" in page(browse(scene.ciso), "detail", incident.public_id)
    assert "Valse inlogpagina" not in scene.told(incident)
    assert ("cert.incident.note", "gedaan") in scene.chain()


def test_of_a_red_warning_it_tells_that_only_some_read_it(scene: Scene, member: Persona) -> None:
    incident = scene.incident(SIGNIFICANT)
    _send(scene, member, incident.public_id, "RED")
    assert "aan lezers die met naam gekozen zijn" in scene.told(incident)


def test_nothing_is_written_where_the_sender_may_not_write(scene: Scene, member: Persona) -> None:
    other = organisation("VR01")
    with every_owner():
        theirs = Incident.objects.create(
            organisation=other, number="2026-0001", title="x", opened_by="x",
            known_at=scene.lead.actor().now, opened_at=scene.lead.actor().now,
        )  # fmt: skip
    for ref in (theirs.public_id, None):
        assert _send(scene, member, ref).state == "verzonden"
    theirs.refresh_from_db()
    assert theirs.warned_at is None
    assert scene.told(theirs) == ""


def test_the_circle_reads_nothing_of_the_incident(scene: Scene, member: Persona, browse: Browse) -> None:
    incident = scene.incident(SIGNIFICANT)
    warning = _send(scene, member, incident.public_id)
    page(browse(member), "detail", incident.public_id, status=404)
    text = browse(member).get(f"/delen/{warning.public_id}").content.decode()
    assert warning.name in text
    assert incident.title not in text
    assert str(incident.public_id) not in text
    assert incident.number not in text
