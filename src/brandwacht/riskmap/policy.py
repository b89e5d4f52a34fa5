"""The policy table of the room ``riskmap``."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import ADVISERS, SECURITY, Role

_ANALYST = frozenset({Role.SOC_ANALYST})
_LEAD = frozenset({Role.CERT_LEAD})

RULES: tuple[Rule, ...] = (
    Rule(
        "riskmap.see",
        _("de risicokaart bekijken"),
        Domain.RISK,
        own=frozenset(Role) - {Role.COUNCILLOR},
        through={GrantKind.SOC_MANDATE: Through(_ANALYST), GrantKind.CERT_MANDATE: Through(_LEAD)},
    ),
    Rule(
        "riskmap.run",
        _("een uitval doorrekenen"),
        Domain.RISK,
        own=SECURITY | ADVISERS | _ANALYST,
        through={
            GrantKind.SOC_MANDATE: Through(_ANALYST, needs=ACT),
            GrantKind.CERT_MANDATE: Through(_LEAD, needs=ACT),
        },
    ),
    Rule("riskmap.scenario", _("een scenario bewaren of weghalen"), Domain.RISK, own=SECURITY | ADVISERS),
    Rule("riskmap.boundaries", _("grenzen voor de kaart inlezen"), Domain.RISK, own=SECURITY | ADVISERS),
)
