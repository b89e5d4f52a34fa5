"""The forms of the circle: what people type; whether it may be done is decided by the use cases."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.sharing.circle import Circle, choices
from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE
from brandwacht.sharing.forms.markings import tlp_field, tlp_filter
from brandwacht.sharing.models import CircleWarning, ReceiptAnswer, WarningState


class FilterForm(forms.Form):
    """The filters of the list, in the address."""

    q = forms.CharField(label=_("Zoek in tekst, kenmerken of nummer"), required=False, max_length=200)
    tlp = tlp_filter()
    state = forms.ChoiceField(label=_("Stand"), choices=[("", _("Alle")), *WarningState.choices], required=False)
    waiting = forms.BooleanField(label=_("Alleen wat u nog moet beantwoorden"), required=False)

    def __init__(self, *args: Any, answers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not answers:
            del self.fields["waiting"]


class WarningForm(forms.Form):
    """A warning: what is going on, what to do, and who may read it."""

    title = forms.CharField(
        label=_("Titel"),
        max_length=LONGEST_TITLE,
        help_text=_("Noem geen slachtoffer: niet hier, en niet in de rest van de waarschuwing."),
    )
    tlp = tlp_field()
    readers = forms.MultipleChoiceField(
        label=_("Wie mag een waarschuwing met TLP:RED lezen?"),
        help_text=_(
            "Telt alleen bij TLP:RED. Zelf kunt u de waarschuwing altijd lezen; uw collega's alleen als u hen kiest."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    what = forms.CharField(
        label=_("Wat is er aan de hand?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6})
    )
    advice = forms.CharField(
        label=_("Wat raadt u aan?"),
        help_text=_("Eén advies per regel; begin met het belangrijkste."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    indicators = forms.CharField(
        label=_("Kenmerken"),
        help_text=_(
            "Waaraan een aanval te herkennen is (indicatoren): IP-adressen, domeinnamen, URL's, e-mailadressen en "
            "hashes, één per regel. Onklikbaar geschreven mag ook: hxxps://voorbeeld[.]nl"
        ),
        max_length=LONGEST_TEXT * 5,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        required=False,
    )
    techniques = forms.CharField(
        label=_("Technieken van de aanvaller"),
        help_text=_("Nummers uit MITRE ATT&CK (een lijst van aanvalstechnieken), zoals T1003.001, T1021."),
        max_length=500,
        required=False,
    )
    incident = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, circle: Circle, user_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = choices(seat for seat in circle.seats if seat.user_id != user_id)
        self.fields["readers"].choices = list(people.items())  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        """What the use cases ask for."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "tlp": data["tlp"],
            "what": data["what"],
            "advice": data["advice"],
            "indicators_text": data["indicators"],
            "techniques": split_techniques(data["techniques"]),
            "reader_ids": data["readers"],
        }


def split_techniques(text: str) -> list[str]:
    """The numbers in a text, separated by commas, semicolons or white space."""
    return [each for each in re.split(r"[,;\s]+", text) if each]


def initial_of(warning: CircleWarning) -> dict[str, Any]:
    """A draft as the form shows it; ``warning`` has its readers loaded."""
    return {
        "title": warning.title,
        "tlp": warning.tlp,
        "what": warning.what,
        "advice": warning.advice,
        "indicators": "\n".join(each.defanged for each in warning.parsed_indicators),
        "techniques": ", ".join(warning.attack),
        "readers": [str(reader.user.public_id) for reader in warning.readers.all()],
        "incident": warning.incident_ref,
    }


class AnswerForm(forms.Form):
    """A member's answer."""

    answer = forms.ChoiceField(
        label=_("Wat betekent dit voor uw organisatie?"), choices=ReceiptAnswer.choices, widget=forms.RadioSelect
    )


class WithdrawForm(forms.Form):
    """Why a warning no longer holds."""

    reason = forms.CharField(
        label=_("Waarom geldt de waarschuwing niet meer?"), help_text=_("De lezers zien deze reden."), max_length=200
    )
