"""Correlations: rules about rules ("ten of these by one user within five minutes"), kept as plain JSON.

Source: Sigma correlation rules specification 2 (types, rules, aliases, group-by, timespan, condition, level, generate)
and pySigma for what that text leaves to the tool (metrics, extended conditions). How they are watched: `correlating`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    CorrelationConditionOR,
    SigmaCorrelationCondition,
    SigmaCorrelationRule,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)

from brandwacht.engines.detection.documents import OPERATORS, Document
from brandwacht.engines.detection.reasons import NotUsable

FORM: Final = 1
"""Version of the JSON form."""
MAX_COUNT: Final = 100_000
"""The most that a correlation may count to: what it rests on is held in memory."""
MAX_TERMS: Final = 64
"""The most ways in which an extended condition may become true."""
LEVELS: Final = ("informational", "low", "medium", "high", "critical")
TEMPORAL: Final = ("temporal", "temporal_ordered")
METRICS: Final = ("value_sum", "value_avg", "value_percentile", "value_median")

Term = tuple[tuple[str, ...], tuple[str, ...]]
"""One way to make an extended condition true: the rules that must be seen, in order of mention, and those that must not
be."""


class OutdatedForm(ValueError):
    """Stored JSON of another form version, or nothing of this kind at all: make it again from its source."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """One usable correlation. `name` is the source it came from; every rule is named by its id.

    kind        event_count, value_count, temporal, temporal_ordered, or one of `METRICS`
    rules       ids of the rules and correlations it rests on, in the order given
    group_by    fields (or aliases) that must have the same value
    aliases     field or alias -> id of a rule -> the names of that field in its events; the first that is there counts
    seconds     the timespan
    checks      (operator, number) that must all hold: operators lt, lte, gt, gte, eq, neq; empty when `terms` decide
    terms       the ways in which an extended condition is true
    fields      for value_count the fields whose values are counted together, for metrics the one field with numbers
    percentile  for value_percentile, 1 to 99
    generate    whether its rules also speak for themselves
    """

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
    name: str
    kind: str
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    aliases: dict[str, dict[str, list[str]]]
    seconds: int
    checks: tuple[tuple[str, float], ...]
    terms: tuple[Term, ...]
    fields: tuple[str, ...]
    percentile: int | None
    generate: bool

    def to_json(self) -> dict[str, Any]:
        """The correlation as plain JSON, with the version of the form."""
        return {"form": FORM} | {key: _plain(value) for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Correlation:
        """The correlation that `to_json` wrote. Raises `OutdatedForm` when this version can not read it."""
        if data.get("form") != FORM:
            raise OutdatedForm(f"form {data.get('form')!r} is not {FORM}")
        values: dict[str, Any] = {
            key: value if key == "aliases" else _tuples(value) for key, value in data.items() if key != "form"
        }
        try:
            return cls(**values)
        except TypeError as error:
            raise OutdatedForm(str(error)) from error


def silent_ids(correlations: Iterable[Correlation]) -> frozenset[str]:
    """The ids of rules and correlations that are only building blocks: their own matches are nothing to alert on.

    These are the ones that correlations rest on while none of those says `generate: true`.
    """
    told: set[str] = set()
    used: set[str] = set()
    for correlation in correlations:
        (told if correlation.generate else used).update(correlation.rules)
    return frozenset(used - told)


def _plain(value: object) -> object:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _tuples(value: object) -> object:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


class Names:
    """What references point at: ids, and names that one rule or correlation has."""

    def __init__(self) -> None:
        self._by_name: dict[str, dict[str, str]] = {}
        self.levels: dict[str, str] = {}
        """The level of each known rule, by id."""
        self.unusable: set[str] = set()
        """Ids and names of what was there, but can not be used."""

    def add(self, item_id: str, level: str, name: str | None, source: str) -> None:
        """Make a usable rule or correlation known."""
        self.levels[item_id] = level
        if name:
            self._by_name.setdefault(name, {})[item_id] = source.partition("#")[0]

    def drop(self, item_id: str, name: str | None) -> None:
        """Note that something is there that can not be used."""
        self.unusable.update(part for part in (item_id, name) if part)

    def find(self, reference: object, source: str) -> str:
        """The id that `reference` in the file `source` means; names in that file go first. Raises `NotUsable`."""
        text = str(reference)
        named = self._by_name.get(text, {})
        near = [item for item, place in named.items() if place == source.partition("#")[0]]
        found = near or list(named)
        if len(found) > 1:
            raise NotUsable(f"Er zijn meer regels met de naam {text!r}. Verwijs naar het kenmerk (id).")
        known = found[0] if found else key_of(text)
        if known in self.levels:
            return known
        if known in self.unusable:
            raise NotUsable(f"De regel {text!r} waar hij naar verwijst, is niet bruikbaar.")
        raise NotUsable(f"De regel {text!r} waar hij naar verwijst, is er niet bij.")


def key_of(reference: str) -> str:
    """The reference as ids are written here; a name stays as it is."""
    try:
        return str(UUID(reference))
    except ValueError:
        return reference


def references(parsed: SigmaCorrelationRule) -> list[str]:
    """What a correlation refers to, as it is written there."""
    if parsed.rules is None and isinstance(parsed.condition, SigmaExtendedCorrelationCondition):
        return parsed.condition.get_referenced_rules()
    return [str(item.reference) for item in parsed.rules or ()]


def correlation_id(document: Document) -> str:
    """The id of a correlation; one without gets an id that stays the same as long as its text does."""
    if document.parsed.id:
        return str(document.parsed.id)
    digest = hashlib.sha256(repr(document.data).encode("utf-8", "replace")).hexdigest()
    return str(uuid5(NAMESPACE_URL, "sigma-correlation:" + digest))


def compile_correlation(
    document: Document, parsed: SigmaCorrelationRule, names: Names, about: Mapping[str, Any]
) -> Correlation:
    """The correlation in `document`; `about` has what every kind of rule tells of itself. Raises `NotUsable`.

    A correlation without a level gets the highest level of what it rests on.
    """
    kind = parsed.type.name.lower()
    ids = {reference: names.find(reference, document.name) for reference in references(parsed)}
    rules = tuple(ids[reference] for reference in references(parsed))
    if not rules:
        raise NotUsable("Het verband noemt geen regels (rules).")
    if kind != "temporal_ordered":
        rules = tuple(dict.fromkeys(rules))
    checks, terms = _condition(document, parsed, kind, ids, rules)
    fields = _fields(parsed, kind)
    level = about["level"] if parsed.level else max((names.levels[rule] for rule in rules), key=LEVELS.index)
    told: dict[str, Any] = {**about, "level": level, "id": correlation_id(document)}
    return Correlation(
        **told,
        kind=kind,
        rules=rules,
        group_by=tuple(dict.fromkeys(parsed.group_by or ())),
        aliases=_aliases(parsed, names, document.name),
        seconds=parsed.timespan.seconds,
        checks=checks,
        terms=terms,
        fields=fields,
        percentile=_percentile(parsed, kind),
        generate=bool(parsed.generate),
    )


def _condition(
    document: Document, parsed: SigmaCorrelationRule, kind: str, ids: Mapping[str, str], rules: tuple[str, ...]
) -> tuple[tuple[tuple[str, float], ...], tuple[Term, ...]]:
    if isinstance(parsed.condition, SigmaExtendedCorrelationCondition):
        return (), tuple(_terms(parsed.condition.parsed, ids))
    given = document.data["correlation"].get("condition")
    if given is None:
        return (("gte", len(rules)),), ()
    # pySigma reads one operator; a range has two.
    parts = [SigmaCorrelationCondition.from_dict({key: given[key]}) for key in given if key in OPERATORS]
    if any(part.count > MAX_COUNT for part in parts) and kind not in METRICS:
        raise NotUsable(
            f"Het verband telt tot meer dan {MAX_COUNT}, en zoveel wordt er niet onthouden. Tel tot minder."
        )
    return tuple(sorted((part.op.name.lower(), part.count) for part in parts)), ()


def _numeric(parsed: SigmaCorrelationRule) -> SigmaCorrelationCondition:
    if isinstance(parsed.condition, SigmaCorrelationCondition):
        return parsed.condition
    raise NotUsable("De voorwaarde (condition) van het verband vraagt niet om een aantal.")


def _fields(parsed: SigmaCorrelationRule, kind: str) -> tuple[str, ...]:
    if kind in TEMPORAL or kind == "event_count":
        return ()
    given = _numeric(parsed).fieldref
    fields = tuple(given) if isinstance(given, list) else (given,)
    if not fields or not all(isinstance(item, str) and item for item in fields):
        raise NotUsable("Het veld (field) in de voorwaarde van het verband is geen naam van een veld.")
    if kind in METRICS and len(fields) > 1:
        raise NotUsable("Rekenen gaat met één veld (field). Maak een verband per veld.")
    return tuple(str(item) for item in fields)


def _percentile(parsed: SigmaCorrelationRule, kind: str) -> int | None:
    if kind != "value_percentile":
        return None
    value = _numeric(parsed).percentile
    if value is None or not 0 < value < 100:
        raise NotUsable("Geef bij value_percentile een percentiel (percentile) van 1 tot en met 99.")
    return value


def _aliases(parsed: SigmaCorrelationRule, names: Names, source: str) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for alias in parsed.aliases:
        rows = found.setdefault(str(alias.alias), {})
        for reference, name in alias.mapping.items():
            if not isinstance(name, str):
                raise NotUsable(f"De andere naam (alias) {alias.alias!r} wijst niet naar een veld.")
            rows[names.find(reference.reference, source)] = [name]
    return found


def _terms(node: CorrelationConditionItem | SigmaRuleReference, ids: Mapping[str, str]) -> Iterator[Term]:
    """The ways in which an extended condition is true."""
    ways: dict[Term, None] = {}
    for way in _ways(node, True):
        seen = tuple(dict.fromkeys(ids[name] for name, wanted in way if wanted))
        unseen = tuple(dict.fromkeys(ids[name] for name, wanted in way if not wanted))
        if not set(seen) & set(unseen):
            ways[seen, unseen] = None
    if not any(seen for seen, _ in ways):
        raise NotUsable("De voorwaarde (condition) van het verband vraagt om geen enkele gebeurtenis.")
    return iter(ways)


def _ways(node: CorrelationConditionItem | SigmaRuleReference, wanted: bool) -> list[tuple[tuple[str, bool], ...]]:
    if isinstance(node, SigmaRuleReference):
        return [((node.reference, wanted),)]
    if isinstance(node, CorrelationConditionNOT):
        return _ways(node.args[0], not wanted)
    parts = [_ways(part, wanted) for part in node.args]
    if isinstance(node, CorrelationConditionOR if wanted else CorrelationConditionAND):
        ways = [way for part in parts for way in part]
    else:
        size = 1
        for part in parts:
            size *= len(part)
            if size > MAX_TERMS:
                break
        ways = [] if size > MAX_TERMS else [sum(way, ()) for way in product(*parts)]
        if not ways:
            raise NotUsable("De voorwaarde (condition) van het verband is te ingewikkeld. Splits het verband.")
    if len(ways) > MAX_TERMS:
        raise NotUsable("De voorwaarde (condition) van het verband is te ingewikkeld. Splits het verband.")
    return ways


_NUMBERS: Final = {
    "gte": "minstens",
    "gt": "meer dan",
    "lte": "hoogstens",
    "lt": "minder dan",
    "eq": "precies",
    "neq": "niet",
}
_METRIC_WORDS: Final = {
    "value_sum": "de som",
    "value_avg": "het gemiddelde",
    "value_median": "de middelste waarde",
}
_SPANS: Final = ((86400, "dag", "dagen"), (3600, "uur", "uur"), (60, "minuut", "minuten"), (1, "seconde", "seconden"))


def describe_correlation(correlation: Correlation) -> str:
    """What a correlation asks for, as a Dutch sentence."""
    asked = " en ".join(f"{_NUMBERS[op]} {number:g}".replace(".", ",") for op, number in correlation.checks)
    several = len(set(correlation.rules))
    match correlation.kind:
        case "event_count":
            what = f"{asked} gebeurtenissen"
        case "value_count":
            what = f"{asked} verschillende waarden in {' en '.join(correlation.fields)}"
        case kind if kind in TEMPORAL:
            every = correlation.checks == (("gte", len(correlation.rules)),)
            what = f"alle {several} regels" if every else f"{asked} van de {several} regels"
            if correlation.terms:
                what = "de regels die de voorwaarde vraagt"
            if kind == "temporal_ordered":
                what += ", in de genoemde volgorde,"
        case kind:
            metric = _METRIC_WORDS.get(kind, f"het {correlation.percentile}e percentiel")
            what = f"{metric} van {correlation.fields[0]} is {asked}"
    size, one, more = next(row for row in _SPANS if correlation.seconds % row[0] == 0)
    count = correlation.seconds // size
    group = f", met dezelfde waarde in {' en '.join(correlation.group_by)}" if correlation.group_by else ""
    return f"{what[0].upper()}{what[1:]} binnen {count} {one if count == 1 else more}{group}."
