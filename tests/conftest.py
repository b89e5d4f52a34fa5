"""Fixtures that every test may use, and the rules that hold for all of them."""

import asyncio
import os

# As the product runs: lxml comes with a second opinion of the tests, and openpyxl would read with it.
os.environ["OPENPYXL_LXML"] = "False"

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
ALL_LEGS = IN_CI or os.environ.get("REQUIRE_ALL_LEGS") == "1"

_calm = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=40, **_calm)
settings.register_profile("ci", max_examples=50, derandomize=True, database=None, print_blob=True, **_calm)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "dev"))


def absent(what: str, *, required: bool) -> None:
    """Skip the test with a sentence, or fail it where nothing may be absent."""
    if required:
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """What an earlier test was refused, saw, or tried too often does not count."""
    cache.clear()


# Time


@dataclass
class Clock:
    """A clock that stands still until a test moves it. Call it for the time, in UTC."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 14, 5, tzinfo=ZoneInfo("Europe/Amsterdam")))

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)

    def advance(self, **step: float) -> datetime:
        """Move on by a `timedelta`, e.g. `clock.advance(hours=4)`, and return the new time."""
        self.at = (self.at.astimezone(UTC) + timedelta(**step)).astimezone(self.at.tzinfo)
        return self()


@pytest.fixture
def clock() -> Clock:
    """Sunday 22 november 2026, 14:05 in Amsterdam (13:05 UTC)."""
    return Clock()


# Real data that is not ours to commit


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real data (BIO lists, Sigma rules, EVTX logs, maps), or a skip that says where it was sought."""
    shared = Path(os.environ.get("BRANDWACHT_SHARED") or ROOT.parent / "shared")
    if not (shared / "data").is_dir():
        absent(f"no folder {shared / 'data'}: set BRANDWACHT_SHARED to the folder that holds data/", required=IN_CI)
    return shared / "data"


# The browser
#
# Playwright's sync interface keeps an asyncio loop "running" in this thread for as long as it is started. Django then
# refuses the ORM, and asyncio.run() refuses to start, in every later test of the same worker. So the loop is marked as
# running during journeys only, and Django is told that the ORM is safe there: nothing runs at the same time, since
# the loop moves only inside a Playwright call. All other tests keep Django's own check.

_CHROMIUM = os.environ.get("BRANDWACHT_CHROMIUM", "/usr/bin/chromium")
_CHROMIUM_ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_playwright_loop: asyncio.AbstractEventLoop | None = None


@contextmanager
def _playwright_awake() -> Iterator[None]:
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    asyncio._set_running_loop(_playwright_loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens the browser is a journey, and whatever has the database is marked so: legs choose by these.

    A test's name must be the same in every process, or the workers cannot divide the tests.
    """
    for item in items:
        if " at 0x" in item.nodeid:
            raise pytest.UsageError(f"{item.nodeid}: the name holds an address; give parametrize ids=... that stay")
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker(pytest.mark.journey)
        if fixtures & DATABASE or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if item.get_closest_marker("journey"):
        with _playwright_awake():
            return (yield)
    return (yield)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium per worker (Playwright's sync `Browser`). Most tests want `page`."""
    global _playwright_loop
    if not Path(_CHROMIUM).is_file():
        absent(f"no browser at {_CHROMIUM}: apt-get install chromium, or set BRANDWACHT_CHROMIUM", required=ALL_LEGS)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        _playwright_loop = asyncio.get_running_loop()
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=_CHROMIUM_ARGS)
        try:
            yield chromium
        finally:
            # The last test of the worker may not be a journey; closing needs the loop all the same.
            asyncio._set_running_loop(_playwright_loop)
            chromium.close()
            _playwright_loop = None


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A clean browser profile for a Dutch reader; its pages may reach this machine only."""
    fresh = browser.new_context(
        locale="nl-NL", timezone_id="Europe/Amsterdam", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    fresh.set_default_timeout(60_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: Any) -> Iterator[Any]:
    """An empty page. Errors in its scripts, what the CSP blocks and what it asks of the outside fail the test."""
    complaints: list[str] = []

    def on_request(request: Any) -> None:
        if not request.url.startswith(("http://localhost:", "http://127.0.0.1:", "data:", "blob:", "about:")):
            complaints.append(f"asks the outside: {request.url}")

    def on_console(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"console: {message.text}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    yield context.new_page()
    if complaints:
        pytest.fail("The page complained:\n" + "\n".join(complaints), pytrace=False)


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """Call it with a page: fails on what axe-core finds against WCAG 2.2 A and AA in the page as it now stands."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        absent(f"no {script.relative_to(ROOT)}: run make setup", required=ALL_LEGS)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def check(page: Any) -> None:
        page.wait_for_load_state()  # axe has nothing to read while a page is still on its way
        page.evaluate(f"{script.read_text(encoding='utf-8')};null")
        found = page.evaluate("tags => axe.run({runOnly: tags}).then(result => result.violations)", tags)
        lines = [
            f"{each['id']}: {each['help']}\n    {node['html']}\n    {node['failureSummary']}"
            for each in found
            for node in each["nodes"]
        ]
        if lines:
            pytest.fail(f"{page.url} is not accessible:\n" + "\n".join(lines), pytrace=False)

    return check
