"""The policy table of weak spots, measures, scales and the risk plan; what things cost is for the owner alone."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.policy import Rule
from brandwacht.network.roles import ADVISERS, SECURITY, Role

_MAKERS = SECURITY | ADVISERS

PLANNING_RULES: tuple[Rule, ...] = (
    Rule(
        "riskmap.plan.see",
        _("maatregelen, schalen en het risicoplan bekijken"),
        Domain.RISK,
        own=frozenset(Role) - {Role.COUNCILLOR},
    ),
    Rule("riskmap.analyse", _("zwakke plekken en maatregelen laten doorrekenen"), Domain.RISK, own=_MAKERS),
    Rule("riskmap.measure", _("maatregelen op de kaart opnemen en wijzigen"), Domain.RISK, own=_MAKERS),
    Rule("riskmap.scales", _("schalen en waarschijnlijkheid vaststellen"), Domain.RISK, own=_MAKERS),
    Rule("riskmap.plan.make", _("een versie van het risicoplan maken"), Domain.RISK, own=_MAKERS),
)
