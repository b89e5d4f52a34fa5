"""The forms of measures: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.forms.choices import Choices, control_choices
from brandwacht.baseline.forms.owners import OwnerForm
from brandwacht.baseline.models import MeasureState
from brandwacht.network.forms import DayField


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
    due = DayField(
        label=_("Wanneer is het klaar?"),
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
