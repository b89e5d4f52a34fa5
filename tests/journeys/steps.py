"""What every journey does: log in, look, check, take a picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brandwacht.site.demo.stage import PASSWORD

ROOT = Path(__file__).resolve().parent.parent.parent
LOOKS = ROOT / ".local" / "pictures"
"""Where pictures go that nobody but us looks at."""
PICTURES = Path(os.environ.get("BRANDWACHT_PICTURES") or LOOKS)
"""Where the pictures of README and guide go; `make pictures` sets it to docs/images."""
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@dataclass
class Visitor:
    """Somebody with a browser. ``check`` runs axe on the page as it stands."""

    context: Any
    page: Any
    root: str
    check: Callable[[Any], None]

    def log_in(self, email: str) -> None:
        """Leave whoever was logged in and come back as this demo person."""
        self.context.clear_cookies()
        self.open("/account/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit], main form input[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/account/" not in url)

    def open(self, path: str) -> None:
        """Go to a page, which must exist and be accessible."""
        answer = self.page.goto(self.root + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        self.check(self.page)

    def press(self, name: str, *, role: str = "button") -> None:
        """Press what has this name, and check the page that follows."""
        self.page.get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state()
        self.check(self.page)

    def sees(self, *texts: str) -> None:
        """Every text is on the page, whatever its capitals and line breaks."""
        body = self.page.locator("main").inner_text()
        flat = " ".join(body.split()).casefold()
        for text in texts:
            assert text.casefold() in flat, f"“{text}” is not on {self.page.url}:\n{body[:2000]}"

    def picture(self, name: str, *, whole: bool = False) -> None:
        """Save a picture of the page for README or guide."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("scrollTo(0, 0)")  # or what sticks to the window stands halfway
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)

    def look(self, name: str) -> None:
        """Save the whole page as on a phone and as on a screen; on neither may it be wider than the window."""
        LOOKS.mkdir(parents=True, exist_ok=True)
        for size, suffix in ((PHONE, "-telefoon"), (DESKTOP, "")):
            self.page.set_viewport_size(size)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{self.page.url} is {wide} pixels wider than {size}"
            self.page.screenshot(path=LOOKS / f"{name}{suffix}.png", full_page=True)
