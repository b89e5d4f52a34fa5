"""The forms of the map: boundaries from a file, and where things stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class BoundariesForm(forms.Form):
    """A file with boundaries. ``whole``: also areas outside the own region."""

    file = forms.FileField(
        label=_("Bestand met grenzen"),
        widget=forms.FileInput(attrs={"accept": ".json,.geojson,.topojson"}),
        help_text=_("GeoJSON of TopoJSON van hoogstens 25 MB, in graden (WGS84) of in het Rijksdriehoeksstelsel."),
        error_messages={"required": _("Kies een bestand."), "empty": _("Dit bestand is leeg.")},
    )
    source = forms.CharField(
        label=_("Waar komt het vandaan?"),
        max_length=200,
        required=False,
        help_text=_("Staat onder de kaart. Bijvoorbeeld: CBS en Kadaster, gemeentegrenzen 2026."),
    )
    layer = forms.CharField(
        label=_("Laag"),
        max_length=80,
        required=False,
        help_text=_("Alleen voor TopoJSON met meer lagen. Leeg: de laag met de meeste gebieden van uw regio."),
    )
    whole = forms.BooleanField(label=_("Neem ook gebieden buiten mijn regio"), required=False)


class PutForm(forms.Form):
    """Which nodes stand at which place; ``nodes`` are the public ids that can be chosen, with their names."""

    place = forms.CharField(
        label=_("Waar staan ze?"),
        max_length=60,
        help_text=_("Kies een gebied uit de lijst, of geef breedte en lengte in graden: 51,9225; 4,4792."),
        widget=forms.TextInput(attrs={"list": "gebieden", "autocomplete": "off"}),
        error_messages={"required": _("Kies een gebied, of geef breedte en lengte.")},
    )
    nodes = forms.MultipleChoiceField(
        label=_("Welke onderdelen?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één onderdeel.")},
    )

    def __init__(self, *args: Any, nodes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nodes"].choices = list(nodes)  # type: ignore[attr-defined]
