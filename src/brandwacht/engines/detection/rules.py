"""Sigma rules: loaded from YAML with pySigma, kept as plain JSON.

Loading thousands of rules takes pySigma many seconds; a `Rule` therefore goes to and from JSON without loss, so that
a caller can store the compiled form and start at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from sigma import exceptions
from sigma.correlations import SigmaCorrelationRule
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule, SigmaRuleBase

from brandwacht.engines.detection.compiling import Expression, Placeholders, compile_detections, rename
from brandwacht.engines.detection.correlations import (
    Correlation,
    Names,
    OutdatedForm,
    compile_correlation,
    correlation_id,
    key_of,
    references,
    silent_ids,
)
from brandwacht.engines.detection.documents import Document, read_documents
from brandwacht.engines.detection.filters import Filter, choose_rules, filter_for
from brandwacht.engines.detection.logsources import logsource_of
from brandwacht.engines.detection.pipelines import Pipeline
from brandwacht.engines.detection.reasons import NotUsable, UnusableRule, detail, reason

FORM: Final = 3
"""Version of the JSON form. Raised when its meaning changes; stored rules of another form must be compiled again."""

_Compiled = tuple[dict[str, Expression], Expression]
_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One usable Sigma rule. `name` is the source it came from, `attack` its ATT&CK techniques such as T1003.001."""

    id: str
    title: str
    level: str
    status: str
    tags: tuple[str, ...]
    attack: tuple[str, ...]
    description: str
    author: str
    falsepositives: tuple[str, ...]
    references: tuple[str, ...]
    logsource: dict[str, str]
    name: str
    selections: dict[str, Expression] = field(repr=False)
    condition: Expression = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """The rule as plain JSON, with the version of the form."""
        given = ((each.name, getattr(self, each.name)) for each in fields(self))  # `asdict` copies all that is in them
        return {"form": FORM} | {name: list(value) if isinstance(value, tuple) else value for name, value in given}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rule:
        """The rule that `to_json` wrote. Raises `OutdatedForm` when this version can not read it."""
        if data.get("form") != FORM:
            raise OutdatedForm(f"form {data.get('form')!r} is not {FORM}")
        values = {key: value for key, value in data.items() if key != "form"}
        for key in ("tags", "attack", "falsepositives", "references"):
            values[key] = tuple(values.get(key, ()))
        try:
            return cls(**values)
        except TypeError as error:
            raise OutdatedForm(str(error)) from error


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What came out of loading: usable rules (with their filters in them), correlations, filters, and all the rest."""

    rules: list[Rule]
    unusable: list[UnusableRule]
    correlations: list[Correlation] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)

    @property
    def silent(self) -> frozenset[str]:
        """See `correlations.silent_ids`: matches of these ids are no alert by themselves."""
        return silent_ids(self.correlations)

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON, with the version of the form."""
        return {
            "form": FORM,
            "rules": [item.to_json() for item in self.rules],
            "unusable": [asdict(item) for item in self.unusable],
            "correlations": [item.to_json() for item in self.correlations],
            "filters": [asdict(item) for item in self.filters],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RuleSet:
        """What `to_json` wrote. Raises `OutdatedForm` when this version can not read it."""
        if data.get("form") != FORM:
            raise OutdatedForm(f"form {data.get('form')!r} is not {FORM}")
        try:
            return cls(
                rules=[Rule.from_json(item) for item in data["rules"]],
                unusable=[UnusableRule(**item) for item in data["unusable"]],
                correlations=[Correlation.from_json(item) for item in data["correlations"]],
                filters=[
                    Filter(**(item | {key: tuple(item[key]) for key in ("rules", "unknown")}))
                    for item in data["filters"]
                ],
            )
        except (KeyError, TypeError) as error:
            raise OutdatedForm(f"no rules: {error!r}") from error


def load_rules(
    sources: Iterable[tuple[str, str]], placeholders: Placeholders | None = None, pipeline: Pipeline | None = None
) -> RuleSet:
    """Load rules from (name, YAML text) pairs; a text may hold several documents, numbered in the name as "name#2".

    `placeholders` fills the lists that rules with the modifier `expand` ask for; `pipeline` gives fields and values
    other names, and may bring such lists. Correlations and filters may refer to
    rules in any of the sources. Nothing is dropped: each document is a rule, a correlation, a filter, or in `unusable`,
    also one whose id was seen before.
    """
    return _Loading(placeholders or {}, pipeline).load(sources)


class _Loading:
    """One call of `load_rules`: first the rules of all sources, then what refers to them."""

    def __init__(self, placeholders: Placeholders, pipeline: Pipeline | None) -> None:
        self._pipeline = pipeline
        self._placeholders = {**pipeline.lists, **placeholders} if pipeline else placeholders
        self._rules: dict[str, Rule] = {}
        self._correlations: dict[str, Correlation] = {}
        self._filters: list[Filter] = []
        self._unusable: list[UnusableRule] = []
        self._names = Names()
        self._places: dict[str, str] = {}
        self._logsources: dict[str, dict[str, str]] = {}
        """The log sources of the rules as they were written."""

    def load(self, sources: Iterable[tuple[str, str]]) -> RuleSet:
        """See `load_rules`."""
        filters: list[tuple[Document, SigmaFilter]] = []
        correlations: list[_Waiting] = []
        for name, text in sources:
            for item in read_documents(name, text):
                match item:
                    case UnusableRule():
                        self._refuse(item)
                    case Document(parsed=SigmaRule() as rule):
                        self._attempt(item, partial(self._rule, item, rule))
                    case Document(parsed=SigmaFilter() as rule_filter):
                        filters.append((item, rule_filter))
                    case Document(parsed=SigmaCorrelationRule() as correlation):
                        correlations.append(_Waiting(item, correlation))
        for document, rule_filter in filters:
            self._attempt(document, partial(self._filter, document, rule_filter))
        self._correlate(correlations)
        order = {correlation_id(item.document): number for number, item in enumerate(correlations)}
        return RuleSet(
            rules=list(self._rules.values()),
            unusable=self._unusable,
            correlations=sorted(self._correlations.values(), key=lambda item: order[item.id]),
            filters=self._filters,
        )

    def _refuse(self, item: UnusableRule) -> None:
        self._unusable.append(item)
        self._names.drop(item.rule_id, item.called)

    def _attempt(self, document: Document, make: Callable[[], None]) -> None:
        """Make what the document is; when that can not be done, keep why."""
        parsed = document.parsed
        try:
            make()
            return
        except NotUsable as error:
            why = str(error)
        except exceptions.SigmaError as error:
            why = reason(error)
        except Exception as error:  # pySigma raises many kinds on odd input; one bad rule must not stop the others
            why = f"De regel is niet te verwerken ({detail(error)})."
        about = str(parsed.id or ""), str(parsed.title or ""), why, str(parsed.name or "")
        self._refuse(UnusableRule(document.name, *about))

    def _claim(self, item_id: str, name: str) -> None:
        """Give the id to what is at `name`, unless something has it already."""
        if item_id in self._places:
            first = self._places[item_id]
            raise NotUsable(f"Dubbel kenmerk (id): regel {first} heeft hetzelfde. Geef deze regel een eigen id.")
        self._places[item_id] = name

    def _rule(self, document: Document, parsed: SigmaRule) -> None:
        logsource = logsource_of(parsed.logsource)
        if self._pipeline:
            self._pipeline.apply(parsed)
        selections, condition = compile_detections(parsed.detection, self._placeholders)
        rule_id = str(parsed.id or "") or _derived_id(str(parsed.title), selections, condition)
        self._claim(rule_id, document.name)
        made = Rule(
            **_about(parsed, document.name),
            id=rule_id,
            logsource=logsource_of(parsed.logsource),
            selections=selections,
            condition=condition,
        )
        self._rules[rule_id] = made
        self._logsources[rule_id] = logsource
        self._names.add(rule_id, made.level, parsed.name, document.name)

    def _filter(self, document: Document, parsed: SigmaFilter) -> None:
        chosen, unknown = choose_rules(parsed, self._logsources, self._names, document.name)
        title = str(parsed.title or "")
        made: dict[tuple[str, ...], _Compiled] = {}
        tuned: dict[str, Rule] = {}
        for rule_id in chosen:
            logsource = self._logsources[rule_id] if self._pipeline else {}
            key = tuple(f"{part}={value}" for part, value in logsource.items())
            if key not in made:
                detections = filter_for(parsed, logsource, self._pipeline)
                made[key] = compile_detections(detections, self._placeholders)
            tuned[rule_id] = _tuned(self._rules[rule_id], made[key], title)
        self._rules.update(tuned)
        self._filters.append(Filter(document.name, str(parsed.id or ""), title, tuple(chosen), tuple(unknown)))

    def _correlate(self, waiting: Sequence[_Waiting]) -> None:
        """Make the correlations, each one after those that it refers to."""
        while waiting:
            keys = {key for item in waiting for key in item.keys}
            ready = [item for item in waiting if not keys & item.wanted]
            for item in ready or waiting:
                make = self._correlation if ready else _in_a_circle
                self._attempt(item.document, partial(make, item.document, item.parsed))
            waiting = [item for item in waiting if keys & item.wanted] if ready else ()

    def _correlation(self, document: Document, parsed: SigmaCorrelationRule) -> None:
        made = compile_correlation(document, parsed, self._names, _about(parsed, document.name))
        if self._pipeline:
            made = replace(made, aliases=self._renamed(made, self._pipeline))
        self._claim(made.id, document.name)
        self._correlations[made.id] = made
        self._names.add(made.id, made.level, parsed.name, document.name)

    def _renamed(self, correlation: Correlation, pipeline: Pipeline) -> dict[str, dict[str, list[str]]]:
        """The aliases of a correlation with the names that the pipeline gives to fields, per rule."""
        aliases = {name: dict(rows) for name, rows in correlation.aliases.items()}
        for name in (*correlation.group_by, *correlation.fields):
            for rule_id in correlation.rules:
                if rule_id in self._logsources:
                    given = aliases.get(name, {}).get(rule_id) or [name]
                    found = [new for old in given for new in pipeline.names(self._logsources[rule_id], old)]
                    if found != given:
                        aliases.setdefault(name, {})[rule_id] = found
        return aliases


class _Waiting:
    """A correlation, what others may call it, and what it refers to."""

    def __init__(self, document: Document, parsed: SigmaCorrelationRule) -> None:
        self.document, self.parsed = document, parsed
        self.keys = {key for key in (str(parsed.id or ""), parsed.name) if key}
        self.wanted = {key_of(reference) for reference in references(parsed)}


def _tuned(rule: Rule, compiled: _Compiled, title: str) -> Rule:
    """The rule with a filter beside its own selections, under names that show where they come from."""
    selections, condition = compiled
    label, number = f"{title}: ", 2
    while any(label + name in rule.selections for name in selections):
        label, number = f"{title} ({number}): ", number + 1
    return replace(
        rule,
        selections=rule.selections | {label + name: tree for name, tree in selections.items()},
        condition=["and", rule.condition, rename(condition, lambda name: label + name)],
    )


def _in_a_circle(document: Document, parsed: SigmaCorrelationRule) -> None:
    raise NotUsable(
        "Dit verband hangt af van verbanden die in een kring naar elkaar verwijzen. Haal een verwijzing weg."
    )


def _about(rule: SigmaRuleBase, name: str) -> dict[str, Any]:
    """What every kind of rule tells of itself."""
    tags = tuple(str(tag) for tag in rule.tags)
    return {
        "title": str(rule.title or ""),
        "level": rule.level.name.lower() if rule.level else "medium",
        "status": rule.status.name.lower() if rule.status else "",
        "tags": tags,
        "attack": tuple(match[1].upper() for tag in tags if (match := _TECHNIQUE.fullmatch(tag))),
        "description": rule.description or "",
        "author": rule.author or "",
        "falsepositives": _strings(rule.falsepositives),
        "references": _strings(rule.references),
        "name": name,
    }


def _derived_id(*parts: object) -> str:
    """An id for a rule without one that stays the same as long as the rule does."""
    return str(uuid5(NAMESPACE_URL, "sigma:" + hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()))


def _strings(values: Sequence[object] | None) -> tuple[str, ...]:
    return tuple(str(value) for value in values or ())
