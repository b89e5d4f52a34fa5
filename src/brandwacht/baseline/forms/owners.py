"""Who does a measure: a colleague with an account, or somebody else by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.network.models import User


class OwnerForm(forms.Form):
    """A form that asks who does it; what was chosen is in ``said`` as ``owner_id`` and ``owner_name``."""

    owner = forms.ChoiceField(
        label=_("Wie gaat dit doen?"),
        help_text=_(
            "Deze collega krijgt de actie in ‘Deze week’. Staat de naam er niet bij, vul dan het volgende veld in."
        ),
        required=False,
    )
    owner_name = forms.CharField(
        label=_("Of iemand zonder account: de naam"),
        help_text=_("Vul dit alleen in als u hierboven niemand kiest. De actie komt dan bij de CISO te staan."),
        required=False,
        max_length=120,
    )

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(user.public_id): user for user in colleagues}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("Kies een collega, of typ hieronder een naam")),
            *((key, user.name) for key, user in self._people.items()),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in, as the services want it."""
        data = dict(self.cleaned_data)
        owner = self._people.get(data.pop("owner", ""))
        return data | {"owner_id": owner.pk if owner else None}
