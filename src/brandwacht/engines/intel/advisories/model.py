"""An advisory as the rest of the system knows it, whatever form it came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..assets import Affected, Subject
from ..marking import Stated


class Urgency(StrEnum):
    """How soon to act, in NCSC's two words."""

    URGENT = "urgent"
    NORMAL = "normaal"

    @property
    def dutch(self) -> str:
        """The word to show: `Urgent` or `Normaal`."""
        return self.value.capitalize()


class InvalidAdvisory(ValueError):
    """Data that is no advisory we can read; the message is Dutch and names the place."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One vulnerability in an advisory. `score` is the highest CVSS base score given (0 to 10), or None.

    `exploited` is whether the advisory says that it is being used in attacks.
    """

    cve: str
    title: str = ""
    score: float | None = None
    vector: str = ""
    exploited: bool = False
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advisory:
    """An advisory: its tracking id is `key`, its version `version`; times have a time zone.

    `urgency_reason` says in Dutch what the urgency rests on. `stated` is what it says of its own marking. `products`
    are what is affected. `raw` is the document as it came (JSON), with all that we do not know.
    """

    key: str
    version: str
    status: str
    title: str
    publisher: str
    released: datetime
    changed: datetime
    urgency: Urgency
    urgency_reason: str
    stated: Stated
    summary: str
    flaws: tuple[Flaw, ...]
    products: tuple[Affected, ...]
    links: tuple[str, ...]
    csaf_version: str
    raw: bytes

    @property
    def subject(self) -> Subject:
        """What the matcher takes."""
        return Subject(self.key, self.products)
