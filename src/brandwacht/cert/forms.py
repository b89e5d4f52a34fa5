"""The forms of the CERT."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.cert.models import IncidentState, Phase
from brandwacht.engines.authority import load_clocks, load_powers


def _facts() -> list[tuple[str, str]]:
    return list(load_clocks().facts.items())


def _scenarios() -> list[tuple[str, str]]:
    return list(load_powers().scenarios.items())


def _moment(label: Any, help_text: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        widget=widget,
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"],
        required=False,
    )


class OpenFromAlertForm(forms.Form):
    """An incident from an alert: a title and the facts that start legal clocks."""

    title = forms.CharField(label=_("Titel van het incident"), max_length=200)
    facts = forms.MultipleChoiceField(
        label=_("Wat staat al vast?"),
        help_text=_("Hiervan hangt af welke meldplichten gaan lopen. Weet u het nog niet, laat het dan leeg."),
        choices=_facts,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class AssessForm(forms.Form):
    """Phase, scenario, facts and moment of awareness."""

    phase = forms.ChoiceField(label=_("Fase"), choices=Phase.choices)
    scenario = forms.ChoiceField(label=_("Soort verstoring"), choices=_scenarios)
    facts = forms.MultipleChoiceField(
        label=_("Wat staat vast?"),
        help_text=_("Hiervan hangt af welke meldplichten lopen."),
        choices=_facts,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    known_at = _moment(_("Wanneer wist u ervan?"), _("De meldplichten tellen vanaf dit moment."))


class NewIncidentForm(AssessForm):
    """An incident that came in by telephone."""

    field_order = ["title", "summary", "nodes", "known_at", "scenario", "phase", "facts"]

    title = forms.CharField(label=_("Titel"), max_length=200, help_text=_("Zo kort dat iedereen het herkent."))
    summary = forms.CharField(label=_("Wat weten we nu?"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    nodes = forms.MultipleChoiceField(
        label=_("Wat is uitgevallen?"),
        help_text=_("Kies een of meer regels uit uw register. Later aanvullen kan."),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nodes"].choices = nodes  # type: ignore[attr-defined]


class AddAssetsForm(forms.Form):
    """More that is hit."""

    nodes = forms.MultipleChoiceField(label=_("Wat is ook geraakt?"), widget=forms.SelectMultiple(attrs={"size": 8}))

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nodes"].choices = nodes  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A line in the story."""

    text = forms.CharField(label=_("Wat gebeurde er, of wat besloot u?"), widget=forms.Textarea(attrs={"rows": 3}))


class ClockDoneForm(forms.Form):
    """How a duty was done."""

    note = forms.CharField(
        label=_("Bij wie en hoe gemeld?"), help_text=_("Met het kenmerk, als u dat hebt."), max_length=300
    )


class FilterForm(forms.Form):
    """The filters of the list, in the address."""

    state = forms.ChoiceField(
        label=_("Stand"),
        choices=[("", _("Alles wat loopt")), ("alle", _("Alles")), *IncidentState.choices],
        required=False,
    )
    q = forms.CharField(label=_("Zoek in titel of nummer"), required=False, max_length=80)
    organisation = forms.ChoiceField(label=_("Organisatie"), required=False)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("Alle")), *organisations]  # type: ignore[attr-defined]
        if len(organisations) < 2:
            del self.fields["organisation"]
