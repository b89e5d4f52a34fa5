"""The style guide in a browser: accessible, alive, and whole without scripts."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import ALL_LEGS, absent
from tests.site.tools import DIST, NOW, ROOT

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICY = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'",
}


SITE = "http://127.0.0.1:1"


def visit(page: Any, html: str) -> None:
    """Show `html` at the site's address, with the built front end and the content security policy of the product."""
    if not (DIST / "brandwacht.css").is_file():
        absent("the front end is not built: npm ci && npm run build", required=ALL_LEGS)

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path.startswith("/static/dist/"):
            route.fulfill(path=DIST / path.removeprefix("/static/dist/"))
        else:
            route.fulfill(body=html, headers=POLICY)

    page.route("**/*", answer)
    page.goto(f"{SITE}/")
    page.wait_for_selector(".bw-graph:not([hidden])")


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("exercise", [False, True], ids=["real", "drill"])
def test_style_guide_is_accessible(page: Any, guide: Callable[..., str], width: int, exercise: bool) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, guide(exercise=exercise))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": (ROOT / "node_modules/axe-core/axe.min.js").read_text()})
    run = f"axe.run(document, {{runOnly: {json.dumps(WCAG)}}}).then(r => JSON.stringify(r.violations))"
    result = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    violations = json.loads(result["result"]["value"])
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []


def test_the_cascade_moves_by_keyboard_and_says_what_happens(page: Any, guide: Callable[..., str]) -> None:
    from playwright.sync_api import expect

    visit(page, guide())
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "8 uur"
    assert page.locator("[data-bw-graph-now]").text_content() == "8 uur"
    assert page.locator("[data-bw-graph-said]").text_content() == "8 uur: Inzet ambulance verstoord"
    page.keyboard.press("Home")
    page.get_by_role("button", name="Speel af").click()
    expect(slider).to_have_value("5")
    page.get_by_role("button", name="Pauze").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Bewaar als afbeelding").click()
    assert download.value.suggested_filename == "voorbeeld-cascade.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_typed_text_is_not_lost_unasked(page: Any, guide: Callable[..., str]) -> None:
    visit(page, guide())
    questions: list[str] = []

    def leave(dialog: Any) -> None:
        questions.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.get_by_label("Wat weet u al?").fill("Back-ups zijn weg.")
    page.goto(f"{SITE}/elders")
    assert questions == ["beforeunload"]


def test_a_row_follows_its_link_and_menus_close(page: Any, guide: Callable[..., str]) -> None:
    visit(page, guide())
    page.get_by_text("In behandeling").click()
    assert page.url.endswith("#2")
    menu = page.locator(".bw-user")
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None


def test_a_deadline_that_passes_says_so_on_an_open_page(page: Any, guide: Callable[..., str]) -> None:
    page.clock.install(time=NOW)
    visit(page, guide())
    deadline = page.locator("[data-bw-deadline]").filter(has_text="nog 50 minuten")
    assert deadline.locator(".bw-state:visible").text_content() == "vandaag"
    page.clock.run_for(timedelta(minutes=52) // timedelta(milliseconds=1))
    late = page.locator("[data-bw-deadline]").filter(has_text="2 minuten geleden")
    assert late.locator(".bw-state:visible").text_content() == "te laat"


def test_without_script_the_page_still_works(browser: Any, guide: Callable[..., str]) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = plain.new_page()
    page.set_content(guide())
    page.locator("details.bw-menu summary").click()
    assert page.locator(".bw-menu .bw-nav__link").is_visible()
    page.get_by_text("Sluit incident").first.click()
    assert page.get_by_role("button", name="Ja, sluit incident").is_visible()
    assert not page.locator(".bw-graph").is_visible()
    assert not page.locator("[data-bw-print]").is_visible()
    plain.close()
