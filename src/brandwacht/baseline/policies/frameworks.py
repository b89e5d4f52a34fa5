"""The policy table of frameworks: the text of the norm, answers in and out, and the step to a newer version."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.policy import Rule
from brandwacht.network.roles import ADVISERS, SECURITY

FRAMEWORK_RULES: tuple[Rule, ...] = (
    Rule("baseline.norm.load", _("de tekst van een norm of een eigen indeling inlezen"), Domain.BASIS, own=SECURITY),
    Rule("baseline.export", _("de antwoorden op de norm uitvoeren"), Domain.BASIS, own=SECURITY | ADVISERS),
    Rule("baseline.import", _("antwoorden op de norm inlezen"), Domain.BASIS, own=SECURITY),
    Rule("baseline.upgrade", _("antwoorden overnemen naar een nieuwe versie van de norm"), Domain.BASIS, own=SECURITY),
)
