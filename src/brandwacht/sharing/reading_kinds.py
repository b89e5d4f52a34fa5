"""The kinds of things in the reading list. A kind says which rows a person may see, how to search them and where they
are read; whatever is added here is in the list, the search, the suggestions and the counts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible
from brandwacht.sharing.models import (
    ReceiptAnswer,
    Sighting,
    ThreatReader,
    ThreatState,
    WarningReader,
    WarningReceipt,
    WarningState,
)
from brandwacht.sharing.policies.products import SEE_PRODUCT
from brandwacht.sharing.policies.threats import ANSWER_QUESTION, SEE_QUESTION, SEE_THREAT, of_mine
from brandwacht.sharing.policy import ANSWER, SEE
from brandwacht.sharing.queries import products, questions, threats
from brandwacht.sharing.queries.warnings import matching as matching_warnings
from brandwacht.sharing.queries.warnings import warnings

LONGEST_HEADING: Final = 160


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. ``key`` stands in addresses; ``url`` names the page of one thing, ``part`` that of all of them; by
    ``see``, an action, one is read.

    ``rows(actor)`` are the rows that the actor may see, each with ``at`` and ``heading``. ``mine(actor)`` tells which
    of them the actor wrote, ``named`` which name the actor as a reader, ``sighted`` which the own organisation saw;
    ``gone`` which no longer count, ``asking`` which ask the actor something, told by ``ask``. ``story`` is the field
    with its text, ``words`` what a row is suggested by.
    """

    key: str
    label: str | Promise
    url: str
    part: str
    see: str
    rows: Callable[[Actor], QuerySet[Any]]
    matching: Callable[[QuerySet[Any], str], QuerySet[Any]]
    words: Callable[[Any], Iterable[str]]
    story: str = ""
    has_indicators: bool = False
    has_products: bool = False
    mine: Callable[[Actor], Q] = lambda _actor: Q(pk__in=[])
    named: Callable[[Actor], Q] = lambda _actor: Q(pk__in=[])
    sighted: Callable[[Actor], Q] = lambda _actor: Q(pk__in=[])
    asking: Callable[[Actor], Q] = lambda _actor: Q(pk__in=[])
    ask: str | Promise = ""
    gone: Q = field(default_factory=lambda: Q(pk__in=[]))


def _named(readers: Any, actor: Actor, field: str) -> Q:
    """TLP:RED with the actor among the ``readers``, a table that points at the thing by ``field``."""
    return Q(tlp=TLP.RED.name, pk__in=readers._base_manager.filter(user_id=actor.user_id).values(f"{field}_id"))


def _hits(actor: Actor) -> Q:
    hits = WarningReceipt._base_manager.filter(member_id=actor.organisation_id, answer=ReceiptAnswer.HIT)
    return Q(pk__in=hits.values("warning_id"))


def _unanswered(actor: Actor) -> Q:
    mine = WarningReceipt._base_manager.filter(member_id=actor.organisation_id)
    return visible(actor, ANSWER) & ~Q(pk__in=mine.values("warning_id"))


WARNING: Final = Kind(
    "waarschuwing", _("Waarschuwing"), "sharing:detail", "list", SEE,
    rows=lambda actor: warnings(actor).annotate(heading=F("title")),
    matching=matching_warnings,
    words=lambda row: [row.title, *row.attack, *(each["value"] for each in row.indicators)],
    story="what",
    has_indicators=True,
    named=lambda actor: _named(WarningReader, actor, "warning"),
    sighted=_hits,
    asking=_unanswered,
    ask=_("Antwoord: geldt dit voor u?"),
    gone=Q(state=WarningState.WITHDRAWN),
)  # fmt: skip
THREAT: Final = Kind(
    "dreiging", _("Dreiging"), "sharing:threat", "threats", SEE_THREAT,
    rows=lambda actor: threats.threats(actor).annotate(heading=F("title")),
    matching=threats.matching,
    words=threats.words_of,
    story="what",
    has_indicators=True,
    has_products=True,
    named=lambda actor: _named(ThreatReader, actor, "threat"),
    sighted=lambda actor: Q(
        pk__in=Sighting._base_manager.filter(member_id=actor.organisation_id).values("threat_id")
    ),
    mine=lambda actor: of_mine(actor, "author"),
    gone=Q(state=ThreatState.WITHDRAWN),
)  # fmt: skip
QUESTION: Final = Kind(
    "vraag", _("Vraag"), "sharing:question", "questions", SEE_QUESTION,
    rows=lambda actor: questions.questions(actor).annotate(
        heading=Substr("text", 1, LONGEST_HEADING), at=F("asked_at")
    ),
    matching=questions.matching,
    words=lambda row: [row.text[:LONGEST_HEADING], *(each["value"] for each in row.indicators)],
    story="text",
    has_indicators=True,
    mine=lambda actor: of_mine(actor, "asker"),
    asking=lambda actor: visible(actor, ANSWER_QUESTION),
    ask=_("Antwoord: ja of nee"),
    gone=Q(closed_at__isnull=False),
)  # fmt: skip
PRODUCT: Final = Kind(
    "product", _("Product"), "sharing:product", "products", SEE_PRODUCT,
    rows=lambda actor: products.current(products.products(actor)).annotate(heading=F("title")),
    matching=products.matching,
    words=lambda row: [row.title, *row.attack, *row.controls],
)  # fmt: skip

KINDS: Final[dict[str, Kind]] = {kind.key: kind for kind in (WARNING, THREAT, QUESTION, PRODUCT)}
