"""The use cases of the watch: importing rules, reading logs, handling alerts, and files offered on the page."""

from brandwacht.soc.services.content_imports import drop_import, offer_rules, read_offered_content
from brandwacht.soc.services.exception_cases import ExceptionDraft, approve, end, propose, reject, row_of
from brandwacht.soc.services.inbox import offer, read_offered
from brandwacht.soc.services.indicators import ListFacts, apply_list, end_list, import_indicators, offer_list
from brandwacht.soc.services.ingest import Outcome, Progress, ingest
from brandwacht.soc.services.lookback import run_look_back, search_list, stop_look_back, try_rule
from brandwacht.soc.services.rule_edit import change_rule, restore_rule, template, write_rule
from brandwacht.soc.services.rule_off import end_rule_off, set_rule_off
from brandwacht.soc.services.rulebook import Rulebook, rulebook_for, rulebook_stamp
from brandwacht.soc.services.rules import import_rules, switch_rule
from brandwacht.soc.services.together import acknowledge_story, close_story, take_apart
from brandwacht.soc.services.triage import acknowledge, close, mark_incident, mark_known, reopen

__all__ = [
    "ExceptionDraft",
    "ListFacts",
    "Outcome",
    "Progress",
    "Rulebook",
    "acknowledge",
    "acknowledge_story",
    "apply_list",
    "approve",
    "change_rule",
    "close",
    "close_story",
    "drop_import",
    "end",
    "end_list",
    "end_rule_off",
    "import_indicators",
    "import_rules",
    "ingest",
    "mark_incident",
    "mark_known",
    "offer",
    "offer_list",
    "offer_rules",
    "propose",
    "read_offered",
    "read_offered_content",
    "reject",
    "reopen",
    "restore_rule",
    "row_of",
    "rulebook_for",
    "rulebook_stamp",
    "run_look_back",
    "search_list",
    "set_rule_off",
    "stop_look_back",
    "switch_rule",
    "take_apart",
    "template",
    "try_rule",
    "write_rule",
]
