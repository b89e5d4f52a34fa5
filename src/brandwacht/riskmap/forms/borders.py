"""The forms of cascades over a border."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.network.forms import DayField
from brandwacht.network.models import Node, Organisation


class _NodeChoice(forms.ModelChoiceField):
    """A node of the own register, chosen from a list by name and key."""

    def label_from_instance(self, obj: Any) -> str:
        """Names need not be unique, so the key stands beside it."""
        return f"{obj.name} ({obj.key})"


class ShareForm(forms.Form):
    """Which node is shared, with whom, under which name, until when."""

    node = _NodeChoice(
        label=_("Welk onderdeel?"),
        queryset=Node._base_manager.none(),
        to_field_name="public_id",
        help_text=_("De ander ziet wanneer dit onderdeel in een berekening hapert, uitvalt en terugkomt. Meer niet."),
    )
    name = forms.CharField(
        label=_("Onder welke naam ziet de ander het?"),
        max_length=120,
        help_text=_("Kies een naam die niets zegt over hoe het bij u is ingericht."),
    )
    grantee = forms.ModelChoiceField(label=_("Met wie?"), queryset=Organisation.objects.none(), to_field_name="code")
    ends_on = DayField(label=_("Tot en met welke dag?"))

    def __init__(self, *args: Any, nodes: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
        self.fields["grantee"].queryset = organisations  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """Which own node stands for what another shares."""

    node = _NodeChoice(
        label=_("Welk onderdeel van uw kaart staat hiervoor?"),
        queryset=Node._base_manager.none(),
        to_field_name="public_id",
        help_text=_("In een berekening over de grens doet dit onderdeel wat de ander erover zegt."),
    )

    def __init__(self, *args: Any, nodes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
