"""The policy table of the reports on paper and of the assessment as a workbook."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.policy import Rule
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

REPORT_RULES: tuple[Rule, ...] = (
    Rule(
        "baseline.report.see",
        _("de rapporten over de basis bekijken"),
        Domain.BASIS,
        own=SECURITY | ADVISERS | BOARDROOM | {Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.ADMIN},
    ),
    Rule("baseline.report.make", _("een rapport over de basis maken"), Domain.BASIS, own=SECURITY),
    Rule(
        "baseline.report.style",
        _("het logo en de ondertekenaars van de rapporten instellen"),
        Domain.BASIS,
        own=SECURITY | {Role.ADMIN},
    ),
    Rule("baseline.workbook", _("de beantwoording in Excel aanbieden en overnemen"), Domain.BASIS, own=SECURITY),
)
