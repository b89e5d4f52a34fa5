"""The forms for detection content: rules, imports, lists of indicators, looking back."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.network.models import Organisation
from brandwacht.soc.forms.base import OwnerFilterForm
from brandwacht.soc.models import BlindReason
from brandwacht.soc.queries.blindspots import NOWHERE, PARTLY
from brandwacht.soc.services.content_imports import MAX_SIZE
from brandwacht.soc.services.indicators import ADD, REPLACE, ListFacts
from brandwacht.soc.services.rule_text import MAX_EVENT, MAX_TEXT

TOO_LARGE = _("Dit bestand is groter dan 50 MB. Verdeel het, of vraag uw beheerder het met de opdrachtregel te doen.")


def _chosen_date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _FileForm(forms.Form):
    """A form with a file that may not be too large."""

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_SIZE:
            raise forms.ValidationError(TOO_LARGE)
        return file


class RuleUploadForm(_FileForm):
    """A zip with rules."""

    file = forms.FileField(
        label=_("Zip met regels"),
        max_length=200,
        help_text=_("Bestanden die eindigen op .yml of .yaml, in mappen of los; hoogstens 50 MB ingepakt."),
    )
    collection = forms.CharField(
        label=_("Naam van de verzameling"),
        max_length=120,
        required=False,
        help_text=_(
            "Gebruik steeds dezelfde naam voor dezelfde afzender. Dan ziet u welke regels uit een levering verdwenen."
        ),
    )


class RuleForm(forms.Form):
    """The text of a rule, why it changes, and an event to try it on."""

    text = forms.CharField(
        label=_("Regel (Sigma, in YAML)"),
        max_length=MAX_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false", "class": "bw-code-input", "wrap": "off"}),
    )
    event = forms.CharField(
        label=_("Probeer op een voorbeeld"),
        max_length=MAX_EVENT,
        required=False,
        strip=False,
        help_text=_("Plak één gebeurtenis als JSON, bijvoorbeeld de ruwe gebeurtenis van een melding."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "bw-code-input", "wrap": "off"}),
    )
    why = forms.CharField(
        label=_("Waarom deze wijziging"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    enabled = forms.BooleanField(label=_("Zet de regel meteen aan"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class BlindFilterForm(OwnerFilterForm):
    """Which blind spots: of which organisation, for which reason, on all sources or some."""

    reden = forms.ChoiceField(label=_("Waarom"), required=False, choices=[("", _("Elke reden")), *BlindReason.choices])
    waar = forms.ChoiceField(
        label=_("Waar"),
        required=False,
        choices=[
            ("", _("Overal waar de regel niet kan afgaan")),
            (NOWHERE, _("Kan op geen enkele bron afgaan")),
            (PARTLY, _("Kan op een deel van de bronnen afgaan")),
        ],
    )

    def reason(self) -> str:
        """The chosen reason; "" for all."""
        return self.chosen("reden") or ""

    def where(self) -> str:
        """Blind on all sources or on some; "" for both."""
        return self.chosen("waar") or ""


class SwitchForm(forms.Form):
    """Why a rule is switched off."""

    reason = forms.CharField(label=_("Waarom"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class RuleOffForm(forms.Form):
    """A rule off for one organisation."""

    organisation = forms.ChoiceField(label=_("Bij welke organisatie"))
    rule_id = forms.CharField(label=_("Regel"), max_length=80)
    log = forms.CharField(
        label=_("Alleen voor dit log"),
        max_length=120,
        required=False,
        help_text=_("De naam van het log, zoals Security. Laat leeg voor alle logs."),
    )
    source_key = forms.CharField(
        label=_("Alleen voor deze bron"),
        max_length=120,
        required=False,
        help_text=_("De sleutel van een bron. Laat leeg voor alle bronnen."),
    )
    reason = forms.CharField(label=_("Waarom"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    until = forms.DateField(
        label=_("Uit tot en met"), widget=_chosen_date(), help_text=_("Daarna telt de regel vanzelf weer mee.")
    )

    def __init__(
        self, *args: Any, organisations: list[Organisation], rules: list[tuple[str, str]], own: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._ids = {o.code: o.pk for o in organisations}
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(o.code, o.full_name) for o in organisations]
        if own:
            self.fields["rule_id"].widget = forms.HiddenInput()
        else:
            self.fields["rule_id"] = forms.ChoiceField(
                label=_("Regel"),
                choices=[("", _("Kies een regel")), *rules],
                help_text=_("Regels die in de laatste 90 dagen bij deze organisatie aansloegen."),
            )

    def owner_id(self) -> int:
        """The primary key of the chosen organisation."""
        return self._ids[self.cleaned_data["organisation"]]


class LookBackForm(forms.Form):
    """How far to look back, and where."""

    days = forms.TypedChoiceField(
        label=_("Hoe ver terug"),
        coerce=int,
        initial=30,
        choices=[(7, _("7 dagen")), (30, _("30 dagen")), (90, _("90 dagen"))],
    )
    organisation = forms.ChoiceField(label=_("Bij wie"), required=False)
    file_alerts = forms.BooleanField(
        label=_("Maak meldingen van wat wordt gevonden"),
        required=False,
        initial=True,
        help_text=_("Alleen bij organisaties waar u mag handelen. Zij staan op het moment waarop het gebeurde."),
    )

    def __init__(self, *args: Any, organisations: list[Organisation], alerts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [
            ("", _("Alle organisaties waar u mag zoeken")),
            *((o.code, o.full_name) for o in organisations),
        ]
        if len(organisations) < 2:
            del self.fields["organisation"]
        if not alerts:
            del self.fields["file_alerts"]

    def codes(self) -> list[str]:
        """The codes of the chosen organisations; empty for all."""
        code = self.cleaned_data.get("organisation")
        return [code] if code else []


class ListForm(_FileForm):
    """A list of indicators: what it is and its file."""

    name = forms.CharField(label=_("Naam van de lijst"), max_length=120)
    origin = forms.CharField(label=_("Van wie komt de lijst"), max_length=200, help_text=_("Bijvoorbeeld: NCSC."))
    tlp = forms.ChoiceField(
        label=_("Label van het Traffic Light Protocol (TLP)"),
        choices=[(label.label, label.label) for label in TLP],
        initial=TLP.AMBER.label,
        help_text=_(
            "Bij TLP:AMBER en strenger ziet een organisatie wel dat er iets is gezien, maar niet welk kenmerk. "
            "Een lijst met TLP:RED bewaakt alleen uw eigen organisatie."
        ),
    )
    confidence = forms.IntegerField(
        label=_("Zekerheid (0 tot en met 100)"),
        min_value=0,
        max_value=100,
        initial=60,
        help_text=_("Vanaf 80 wordt een treffer hoog, vanaf 50 midden, daaronder laag."),
    )
    valid_until = forms.DateField(
        label=_("Geldig tot en met"), widget=_chosen_date(), help_text=_("Daarna bewaakt de lijst vanzelf niet meer.")
    )
    mode = forms.ChoiceField(
        label=_("Wat doet dit bestand"),
        choices=[(REPLACE, _("Vervangt de hele lijst")), (ADD, _("Vult de lijst aan"))],
        initial=REPLACE,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("Bestand met kenmerken"),
        max_length=200,
        help_text=_(
            "Platte tekst, CSV met een kolom “waarde”, of een STIX 2.1-bundel. Onklikbaar gemaakt (hxxp, [.]) mag ook."
        ),
    )

    def __init__(self, *args: Any, renews: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not renews:
            del self.fields["mode"]

    def facts(self) -> ListFacts:
        """What the person said of the list."""
        data = self.cleaned_data
        end = timezone.make_aware(datetime.combine(data["valid_until"], time(23, 59, 59)))
        return ListFacts(data["name"].strip(), data["origin"].strip(), data["tlp"], data["confidence"], end)
