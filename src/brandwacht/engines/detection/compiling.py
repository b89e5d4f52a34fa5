"""From a pySigma rule to the intermediate form: plain JSON expressions over atoms (see `atoms`).

An expression is `["and", e, ...]`, `["or", e, ...]`, `["not", e]`, `["sel", name]` or an atom. A condition speaks of
selections only (`sel`), a selection of atoms only, so that a match can name the selections that were true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import re2  # type: ignore[import-untyped]
from sigma import types
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionIdentifier,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionSelector,
    ConditionValueExpression,
)
from sigma.rule.detection import SigmaDetections

from brandwacht.engines.detection.atoms import compile_regex
from brandwacht.engines.detection.events import text_of
from brandwacht.engines.detection.reasons import NotUsable

Expression = list[Any]
Placeholders = Mapping[str, Sequence[str]]

_FLAGS = {
    types.SigmaRegularExpressionFlag.IGNORECASE: "i",
    types.SigmaRegularExpressionFlag.MULTILINE: "m",
    types.SigmaRegularExpressionFlag.DOTALL: "s",
}


def compile_detections(
    detections: SigmaDetections, placeholders: Placeholders
) -> tuple[dict[str, Expression], Expression]:
    """The selections of a rule or filter by name, and its condition. Raises `NotUsable`, or pySigma's errors."""
    selections: dict[str, Expression] = {}
    for name, detection in detections.detections.items():
        selections[name] = _tree(detection.postprocess(detections), placeholders)
    conditions = [_condition(item.parse(postprocess=False), detections) for item in detections.parsed_condition]
    if not conditions:
        raise NotUsable("De regel heeft geen voorwaarde (condition).")
    return selections, join("or", conditions)


def join(op: str, parts: list[Expression]) -> Expression:
    """`op` over `parts`, or the part itself when there is one."""
    return parts[0] if len(parts) == 1 else [op, *parts]


def rename(condition: Expression, name_of: Callable[[str], str]) -> Expression:
    """`condition` with its selections under other names."""
    match condition:
        case ["sel", str(name)]:
            return ["sel", name_of(name)]
        case [op, *parts]:
            return [op, *(rename(part, name_of) for part in parts)]
    raise ValueError(f"no condition: {condition!r}")


def _condition(node: object, detections: SigmaDetections) -> Expression:
    match node:
        case ConditionIdentifier():
            if node.identifier not in detections.detections:
                raise NotUsable(f"De voorwaarde noemt {node.identifier!r}, maar die selectie bestaat niet.")
            return ["sel", node.identifier]
        case ConditionSelector():
            names = [item.identifier for item in node.resolve_referenced_detections(detections)]
            if not names:
                raise NotUsable(f"Geen enkele selectie past op {node.pattern!r} in de voorwaarde.")
            op = "and" if node.cond_class is ConditionAND else "or"
            return join(op, [["sel", name] for name in names])
        case ConditionItem():
            return _operator(node, lambda part: _condition(part, detections))
    raise NotUsable("De voorwaarde (condition) van de regel is niet te begrijpen.")


def _operator(node: ConditionItem, convert: Callable[[object], Expression]) -> Expression:
    parts = [convert(part) for part in node.args]
    match node:
        case ConditionNOT():
            return ["not", parts[0]]
        case ConditionAND():
            return join("and", parts)
        case ConditionOR():
            return join("or", parts)
    raise NotUsable(f"De regel gebruikt {type(node).__name__}, en dat kan deze versie nog niet.")


def _tree(node: object, placeholders: Placeholders) -> Expression:
    match node:
        case ConditionFieldEqualsValueExpression():
            return _value(node.field, node.value, placeholders)
        case ConditionValueExpression():
            return _value(None, node.value, placeholders)
        case ConditionItem():
            return _operator(node, lambda part: _tree(part, placeholders))
    raise NotUsable("Een selectie van de regel is leeg.")


def _value(field: str | None, value: types.SigmaType, placeholders: Placeholders) -> Expression:
    match value:
        case types.SigmaExpansion():
            return join("or", [_value(field, part, placeholders) for part in value.values])
        case types.SigmaString() | types.SigmaRegularExpression() if value.contains_placeholder():
            filled = value.replace_placeholders(lambda item: _fill(item, placeholders))
            return join("or", [_value(field, part, placeholders) for part in filled])
        case types.SigmaString():
            return _string(field, value)
        case types.SigmaTimestampPart():
            return ["part", field, value.timestamp_part.name.lower(), "eq", value.number]
        case types.SigmaNumber() | types.SigmaBool():
            plain = value.number if isinstance(value, types.SigmaNumber) else value.boolean
            return ["contains" if field is None else "eq", field, text_of(plain), False]
        case types.SigmaRegularExpression():
            return _regex(field, value)
        case types.SigmaCIDRExpression():
            return ["cidr", field, str(value.network)]
        case types.SigmaCompareExpression(number=types.SigmaTimestampPart() as part):
            return ["part", field, part.timestamp_part.name.lower(), value.op.name.lower(), part.number]
        case types.SigmaCompareExpression():
            return ["cmp", field, value.op.name.lower(), value.number.number]
    if field is None:
        raise NotUsable("Een los trefwoord in de regel is leeg, of van een soort die alleen bij een veld kan staan.")
    match value:
        case types.SigmaNull():
            return ["null", field]
        case types.SigmaExists():
            return ["exists", field, value.exists]
        case types.SigmaFieldReference():
            how = {(True, True): "contains", (True, False): "starts", (False, True): "ends"}
            return ["ref", field, value.field, how.get((value.starts_with, value.ends_with), "eq")]
    raise NotUsable(f"De regel gebruikt een waarde van de soort {type(value).__name__} die hier niet kan staan.")


def _fill(placeholder: types.Placeholder, placeholders: Placeholders) -> Iterator[types.SigmaString]:
    values = placeholders.get(placeholder.name)
    if not values:
        raise NotUsable(
            f"De regel vraagt om een eigen lijst %{placeholder.name}%, en die is niet ingevuld. Geef deze lijst op."
        )
    yield from map(types.SigmaString, values)


def _string(field: str | None, value: types.SigmaString) -> Expression:
    cased = isinstance(value, types.SigmaCasedString)
    parts: list[str | int] = [] if field is not None else [0]
    for part in value.s:
        if isinstance(part, str):
            text = part if cased else part.lower()
            if parts and isinstance(parts[-1], str):
                parts[-1] += text
            elif text:
                parts.append(text)
        elif part is types.SpecialChars.WILDCARD_SINGLE:
            parts.append(1)
        elif not (parts and parts[-1] == 0):
            parts.append(0)
    if field is None and parts[-1] != 0:
        parts.append(0)
    match parts:
        case []:
            return ["eq", field, "", cased]
        case [str(text)]:
            return ["eq", field, text, cased]
        case [str(text), 0]:
            return ["starts", field, text, cased]
        case [0, str(text)]:
            return ["ends", field, text, cased]
        case [0, str(text), 0]:
            return ["contains", field, text, cased]
    return ["glob", field, parts, cased]


def _regex(field: str | None, value: types.SigmaRegularExpression) -> Expression:
    pattern, flags = str(value.regexp), "".join(sorted(_FLAGS[flag] for flag in value.flags))
    try:
        compile_regex(pattern, flags)
    except re2.error as error:
        raise NotUsable(
            f"Het patroon {pattern!r} is niet geldig of niet veilig te zoeken (RE2). Schrijf het zonder vooruitblik."
        ) from error
    return ["re", field, pattern, flags]
