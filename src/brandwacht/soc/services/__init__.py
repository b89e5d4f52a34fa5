"""The use cases of the watch: importing rules, reading logs, handling alerts, and files offered on the page."""

from brandwacht.soc.services.exception_cases import ExceptionDraft, approve, end, propose, reject, row_of
from brandwacht.soc.services.inbox import offer, read_offered
from brandwacht.soc.services.ingest import Outcome, Progress, ingest
from brandwacht.soc.services.rulebook import Rulebook, rulebook_for
from brandwacht.soc.services.rules import import_rules, switch_rule
from brandwacht.soc.services.together import acknowledge_story, close_story, take_apart
from brandwacht.soc.services.triage import acknowledge, close, mark_incident, mark_known, reopen

__all__ = [
    "ExceptionDraft",
    "Outcome",
    "Progress",
    "Rulebook",
    "acknowledge",
    "acknowledge_story",
    "approve",
    "close",
    "close_story",
    "end",
    "import_rules",
    "ingest",
    "mark_incident",
    "mark_known",
    "offer",
    "propose",
    "read_offered",
    "reject",
    "reopen",
    "row_of",
    "rulebook_for",
    "switch_rule",
    "take_apart",
]
