"""The forms of own security advisories and of the owner's decisions: shapes only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.network.forms import DayField
from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE
from brandwacht.sharing.forms.markings import pap_field, tlp_field
from brandwacht.sharing.models import OwnAdvisory
from brandwacht.sharing.services.own_advisories import AdvisoryText


class OwnAdvisoryForm(forms.Form):
    """An advisory: title, products, weak spots and what to do."""

    title = forms.CharField(label=_("Titel"), max_length=LONGEST_TITLE)
    urgent = forms.BooleanField(
        label=_("Dit is urgent"), required=False, help_text=_("De zwakke plek wordt misbruikt, of dat duurt niet lang.")
    )
    summary = forms.CharField(
        label=_("Wat is er aan de hand?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6})
    )
    products = forms.CharField(
        label=_("Welke producten?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Eén per regel: leverancier; product; getroffen versie; opgelost in. Het laatste mag weg."),
    )  # fmt: skip
    cves = forms.CharField(
        label=_("Nummers van de zwakke plekken"), max_length=2000, required=False,
        help_text=_("CVE-nummers (Common Vulnerabilities and Exposures) met komma's ertussen: CVE-2026-12345."),
    )  # fmt: skip
    advice = forms.CharField(
        label=_("Wat raadt u aan?"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    link = forms.CharField(
        label=_("Meer uitleg op"), max_length=500, required=False, help_text=_("Begint met https://")
    )
    tlp = tlp_field(TLP.RED, help_text=_("TLP:CLEAR staat voor iedereen open, zonder inloggen."))
    pap = pap_field()
    changed = forms.CharField(
        label=_("Wat is er anders dan in de vorige versie?"), max_length=300,
        help_text=_("Dit staat in de geschiedenis van het advies. Opslaan publiceert de nieuwe versie meteen."),
    )  # fmt: skip

    def __init__(self, *args: Any, published: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not published:
            del self.fields["changed"]

    def text(self) -> AdvisoryText:
        """What the use cases ask for."""
        return AdvisoryText(**self.cleaned_data)


def initial_of(row: OwnAdvisory) -> dict[str, Any]:
    """An advisory as the form shows it."""
    lines = ["; ".join(filter(None, (p["vendor"], p["product"], p["version"], p["fixed"]))) for p in row.products]
    return {
        "title": row.title, "urgent": row.urgent, "summary": row.summary, "products": "\n".join(lines),
        "cves": ", ".join(row.cves), "advice": row.advice, "link": row.link, "tlp": row.tlp, "pap": row.pap,
    }  # fmt: skip


class DecisionForm(forms.Form):
    """A decision of the owner."""

    on = DayField(label=_("Op welke dag is het besloten?"))
    decision = forms.CharField(
        label=_("Wat is besloten?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    paper = forms.CharField(
        label=_("In welk stuk staat het?"),
        max_length=300,
        help_text=_("Zoals: agendapunt 7, verslag van 4 juni."),
    )
    changes = forms.CharField(
        label=_("Wat is er daardoor anders in de kring?"), max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    replaces = forms.ChoiceField(
        label=_("Komt dit in plaats van een eerder besluit?"), required=False,
        help_text=_("Het eerdere blijft staan, met erbij dat het vervangen is."),
    )  # fmt: skip

    def __init__(self, *args: Any, earlier: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replaces"].choices = [("", _("Nee")), *earlier]  # type: ignore[attr-defined]
