"""The sentence that answers, in Dutch: articles and verbs.

Names come from the register, so articles and plurals are read from the endings of known nouns; where a word is not
known the name stands as it is, which is plain but never wrong.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from brandwacht.network.wording import number, precise_duration

DE = (
    *("ing", "heid", "tie", "iteit", "post", "server", "lijn", "dienst", "kamer", "zorg", "weg", "brug", "sluis"),
    *("orde", "centrale", "firewall", "afslag", "bereikbaarheid", "doorgang", "toegang", "afvoer", "aanvoer"),
    *("telefonie", "roostering", "coördinatie", "scheepvaart", "binnenvaart", "zeevaart", "opvang", "komst", "kade"),
    *("mail", "uitruk", "doorstroom", "mast", "handel", "controle", "back-up", "planning", "loods"),
    *(
        "provider",
        "rust",
        "hulp",
        "stroom",
        "haven",
        "terminal",
        "radar",
        "website",
        "omroep",
        "leverancier",
        "koppeling",
        "voorziening",
    ),
    *("doorstroming", "alarmering", "coördinatie"),
)
HET = (
    *("systeem", "netwerk", "verkeer", "beheer", "nummer", "station", "knooppunt", "steunpunt", "centrum", "register"),
    *("platform", "transport", "vervoer", "spoor", "rooster", "toezicht", "overleg", "team", "portaal", "net", "werk"),
    *(
        "onderstation",
        "datacentrum",
        "gebouw",
        "vermogen",
        "gezag",
        "archief",
        "beeld",
        "contact",
        "aggregaat",
        "management",
    ),
    *("pakket", "informeren", "doorrijden", "draaien", "laden", "alarmeren", "handhaven", "blussen"),
)
PLURAL = (
    *("systemen", "diensten", "wegen", "routes", "poorten", "kranen", "sluizen", "masten", "terminals", "servers"),
    *("werkplekken", "treinen", "berichten", "lijnen", "netwerken", "bruggen", "processen", "centrales", "telefoons"),
    *("ingen", "posten", "koppelingen", "schepen", "teams", "middelen", "verbindingen", "providers", "hulpdiensten"),
)
ADJECTIVE = ("ke", "le", "ge", "re", "ve", "ne", "nde")
_PROPER = re.compile(r"\d|[A-Z].*[A-Z]")


def moment(minutes: int) -> str:
    """A minute of the run as "meteen" or "na 4 uur"."""
    return _("na %(time)s") % {"time": precise_duration(minutes)} if minutes else _("meteen")


def loss_in_words(value: float, points: bool, *, yearly: bool = False) -> str:
    """``12,5 impactpunten`` or ``12,5 uur``; per year when asked."""
    text = (_("%(n)s impactpunten") if points else _("%(n)s uur")) % {"n": number(round(value, 1))}
    return _("%(what)s per jaar") % {"what": text} if yearly else text


def percent(share: float) -> str:
    """``12%``, ``0,4%``; nothing below a tenth of a percent is told but that it is less."""
    if 0 < share < 0.001:
        return _("minder dan 0,1%(sign)s") % {"sign": "%"}
    return f"{number(round(100 * share, 1 if share < 0.1 else 0))}%"


def _head(name: str) -> str:
    """The word that article and number go by: the first, or the second when the first is an adjective in -e."""
    words = name.split()
    if len(words) > 1 and words[0].lower().endswith(ADJECTIVE) and words[1][:1].islower():
        return words[1].lower()
    return words[0].lower() if words else ""


def is_plural(name: str) -> bool:
    """Whether the name asks for "vallen" rather than "valt"."""
    first = name.split()[0] if name.split() else ""
    return _head(name).endswith(PLURAL) and not _PROPER.search(first)


def in_sentence(name: str) -> str:
    """The name as it stands inside a sentence: "de meldkamerkoppeling", "het netwerk", "VRR-DC01"."""
    first = name.split()[0] if name.split() else ""
    proper = bool(_PROPER.search(first))
    plain = name if proper else name[:1].lower() + name[1:]
    head = _head(name)
    if head.endswith((*DE, *PLURAL)):
        return _("de %(name)s") % {"name": plain} if not proper or "-" in first else name
    if head.endswith(HET):
        return _("het %(name)s") % {"name": plain} if not proper or "-" in first else name
    return name
