"""The forms of the circle itself: guidelines, seats and meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE
from brandwacht.sharing.forms.markings import tlp_field


class GuidelineForm(forms.Form):
    """A new version of the guidelines."""

    text = forms.CharField(
        label=_("Spelregels"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Wat leden met elkaar afspreken: wie meedoet, hoe u met TLP omgaat, wat u niet doorvertelt."),
    )  # fmt: skip
    from_on = forms.DateField(
        label=_("Geldt vanaf"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Wie dan niet getekend heeft, leest niet meer mee tot dat is gedaan."),
    )  # fmt: skip


class SignForm(forms.Form):
    """A signature."""

    read = forms.BooleanField(label=_("Ik heb de spelregels gelezen en houd mij eraan."))
    name = forms.CharField(label=_("Uw naam, als handtekening"), max_length=120)


class MeetingForm(forms.Form):
    """A meeting: agenda beforehand, attendance and decisions afterwards."""

    title = forms.CharField(label=_("Titel"), max_length=LONGEST_TITLE)
    on = forms.DateField(label=_("Datum"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    tlp = tlp_field(help_text=_("Bij TLP:RED lezen alleen de aanwezigen mee, en wie het overleg vastlegt."))
    agenda = forms.CharField(
        label=_("Agenda"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Eén punt per regel."),
    )  # fmt: skip
    attendees = forms.MultipleChoiceField(
        label=_("Wie was er?"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Vul dit na het overleg in."),
    )  # fmt: skip
    decisions = forms.CharField(
        label=_("Besluiten"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}), required=False,
        help_text=_("Eén besluit per regel."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendees"].choices = people  # type: ignore[attr-defined]
