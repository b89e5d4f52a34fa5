"""The questions of "Wat als": what fails, how badly, from when and for how long; each row by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brandwacht.network.wording import precise_duration
from brandwacht.riskmap.forms.maps import DURATIONS, HORIZONS, NodeNames, chosen_key, node_field

MOST_OUTAGES = 6
SHOWN = 1
"""So many rows stand open; the others are behind a click until they are used: most ask about one outage."""
STARTS = (("0", _("meteen")), *((value, label) for value, label in DURATIONS if value))
LENGTHS = (("", _("tot herstel, volgens het register")), *DURATIONS[1:])
STATES = (("down", _("valt uit")), ("degraded", _("hapert")))


class OutagesForm(forms.Form):
    """Rows of outages and how far to look ahead. ``nodes`` maps the keys that can be chosen to their names."""

    use_required_attribute = False  # an empty answer to "Hoe lang?" is an answer
    horizon = forms.ChoiceField(label=_("Hoe ver vooruit rekenen?"), choices=HORIZONS, initial="4320")

    def __init__(
        self,
        *args: Any,
        nodes: Mapping[str, str],
        outages: Sequence[Mapping[str, Any]] = (),
        horizon: int = 0,
        **kw: Any,
    ) -> None:
        self.known = NodeNames(nodes)
        kept = [each for each in outages if each.get("node") in nodes][:MOST_OUTAGES]
        kw.setdefault("initial", {}).update(_initial(self.known, kept, horizon))
        super().__init__(*args, **kw)
        for number in range(1, MOST_OUTAGES + 1):
            first = number == 1
            self.fields[f"node{number}"] = node_field(
                _("Wat valt uit?") if first else _("En wat nog meer?"),
                required=first,
                help_text=_("Typ een deel van de naam en kies uit de lijst.") if first else "",
            )
            self.fields[f"state{number}"] = _Settled(label=_("Hoe erg?"), choices=STATES, initial="down")
            self.fields[f"start{number}"] = _Minutes(label=_("Vanaf wanneer?"), choices=STARTS, initial="0")
            self.fields[f"duration{number}"] = _Minutes(label=_("Hoe lang?"), choices=LENGTHS, initial="")
        for name, value in self.initial.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = _with(field.choices, str(value))

    def rows(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The rows, each with its number and its four questions."""
        for number in range(1, MOST_OUTAGES + 1):
            yield number, [self[f"{name}{number}"] for name in ("node", "state", "start", "duration")]

    @property
    def open_rows(self) -> list[list[forms.BoundField]]:
        """The rows that stand open: the first few, and all up to the last that is used."""
        return [fields for number, fields in self.rows() if number <= self._used]

    @property
    def more_rows(self) -> list[list[forms.BoundField]]:
        """The rows behind a click."""
        return [fields for number, fields in self.rows() if number > self._used]

    @property
    def _used(self) -> int:
        return max([SHOWN, *(number for number, fields in self.rows() if fields[0].value())])

    def clean(self) -> dict[str, Any]:
        """Gather ``outages``; an unknown name gets the names that look like it, a node may stand in one row."""
        cleaned = super().clean() or {}
        found: dict[str, dict[str, Any]] = {}
        for number in range(1, MOST_OUTAGES + 1):
            key = chosen_key(self, f"node{number}", self.known)
            if key is None:
                continue
            if key in found:
                told = gettext("“%(name)s” staat er al. Zet elk onderdeel in één rij.") % {
                    "name": self.known.names[key]
                }
                self.add_error(f"node{number}", told)
            else:
                duration = cleaned.get(f"duration{number}")
                found[key] = {
                    "node": key,
                    "start": int(cleaned.get(f"start{number}") or 0),
                    "duration": int(duration) if duration else None,
                    "state": cleaned.get(f"state{number}") or "down",
                }
        cleaned["outages"] = list(found.values())
        return cleaned


class _Settled(forms.ChoiceField):
    """A question that always has an answer: its initial one when nothing came in."""

    def clean(self, value: Any) -> Any:
        """As Django's, but nothing stands for the initial answer."""
        return super().clean(value) if value not in self.empty_values else self.initial


class _Minutes(_Settled):
    """One of the stretches that are offered, or one that a scenario or a run had: whole minutes, 60 days at most."""

    def valid_value(self, value: Any) -> bool:
        text = str(value)
        return super().valid_value(value) or (text.isascii() and text.isdecimal() and int(text[:9]) <= 86_400)


def _with(choices: Any, value: str) -> list[tuple[str, Any]]:
    """The choices with this one too, when it is not among them."""
    present = list(choices)
    if value.isdecimal() and all(str(key) != value for key, _label in present):
        present.append((value, precise_duration(int(value))))
    return present


def _initial(known: NodeNames, outages: Sequence[Mapping[str, Any]], horizon: int) -> dict[str, Any]:
    found: dict[str, Any] = {"horizon": str(horizon)} if horizon else {}
    for number, each in enumerate(outages, 1):
        duration = each.get("duration")
        found |= {
            f"node{number}": known.shown(each["node"]),
            f"state{number}": each.get("state", "down"),
            f"start{number}": str(each.get("start", 0)),
            f"duration{number}": "" if duration is None else str(duration),
        }
    return found
