"""Dependencies as a table: what each node needs, from whom, with its buffer. A row is known by node and label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brandwacht.network.actor import Actor
from brandwacht.network.models import Dependency, Node, Requirement
from brandwacht.network.services import imports
from brandwacht.network.services.imports import BadValue, Column, Row, TableKind, decimal_text
from brandwacht.network.services.node_names import NodeNames, split_names
from brandwacht.network.services.sheets import Problem

_EFFECTS = {"valt uit": "down", "hapert": "degraded"}
EFFECT_WORDS = {value: word for word, value in _EFFECTS.items()}
MOST_PROVIDERS = 1000
AT_ONCE = 500
NEED_COLUMNS = (
    Column("node", "onderdeel", gettext_lazy("Sleutel of naam uit het register."), "meldkamer", imports.text(120),
           required=True),
    Column("label", "wat is er nodig", gettext_lazy("Kort, bijvoorbeeld stroom."), "stroom", imports.text(120),
           required=True),
    Column("providers", "van wie", gettext_lazy("Sleutels of namen, met puntkomma’s ertussen. Meer namen: ze kunnen "
           "elkaar vervangen."), "netstroom; aggregaat", imports.text(4000)),
    Column("needed", "aantal nodig", gettext_lazy("Hoeveel daarvan er minstens moeten werken; leeg: 1."), "1",
           imports.whole(1, MOST_PROVIDERS)),
    Column("degraded_at", "hapert onder", gettext_lazy("Bij minder dan zoveel hapert het; leeg: het hapert niet."), "2",
           imports.whole(2, MOST_PROVIDERS)),
    Column("autonomy", "buffer in minuten", gettext_lazy("Hoe lang het zonder volhoudt; leeg: niet."), "240",
           imports.minutes),
    Column("coupling", "kans", gettext_lazy("De kans dat een uitval gevoeld wordt, van 0 tot en met 1; leeg: 1."), "1",
           imports.decimal(1)),
    Column("effect", "gevolg", gettext_lazy("valt uit of hapert; leeg: valt uit."), "valt uit",
           imports.choice({"": "down", **_EFFECTS})),
)  # fmt: skip
_FACTS = ("needed", "degraded_at", "autonomy", "coupling", "effect")
_DEFAULTS = {"needed": 1, "autonomy": 0, "coupling": 1.0, "effect": "down"}
_Key = tuple[int, str]


class _Present:
    """The requirements that an owner has, with their providers."""

    def __init__(self, owner_id: int) -> None:
        self.rows: defaultdict[_Key, list[Requirement]] = defaultdict(list)
        self.providers: defaultdict[int, list[int]] = defaultdict(list)
        for row in Requirement.objects.filter(organisation_id=owner_id).order_by("pk"):
            self.rows[row.node_id, row.label.casefold()].append(row)
        links = Dependency.objects.filter(organisation_id=owner_id).values_list("requirement_id", "provider_id")
        for requirement, provider in links:
            self.providers[requirement].append(provider)

    def value(self, key: _Key, name: str) -> Any:
        """What the one requirement of this key has for a column, or the value of a new one."""
        found = self.rows.get(key)
        return getattr(found[0], name) if found else _DEFAULTS.get(name)


def _given(row: Row, name: str) -> Any:
    return _DEFAULTS.get(name) if row[name] is None else row[name]


def _check_needs(actor: Actor, rows: Mapping[int, Row]) -> list[Problem]:
    names, present = NodeNames.of(actor.organisation_id), _Present(actor.organisation_id)
    problems: list[Problem] = []
    first: dict[_Key, int] = {}
    for number, row in rows.items():
        if len(problems) >= imports.MAX_PROBLEMS:
            break
        try:
            node = names.find(row["node"])
        except BadValue as error:
            problems.append(Problem(number, "onderdeel", str(error)))
            continue
        key = (node.pk, row["label"].casefold())
        if key in first:
            told = {"row": first[key], "label": row["label"], "node": node.name}
            double = _("Rij %(row)d noemt “%(label)s” bij %(node)s al. Voeg die rijen samen.") % told
            problems.append(Problem(number, "wat is er nodig", double))
            continue
        first[key] = number
        if len(present.rows.get(key, ())) > 1:
            double = _("%(node)s heeft dit twee keer in het register. Geef ze daar eerst elk een eigen naam.")
            problems.append(Problem(number, "wat is er nodig", double % {"node": node.name}))
            continue
        problems += _numbers(number, row, key, present, _providers(number, row, node, names, problems))
    return problems


def _providers(number: int, row: Row, node: Node, names: NodeNames, problems: list[Problem]) -> set[int] | None:
    """The providers that the row names, or ``None`` when it names none; what is wrong goes to ``problems``."""
    found: set[int] = set()
    for word in split_names(row.get("providers") or ""):
        try:
            provider = names.find(word)
        except BadValue as error:
            problems.append(Problem(number, "van wie", str(error)))
            return None
        if provider.pk == node.pk:
            problems.append(Problem(number, "van wie", _("Iets kan niet van zichzelf afhangen.")))
            return None
        found.add(provider.pk)
    if found or ("providers" not in row):
        return found or None
    problems.append(Problem(number, "van wie", _("Noem minstens één voorziening uit het register.")))
    return None


def _numbers(number: int, row: Row, key: _Key, present: _Present, providers: set[int] | None) -> list[Problem]:
    known = present.rows.get(key)
    if providers is None:
        if "providers" in row:
            return []  # named already
        if not known:
            return [Problem(number, "van wie", _("Deze kolom is nodig bij een nieuwe afhankelijkheid."))]
        providers = set(present.providers[known[0].pk])
    count = len(providers)
    needed = _given(row, "needed") if "needed" in row else present.value(key, "needed")
    degraded = row["degraded_at"] if "degraded_at" in row else present.value(key, "degraded_at")
    if needed > count:
        most = ngettext(
            "U noemt %(n)d voorziening; er kunnen er niet meer nodig zijn.",
            "U noemt %(n)d voorzieningen; er kunnen er niet meer nodig zijn.",
            count,
        )
        return [Problem(number, "aantal nodig", most % {"n": count})]
    if degraded is not None and not needed < degraded <= count:
        between = _("Dit getal ligt boven het aantal dat nodig is, en is hoogstens het aantal voorzieningen.")
        return [Problem(number, "hapert onder", between)]
    return []


def _apply_needs(actor: Actor, rows: Sequence[Row]) -> str:
    owner_id = actor.organisation_id
    names, present = NodeNames.of(owner_id), _Present(owner_id)
    new: list[Requirement] = []
    changed: list[Requirement] = []
    wanted: list[tuple[Requirement, list[int]]] = []
    for row in rows:
        node = names.find(row["node"])
        known = present.rows.get((node.pk, row["label"].casefold()))
        need = known[0] if known else Requirement(organisation_id=owner_id, node=node, label=row["label"])
        (changed if known else new).append(need)
        for name in _FACTS:
            if name in row:
                setattr(need, name, _given(row, name))
        if "providers" in row:
            wanted.append((need, list({names.find(word).pk: None for word in split_names(row["providers"])})))
    Requirement.objects.bulk_create(new)
    Requirement.objects.bulk_update(changed, _FACTS, batch_size=200)
    _set_providers(owner_id, wanted, present)
    return _("%(new)d toegevoegd, %(changed)d bijgewerkt.") % {"new": len(new), "changed": len(changed)}


def _set_providers(owner_id: int, wanted: Iterable[tuple[Requirement, list[int]]], present: _Present) -> None:
    differ = [(need, pks) for need, pks in wanted if set(pks) != set(present.providers.get(need.pk, ()))]
    ids = [need.pk for need, _pks in differ]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        Dependency.objects.filter(organisation_id=owner_id, requirement_id__in=some).delete()
    Dependency.objects.bulk_create(
        [
            Dependency(organisation_id=owner_id, requirement_id=need.pk, provider_id=pk)
            for need, pks in differ
            for pk in pks
        ]
    )


NEED_TABLE = TableKind(
    "afhankelijkheden",
    gettext_lazy("Afhankelijkheden"),
    "register.edit",
    NEED_COLUMNS,
    _check_needs,
    _apply_needs,
    "/beheer/register",
)


def need_row(need: Requirement) -> list[Any]:
    """A requirement, with its dependencies and their providers loaded, as a row of that table."""
    providers = "; ".join(sorted(link.provider.key for link in need.dependencies.all()))
    effect, coupling = EFFECT_WORDS[need.effect], decimal_text(need.coupling)
    return [need.node.key, need.label, providers, need.needed, need.degraded_at, need.autonomy, coupling, effect]
