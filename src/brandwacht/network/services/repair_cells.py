"""The columns of a repair time and its spread, which nodes and common causes share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.models import SpreadKind
from brandwacht.network.services import imports
from brandwacht.network.services.imports import Column, decimal_text
from brandwacht.network.services.sheets import Problem

SPREADS = {"": "", **{str(value): str(value) for value in SpreadKind.values}}
MOST_FAILURES = 10_000
REPAIR_COLUMNS = (
    Column("repair", "herstel in minuten", gettext_lazy("Hoe lang meestal; leeg: onbekend."), "240", imports.minutes),
    Column(
        "repair_spread",
        "spreiding",
        gettext_lazy("Leeg, vast, exponentieel, driehoek of lognormaal: hoe herstel uiteenloopt."),
        "driehoek",
        imports.choice(SPREADS),
    ),
    Column("repair_low", "kortste herstel", gettext_lazy("In minuten; bij een driehoek."), "60", imports.minutes),
    Column(
        "repair_high",
        "langste herstel",
        gettext_lazy("In minuten; bij een driehoek, en bij lognormaal waar 19 van de 20 onder blijven."),
        "960",
        imports.minutes,
    ),
    Column(
        "failures_per_year",
        "storingen per jaar",
        gettext_lazy("Hoe vaak het uit zichzelf uitvalt; 0,5 is eens in de twee jaar."),
        "0,5",
        imports.decimal(MOST_FAILURES),
    ),
)
REPAIR_FIELDS = tuple(column.key for column in REPAIR_COLUMNS)


def repair_faults(spread: str, usual: int | None, low: int | None, high: int | None) -> Iterator[tuple[str, str]]:
    """What does not fit between the usual time and its spread: the name of the field and what to do (Dutch)."""
    if not spread:
        return
    if usual is None:
        yield "repair", _("Vul in hoe lang herstel meestal duurt; zonder dat is er geen spreiding.")
        return
    if spread == SpreadKind.TRIANGULAR:
        if low is None or low > usual:
            yield "repair_low", _("Vul een kortste tijd in die niet boven de gewone hersteltijd ligt.")
        if high is None or high < usual:
            yield "repair_high", _("Vul een langste tijd in die niet onder de gewone hersteltijd ligt.")
    if spread in {SpreadKind.EXPONENTIAL, SpreadKind.LOGNORMAL} and usual < 1:
        yield "repair", _("Bij deze spreiding duurt herstel minstens 1 minuut.")
    if spread == SpreadKind.LOGNORMAL and (high is None or high < usual):
        yield "repair_high", _("Vul een langste tijd in die niet onder de gewone hersteltijd ligt.")


def repair_problems(number: int, values: Mapping[str, Any]) -> list[Problem]:
    """The same for a row of a table; ``values`` by column key."""
    titles = {column.key: column.title for column in REPAIR_COLUMNS}
    faults = repair_faults(
        values.get("repair_spread") or "", values.get("repair"), values.get("repair_low"), values.get("repair_high")
    )
    return [Problem(number, titles[field], message) for field, message in faults]


def repair_cells(thing: Any) -> list[Any]:
    """The cells of these columns for a node or a common cause."""
    rate = decimal_text(thing.failures_per_year)
    return [thing.repair, thing.repair_spread, thing.repair_low, thing.repair_high, rate]
