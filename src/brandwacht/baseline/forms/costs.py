"""The forms of what measures cost, and of a budget to spend on them: shapes only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from brandwacht.baseline.models import MeasureCost
from brandwacht.baseline.services.costs import RANGES
from brandwacht.engines.norms.investment import DAY_RATE


def _amount(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        localize=True,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("Schrijf een heel getal, bijvoorbeeld 12.000.")},
    )


class CostForm(forms.Form):
    """What a measure costs."""

    once_low = _amount(gettext_lazy("Eenmalig, minstens (euro)"))
    once_high = _amount(gettext_lazy("Eenmalig, hoogstens (euro)"))
    yearly_low = _amount(gettext_lazy("Elk jaar, minstens (euro)"))
    yearly_high = _amount(gettext_lazy("Elk jaar, hoogstens (euro)"))
    days_low = _amount(gettext_lazy("Eigen werk, minstens (dagen)"))
    days_high = _amount(gettext_lazy("Eigen werk, hoogstens (dagen)"))
    source = forms.CharField(
        label=gettext_lazy("Waarop berust de schatting?"),
        help_text=gettext_lazy("Bijvoorbeeld een offerte, een andere regio of eigen ervaring."),
        required=False,
        max_length=200,
    )

    @staticmethod
    def initial_of(costs: MeasureCost | None) -> dict[str, Any]:
        """What was known before."""
        names = [f"{what}_{end}" for what in RANGES for end in ("low", "high")]
        return {name: getattr(costs, name) for name in (*names, "source")} if costs else {}

    @property
    def ranges(self) -> Mapping[str, tuple[int | None, int | None]]:
        """The ranges, as the service wants them."""
        data = self.cleaned_data
        return {what: (data.get(f"{what}_low"), data.get(f"{what}_high")) for what in RANGES}


class WhatIfForm(forms.Form):
    """A budget to spend, in the address."""

    budget = _amount(gettext_lazy("Budget in euro"))
    years = forms.IntegerField(
        label=gettext_lazy("Over hoeveel jaar?"), required=False, min_value=1, max_value=10, initial=1
    )
    rate = forms.IntegerField(
        label=gettext_lazy("Een dag eigen werk kost (euro)"),
        required=False,
        localize=True,
        min_value=0,
        max_value=5000,
        initial=DAY_RATE,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
