"""The access matrix: every address and every API operation, what it takes, and what each person gets.

A row names the right role, whose request must succeed. ``sees`` names who else does, through a mandate or a circle, and
finds the secret word there; everybody else gets the status of the row and never the word. People are those of
``tests.secrets``: nobody, somebody who left, a stranger (CISO, administrator, chair and VR-ISAC member of another
region), a colleague without the role (raadslid of the owner), the SOC analyst, the CERT lead, and the owner's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.secrets import Secrets

Data = Mapping[str, Any] | Callable[[Secrets], Mapping[str, Any]]
BOTH = "analyst cert"
"""Who else sees it when both a SOC and a CERT mandate do."""
ALL = {"stranger": 200, "colleague": 200, "analyst": 200, "cert": 200, "word": False}
"""A page for everybody who is logged in."""
OPEN = ALL | {"nobody": 200, "left": 200}
"""A page for the whole world."""
REASON = {"reason": "Een proef"}


@dataclass(frozen=True)
class Row:
    """One way to ask for one address. ``args`` name things, or hold a text after "=". ``word``: it shows the secret."""

    url: str
    args: tuple[str, ...] = ()
    method: str = "GET"
    query: str = ""
    data: Data = field(default_factory=dict)
    right: str = "ciso"
    ok: int = 200
    sees: str = ""
    stranger: int = 404
    colleague: int = 404
    analyst: int | None = None
    cert: int | None = None
    ended: int = 404
    """What those who see it through a grant get once that grant has ended."""
    ended_cert: int | None = None
    """The same for the CERT lead, whose role has no rights at the own organisation."""
    nobody: int = 302
    left: int = 302
    others: Mapping[str, int] = field(default_factory=dict)
    word: bool = True

    def __str__(self) -> str:
        return f"{self.method} {self.url} {' '.join((*self.args, self.query))}".strip()

    def shut(self, who: str) -> int:
        """The status for this person once every grant has ended."""
        return self.ended_cert if who == "cert" and self.ended_cert is not None else self.ended

    @property
    def finders(self) -> set[str]:
        """Who may find the word."""
        return {self.right, *self.sees.split()}

    def expected(self) -> dict[str, int]:
        """The status by person."""
        through = {who: self.ok if who in self.finders else getattr(self, who) for who in ("analyst", "cert")}
        given = {key: 404 if status is None else status for key, status in through.items()}
        given |= {key: getattr(self, key) for key in ("nobody", "left", "stranger", "colleague")}
        return given | dict(self.others) | {self.right: self.ok}


def thing(url: str, *args: str, **facts: Any) -> Row:
    """A page about one thing of the owner: for others it is not there."""
    return Row(url, args, **facts)


def part(url: str, *args: str, **facts: Any) -> Row:
    """A page that shows everybody their own: strangers theirs, and who has no right to any is refused."""
    usual = {"stranger": 200, "colleague": 403, "analyst": 403, "cert": 403, "ended": 200}
    return Row(url, args, **(usual | facts))


def act(url: str, *args: str, **facts: Any) -> Row:
    """A form that is sent about one thing of the owner."""
    return Row(url, args, method="POST", **({"ok": 302, "word": False} | facts))


def make(url: str, *args: str, **facts: Any) -> Row:
    """A form that makes something new for the own organisation: a stranger makes it for theirs."""
    usual = {"ok": 302, "stranger": 302, "colleague": 403, "analyst": 403, "cert": 403, "word": False}
    return Row(url, args, method="POST", **(usual | facts))


def within(days: int) -> str:
    """The day that many days from now, as a form takes it."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def upload(name: str, text: str) -> Data:
    """A file for a form."""
    return lambda _world: {"file": SimpleUploadedFile(name, text.encode())}
