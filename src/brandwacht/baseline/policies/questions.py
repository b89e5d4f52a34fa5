"""The policy table of questions that are put to a colleague without an account."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import SECURITY, Role

ASK: Final = "baseline.question.ask"

QUESTION_RULES: tuple[Rule, ...] = (
    Rule(ASK, _("een vraag uitzetten en het antwoord beoordelen"), Domain.QUESTION, own=SECURITY),
    Rule(
        "baseline.question.fill",
        _("één vraag beantwoorden via een getekende link"),
        Domain.QUESTION,
        # Whoever has the link is nobody at any organisation: the link itself is the only door, to itself alone.
        through={GrantKind.QUESTION_LINK: Through(frozenset({Role.SYSTEM}), needs=ACT)},
    ),
)
