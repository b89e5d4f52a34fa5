"""Other names for fields and values than rules use: read from YAML, applied to rules before they are compiled.

Two forms are understood. Our own, short one:

    mappings:
      - logsource: {product: windows, category: process_creation}    # left out: every rule
        fields:
          Image: process.executable
          User: [user.name, winlog.user.name]                       # any of them
        values:
          IntegrityLevel: {High: S-1-16-12288}                      # as the rule writes it: as it is in the event
    lists:
      beheerders: [jan, piet]                                       # for rules with the modifier `expand`

and a processing pipeline of pySigma, as far as it changes rules (`transformations`, and `vars` as lists): no templates,
no queries, nothing that reads a file, asks the network or starts a program.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingPipeline
from sigma.rule import SigmaDetection, SigmaRule
from sigma.rule.base import check_alias_expansion

from brandwacht.engines.detection.compiling import Placeholders
from brandwacht.engines.detection.events import text_of
from brandwacht.engines.detection.reasons import detail

MAX_PIPELINE: Final = 1024 * 1024
"""Characters in one pipeline."""
TRANSFORMATIONS: Final = frozenset(
    {
        "add_condition", "case", "change_logsource", "convert_type", "detection_item_failure", "drop_detection_item",
        "field_name_mapping", "field_name_prefix", "field_name_prefix_mapping", "field_name_suffix", "hashes_fields",
        "map_string", "regex", "replace_string", "rule_failure", "set_state", "set_value", "value_placeholders",
        "wildcard_placeholders",
    }
)  # fmt: skip
"""The transformations of pySigma that work on rules by what is in the pipeline alone."""
_OWN: Final = frozenset({"version", "mappings", "lists"})
_THEIRS: Final = frozenset({"name", "priority", "transformations", "vars", "allowed_backends"})


class UnusablePipeline(ValueError):
    """A pipeline that can not be applied; the message is a Dutch reason that names the place."""


class Pipeline:
    """What `read_pipeline` gives. `lists` are the values for the modifier `expand` that it brings."""

    def __init__(self, processing: ProcessingPipeline, lists: Placeholders) -> None:
        self._processing = processing
        self.lists = lists
        self._known: dict[tuple[str | None, ...], tuple[str, ...]] = {}

    def apply(self, rule: SigmaRule) -> SigmaRule:
        """Change a rule of pySigma in place, and give it back. Raises pySigma's errors, also to refuse the rule."""
        self._processing.apply(rule)
        return rule

    def names(self, logsource: Mapping[str, str], name: str) -> tuple[str, ...]:
        """The names that a field gets in rules for this log source: found by trying it on one."""
        key = (*(logsource.get(part) for part in ("product", "category", "service")), name)
        if key not in self._known:
            detection = {"selection": {f"{name}|exists": True}, "condition": "selection"}
            try:
                rule = SigmaRule.from_dict({"title": name, "logsource": dict(logsource), "detection": detection})
                found = tuple(dict.fromkeys(_fields(self.apply(rule).detection.detections["selection"])))
            except (SigmaError, KeyError):
                found = ()
            self._known[key] = found or (name,)
        return self._known[key]


def read_pipeline(text: str) -> Pipeline:
    """The pipeline that this YAML describes. Raises `UnusablePipeline`."""
    if len(text) > MAX_PIPELINE:
        raise UnusablePipeline("Het bestand is te groot voor een pijplijn (meer dan 1 MB).")
    try:
        data = yaml.load(text, yaml.CSafeLoader)
        check_alias_expansion(data)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnusablePipeline(f"Het bestand is geen geldige YAML ({detail(error)}). Controleer de opmaak.") from error
    if not isinstance(data, dict) or not {"mappings", "lists", "transformations", "vars"} & set(data):
        raise UnusablePipeline("Dit is geen pijplijn: er staat geen mappings, lists of transformations in.")
    own = "mappings" in data or "lists" in data
    unknown = sorted(map(str, set(data) - (_OWN if own else _THEIRS)))
    if unknown:
        raise UnusablePipeline(f"De pijplijn heeft een deel dat hier niet gebruikt kan worden: {unknown[0]}.")
    lists = _lists(data.get("lists" if own else "vars"))
    items = _of_mappings(data.get("mappings") or []) if own else _checked(data.get("transformations") or [])
    try:
        processing = ProcessingPipeline.from_dict({"transformations": items, "vars": lists})
    except Exception as error:  # pySigma raises many kinds on odd input
        raise UnusablePipeline(f"De pijplijn klopt niet ({detail(error)}).") from error
    return Pipeline(processing, lists)


def _fields(detection: SigmaDetection) -> Iterator[str]:
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            yield from _fields(item)
        elif item.field is not None:
            yield item.field


def _lists(given: object) -> dict[str, list[str]]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise UnusablePipeline("De lijsten (lists) moeten een naam met waarden zijn.")
    lists: dict[str, list[str]] = {}
    for name, values in given.items():
        rows = values if isinstance(values, list) else [values]
        if not rows or not all(isinstance(value, (str, int, float)) for value in rows):
            raise UnusablePipeline(f"De lijst {name} moet een of meer teksten of getallen bevatten.")
        lists[str(name)] = [text_of(value) for value in rows]
    return lists


def _checked(items: object) -> list[dict[str, Any]]:
    """Transformations of pySigma, when all of them may be used here."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnusablePipeline("De bewerkingen (transformations) moeten een lijst zijn.")
    checked: list[dict[str, Any]] = []
    for number, item in enumerate(items, start=1):
        kind = item.get("type")
        if not isinstance(kind, str) or kind not in TRANSFORMATIONS:
            raise UnusablePipeline(f"Bewerking {number} is van een soort die hier niet gebruikt kan worden: {kind}.")
        # Without a name pySigma makes one by chance, and a rule would not be the same twice.
        named = {"name": f"_pipeline_{number}"} if kind == "add_condition" else {}
        checked.append(named | copy.deepcopy(item))
    return checked


def _of_mappings(mappings: object) -> list[dict[str, Any]]:
    """Our own form as transformations of pySigma."""
    if not isinstance(mappings, list):
        raise UnusablePipeline("De vertalingen (mappings) moeten een lijst zijn.")
    items: list[dict[str, Any]] = []
    for number, mapping in enumerate(mappings, start=1):
        place = f"Vertaling {number}"
        if not isinstance(mapping, dict) or set(mapping) - {"logsource", "fields", "values"}:
            raise UnusablePipeline(f"{place} mag alleen logsource, fields en values hebben.")
        logsource = mapping.get("logsource") or {}
        if not _is_table(logsource, (str,)) or set(logsource) - {"product", "category", "service"}:
            raise UnusablePipeline(f"{place}: de logbron (logsource) mag alleen product, category en service hebben.")
        fields, values = mapping.get("fields") or {}, mapping.get("values") or {}
        if not _is_table(fields, (str, list)) or not all(map(_are_names, fields.values())):
            raise UnusablePipeline(f"{place}: bij fields hoort per veld een naam, of een lijst met namen.")
        if not _is_table(values, (dict,)) or not all(_is_table(table, (str, int, float)) for table in values.values()):
            raise UnusablePipeline(f"{place}: bij values hoort per veld een tabel met waarden.")
        where = {"rule_conditions": [{"type": "logsource", **logsource}]} if logsource else {}
        for name, table in values.items():
            only = {"field_name_conditions": [{"type": "include_fields", "fields": [name]}]}
            texts = {old: text_of(new) for old, new in table.items()}
            items.append({"type": "map_string", "mapping": texts, **where, **only})
        if fields:
            items.append({"type": "field_name_mapping", "mapping": fields, **where})
    return items


def _is_table(value: object, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) and isinstance(item, kinds) for key, item in value.items()
    )


def _are_names(value: object) -> bool:
    names = value if isinstance(value, list) else [value]
    return bool(names) and all(isinstance(name, str) and name for name in names)
