"""The policy table of the room ``baseline``."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.policies.evidence import EVIDENCE_RULES
from brandwacht.baseline.policies.frameworks import FRAMEWORK_RULES
from brandwacht.baseline.policies.progress import PROGRESS_RULES
from brandwacht.baseline.policies.questions import QUESTION_RULES
from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Condition, Owned, Rule
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

_MAKERS = SECURITY | ADVISERS
_LINE = frozenset({Role.PROCESS_OWNER, Role.LINE_MANAGER})


def _may_move(actor: Actor, thing: Owned) -> bool:
    return actor.has(*_MAKERS) or (actor.user_id is not None and getattr(thing, "owner_id", None) == actor.user_id)


def _movable(actor: Actor) -> Q:
    return Q() if actor.has(*_MAKERS) else Q(owner_id=actor.user_id, owner_id__isnull=False)


MINE = Condition("mijn maatregel", _may_move, _movable, _("Deze maatregel is van iemand anders."))

RULES: tuple[Rule, ...] = (
    Rule(
        "baseline.see",
        _("de antwoorden en maatregelen van de basis bekijken"),
        Domain.BASIS,
        own=SECURITY | ADVISERS | BOARDROOM | _LINE | {Role.ADMIN},
    ),
    Rule("baseline.answer", _("een vraag van de norm beantwoorden"), Domain.BASIS, own=SECURITY),
    Rule("baseline.measure.make", _("een maatregel maken"), Domain.BASIS, own=_MAKERS),
    Rule(
        "baseline.measure.update",
        _("een maatregel bijwerken"),
        Domain.BASIS,
        own=_MAKERS | _LINE,
        conditions=(MINE,),
    ),
    Rule(
        "baseline.owners.see", _("zien welke collega's een maatregel kunnen doen"), Domain.PEOPLE, own=_MAKERS | _LINE
    ),
    *PROGRESS_RULES,
    *FRAMEWORK_RULES,
    *EVIDENCE_RULES,
    *QUESTION_RULES,
)
