"""The policy table of the room ``governance``."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Decision, Owner, Rule, decide
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

SEE_BOARD = "governance.board.see"
SEE_POWERS = "governance.powers.see"
RECORD = "governance.figures.record"

RULES: tuple[Rule, ...] = (
    Rule(SEE_BOARD, gettext_lazy("de bestuurspagina bekijken"), Domain.BOARD, own=BOARDROOM | SECURITY | ADVISERS),
    Rule(SEE_POWERS, gettext_lazy("bekijken wie wat mag"), Domain.BOARD, own=frozenset(Role)),
    Rule(RECORD, gettext_lazy("de cijfers van de dag vastleggen"), Domain.BOARD, own=frozenset({Role.SYSTEM})),
)


def board_decision(actor: Actor) -> Decision:
    """May the actor see the board page of the own organisation? A raadslid is told what is there instead."""
    decision = decide(actor, SEE_BOARD, Owner(actor.organisation_id))
    if not decision and actor.has(Role.COUNCILLOR):
        reason = _(
            "Een raadslid ziet hier alleen wat het college of het bestuur heeft vrijgegeven. Er is nog niets"
            " vrijgegeven; vraag de griffier om de cijfers."
        )
        return Decision(False, reason)
    return decision
