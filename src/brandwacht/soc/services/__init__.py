"""The use cases of the watch: importing rules, reading logs, handling alerts, and files offered on the page."""

from brandwacht.soc.services.inbox import offer, read_offered
from brandwacht.soc.services.ingest import Outcome, Progress, ingest
from brandwacht.soc.services.rulebook import Rulebook, rulebook_for
from brandwacht.soc.services.rules import import_rules, switch_rule
from brandwacht.soc.services.triage import acknowledge, close, mark_incident, mark_known, reopen

__all__ = [
    "Outcome",
    "Progress",
    "Rulebook",
    "acknowledge",
    "close",
    "import_rules",
    "ingest",
    "mark_incident",
    "mark_known",
    "offer",
    "read_offered",
    "reopen",
    "rulebook_for",
    "switch_rule",
]
