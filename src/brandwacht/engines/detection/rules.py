"""Sigma rules: loaded from YAML with pySigma, kept as plain JSON.

Loading thousands of rules takes pySigma many seconds; a `Rule` therefore goes to and from JSON without loss, so that
a caller can store the compiled form and start at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import yaml
from sigma import exceptions
from sigma.collection import SigmaCollection
from sigma.modifiers import SigmaWideModifier, modifier_mapping
from sigma.rule import SigmaRule

from brandwacht.engines.detection.compiling import Expression, NotCompilable, Placeholders, compile_detection

FORM: Final = 1
"""Version of the JSON form. Raised when its meaning changes; stored rules of another form must be compiled again."""
MAX_RULE: Final = 1024 * 1024
"""Characters in one rule file."""

_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)", re.IGNORECASE)

modifier_mapping["utf16le"] = SigmaWideModifier  # the name in the specification; pySigma knows its alias, wide

_REASONS: Final[tuple[tuple[type[exceptions.SigmaError], str], ...]] = (
    (exceptions.SigmaConditionError, "De voorwaarde (condition) klopt niet"),
    (exceptions.SigmaDetectionError, "De detectie klopt niet"),
    (exceptions.SigmaLogsourceError, "De logbron (logsource) klopt niet"),
    (exceptions.SigmaIdentifierError, "Het kenmerk (id) is geen UUID"),
    (exceptions.SigmaTitleError, "De titel ontbreekt of is te lang"),
    (exceptions.SigmaLevelError, "De ernst (level) is onbekend"),
    (exceptions.SigmaStatusError, "De status is onbekend"),
    (exceptions.SigmaDateError, "De datum klopt niet"),
    (exceptions.SigmaRegularExpressionError, "Een patroon is niet geldig of niet veilig te zoeken (RE2)"),
    (exceptions.SigmaTypeError, "Een waarde past niet bij haar bewerking (modifier)"),
    (exceptions.SigmaModifierError, "De regel gebruikt een bewerking (modifier) die niet bestaat"),
    (exceptions.SigmaValueError, "Een waarde klopt niet"),
)


class OutdatedForm(ValueError):
    """Stored JSON of another form version, or not a rule at all: compile the rule again from its YAML."""


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
        return {"form": FORM} | {
            key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()
        }

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
class UnusableRule:
    """A rule that can not be used, with a Dutch reason; id and title as far as they are known."""

    name: str
    rule_id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What came out of loading: the usable rules and, by name, every other one."""

    rules: list[Rule]
    unusable: list[UnusableRule]


class _Loader(yaml.CSafeLoader):
    """The safe C loader (pySigma's own is many times slower), which also refuses a key that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key.value!r}", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_rules(sources: Iterable[tuple[str, str]], placeholders: Placeholders | None = None) -> RuleSet:
    """Load rules from (name, YAML text) pairs; a text may hold several documents, numbered in the name as "name#2".

    `placeholders` fills the lists that rules with the modifier `expand` ask for. Nothing is dropped: what can not be
    used is in `unusable`, also a rule whose id was seen before.
    """
    rules: list[Rule] = []
    unusable: list[UnusableRule] = []
    seen: dict[str, str] = {}
    for name, text in sources:
        for item in _load_text(name, text, placeholders or {}):
            if isinstance(item, UnusableRule):
                unusable.append(item)
            elif item.id in seen:
                reason = f"Dubbel kenmerk (id): regel {seen[item.id]} heeft hetzelfde. Geef deze regel een eigen id."
                unusable.append(UnusableRule(item.name, item.id, item.title, reason))
            else:
                seen[item.id] = item.name
                rules.append(item)
    return RuleSet(rules, unusable)


def _load_text(name: str, text: str, placeholders: Placeholders) -> Iterator[Rule | UnusableRule]:
    if len(text) > MAX_RULE:
        yield UnusableRule(name, "", "", "Het bestand is te groot voor een regel (meer dan 1 MB).")
        return
    documents, broken = _documents(name, text)
    try:
        # A `SigmaCollection` knows the old collection actions (global, reset, repeat); its rules keep their order.
        collection = SigmaCollection.from_dicts(documents, True, collect_filters=True, resolve_references=False)
    except Exception as error:  # pySigma raises many kinds on odd input; one bad file must not stop the others
        yield UnusableRule(name, "", "", f"De regel is niet te lezen ({_detail(error)}).")
        return
    loaded = collection.rules
    for number, rule in enumerate(loaded, start=1):
        label = name if len(loaded) == 1 else f"{name}#{number}"
        yield _compile(label, rule, placeholders)
    for rule_filter in collection.filters:
        yield UnusableRule(
            name,
            str(rule_filter.id or ""),
            str(rule_filter.title),
            "Losse Sigma-filters werken nog niet in deze versie.",
        )
    if not loaded:
        for problem in collection.errors:
            yield UnusableRule(name, "", "", _reason(problem))
    if broken:
        yield broken
    elif not loaded and not collection.filters and not collection.errors:
        yield UnusableRule(name, "", "", "Het bestand bevat geen regel.")


def _documents(name: str, text: str) -> tuple[list[Any], UnusableRule | None]:
    """The YAML documents in `text`, and what is wrong with the rest where reading stopped."""
    documents: list[Any] = []
    try:
        for document in yaml.load_all(text, _Loader):
            if document is None:
                continue
            if not isinstance(document, dict):
                return documents, UnusableRule(name, "", "", "Dit is geen Sigma-regel: er staan geen velden in.")
            documents.append(document)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" bij regel {mark.line + 1}" if mark else ""
        return documents, UnusableRule(name, "", "", f"Het bestand is geen geldige YAML{place}. Controleer de opmaak.")
    return documents, None


def _compile(name: str, rule: object, placeholders: Placeholders) -> Rule | UnusableRule:
    rule_id, title = str(getattr(rule, "id", None) or ""), str(getattr(rule, "title", None) or "")
    if not isinstance(rule, SigmaRule):
        return UnusableRule(
            name, rule_id, title, "Correlatieregels (verbanden tussen regels) werken nog niet in deze versie."
        )
    if rule.errors:
        return UnusableRule(name, rule_id, title, " ".join(dict.fromkeys(_reason(error) for error in rule.errors)))
    try:
        selections, condition = compile_detection(rule, placeholders)
    except NotCompilable as error:
        return UnusableRule(name, rule_id, title, str(error))
    except exceptions.SigmaError as error:
        return UnusableRule(name, rule_id, title, _reason(error))
    except Exception as error:  # see above
        return UnusableRule(name, rule_id, title, f"De regel is niet te verwerken ({_detail(error)}).")
    tags = tuple(str(tag) for tag in rule.tags)
    return Rule(
        id=rule_id or _derived_id(title, selections, condition),
        title=title,
        level=rule.level.name.lower() if rule.level else "medium",
        status=rule.status.name.lower() if rule.status else "",
        tags=tags,
        attack=tuple(match[1].upper() for tag in tags if (match := _TECHNIQUE.fullmatch(tag))),
        description=rule.description or "",
        author=rule.author or "",
        falsepositives=_strings(rule.falsepositives),
        references=_strings(rule.references),
        logsource={
            key: str(value)
            for key in ("product", "category", "service")
            if (value := getattr(rule.logsource, key)) is not None
        },
        name=name,
        selections=selections,
        condition=condition,
    )


def _derived_id(*parts: object) -> str:
    """An id for a rule without one that stays the same as long as the rule does."""
    return str(uuid5(NAMESPACE_URL, "sigma:" + hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()))


def _strings(values: Sequence[object] | None) -> tuple[str, ...]:
    return tuple(str(value) for value in values or ())


def _reason(error: Exception) -> str:
    words = next((words for kind, words in _REASONS if isinstance(error, kind)), "De regel klopt niet")
    return f"{words} ({_detail(error)})."


def _detail(error: Exception) -> str:
    return str(error).strip().rstrip(".")[:300] or type(error).__name__
