"""The form of a joint theme: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class ThemeForm(forms.Form):
    """A joint theme."""

    title = forms.CharField(
        label=gettext_lazy("Hoe heet het thema?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Geef het thema een naam.")},
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Welke knelpunten neemt u samen?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Kies uit welke knelpunten dit thema bestaat.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Wat gaat er gebeuren?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
