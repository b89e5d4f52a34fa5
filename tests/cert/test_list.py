"""The list of incidents, and what the CERT shows on the pages of other rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.cert import services
from brandwacht.cert.models import Incident
from tests.cert.conftest import PERSONAL, SIGNIFICANT, Scene
from tests.cert.faces import BUDGET, Browse, many, page, post
from tests.world import acting

pytestmark = pytest.mark.django_db


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
        url = context["next_url"] and reverse("cert:list") + context["next_url"]
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
    assert 'bw-count" title="1 wettelijke meldplichten die lopen">1<' in text


def test_who_has_no_incidents_gets_no_list(scene: Scene, browse: Browse) -> None:
    assert "Uw rol geeft u dit recht niet" in page(browse(scene.colleague), "list", status=403)


def test_a_listing_through_a_mandate_stands_in_the_owners_chain(scene: Scene, browse: Browse) -> None:
    scene.incident()
    client = browse(scene.lead)
    page(client, "list")
    page(client, "list")
    assert scene.chain().count(("cert.incident.see", "ingezien")) == 1


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
