"""The policy table of the room ``soc``."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Text, Through
from brandwacht.network.roles import SECURITY, Role

_WATCH = SECURITY | {Role.SOC_ANALYST}
_ANALYST = Through(frozenset({Role.SOC_ANALYST}))
_ANALYST_ACTS = Through(frozenset({Role.SOC_ANALYST}), needs=ACT)
_LEAD = Through(frozenset({Role.CERT_LEAD}))
_LEAD_ACTS = Through(frozenset({Role.CERT_LEAD}), needs=ACT)


def _watched(action: str, says: Text, *, acts: bool = False, cert: bool = False, own: frozenset[Role] = _WATCH) -> Rule:
    """What the owner may do with what is watched, and who holds a mandate for it.

    A mandate of the SOC gives it to its analysts, with ``cert`` one of the CERT to its lead too; ``acts`` asks that the
    mandate allows acting.
    """
    through = {GrantKind.SOC_MANDATE: _ANALYST_ACTS if acts else _ANALYST}
    if cert:
        through[GrantKind.CERT_MANDATE] = _LEAD_ACTS if acts else _LEAD
    return Rule(action, says, Domain.WATCH, own=own, through=through)


RULES = (
    _watched("soc.alert.see", _("meldingen bekijken"), cert=True),
    _watched("soc.alert.triage", _("meldingen behandelen"), acts=True, cert=True),
    _watched("soc.sources.see", _("bronnen bekijken")),
    _watched("soc.ingest", _("logbestanden inlezen"), acts=True),
    _watched("soc.sources.manage", _("bronnen aansluiten en beëindigen"), acts=True),
    Rule("soc.rules.see", _("detectieregels bekijken"), Domain.RULES, own=_WATCH),
    Rule("soc.rules.import", _("detectieregels inlezen en aan- of uitzetten"), Domain.RULES, own=_WATCH),
    _watched("soc.rule-off.see", _("zien welke detectieregels bij een organisatie uit staan")),
    _watched("soc.rule-off.set", _("een detectieregel bij één organisatie uitzetten"), acts=True),
    _watched("soc.hunt", _("zoeken in logs")),
    Rule("soc.hunt.runs", _("zoekopdrachten van de eigen organisatie bekijken en bewaren"), Domain.RULES, own=_WATCH),
    Rule("soc.hunt.traces", _("zien wie in de eigen logs zocht"), Domain.WATCH, own=_WATCH),
    _watched("soc.store.see", _("zien hoeveel logs bewaard worden")),
    _watched("soc.store.hold", _("logs langer laten bewaren"), acts=True),
    Rule("soc.lists.see", _("kenmerkenlijsten bekijken"), Domain.RULES, own=_WATCH),
    Rule("soc.lists.change", _("kenmerkenlijsten inlezen en beëindigen"), Domain.RULES, own=_WATCH),
    _watched("soc.look-back", _("terugkijken in bewaarde gebeurtenissen")),
    Rule("soc.store.term", _("bewaartermijn van logs kiezen, logs opruimen"), Domain.WATCH, own=SECURITY),
    _watched("soc.exception.see", _("uitzonderingen en ruis bekijken")),
    _watched("soc.exception.propose", _("een uitzondering voorstellen of beëindigen"), acts=True),
    _watched("soc.exception.approve", _("een uitzondering goedkeuren"), acts=True),
    _watched("soc.pattern.see", _("patronen over organisaties heen bekijken"), own=frozenset({Role.SOC_ANALYST})),
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
    _watched(
        "soc.connect.see",
        _("het dossier van de aansluiting bekijken"),
        cert=True,
        own=_WATCH | {Role.ADMIN, Role.CHAIR},
    ),
    Rule("soc.connect.edit", _("het dossier van de aansluiting bijwerken"), Domain.WATCH, own=SECURITY),
    _watched("soc.connect.refuse", _("vastleggen dat hulp is geweigerd"), acts=True, cert=True, own=SECURITY),
)
