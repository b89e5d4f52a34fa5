"""The policy table of reviews: who invites, who looks, who judges."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models import RUNNING, ReviewState
from brandwacht.network.actor import ACT, Actor
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Condition, Owned, Rule, Text, Through
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

_READERS = SECURITY | ADVISERS | BOARDROOM | {Role.ADMIN, Role.PROCESS_OWNER, Role.LINE_MANAGER}
_REVIEWERS = frozenset({Role.REVIEWER, Role.CISO})
_SEES = {GrantKind.REVIEW: Through(_REVIEWERS)}
_ACTS = {GrantKind.REVIEW: Through(_REVIEWERS, needs=ACT)}


def _in_state(name: str, *states: ReviewState, reason: Text) -> Condition:
    """The review is in one of these states and its time is not over."""

    def test(actor: Actor, thing: Owned) -> bool:
        return getattr(thing, "state", "") in states and getattr(thing, "ends_at", actor.now) > actor.now

    def rows(actor: Actor) -> Q:
        return Q(state__in=states, ends_at__gt=actor.now)

    return Condition(name, test, rows, reason)


_INVITED = _in_state("uitgenodigd", ReviewState.INVITED, reason=_("Op deze uitnodiging is al geantwoord."))
_SCORES = _in_state("loopt", ReviewState.OPEN, reason=_("Een oordeel geven kan alleen zolang de toetsing loopt."))
_TALK = _in_state(
    "dossier open",
    ReviewState.OPEN,
    ReviewState.CONCLUDED,
    reason=_("Overleggen kan alleen zolang het dossier open is."),
)
_NOT_OVER = Condition(
    "niet afgesloten",
    lambda actor, thing: getattr(thing, "state", "") in RUNNING,
    lambda actor: Q(state__in=RUNNING),
    _("Deze toetsing is al afgesloten."),
)

REVIEW_RULES: tuple[Rule, ...] = (
    Rule("baseline.review.see", _("een toetsing bekijken"), Domain.REVIEW, own=_READERS, through=_SEES),
    Rule("baseline.review.invite", _("een toetsing of audit beginnen"), Domain.REVIEW, own=SECURITY),
    Rule(
        "baseline.review.lead",
        _("een toetsing van de eigen organisatie leiden"),
        Domain.REVIEW,
        own=SECURITY,
        conditions=(_NOT_OVER,),
    ),
    Rule(
        "baseline.review.reply",
        _("op de uitnodiging antwoorden"),
        Domain.REVIEW,
        through=_ACTS,
        conditions=(_INVITED,),
    ),
    Rule(
        "baseline.review.judge",
        _("een tweede oordeel geven"),
        Domain.REVIEW,
        through=_ACTS,
        conditions=(_SCORES,),
    ),
    Rule(
        "baseline.review.talk",
        _("overleggen over een verschil"),
        Domain.REVIEW,
        own=SECURITY | ADVISERS,
        through=_ACTS,
        conditions=(_TALK,),
    ),
    Rule(
        "baseline.review.document",
        _("een document uit het dossier openen"),
        Domain.REVIEW,
        own=SECURITY | ADVISERS,
        through=_SEES,
    ),
    Rule("baseline.review.points", _("van verbeterpunten maatregelen maken"), Domain.REVIEW, own=SECURITY),
    Rule("baseline.proof.note", _("een eerdere toetsing of een certificaat vastleggen"), Domain.BASIS, own=SECURITY),
)
