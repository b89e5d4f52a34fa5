"""The forms of frameworks: which rows to show, and files that somebody offers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models import AnswerState


class ThroughFilterForm(forms.Form):
    """The filters of the list of a framework, in the address."""

    q = forms.CharField(label=_("Zoek op nummer of woord"), required=False, max_length=80)
    theme = forms.ChoiceField(label=_("Onderdeel"), required=False)
    state = forms.ChoiceField(
        label=_("Antwoord"), required=False, choices=[("", _("Alle antwoorden")), *AnswerState.choices]
    )

    def __init__(self, *args: Any, themes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Alle onderdelen")), *((theme, capfirst(theme)) for theme in themes)]
        self.fields["theme"].choices = choices  # type: ignore[attr-defined]


class OscalForm(forms.Form):
    """Offer an OSCAL document."""

    file = forms.FileField(
        label=_("Bestand"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_(
            "Een OSCAL-bestand in JSON: antwoorden (assessment-results), een profiel of een verbeterplan (POA&M)."
        ),
        error_messages={"required": _("Kies een bestand.")},
    )


class NormTextForm(forms.Form):
    """Load the text of a norm."""

    prefix = "tekst"
    file = forms.FileField(
        label=_("Bestand met de tekst van de norm"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
        help_text=_("Een tabel (.csv of .xlsx) met een kolom ‘nummer’ en een kolom ‘tekst’, of een OSCAL-catalogus."),
        error_messages={"required": _("Kies een bestand.")},
    )
    allowed = forms.BooleanField(
        label=_("Onze organisatie mag deze tekst gebruiken"),
        help_text=_("Let op de voorwaarden van wie de tekst uitgeeft. De tekst blijft binnen uw organisatie."),
        error_messages={"required": _("Vink dit aan, anders lezen wij de tekst niet in.")},
    )


class GroupingForm(forms.Form):
    """Load a division of the self-assessment."""

    prefix = "indeling"
    file = forms.FileField(
        label=_("Bestand met de indeling"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_(
            "Een tabel met een kolom ‘categorie’ en een kolom ‘nummer’ (van de BIO 1.04). Twee nummers in één cel"
            " worden samen één vraag, zoals 5.1.1 + 5.1.2."
        ),
        error_messages={"required": _("Kies een bestand.")},
    )
