"""The forms of the room: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.forms.owners import OwnerForm
from brandwacht.baseline.models import FRAMEWORK, AnswerState, Finding, MeasureState
from brandwacht.baseline.services.answers import NEVER
from brandwacht.engines.norms import MATURITY, load_framework

Choices = list[tuple[str, Any]]


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def theme_choices() -> Choices:
    """The themes of the norm."""
    return [("", _("Alle thema's")), *((t, capfirst(t)) for t in load_framework(FRAMEWORK).themes)]


def control_choices() -> Choices:
    """The controls of the norm."""
    controls = load_framework(FRAMEWORK).controls
    return [("", _("Hoort niet bij één vraag")), *((c.number, f"{c.number} {c.title}") for c in controls)]


def moment_seen(text: str) -> datetime:
    """The moment in a hidden field ``seen``; ``NEVER`` when it holds none."""
    try:
        return parse_datetime(text) or NEVER
    except ValueError:
        return NEVER


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
    evidence_valid_to = forms.DateField(
        label=_("Tot en met welke dag telt het bewijs?"),
        help_text=_("Meestal een jaar. Daarna telt het antwoord nog voor de helft mee."),
        required=False,
        widget=_day(),
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


class MeasureForm(OwnerForm):
    """A measure: what, who, when, what it costs."""

    title = forms.CharField(
        label=_("Wat gaat er gebeuren?"),
        max_length=200,
        error_messages={"required": _("Schrijf op wat er gaat gebeuren.")},
    )
    control = forms.ChoiceField(
        label=_("Bij welke vraag van de BIO hoort het?"), required=False, choices=control_choices
    )
    description = forms.CharField(
        label=_("Toelichting"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    due = forms.DateField(
        label=_("Wanneer is het klaar?"),
        widget=_day(),
        error_messages={
            "required": _("Vul in wanneer dit klaar moet zijn."),
            "invalid": _("Dit is geen datum. Schrijf bijvoorbeeld 31-12-2026."),
        },
    )
    cost = forms.IntegerField(
        label=_("Wat kost het, in euro?"),
        help_text=_("Eenmalig, in hele euro's. Laat leeg als u het niet weet."),
        required=False,
        localize=True,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Schrijf een bedrag in hele euro's, bijvoorbeeld 12.000.")},
    )
    for_board = forms.BooleanField(
        label=_("Dit vraagt een besluit van het bestuur"),
        help_text=_("Vul dan ook in wat het kost."),
        required=False,
    )

    field_order = ("title", "control", "description")

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["control"]


class MoveForm(forms.Form):
    """One step of a measure in the cycle."""

    state = forms.ChoiceField(choices=MeasureState.choices)
    note = forms.CharField(
        label=_("Opmerking bij deze stap"),
        help_text=_("Bijvoorbeeld wat er is gedaan, of hoe het is gecontroleerd."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )


class MeasureFilterForm(forms.Form):
    """The filters of the list of measures, in the address."""

    state = forms.ChoiceField(
        label=_("Stap"),
        required=False,
        choices=[("", _("Alle die lopen")), *MeasureState.choices, ("alle", _("Alle, ook afgeronde"))],
    )
    owner = forms.ChoiceField(label=_("Wie"), required=False)
    control = forms.CharField(label=_("Nummer van de vraag"), required=False, max_length=20)
    overdue = forms.BooleanField(label=_("Te laat"), required=False)
    board = forms.BooleanField(label=_("Vraagt een besluit van het bestuur"), required=False)

    def __init__(self, *args: Any, owners: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Choices = [("", _("Iedereen")), *((name, name) for name in owners)]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]


class ReferenceFilterForm(forms.Form):
    """The filter of a norm that is only looked up."""

    q = forms.CharField(label=_("Zoek op nummer of woord"), required=False, max_length=80)
