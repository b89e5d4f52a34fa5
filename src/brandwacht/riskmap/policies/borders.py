"""The policy table of cascades over a border."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import ADVISERS, SECURITY, Role

_FOLLOWERS = SECURITY | ADVISERS
_GIVERS = SECURITY | {Role.ADMIN, Role.CHAIR}
"""Those who may give another organisation access; the same as for a mandate."""

BORDER_RULES: tuple[Rule, ...] = (
    Rule(
        "riskmap.shared.see",
        _("een gedeeld onderdeel volgen"),
        Domain.BORDER,
        own=_FOLLOWERS | _GIVERS,
        through={GrantKind.SHARED_NODE: Through(_FOLLOWERS)},
    ),
    Rule("riskmap.share", _("een onderdeel van de risicokaart delen"), Domain.BORDER, own=_GIVERS),
    Rule("riskmap.follow", _("een gedeeld onderdeel op de eigen kaart zetten"), Domain.RISK, own=_FOLLOWERS),
)
