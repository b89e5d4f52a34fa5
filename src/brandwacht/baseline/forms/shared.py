"""The forms of shared measures: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.forms.choices import control_choices, theme_choices
from brandwacht.baseline.forms.owners import OwnerForm
from brandwacht.network.forms import DayField


class SharedFilterForm(forms.Form):
    """Which published measures to show."""

    q = forms.CharField(label=_("Zoek op naam"), required=False, max_length=80)
    theme = forms.ChoiceField(label=_("Thema"), required=False, choices=theme_choices)
    control = forms.ChoiceField(
        label=_("Vraag van de BIO2"), required=False,
        choices=lambda: [("", _("Alle vragen")), *control_choices()[1:]],
    )  # fmt: skip


class PublishForm(forms.Form):
    """A measure for others."""

    title = forms.CharField(label=_("Naam van de maatregel"), max_length=200)
    control = forms.ChoiceField(
        label=_("Bij welke vraag van de BIO2 hoort het?"), choices=lambda: control_choices()[1:]
    )
    text = forms.CharField(
        label=_("Tekst die anderen kunnen overnemen"),
        help_text=_("Schrijf het zo dat een andere regio het kan gebruiken. Zet er geen namen of geheimen in."),
        max_length=3900,
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class ReviseForm(PublishForm):
    """A newer version."""

    changed = forms.CharField(
        label=_("Wat is er anders?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Wie de maatregel heeft overgenomen, leest dit en kiest."),
    )  # fmt: skip
    field_order = ("title", "text", "changed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["control"]


class AdoptForm(OwnerForm):
    """Who does it at the own organisation, before when, and whether the name may be shown."""

    due = DayField(label=_("Wanneer is het klaar?"))
    named = forms.BooleanField(
        label=_("Laat zien dat wij deze maatregel hebben overgenomen"), required=False,
        help_text=_("Zonder vinkje telt uw organisatie mee in het aantal, zonder naam."),
    )  # fmt: skip
