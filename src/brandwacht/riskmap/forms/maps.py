"""The forms of the risk map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brandwacht.network.models import NodeKind

MOST_NODES = 5
DURATIONS = (
    ("", _("tot het hersteld is (hersteltijd uit het register)")),
    ("30", _("30 minuten")),
    ("60", _("1 uur")),
    ("120", _("2 uur")),
    ("240", _("4 uur")),
    ("480", _("8 uur")),
    ("720", _("12 uur")),
    ("1440", _("24 uur")),
    ("2880", _("48 uur")),
    ("4320", _("72 uur")),
)
HORIZONS = (("1440", _("24 uur")), ("4320", _("72 uur")), ("10080", _("1 week")))
STATES = (("down", _("het valt helemaal uit")), ("degraded", _("het hapert, maar werkt nog deels")))


class NodeNames:
    """What people type for a node: its name, its key, or "name (key)". ``nodes`` maps keys to names."""

    def __init__(self, nodes: Mapping[str, str]) -> None:
        self.names = nodes
        self.by_text = {f"{name} ({key})".lower(): key for key, name in nodes.items()}
        self.by_text |= {key.lower(): key for key in nodes}
        for key, name in nodes.items():
            self.by_text.setdefault(name.lower(), key)

    def key_of(self, typed: str) -> str | None:
        """The key of what was typed, if it is known."""
        return self.by_text.get(typed.strip().lower())

    def shown(self, key: str) -> str:
        """A node as the list offers it."""
        return f"{self.names[key]} ({key})"

    def unknown(self, typed: str) -> str:
        """That this is not in the register, with the names that look like it."""
        near = [name for name in self.names.values() if typed.lower() in name.lower()][:3]
        if near:
            return gettext("“%(typed)s” staat niet zo in het register. Bedoelt u: %(near)s?") % {
                "typed": typed,
                "near": ", ".join(near),
            }
        return gettext("“%(typed)s” staat niet in het register. Kies een onderdeel uit de lijst.") % {"typed": typed}


def chosen_key(form: forms.Form, field: str, known: NodeNames) -> str | None:
    """The key of what was typed in a field; nothing typed has none, and what is not known gets an error there."""
    typed = (form.cleaned_data.get(field) or "").strip()
    key = known.key_of(typed) if typed else None
    if typed and key is None:
        form.add_error(field, known.unknown(typed))
    return key


def node_field(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    """A question for a node, with the list of the page under it."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=220,
        help_text=help_text,
        error_messages={"required": _("Kies ten minste één onderdeel dat uitvalt.")},
        widget=forms.TextInput(attrs={"list": "onderdelen", "autocomplete": "off"}),
    )


class WhatIfForm(forms.Form):
    """What fails, how badly, for how long, and how far to look ahead; the same for all nodes.

    ``nodes`` maps the keys that can be chosen to their names.
    """

    state = forms.ChoiceField(label=_("Wat gebeurt ermee?"), choices=STATES, widget=forms.RadioSelect, initial="down")
    duration = forms.ChoiceField(
        label=_("Hoe lang?"),
        choices=DURATIONS,
        required=False,
        help_text=_("Staat er in het register geen hersteltijd, dan duurt de uitval tot het eind van de berekening."),
    )
    horizon = forms.ChoiceField(label=_("Hoe ver vooruit rekenen?"), choices=HORIZONS, initial="4320")

    def __init__(self, *args: Any, nodes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = NodeNames(nodes)
        others = dict(self.fields)
        self.fields.clear()
        for number in range(1, MOST_NODES + 1):
            first = number == 1
            self.fields[f"node{number}"] = node_field(
                _("Welk onderdeel valt uit?") if first else _("Nog een onderdeel"),
                required=first,
                help_text=_("Typ een deel van de naam en kies uit de lijst.") if first else "",
            )
        self.fields |= others

    def clean(self) -> dict[str, Any]:
        """Replace what was typed by the key of the node; an unknown name gets the names that look like it."""
        cleaned = super().clean() or {}
        chosen: list[str] = []
        for number in range(1, MOST_NODES + 1):
            key = chosen_key(self, f"node{number}", self.known)
            if key is not None and key not in chosen:
                chosen.append(key)
        cleaned["nodes"] = chosen
        return cleaned

    def outages(self) -> list[dict[str, Any]]:
        """The outages that were asked for, as ``run_cascade`` takes them."""
        given = self.cleaned_data["duration"]
        return [
            {"node": key, "start": 0, "duration": int(given) if given else None, "state": self.cleaned_data["state"]}
            for key in self.cleaned_data["nodes"]
        ]


class NodeFilterForm(forms.Form):
    """The filters above the list of nodes."""

    tekst = forms.CharField(label=_("Zoek op naam"), required=False, max_length=80)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    soort = forms.ChoiceField(label=_("Soort"), required=False, choices=[("", _("Alle soorten")), *NodeKind.choices])
    vitaal = forms.BooleanField(label=_("Alleen vitaal"), required=False)

    def __init__(self, *args: Any, sectors: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", _("Alle sectoren")), *((name, name) for name in sectors)]  # type: ignore[attr-defined]


class KeepForm(forms.Form):
    """The name under which a run is kept as a scenario."""

    name = forms.CharField(label=_("Naam van het scenario"), max_length=120)
