"""The forms of the watch: filters, reasons, and offering a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.soc.forms.base import Narrowing, OfOrganisation, OwnerFilterForm
from brandwacht.soc.models import AlertState, Severity
from brandwacht.soc.queries import EVERY, MINE, NOBODYS, OPEN, AlertFilter, RuleFilter
from brandwacht.soc.services.inbox import MAX_SIZE


class AlertFilterForm(OwnerFilterForm):
    """Which alerts the queue shows."""

    ernst = forms.ChoiceField(
        label=_("Ernst"),
        required=False,
        initial=str(Severity.MEDIUM.value),
        choices=[
            (str(Severity.CRITICAL.value), _("Alleen kritiek")),
            (str(Severity.HIGH.value), _("Hoog en kritiek")),
            (str(Severity.MEDIUM.value), _("Midden en hoger")),
            (str(Severity.INFORMATIONAL.value), _("Toon ook laag en informatie")),
        ],
    )
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        initial=OPEN,
        choices=[(OPEN, _("Nog te doen")), *AlertState.choices, (EVERY, _("Alle"))],
    )
    van = forms.ChoiceField(
        label=_("Wie heeft de melding"),
        required=False,
        choices=[("", _("Maakt niet uit")), (MINE, _("Ik")), (NOBODYS, _("Nog niemand"))],
    )
    techniek = forms.RegexField(
        r"^[Tt]\d{4}(\.\d{3})?$", label=_("ATT&CK-techniek, zoals T1003"), required=False, max_length=9
    )
    waar = forms.CharField(label=_("Waar (naam van het middel)"), required=False, max_length=100)
    field_order = ("ernst", "stand", "van", "organisatie", "techniek", "waar")

    def narrowing(self) -> AlertFilter:
        """The filter that the form stands for."""
        return AlertFilter(
            severity=int(self.chosen("ernst")),
            state=self.chosen("stand"),
            owner_id=self.owner_id(),
            technique=self.chosen("techniek") or "",
            text=(self.chosen("waar") or "").strip(),
            holder=self.chosen("van") or "",
        )


class RuleFilterForm(Narrowing):
    """Which rules the list shows."""

    ernst = forms.ChoiceField(
        label=_("Ernst"), required=False, choices=[("", _("Alle")), *((str(k), v) for k, v in Severity.choices)]
    )
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("Alle")),
            ("bruikbaar", _("In gebruik")),
            ("uit", _("Uitgezet")),
            ("onbruikbaar", _("Niet te gebruiken")),
            ("stil", _("In gebruik, maar 90 dagen niets gezien")),
            ("eigen", _("Hier geschreven of gewijzigd")),
        ],
    )
    techniek = forms.RegexField(
        r"^[Tt]\d{4}(\.\d{3})?$", label=_("ATT&CK-techniek, zoals T1003"), required=False, max_length=9
    )
    tekst = forms.CharField(label=_("Titel of bestand"), required=False, max_length=100)

    def narrowing(self) -> RuleFilter:
        """The filter that the form stands for."""
        level = self.chosen("ernst")
        return RuleFilter(
            level=int(level) if level else None,
            standing=self.chosen("stand") or "",
            technique=self.chosen("techniek") or "",
            text=(self.chosen("tekst") or "").strip(),
        )


class SeenForm(forms.Form):
    """Carries the state that the person saw, so that a colleague who was first is noticed."""

    seen = forms.ChoiceField(choices=AlertState.choices, widget=forms.HiddenInput, required=False)


class ReasonForm(SeenForm):
    """Why an alert is closed or known."""

    reason = forms.CharField(label=_("Waarom"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class OfferForm(OfOrganisation):
    """A log file for the watch. The organisations are those for which the policy lets the person offer files."""

    organisation = forms.ChoiceField(label=_("Van welke organisatie is dit logbestand?"))
    file = forms.FileField(
        label=_("Logbestand"),
        max_length=200,
        help_text=_(
            "Een Windows-logboek (.evtx), JSON-regels, of regels tekst van syslog, Zeek, een webserver, een firewall "
            "of het auditlogboek van Linux. Ook ingepakt met gzip (.gz) of zstd (.zst). Hoogstens 50 MB."
        ),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_SIZE:
            raise forms.ValidationError(
                _("Dit bestand is groter dan 50 MB. Vraag uw beheerder het in te lezen met de opdrachtregel.")
            )
        return file
