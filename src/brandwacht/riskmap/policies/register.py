"""The policy rules of the register's own parts: plans, lists of vital processes, partners and levers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

REGISTER_RULES: tuple[Rule, ...] = (
    Rule(
        "riskmap.plan",
        _("een continuïteitsplan en zijn tests bijhouden"),
        Domain.RISK,
        own=SECURITY | ADVISERS | {Role.PROCESS_OWNER},
    ),
    Rule("riskmap.vital.prepare", _("een lijst van vitale processen opstellen"), Domain.RISK, own=SECURITY | ADVISERS),
    Rule(
        "riskmap.vital.adopt",
        _("een lijst van vitale processen vaststellen"),
        Domain.RISK,
        own=BOARDROOM | {Role.SYSTEM},
    ),
    Rule(
        "riskmap.partner",
        _("partners hun deel laten invullen en dat beoordelen"),
        Domain.PART,
        own=SECURITY | ADVISERS,
    ),
    Rule(
        "riskmap.partner.fill",
        _("het eigen deel invullen via een getekende link"),
        Domain.PART,
        # Whoever has the link is nobody at any organisation: the link itself is the only door, to itself alone.
        through={GrantKind.SIGNED_LINK: Through(frozenset({Role.SYSTEM}), needs=ACT)},
    ),
    Rule(
        "riskmap.lever.see",
        _("vragen aan bedrijven en adviezen bij vergunningen bekijken"),
        Domain.RISK,
        own=SECURITY | ADVISERS | BOARDROOM,
    ),
    Rule("riskmap.lever", _("een vraag of advies vastleggen"), Domain.RISK, own=SECURITY | ADVISERS),
)
