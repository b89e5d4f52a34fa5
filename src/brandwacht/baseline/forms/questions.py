"""The forms around questions that are put to a colleague, and of the first hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.documents import ACCEPT
from brandwacht.baseline.forms.choices import control_choices, moment_seen
from brandwacht.baseline.models import AnswerState, QuestionFile, Said
from brandwacht.baseline.services.answering import MOST_WORDS
from brandwacht.network.forms import DayField, FilesField


class AskForm(forms.Form):
    """Put a question to somebody."""

    control = forms.ChoiceField(label=_("Welke vraag?"))
    person = forms.CharField(
        label=_("Aan wie?"),
        max_length=120,
        help_text=_("Wie weet dit? Bijvoorbeeld een teamleider."),
    )
    email = forms.CharField(
        label=_("E-mailadres"),
        max_length=254,
        widget=forms.EmailInput(),
        help_text=_("Hierheen gaat de link. Een account is niet nodig."),
    )
    due = DayField(label=_("Antwoord uiterlijk op"), help_text=_("Daarna werkt de link niet meer."))
    note = forms.CharField(
        label=_("Wilt u er iets bij zeggen?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dit staat boven de vraag. Bijvoorbeeld over welk systeem of team het gaat."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["control"].choices = [("", _("Kies een vraag")), *control_choices()[1:]]  # type: ignore[attr-defined]


class FillForm(forms.Form):
    """What somebody with a link answers."""

    choice = forms.ChoiceField(label=_("Wat past het beste?"), widget=forms.RadioSelect(), choices=Said.choices)
    words = forms.CharField(
        label=_("Hoe gaat dat bij u? Vertel het in uw eigen woorden"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Een paar zinnen is genoeg. Bij ‘ja’ en ‘dat weet ik niet’ mag dit leeg blijven."),
    )
    attached = FilesField(
        label=_("Kunt u iets laten zien?"),
        required=False,
        accept=f"image/jpeg,image/png,{ACCEPT}",  # photos first, so that a phone offers its camera
        help_text=_("Een foto of een document, hoogstens drie bestanden van 10 MB. Let op wat er op de foto staat."),
    )


class TakeOverForm(forms.Form):
    """Make of what somebody said the answer to the norm."""

    state = forms.ChoiceField(
        label=_("Antwoord"),
        widget=forms.RadioSelect(),
        choices=[(s.value, s.label) for s in AnswerState if s != AnswerState.OPEN],
    )
    reason = forms.CharField(label=_("Toelichting"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    risk_analysis = forms.CharField(
        label=_("Risicoanalyse"),
        required=False,
        max_length=200,
        help_text=_("Alleen als u een risico accepteert: waar de analyse staat."),
    )
    attached = forms.MultipleChoiceField(
        label=_("Wat wordt bewijs?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Wat u niet aanvinkt, wordt gewist."),
    )
    valid_to = DayField(label=_("Dit bewijs telt tot en met"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, files: Iterable[QuestionFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(file.public_id), file.filename) for file in files]
        self.fields["attached"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["attached"], self.fields["valid_to"]

    def clean_seen(self) -> datetime:
        """The moment of the answer that the person had before them."""
        return moment_seen(self.cleaned_data["seen"])


class RefuseForm(forms.Form):
    """Do not take it over, and say why."""

    word = forms.CharField(label=_("Waarom neemt u dit niet over?"), max_length=300)
