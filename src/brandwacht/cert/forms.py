"""The forms of the CERT."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from brandwacht.cert.models import Incident, IncidentState, Phase
from brandwacht.cert.queries import DRILLS, EVERY, RUNNING
from brandwacht.engines.authority import load_clocks, load_powers
from brandwacht.network.models import Organisation
from brandwacht.riskmap.forms.maps import WhatIfForm
from brandwacht.soc.models import Alert, Severity

NODES_AT_ONCE = 3
"""Questions for a node at once; more can be added later."""


def _facts() -> list[tuple[str, str]]:
    return list(load_clocks().facts.items())


def _scenarios() -> list[tuple[str, str]]:
    return list(load_powers().scenarios.items())


class FactsField(forms.MultipleChoiceField):
    """The facts that start legal clocks."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(
            label=_("Wat staat vast?"),
            help_text=_("Hiervan hangt af welke meldplichten lopen. Weet u het nog niet, laat het dan leeg."),
            choices=_facts,
            required=False,
        )


class MomentField(forms.DateTimeField):
    """A moment in local time. In the night the clock goes back, an hour that comes twice is taken as the first."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """The moment; the earlier of two, so that no legal clock is shown later than it is."""
        try:
            given = parse_datetime(value.strip()) if isinstance(value, str) else None
        except ValueError:
            given = None  # such as the thirtieth of February: Django words the refusal
        if given is not None and timezone.is_naive(given):
            return given.replace(tzinfo=timezone.get_current_timezone())
        return super().to_python(value)


_NO_TITLE = {"required": _("Geef het incident een titel waaraan iedereen het herkent.")}


class OpenFromAlertForm(forms.Form):
    """An incident from an alert: a title and the facts that start legal clocks."""

    title = forms.CharField(label=_("Titel van het incident"), max_length=200, error_messages=_NO_TITLE)
    known_at = MomentField(
        label=_("Wanneer wist u ervan?"),
        help_text=_(
            "De meldplichten tellen vanaf dit moment. Hier staat wanneer iemand de melding bevestigde, of anders nu."
        ),
        required=False,
    )
    facts = FactsField()

    @classmethod
    def of(cls, alert: Alert, known_since: datetime) -> OpenFromAlertForm:
        """The form as it stands under an alert."""
        initial = {"title": alert.title[:200], "known_at": timezone.localtime(known_since)}
        return cls(initial=initial, auto_id="incident-%s")


class JoinForm(forms.Form):
    """The running incident that an alert belongs to."""

    incident = forms.TypedChoiceField(
        label=_("Bij welk incident hoort deze melding?"),
        coerce=UUID,
        error_messages={"invalid_choice": _("Dit incident loopt niet meer. Kies een ander, of maak er een.")},
    )

    def __init__(self, data: Any = None, *, running: Sequence[Incident]) -> None:
        super().__init__(data, auto_id="erbij-%s")
        self.fields["incident"].choices = [(str(each.public_id), str(each)) for each in running]  # type: ignore[attr-defined]


class AssessForm(forms.Form):
    """What the incident is taken to be: in words, how serious, which facts, since when, which phase."""

    title = forms.CharField(
        label=_("Titel"), help_text=_("Zo kort dat ook een bestuurder het herkent."), max_length=200, required=False
    )
    summary = forms.CharField(
        label=_("Wat weten we nu?"),
        help_text=_("Twee of drie zinnen voor wie er net bij komt. Dit staat bovenaan de pagina."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=3000,
        required=False,
    )
    known_at = MomentField(
        label=_("Wanneer wist u ervan?"), help_text=_("De meldplichten tellen vanaf dit moment."), required=False
    )
    facts = FactsField()
    severity = forms.TypedChoiceField(label=_("Ernst"), choices=Severity.choices, coerce=int)
    phase = forms.ChoiceField(label=_("Fase"), choices=Phase.choices)
    scenario = forms.ChoiceField(label=_("Soort verstoring"), choices=_scenarios)

    @staticmethod
    def now_of(incident: Incident) -> dict[str, Any]:
        """The initial values: the assessment as it stands."""
        return {
            "title": incident.title,
            "summary": incident.summary,
            "known_at": timezone.localtime(incident.known_at),
            "facts": incident.facts,
            "severity": incident.severity,
            "phase": incident.phase,
            "scenario": incident.scenario,
        }


class HitForm(WhatIfForm):
    """What is hit (more), how, and for how long; asked as in "what if". ``cleaned_data["nodes"]`` holds keys."""

    horizon = None  # type: ignore[assignment]  # Django's way to leave out an inherited question

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nodes = [name for name in self.fields if name.startswith("node")][:NODES_AT_ONCE]
        for name in [name for name in self.fields if name.startswith("node") and name not in self.nodes]:
            del self.fields[name]
        self.fields["node1"].label = _("Wat is geraakt?")
        self.fields["node1"].error_messages["required"] = _("Kies ten minste één onderdeel dat geraakt is.")


class NewIncidentForm(HitForm, AssessForm):
    """An incident that came in by telephone, or a drill."""

    state = duration = None  # type: ignore[assignment]  # as above
    title = forms.CharField(
        label=_("Titel"), max_length=200, help_text=_("Zo kort dat iedereen het herkent."), error_messages=_NO_TITLE
    )
    exercise = forms.BooleanField(
        label=_("Dit is een oefening"),
        help_text=_("Dan staat er overal OEFENING bij. Niemand krijgt een taak en er loopt geen echte meldplicht."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node1"].required = False
        self.order_fields(
            ["title", "summary", *self.nodes, "known_at", "facts", "severity", "phase", "scenario", "exercise"]
        )


class NoteForm(forms.Form):
    """A line in the story."""

    text = forms.CharField(
        label=_("Wat gebeurde er, of wat besloot u?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        error_messages={"required": _("Schrijf eerst op wat er gebeurde of wat u besloot.")},
    )
    at = MomentField(label=_("Wanneer?"), help_text=_("Leeg is: nu."), required=False)


class ClockDoneForm(forms.Form):
    """How a duty was done. Each clock on a page has a form of its own, told apart by ``auto_id``."""

    note = forms.CharField(
        label=_("Bij wie en hoe gemeld?"),
        help_text=_("Met het kenmerk, als u dat heeft. Hoeft u niet te melden, schrijf dan op waarom niet."),
        max_length=300,
        error_messages={"required": _("Schrijf op bij wie en hoe u meldde, met het kenmerk als u dat heeft.")},
    )
    at = MomentField(label=_("Wanneer gemeld?"), help_text=_("Leeg is: nu."), required=False)

    def __init__(self, key: str, data: Any = None) -> None:
        super().__init__(data, auto_id=f"melding-{key}-%s")
        self.key = key


class FilterForm(forms.Form):
    """The filters of the list, in the address."""

    stand = forms.ChoiceField(
        label=_("Stand"),
        choices=[
            (RUNNING, _("Alles wat loopt")),
            *IncidentState.choices,
            (DRILLS, _("Oefeningen")),
            (EVERY, _("Alles")),
        ],
        required=False,
    )
    tekst = forms.CharField(label=_("Zoek in titel of nummer"), required=False, max_length=80)
    organisatie = forms.ChoiceField(label=_("Organisatie"), required=False)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(organisations) < 2:
            del self.fields["organisatie"]
        else:
            named = [(each.code, each.full_name) for each in organisations]
            self.fields["organisatie"].choices = [("", _("Alle")), *named]  # type: ignore[attr-defined]
