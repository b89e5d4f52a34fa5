"""The policy table of the room ``soc``."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import SECURITY, Role

_WATCH = SECURITY | {Role.SOC_ANALYST}
_ANALYST = Through(frozenset({Role.SOC_ANALYST}))
_ANALYST_ACTS = Through(frozenset({Role.SOC_ANALYST}), needs=ACT)
_LEAD = Through(frozenset({Role.CERT_LEAD}))
_LEAD_ACTS = Through(frozenset({Role.CERT_LEAD}), needs=ACT)

RULES = (
    Rule(
        "soc.alert.see",
        _("meldingen bekijken"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST, GrantKind.CERT_MANDATE: _LEAD},
    ),
    Rule(
        "soc.alert.triage",
        _("meldingen behandelen"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS, GrantKind.CERT_MANDATE: _LEAD_ACTS},
    ),
    Rule(
        "soc.sources.see",
        _("bronnen bekijken"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST},
    ),
    Rule(
        "soc.ingest",
        _("logbestanden inlezen"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS},
    ),
    Rule(
        "soc.sources.manage",
        _("bronnen aansluiten en beëindigen"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS},
    ),
    Rule("soc.rules.see", _("detectieregels bekijken"), Domain.RULES, own=_WATCH),
    Rule("soc.rules.import", _("detectieregels inlezen en aan- of uitzetten"), Domain.RULES, own=_WATCH),
    Rule(
        "soc.rule-off.see",
        _("zien welke detectieregels bij een organisatie uit staan"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST},
    ),
    Rule(
        "soc.rule-off.set",
        _("een detectieregel bij één organisatie uitzetten"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS},
    ),
    Rule(
        "soc.hunt",
        _("zoeken in logs"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST},
    ),
    Rule("soc.hunt.runs", _("zoekopdrachten van de eigen organisatie bekijken en bewaren"), Domain.RULES, own=_WATCH),
    Rule("soc.hunt.traces", _("zien wie in de eigen logs zocht"), Domain.WATCH, own=_WATCH),
    Rule(
        "soc.store.see",
        _("zien hoeveel logs bewaard worden"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST},
    ),
    Rule(
        "soc.store.hold",
        _("logs langer laten bewaren"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS},
    ),
    Rule("soc.lists.see", _("kenmerkenlijsten bekijken"), Domain.RULES, own=_WATCH),
    Rule("soc.lists.change", _("kenmerkenlijsten inlezen en beëindigen"), Domain.RULES, own=_WATCH),
    Rule(
        "soc.look-back",
        _("terugkijken in bewaarde gebeurtenissen"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST},
    ),
    Rule("soc.store.term", _("bewaartermijn van logs kiezen, logs opruimen"), Domain.WATCH, own=SECURITY),
    Rule(
        "soc.exception.see",
        _("uitzonderingen en ruis bekijken"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST},
    ),
    Rule(
        "soc.exception.propose",
        _("een uitzondering voorstellen of beëindigen"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS},
    ),
    Rule(
        "soc.exception.approve",
        _("een uitzondering goedkeuren"),
        Domain.WATCH,
        own=_WATCH,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS},
    ),
    Rule(
        "soc.pattern.see",
        _("patronen over organisaties heen bekijken"),
        Domain.WATCH,
        own=frozenset({Role.SOC_ANALYST}),
        through={GrantKind.SOC_MANDATE: _ANALYST},
    ),
    Rule("soc.colleagues.see", _("zien wie meldingen behandelt"), Domain.PEOPLE, own=_WATCH),
    Rule("soc.question.answer", _("een vraag van de analist beantwoorden"), Domain.WATCH, own=SECURITY),
    Rule(
        "soc.escalation.take",
        _("een overgedragen melding overnemen"),
        Domain.WATCH,
        own=SECURITY,
        through={GrantKind.CERT_MANDATE: _LEAD_ACTS},
    ),
    Rule("soc.shift", _("een dienst draaien en de diensten bekijken"), Domain.WATCH, own=_WATCH),
    Rule(
        "soc.connect.see",
        _("het dossier van de aansluiting bekijken"),
        Domain.WATCH,
        own=_WATCH | {Role.ADMIN, Role.CHAIR},
        through={GrantKind.SOC_MANDATE: _ANALYST, GrantKind.CERT_MANDATE: _LEAD},
    ),
    Rule("soc.connect.edit", _("het dossier van de aansluiting bijwerken"), Domain.WATCH, own=SECURITY),
    Rule(
        "soc.connect.refuse",
        _("vastleggen dat hulp is geweigerd"),
        Domain.WATCH,
        own=SECURITY,
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS, GrantKind.CERT_MANDATE: _LEAD_ACTS},
    ),
)
