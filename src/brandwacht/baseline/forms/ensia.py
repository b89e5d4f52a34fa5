"""The forms of the yearly account (ENSIA): shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 6})
    )


class HorizontalForm(forms.Form):
    """The account to council or board, in the words of the organisation."""

    realised = _text(_("Wat is er bereikt?"), _("De lijst van wat voldoet komt er vanzelf onder."))
    deviations = _text(_("Waar wijkt u af, en waarom?"), _("De lijst van wat niet of deels voldoet komt eronder."))
    risks = _text(_("Welke risico's neemt u, en wie besloot dat?"), _("Geaccepteerde risico's komen eronder."))
    improvements = _text(_("Wat gaat u verbeteren?"), _("De maatregelen die lopen komen eronder."))


class VerticalForm(forms.Form):
    """The account to a recipient: a remark beside the answers."""

    realised = _text(
        _("Toelichting bij de antwoorden"), _("Mag leeg blijven. De antwoorden komen er vanzelf onder, zonder bewijs.")
    )
