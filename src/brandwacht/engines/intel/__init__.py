"""Threat intelligence: TLP, who may see it, indicators, and warnings as STIX 2.1. See README.md."""

from .bundle import Advice, InvalidWarning, Sender, Technique, WarningData, warning_bundle
from .deciding import Action, Audience, Purpose, Reader, Verdict, decide
from .ids import stix_id
from .indicators import Indicator, InvalidIndicator, Kind, Refusal, parse_indicator, parse_indicators, refang
from .marking import UNMARKED, Marking, Stated, effective_marking, stated_by_words, stated_on, strictest
from .pap import PAP, UnknownPap
from .patterns import InvalidPattern, Pattern, parse_pattern
from .reading import Received, read_bundle
from .tlp import BACKGROUND, TLP, UnknownTlp, old_name

__all__ = [
    "BACKGROUND",
    "PAP",
    "TLP",
    "UNMARKED",
    "Action",
    "Advice",
    "Audience",
    "Indicator",
    "InvalidIndicator",
    "InvalidPattern",
    "InvalidWarning",
    "Kind",
    "Marking",
    "Pattern",
    "Purpose",
    "Reader",
    "Received",
    "Refusal",
    "Sender",
    "Stated",
    "Technique",
    "UnknownPap",
    "UnknownTlp",
    "Verdict",
    "WarningData",
    "decide",
    "effective_marking",
    "old_name",
    "parse_indicator",
    "parse_indicators",
    "parse_pattern",
    "read_bundle",
    "refang",
    "stated_by_words",
    "stated_on",
    "stix_id",
    "strictest",
    "warning_bundle",
]
