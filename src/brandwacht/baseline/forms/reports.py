"""The forms of the reports and of the workbook: shapes only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models import ReportKind
from brandwacht.baseline.services.reports import LONGEST_NOTE, MOST_SIGNATORIES


class ReportForm(forms.Form):
    """Make a report."""

    kind = forms.ChoiceField(
        label=_("Welk rapport?"),
        choices=ReportKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een van de rapporten.")},
    )
    note = forms.CharField(
        label=_("Wilt u er iets bij zeggen?"),
        help_text=_("Staat bovenaan in het rapport. Laat leeg als het niet nodig is."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
    )


class StyleForm(forms.Form):
    """The logo, and who sign: a name and a role for each of a few."""

    logo = forms.FileField(
        label=_("Logo"),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
        help_text=_(
            "Een PNG van hoogstens 500 kB en 2000 bij 2000 beeldpunten. Een SVG nemen wij niet aan: daarin kan een "
            "opdracht verstopt zitten."
        ),
        required=False,
    )
    remove = forms.BooleanField(label=_("Haal het logo weg"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, MOST_SIGNATORIES + 1):
            self.fields[f"name{place}"] = forms.CharField(
                label=_("Naam van ondertekenaar %(n)d") % {"n": place}, required=False, max_length=80
            )
            self.fields[f"role{place}"] = forms.CharField(
                label=_("Functie van ondertekenaar %(n)d") % {"n": place}, required=False, max_length=80
            )

    @property
    def signatories(self) -> list[dict[str, str]]:
        """Those of whom anything was filled in."""
        pairs = [
            {"name": self.cleaned_data.get(f"name{n}", ""), "role": self.cleaned_data.get(f"role{n}", "")}
            for n in range(1, MOST_SIGNATORIES + 1)
        ]
        return [pair for pair in pairs if pair["name"] or pair["role"]]

    @staticmethod
    def initial_for(signatories: list[dict[str, str]]) -> dict[str, str]:
        """What was set, by the names of the fields."""
        found: dict[str, str] = {}
        for place, each in enumerate(signatories, start=1):
            found |= {f"name{place}": each["name"], f"role{place}": each["role"]}
        return found


class WorkbookForm(forms.Form):
    """Offer a workbook with answers."""

    file = forms.FileField(
        label=_("Het ingevulde bestand"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=_("Een .xlsx van hoogstens 5 MB."),
        error_messages={"required": _("Kies een bestand."), "empty": _("Dit bestand is leeg.")},
    )
