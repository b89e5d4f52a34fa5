"""The forms of questions and their answers: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.forms.choices import moment_seen, theme_choices
from brandwacht.baseline.models import AnswerState, Finding
from brandwacht.engines.norms import MATURITY
from brandwacht.network.forms import DayField


class ControlFilterForm(forms.Form):
    """The filters of the list of controls, in the address."""

    q = forms.CharField(label=_("Zoek op nummer of woord"), required=False, max_length=80)
    theme = forms.ChoiceField(label=_("Thema"), required=False, choices=theme_choices)
    state = forms.ChoiceField(
        label=_("Antwoord"), required=False, choices=[("", _("Alle antwoorden")), *AnswerState.choices]
    )
    measures = forms.BooleanField(label=_("Met maatregel die loopt"), required=False)
    evidence = forms.BooleanField(label=_("Bewijs verloopt of is verlopen"), required=False)


class AnswerForm(forms.Form):
    """The answer to one control."""

    state = forms.ChoiceField(
        label=_("Voldoet uw organisatie?"),
        widget=forms.RadioSelect,
        choices=[c for c in AnswerState.choices if c[0] != AnswerState.OPEN],
        error_messages={"required": _("Kies een van de antwoorden.")},
    )
    reason = forms.CharField(
        label=_("Waarom is dit het antwoord?"),
        help_text=_("Eén of twee zinnen. Verplicht bij ‘niet van toepassing’ en ‘risico geaccepteerd’."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    evidence = forms.CharField(
        label=_("Waar ligt het bewijs?"),
        help_text=_("De naam en de vindplaats van het stuk, bijvoorbeeld een zaaknummer. Zet hier geen geheimen."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    evidence_valid_to = DayField(
        label=_("Tot en met welke dag telt het bewijs?"),
        help_text=_("Meestal een jaar. Daarna telt het antwoord nog voor de helft mee."),
        required=False,
        error_messages={"invalid": _("Dit is geen datum. Schrijf bijvoorbeeld 31-12-2026.")},
    )
    risk_analysis = forms.CharField(
        label=_("In welke risicoanalyse staat dit?"),
        help_text=_("Alleen nodig bij ‘risico geaccepteerd’: het nummer of de vindplaats van de analyse."),
        required=False,
        max_length=200,
    )
    design = forms.ChoiceField(
        label=_("Opzet: is het goed bedacht en vastgelegd?"), required=False, choices=Finding.choices
    )
    existence = forms.ChoiceField(label=_("Bestaan: is het er ook echt?"), required=False, choices=Finding.choices)
    operation = forms.ChoiceField(
        label=_("Werking: werkt het al een tijd zoals bedoeld?"), required=False, choices=Finding.choices
    )
    maturity = forms.TypedChoiceField(
        label=_("Hoe volwassen is dit bij u?"),
        help_text=_("Vanaf niveau 3 is de opzet er, vanaf niveau 4 ook de werking."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Niet bepaald")), *((m.level, f"{m.level} {m.name}: {m.text}") for m in MATURITY)],
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime:
        """The moment of the answer that the person had before them."""
        return moment_seen(self.cleaned_data["seen"])


class ReferenceFilterForm(forms.Form):
    """The filter of a norm that is only looked up."""

    q = forms.CharField(label=_("Zoek op nummer of woord"), required=False, max_length=80)
