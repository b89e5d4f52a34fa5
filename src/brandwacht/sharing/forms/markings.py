"""The fields of TLP and PAP, the same in every form of the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import PAP, TLP

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WHO_MAY_READ: Final = _("Wie mag dit lezen? (TLP, Traffic Light Protocol)")


def tlp_field(
    *without: TLP,
    label: str | _StrPromise = WHO_MAY_READ,
    help_text: str | _StrPromise = "",
) -> forms.ChoiceField:
    """A label of TLP with who may see what carries it; ``without`` are labels that it can not have."""
    choices = [(each.name, f"{each.label} – {each.who_may_see}") for each in TLP if each not in without]
    return forms.ChoiceField(label=label, help_text=help_text, choices=choices, widget=forms.RadioSelect)


def pap_field() -> forms.ChoiceField:
    """A level of PAP with what it allows."""
    return forms.ChoiceField(
        label=_("Wat mag een lezer ermee doen? (PAP, Permissible Actions Protocol)"),
        choices=[(each.name, f"{each.label} – {each.what_is_allowed}") for each in PAP],
        widget=forms.RadioSelect,
    )


def tlp_filter() -> forms.ChoiceField:
    """A label of TLP to filter by, or all."""
    choices = [("", _("Alle")), *((each.name, each.label) for each in TLP)]
    return forms.ChoiceField(label=_("TLP"), choices=choices, required=False)
