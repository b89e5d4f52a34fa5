"""What a warning leaves on the incident that it came from."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from brandwacht.cert.models import Incident
from brandwacht.engines.intel import TLP
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import services as sharing
from brandwacht.sharing.limits import mildest
from brandwacht.sharing.models import CircleWarning, WarningState
from brandwacht.soc.models import Alert, Escalation, Receiver
from tests.cert.conftest import SIGNIFICANT, Persona, Scene
from tests.cert.faces import Browse, page
from tests.world import NOW, acting, mandate, organisation, person

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


def _hand_over(scene: Scene, alert: Alert, tlp: TLP, minute: int = 0) -> None:
    with every_owner():
        Escalation(
            organisation=scene.region, alert=alert, receiver=Receiver.CERT, tlp=tlp.label, body="{}", signature="",
            public_key="", sent_at=NOW + timedelta(minutes=minute), sent_by="Sem", sender_code="VR-SOC",
            due=NOW + timedelta(hours=1),
        ).save()  # fmt: skip


@pytest.fixture
def handed_over(scene: Scene) -> Incident:
    """An incident whose alert was handed over with TLP:AMBER+STRICT."""
    incident, alert = scene.incident(SIGNIFICANT), scene.alert()
    with every_owner():
        Incident.objects.filter(pk=incident.pk).update(alert_ref=alert.public_id)
    _hand_over(scene, alert, TLP.AMBER_STRICT)
    return incident


def test_a_warning_goes_no_further_than_the_hand_over_allowed(
    scene: Scene, member: Persona, handed_over: Incident
) -> None:
    for label in ("AMBER", "GREEN", "CLEAR"):
        with pytest.raises(Refused, match="overgedragen met TLP:AMBER\\+STRICT") as refused:
            _send(scene, member, handed_over.public_id, label)
        assert refused.value.field == "tlp"
    for label in ("AMBER_STRICT", "RED"):
        assert _send(scene, member, handed_over.public_id, label).state == WarningState.SENT
    assert _send(scene, member, scene.incident(SIGNIFICANT).public_id, "CLEAR").state == WarningState.SENT
    assert mildest(None) is None


def test_a_draft_of_before_the_hand_over_is_stopped_when_it_is_sent_or_changed(
    scene: Scene, member: Persona, handed_over: Incident
) -> None:
    with every_owner():
        alert = Alert.objects.get()
    with acting(scene.lead.actor()) as me:
        draft = sharing.draft(
            me, title="Valse inlogpagina", tlp="AMBER_STRICT", what="Let op.", incident_ref=handed_over.public_id
        )
    _hand_over(scene, alert, TLP.RED, minute=1)
    with acting(scene.lead.actor()) as me:
        with pytest.raises(Refused, match="TLP:RED of strenger"):
            sharing.send(me, draft.public_id)
        with pytest.raises(Refused, match="vraag de afzender om een nieuwe overdracht"):
            sharing.change_draft(me, draft.public_id, title="Anders", tlp="AMBER_STRICT", what="Let op.")
    _hand_over(scene, alert, TLP.GREEN, minute=2)  # the sender thought again: the latest counts
    with acting(scene.lead.actor()) as me:
        assert sharing.send(me, draft.public_id).state == WarningState.SENT


def _chosen(page: str) -> str:
    """The label that is chosen in the form."""
    (tag,) = (found for found in re.findall(r"<input[^>]*>", page) if 'name="tlp"' in found and "checked" in found)
    (value,) = re.findall(r'value="(\w+)"', tag)
    return str(value)


def test_the_form_begins_with_the_label_that_is_allowed(
    scene: Scene, member: Persona, browse: Browse, handed_over: Incident
) -> None:
    address = reverse("sharing:new")
    browser = browse(scene.lead)
    shown = browser.get(address, {"incident": str(handed_over.public_id)}).content.decode()
    assert _chosen(shown) == "AMBER_STRICT"
    facts = {"title": "Let op", "tlp": "GREEN", "what": "Iets.", "incident": str(handed_over.public_id)}
    refused = browser.post(address, facts)
    assert refused.status_code == 422
    assert "overgedragen met TLP:AMBER+STRICT" in refused.content.decode()
    assert _chosen(browser.get(address).content.decode()) == "AMBER"
