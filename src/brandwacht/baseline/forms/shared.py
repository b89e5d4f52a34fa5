"""The forms of shared measures: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.forms.answers import control_choices, theme_choices
from brandwacht.network.forms import DayField
from brandwacht.network.models import User


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


class AdoptForm(forms.Form):
    """Who does it at the own organisation, before when, and whether the name may be shown."""

    owner = forms.ChoiceField(label=_("Wie gaat dit doen?"), required=False)
    owner_name = forms.CharField(label=_("Of iemand zonder account: de naam"), required=False, max_length=120)
    due = DayField(label=_("Wanneer is het klaar?"))
    named = forms.BooleanField(
        label=_("Laat zien dat wij deze maatregel hebben overgenomen"), required=False,
        help_text=_("Zonder vinkje telt uw organisatie mee in het aantal, zonder naam."),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.public_id): user for user in colleagues}
        choices = [("", _("Kies een collega, of typ hieronder een naam")),
                   *((key, user.name) for key, user in self.people.items())]  # fmt: skip
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in, as the service wants it."""
        data = dict(self.cleaned_data)
        owner = self.people.get(data.pop("owner", ""))
        return data | {"owner_id": owner.pk if owner else None}
