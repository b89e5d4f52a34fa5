"""The forms of evidence, of what applies, and of the fixed tasks: shapes only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.documents import ACCEPT
from brandwacht.baseline.models import FRAMEWORK, AnswerState, Level
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.applicability import LevelTest
from brandwacht.network.forms import DayField

_THEMES = load_framework(FRAMEWORK).themes


class EvidenceForm(forms.Form):
    """A piece of evidence."""

    title = forms.CharField(
        label=_("Wat is dit bewijs?"),
        help_text=_("Bijvoorbeeld: verslag van de hersteltest."),
        max_length=200,
        error_messages={"required": _("Schrijf op wat dit bewijs is.")},
    )
    where = forms.CharField(
        label=_("Waar ligt het?"),
        help_text=_("De vindplaats, bijvoorbeeld een zaaknummer. Of voeg hieronder het bestand zelf toe."),
        required=False,
        max_length=500,
    )
    file = forms.FileField(
        label=_("Bestand"),
        help_text=_("Hoogstens 10 MB: PDF, Word, Excel, PowerPoint, OpenDocument, afbeelding of tekst. Geen geheimen."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    valid_from = DayField(
        label=_("Vanaf welke dag telt het?"),
        help_text=_("Meestal de dag van het stuk. Leeg is: de dag waarop u het kreeg."),
        required=False,
    )
    valid_to = DayField(
        label=_("Tot en met welke dag telt het?"), help_text=_("Leeg is: een jaar na de eerste dag."), required=False
    )
    received_on = DayField(label=_("Wanneer kreeg u het?"), help_text=_("Leeg is: vandaag."), required=False)


class WithdrawForm(forms.Form):
    """Why evidence counts no longer."""

    why = forms.CharField(
        label=_("Waarom telt dit niet meer?"),
        max_length=300,
        error_messages={"required": _("Schrijf op waarom dit bewijs niet meer telt.")},
    )


class GovernmentForm(forms.Form):
    """The answer to one government measure; an accepted risk is not among the choices."""

    state = forms.ChoiceField(
        label=_("Voldoet uw organisatie aan deze maatregel?"),
        widget=forms.RadioSelect,
        choices=[c for c in AnswerState.choices if c[0] not in (AnswerState.OPEN, AnswerState.ACCEPTED)],
        error_messages={"required": _("Kies een van de antwoorden.")},
    )
    reason = forms.CharField(
        label=_("Waarom is dit het antwoord?"),
        help_text=_("Verplicht bij ‘niet van toepassing’."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )


class GovernmentFilterForm(forms.Form):
    """Which government measures to list, in the address."""

    state = forms.ChoiceField(
        label=_("Antwoord"),
        required=False,
        choices=[
            ("", _("Wat nog iets vraagt")),
            *(choice for choice in AnswerState.choices if choice[0] != AnswerState.ACCEPTED),
            ("alle", _("Alle")),
        ],
    )
    theme = forms.ChoiceField(
        label=_("Thema"),
        required=False,
        choices=[("", _("Alle thema's")), *((key, key.capitalize()) for key in _THEMES)],
    )


class RhythmForm(forms.Form):
    """That a fixed task was done."""

    done_on = DayField(label=_("Gedaan op"), error_messages={"required": _("Kies de dag waarop dit is gedaan.")})
    where = forms.CharField(
        label=_("Waar ligt het bewijs?"),
        help_text=_("Dan telt het mee bij de vraag, tot deze taak weer aan de beurt is."),
        required=False,
        max_length=500,
    )
    note = forms.CharField(label=_("Opmerking"), required=False, max_length=500)


class LevelForm(forms.Form):
    """The test for one process, or a level on a risk analysis."""

    level = forms.TypedChoiceField(
        label=_("Welk niveau kiest u?"),
        help_text=_("Kiest u lager dan de vragen aangeven, vul dan de twee velden hieronder in."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Wat uit de vragen komt")), *Level.choices],
    )
    risk_analysis = forms.CharField(
        label=_("In welke risicoanalyse staat dit?"),
        help_text=_("Het nummer of de vindplaats van de analyse."),
        required=False,
        max_length=200,
    )
    note = forms.CharField(
        label=_("Toelichting"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )

    def __init__(self, *args: Any, test: LevelTest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.test = test
        own = dict(self.fields)
        self.fields.clear()
        for question in test.questions:
            self.fields[question.key] = forms.ChoiceField(
                label=question.text,
                required=False,
                widget=forms.RadioSelect,
                choices=[(choice.key, choice.text) for choice in question.choices],
            )
        self.fields.update(own)

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in, as the service wants it; no choices at all is no test."""
        data = dict(self.cleaned_data)
        given = {question.key: data.pop(question.key) for question in self.test.questions}
        return data | {"given": given if any(given.values()) else None}
