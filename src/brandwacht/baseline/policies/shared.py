"""The policy table of published measures."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Condition, Owned, Rule, Through
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

_READERS = SECURITY | ADVISERS | BOARDROOM | {Role.ADMIN, Role.PROCESS_OWNER, Role.LINE_MANAGER}


def _published(actor: Actor, thing: Owned) -> bool:
    return thing.organisation_id == actor.organisation_id or getattr(thing, "withdrawn_at", None) is None


def _published_rows(actor: Actor) -> Q:
    return Q(withdrawn_at__isnull=True) | Q(organisation_id=actor.organisation_id)


PUBLISHED = Condition("gepubliceerd", _published, _published_rows, _("Deze maatregel is ingetrokken."))

SHARED_RULES: tuple[Rule, ...] = (
    Rule(
        "baseline.shared.see",
        _("gepubliceerde maatregelen bekijken"),
        Domain.SHARED_MEASURES,
        own=_READERS,
        through={GrantKind.SHARED_MEASURES: Through(_READERS)},
        conditions=(PUBLISHED,),
    ),
    Rule(
        "baseline.shared.publish",
        _("een maatregel publiceren voor andere regio's"),
        Domain.SHARED_MEASURES,
        own=SECURITY,
    ),
    Rule(
        "baseline.shared.adopt",
        _("een gepubliceerde maatregel overnemen"),
        Domain.SHARED_MEASURES,
        through={GrantKind.SHARED_MEASURES: Through(SECURITY)},
        conditions=(PUBLISHED,),
    ),
    Rule("baseline.adoption.keep", _("een overgenomen maatregel bijhouden"), Domain.BASIS, own=SECURITY),
)
