"""The forms of the reading list, of products, of pictures of others and of advice on measures: shapes only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.documents import ACCEPT
from brandwacht.engines.intel import TLP
from brandwacht.network.forms import DayField
from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE
from brandwacht.sharing.forms.markings import pap_field, tlp_field, tlp_filter
from brandwacht.sharing.forms.warnings import split_techniques
from brandwacht.sharing.models import Body, CircleProduct, ProductKind, ProductState
from brandwacht.sharing.reading_kinds import KINDS
from brandwacht.sharing.services.products import MOST_PARTS, ProductText

NEW_PARTS: Final = 2
"""Empty parts below those that are there; saving gives new ones."""


class ReadingFilter(forms.Form):
    """The filters of the reading list, in the address; they are kept until they are cleared."""

    q = forms.CharField(
        label=_("Zoek in alles wat u mag lezen"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "list": "suggesties", "autocomplete": "off", "hx-get": reverse_lazy("sharing:suggest"),
                "hx-trigger": "input changed delay:300ms", "hx-target": "#suggesties", "hx-swap": "innerHTML",
            }
        ),
    )  # fmt: skip
    soort = forms.ChoiceField(
        label=_("Soort"),
        required=False,
        choices=lambda: [("", _("Alle")), *((each.key, each.label) for each in KINDS.values())],
    )
    tlp = tlp_filter()
    ongelezen = forms.BooleanField(label=_("Alleen wat u nog niet las"), required=False)


class ProductFilter(forms.Form):
    """The filters of the list of products."""

    q = forms.CharField(label=_("Zoek in titel, tekst of nummer"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Soort"), choices=[("", _("Alle")), *ProductKind.choices], required=False)
    state = forms.ChoiceField(label=_("Stand"), choices=[("", _("Alle")), *ProductState.choices], required=False)


class ProductForm(forms.Form):
    """A product in parts; there are always a few empty ones at the end."""

    kind = forms.ChoiceField(label=_("Wat voor product is dit?"), choices=ProductKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Titel"), max_length=LONGEST_TITLE, help_text=_("Noem geen slachtoffer, ook niet in de tekst.")
    )
    bodies = forms.MultipleChoiceField(
        label=_("Voor wie is het?"), choices=Body.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    tlp = tlp_field(TLP.RED)
    pap = pap_field()
    techniques = forms.CharField(
        label=_("Technieken van de aanvaller"), max_length=500, required=False,
        help_text=_("Nummers uit MITRE ATT&CK (een lijst van aanvalstechnieken), zoals T1003.001, T1021."),
    )  # fmt: skip
    changed = forms.CharField(
        label=_("Wat is er anders dan in de vorige versie?"), max_length=300, required=False,
        help_text=_("In één zin. Bij een eerste versie laat u dit leeg."),
    )  # fmt: skip

    def __init__(self, *args: Any, parts: Sequence[dict[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, min(MOST_PARTS, max(self._sent(), len(parts) + NEW_PARTS)) + 1)
        for number in self.numbers:
            given = parts[number - 1] if number <= len(parts) else {"title": "", "text": ""}
            self.fields[f"title_{number}"] = forms.CharField(
                label=_now("Kop van deel %(n)d") % {"n": number}, max_length=LONGEST_TITLE, required=False,
                initial=given["title"],
            )  # fmt: skip
            self.fields[f"text_{number}"] = forms.CharField(
                label=_now("Tekst van deel %(n)d") % {"n": number}, max_length=LONGEST_TEXT, required=False,
                widget=forms.Textarea(attrs={"rows": 6}), initial=given["text"],
            )  # fmt: skip

    def _sent(self) -> int:
        """The highest number of a part in what was sent."""
        found = [int(each[1]) for key in self.data if (each := re.fullmatch(r"(?:title|text)_(\d{1,2})", str(key)))]
        return max(found, default=0)

    @property
    def parts(self) -> list[tuple[Any, Any]]:
        """The fields of each part, for the page."""
        return [(self[f"title_{number}"], self[f"text_{number}"]) for number in self.numbers]

    def text(self) -> ProductText:
        """What the use cases ask for."""
        data = self.cleaned_data
        return ProductText(
            kind=data["kind"], title=data["title"], tlp=data["tlp"], pap=data["pap"], bodies=data["bodies"],
            parts=[(data[f"title_{number}"], data[f"text_{number}"]) for number in self.numbers],
            techniques=split_techniques(data["techniques"]), changed=data["changed"],
        )  # fmt: skip


def initial_of(product: CircleProduct) -> dict[str, Any]:
    """A version as the form shows it, its parts aside."""
    return {
        "kind": product.kind, "title": product.title, "bodies": product.bodies, "tlp": product.tlp,
        "pap": product.pap, "techniques": ", ".join(product.attack), "changed": product.changed,
    }  # fmt: skip


class PeriodForm(forms.Form):
    """The period that a threat picture is made of."""

    first = DayField(label=_("Vanaf"))
    last = DayField(label=_("Tot en met"), help_text=_("Een dreigingsbeeld van de sector gaat over twee jaar."))


class PictureForm(forms.Form):
    """A threat picture of another party."""

    title = forms.CharField(label=_("Titel"), max_length=LONGEST_TITLE)
    source = forms.CharField(label=_("Van wie is het?"), max_length=120, help_text=_("Bijvoorbeeld: IBD."))
    on = DayField(label=_("Van welke dag is het?"))
    tlp = tlp_field(
        TLP.RED, help_text=_("Neem het label over dat erop staat. Staat er geen, kies dan TLP:AMBER+STRICT.")
    )
    pap = pap_field()
    file = forms.FileField(
        label=_("Bestand"), required=False, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("Hoogstens 10 MB, liefst PDF. Het bestand blijft zoals het is."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Tekst, om op de pagina ernaast te lezen"), required=False, max_length=LONGEST_TEXT * 5,
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip


class AdviseForm(forms.Form):
    """Which controls and shared measures a thing points at."""

    suggested = forms.MultipleChoiceField(
        label=_("Vragen van de BIO2 die bij de technieken passen"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    others = forms.CharField(
        label=_("Andere vragen van de BIO2"), required=False, max_length=200,
        help_text=_("Nummers met komma's ertussen, zoals 5.07, 8.08."),
    )  # fmt: skip
    measures = forms.MultipleChoiceField(
        label=_("Gedeelde maatregelen"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Maatregelen die regio's publiceerden bij deze vragen, voor zover u ze mag zien."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, suggested: list[tuple[str, str]], measures: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suggested"].choices = suggested  # type: ignore[attr-defined]
        self.fields["measures"].choices = measures  # type: ignore[attr-defined]

    def controls(self) -> list[str]:
        """The numbers that were chosen or typed."""
        return [*self.cleaned_data["suggested"], *split_techniques(self.cleaned_data["others"])]
