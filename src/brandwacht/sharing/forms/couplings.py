"""The forms of couplings: what people type; whether it may be done is decided by the use cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.network.models import Organisation
from brandwacht.sharing.forms.markings import tlp_field
from brandwacht.sharing.models import Coupling, CouplingKind, Direction, Party
from brandwacht.sharing.services.couplings import RHYTHMS, Setting

_RHYTHM_WORDS = {15: _("Elk kwartier"), 60: _("Elk uur"), 240: _("Elke vier uur"), 1440: _("Elke dag")}
_TRUST = [(90, _("Hoog: wat deze bron meldt, klopt bijna altijd")), (50, _("Gewoon")), (20, _("Laag: eerst nakijken"))]
_LEVELS = [
    (0, _("Alleen de organisatie van onze sleutel")),
    (1, _("De gebruikers van die server")),
    (2, _("Ook servers die daaraan vastzitten")),
    (3, _("Iedereen")),
]


class NewForm(forms.Form):
    """Which sort of coupling, and for whom."""

    owner = forms.ChoiceField(label=_("Voor wie is de koppeling?"))
    kind = forms.ChoiceField(
        label=_("Wat staat er aan de andere kant?"), choices=CouplingKind.choices, widget=forms.RadioSelect,
        help_text=_(
            "TAXII (Trusted Automated Exchange of Intelligence Information) en MISP (Malware Information Sharing "
            "Platform) zijn manieren waarop systemen dreigingen uitwisselen. De ander weet welke het is."
        ),
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=_("Wat moet de koppeling doen?"), choices=Direction.choices, widget=forms.RadioSelect,
        help_text=_("Halen: wat de ander deelt, komt bij u. Brengen: wat u hier mag doorgeven, gaat naar de ander."),
    )  # fmt: skip

    def __init__(self, *args: Any, owners: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(str(each.public_id), each.full_name) for each in owners]  # type: ignore[attr-defined]
        if len(owners) == 1:
            self.fields["owner"].initial = str(owners[0].public_id)
            self.fields["owner"].widget = forms.HiddenInput()


class SettingForm(forms.Form):
    """How a coupling is set. Fields that mean nothing for its sort are left out."""

    name = forms.CharField(label=_("Naam"), max_length=120, help_text=_("Bijvoorbeeld: NCSC, dreigingen."))
    address = forms.CharField(
        label=_("Adres"), max_length=500, widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"})
    )
    login = forms.CharField(
        label=_("Naam om in te loggen"), max_length=200, required=False,
        help_text=_("Leeg als u alleen een token heeft."), widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Wachtwoord of token"), max_length=2000, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Wordt versleuteld bewaard en nooit meer getoond."),
    )  # fmt: skip
    collection = forms.ChoiceField(label=_("Verzameling"), required=False)
    party = forms.ChoiceField(
        label=_("Van wie is dat systeem?"), choices=Party.choices, widget=forms.RadioSelect,
        help_text=_(
            "Naar een systeem van een ander gaat alleen wat rond mag in het netwerk (TLP:GREEN en TLP:CLEAR), en wat u "
            "zelf bracht."
        ),
    )  # fmt: skip
    highest_tlp = tlp_field(
        TLP.RED,
        label=_("Hoe vertrouwelijk mag het hoogstens zijn? (TLP, Traffic Light Protocol)"),
        help_text=_("Wat strenger is, blijft hier. TLP:RED en PAP:RED gaan nooit mee."),
    )
    group = forms.ChoiceField(
        label=_("Deelgroep (sharing group)"), required=False,
        help_text=_("Alleen leden van deze groep zien het daar. Klik eerst op “Probeer” om te zien welke er zijn."),
    )  # fmt: skip
    distribution = forms.TypedChoiceField(
        label=_("Wie ziet het op die MISP-server?"), choices=_LEVELS, coerce=int,
        help_text=_("Telt als u geen deelgroep kiest. Het label beperkt dit altijd: TLP:AMBER komt niet verder dan die "
                    "server."),
    )  # fmt: skip
    for_node = forms.BooleanField(
        label=_("Dit is het NCSC: gebruik het voor het landelijk knooppunt"), required=False,
        help_text=_("Wat gehaald wordt, gaat naar de bewaking van wie is aangesloten. Gebracht worden alleen de "
                    "waarnemingen, zoals elke regio afsprak; die hebben minstens TLP:AMBER."),
    )  # fmt: skip
    for_circle = forms.BooleanField(
        label=_("Zet het bij de hele kring"), required=False,
        help_text=_("Alleen wat rond mag in het netwerk (TLP:GREEN en TLP:CLEAR). De rest blijft bij uw organisatie."),
    )  # fmt: skip
    trust = forms.TypedChoiceField(
        label=_("Hoeveel vertrouwen heeft u in deze bron?"), choices=_TRUST, coerce=int, initial=50
    )
    every = forms.TypedChoiceField(
        label=_("Hoe vaak?"), choices=[(each, _RHYTHM_WORDS[each]) for each in RHYTHMS], coerce=int, initial=60
    )

    def __init__(
        self, *args: Any, kind: str, pulls: bool, of_circle: bool, row: Coupling | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        hidden = _without(kind, pulls, of_circle)
        if row is None:
            hidden |= {"collection", "group"}
        for name in hidden:
            del self.fields[name]
        self.fields["address"].help_text = _ADDRESS_HELP[CouplingKind(kind)]
        if kind == CouplingKind.MISP:
            self.fields["secret"].label = _("Sleutel (authkey)")
        if row is not None:
            self._offer(row)
            self.fields["secret"].help_text = _("Wordt nooit getoond. Laat leeg om te houden wat er al staat.")
        elif kind == CouplingKind.MISP:
            self.fields["secret"].required = True

    def _offer(self, row: Coupling) -> None:
        """What a try found to choose from, and what was chosen before."""
        if "collection" in self.fields:
            found = {each["url"]: each["title"] for each in row.probe.get("collections", [])}
            if row.place:
                found.setdefault(row.place, row.place_name)
            self.fields["collection"].choices = [("", _("Nog niet gekozen")), *found.items()]  # type: ignore[attr-defined]
            self.fields["collection"].help_text = (
                "" if found else _("Klik eerst op “Probeer”; daarna kunt u hier kiezen.")
            )
        if "group" in self.fields:
            found = {each["uuid"]: each["name"] for each in row.probe.get("groups", [])}
            if row.group_uuid:
                found.setdefault(row.group_uuid, row.group_name)
            self.fields["group"].choices = [("", _("Geen deelgroep")), *found.items()]  # type: ignore[attr-defined]

    def setting(self) -> Setting:
        """What the use cases ask for."""
        return Setting(**self.cleaned_data)


_ADDRESS_HELP = {
    CouplingKind.TAXII: _("Van de server (discovery) of van één API root: https://taxii.voorbeeld.nl/taxii2/"),
    CouplingKind.MISP: _("Van de server: https://misp.voorbeeld.nl"),
    CouplingKind.MISP_FEED: _("De map waarin manifest.json staat: https://feed.voorbeeld.nl/misp/"),
}


def _without(kind: str, pulls: bool, of_circle: bool) -> set[str]:
    """The fields that mean nothing for this sort of coupling."""
    found = {"party", "highest_tlp", "group", "distribution"} if pulls else {"for_circle", "trust"}
    if kind != CouplingKind.TAXII:
        found.add("collection")
    if kind == CouplingKind.MISP:
        found.add("login")
    else:
        found |= {"group", "distribution"}
    if of_circle:
        found.add("for_circle")
    if not of_circle or kind != CouplingKind.TAXII:
        found.add("for_node")
    return found


def initial_of(row: Coupling) -> dict[str, Any]:
    """A coupling as the form shows it; the secret is not among it."""
    names = (
        "name",
        "address",
        "login",
        "party",
        "highest_tlp",
        "distribution",
        "for_circle",
        "for_node",
        "trust",
        "every",
    )
    return {name: getattr(row, name) for name in names} | {"collection": row.place, "group": row.group_uuid}
