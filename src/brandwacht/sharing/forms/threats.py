"""The forms of threat reports, pseudonyms and questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE
from brandwacht.sharing.forms.markings import pap_field, tlp_field, tlp_filter
from brandwacht.sharing.forms.warnings import split_techniques
from brandwacht.sharing.models import Threat, ThreatState, Topic
from brandwacht.sharing.services.threats import Report

TEMPLATES = {
    Topic.PHISHING: _(
        "Hoe ziet de mail eruit (afzender, onderwerp, haak)?\n\nWaar leidt die heen?\n\nHoe merkten we het?\n\n"
    ),
    Topic.RANSOMWARE: _("Hoe kwamen ze binnen?\n\nWat deden ze daarna?\n\nWat hield ze tegen, of had dat gekund?\n\n"),
    Topic.WEAKNESS: _(
        "In welk product en welke versie zit het?\n\nWat kan een aanvaller ermee?\n\nWat werkt ertegen?\n\n"
    ),
    Topic.ATTACK: _("Wat gebeurde er, stap voor stap?\n\nWat viel het eerst op?\n\nWat zouden we nu anders doen?\n\n"),
}
"""Questions that help to write a report in two minutes; the writer answers below each."""

ABOUT = {
    Topic.PHISHING: _("Een valse mail, sms of inlogpagina."),
    Topic.RANSOMWARE: _("Bestanden versleuteld, of een poging daartoe."),
    Topic.WEAKNESS: _("Een lek of een verkeerde instelling in een product."),
    Topic.ATTACK: _("Wat een aanvaller deed, om van te leren."),
}
"""What each template is for."""

LIKELY = {Topic.PHISHING: "T1566.002", Topic.RANSOMWARE: "T1486", Topic.WEAKNESS: "T1190", Topic.ATTACK: ""}
"""The ATT&CK technique that most such reports are about."""


class ThreatFilter(forms.Form):
    """The filters of the list of reports, in the address."""

    q = forms.CharField(
        label=_("Zoek in tekst, producten, technieken of kenmerken"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "list": "suggesties", "autocomplete": "off", "hx-get": reverse_lazy("sharing:threat-suggest"),
                "hx-trigger": "input changed delay:300ms", "hx-target": "#suggesties", "hx-swap": "innerHTML",
            }
        ),
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("Onderwerp"), choices=[("", _("Alle")), *Topic.choices], required=False)
    tlp = tlp_filter()
    state = forms.ChoiceField(label=_("Stand"), choices=[("", _("Alle")), *ThreatState.choices], required=False)


class ThreatForm(forms.Form):
    """A report: what is going on, who may read it, and what they may do with it."""

    topic = forms.ChoiceField(label=_("Waar gaat het over?"), choices=Topic.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Titel"), max_length=LONGEST_TITLE)
    what = forms.CharField(
        label=_("Wat is er aan de hand?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 10})
    )
    products = forms.CharField(
        label=_("Producten"), max_length=2000, required=False,
        help_text=_("Met komma's ertussen: FortiOS, Exchange. Wie zo'n product draait, ziet dit bovenaan."),
    )  # fmt: skip
    indicators = forms.CharField(
        label=_("Kenmerken"), max_length=LONGEST_TEXT * 5, required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_(
            "Waaraan een aanval te herkennen is (indicatoren): IP-adressen, domeinnamen, URL's, e-mailadressen en "
            "hashes, één per regel."
        ),
    )  # fmt: skip
    techniques = forms.CharField(
        label=_("Technieken van de aanvaller"), max_length=500, required=False,
        help_text=_("Nummers uit MITRE ATT&CK (een lijst van aanvalstechnieken), zoals T1003.001, T1021."),
    )  # fmt: skip
    tlp = tlp_field()
    readers = forms.MultipleChoiceField(
        label=_("Wie mag een dreiging met TLP:RED lezen?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    meeting = forms.ChoiceField(label=_("Of: iedereen die bij dit overleg was"), required=False)
    pap = pap_field()
    pseudonymous = forms.BooleanField(
        label=_("Meld dit onder een pseudoniem"), required=False,
        help_text=_(
            "Niemand in de kring ziet wie dit schreef. Alleen de twee sleutelbewaarders samen kunnen dat openen, met "
            "een reden die in het logboek staat. U kunt het zelf blijven wijzigen en intrekken."
        ),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        people: list[tuple[str, str]],
        meetings: list[tuple[str, str]],
        pseudonyms: bool,
        shared: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if shared:
            self.fields["keep_why"] = forms.CharField(
                label=_("Waarom houdt u kenmerken die op een waarschuwingslijst staan?"), max_length=200,
                required=False, help_text=_("Alleen nodig als Brandwacht erom vraagt. Lezers zien deze reden."),
            )  # fmt: skip
        self.fields["readers"].choices = people  # type: ignore[attr-defined]
        self.fields["meeting"].choices = [("", _("Geen")), *meetings]  # type: ignore[attr-defined]
        if not pseudonyms:
            del self.fields["pseudonymous"]

    def clean_what(self) -> str:
        """Leave out the questions of the template that nobody answered."""
        text = answered(self.cleaned_data["what"])
        if not text:
            raise forms.ValidationError(_("Beantwoord minstens één vraag, of schrijf het in uw eigen woorden."))
        return text

    def report(self) -> Report:
        """What the use cases ask for."""
        data = self.cleaned_data
        return Report(
            topic=data["topic"], title=data["title"], tlp=data["tlp"], pap=data["pap"], what=data["what"],
            products=data["products"], indicators=data["indicators"],
            techniques=split_techniques(data["techniques"]), readers=data["readers"], meeting=data["meeting"] or None,
            keep_why=data.get("keep_why", ""),
        )  # fmt: skip


def answered(text: str) -> str:
    """A report without the questions of a template under which nothing was written."""
    asked = {line for each in TEMPLATES.values() for line in str(each).splitlines() if line}
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() in asked:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    kept = [block for number, block in enumerate(blocks) if any(line.strip() for line in block[1 if number else 0 :])]
    return "\n".join("\n".join(block) for block in kept).strip()


def initial_of(threat: Threat) -> dict[str, Any]:
    """A report as the form shows it; ``threat`` has its readers loaded."""
    return {
        "topic": threat.topic, "title": threat.title, "what": threat.what, "tlp": threat.tlp, "pap": threat.pap,
        "products": ", ".join(threat.products), "techniques": ", ".join(threat.attack),
        "indicators": "\n".join(each.defanged for each in threat.parsed_indicators),
        "readers": [str(reader.user.public_id) for reader in threat.readers.all()],
    }  # fmt: skip


class WithdrawThreatForm(forms.Form):
    """Why a report no longer holds."""

    why = forms.CharField(label=_("Waarom trekt u dit in?"), max_length=200, help_text=_("De lezers zien deze reden."))


class CustodianForm(forms.Form):
    """The two custodians."""

    people = forms.MultipleChoiceField(
        label=_("Wie zijn de twee sleutelbewaarders?"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Kies twee mensen van verschillende organisaties."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people  # type: ignore[attr-defined]


class OpenForm(forms.Form):
    """A custodian's own key, and why."""

    reason = forms.CharField(label=_("Waarom moet dit pseudoniem open?"), max_length=300)
    private = forms.CharField(
        label=_("Uw sleutel"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("De sleutel die u kreeg toen u sleutelbewaarder werd. Brandwacht bewaart die niet."),
    )  # fmt: skip

    def __init__(self, *args: Any, first: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not first:
            del self.fields["reason"]


class QuestionForm(forms.Form):
    """A question to the circle."""

    text = forms.CharField(
        label=_("Wat wilt u weten?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stel een vraag waar ja of nee op past, zoals: ziet iemand deze mail ook?"),
    )  # fmt: skip
    indicators = forms.CharField(
        label=_("Kenmerken"), max_length=LONGEST_TEXT, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("Waaraan het te herkennen is, één per regel."),
    )  # fmt: skip
    tlp = tlp_field(TLP.RED, label=_("Hoe ver mag deze vraag gaan? (TLP, Traffic Light Protocol)"))
    topic = forms.ChoiceField(label=_("Waar gaat het over?"), choices=Topic.choices, widget=forms.RadioSelect)
    pseudonymous = forms.BooleanField(label=_("Vraag dit onder een pseudoniem"), required=False)

    def __init__(self, *args: Any, pseudonyms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not pseudonyms:
            del self.fields["pseudonymous"]
