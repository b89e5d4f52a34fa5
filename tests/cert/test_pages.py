"""The page of one incident, and those on which it is opened: what they show to whom, and what a form does."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from brandwacht.cert import services
from brandwacht.cert.models import Incident, IncidentAsset, IncidentEntry
from brandwacht.engines.detection.attack import technique_name
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Node, NodeKind
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, Escalation, Receiver
from tests.cert.conftest import BREACH, EARLY, FINAL, PERSONAL, REPORT, SIGNIFICANT, Scene
from tests.cert.faces import BUDGET, Browse, many, page, post
from tests.world import NOW, acting, mandate, organisation

pytestmark = pytest.mark.django_db

ASSESSED = {"phase": "lauw", "scenario": "eigen_organisatie", "severity": "3"}


# One incident


def test_the_page_says_what_goes_on(scene: Scene, browse: Browse) -> None:
    incident = scene.incident(SIGNIFICANT, nodes=[scene.node("dc01")])
    text = page(browse(scene.ciso), "detail", incident.public_id)
    assert "De koppeling ligt eruit." in text
    assert "Doe nu eerst:" in text
    assert "Als VRR-DC01" in text
    assert "De tijd gaat lopen zodra dit gedaan is: Incidentmelding." in text
    assert "te bevestigen door jurist" in text
    for action in ("Beoordeling wijzigen", "Er is meer geraakt", "Activeer het CERT", "Het is ingedamd"):
        assert action in text
    assert "U wist ervan sinds" in text
    assert "Kennisname" not in text
    assert text.count("Computer Security Incident Response Team") == 1
    assert "CERT (Cyber Emergency Response Team)" in text
    assert '<details class="bw-more-detail bw-figure__twin"><summary>' in text  # the timeline is folded
    assert "OEFENING" not in text


def test_at_a_glance_for_the_chair_at_night(scene: Scene, browse: Browse) -> None:
    with acting(scene.analyst.actor()) as me:
        incident = services.open_from_alert(me, scene.alert().public_id, facts=[PERSONAL])
    chair = browse(scene.chair)
    text = page(chair, "detail", incident.public_id)
    assert "Dit gebeurt nu. Stand: open, bekend sinds" in text
    assert "Nog niemand coördineert" in text
    assert text.index("Laatst:") < text.index('aria-label="Op deze pagina"')
    asked = text.index("Van u wordt nu gevraagd:")
    assert "Melding van een datalek" in text[asked : asked + 200]
    assert "van u gevraagd" not in page(browse(scene.ciso), "detail", incident.public_id)
    with every_owner():
        Escalation(
            organisation=scene.region, alert=Alert.objects.get(), receiver=Receiver.CERT, tlp="TLP:AMBER", body="{}",
            signature="", public_key="", sent_at=NOW, sent_by="Sem", sender_code="VR-SOC", due=NOW,
            acknowledged_at=NOW, acknowledged_by="Yara Visser",
        ).save()  # fmt: skip
    assert "nam de melding over: Yara Visser" in page(browse(scene.chair), "detail", incident.public_id)
    with acting(scene.lead.actor()) as me:
        services.activate_cert(me, incident.public_id)
    text = page(browse(scene.chair), "detail", incident.public_id)
    assert "coördineert, geactiveerd door Yara Visser" in text
    assert "nam de melding over" not in text


def test_at_a_glance_what_is_over_or_a_drill(scene: Scene, browse: Browse) -> None:
    drill, over = scene.incident(SIGNIFICANT, exercise=True), scene.incident()
    with acting(scene.ciso.actor()) as me:
        services.move_to(me, over.public_id, "gesloten")
    text = page(browse(scene.chair), "detail", drill.public_id)
    assert "OEFENING: dit is niet echt." in text
    assert "Er wordt nu niets van u gevraagd." in text  # the early warning is the CISO's to give
    text = page(browse(scene.chair), "detail", over.public_id)
    assert "Gesloten op" in text
    assert "van u gevraagd" not in text
    with acting(scene.ciso.actor()) as me:
        services.move_to(me, drill.public_id, "gesloten")
    text = page(browse(scene.chair), "detail", drill.public_id)
    assert "Niet gedaan toen de oefening sloot." in text
    assert "bw-deadline" not in text  # nothing counts down any more


@pytest.mark.parametrize("who", ["chair", "watcher", "onlooker"])
def test_buttons_that_the_policy_refuses_are_not_shown(scene: Scene, browse: Browse, who: str) -> None:
    incident = scene.incident(SIGNIFICANT, nodes=[scene.node("dc01")])
    text = page(browse(getattr(scene, who)), "detail", incident.public_id)
    assert "moet nu eerst doen:" in text
    for action in (
        "Beoordeling",
        "meer geraakt",
        "Toch niet geraakt",
        "Activeer",
        "Ik heb dit",
        "Sluit",
        "Schrijf op<",
    ):
        assert action not in text


def test_the_chair_gets_no_link_to_an_alert(scene: Scene, browse: Browse) -> None:
    alert = scene.alert()
    with acting(scene.analyst.actor()) as me:
        incident = services.open_from_alert(me, alert.public_id)
    assert "naar de melding" not in page(browse(scene.chair), "detail", incident.public_id)
    assert "naar de melding" in page(browse(scene.ciso), "detail", incident.public_id)


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("colleague", 404)])
def test_to_others_the_page_is_not_there(scene: Scene, browse: Browse, who: str, status: int) -> None:
    incident = scene.incident()
    client = browse(getattr(scene, who))
    page(client, "detail", incident.public_id, status=status)
    page(client, "hit", incident.public_id, status=status)


def test_reading_through_a_mandate_stands_in_the_owners_chain(scene: Scene, browse: Browse) -> None:
    incident = scene.incident()
    page(browse(scene.ciso), "detail", incident.public_id)
    assert ("cert.incident.see", "ingezien") not in scene.chain()
    page(browse(scene.onlooker), "detail", incident.public_id)
    assert scene.chain()[-1] == ("cert.incident.see", "ingezien")


def test_a_grant_for_one_incident_shows_it_without_its_register(scene: Scene, browse: Browse) -> None:
    incident = scene.incident(nodes=[scene.node("dc01")])
    mandate(scene.region, scene.stranger.at, GrantKind.CERT_MANDATE, act=True, thing=incident.public_id)
    client = browse(scene.stranger)
    text = page(client, "detail", incident.public_id)
    assert "VRR-DC01" in text
    assert reverse("riskmap:node", args=[scene.node("dc01").public_id]) not in text
    assert '<datalist id="onderdelen"></datalist>' in page(client, "hit", incident.public_id)


def test_the_page_stays_within_its_queries(
    scene: Scene, browse: Browse, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many(scene, 50)
    with acting(scene.analyst.actor()) as me:
        incident = services.open_from_alert(me, scene.alert().public_id, facts=[SIGNIFICANT, PERSONAL])
    with every_owner():
        for n in range(230):
            IncidentEntry(
                organisation=scene.region, incident=incident, at=NOW + timedelta(seconds=n), kind="notitie",
                text=f"Regel {n:03d}", author="x",
            ).save()  # fmt: skip
        for n in range(20):
            node = Node(organisation=scene.region, key=f"n{n}", name=f"N{n}", kind=NodeKind.ASSET)
            node.save()
            IncidentAsset(organisation=scene.region, incident=incident, node=node).save()
    for who in ("ciso", "lead", "chair"):
        client = browse(getattr(scene, who))
        page(client, "detail", incident.public_id)  # the first look through a mandate is audited
        with django_assert_max_num_queries(BUDGET):
            text = page(client, "detail", incident.public_id)
    assert "Regel 030" in text
    assert "Regel 029" not in text
    assert "Toon het hele verloop" in text
    assert "Dit beeld is van voor de laatste wijziging" in text
    assert "Regel 000" in page(client, "detail", incident.public_id, alles="1")


def test_a_closed_incident_can_be_opened_again_and_written_in(scene: Scene, browse: Browse) -> None:
    incident = scene.incident()
    client = browse(scene.ciso)
    assert "Dit incident is nog niet beoordeeld: er is niet vastgesteld" in page(client, "detail", incident.public_id)
    post(client, "move", incident.public_id, state="gesloten")
    text = page(client, "detail", incident.public_id)
    assert "Dit incident is gesloten." in text
    assert "Fase toen het sloot" in text
    assert "gesloten zonder beoordeling" in text
    assert "Wie mag wat in deze fase" not in text
    assert "geen, gesloten" in page(client, "list", stand="alle")
    assert "Heropen het incident" in text
    assert "Beoordeling wijzigen" not in text
    post(client, "note", incident.public_id, text="Geëvalueerd")
    post(client, "move", incident.public_id, state="open")
    assert "Geëvalueerd" in page(client, "detail", incident.public_id)


def test_the_address_for_a_warning_names_what_was_done_and_not_to_whom(scene: Scene, browse: Browse) -> None:
    alert = scene.alert()
    mandate(organisation("VR-ISAC", "kring"), scene.cert, GrantKind.CIRCLE, act=True)
    with acting(scene.analyst.actor()) as me:
        incident = services.open_from_alert(me, alert.public_id)
    text = page(browse(scene.lead), "detail", incident.public_id)
    address = next(each for each in text.split('"') if each.startswith(reverse("sharing:new")))
    assert "VRR" not in address
    prefilled = browse(scene.lead).get(html.unescape(address)).context["form"].initial
    assert prefilled["title"] == technique_name("T1003.001")
    assert prefilled["techniques"] == "T1003.001"


def test_before_anybody_assessed_it_the_page_asks_for_that(scene: Scene, browse: Browse) -> None:
    incident = scene.incident()
    mandate(organisation("VR-ISAC", "kring"), scene.cert, GrantKind.CIRCLE, act=True)
    for who in ("chair", "watcher"):
        text = page(browse(getattr(scene, who)), "detail", incident.public_id)
        assert "Nog niet beoordeeld: Veiligheidsregio Testregio VR17 moet eerst vaststellen" in text
        assert "Er loopt geen meldplicht" not in text
    assert "nog niet beoordeeld" in page(browse(scene.lead), "list")
    text = page(browse(scene.lead), "detail", incident.public_id)
    assert "Nog niet beoordeeld: stel eerst vast of u iets moet melden." in text
    assert 'utrecht-button--primary-action"><span class="bw-confirm__ask">Beoordeel nu' in text
    warn = next(line for line in text.splitlines() if "Waarschuw de leden" in line)
    assert "secondary-action" in warn
    assert "primary-action" not in warn
    post(browse(scene.lead), "assess", incident.public_id, **ASSESSED, seen=services.assessment(incident))
    text = page(browse(scene.lead), "detail", incident.public_id)
    assert "Er loopt geen meldplicht. Klopt de beoordeling nog?" in text
    assert "Beoordeling wijzigen" in text
    assert "Beoordeel nu" not in text


def test_closing_is_offered_when_it_can_be_done_and_else_says_why_not(scene: Scene, browse: Browse) -> None:
    why = "Sluiten kan als de meldplichten gedaan zijn: "
    incident = scene.incident(PERSONAL)
    client = browse(scene.ciso)
    text = page(client, "detail", incident.public_id)
    assert f"{why}{scene.clocks(incident)[BREACH].title}." in text
    assert "Sluit het incident" not in text
    post(client, "clock-done", incident.public_id, BREACH, note="kenmerk 1")
    drill = scene.incident(SIGNIFICANT, exercise=True)
    for each in (incident, drill):
        text = page(client, "detail", each.public_id)
        assert "Sluit het incident" in text
        assert why not in text
        assert ("Alle meldplichten zijn gedaan." in text) is (each is incident)


def test_who_can_not_activate_the_cert_reads_who_can(scene: Scene, browse: Browse) -> None:
    with acting(scene.analyst.actor()) as me:
        incident = services.open_from_alert(me, scene.alert().public_id)
    who = "van Veiligheidsregio Testregio VR17 of de leider van het CERT kan het activeren."
    assert who in page(browse(scene.analyst), "detail", incident.public_id)
    client = browse(scene.ciso)
    assert who not in page(client, "detail", incident.public_id)
    post(client, "activate", incident.public_id)
    assert who not in page(browse(scene.analyst), "detail", incident.public_id)


def test_that_answers_stay_with_the_organisation_is_said_once(scene: Scene, browse: Browse) -> None:
    with acting(scene.analyst.actor()) as me:
        incident = services.open_from_alert(me, scene.alert().public_id)
    hidden = "Wat de organisatie bij deze normen antwoordde, ziet alleen zijzelf."
    text = page(browse(scene.lead), "detail", incident.public_id)
    assert text.count(hidden) == 1
    assert "De organisatie wist ervan sinds" in text
    assert 'data-label="Antwoord"' not in text
    text = page(browse(scene.own_analyst), "detail", incident.public_id)
    assert "ziet u niet met uw rol" in text
    text = page(browse(scene.ciso), "detail", incident.public_id)
    assert hidden not in text
    assert 'data-label="Antwoord"' in text


# What is refused comes back with what was typed


def test_a_report_without_a_note_comes_back_at_its_own_clock(scene: Scene, browse: Browse) -> None:
    incident = scene.incident(SIGNIFICANT)
    client = browse(scene.ciso)
    text = post(client, "clock-done", incident.public_id, REPORT, note="", status=422)
    assert f'<a href="#melding-{REPORT}-note">' in text
    assert text.count('aria-invalid="true"') == 1
    text = post(client, "clock-done", incident.public_id, REPORT, note="x" * 301, status=422)
    assert f'value="{"x" * 301}"' in text
    post(client, "clock-done", incident.public_id, REPORT, note="kenmerk 9")
    text = post(client, "clock-done", incident.public_id, REPORT, note="mijn kenmerk", status=422)
    assert "Dit is al gedaan door Noor de Wit: kenmerk 9" in text
    assert scene.clocks(incident)[REPORT].done_note == "kenmerk 9"
    post(client, "clock-undo", incident.public_id, REPORT)
    assert scene.clocks(incident)[FINAL].provisional
    post(client, "clock-done", incident.public_id, "note", note="x", status=422)


def test_a_note_comes_back(scene: Scene, browse: Browse) -> None:
    incident = scene.incident()
    client = browse(scene.ciso)
    assert "x" * 5001 in post(client, "note", incident.public_id, text="x" * 5001, status=422)
    post(client, "note", incident.public_id, text=" ", status=422)


def test_an_assessment_comes_back(scene: Scene, browse: Browse) -> None:
    incident = scene.incident(SIGNIFICANT)
    seen = services.assessment(incident)
    client = browse(scene.ciso)
    sent = ASSESSED | {"summary": "Mijn zinnen", "facts": [SIGNIFICANT], "seen": seen}
    text = post(client, "assess", incident.public_id, **sent, known_at="2026-11-22T15:00", status=422)
    assert "Het moment van kennisname ligt in de toekomst." in text
    assert "Mijn zinnen" in text
    assert '<details id="beoordeling" class="bw-confirm" open>' in text
    for wrong in ("2026-02-30T10:00", "gisteren", "0001-01-01T00:00"):
        post(client, "assess", incident.public_id, **sent, known_at=wrong, status=422)
    post(client, "assess", incident.public_id, **sent)
    text = post(client, "assess", incident.public_id, **sent, status=422)
    assert "Een collega wijzigde de beoordeling" in text
    with every_owner():
        incident.refresh_from_db()
    assert incident.summary == "Mijn zinnen"
    assert f'name="seen" value="{services.assessment(incident)}"' in text


def test_an_hour_that_comes_twice_is_the_first(scene: Scene, browse: Browse) -> None:
    incident = scene.incident()
    sent = ASSESSED | {"seen": services.assessment(incident), "known_at": "2026-10-25T02:30"}
    post(browse(scene.ciso), "assess", incident.public_id, **sent)
    with every_owner():
        incident.refresh_from_db()
    assert incident.known_at.isoformat() == "2026-10-25T00:30:00+00:00"


def test_actions_of_others_are_refused_with_a_page(scene: Scene, browse: Browse) -> None:
    incident = scene.incident(SIGNIFICANT)
    client = browse(scene.analyst)
    for name, args, data in (
        ("assess", (), ASSESSED | {"seen": services.assessment(incident)}),
        ("move", (), {"state": "gesloten"}),
        ("activate", (), {}),
        ("clock-done", (EARLY,), {"note": "x"}),
        ("clock-undo", (EARLY,), {}),
    ):
        assert "mandaat voor" in post(client, name, incident.public_id, *args, status=403, **data)
    assert "nog meldplichten open" in post(browse(scene.ciso), "move", incident.public_id, status=400, state="gesloten")


# What is hit


def test_what_is_hit_is_typed_and_found(
    scene: Scene, browse: Browse, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    incident = scene.incident()
    with every_owner():
        Node.objects.bulk_create(
            Node(organisation=scene.region, key=f"ws{n}", name=f"VRR-WS{n:04d}", kind=NodeKind.ASSET)
            for n in range(2000)
        )
    client = browse(scene.analyst)
    page(client, "hit", incident.public_id)
    with django_assert_max_num_queries(BUDGET):
        text = page(client, "hit", incident.public_id)
    assert text.count("<option") > 2000
    assert "<datalist" not in page(client, "detail", incident.public_id)
    sent = {"state": "degraded", "duration": "60"}
    text = post(client, "hit", incident.public_id, node1="ws00", **sent, status=422)
    assert "Bedoelt u: VRR-WS0000, VRR-WS0001, VRR-WS0002?" in text
    assert 'value="ws00"' in text
    assert "Kies ten minste één onderdeel" in post(client, "hit", incident.public_id, node1="", **sent, status=422)
    post(client, "hit", incident.public_id, node1="VRR-WS0007 (ws7)", node2="dc01", **sent)
    text = page(client, "detail", incident.public_id)
    assert "doorgerekend als hapert" in text
    post(client, "not-hit", incident.public_id, scene.node("ws7").public_id)
    with every_owner():
        assert [a.node.key for a in incident.assets.select_related("node")] == ["dc01"]
    page(browse(scene.chair), "hit", incident.public_id, status=403)


# Opening


NEW = ASSESSED | {"title": "Telefoontje", "summary": "Gebeld.", "facts": [PERSONAL], "known_at": "2026-11-22T13:30"}


def test_a_new_incident(scene: Scene, browse: Browse) -> None:
    client = browse(scene.ciso)
    text = page(client, "new")
    assert "Dit wordt een incident van Veiligheidsregio Testregio VR17." in text
    assert 'value="2026-11-22T14:05"' in text
    text = post(client, "new", **(NEW | {"title": "", "node1": "onzin"}), status=422)
    assert "Gebeld." in text
    assert "“onzin” staat niet in het register" in text
    assert "toekomst" in post(client, "new", **(NEW | {"known_at": "2026-11-23T13:30"}), status=422)
    post(client, "new", **NEW, node1="VRR-DC01")
    with every_owner():
        incident = Incident.objects.get()
    assert (incident.title, incident.exercise, incident.known_at) == ("Telefoontje", False, NOW - timedelta(minutes=35))
    assert set(scene.clocks(incident)) == {BREACH}


def test_a_drill_is_plainly_a_drill(scene: Scene, browse: Browse) -> None:
    client = browse(scene.ciso)
    post(client, "new", **NEW, exercise="on")
    with every_owner():
        drill = Incident.objects.get()
    text = page(client, "detail", drill.public_id)
    assert drill.number == "OEF-2026-0001"
    assert "bw-drill-band" in text
    assert "<title>OEFENING" in text
    assert "Meld niets echt" in text
    assert "Waarschuw de leden" not in page(browse(scene.lead), "detail", drill.public_id)


def test_a_new_incident_for_a_region_that_phones(scene: Scene, browse: Browse) -> None:
    client = browse(scene.analyst)
    text = page(client, "new", organisatie="VR17")
    assert "incident van Veiligheidsregio Testregio VR17" in text
    assert "VRR-DC01" in text
    assert "VRR-DC01" not in page(client, "new")
    page(client, "new", organisatie="VR01", status=404)
    response = client.post(f"{reverse('cert:new')}?organisatie=VR17", NEW | {"node1": "dc01"})
    assert response.status_code == 302
    with every_owner():
        assert Incident.objects.get().organisation_id == scene.region.pk
    assert client.post(f"{reverse('cert:new')}?organisatie=VR01", NEW).status_code == 404
    page(browse(scene.chair), "new", status=403)


def test_an_alert_becomes_an_incident(scene: Scene, browse: Browse) -> None:
    alert = scene.alert()
    client = browse(scene.analyst)
    text = post(client, "open-from-alert", alert.public_id, title="", facts=[SIGNIFICANT], status=422)
    assert "Geef het incident een titel" in text
    assert text.count(" checked") == 1
    post(client, "open-from-alert", alert.public_id, title="Inbraak", facts=[SIGNIFICANT])
    text = post(client, "open-from-alert", alert.public_id, title="Nog eens", status=422)
    assert "al een incident gemaakt" in text
    assert 'value="Nog eens"' in text
    post(browse(scene.watcher), "open-from-alert", scene.alert().public_id, title="x", status=403)
    post(browse(scene.stranger), "open-from-alert", scene.alert().public_id, title="", status=404)
