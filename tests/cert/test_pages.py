"""The pages: what they show to whom, what a form does, and how many queries they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from brandwacht.cert import services
from brandwacht.cert.models import Incident, IncidentAsset, IncidentClock, IncidentEntry
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Node, NodeKind
from brandwacht.network.tenancy import every_owner
from tests.cert.conftest import BREACH, EARLY, FINAL, PERSONAL, REPORT, SIGNIFICANT, Persona, Scene
from tests.world import NOW, acting, mandate, organisation

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona], Client]
BUDGET = 15


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What was seen in an earlier test is not seen now."""
    cache.clear()


def page(client: Client, name: str, *args: Any, status: int = 200, **query: str) -> str:
    response = client.get(reverse(f"cert:{name}", args=args), query)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def post(client: Client, name: str, *args: Any, status: int = 302, **data: Any) -> str:
    response = client.post(reverse(f"cert:{name}", args=args), data)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


ASSESSED = {"phase": "lauw", "scenario": "eigen_organisatie", "severity": "3"}


# The list


def many(scene: Scene, number: int) -> None:
    """So many incidents of two organisations, each with two clocks."""
    other = organisation("VR15")
    mandate(other, scene.cert, GrantKind.CERT_MANDATE, act=True)
    with every_owner():
        for n in range(number):
            owner = other if n % 2 else scene.region
            incident = Incident(
                organisation=owner, number=f"2026-{n:04d}", title=f"Incident {n}", severity=n % 5,
                known_at=NOW, opened_at=NOW - timedelta(minutes=n // 3), opened_by="x", exercise=n % 10 == 0,
                state="gesloten" if n % 7 == 3 else "open",
            )  # fmt: skip
            incident.save()
            for key in (EARLY, REPORT):
                IncidentClock(
                    organisation=owner, incident=incident, key=key, title=key, duty="x", to_whom="x", basis="x",
                    due=NOW + timedelta(hours=n + 1), data_version="1",
                ).save()  # fmt: skip


def test_the_list_stays_within_its_queries(
    scene: Scene, browse: Browse, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many(scene, 60)
    client = browse(scene.lead)
    page(client, "list", stand="alle")  # the first look through a mandate is audited
    with django_assert_max_num_queries(BUDGET):
        text = page(client, "list", stand="alle")
    assert text.count("data-bw-row") == 50
    with django_assert_max_num_queries(BUDGET):
        page(client, "list")


@pytest.mark.parametrize("sort", ["", "ernst", "-ernst", "geopend", "-geopend", "onzin"])
def test_paging_shows_every_incident_once(scene: Scene, browse: Browse, sort: str) -> None:
    many(scene, 120)
    client = browse(scene.lead)
    found: list[Incident] = []
    url = f"{reverse('cert:list')}?stand=alle&sort={sort}"
    while url:
        context = client.get(url).context
        found += context["incidents"]
        url = context["more_url"] and reverse("cert:list") + context["more_url"]
    assert len(found) == len({each.pk for each in found}) == 120
    if sort == "":
        assert [each.exercise for each in found] == sorted(each.exercise for each in found)
    if sort == "-ernst":
        assert [each.severity for each in found] == sorted((each.severity for each in found), reverse=True)


def listed(client: Client, **query: str) -> set[str]:
    return {each.title for each in client.get(reverse("cert:list"), query).context["incidents"]}


def test_filters(scene: Scene, browse: Browse) -> None:
    scene.incident(title="Loopt")
    with acting(scene.ciso.actor()) as me:
        services.move_to(me, scene.incident(title="Klaar").public_id, "gesloten")
    scene.incident(title="Drill", exercise=True)
    client = browse(scene.ciso)
    assert listed(client) == {"Loopt", "Drill"}
    assert listed(client, stand="gesloten") == {"Klaar"}
    assert listed(client, stand="oefening") == {"Drill"}
    assert listed(client, stand="alle", tekst="loo") == {"Loopt"}
    assert listed(client, stand="alle", tekst="2026-0002") == {"Klaar"}
    assert listed(client, stand="onzin", after="x", organisatie="VR15") == {"Loopt", "Drill"}
    assert "Kies een andere stand" in page(client, "list", tekst="bestaat niet")
    client = browse(scene.lead)
    assert listed(client, organisatie="VR17") == {"Loopt", "Drill"}
    assert "Organisatie</th>" not in page(client, "list")  # one organisation gave a mandate


def test_an_empty_list_says_what_to_do(scene: Scene, browse: Browse) -> None:
    assert "Nieuw incident" in page(browse(scene.ciso), "list")
    assert "Nieuw incident" not in page(browse(scene.chair), "list")


def test_the_list_says_what_is_due_first_and_drills_do_not_count(scene: Scene, browse: Browse) -> None:
    scene.incident(SIGNIFICANT, exercise=True, title="Drill")
    client = browse(scene.ciso)
    assert "Er lopen geen meldplichten." in page(client, "list")
    incident = scene.incident(PERSONAL)
    text = page(client, "list")
    assert f"/incidenten/{incident.public_id}#meldplichten" in text
    assert "Melding van een datalek, 2026-0001" in text
    assert "<strong>OEFENING</strong>" in text
    assert 'bw-count">1<' in text


def test_who_has_no_incidents_gets_no_list(scene: Scene, browse: Browse) -> None:
    assert "Uw rol geeft u dit recht niet" in page(browse(scene.colleague), "list", status=403)


def test_a_listing_through_a_mandate_stands_in_the_owners_chain(scene: Scene, browse: Browse) -> None:
    scene.incident()
    client = browse(scene.lead)
    page(client, "list")
    page(client, "list")
    assert scene.chain().count(("cert.incident.see", "ingezien")) == 1


# One incident


def test_the_page_says_what_goes_on(scene: Scene, browse: Browse) -> None:
    incident = scene.incident(SIGNIFICANT, nodes=[scene.node("dc01")])
    text = page(browse(scene.ciso), "detail", incident.public_id)
    assert "De koppeling ligt eruit." in text
    assert "Doe nu eerst:" in text
    assert "Als VRR-DC01" in text
    assert "De tijd gaat lopen zodra dit gedaan is: Incidentmelding." in text
    assert "te bevestigen door jurist" in text
    for action in ("Beoordeling wijzigen", "Er is meer geraakt", "Activeer het CERT", "Sluit het incident"):
        assert action in text
    assert '<details class="bw-more-detail bw-figure__twin"><summary>' in text  # the timeline is folded
    assert "OEFENING" not in text


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
    for who in ("ciso", "lead"):
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
    post(client, "move", incident.public_id, state="gesloten")
    text = page(client, "detail", incident.public_id)
    assert "Dit incident is gesloten." in text
    assert "Heropen het incident" in text
    assert "Beoordeling wijzigen" not in text
    post(client, "note", incident.public_id, text="Geëvalueerd")
    post(client, "move", incident.public_id, state="open")
    assert "Geëvalueerd" in page(client, "detail", incident.public_id)


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
    assert '<details class="bw-confirm" open>' in text
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


# On other pages


def test_the_alert_offers_an_incident_and_then_shows_it(scene: Scene, browse: Browse) -> None:
    alert = scene.alert("Lang " * 50)
    address = reverse("soc:detail", args=[alert.public_id])
    opening = reverse("cert:open-from-alert", args=[alert.public_id])
    client = browse(scene.analyst)
    assert opening in client.get(address).content.decode()
    assert opening not in browse(scene.watcher).get(address).content.decode()
    post(browse(scene.analyst), "open-from-alert", alert.public_id, title="Inbraak")
    text = client.get(address).content.decode()
    assert "Hiervan is incident 2026-0001 gemaakt." in text
    assert opening not in text


def test_the_node_shows_its_incidents(scene: Scene, browse: Browse) -> None:
    scene.incident(nodes=[scene.node("dc01")], title="Echt")
    scene.incident(nodes=[scene.node("dc01")], title="Niet echt", exercise=True)
    text = browse(scene.ciso).get(reverse("riskmap:node", args=[scene.node("dc01").public_id])).content.decode()
    assert "2026-0001 Echt" in text
    assert "Niet echt" not in text


def test_the_week_shows_what_runs(scene: Scene, browse: Browse) -> None:
    scene.incident(SIGNIFICANT, title="Echt")
    scene.incident(SIGNIFICANT, title="Niet echt", exercise=True)
    text = browse(scene.ciso).get("/").content.decode()
    assert "Nu aan de hand" in text
    assert "Incident 2026-0001: Echt" in text
    assert "Vroege waarschuwing doen voor incident 2026-0001" in text
    assert "OEF-2026" not in text
    assert "(Veiligheidsregio Testregio VR17)" in browse(scene.lead).get("/").content.decode()
