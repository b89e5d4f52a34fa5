"""Sample data for the style guide (`site/styleguide.html`): every component once, with made-up but likely content."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms


class SampleForm(forms.Form):
    """One question of every kind."""

    title = forms.CharField(
        label="Wat is er gebeurd?", help_text="Eén zin. U kunt dit later aanvullen.", max_length=200
    )
    since = forms.DateTimeField(
        label="Sinds wanneer?", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    severity = forms.ChoiceField(
        label="Hoe ernstig is het?",
        choices=[("critical", "Kritiek"), ("high", "Hoog"), ("medium", "Midden"), ("low", "Laag")],
        widget=forms.RadioSelect,
    )
    process = forms.ChoiceField(
        label="Welk proces raakt het?", choices=[("", "Kies een proces"), ("1", "Alarmering brandweer")], required=False
    )
    story = forms.CharField(label="Wat weet u al?", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    proof = forms.FileField(label="Bewijs", help_text="Hoogstens 10 MB.", required=False)
    share = forms.BooleanField(label="Deel deze melding met de VR-ISAC", required=False)


class SampleFilter(forms.Form):
    """Filters above a list."""

    q = forms.CharField(label="Zoek in de titel", required=False)
    state = forms.ChoiceField(
        label="Toestand", choices=[("", "Alle"), ("open", "Open"), ("done", "Afgehandeld")], required=False
    )


def _item(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**values)


def sample_graph() -> dict[str, Any]:
    """A cascade of eight nodes in the form that `components/graph.html` takes."""
    nodes = [
        ("stroom", "Netstroom Zuidplein", "Energie", False),
        ("nsa", "Noodstroom terminal", "Energie", False),
        ("terminal", "Terminalsystemen", "Telecom", False),
        ("glas", "Glasvezel regio", "Telecom", False),
        ("c2000", "C2000-mast", "Telecom", True),
        ("meldkamer", "Meldkamer-koppeling", "Meldkamer", True),
        ("alarm", "Alarmering brandweer", "Hulpverlening", True),
        ("inzet", "Inzet ambulance", "Hulpverlening", False),
    ]
    edges = [
        ("stroom", "nsa"),
        ("stroom", "terminal"),
        ("nsa", "c2000"),
        ("terminal", "meldkamer"),
        ("glas", "meldkamer"),
        ("c2000", "alarm"),
        ("meldkamer", "alarm"),
        ("meldkamer", "inzet"),
    ]
    changes = [
        (0, "stroom", "down"),
        (5, "terminal", "buffer"),
        (5, "nsa", "buffer"),
        (150, "terminal", "down"),
        (165, "meldkamer", "degraded"),
        (240, "meldkamer", "down"),
        (360, "alarm", "degraded"),
        (360, "inzet", "degraded"),
    ]
    at = {node[0]: index for index, node in enumerate(nodes)}
    return {
        "id": "voorbeeld-cascade",
        "title": "Als de netstroom uitvalt, raakt na 6 uur de alarmering van de brandweer verstoord",
        "nodes": [{"id": i, "label": label, "sector": sector, "vital": vital} for i, label, sector, vital in nodes],
        "edges": [[at[source], at[target]] for source, target in edges],
        "changes": [{"minute": minute, "node": node, "state": state} for minute, node, state in changes],
        "end": 480,
    }


def sample_context(now: datetime) -> dict[str, Any]:
    """Everything the style guide shows, around the moment `now` (aware)."""
    alerts = [
        _item(
            severity="critical",
            title="Back-ups gewist op VRR-BK02",
            asset="VRR-BK02",
            at=now - timedelta(minutes=3),
            state=("open", "Open", "bad"),
            events=41,
            tlp="TLP:RED",
        ),
        _item(
            severity="high",
            title="Wachtwoorden uit geheugen gelezen op VRR-DC01",
            asset="VRR-DC01",
            at=now - timedelta(minutes=12),
            state=("acknowledged", "In behandeling", "info"),
            events=7,
            tlp="TLP:AMBER+STRICT",
        ),
        _item(
            severity="medium",
            title="Aanmelding vanaf een onbekend land",
            asset="mail.vrr.example",
            at=now - timedelta(hours=5),
            state=("open", "Open", "bad"),
            events=2,
            tlp="TLP:GREEN",
        ),
        _item(
            severity="low",
            title="Poortscan op de buitengrens",
            asset="VRR-FW02",
            at=now - timedelta(days=2),
            state=("closed", "Afgehandeld", "done"),
            events=1280,
            tlp="TLP:CLEAR",
        ),
    ]
    invalid = SampleForm({"title": "", "severity": "", "since": "2026-11-22T03:00", "process": "9"})
    invalid.is_valid()
    return {
        "now": now,
        "alerts": alerts,
        "form": SampleForm(),
        "invalid_form": invalid,
        "filter_form": SampleFilter({"state": "open"}),
        "graph": sample_graph(),
        "crumbs": [("Waakzaam", "#"), ("Meldingen", "#"), ("Wachtwoorden uit geheugen gelezen", None)],
        "tabs": [
            _item(
                label="Wat is er gezien",
                url="#",
                active=True,
                count=7,
                within=[
                    _item(label="In volgorde van tijd", url="#", active=True),
                    _item(label="Per regel", url="#", active=False),
                ],
            ),
            _item(label="Waarom dit telt", url="#", active=False, count=None),
            _item(label="Eerste stappen", url="#", active=False, count=3),
        ],
        "minutes_ago": now - timedelta(minutes=12),
        "days_ago": now - timedelta(days=3),
        "today": now + timedelta(minutes=50),
        "tomorrow": now + timedelta(hours=30),
        "later": now + timedelta(days=12),
        "passed": now - timedelta(hours=3),
    }
