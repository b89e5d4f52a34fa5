"""Odds in sentences and as a picture: what a year may cost, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brandwacht.network.wording import number
from brandwacht.riskmap.reckoning.odds import ENOUGH, PERIODS
from brandwacht.riskmap.words.sentences import loss_in_words, percent

WIDTH, HEIGHT, LEFT, FLOOR, TOP, RIGHT = 720, 300, 74, 250, 40, 690
TICKS: Final = 4
_REST: Final = gettext_lazy("De rest valt hier nooit uit zichzelf uit; in het echt kan het dus vaker misgaan.")


@dataclass(frozen=True, slots=True)
class Curve:
    """A loss-exceedance curve, drawn: a path, and (place, label) of the ticks along the loss and the chance.

    ``finding`` is its title; ``levels`` are (how often, loss) in words; ``points`` says that the loss is in impact
    points, else in hours.
    """

    finding: str
    name: str
    mean: str
    points: bool
    path: str
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    levels: tuple[tuple[str, str], ...]


def curve(row: Mapping[str, Any]) -> Curve:
    """The picture and the words of one curve of ``odds.odds``. Chance goes by powers of ten: what is rare counts."""
    points = bool(row["key"])
    line: Sequence[Sequence[float]] = row["line"]
    most = max((loss for loss, _share in line), default=0.0) or 1.0
    least = min((share for _loss, share in line), default=0.1)

    def up(share: float) -> float:
        return round(TOP + (FLOOR - TOP) * log(share) / log(min(least, 0.5)), 1)

    def across(loss: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * loss / most, 1)

    path = "".join(f"{'L' if index else 'M'}{across(loss)} {up(share)}" for index, (loss, share) in enumerate(line))
    periods = [1, *(period for period in PERIODS if 1 / period >= least)]
    return Curve(
        finding(row),
        row["name"],
        loss_in_words(row["mean"], points, yearly=True),
        points,
        path,
        tuple((across(most * step / TICKS), number(round(most * step / TICKS, 1))) for step in range(TICKS + 1)),
        tuple((up(1 / period), odds_of(period)) for period in periods),
        tuple((often(period), loss_in_words(loss, points)) for period, loss in row["levels"]),
    )


def often(period: int) -> str:
    """``eens in de tien jaar``."""
    return {
        2: _("eens in de twee jaar"), 10: _("eens in de tien jaar"), 100: _("eens in de honderd jaar"),
        1000: _("eens in de duizend jaar"),
    }[period]  # fmt: skip


def odds_of(period: int) -> str:
    """``1 op 10``; every year for 1."""
    return _("1 op %(n)s") % {"n": number(period)} if period > 1 else _("elk jaar")


def finding(row: Mapping[str, Any]) -> str:
    """What a curve says, in a sentence without its full stop: of the first of ten, a hundred, a thousand years."""
    for period, loss in row["levels"]:
        if period >= 10 and loss > 0:
            return _("%(name)s: %(often)s minstens %(loss)s") % {
                "name": row["name"], "often": often(period), "loss": loss_in_words(loss, bool(row["key"]))
            }  # fmt: skip
    return _("%(name)s: schade in %(share)s van de jaren") % {"name": row["name"], "share": percent(row["any"])}


def headline(odds: Mapping[str, Any]) -> str:
    """The sentence that answers."""
    stopping = [row for row in odds["processes"] if row["down"] > 0]
    if stopping:
        return _("%(name)s staat naar verwachting het langst stil: %(hours)s.") % {
            "name": stopping[0]["name"], "hours": loss_in_words(stopping[0]["down"], points=False, yearly=True)
        }  # fmt: skip
    return _("Geen vitaal proces staat in de doorgerekende jaren stil.")


def unrated(odds: Mapping[str, Any]) -> str:
    """That some parts never fail by themselves in these figures, and so count as nothing; empty when all or none do.

    ``odds`` counts parts and common causes, and of how many is known how often they fail (``reckoning.odds.known``).
    """
    told, there = odds["rated"] + odds["causes"], odds["size"] + odds["all_causes"]
    if told in (0, there):
        return ""
    return f"{_known(odds)} {_REST}"


def _known(odds: Mapping[str, Any]) -> str:
    counts = {"rated": number(odds["rated"]), "size": number(odds["size"]), "causes": number(odds["causes"]),
              "all": number(odds["all_causes"])}  # fmt: skip
    if not odds["all_causes"]:
        return _("Van %(rated)s van de %(size)s onderdelen is ingevuld hoe vaak ze uitvallen.") % counts
    return (
        _(
            "Van %(rated)s van de %(size)s onderdelen en %(causes)s van de %(all)s gezamenlijke oorzaken is ingevuld "
            "hoe vaak ze uitvallen."
        )
        % counts
    )


def rests(odds: Mapping[str, Any]) -> list[str]:
    """What these figures rest on, in sentences."""
    lines = [
        _("%(runs)s jaren doorgerekend; per jaar valt er gemiddeld %(failures)s keer iets uit zichzelf uit.")
        % {"runs": number(odds["runs"]), "failures": number(round(odds["failures"], 1))},
        _("Het toeval begint bij startgetal (seed) %(seed)s. Zelfde kaart, zelfde startgetal: zelfde jaren.")
        % {"seed": odds["seed"]},
        _known(odds),
        str(_REST),
    ]  # fmt: skip
    if odds["assumed"]:
        lines.append(
            ngettext(
                "Van %(n)d daarvan is geen hersteltijd bekend; daarvoor is 72 uur gerekend.",
                "Van %(n)d daarvan is geen hersteltijd bekend; daarvoor is 72 uur gerekend.",
                odds["assumed"],
            )
            % {"n": odds["assumed"]}
        )
    lines.append(
        _("Wat zeldzamer is dan eens in de %(years)s jaar staat er niet in: dat kwam in minder dan %(n)d jaren voor.")
        % {"years": number(odds["runs"] // ENOUGH), "n": ENOUGH}
    )
    lines.append(_("Scenario's waarvan u de kans inschat, tellen hier niet mee; die staan in het risicodiagram."))
    return lines


def odds_in_words(odds: Mapping[str, Any] | None) -> list[str]:
    """What the risk plan says of the odds; nothing when they were never computed."""
    if odds is None:
        return []
    if not odds["runs"]:
        return [_("Nergens is ingevuld hoe vaak iets uitvalt. Daarom is er geen kans op schade berekend.")]
    return [headline(odds), *(f"{finding(row)}." for row in odds["curves"]), *rests(odds)]
