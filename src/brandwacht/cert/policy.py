"""The policy table of the room ``cert``."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

_ANALYST = frozenset({Role.SOC_ANALYST})
_LEAD = frozenset({Role.CERT_LEAD})
_ACTING = {
    GrantKind.SOC_MANDATE: Through(_ANALYST, needs=ACT),
    GrantKind.CERT_MANDATE: Through(_LEAD, needs=ACT),
}

RULES: tuple[Rule, ...] = (
    Rule(
        "cert.incident.see",
        _("een incident bekijken"),
        Domain.INCIDENT,
        own=SECURITY | ADVISERS | BOARDROOM | {Role.SOC_ANALYST},
        through={GrantKind.SOC_MANDATE: Through(_ANALYST), GrantKind.CERT_MANDATE: Through(_LEAD)},
    ),
    Rule(
        "cert.incident.open",
        _("een incident openen"),
        Domain.INCIDENT,
        own=SECURITY | {Role.SOC_ANALYST, Role.CRISIS_ADVISER},
        through=_ACTING,
    ),
    Rule(
        "cert.incident.note",
        _("iets opschrijven bij een incident"),
        Domain.INCIDENT,
        own=SECURITY | ADVISERS | {Role.SOC_ANALYST},
        through=_ACTING,
    ),
    Rule(
        "cert.incident.lead",
        _("een incident leiden"),
        Domain.INCIDENT,
        own=SECURITY | {Role.CRISIS_ADVISER},
        through={GrantKind.CERT_MANDATE: Through(_LEAD, needs=ACT)},
    ),
    Rule(
        "cert.activate",
        _("het CERT activeren"),
        Domain.INCIDENT,
        own=SECURITY,
        through={GrantKind.CERT_MANDATE: Through(_LEAD, needs=ACT)},
    ),
)
