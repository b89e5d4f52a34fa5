"""The thread, step by step, from an alert to the board page. Two journeys play it: on our own events, on real logs."""

from __future__ import annotations

from typing import Any

import orjson
from django.core import mail
from django.core.management import call_command

from tests.journeys.steps import PICTURES, Visitor

ANALYST, CISO, LEAD = "analist@demo.example", "ciso@demo.example", "cert@demo.example"
MEMBER, CHAIR, STRANGER = "isac@demo.example", "bestuur@demo.example", "buitenstaander@demo.example"


def analyst_opens_the_alert(who: Visitor, title: str) -> str:
    """Step 3: what matched and why, the raw event, the technique, what depends on it. Returns the address."""
    who.log_in(ANALYST)
    who.open("/waakzaam")
    who.sees("Er wachten", title)
    who.picture("waakzaam")
    who.press(title, role="link")
    who.sees("Waarom dit telt", "Alarmering brandweer", "T1003.006", "Eerste stappen", "Ruwe gebeurtenis")
    who.picture("melding")
    return str(who.page.url).removeprefix(who.root)


def analyst_makes_an_incident(who: Visitor) -> str:
    """Step 3 and 4: the alert becomes an incident; the cascade has run. Returns the address."""
    who.page.locator("summary", has_text="Maak incident").click()
    who.page.get_by_label("Het incident is significant").check()
    who.press("Open het incident")
    who.sees("Wat valt er uit, en wanneer", "Alarmering brandweer")
    assert who.page.locator("main svg text").count() > 5, "the picture of the graph has no nodes"
    return str(who.page.url).removeprefix(who.root)


def lead_sees_duties_and_powers(who: Visitor, incident: str) -> None:
    """Step 5: who may do what in this phase, and the clocks that apply to this organisation."""
    who.log_in(LEAD)
    who.open(incident)
    who.sees("Vroege waarschuwing", "Incidentmelding", "Eindverslag", "Wie mag wat in deze fase", "Geen bevoegdheid")
    who.page.locator("summary", has_text="Activeer het CERT").click()
    who.press("Activeer het CERT")
    who.sees("Het CERT is geactiveerd")
    who.page.locator("summary", has_text="Ik heb dit gemeld").first.click()
    who.page.locator("input[name=note]").first.fill("Gemeld bij het CSIRT, kenmerk proef-1")
    who.press("Leg vast")
    who.sees("kenmerk proef-1")
    who.open(incident)
    who.picture("incident")


def lead_warns_the_members(who: Visitor, incident: str) -> str:
    """Step 6: a warning to the circle on the CERT lead's word. Returns the address."""
    who.open(incident)
    who.press("Waarschuw de leden", role="link")
    page = who.page
    page.get_by_label("Titel").fill("Nagemaakte domeincontroller haalt wachtwoorden op (proef)")
    page.locator("input[name=tlp][value=AMBER]").check()
    page.locator("textarea[name=what]").fill(
        "Bij een lid werden wachtwoorden opgevraagd via replicatie van het domein."
    )
    page.locator("textarea[name=advice]").fill("Zoek naar gebeurtenis 4662 van een gewoon account.")
    page.locator("textarea[name=indicators]").fill("198.51.100.23\nhxxps://update[.]example/x")
    page.locator("main form.bw-form button[type=submit], main form button[type=submit]").last.click()
    page.wait_for_load_state()
    who.check(page)
    if "/verzend" not in page.url:
        who.press("Verzend", role="link")
    who.sees("organisaties krijgen deze waarschuwing")
    who.press("Verzend nu")
    who.sees("Nagemaakte domeincontroller", "Verzonden")
    return str(page.url).removeprefix(who.root)


def member_reads_the_warning(who: Visitor, warning: str) -> None:
    """Step 6: the member gets a mail without content, a page and a STIX bundle; a stranger gets nothing."""
    call_command("db_worker", batch=True, verbosity=0, worker_id="proef")
    assert mail.outbox, "no mail went out"
    assert all("replicatie" not in message.body for message in mail.outbox)
    who.log_in(MEMBER)
    who.open("/delen")
    who.press("Nagemaakte domeincontroller haalt wachtwoorden op (proef)", role="link")
    who.sees("TLP:AMBER", "Wat u kunt doen")
    who.picture("waarschuwing")
    bundle = orjson.loads(who.context.request.get(f"{who.root}{warning}/stix").body())
    assert bundle["type"] == "bundle"
    assert {o["type"] for o in bundle["objects"]} >= {"report", "indicator", "marking-definition"}
    who.page.get_by_label("Onderzocht, niets gevonden").check()
    who.press("Antwoord")
    who.log_in(STRANGER)
    assert who.page.goto(who.root + warning).status == 404


def ciso_makes_a_measure(who: Visitor, incident: str) -> None:
    """Step 7: the control that the incident touches, its answer, and a measure with owner and date."""
    who.log_in(CISO)
    who.open("/")
    who.sees("Nu aan de hand")
    who.picture("deze-week")
    who.open(incident)
    link = who.page.get_by_role("link", name="Maatregel bij").first
    number = link.inner_text().rsplit(" ", 1)[1]
    link.click()
    who.page.wait_for_load_state()
    who.check(who.page)
    who.page.locator("input[name=title]").fill("Replicatierechten van het domein nalopen (proef)")
    for name, value in (("owner_name", "Team werkplek"), ("due", "2027-03-01")):
        field = who.page.locator(f"input[name={name}]")
        if field.count():
            field.fill(value)
    who.press("Bewaar deze maatregel")
    who.sees("Replicatierechten van het domein nalopen (proef)")
    who.open(f"/basis/{number}")
    who.sees("Replicatierechten van het domein nalopen (proef)")
    who.open("/basis")
    who.picture("basis")


def chair_reads_one_page(who: Visitor) -> Any:
    """Step 8: the board page, one screen and one A4, in plain Dutch."""
    who.log_in(CHAIR)
    who.open("/besturen")
    who.sees("Hoe staan we ervoor", "Wat vraagt een besluit", "Wat u mag", "Wat u niet mag, en wat dan wel")
    who.picture("besturen", whole=True)
    return who.page.pdf(path=str(PICTURES / "besturen.pdf"), format="A4", print_background=True)
