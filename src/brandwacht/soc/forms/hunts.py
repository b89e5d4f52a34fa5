"""The forms of searching in logs and of keeping them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.network.models import Organisation
from brandwacht.soc.forms.base import OfOrganisation
from brandwacht.soc.hunts import OWN, PERIODS, WORDS, Query
from brandwacht.soc.store.columns import COLUMNS
from brandwacht.soc.store.conditions import AND, LONGEST, MOST, OPERATORS, OR, WITHOUT_VALUE, Line

FIELDS, SQL = "velden", "sql"
LINES: Final = 3
"""Lines that an empty form has."""
NAMES: Final = {
    "@timestamp": _("Tijd"),
    "organization.id": _("Organisatie (code)"),
    "observer.name": _("Bron"),
    "event.dataset": _("Soort log"),
    "winlog.channel": _("Windows-logboek"),
    "event.provider": _("Programma dat logde"),
    "event.code": _("Nummer van de gebeurtenis"),
    "host.name": _("Computer"),
    "user.name": _("Gebruiker"),
    "source.ip": _("Adres van"),
    "source.port": _("Poort van"),
    "destination.ip": _("Adres naar"),
    "destination.port": _("Poort naar"),
    "process.executable": _("Programma"),
    "process.command_line": _("Opdrachtregel"),
    "process.parent.executable": _("Programma dat het startte"),
    "process.parent.command_line": _("Opdrachtregel daarvan"),
    "file.path": _("Bestand"),
    "file.hash": _("Vingerafdruk van een bestand"),
    "registry.path": _("Register van Windows"),
    "dns.question.name": _("Opgevraagde domeinnaam"),
    "url.full": _("Webadres"),
    "event.original": _("Hele gebeurtenis (tekst)"),
}
"""What people call the fields; beside it stands the name from the Elastic Common Schema."""
COLUMN_NAMES: Final = {column.name: NAMES[column.ecs] for column in COLUMNS}
_MOMENT: Final = {"type": "datetime-local"}


class HuntForm(forms.Form):
    """A search: lines over fields or SQL, the period, and where to look."""

    sql = forms.CharField(
        label=_("Opdracht in SQL"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "bw-code"}),
        help_text=_("Eén SELECT over de tabel events. De periode en organisaties hieronder gelden ook hier."),
    )
    periode = forms.ChoiceField(
        label=_("Periode"),
        initial="week",
        choices=[*((key, label) for key, (label, _span) in PERIODS.items()), (OWN, _("Eigen periode"))],
    )
    van = forms.DateTimeField(
        label=_("Begin van de eigen periode"),
        required=False,
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    tot = forms.DateTimeField(
        label=_("Eind van de eigen periode"),
        required=False,
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    bron = forms.CharField(label=_("Naam van de bron bevat"), required=False, max_length=100)
    soort = forms.CharField(label=_("Soort log bevat, zoals Security of zeek.dns"), required=False, max_length=100)
    organisaties = forms.MultipleChoiceField(
        label=_("Zoek in de logs van"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies in welke organisaties u zoekt.")},
    )

    def __init__(
        self, *args: Any, organisations: list[Organisation], mode: str, lines: int = LINES, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mode = mode
        self._ids = {o.code: o.pk for o in organisations}
        where = self.fields["organisaties"]
        assert isinstance(where, forms.MultipleChoiceField)  # noqa: S101 - tells the type checker
        where.choices = [(o.code, o.full_name) for o in organisations]
        where.initial = list(self._ids)
        if len(organisations) < 2:
            del self.fields["organisaties"]
        self.count = max(1, min(MOST, lines)) if mode == FIELDS else 0
        if mode == FIELDS:
            del self.fields["sql"]
        else:
            self.fields["sql"].required = True
        for number in range(self.count):
            self.fields |= _line_fields(number)

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines of the search, each with its four controls."""
        for number in range(self.count):
            yield {
                "number": number,
                "human": number + 1,
                "joiner": self[f"j{number}"] if number else None,
                "field": self[f"f{number}"],
                "operator": self[f"o{number}"],
                "value": self[f"v{number}"],
            }

    @property
    def usual(self) -> Iterator[forms.BoundField]:
        """The questions that are always asked."""
        return (self[name] for name in ("periode", "organisaties") if name in self.fields)

    @property
    def closer(self) -> list[forms.BoundField]:
        """The questions of whoever wants to be more exact."""
        return [self[name] for name in ("van", "tot", "bron", "soort")]

    @property
    def is_closer(self) -> bool:
        """Whether one of those has an answer or an error, so that they are shown at once."""
        return self["periode"].value() == OWN or any(bound.value() or bound.errors for bound in self.closer)

    def owner_ids(self) -> list[int]:
        """The primary keys of the chosen organisations; of the only one when there is nothing to choose."""
        if "organisaties" not in self.fields:
            return list(self._ids.values())
        return [self._ids[code] for code in self.cleaned_data["organisaties"]]

    def query(self) -> Query:
        """The search that the form stands for; a line without a field or, where one is needed, a value is left out."""
        given = self.cleaned_data
        lines = []
        for number in range(self.count):
            field, operator, value = (given.get(f"{part}{number}") or "" for part in "fov")
            if field and (value.strip() or operator in WITHOUT_VALUE):
                lines.append(Line(given.get(f"j{number}") or AND, field, operator or "is", value.strip()))
        return Query(
            lines=tuple(lines),
            sql=given.get("sql", "").strip(),
            period=given["periode"],
            since=given.get("van"),
            until=given.get("tot"),
            source=(given.get("bron") or "").strip(),
            kind=(given.get("soort") or "").strip(),
        )


def initial_of(query: Query, codes: list[str]) -> dict[str, Any]:
    """What a form over an earlier search starts with."""
    found: dict[str, Any] = {
        "sql": query.sql,
        "periode": query.period,
        "van": query.since,
        "tot": query.until,
        "bron": query.source,
        "soort": query.kind,
    }
    for number, line in enumerate(query.lines):
        found |= {f"j{number}": line.joiner, f"f{number}": line.field}
        found |= {f"o{number}": line.operator, f"v{number}": line.value}
    return found | ({"organisaties": codes} if codes else {})


def lines_in(data: Mapping[str, Any]) -> int:
    """How many lines a form that was sent has."""
    sent = [int(key[1:]) for key in data if key[:1] == "f" and key[1:].isdecimal() and len(key) < 4]
    return max([LINES, *(number + 1 for number in sent)])


def _line_fields(number: int) -> dict[str, forms.Field]:
    place = {"n": number + 1}
    return {
        f"j{number}": forms.ChoiceField(
            label=_("Regel %(n)d: en of of") % place, required=False, choices=[(AND, _("en")), (OR, _("of"))]
        ),
        f"f{number}": forms.ChoiceField(
            label=_("Regel %(n)d: veld") % place,
            required=False,
            choices=[("", _("kies een veld")), *((ecs, f"{name} ({ecs})") for ecs, name in NAMES.items())],
        ),
        f"o{number}": forms.ChoiceField(
            label=_("Regel %(n)d: vergelijking") % place,
            required=False,
            choices=[(key, WORDS[key]) for key in dict.fromkeys(op for ops in OPERATORS.values() for op in ops)],
        ),
        f"v{number}": forms.CharField(
            label=_("Regel %(n)d: waarde") % place, required=False, max_length=LONGEST, strip=True
        ),
    }


class NameForm(forms.Form):
    """The name under which a search is kept."""

    naam = forms.CharField(label=_("Bewaar deze zoekvraag als"), max_length=120)


class TermForm(forms.Form):
    """How long events are kept."""

    dagen = forms.IntegerField(label=_("Bewaar logs zoveel dagen"), min_value=7, max_value=3650)


class HoldForm(OfOrganisation):
    """Days that are kept longer."""

    owner_field = "organisatie"

    organisatie = forms.ChoiceField(label=_("Van welke organisatie"))
    eerste = forms.DateField(label=_("Eerste dag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    laatste = forms.DateField(label=_("Laatste dag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reden = forms.CharField(
        label=_("Waarom"), max_length=300, help_text=_("Bijvoorbeeld het nummer van het incident of van de aangifte.")
    )
