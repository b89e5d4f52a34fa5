"""Why something that was given as a rule can not be used: always with a Dutch reason, never dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sigma import exceptions

_REASONS: Final[tuple[tuple[type[exceptions.SigmaError], str], ...]] = (
    (exceptions.SigmaTimespanError, "De tijdspanne (timespan) klopt niet; schrijf bijvoorbeeld 5m of 1h"),
    (exceptions.SigmaCorrelationConditionError, "De voorwaarde (condition) van het verband klopt niet"),
    (exceptions.SigmaCorrelationTypeError, "De soort (type) van het verband is onbekend"),
    (exceptions.SigmaCorrelationRuleError, "Het verband (correlation) klopt niet"),
    (exceptions.SigmaFilterError, "Het filter klopt niet"),
    (exceptions.SigmaConditionError, "De voorwaarde (condition) klopt niet"),
    (exceptions.SigmaDetectionError, "De detectie klopt niet"),
    (exceptions.SigmaLogsourceError, "De logbron (logsource) klopt niet"),
    (exceptions.SigmaIdentifierError, "Het kenmerk (id) is geen UUID"),
    (exceptions.SigmaTitleError, "De titel ontbreekt of is te lang"),
    (exceptions.SigmaLevelError, "De ernst (level) is onbekend"),
    (exceptions.SigmaStatusError, "De status is onbekend"),
    (exceptions.SigmaDateError, "De datum klopt niet"),
    (exceptions.SigmaTypeError, "Een waarde past niet bij haar bewerking (modifier)"),
    (exceptions.SigmaModifierError, "De regel gebruikt een bewerking (modifier) die niet bestaat"),
    (exceptions.SigmaRegularExpressionError, "Een patroon is niet geldig of niet veilig te zoeken (RE2)"),
    (exceptions.SigmaValueError, "Een waarde klopt niet"),
)


class NotUsable(Exception):
    """A document that this engine can not use; the message is the Dutch reason."""


@dataclass(frozen=True, slots=True)
class UnusableRule:
    """A rule, correlation or filter that can not be used, with a Dutch reason; id and title as far as they are known.

    `name` is the source it came from, `called` the name by which others may refer to it.
    """

    name: str
    rule_id: str
    title: str
    reason: str
    called: str = ""


def reason(error: Exception) -> str:
    """The Dutch reason that belongs to an error of pySigma."""
    words = next((words for kind, words in _REASONS if isinstance(error, kind)), "De regel klopt niet")
    return f"{words} ({detail(error)})."


def detail(error: Exception) -> str:
    """What an error says of itself, shortened."""
    return str(error).strip().rstrip(".")[:300] or type(error).__name__
