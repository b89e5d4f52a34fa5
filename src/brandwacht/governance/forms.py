"""The filter of the network map of powers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.cert.models import Phase
from brandwacht.engines.authority import GENERAL, load_powers


def _roles() -> list[tuple[str, str]]:
    return [("", str(_("Alle rollen"))), *((role.key, role.label) for role in load_powers().roles.values())]


def _scenarios() -> list[tuple[str, str]]:
    return list(load_powers().scenarios.items())


class PowersFilter(forms.Form):
    """Which rows of the table of powers to show."""

    role = forms.ChoiceField(label=_("Rol"), choices=_roles, required=False)
    scenario = forms.ChoiceField(label=_("Soort verstoring"), choices=_scenarios, required=False, initial=GENERAL)
    phase = forms.ChoiceField(label=_("Fase"), choices=[("", _("Alle fasen")), *Phase.choices], required=False)
