"""The policy table of progress reports, the national overview and joint themes."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

_RELEASERS = SECURITY | {Role.CHAIR}
_READERS = SECURITY | ADVISERS | BOARDROOM | {Role.PROGRAMME}
_ELSEWHERE = Through(_READERS | {Role.SOC_ANALYST, Role.CERT_LEAD})

PROGRESS_RULES: tuple[Rule, ...] = (
    Rule(
        "baseline.progress.see",
        _("vrijgegeven rapportages over de voortgang bekijken"),
        Domain.REPORT,
        own=_READERS,
        through={GrantKind.SNAPSHOT: _ELSEWHERE},
    ),
    Rule("baseline.progress.write", _("een rapportage over de voortgang voorbereiden"), Domain.BASIS, own=_RELEASERS),
    Rule("baseline.progress.release", _("een rapportage vrijgeven of intrekken"), Domain.REPORT, own=_RELEASERS),
    Rule("baseline.progress.compare", _("instemmen met vergelijken op naam"), Domain.REPORT, own=_RELEASERS),
    Rule("baseline.national.see", _("het landelijke beeld van de voortgang bekijken"), Domain.REPORT, own=_READERS),
    Rule(
        "baseline.theme.make",
        _("gezamenlijke thema's maken en publiceren"),
        Domain.REPORT,
        own=frozenset({Role.PROGRAMME}),
    ),
)
