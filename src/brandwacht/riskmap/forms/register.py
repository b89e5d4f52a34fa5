"""The forms of the register's own parts: plans, lists of vital processes, partners and levers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.network.forms import DayField
from brandwacht.network.models import Requirement
from brandwacht.network.services.imports import BadValue
from brandwacht.network.services.node_names import NodeNames, split_names
from brandwacht.riskmap.models import LeverKind, LeverState
from brandwacht.riskmap.register.levers import Grounds

MOST_MINUTES = 527_040
_LIST = {"list": "onderdelen", "autocomplete": "off"}


class NodeField(forms.CharField):
    """A node by its key or name; the cleaned value is its public id. ``names`` is set by the form."""

    names: NodeNames

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, widget=forms.TextInput(attrs=_LIST), **kwargs)

    def clean(self, value: Any) -> UUID | None:
        """The public id, ``None`` when it may be and is empty; else an error that says what to write."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return self.names.find(typed).public_id
        except BadValue as error:
            raise forms.ValidationError(str(error)) from error


class NodesField(forms.CharField):
    """Several nodes, one a line; the cleaned value is a list of public ids."""

    names: NodeNames

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=6000, widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def clean(self, value: Any) -> list[UUID]:
        """The public ids; an error names every line that is not in the register."""
        found: list[UUID] = []
        faults: list[str] = []
        for word in split_names(super().clean(value)):
            try:
                found.append(self.names.find(word).public_id)
            except BadValue as error:
                faults.append(str(error))
        if faults:
            raise forms.ValidationError(faults[:10])
        return found


class NamedForm(forms.Form):
    """A form with fields that name nodes of one owner."""

    def __init__(self, *args: Any, owner_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = NodeNames.of(owner_id)
        for field in self.fields.values():
            if isinstance(field, NodeField | NodesField):
                field.names = names


class PlanForm(forms.Form):
    """A continuity plan of one node."""

    name = forms.CharField(
        label=_("Naam van het plan"), max_length=120, help_text=_("Bijvoorbeeld: alarmeren met papier en portofoon.")
    )
    requirement = forms.ChoiceField(
        label=_("Waarvoor is het?"),
        required=False,
        help_text=_("Wat er wegvalt. Kies alles als het plan overal voor is."),
    )
    fallback = forms.CharField(
        label=_("Hoe gaat het werk door zonder?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Wie doet wat, met welke middelen: papier, portofoon, een andere plek."),
    )
    owner_name = forms.CharField(label=_("Wie gaat erover?"), max_length=120)
    autonomy = forms.IntegerField(
        label=_("Hoeveel minuten is dat vol te houden?"), min_value=1, max_value=MOST_MINUTES,
        help_text=_("Een schatting tot er een test is. 4 uur is 240."),
    )  # fmt: skip
    test_months = forms.IntegerField(
        label=_("Na hoeveel maanden is een test te oud?"), min_value=1, max_value=60, initial=12
    )

    def __init__(self, *args: Any, needs: Iterable[Requirement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Alles wat dit onderdeel nodig heeft")), *((str(n.public_id), n.label) for n in needs)]
        self.fields["requirement"].choices = choices  # type: ignore[attr-defined]


class PlanForForm(NamedForm):
    """Which node a new plan is for."""

    node = NodeField(
        label=_("Voor welk proces of onderdeel?"), help_text=_("Typ een naam of sleutel uit het register.")
    )


class TestForm(forms.Form):
    """A test of a plan."""

    held_on = DayField(label=_("Op welke dag was de test?"))
    minutes = forms.IntegerField(
        label=_("Hoeveel minuten is het volgehouden?"), min_value=0, max_value=MOST_MINUTES,
        help_text=_("Daar rekent de kaart mee, ook als het plan meer belooft. 0 als het niet lukte."),
    )  # fmt: skip
    learned = forms.CharField(
        label=_("Wat leerde u ervan?"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AreaForm(forms.Form):
    """For which area a new list is."""

    area = forms.CharField(
        label=_("Voor welk gebied?"), max_length=80, help_text=_("De naam van de gemeente, of: hele regio.")
    )


class ItemForm(NamedForm):
    """A process on a list of vital processes."""

    node = NodeField(label=_("Welk proces?"), help_text=_("Typ een naam of sleutel uit het register."))
    impact = forms.CharField(
        label=_("Wat gebeurt er als het uitvalt?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreements = forms.CharField(
        label=_("Welke bindende afspraken zijn er?"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bijvoorbeeld een convenant, een contract met hersteltijd, of een wettelijke plicht."),
    )  # fmt: skip


class AdoptForm(forms.Form):
    """The decision of the administrators."""

    body = forms.CharField(
        label=_("Welk bestuur besloot?"), max_length=120,
        help_text=_("Bijvoorbeeld: algemeen bestuur, of college van burgemeester en wethouders."),
    )  # fmt: skip
    decided_on = DayField(label=_("Op welke dag?"))
    decision = forms.CharField(
        label=_("Wat is het besluit?"), max_length=200, help_text=_("Met het nummer of het agendapunt.")
    )


class PartnerForm(NamedForm):
    """A signed link for a partner."""

    partner = forms.CharField(label=_("Voor wie is de link?"), max_length=120, help_text=_("De gemeente of partner."))
    email = forms.EmailField(
        label=_("E-mailadres van de contactpersoon"), required=False,
        help_text=_("Alleen om te onthouden aan wie u de link stuurt; Brandwacht stuurt niets."),
    )  # fmt: skip
    nodes = NodesField(
        label=_("Welke onderdelen vult die partner in?"),
        help_text=_("Namen of sleutels uit het register, één per regel. Meer ziet de partner niet."),
    )
    until = DayField(label=_("Tot en met"), help_text=_("Hoogstens drie maanden. Eerder intrekken kan altijd."))


class LeverForm(NamedForm):
    """A question to a private party, or advice on a permit."""

    kind = forms.ChoiceField(label=_("Wat is het?"), choices=LeverKind.choices, widget=forms.RadioSelect())
    party = forms.CharField(
        label=_("Aan wie?"), max_length=120,
        help_text=_("Het bedrijf, bijvoorbeeld een chemische fabriek of datacentrum, of het bevoegd gezag."),
    )  # fmt: skip
    node = NodeField(label=_("Over welk onderdeel van het register?"), required=False)
    subject = forms.CharField(label=_("Onderwerp"), max_length=160)
    text = forms.CharField(
        label=_("Wat vraagt of adviseert u?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )
    basis = forms.ChoiceField(label=_("Waarop berust dat?"))
    sent_on = DayField(label=_("Verzonden op"))
    due = DayField(label=_("Antwoord gevraagd vóór of op"))

    def __init__(self, *args: Any, grounds: Grounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (label, [(each.key, each.name) for each in grounds.grounds if kind in each.kinds])
            for kind, label in LeverKind.choices
        ]
        self.fields["basis"].choices = groups  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What came of a question or advice."""

    state = forms.ChoiceField(
        label=_("Wat kwam eruit?"), widget=forms.RadioSelect(),
        choices=[(value, label) for value, label in LeverState.choices if value != LeverState.OPEN],
    )  # fmt: skip
    answered_on = DayField(label=_("Op welke dag?"))
    answer = forms.CharField(
        label=_("Wat is er geantwoord, of waarom geweigerd?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
