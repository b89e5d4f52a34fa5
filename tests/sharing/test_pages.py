"""The pages of the circle, and the STIX file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import stix2
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brandwacht.engines.intel import TLP, effective_marking
from brandwacht.network.models import AuditEntry
from brandwacht.network.panels import panels_for
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import services
from brandwacht.sharing.models import CircleWarning, WarningReceipt
from tests.sharing.conftest import Circle, Persona
from tests.world import acting, organisation

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]


def _url(name: str, warning: CircleWarning) -> str:
    return reverse(f"sharing:{name}", args=[warning.public_id])


def _stix(client: Client, warning: CircleWarning) -> dict[str, Any]:
    response = client.get(_url("stix", warning))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/stix+json;version=2.1"
    label = warning.marking.label.replace(":", "-").replace("+", "-")
    assert response["Content-Disposition"] == f'attachment; filename="{warning.name}-{label}.json"'
    assert "no-store" in response["Cache-Control"]
    content: dict[str, Any] = json.loads(response.content)
    return content


@pytest.mark.parametrize("tlp", [label.name for label in TLP])
def test_the_bundle_carries_the_marking_on_every_object(circle: Circle, browse: Browse, tlp: str) -> None:
    warning = circle.sent(tlp)
    content = _stix(browse(circle.reader), warning)
    parsed = stix2.parse(json.dumps(content), allow_custom=False)
    assert len(parsed.objects) == len(content["objects"])
    kinds = [each["type"] for each in content["objects"]]
    assert kinds.count("indicator") == 2
    assert kinds.count("attack-pattern") == 2
    assert kinds.count("course-of-action") == 2
    for each in content["objects"]:
        if each["type"] == "marking-definition":
            continue
        assert each["object_marking_refs"]
        assert effective_marking(each).tlp is (TLP.CLEAR if each["type"] == "identity" else TLP[tlp])
        assert "revoked" not in each
    assert effective_marking(*content["objects"]).tlp is TLP[tlp]
    assert "VR15" not in json.dumps(content)
    with every_owner():
        assert AuditEntry.objects.filter(organisation=circle.owner, action="sharing.warning.export").count() == 1


def test_a_withdrawn_bundle_is_revoked_and_keeps_its_ids(circle: Circle, browse: Browse) -> None:
    warning = circle.sent()
    client = browse(circle.reader)
    before = _stix(client, warning)
    with acting(circle.writer.actor) as me:
        services.withdraw(me, warning.public_id, "Loos alarm")
    after = _stix(client, warning)
    stix2.parse(json.dumps(after))
    said = [each for each in after["objects"] if each["type"] not in ("marking-definition", "identity")]
    assert said
    assert all(each["revoked"] is True for each in said)
    assert [each["id"] for each in before["objects"]] == [each["id"] for each in after["objects"]]


def test_a_member_answers_on_the_page_and_sees_only_its_own(circle: Circle, browse: Browse) -> None:
    warning = circle.sent()
    with acting(circle.reader.actor) as me:
        services.answer(me, warning.public_id, "geraakt")
    client = browse(circle.member)
    page = client.get(_url("detail", warning)).content.decode()
    assert "TLP:AMBER" in page
    assert "wie mag dit zien" in page
    assert "hxxps://kwaad[.]example/pad" in page
    assert 'href="https://kwaad' not in page
    assert "Wat de leden antwoordden" not in page
    assert "Testregio VR15" not in page
    empty = client.post(_url("answer", warning), {})
    assert empty.status_code == 422
    done = client.post(_url("answer", warning), {"answer": "niet_van_toepassing"}, follow=True)
    assert "Uw organisatie antwoordde: Geldt niet voor ons." in done.content.decode()
    assert "Geldt niet voor ons" in client.get(reverse("sharing:list")).content.decode()
    assert "warning" not in client.get(reverse("sharing:list") + "?waiting=on").context["rows"]
    assert client.get(reverse("sharing:list") + "?waiting=on").context["rows"] == []
    lead = browse(circle.writer).get(_url("detail", warning)).content.decode()
    assert "Testregio VR15" in lead
    assert "Bij ons gezien: 1" in lead
    assert "keer gezien" in browse(circle.writer).get(reverse("sharing:list")).content.decode()


def test_writing_from_an_incident_sending_and_withdrawing(circle: Circle, browse: Browse) -> None:
    client = browse(circle.writer)
    incident = uuid4()
    query = {"incident": str(incident), "techniques": "T1003.001,T1021", "title": "Wachtwoorden"}
    page = client.get(f"{reverse('sharing:new')}?{urlencode(query)}").content.decode()
    assert "T1003.001,T1021" in page
    assert str(incident) in page
    typed = {
        "title": "Wachtwoorden gelezen", "tlp": "RED", "what": "Iets.", "advice": "", "incident": str(incident),
        "indicators": "192.0.2.9\n10.0.0.1", "techniques": "T1003.001,T1021",
    }  # fmt: skip
    wrong = client.post(reverse("sharing:new"), typed | {"techniques": "T1003.001, techniek"})
    assert wrong.status_code == 422
    assert "Er zijn 2 fouten" in wrong.content.decode()
    assert "Regel 2: ‘10.0.0.1’" in wrong.content.decode()
    assert "“techniek” is geen nummer" in wrong.content.decode().replace("&quot;", '"')
    assert "192.0.2.9\n10.0.0.1" in wrong.content.decode().replace("\r\n", "\n")
    typed["indicators"] = "192.0.2.9"
    saved = client.post(reverse("sharing:new"), typed)
    with every_owner():
        warning = CircleWarning.objects.select_related("organisation").get()
    assert saved["Location"] == _url("detail", warning)
    assert (warning.incident_ref, warning.attack) == (incident, ["T1003.001", "T1021"])
    confirm = client.get(_url("send", warning)).content.decode()
    assert "kan zo niet worden verzonden" in confirm
    assert "Verzend nu" not in confirm
    refused = client.post(_url("send", warning), {"fingerprint": ""})
    assert refused.status_code == 422
    edit = client.get(_url("edit", warning)).content.decode()
    assert "192[.]0[.]2[.]9" in edit
    changed = client.post(_url("edit", warning), typed | {"readers": [str(circle.reader.user.public_id)]})
    assert changed.status_code == 302
    confirm = client.get(_url("send", warning))
    text = confirm.content.decode()
    assert "1 persoon krijgt deze waarschuwing." in text
    assert "Lezer Een" in text
    assert "Lid Twee" not in text
    stale = client.post(_url("send", warning), {"fingerprint": "oud"})
    assert stale.status_code == 422
    assert "veranderd sinds" in stale.content.decode()
    client.post(_url("send", warning), {"fingerprint": confirm.context["to"].fingerprint})
    warning.refresh_from_db()
    assert warning.state == "verzonden"
    assert client.get(_url("edit", warning)).status_code == 400
    assert client.post(_url("withdraw", warning), {"reason": ""}).status_code == 422
    gone = client.post(_url("withdraw", warning), {"reason": "Loos alarm"}, follow=True).content.decode()
    assert "Gebruik de inhoud niet meer" in gone
    assert "Loos alarm" in gone


def test_the_confirmation_counts_organisations_and_persons(circle: Circle, browse: Browse) -> None:
    warning = circle.draft("AMBER")
    text = browse(circle.writer).get(_url("send", warning)).content.decode()
    assert "2 organisaties krijgen deze waarschuwing; 2 personen krijgen een mail." in text


@pytest.mark.parametrize("who", ["cert_without_role", "ciso", "outsider"])
def test_who_has_no_seat_has_own_notices_only(circle: Circle, browse: Browse, who: str) -> None:
    client = browse(circle.everybody()[who])
    assert client.get(reverse("sharing:list"))["Location"] == reverse("sharing:notices")
    assert client.get(reverse("sharing:notices")).status_code == 200
    assert client.get(reverse("sharing:threats")).status_code == 403
    assert client.get(reverse("sharing:advisories")).status_code == 403
    assert client.get(reverse("sharing:new")).status_code == 403


def test_red_waits_on_the_readers_own_week_only(circle: Circle, browse: Browse) -> None:
    circle.sent("RED")
    for name, persona in circle.everybody().items():
        with acting(persona.actor) as me:
            found = [c for c in panels_for("week", me, None).get("verhaal", []) if "red_waiting" in c.template]
            assert bool(found) is (name == "reader")
    assert "1 waarschuwing met TLP:RED wacht op u." in browse(circle.reader).get("/").content.decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [("zeldzaam", 1), ("kwaad[.]example", 1), ("hxxps://kwaad[.]example/pad", 1), ("192[.]0[.]2[.]44", 1),
     ("T1566", 1), ("Blokkeer", 1), ("bestaat niet", 0), ("%", 0)],
)  # fmt: skip
def test_search(circle: Circle, browse: Browse, text: str, found: int) -> None:
    warning = circle.sent()
    client = browse(circle.member)
    for query, count in ((text, found), (warning.name, 1)):
        response = client.get(reverse("sharing:list"), {"q": query})
        assert len(response.context["rows"]) == count, query


def test_a_long_list_goes_on_where_it_stopped(circle: Circle, browse: Browse) -> None:
    made = sorted((circle.sent(title=f"Nummer {n}") for n in range(53)), key=lambda warning: warning.public_id)
    client = browse(circle.member)
    for sort, expected in (("", made[::-1]), ("at", made)):
        first = client.get(reverse("sharing:list"), {"sort": sort})
        rest = client.get(reverse("sharing:list") + first.context["next_url"])
        shown = [row["warning"].pk for page in (first, rest) for row in page.context["rows"]]
        assert shown == [each.pk for each in expected]
        assert not rest.context["next_url"]
        assert str(first.context["rows"][-1]["warning"].public_id) in first.context["next_url"]
    assert client.get(reverse("sharing:list") + "?after=onzin~x").status_code == 200


def test_no_page_asks_too_much(circle: Circle, browse: Browse) -> None:
    """At most 15 queries on a first visit, the writing of the audit chain included (its savepoint aside)."""
    for number in range(30):
        warning = circle.sent("RED" if number % 3 else "AMBER")
        with every_owner():
            for code in ("VR01", "VR02", "VR03"):
                WarningReceipt(
                    organisation=circle.owner, warning=warning, member=organisation(code), answer="gelezen",
                    at=warning.sent_at,
                ).save()  # fmt: skip
    draft = circle.draft("RED")
    pages = [
        (circle.member, reverse("sharing:list")),
        (circle.writer, reverse("sharing:list")),
        (circle.reader, _url("detail", warning)),
        (circle.writer, _url("detail", warning)),
        (circle.reader, _url("stix", warning)),
        (circle.writer, reverse("sharing:new")),
        (circle.writer, _url("edit", draft)),
        (circle.writer, _url("send", draft)),
    ]
    for persona, address in pages:
        client = browse(persona)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        queries = [each["sql"] for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
        assert len(queries) <= 15, "\n".join(queries)
