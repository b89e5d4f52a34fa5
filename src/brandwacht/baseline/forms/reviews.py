"""The forms of reviews: shapes only; what is allowed is decided in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.forms.choices import control_choices
from brandwacht.baseline.forms.owners import OwnerForm
from brandwacht.baseline.models import (
    AnswerState,
    DrawWay,
    Finding,
    Outcome,
    ProofKind,
    ReviewKind,
    ReviewPoint,
    Weight,
)
from brandwacht.baseline.services.review_sample import Drawing
from brandwacht.engines.norms.sampling import MOST_SEED
from brandwacht.network.forms import DayField
from brandwacht.network.models import Organisation

_LONG = 4000


def _text(label: Any, help_text: Any = "", *, rows: int = 4, required: bool = True, most: int = _LONG) -> Any:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class SampleForm(forms.Form):
    """How the sample is made."""

    way = forms.ChoiceField(
        label=_("Hoe kiest u de vragen?"), choices=DrawWay.choices, widget=forms.RadioSelect, initial=DrawWay.RISKIEST
    )
    size = forms.IntegerField(
        label=_("Getal bij deze keuze"),
        help_text=_(
            "Bij ‘onder een score’: het percentage, bijvoorbeeld 50. Bij ‘grootste risico's’ en ‘loting’: het aantal"
            " vragen, bijvoorbeeld 10."
        ),
        required=False,
        min_value=1,
        max_value=100,
        initial=10,
    )
    seed = forms.IntegerField(
        label=_("Startgetal van de loting"),
        help_text=_(
            "Spreek dit af met de toetsers, bijvoorbeeld de datum als 20261122. Met hetzelfde getal komt iedereen op"
            " dezelfde vragen uit; het staat in het verslag."
        ),
        required=False,
        min_value=0,
        max_value=MOST_SEED,
    )
    numbers = forms.MultipleChoiceField(
        label=_("Vragen die u met de hand kiest"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: control_choices()[1:],
    )

    @property
    def drawing(self) -> Drawing:
        """What was filled in, as the services want it."""
        said = self.cleaned_data
        return Drawing(said["way"], tuple(said["numbers"]), said["size"], said["seed"])


class _ReviewerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Organisation) -> str:
        """The name as people say it, so that a region is not taken for a province."""
        return obj.full_name


class InviteForm(SampleForm):
    """Who is asked to look at what, until when."""

    kind = forms.ChoiceField(
        label=_("Wat wilt u?"), choices=ReviewKind.choices, widget=forms.RadioSelect, initial=ReviewKind.PEER
    )
    title = forms.CharField(
        label=_("Naam van de toetsing"), max_length=120, help_text=_("Bijvoorbeeld: collegiale toetsing najaar 2026.")
    )
    reviewer = _ReviewerChoice(
        label=_("Wie vraagt u?"),
        empty_label=_("Kies een organisatie"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        help_text=_("Een andere regio, of de organisatie van de auditor."),
    )
    person = forms.EmailField(
        label=_("Mag er maar één persoon bij? Vul dan het e-mailadres in"),
        help_text=_("Leeg: alle toetsers en de CISO van die organisatie."),
        required=False,
    )
    question = _text(
        _("Waar moeten de toetsers op letten?"), _("Twee of drie zinnen. Zet hier geen geheimen."), required=False
    )
    ends_on = DayField(
        label=_("Tot en met welke dag hebben zij toegang?"), help_text=_("Daarna eindigt de toegang vanzelf.")
    )
    field_order = ("kind", "title", "reviewer", "person", "question", "ends_on", "way", "size", "seed", "numbers")

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = organisations  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """The answer to an invitation."""

    answer = forms.ChoiceField(choices=[("akkoord", ""), ("anders", ""), ("nee", "")])
    text = _text(_("Uw wens of reden"), _("Nodig als u een andere steekproef wilt, of als u het niet doet."), rows=3,
                 required=False)  # fmt: skip


class ProlongForm(forms.Form):
    """Until when, and why."""

    ends_on = DayField(label=_("Tot en met welke dag?"))
    decision = _text(_("Waarom is er meer tijd nodig, en wie besloot dat?"), _("Dit komt in het verslag."), rows=3)


class ConcludeForm(forms.Form):
    """What the reviewers conclude."""

    outcome = forms.ChoiceField(label=_("Uw oordeel over de steekproef"), choices=Outcome.choices,
                                widget=forms.RadioSelect)  # fmt: skip
    conclusion = _text(_("Waarop berust dat?"), _("Een paar zinnen voor het bestuur van de getoetste organisatie."))


class CloseForm(forms.Form):
    """What the reviewed organisation says of it."""

    reaction = _text(_("Uw reactie"), _("Komt in het verslag. Waar bent u het mee eens, waarmee niet?"), required=False)


class SecondScoreForm(forms.Form):
    """The second score of one control."""

    state = forms.ChoiceField(
        label=_("Voldoet de organisatie, volgens u?"),
        widget=forms.RadioSelect,
        choices=[c for c in AnswerState.choices if c[0] != AnswerState.OPEN],
        error_messages={"required": _("Kies een van de antwoorden.")},
    )
    design = forms.ChoiceField(
        label=_("Opzet: is het goed bedacht?"), choices=Finding.choices, required=False,
        help_text=_("Er is beleid of een afspraak die past bij de vraag."),
    )  # fmt: skip
    existence = forms.ChoiceField(
        label=_("Bestaan: is het ingevoerd?"), choices=Finding.choices, required=False,
        help_text=_("U zag dat het er op dit moment is."),
    )  # fmt: skip
    operation = forms.ChoiceField(
        label=_("Werking: werkt het al een tijd zo?"), choices=Finding.choices, required=False,
        help_text=_("U zag het over een langere tijd, bijvoorbeeld in verslagen."),
    )  # fmt: skip
    reason = _text(_("Waarom?"), _("Verplicht als u anders oordeelt dan de organisatie zelf."), required=False)


class PointForm(forms.Form):
    """A point that must be better."""

    title = forms.CharField(label=_("Wat moet beter?"), max_length=200)
    weight = forms.ChoiceField(label=_("Hoe zwaar weegt dit?"), choices=Weight.choices, initial=Weight.MIDDLE)
    text = _text(_("Toelichting"), rows=2, required=False)


class TalkForm(forms.Form):
    """One message about a control."""

    text = _text(_("Uw bericht"), _("De andere kant leest mee. Zet hier geen geheimen."), rows=3, most=1000)


class PointMeasureForm(OwnerForm):
    """A point that becomes a measure; has the public id of the point as prefix. Many of them stand on one page."""

    make = forms.BooleanField(label=_("Maak hier een maatregel van"), required=False, initial=True)
    title = forms.CharField(label=_("Wat gaat er gebeuren?"), max_length=200, required=False)
    due = DayField(label=_("Wanneer is het klaar?"), required=False)
    field_order = ("make", "title")

    def __init__(self, *args: Any, point: ReviewPoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": str(point.public_id)})
        self.point = point
        for name in ("owner", "owner_name"):
            self.fields[name].help_text = ""  # once is enough on a page


class ProofForm(forms.Form):
    """What was held outside Brandwacht."""

    kind = forms.ChoiceField(label=_("Wat is er gehouden?"), choices=ProofKind.choices, widget=forms.RadioSelect)
    held_on = DayField(label=_("Op welke dag kwam het oordeel?"))
    by = forms.CharField(label=_("Door wie?"), max_length=160)
    scope = forms.CharField(
        label=_("Waarover ging het?"), max_length=300, help_text=_("Bijvoorbeeld: alle maatregelen van de BIO2.")
    )
    outcome = forms.ChoiceField(label=_("Wat was het oordeel?"), choices=Outcome.choices, widget=forms.RadioSelect)
    valid_to = DayField(
        label=_("Tot en met welke dag geldt het?"), required=False, help_text=_("Alleen als dat erop staat.")
    )
    document = forms.CharField(
        label=_("Waar ligt het verslag?"), max_length=200, help_text=_("Bijvoorbeeld een zaaknummer.")
    )
