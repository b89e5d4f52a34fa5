"""What a partner fills in, as lines of a proposal: read from the form, and written by the owner who takes them over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node, Requirement
from brandwacht.network.services import actions
from brandwacht.network.services.imports import BadValue, Column, TableKind, read_cells
from brandwacht.network.services.need_table import NEED_TABLE
from brandwacht.network.services.node_table import NODE_TABLE
from brandwacht.network.services.repair_cells import repair_problems
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.models import PartnerLink, PartnerProposal, ProposalState
from brandwacht.riskmap.register.partner_links import part_of, proposal_key
from brandwacht.riskmap.register.sheets import sheet

FACTS = ("name", "owner_name", "restart", "repair", "repair_spread", "repair_low", "repair_high", "failures_per_year")
NEW_NEEDS = 3
"""Empty lines for what a partner adds that its part needs."""
_NEED_NEW = ("node", "label", "providers", "autonomy")
Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One question to the partner: the name of its field, its title and help, and what is known now."""

    name: str
    column: Column
    value: str
    options: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PartNode:
    """A node of the part with its questions, and one about the buffer of each of its needs."""

    node: Node
    fields: tuple[Field, ...]
    needs: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it came in: the same questions with what was typed, the lines it makes, and what is wrong."""

    part: list[PartNode]
    added: list[list[Field]]
    lines: list[Line]
    faults: dict[str, str]


def _column(kind: TableKind, key: str) -> Column:
    return next(column for column in kind.columns if column.key == key)


def read(link: PartnerLink, data: Mapping[str, str] | None) -> Filled:
    """The questions about a link's part; with ``data`` also what is proposed by it."""
    of = sheet(NODE_TABLE.key)
    part: list[PartNode] = []
    lines: list[Line] = []
    faults: dict[str, str] = {}
    for number, node in enumerate(part_of(link)):
        known = of.texts(node)
        fields = []
        for key in FACTS:
            name = f"deel-{number}-{key}"
            typed = _typed(data, name, known[key])
            fields.append((name, _column(NODE_TABLE, key), typed, of.options.get(key, ())))
            if typed != known[key]:
                line = {"node": str(node.public_id), "field": key, "name": node.name, "was": known[key]}
                lines.append(line | {"becomes": typed})
        _check(number, {key: typed for key, (_n, _c, typed, _o) in zip(FACTS, fields, strict=True)}, faults)
        needs = [_need_field(f"deel-{number}-buffer-{place}", need, node, data, lines, faults)
                 for place, need in enumerate(sorted(node.requirements.all(), key=lambda n: n.pk))]  # fmt: skip
        shown = tuple(Field(n, c, t, tuple(o), faults.get(n, "")) for n, c, t, o in fields)
        part.append(PartNode(node, shown, tuple(needs)))
    added = [_added(number, part, data, lines, faults) for number in range(NEW_NEEDS)]
    return Filled(part, added, lines, faults)


def _typed(data: Mapping[str, str] | None, name: str, known: str) -> str:
    return known if data is None else " ".join(data.get(name, known).split())


def _check(number: int, texts: Mapping[str, str], faults: dict[str, str]) -> None:
    values: dict[str, Any] = {}
    for key, text in texts.items():
        column = _column(NODE_TABLE, key)
        try:
            if column.required and not text:
                raise BadValue(_("Vul dit in."))
            values[key] = column.read(text)
        except BadValue as error:
            faults[f"deel-{number}-{key}"] = str(error)
    if len(values) == len(texts):
        titles = {column.title: column.key for column in NODE_TABLE.columns}
        for problem in repair_problems(number, values):
            faults[f"deel-{number}-{titles[problem.column]}"] = problem.message


def _need_field(
    name: str, need: Requirement, node: Node, data: Mapping[str, str] | None, lines: list[Line], faults: dict[str, str]
) -> Field:
    column = _column(NEED_TABLE, "autonomy")
    known = str(need.autonomy)
    typed = _typed(data, name, known)
    try:
        column.read(typed)
    except BadValue as error:
        faults[name] = str(error)
    if typed != known:
        title = _("%(node)s, %(label)s") % {"node": node.name, "label": need.label}
        line = {"need": str(need.public_id), "field": "autonomy", "name": title, "was": known, "becomes": typed}
        lines.append(line)
    return Field(name, Column("autonomy", need.label, column.help, "", column.read), typed, (), faults.get(name, ""))


def _added(
    number: int, part: Sequence[PartNode], data: Mapping[str, str] | None, lines: list[Line], faults: dict[str, str]
) -> list[Field]:
    names = tuple(each.node.name for each in part)
    fields = []
    texts: dict[str, str] = {}
    for key in _NEED_NEW:
        name = f"nieuw-{number}-{key}"
        texts[key] = _typed(data, name, "")
        fields.append((name, _column(NEED_TABLE, key), texts[key], ("", *names) if key == "node" else ()))
    if any(text for key, text in texts.items() if key != "node"):
        _check_added(number, texts, names, faults)
        asked = _("%(label)s, van %(providers)s, buffer %(autonomy)s minuten") % {
            "label": texts["label"], "providers": texts["providers"], "autonomy": texts["autonomy"] or "0",
        }  # fmt: skip
        owner = next((each.node for each in part if each.node.name == texts["node"]), None)
        lines.append(
            {"new": str(owner.public_id) if owner else "", "label": texts["label"], "providers": texts["providers"],
             "autonomy": texts["autonomy"], "name": texts["node"], "was": "", "becomes": asked}
        )  # fmt: skip
    return [Field(n, c, t, o, faults.get(n, "")) for n, c, t, o in fields]


def _check_added(number: int, texts: Mapping[str, str], names: Collection[str], faults: dict[str, str]) -> None:
    if texts["node"] not in names:
        faults[f"nieuw-{number}-node"] = _("Kies voor welk onderdeel van u dit geldt.")
    for key in ("label", "providers"):
        if not texts[key]:
            faults[f"nieuw-{number}-{key}"] = _("Vul dit in.")
    for key in ("label", "providers", "autonomy"):
        try:
            _column(NEED_TABLE, key).read(texts[key])
        except BadValue as error:
            faults[f"nieuw-{number}-{key}"] = str(error)


# --- The owner's judgement --------------------------------------------------------------------------------------------


def judge(actor: Actor, public_id: Any, taken: Collection[int], reason: str = "") -> PartnerProposal:
    """Take over the lines with these numbers; none refuses the proposal, which asks a reason.

    Nothing is written unless every chosen line fits the register as it is now. Raises ``Refused``.
    """
    with use_case(actor, "riskmap.partner") as case:
        row = case.get(PartnerProposal, public_id)
        if row.state != ProposalState.SENT:
            raise Refused(_("Dit voorstel is al beoordeeld."))
        chosen = [line for number, line in enumerate(row.lines) if number in taken]
        if not chosen and row.lines and not reason.strip():
            raise Refused(_("Schrijf op waarom u niets overneemt."), "reason")
        # The part as it is now: a node that was taken out of it since is not written through an old proposal.
        allowed = {str(each.public_id): each for each in part_of(row.link)}
        _write(actor, chosen, allowed)
        row.state = ProposalState.ACCEPTED if chosen or not row.lines else ProposalState.REFUSED
        row.taken = [number for number in range(len(row.lines)) if number in taken]
        row.decided_at, row.decided_by, row.reason = actor.now, actor.name, reason.strip()[:300]
        row.save()
        case.audit(row, {"partner": row.link.partner, "overgenomen": len(chosen), "van": len(row.lines)})
        actions.complete(row.organisation_id, proposal_key(row), actor)
    return row


def _write(actor: Actor, lines: Sequence[Line], allowed: Mapping[str, Node]) -> None:
    facts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    needs: list[dict[str, Any]] = []
    for line in lines:
        if "need" in line:
            need = Requirement.objects.filter(public_id=line["need"]).select_related("node").first()
            if need is None or str(need.node.public_id) not in allowed:
                raise Refused(_("%(name)s is er niet meer.") % {"name": line["name"]})
            needs.append({"node": need.node.key, "label": need.label, "autonomy": line["becomes"]})
        elif "new" in line:
            node = _known(allowed, line["new"], line)
            needs.append({"node": node.key, **{key: line[key] for key in ("label", "providers", "autonomy")}})
        else:
            _known(allowed, line["node"], line)
            facts[line["node"]][line["field"]] = line["becomes"]
    of = sheet(NODE_TABLE.key)
    rows = [of.texts(allowed[public_id]) | changed for public_id, changed in facts.items()]
    _apply(actor, NODE_TABLE, rows)
    _apply(actor, NEED_TABLE, needs)


def _known(allowed: Mapping[str, Node], public_id: str, line: Line) -> Node:
    if public_id not in allowed:
        raise Refused(_("%(name)s is er niet meer.") % {"name": line["name"]})
    return allowed[public_id]


def _apply(actor: Actor, kind: TableKind, texts: Sequence[Mapping[str, str]]) -> None:
    rows: dict[int, Any] = {}
    problems = []
    for number, cells in enumerate(texts):
        rows[number], found = read_cells(kind, number, cells)
        problems += found
    problems = problems or kind.check(actor, rows)
    if problems:
        first = problems[0]
        where = texts[first.row].get("label") or texts[first.row].get("name", "")
        raise Refused(
            _("%(where)s, %(column)s: %(message)s Neem deze regel niet over, of pas het register eerst aan.")
            % {"where": where, "column": first.column, "message": first.message}
        )
    if rows:
        kind.apply(actor, list(rows.values()))


def named(line: Line) -> str:
    """What a line is about, in words: the title of its column, or that it is new."""
    if "new" in line:
        return _("nieuwe afhankelijkheid")
    kind = NEED_TABLE if "need" in line else NODE_TABLE
    return _column(kind, line["field"]).title
