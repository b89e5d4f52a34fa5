"""The policy table of evidence, of what applies, and of the fixed tasks of the norm."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.policy import Rule
from brandwacht.network.roles import ADVISERS, SECURITY, Role

_LINE = frozenset({Role.PROCESS_OWNER, Role.LINE_MANAGER})

EVIDENCE_RULES: tuple[Rule, ...] = (
    Rule("baseline.evidence.add", _("bewijs bij een vraag toevoegen"), Domain.BASIS, own=SECURITY | _LINE),
    Rule("baseline.evidence.check", _("bewijs bekijken en intrekken"), Domain.BASIS, own=SECURITY),
    Rule("baseline.evidence.open", _("een document openen"), Domain.BASIS, own=SECURITY | ADVISERS | _LINE),
    Rule("baseline.government", _("een overheidsmaatregel beantwoorden"), Domain.BASIS, own=SECURITY),
    Rule("baseline.level", _("bepalen welk niveau een proces vraagt"), Domain.BASIS, own=SECURITY | ADVISERS | _LINE),
    Rule("baseline.rhythm", _("vastleggen dat een vaste taak is gedaan"), Domain.BASIS, own=SECURITY),
)
