"""A night shift from the first alert to the hand-over: by keyboard, every page checked, the summary on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest

from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, AlertState, Disposition, Escalation, WatchShift
from tests.journeys.steps import DESKTOP, LOOKS, PHONE, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

SEM, MILA = "analist@demo.example", "analist2@demo.example"
CISO, LEAD = "ciso@demo.example", "cert@demo.example"
DCSYNC = "Wachtwoorden opvragen als nagemaakte domeincontroller (DCSync) op VRR-DC01"


def key(who: Visitor, name: str) -> None:
    """Press a key that goes to another page, and check that page."""
    with who.page.expect_navigation():
        who.page.keyboard.press(name)
    who.check(who.page)


def focused(who: Visitor) -> str:
    """The text of what has the focus; none when that is the page as a whole."""
    ask = "document.activeElement === document.body ? '' : document.activeElement.textContent.trim()"
    return str(who.page.evaluate(ask))


def alert(title: str) -> Alert:
    with every_owner():
        found: Alert = Alert.objects.select_related("holder").get(title=title)
    return found


def test_a_night_shift(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(SEM)
    visitor.open("/waakzaam/diensten")
    visitor.sees("Uw dienst loopt sinds", "Mila Vos (demo)")
    it_fits_a_phone(visitor)
    queue_by_keyboard(visitor)
    one_is_judged_without_a_mouse(visitor)
    escalation = one_is_handed_over(visitor)
    somebody_takes_it(visitor, escalation)
    the_region_answers(visitor)

    visitor.log_in(SEM)
    for path in ("/waakzaam/cijfers", "/waakzaam/tweede-blik", "/waakzaam/aansluiten/VR17"):
        visitor.open(path)
    visitor.open("/waakzaam/cijfers")
    visitor.look("cijfers")
    visitor.picture("cijfers")
    shift = the_shift_ends(visitor)
    pdf = page.pdf(path=str(LOOKS / "dienst.pdf"), format="A4", print_background=True)
    assert max(int(n) for n in re.findall(rb"/Count (\d+)", pdf)) <= 2
    the_next_takes_over(visitor, shift)


def it_fits_a_phone(who: Visitor) -> None:
    """What decides stands on the first screens; the rest is folded to its headings, and opens by keyboard."""
    page = who.page
    page.set_viewport_size(PHONE)
    who.open(f"/waakzaam/{alert(DCSYNC).public_id}")
    steps = page.locator("details.bw-folded", has_text="Eerste stappen")
    steps.wait_for()
    who.sees("Samen 80 punten, dat is kritiek", "Rotterdam-Rijnmond")
    confirm = page.get_by_role("button", name="Bevestigen: ik onderzoek dit")
    assert confirm.bounding_box()["y"] < 1.5 * PHONE["height"]
    assert page.locator("main").bounding_box()["height"] < 4 * PHONE["height"]
    assert not steps.locator("li").first.is_visible()
    steps.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert steps.locator("li").first.is_visible()
    who.check(page)
    page.goto(f"{page.url}#werk")  # a link to a part opens it
    page.locator("#werk details.bw-folded[open]").wait_for()
    page.set_viewport_size(DESKTOP)


def queue_by_keyboard(who: Visitor) -> None:
    """j and k walk, typing in a field does nothing, b confirms and the focus goes to the next line."""
    page = who.page
    who.open("/waakzaam")
    page.keyboard.press("j")
    assert focused(who) == DCSYNC
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(who) == DCSYNC
    page.keyboard.press("?")
    assert page.locator("dialog#toetsen").is_visible()
    who.check(page)
    page.keyboard.press("Escape")
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("Waar (naam van het middel)").press_sequentially("bojst")
    assert page.get_by_label("Waar (naam van het middel)").input_value() == "bojst"
    who.open("/waakzaam")
    page.keyboard.press("j")
    key(who, "b")
    who.sees("U onderzoekt deze melding")
    now = alert(DCSYNC)
    assert (now.state, now.holder and now.holder.name) == (AlertState.ACKNOWLEDGED, "Sem Bakker (demo)")
    assert focused(who).startswith("Herstel onmogelijk maken")  # the other alert of this story
    who.look("wachtrij-toetsen")


def one_is_judged_without_a_mouse(who: Visitor) -> None:
    """Open, write a note, close with a disposition and go on, all by keyboard."""
    page = who.page
    page.locator("tbody th a", has_text="geheugen van LSASS").focus()
    key(who, "Enter")
    who.sees("Gestolen wachtwoorden", "1 van 6 stappen gedaan", "Is dit jullie beheerder")
    page.keyboard.press("n")
    page.keyboard.type("Bestuur en beheer gebeld, niets bekend.")
    page.keyboard.press("Tab")
    key(who, "Enter")
    who.sees("Bestuur en beheer gebeld, niets bekend.")
    who.look("melding-werk")
    page.locator("h1").evaluate("title => { title.tabIndex = -1; title.focus(); }")
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")  # the second verdict: false alarm
    page.keyboard.press("Tab")
    page.keyboard.type("Dit is de proef van het beheer.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    key(who, "Enter")
    with every_owner():
        closed = Alert.objects.get(title__contains="LSASS", state=AlertState.CLOSED)
    assert closed.disposition == Disposition.FALSE
    who.sees("Herstel onmogelijk maken op VRR-MK02")  # the next one that waits


def one_is_handed_over(who: Visitor) -> str:
    """The alert that is open now goes to the CERT, signed. Returns the address."""
    page = who.page
    key(who, "d")
    page.get_by_label("Wat is er al gedaan?").fill("VRR-MK02 is losgekoppeld, ICT is gebeld.")
    page.get_by_label("Wat vraagt u van de ontvanger?").fill("Neem de leiding; er lijkt gijzelsoftware te komen.")
    who.press("Teken en verstuur")
    who.sees("Nog niet overgenomen", "Handtekening en bewijs zijn zojuist nagerekend en kloppen")
    who.look("overdracht")
    return str(page.url).removeprefix(who.root)


def somebody_takes_it(who: Visitor, escalation: str) -> None:
    """The lead of the CERT finds it under Deze week, takes over and makes an incident that shows the hand-over."""
    page = who.page
    who.log_in(LEAD)
    who.open("/")
    who.sees("Neem een overgedragen melding over")
    who.open(escalation)
    who.press("Ik neem dit over")
    who.sees("Overgenomen door Yara Visser (demo)")
    with every_owner():
        assert Escalation.objects.get().receipt_signature
    page.get_by_role("link", name="Herstel onmogelijk maken op VRR-MK02").last.click()
    page.wait_for_load_state()
    page.keyboard.press("i")
    who.press("Open het incident")
    who.sees("Overdracht door de bewaking")


def the_region_answers(who: Visitor) -> None:
    """The CISO finds the question under Deze week and answers it on the alert."""
    page = who.page
    with every_owner():
        asked = Alert.objects.get(title__contains="LSASS", state=AlertState.CLOSED)
    who.log_in(CISO)
    who.open(f"/waakzaam/{asked.public_id}")
    page.get_by_label("Uw antwoord").fill("Ja, dat was onze beheerder; het was gepland.")
    who.press("Antwoord")
    who.sees("Ja, dat was onze beheerder; het was gepland.")


def the_shift_ends(who: Visitor) -> str:
    """The summary is there already; the analyst adds a line, says why things are open, and names who is next."""
    page = who.page
    who.open("/waakzaam/diensten")
    who.press("Sluit af en draag over", role="link")
    summary: Any = page.get_by_label("Samenvatting voor wie na u komt")
    assert "1 keer overgedragen" in summary.input_value()
    summary.fill(summary.input_value() + "Let op VRR-DC01; ICT belt om 07:00 terug.")
    page.get_by_label("Aan wie draagt u over?").select_option(label="Mila Vos (demo)")
    page.locator("input[name^=waarom-]").first.fill("Wacht op ICT")
    who.press("Sluit de dienst af en draag over")
    who.sees("Overgedragen aan Mila Vos (demo), nog niet overgenomen", "Wacht op ICT", "ICT belt om 07:00 terug")
    who.look("dienst")
    who.picture("overdracht")
    return str(page.url).removeprefix(who.root)


def the_next_takes_over(who: Visitor, shift: str) -> None:
    """Mila reads it, takes over, and has what Sem had."""
    who.log_in(MILA)
    who.open("/")
    who.sees("Neem de dienst over van Sem Bakker (demo)")
    who.open(shift)
    who.press("Ik neem deze dienst over")
    who.sees("Overgenomen door Mila Vos (demo)")
    holder = alert(DCSYNC).holder
    assert holder is not None
    assert holder.name == "Mila Vos (demo)"
    with every_owner():
        assert WatchShift.objects.filter(acknowledged_by="Mila Vos (demo)").count() == 1
    who.open("/waakzaam?van=mij")
    who.sees("U heeft deze")
