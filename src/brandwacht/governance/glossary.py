"""Abbreviations with their full form: a page explains those that it uses, once."""

from __future__ import annotations

import re
from collections.abc import Iterable

FULL_FORMS = {
    "AVG": "Algemene verordening gegevensbescherming",
    "BIO": "Baseline Informatiebeveiliging Overheid",
    "BIO2": "Baseline Informatiebeveiliging Overheid, versie 2",
    "C2000": "communicatienetwerk van de hulpdiensten",
    "CERT": "Cyber Emergency Response Team",
    "CISO": "Chief Information Security Officer",
    "CoPI": "Commando Plaats Incident",
    "CSIRT": "Computer Security Incident Response Team",
    "ENSIA": "Eenduidige Normatiek Single Information Audit",
    "GBT": "Gemeentelijk Beleidsteam",
    "GRIP": "Gecoördineerde Regionale Incidentbestrijdingsprocedure",
    "IBD": "Informatiebeveiligingsdienst voor gemeenten",
    "ICCb": "Interdepartementale Commissie Crisisbeheersing",
    "ICT": "informatie- en communicatietechnologie",
    "LCMS": "Landelijk Crisismanagementsysteem",
    "MCCb": "Ministeriële Commissie Crisisbeheersing",
    "NCSC": "Nationaal Cyber Security Centrum",
    "NCTV": "Nationaal Coördinator Terrorismebestrijding en Veiligheid",
    "RBT": "Regionaal Beleidsteam",
    "ROT": "Regionaal Operationeel Team",
    "SOC": "Security Operations Centre",
    "TLP": "Traffic Light Protocol",
    "VR-ISAC": "Information Sharing and Analysis Centre van de veiligheidsregio's",
}
_WORD = re.compile(r"[\w-]+")


def explained(texts: Iterable[str]) -> list[tuple[str, str]]:
    """The abbreviations that occur in these texts, with their full form, in the order of the alphabet."""
    used = {word for text in texts for word in _WORD.findall(text)}
    return [(short, full) for short, full in FULL_FORMS.items() if short in used]
