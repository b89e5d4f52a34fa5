"""The forms of the work on an alert: judging, noting, asking, assigning, handing over, the second look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.network.models import Node, User
from brandwacht.soc.forms.alerts import ReasonForm
from brandwacht.soc.models import Disposition, Receiver
from brandwacht.soc.services.questions import MAX_ANSWER, MAX_QUESTION
from brandwacht.soc.services.story import MAX_NOTE

DEFAULT_TLP = TLP.AMBER_STRICT.label


class CloseForm(ReasonForm):
    """What the alert turned out to be, and how that is known."""

    disposition = forms.ChoiceField(
        label=_("Wat bleek het te zijn?"), choices=Disposition.choices, widget=forms.RadioSelect
    )
    field_order = ("seen", "disposition", "reason")


class NoteForm(forms.Form):
    """A note with an alert."""

    text = forms.CharField(
        label=_("Notitie"),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Een notitie blijft staan zoals u haar schrijft."),
    )


class AskForm(forms.Form):
    """A question to the organisation."""

    text = forms.CharField(
        label=_("Uw vraag"),
        max_length=MAX_QUESTION,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Bijvoorbeeld: is dit jullie beheerder, en was dit gepland?"),
    )


class AnswerForm(forms.Form):
    """The answer of the organisation."""

    answer = forms.CharField(label=_("Uw antwoord"), max_length=MAX_ANSWER, widget=forms.Textarea(attrs={"rows": 3}))


class AssignForm(forms.Form):
    """Whom the alert goes to."""

    colleague = forms.ChoiceField(label=_("Aan wie?"))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [("", _("Kies een collega")), *((str(user.public_id), user.name) for user in people)]


class EscalateForm(forms.Form):
    """What goes along with a hand-over."""

    receiver = forms.ChoiceField(label=_("Aan wie draagt u over?"), choices=Receiver.choices, widget=forms.RadioSelect)
    tlp = forms.ChoiceField(
        label=_("Hoe ver mag dit hoogstens worden gedeeld?"),
        choices=[(tlp.label, f"{tlp.label}: {tlp.who_may_see}") for tlp in TLP],
        widget=forms.RadioSelect,
        initial=DEFAULT_TLP,
    )
    assets = forms.MultipleChoiceField(label=_("Om welke middelen gaat het?"), widget=forms.CheckboxSelectMultiple)
    indicators = forms.CharField(
        label=_("Kenmerken van de aanvaller"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Adressen, namen en vingerafdrukken, een per regel. Haal weg wat niet bij de aanval hoort."),
    )
    done = forms.CharField(label=_("Wat is er al gedaan?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    question = forms.CharField(
        label=_("Wat vraagt u van de ontvanger?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, nodes: list[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._nodes = {str(node.public_id): node for node in nodes}
        field = self.fields["assets"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(key, node.name) for key, node in self._nodes.items()]

    def chosen(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        lines = (line.strip()[:300] for line in data["indicators"].splitlines())
        return {
            "receiver": data["receiver"],
            "tlp": data["tlp"],
            "assets": [self._nodes[key] for key in data["assets"]],
            "indicators": list(dict.fromkeys(line for line in lines if line)),
            "done": data["done"],
            "question": data["question"],
        }


class LookForm(forms.Form):
    """What the second person thinks of it."""

    verdict = forms.ChoiceField(
        label=_("Bent u het eens met het oordeel?"),
        choices=[
            ("eens", _("Eens")),
            ("oneens", _("Niet eens, leg alleen mijn oordeel vast")),
            ("heropen", _("Niet eens, zet de melding terug in de wachtrij")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Toelichting"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
