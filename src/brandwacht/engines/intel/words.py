"""What is wrong with somebody's JSON, in Dutch and with its place."""

from __future__ import annotations

import re
from typing import Final

import msgspec

_PLACE: Final = re.compile(r"(?P<what>.*?)(?: - at (?:`key` in )?`\$(?P<place>.*)`)?", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_GOT: Final = re.compile(r"Expected `(.+?)`, got `(.+?)`")
_BOUND: Final = re.compile(r"Expected `\w+` (of length )?([<>]=?) (-?[\d.]+)")
_KINDS: Final = {
    "str": "tekst",
    "int": "een geheel getal",
    "float": "een getal",
    "bool": "ja of nee (true of false)",
    "array": "een lijst",
    "object": "een object",
    "datetime": "een tijdstip",
    "null": "niets (null)",
}


def in_dutch(error: Exception) -> tuple[str, str]:
    """The property that is wrong (a path as `hashes.MD5`, empty for the whole) and a Dutch sentence about it."""
    if isinstance(error, RecursionError):
        return "", "De gegevens zijn te diep genest om te lezen."
    parts = _PLACE.fullmatch(str(error))
    what, place = (parts["what"], parts["place"] or "") if parts else (str(error), "")
    place = place.replace("[...]", "").lstrip(".")[:100]
    if missing := _MISSING.fullmatch(what):
        return f"{place}.{missing[1]}".lstrip("."), "Dit verplichte gegeven ontbreekt."
    return place, _sentence(what, isinstance(error, msgspec.ValidationError))


def _sentence(what: str, readable: bool) -> str:
    if got := _GOT.fullmatch(what):
        wanted = " of ".join(_KINDS.get(kind.strip(), kind.strip()) for kind in got[1].split("|"))
        return f"Hier hoort {wanted} te staan, niet {_KINDS.get(got[2], got[2])}."
    if bound := _BOUND.match(what):
        subject = "De lengte" if bound[1] else "De waarde"
        edge = {">": "groter dan", ">=": "minstens", "<": "kleiner dan", "<=": "hoogstens"}[bound[2]]
        return f"{subject} hoort {edge} {bound[3]} te zijn."
    if "regex" in what:
        return "Dit heeft niet de vorm die hier hoort."
    if what.endswith("value out of range") or what.startswith("Number out of range"):
        return "Dit getal is te groot."
    if "datetime" in what or "Timestamp" in what or "timezone" in what:
        return "Dit is geen tijdstip met tijdzone, zoals 2026-11-26T12:00:00.000Z."
    if what.startswith("Invalid enum value"):
        return "Deze waarde is hier niet toegestaan."
    if not readable:
        return "Dit is geen leesbare JSON. Controleer of het bestand heel is."
    return "Deze waarde past hier niet."
