"""What a rule says, for people: its mistakes with their line, its conditions in Dutch, and a try on an event."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from brandwacht.engines.detection import (
    Correlation,
    Event,
    Matcher,
    Rule,
    SeenBySource,
    coverage,
    describe_correlation,
    load_rules,
    stored_event,
)
from brandwacht.engines.detection.atoms import describe, freeze
from brandwacht.engines.detection.explaining import evaluate
from brandwacht.engines.detection.logsources import everything
from brandwacht.network.errors import Refused
from brandwacht.soc.services.rule_files import hostile

MAX_TEXT: Final = 64 * 1024
"""Characters of a rule in the editor."""
MAX_EVENT: Final = 256 * 1024
"""Characters of an event to try a rule on."""
MAX_PARTS: Final = 12
"""Alternatives shown of one condition; the rest is counted."""
MAX_DEPTH: Final = 12

_WORDS: Final = (
    ("condition", ("detection", "condition")),
    ("voorwaarde", ("detection", "condition")),
    ("logsource", ("logsource",)),
    ("(id)", ("id",)),
    ("titel", ("title",)),
    ("(level)", ("level",)),
    ("status", ("status",)),
    ("datum", ("date",)),
)
"""A word in the engine's reason, and the place in the rule that it is about; else it is the detection."""
_PARTS: Final = (
    ("verwijst", "rules"),
    ("rules", "rules"),
    ("group-by", "group-by"),
    ("timespan", "timespan"),
    ("aliases", "aliases"),
    ("condition", "condition"),
    ("type", "type"),
)
"""A word in the engine's reason, and the part of a correlation that it is about."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the text of a rule: the line, counted from 1 (0 when it has none), and the mend in Dutch."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition: a sentence, and the conditions that it is about."""

    text: str
    parts: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The text of one rule or correlation, read: that when it can be used, else what is wrong.

    ``rests_on`` are the titles of the rules that a correlation rests on, by identifier.
    """

    rule: Rule | Correlation | None
    problems: tuple[Problem, ...]
    rests_on: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule makes of one event: whether it matches, why, and per selection whether it is true."""

    matches: bool
    because: tuple[str, ...]
    selections: tuple[tuple[str, bool], ...]
    hint: str


def check(text: str, name: str = "regel.yml", related: Sequence[tuple[str, str]] = ()) -> Checked:
    """Read the text of one rule or correlation as it stands in the editor; never raises.

    ``related`` are the texts of rules that it may refer to, as (name, text).
    """
    if not text.strip():
        return Checked(None, (Problem(0, _("Er staat nog geen regel. Begin met het sjabloon.")),))
    if len(text) > MAX_TEXT:
        return Checked(None, (Problem(0, _("De regel is langer dan 64.000 tekens. Splits hem in kleinere regels.")),))
    if against := hostile(text):
        return Checked(None, (Problem(0, against),))
    loaded = load_rules([(name, text.replace("\x00", "\ufffd")), *related])
    read: list[Rule | Correlation] = [*loaded.rules, *loaded.correlations]
    found = [each for each in read if _is_of(each.name, name)]
    bad = [each.reason for each in loaded.unusable if _is_of(each.name, name)]
    problems = tuple(Problem(_line_of(text, reason), reason) for reason in bad)
    if len(found) > 1:
        problems += (Problem(0, _("Hier staan meer regels onder elkaar. Maak van elke regel een eigen regel.")),)
    if not found and not problems:
        why = _("Dit is geen regel en geen verband. Een filter leest u in, samen met de regels waar het over gaat.")
        problems = (Problem(0, why),)
    titles = {each.id: each.title for each in read}
    only = found[0] if len(found) == 1 and not problems else None
    basis = only.rules if isinstance(only, Correlation) else ()
    return Checked(only, problems, {rule_id: titles.get(rule_id, rule_id) for rule_id in basis})


def _is_of(place: str, name: str) -> bool:
    """Whether what stands at ``place`` comes from the file of this name."""
    return place.partition("#")[0] == name


def _line_of(text: str, reason: str) -> int:
    """The line that a reason of the engine is about; 0 when that is not known."""
    if told := re.search(r"bij regel (\d+)", reason):
        return int(told[1])
    try:
        top = yaml.compose(text, yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return 0
    low = reason.casefold()
    if _pair(top, "correlation") is not None:
        path: tuple[str, ...] = ("correlation", *(part for word, part in _PARTS if word in low))[:2]
    else:
        path = next((path for word, path in _WORDS if word in low), ("detection",))
    line = 0
    for key in path:
        pair = _pair(top, key)
        if pair is None:
            break
        line, top = pair[0].start_mark.line + 1, pair[1]
    return line


def _pair(node: yaml.Node | None, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((pair for pair in pairs if isinstance(pair[0], yaml.ScalarNode) and pair[0].value == key), None)


def blind_spot(rule: Rule, seen: SeenBySource | None = None) -> str:
    """Why this rule can never match on what was seen in the logs, as one sentence; "" when nothing is known against it.

    Without ``seen`` only a log source without a place is told.
    """
    if not everything().places(rule.logsource):
        return _("Deze regel kan hier niet aanslaan: Brandwacht weet niet in welk log %(source)s staat.") % {
            "source": log_source(rule)
        }
    if seen is None:
        return ""
    (judged,) = coverage([rule], seen)
    if judged.verdict == "unseen":
        return _("Deze regel kan nu niet aanslaan: gebeurtenissen uit %(source)s zijn nog nooit ontvangen.") % {
            "source": log_source(rule)
        }
    if judged.verdict == "missing_fields":
        return _(
            "Deze regel kan nu niet aanslaan: in %(source)s is nog nooit gezien: %(fields)s. "
            "Klopt de naam, en stuurt de bron dit veld mee?"
        ) % {"source": log_source(rule), "fields": ", ".join(judged.missing)}
    return ""


def log_source(rule: Rule) -> str:
    """The log source that a rule names, as one short text."""
    return " / ".join(
        rule.logsource.get(key, "") for key in ("product", "category", "service") if key in rule.logsource
    )


def explain(rule: Rule | Correlation, titles: Mapping[str, str] | None = None) -> Clause:
    """When the rule matches, in Dutch; of a correlation, what it counts, with the ``titles`` of its rules by id."""
    if isinstance(rule, Correlation):
        named = titles or {}
        parts = tuple(Clause(named.get(rule_id, rule_id)) for rule_id in rule.rules)
        return Clause(_("%(what)s Het gaat om deze regels:") % {"what": describe_correlation(rule)}, parts)
    return _clause(rule.condition, rule.selections, 0)


def _clause(expression: Any, selections: Any, depth: int) -> Clause:
    """An expression of the engine as sentences; what this does not know is shown as it is."""
    if depth > MAX_DEPTH:
        return Clause(_("… (te diep genest om te tonen)"))
    match expression:
        case ["sel", str(name)] if name in selections:
            inner = _clause(selections[name], selections, depth + 1)
            return Clause(f"{name}: {inner.text}", inner.parts)
        case ["not", part]:
            return Clause(_("dit mag niet waar zijn:"), (_clause(part, selections, depth + 1),))
        case ["and", *parts]:
            return Clause(_("dit is allemaal waar:"), _parts(parts, selections, depth))
        case ["or", *parts]:
            return Clause(_("minstens één hiervan is waar:"), _parts(parts, selections, depth))
    try:
        return Clause(describe(freeze(expression)))
    except (ValueError, TypeError, IndexError, KeyError):
        return Clause(json.dumps(expression, ensure_ascii=False, default=str)[:300])


def _parts(parts: Sequence[Any], selections: Any, depth: int) -> tuple[Clause, ...]:
    shown = tuple(_clause(part, selections, depth + 1) for part in parts[:MAX_PARTS])
    left = len(parts) - MAX_PARTS
    return (*shown, Clause(_("… en nog %(n)d") % {"n": left})) if left > 0 else shown


def read_event(text: str) -> Event:
    """One event from pasted JSON. Raises ``Refused`` (field "event") with what is wrong with it."""
    if len(text) > MAX_EVENT:
        raise Refused(_("De gebeurtenis is te lang. Plak één gebeurtenis."), "event")
    try:
        raw = json.loads(text)
    except RecursionError:
        raise Refused(_("De gebeurtenis is te diep genest."), "event") from None
    except ValueError as error:
        place = _(" bij regel %(line)d") % {"line": error.lineno} if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(
            _("Dit is geen geldige JSON%(place)s. Plak één gebeurtenis.") % {"place": place}, "event"
        ) from None
    if not isinstance(raw, dict):
        raise Refused(_("Plak één gebeurtenis: een JSON-object dat met { begint."), "event")
    return stored_event(1, raw)


def try_on(rule: Rule, event: Event) -> Tried:
    """What the rule makes of this event."""
    found = Matcher([rule]).match(event)
    true = tuple((name, evaluate(["sel", name], rule.selections, event.lookup, event)) for name in rule.selections)
    if found:
        return Tried(True, found[0].because, tuple((name, name in found[0].selections) for name, _is in true), "")
    if spot := blind_spot(rule):
        return Tried(False, (), true, spot)
    places = everything().places(rule.logsource)
    if not any(place.covers(event.origin.log, event.event_id) for place in places):
        hint = _("De gebeurtenis komt uit een ander log dan waar de regel over gaat (%(source)s).")
        return Tried(False, (), true, hint % {"source": log_source(rule)})
    return Tried(False, (), true, _("De gebeurtenis voldoet niet aan de voorwaarden van de regel."))
