"""The forms of "Deze week" and "Beheer": what people type; whether it may be done is decided by the use cases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PostponeForm(forms.Form):
    """Put an action off: until when, and why that can be."""

    until = forms.DateField(
        label=_("Tot welke dag?"), widget=DateInput(), help_text=_("Op die dag staat de actie weer in uw lijst.")
    )
    reason = forms.CharField(
        label=_("Waarom kan dit later?"), max_length=200, help_text=_("De reden komt in het logboek te staan.")
    )
