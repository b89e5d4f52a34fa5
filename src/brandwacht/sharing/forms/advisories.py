"""The forms of advisories, asset profiles and notices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.network.forms import FilesField
from brandwacht.network.models import Organisation
from brandwacht.sharing.models import AdvisoryFeedKind, ProfileAsset, Rank, RepairState, UrgencyChoice
from brandwacht.sharing.services.profile import LONGEST

ANY = [("", _("Alle"))]


class NoticeFilter(forms.Form):
    """The filters of the list of notices, in the address; ``owner`` only for who sees those of others too."""

    q = forms.CharField(label=_("Zoek nummer of product"), required=False, max_length=200)
    urgency = forms.ChoiceField(label=_("Urgentie"), choices=[*ANY, *UrgencyChoice.choices], required=False)
    rank = forms.ChoiceField(label=_("Stand"), choices=[*ANY, *Rank.choices], required=False)
    owner = forms.ChoiceField(label=_("Organisatie"), required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(organisations) > 1:
            named = [(each.code, each.full_name) for each in organisations]
            self.fields["owner"].choices = [*ANY, *named]  # type: ignore[attr-defined]
        else:
            del self.fields["owner"]


class AdvisoryFilter(forms.Form):
    """The filters of the list of advisories, in the address."""

    q = forms.CharField(label=_("Zoek in de adviezen"), required=False, max_length=200)
    urgency = forms.ChoiceField(label=_("Urgentie"), choices=[*ANY, *UrgencyChoice.choices], required=False)


class AssetFilter(forms.Form):
    """The filters of the profile, in the address."""

    q = forms.CharField(label=_("Zoek product of plek"), required=False, max_length=200)
    ended = forms.BooleanField(label=_("Ook wat uit gebruik is"), required=False)


class RepairForm(forms.Form):
    """How far the repair is."""

    state = forms.ChoiceField(label=_("Stand van het herstel"), choices=RepairState.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Toelichting"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Verplicht bij “Aanvaard” en bij “Geldt niet voor ons”."),
    )  # fmt: skip


class AdvisoryUpload(forms.Form):
    """Offer advisories."""

    offered = FilesField(
        label=_("Adviezen"),
        accept=".json",
        help_text=_(
            "Hoogstens vijf bestanden tegelijk, in CSAF 2.0 of 2.1 (Common Security Advisory Framework, eindigend op "
            ".json). Een hele map gaat met “brandwacht sharing advisories”."
        ),
    )


class AdvisoryFeedForm(forms.Form):
    """An address to visit."""

    url = forms.CharField(
        label=_("Adres"), max_length=500,
        help_text=_("Bijvoorbeeld de provider-metadata.json van een uitgever, of zijn lijst in ROLIE-vorm."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Wat staat daar?"), choices=AdvisoryFeedKind.choices)


class AssetForm(forms.Form):
    """A product that the organisation runs."""

    product = forms.CharField(
        label=_("Product"), max_length=LONGEST["product"], required=False,
        help_text=_("Zoals de leverancier het noemt, zoals FortiOS. Vul dit in, of een CPE-naam of Package-URL."),
    )  # fmt: skip
    vendor = forms.CharField(
        label=_("Leverancier"), max_length=LONGEST["vendor"], required=False,
        help_text=_("Met leverancier en versie erbij weten we het zekerder."),
    )  # fmt: skip
    version = forms.CharField(label=_("Versie die draait"), max_length=LONGEST["version"], required=False)
    place = forms.CharField(
        label=_("Waar"), max_length=LONGEST["place"], required=False,
        help_text=_("Op welk systeem, bijvoorbeeld VRR-FW02. Zo weet een collega meteen waar hij moet zijn."),
    )  # fmt: skip
    cpe = forms.CharField(
        label=_("CPE-naam (Common Platform Enumeration)"), max_length=LONGEST["cpe"], required=False,
        help_text=_("Als u die heeft; dan mag het product leeg blijven."),
    )  # fmt: skip
    purl = forms.CharField(
        label=_("Package-URL (purl)"), max_length=LONGEST["purl"], required=False,
        help_text=_("Voor een softwarepakket, bijvoorbeeld pkg:npm/express@4.19.0."),
    )  # fmt: skip


class EndAssetForm(forms.Form):
    """Why a product is not run any more."""

    why = forms.CharField(label=_("Waarom?"), max_length=200, required=False)


def facts_of(row: ProfileAsset) -> dict[str, str]:
    """A row as the form shows it."""
    return {name: getattr(row, name) for name in LONGEST}
