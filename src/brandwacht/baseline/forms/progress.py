"""Forms of progress reports: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.baseline.models import ReportDraft
from brandwacht.baseline.queries.known import Known
from brandwacht.baseline.services.progress import WHY_MOST
from brandwacht.engines.norms.progress import RECKONED, TEXT_MOST, DataSet, Question
from brandwacht.network.forms import DayField

_WHOLE = {"inputmode": "numeric"}


def _field(question: Question) -> forms.Field:
    facts: dict[str, Any] = {"label": question.title, "help_text": question.help, "required": False}
    match question.kind:
        case "keuze":
            choices = [("", _("Nog niet gekozen")), *((c.key, c.title) for c in question.choices)]
            return forms.ChoiceField(choices=choices, **facts)
        case "ja-nee":
            return forms.ChoiceField(choices=[("", _("Niet gemeld")), ("ja", _("Ja")), ("nee", _("Nee"))], **facts)
        case "dag":
            wrong = {"invalid": _("Dit is geen datum. Schrijf bijvoorbeeld 31-12-2026.")}
            return DayField(error_messages=wrong, **facts)
        case "euro":
            wrong = {"invalid": _("Schrijf een bedrag in hele euro's, bijvoorbeeld 12.000.")}
            return forms.IntegerField(
                localize=True, min_value=0, widget=forms.TextInput(attrs=_WHOLE), error_messages=wrong, **facts
            )
    wrong = {"invalid": _("Schrijf een getal, bijvoorbeeld 0,2.")}
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.FloatField(localize=True, min_value=0, widget=widget, error_messages=wrong, **facts)


def _told(known: Known) -> str:
    said = {"day": date_format(known.day, "j F Y"), "source": known.source}
    return _("In uw gegevens staat %(day)s (%(source)s).") % said


def _note() -> forms.Field:
    return forms.CharField(
        label=_("Toelichting"), required=False, max_length=TEXT_MOST, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReportForm(forms.Form):
    """What the organisation says itself, with an explanation per part and its bottlenecks."""

    def __init__(
        self,
        data: Any,
        *,
        dataset: DataSet,
        draft: ReportDraft | None = None,
        before: ReportDraft | None = None,
        known: Mapping[str, Known] | None = None,
    ) -> None:
        """``draft`` is what was kept for this moment; without it we start from ``before`` and what is ``known``."""
        known = known or {}
        fresh = {key: each.day for key, each in known.items()} if draft is None else {}
        super().__init__(data, initial=_initial(dataset, draft or before) | fresh)
        self.dataset = dataset
        for part in dataset.parts:
            for question in part.questions:
                field = self.fields[question.key] = _field(question)
                if question.key in known:
                    field.help_text = f"{field.help_text} {_told(known[question.key])}".strip()
        for key in dataset.explained:
            self.fields[f"explained-{key}"] = _note()
        kinds = [("", _("Geen")), *((kind.key, kind.title) for kind in dataset.bottlenecks)]
        categories = [("", _("Niet één thema")), *((each.key, each.title) for each in dataset.categories)]
        for number in self.numbers:
            self.fields[f"kind-{number}"] = forms.ChoiceField(label=_("Knelpunt"), choices=kinds, required=False)
            self.fields[f"category-{number}"] = forms.ChoiceField(
                label=_("Bij welk thema?"), choices=categories, required=False
            )
            self.fields[f"text-{number}"] = forms.CharField(
                label=_("Wat speelt er?"),
                required=False,
                max_length=TEXT_MOST,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def numbers(self) -> range:
        """The rows for bottlenecks."""
        return range(1, self.dataset.bottlenecks_most + 1)

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField], forms.BoundField]]:
        """Per part its title, its questions, and its explanation."""
        for part in self.dataset.parts:
            yield part.title, [self[question.key] for question in part.questions], self[f"explained-{part.key}"]

    @property
    def notes_said(self) -> bool:
        """Whether anything is said about what is reckoned."""
        return any(self[f"explained-{key}"].value() for key in RECKONED)

    def reckoned(self) -> list[forms.BoundField]:
        """The explanations of what is reckoned."""
        titles = {
            "scores": _("Toelichting bij de scores"),
            "maatregelen": _("Toelichting bij de maatregelen"),
            "investering": _("Toelichting bij de investering"),
        }
        found = [self[f"explained-{key}"] for key in RECKONED]
        for key, bound in zip(RECKONED, found, strict=True):
            bound.label = titles[key]
        return found

    def bottlenecks(self) -> Iterator[tuple[int, bool, list[forms.BoundField]]]:
        """The rows for bottlenecks: number, whether anything is in it, and the fields."""
        for number in self.numbers:
            row = [self[f"{name}-{number}"] for name in ("kind", "category", "text")]
            yield number, any(item.value() or item.errors for item in row), row

    def clean(self) -> dict[str, Any]:
        """A bottleneck with a text or a theme has a kind."""
        data: dict[str, Any] = super().clean() or {}
        for number in self.numbers:
            if not data.get(f"kind-{number}") and (data.get(f"text-{number}") or data.get(f"category-{number}")):
                self.add_error(f"kind-{number}", _("Kies wat voor knelpunt dit is."))
        return data

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in, as the service wants it."""
        data = self.cleaned_data
        return {
            "said": {question.key: _json(question, data.get(question.key)) for question in self.dataset.questions},
            "explained": {key: data.get(f"explained-{key}", "") for key in self.dataset.explained},
            "bottlenecks": [
                {name: data.get(f"{name}-{number}", "") for name in ("kind", "category", "text")}
                for number in self.numbers
                if data.get(f"kind-{number}")
            ],
        }


def _json(question: Question, value: Any) -> Any:
    if value in (None, ""):
        return None
    if question.kind == "ja-nee":
        return value == "ja"
    return value.isoformat() if isinstance(value, date) else value


def _initial(dataset: DataSet, draft: ReportDraft | None) -> dict[str, Any]:
    if draft is None:
        return {}
    found: dict[str, Any] = {f"explained-{key}": text for key, text in draft.explained.items()}
    for question in dataset.questions:
        value = draft.said.get(question.key)
        if question.kind == "ja-nee" and value is not None:
            value = "ja" if value else "nee"
        found[question.key] = date.fromisoformat(value) if question.kind == "dag" and value else value
    for number, row in enumerate(draft.bottlenecks, start=1):
        found |= {f"{name}-{number}": text for name, text in row.items()}
    return found


class ReleaseForm(forms.Form):
    """To whom it goes. ``seen`` is the mark of what the person saw."""

    bodies = forms.MultipleChoiceField(
        label=gettext_lazy("Aan wie geeft u dit vrij?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Kies aan wie u de rapportage vrijgeeft.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Waarom een nieuwe versie?"),
        help_text=gettext_lazy("Wie de eerdere versie kreeg, krijgt deze ook en leest dit."),
        required=False,
        max_length=WHY_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bodies"].choices = bodies  # type: ignore[attr-defined]
        self.fields["bodies"].required = not again
        if not again:
            del self.fields["why"]


class WithdrawForm(forms.Form):
    """Why a report is taken back."""

    why = forms.CharField(
        label=gettext_lazy("Waarom trekt u dit in?"),
        help_text=gettext_lazy("Wie de rapportage kreeg, leest dit in plaats van de cijfers."),
        required=False,
        max_length=WHY_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CheckFileForm(forms.Form):
    """The file of a snapshot, to check its signature."""

    file = forms.FileField(
        label=gettext_lazy("Bestand van een momentopname"),
        widget=forms.FileInput(attrs={"accept": ".json"}),
        error_messages={"required": gettext_lazy("Kies het bestand dat u wilt controleren.")},
    )
