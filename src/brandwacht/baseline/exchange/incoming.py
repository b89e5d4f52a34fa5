"""What every kind of content that comes in as OSCAL has in common: it is read, compared, put into words, taken over."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar

from brandwacht.baseline.models import AnswerImport
from brandwacht.engines.norms.oscal.reading import Node
from brandwacht.network.actor import Actor

NEW: Final = "nieuw"
SAME: Final = "gelijk"
OTHER: Final = "anders"
REFUSED: Final = "geweigerd"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a line as a reader sees it: a state with its word and tone, whose it is, and sentences under it."""

    state: str
    label: str
    tone: str
    byline: str
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing in an offered document beside what is there now.

    ``key`` is with what it is chosen, ``name`` what people call it, ``about`` what more they should know to recognise
    it. ``kind`` is ``NEW`` (nothing there yet), ``SAME``, ``OTHER`` (they differ) or ``REFUSED`` (``why`` says why).
    """

    key: str
    name: str
    about: str
    kind: str
    now: Side | None
    then: Side
    why: str = ""

    @property
    def choosable(self) -> bool:
        """Whether it can be taken over."""
        return self.kind in (NEW, OTHER)


L = TypeVar("L", bound=Line)


@dataclass(frozen=True, slots=True)
class Comparison(Generic[L]):
    """All lines of an offered document, and the fingerprint of what was compared."""

    lines: Sequence[L]
    fingerprint: str

    def of(self, *kinds: str) -> list[L]:
        """The lines of these kinds."""
        return [line for line in self.lines if line.kind in kinds]

    def named(self, keys: Collection[str]) -> list[L]:
        """The lines with these keys, in the order of the document."""
        return [line for line in self.lines if line.key in keys]


def comparison(offered: AnswerImport, lines: Sequence[L], present: Iterable[object]) -> Comparison[L]:
    """A comparison of which the fingerprint differs once anything of ``present``, what is there now, does."""
    seen = repr((str(offered.public_id), list(present)))
    return Comparison(lines, hashlib.sha256(seen.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Offer:
    """What a document says, as an ``AnswerImport`` keeps it: ``unknown`` are the ids in it that we do not know."""

    framework: str
    party: str
    lines: list[dict[str, Any]]
    unknown: Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """What the page of an offered document says.

    ``column`` heads the lines; ``onward`` is where to go once it is taken over, as address and label.
    """

    lead: str
    column: str
    notice: str
    other: str
    other_help: str
    new: str
    refused: str
    same: str
    unknown: str
    onward: tuple[str, str] | None


class Incoming(ABC, Generic[L]):
    """One kind of content that can come in. What is not in here is the same for all of them."""

    things: ClassVar[str]
    """What the lines of such a document are, in the plural."""

    @abstractmethod
    def read(self, actor: Actor, document: Node) -> Offer:
        """What a document offers. Raises ``InvalidOscal``, and ``Refused`` when there is nothing in it for us."""

    @abstractmethod
    def compare(self, actor: Actor, offered: AnswerImport) -> Comparison[L]:
        """What an offered document would change now, in two queries."""

    @abstractmethod
    def take(self, actor: Actor, offered: AnswerImport, lines: Sequence[L]) -> None:
        """Write these lines, each of them choosable; called inside the use case that decided."""

    @abstractmethod
    def words(self, offered: AnswerImport, compared: Comparison[L]) -> Words:
        """What the page of an offered document says."""

    @abstractmethod
    def taken(self, count: int) -> str:
        """How many were taken over, as the begin of a sentence: "3 antwoorden zijn overgenomen"."""
