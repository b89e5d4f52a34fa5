"""Threat intelligence: TLP, who may see it, indicators, and warnings as STIX 2.1. See README.md."""

from .audience import Audience, Reader, Verdict, may_see
from .bundle import Advice, InvalidWarning, Sender, Technique, WarningData, effective_marking, warning_bundle
from .indicators import Indicator, InvalidIndicator, Kind, Refusal, parse_indicator, parse_indicators
from .reading import Received, read_bundle
from .tlp import BACKGROUND, TLP, UnknownTlp, old_name

__all__ = [
    "BACKGROUND",
    "TLP",
    "Advice",
    "Audience",
    "Indicator",
    "InvalidIndicator",
    "InvalidWarning",
    "Kind",
    "Reader",
    "Received",
    "Refusal",
    "Sender",
    "Technique",
    "UnknownTlp",
    "Verdict",
    "WarningData",
    "effective_marking",
    "may_see",
    "old_name",
    "parse_indicator",
    "parse_indicators",
    "read_bundle",
    "warning_bundle",
]
