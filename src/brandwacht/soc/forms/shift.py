"""The forms of shifts and of the dossier of the connection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.network.models import Node, User
from brandwacht.soc.models import ContactMoment, DecisionKind, SourceState
from brandwacht.soc.services.shifts import MAX_SUMMARY


class EndShiftForm(forms.Form):
    """The summary of a shift, and who comes next. Per open alert a line why, in fields named after its public id."""

    summary = forms.CharField(
        label=_("Samenvatting voor wie na u komt"),
        max_length=MAX_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Vul aan wat de cijfers niet zeggen: wat loopt er, waar moet iemand op letten, wie is gebeld?"),
    )
    colleague = forms.ChoiceField(label=_("Aan wie draagt u over?"), required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [
            ("", _("Wie als eerste begint")),
            *((str(user.public_id), user.name) for user in people),
        ]


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"


class DecisionForm(forms.Form):
    """The condition for connecting, settled one way or the other."""

    kind = forms.ChoiceField(
        label=_("Welk besluit is dit?"),
        choices=[
            (DecisionKind.MEETS.value, _("Wij voldoen aan de voorwaarde")),
            (DecisionKind.TRANSITION.value, _("Wij voldoen nog niet, en sluiten tijdelijk toch aan")),
        ],
        widget=forms.RadioSelect,
    )
    decided_by = forms.CharField(label=_("Wie nam dit besluit (naam en functie)?"), max_length=160)
    why = forms.CharField(label=_("Waarop berust het?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(
        label=_("Tot en met welke dag geldt het?"),
        required=False,
        widget=DayInput,
        help_text=_("Verplicht bij een tijdelijk besluit."),
    )


class RefusalForm(forms.Form):
    """Somebody decided to give no help."""

    decided_by = forms.CharField(label=_("Wie besloot dit (naam en functie)?"), max_length=160)
    why = forms.CharField(label=_("Waarom?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ContactForm(forms.Form):
    """Somebody whom the watch may call."""

    name = forms.CharField(label=_("Naam"), max_length=120)
    task = forms.CharField(label=_("Functie, en wat deze persoon mag beslissen"), max_length=120)
    phone = forms.CharField(label=_("Telefoon"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    moment = forms.ChoiceField(label=_("Wanneer te bellen"), choices=ContactMoment.choices)
    position = forms.IntegerField(label=_("Volgorde (1 wordt het eerst gebeld)"), min_value=1, max_value=99, initial=1)


class SourceForm(forms.Form):
    """Where the connecting of a kind of source stands."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    state = forms.ChoiceField(label=_("Stand"), choices=SourceState.choices)
    note = forms.CharField(label=_("Opmerking"), required=False, max_length=200)


class AgreementForm(forms.Form):
    """Who may isolate what."""

    node = forms.ChoiceField(label=_("Middel uit het register"), required=False)
    what = forms.CharField(
        label=_("Of in woorden: welke systemen"),
        required=False,
        max_length=160,
        help_text=_("Bijvoorbeeld: alle werkplekken, of: niets van de meldkamer."),
    )
    who = forms.CharField(
        label=_("Wie mag loskoppelen"),
        max_length=160,
        help_text=_("Bijvoorbeeld: het SOC zelf, het SOC na een telefoontje, alleen de regio."),
    )
    how = forms.CharField(label=_("Hoe gaat dat"), required=False, max_length=300)

    def __init__(self, *args: Any, nodes: list[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["node"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [("", _("Geen")), *((str(node.public_id), node.name) for node in nodes)]
