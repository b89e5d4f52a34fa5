"""The forms of measures, budget, scales and the risk plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.cascade import CLASSES, INTERESTS, Scales
from brandwacht.network.forms import AmountField
from brandwacht.riskmap.models import MeasureKind

MOST_MINUTES = 60 * 24 * 60
_MINUTES = (MeasureKind.AUTONOMY, MeasureKind.RESTART, MeasureKind.REPAIR)
_ASKED: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    MeasureKind.AUTONOMY: {"need": "", "value": _("Hoeveel minuten langer?")},
    MeasureKind.PROVIDER: {"need": "", "provider": ""},
    MeasureKind.RESTART: {"node": "", "value": _("In hoeveel minuten is het dan opgestart?")},
    MeasureKind.REPAIR: {"node": "", "cause": "", "value": _("In hoeveel minuten is het dan hersteld?")},
    MeasureKind.CAUSE: {"node": "", "cause": ""},
    MeasureKind.RATE: {"node": "", "cause": "", "value": _("Hoeveel storingen per jaar zijn er dan nog?")},
})  # fmt: skip
"""What each kind of measure asks beside its name and its cost, with what the figure is called."""
_HOW_MUCH, _WHICH_NEED = _("Vul in hoeveel."), _("Kies de afhankelijkheid waar de maatregel over gaat.")
_NEEDED: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    MeasureKind.AUTONOMY: {"need": _WHICH_NEED, "value": _HOW_MUCH},
    MeasureKind.PROVIDER: {"need": _WHICH_NEED, "provider": _("Kies de leverancier die erbij komt.")},
    MeasureKind.RESTART: {"node": _("Kies het onderdeel waar de maatregel over gaat."), "value": _HOW_MUCH},
    MeasureKind.REPAIR: {"value": _HOW_MUCH},
    MeasureKind.CAUSE: {
        "node": _("Kies het onderdeel dat van de gezamenlijke oorzaak loskomt."),
        "cause": _("Kies de gezamenlijke oorzaak, en het onderdeel dat ervan loskomt."),
    },
    MeasureKind.RATE: {"value": _HOW_MUCH},
})  # fmt: skip
"""What each kind can not do without, with what is said when it is left empty."""
_ONLY_SOME = ("node", "need", "provider", "cause", "value")


class MeasureForm(forms.Form):
    """A measure of one kind: what it does to which part of the map, what it costs, and what it goes with.

    ``nodes``, ``needs`` and ``causes`` are choices (key, name); a need is "node key | label". Of what it does only what
    its kind needs is asked.
    """

    kind = forms.ChoiceField(choices=MeasureKind.choices, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Naam van de maatregel"), max_length=120)
    node = forms.ChoiceField(label=_("Bij welk onderdeel?"), required=False)
    need = forms.ChoiceField(label=_("Bij welke afhankelijkheid?"), required=False)
    provider = forms.ChoiceField(label=_("Welke leverancier komt erbij?"), required=False)
    cause = forms.ChoiceField(label=_("Welke gezamenlijke oorzaak?"), required=False)
    value = forms.FloatField(required=False, min_value=0, max_value=MOST_MINUTES, localize=True)
    once = AmountField(label=_("Eenmalige kosten in euro"), initial=0)
    yearly = AmountField(label=_("Kosten per jaar in euro"), initial=0)
    needs = forms.MultipleChoiceField(
        label=_("Kan alleen samen met"), required=False, widget=forms.CheckboxSelectMultiple
    )
    excludes = forms.MultipleChoiceField(
        label=_("Kan niet samen met"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Toelichting"), max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        kind: MeasureKind,
        nodes: Sequence[tuple[str, str]],
        needs: Sequence[tuple[str, str]],
        causes: Sequence[tuple[str, str]],
        others: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        asked = _ASKED[kind]
        self.fields["kind"].choices = [(kind.value, kind.label)]  # type: ignore[attr-defined]
        self.initial["kind"] = kind.value
        either = "node" in asked and "cause" in asked and kind != MeasureKind.CAUSE
        none = ("", _("niet van toepassing") if either else _("Kies"))
        given = {"node": nodes, "provider": nodes, "need": needs, "cause": causes}
        for field, choices in given.items():
            self.fields[field].choices = [none, *choices]  # type: ignore[attr-defined]
        self.fields["value"].label = asked.get("value", "")
        if either:
            self.fields["node"].help_text = _("Of kies hieronder een oorzaak die meer onderdelen tegelijk raakt.")
        for field in _ONLY_SOME:
            if field not in asked:
                del self.fields[field]
        for field, said in _NEEDED[kind].items():
            self.fields[field].required = True
            self.fields[field].error_messages["required"] = said
        for field in ("needs", "excludes"):
            self.fields[field].choices = list(others)  # type: ignore[attr-defined]
            if not others:
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        """What no field can say by itself: one of two, and whole minutes."""
        data = super().clean() or {}
        kind = data.get("kind", "")
        if kind in (MeasureKind.REPAIR, MeasureKind.RATE) and not (data.get("node") or data.get("cause")):
            self.add_error("node", gettext("Kies het onderdeel of de gezamenlijke oorzaak."))
        if kind in _MINUTES and data.get("value") is not None and data["value"] != int(data["value"]):
            self.add_error("value", gettext("Vul hele minuten in."))
        return data

    def step(self) -> dict[str, Any]:
        """What the measure does, as ``RiskMeasure.step`` keeps it."""
        data = self.cleaned_data
        kind = data["kind"]
        value = data.get("value") or 0
        if kind in (MeasureKind.AUTONOMY, MeasureKind.PROVIDER):
            node, _bar, label = data["need"].partition(" | ")
            step = {"node": node, "label": label}
            return step | ({"provider": data["provider"]} if kind == MeasureKind.PROVIDER else {"value": int(value)})
        if kind == MeasureKind.CAUSE:
            return {"node": data["node"], "cause": data["cause"]}
        where = {"cause": data["cause"]} if data.get("cause") else {"node": data["node"]}
        return where | {"value": float(value) if kind == MeasureKind.RATE else int(value)}

    @staticmethod
    def initial_of(kind: str, step: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that ``step`` came from."""
        found = {key: step[key] for key in ("provider", "cause", "value") if key in step}
        if kind in (MeasureKind.AUTONOMY, MeasureKind.PROVIDER):
            return found | {"need": f"{step.get('node', '')} | {step.get('label', '')}"}
        return found | {"node": step.get("node", "")}


class BudgetForm(forms.Form):
    """A budget to choose measures for."""

    amount = AmountField(label=_("Budget in euro"), help_text=_("Eenmalig en jaarlijks samen."))
    years = forms.IntegerField(label=_("Over hoeveel jaar?"), min_value=1, max_value=20, initial=4)
    yearly = AmountField(label=_("Hoogstens zoveel per jaar"), required=False, help_text=_("Leeg: geen grens."))


class ScalesForm(forms.Form):
    """The scales: five limits for each interest, its weight, and the chance at which each class begins."""

    status = forms.ChoiceField(
        label=_("Hoe vast staan deze schalen?"),
        choices=[("te bevestigen", _("te bevestigen")), ("vastgesteld", _("vastgesteld"))],
    )
    why = forms.CharField(
        label=_("Waarop berusten ze?"),
        max_length=300,
        help_text=_("Bijvoorbeeld: vastgesteld door het bestuur op 3 maart."),
    )
    total = forms.ChoiceField(
        label=_("Wat telt als de impact van een risico?"),
        choices=[
            ("gemiddelde", _("het gewogen gemiddelde van de belangen")),
            ("hoogste", _("het zwaarst geraakte belang")),
        ],
    )

    def __init__(self, *args: Any, scales: Scales, **kwargs: Any) -> None:
        self.scales = scales
        content = scales.to_json()
        kwargs["initial"] = {"status": scales.status, "total": scales.total, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for row in content["impact"]["interests"]:
            for score, limit in zip(CLASSES, row["limits"], strict=True):
                self._number(f"{row['key']}_{score}", limit, f"{row['name']}, {score}")
            self._number(f"{row['key']}_weight", row["weight"], gettext("%(name)s, gewicht") % {"name": row["name"]})
        for row in content["likelihood"]["classes"][1:]:
            label = gettext("%(key)s (%(name)s) vanaf een kans van") % {"key": row["key"], "name": row["name"]}
            self._number(f"chance_{row['key']}", row["limit"], label, 1)
        self.fields["years"] = forms.IntegerField(
            label=gettext("De kans geldt over hoeveel jaar?"), min_value=1, max_value=100, initial=scales.years
        )

    def _number(self, name: str, initial: float, label: str, most: float = 1e9) -> None:
        self.fields[name] = forms.FloatField(
            label=label,
            min_value=0,
            max_value=most,
            initial=initial,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "size": "8"}),
        )

    @property
    def rows(self) -> list[tuple[str, list[Any]]]:
        """Per interest its name and its fields: A to E, and the weight."""
        names = {each.key: each.name for each in self.scales.interests}
        return [(names[key], [self[f"{key}_{suffix}"] for suffix in (*CLASSES, "weight")]) for key in INTERESTS]

    @property
    def chances(self) -> list[Any]:
        """The limits of likelihood, B to E; A begins at 0."""
        return [self[f"chance_{key}"] for key in CLASSES[1:]]

    def content(self, version: str, day: str) -> dict[str, Any]:
        """The scales as ``read_scales`` takes them."""
        data = self.cleaned_data
        content = self.scales.to_json()
        content["version"], content["date"], content["status"] = version, day, data["status"]
        content["sources"] = [
            {"title": gettext("Opgave van de organisatie"), "note": data["why"]},
            *content["sources"],
        ][:10]
        content["impact"]["total"] = data["total"]
        for row in content["impact"]["interests"]:
            row["limits"] = [data[f"{row['key']}_{score}"] for score in CLASSES]
            row["weight"] = data[f"{row['key']}_weight"]
        for row in content["likelihood"]["classes"][1:]:
            row["limit"] = data[f"chance_{row['key']}"]
        content["likelihood"]["years"] = data["years"]
        return content


class ChanceForm(forms.Form):
    """How likely a scenario is held."""

    likelihood = forms.ChoiceField(label=_("Waarschijnlijkheid"), required=False)
    why = forms.CharField(label=_("Waarom"), max_length=300, required=False)

    def __init__(self, *args: Any, scales: Scales, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["likelihood"].choices = [  # type: ignore[attr-defined]
            ("", _("niet ingeschat")),
            *((key, f"{key}: {scales.likelihood_name(key)}") for key in CLASSES),
        ]


class PlanForm(forms.Form):
    """A new version of the risk plan."""

    year = forms.IntegerField(label=_("Voor welk jaar?"), min_value=2020, max_value=2100)
    note = forms.CharField(
        label=_("Toelichting"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Staat voorin het plan."),
    )  # fmt: skip
