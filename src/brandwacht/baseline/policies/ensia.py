"""The policy table of the yearly account (ENSIA)."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.policy import Rule
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

ENSIA_RULES: tuple[Rule, ...] = (
    Rule(
        "baseline.ensia.see",
        _("de jaarlijkse verantwoording bekijken"),
        Domain.BASIS,
        own=SECURITY | ADVISERS | BOARDROOM | {Role.ADMIN},
    ),
    Rule("baseline.ensia.write", _("aan de jaarlijkse verantwoording werken"), Domain.BASIS, own=SECURITY),
    Rule("baseline.ensia.lay", _("een verklaring vaststellen"), Domain.BASIS, own=SECURITY | BOARDROOM),
)
