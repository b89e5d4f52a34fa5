"""The improvement plan as an OSCAL plan of action and milestones: an item per measure, with what it mends and when."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from ..framework import FRAMEWORKS, Framework, load_framework
from .assessment import Party, PlannedMeasure
from .documents import (
    NAMESPACE,
    PLAN,
    Json,
    catalog_resource,
    control_id,
    dumps,
    framework_of,
    identifier,
    line,
    metadata,
    moment,
    numbers_by_id,
    party_of,
    prop,
)
from .reading import Node, Props

MOST_MEASURES: Final = 2000


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan as read: the key of its framework, who made it, the measures, and the control ids that we do not know."""

    framework: str
    organisation: Party
    measures: tuple[PlannedMeasure, ...]
    unknown: tuple[str, ...]


def export_poam(framework: Framework, party: Party, measures: Sequence[PlannedMeasure], at: datetime) -> bytes:
    """The measures of an organisation. A plan without measures has one item that says so: OSCAL asks for at least one.

    A measure that names a control names it by its OSCAL identifier too. Times are the end of the day, in UTC.
    """
    items = [_item(framework, measure) for measure in measures] or [
        {
            "uuid": identifier("poam-none", party.code),
            "title": "Geen maatregelen",
            "description": "Er staan geen maatregelen in het verbeterplan.",
        }
    ]
    content: Json = {
        "uuid": identifier("poam", party.code, framework.key),
        "metadata": metadata(f"Verbeterplan {party.name}", at, framework, party),
        "system-id": {"id": identifier("party", party.code)},
    }
    if measures:
        content["risks"] = [_risk(framework, measure) for measure in measures]
    content["poam-items"] = items
    content["back-matter"] = {"resources": [catalog_resource(framework)]}
    return dumps(PLAN, content)


def _item(framework: Framework, measure: PlannedMeasure) -> Json:
    props = [prop("state", measure.state), prop("due", measure.due)]
    props += [prop("owner", measure.owner)] if measure.owner.strip() else []
    props += [prop("cost-euro", measure.cost)] if measure.cost is not None else []
    props += [prop("done-at", moment(measure.done_at))] if measure.done_at else []
    if measure.control:
        props += [prop("control", measure.control), prop("control-id", control_id(framework, measure.control))]
    return {
        "uuid": measure.key,
        "title": line(measure.title),
        "description": measure.description or line(measure.title),
        "props": props,
        "related-risks": [{"risk-uuid": identifier("poam-risk", measure.key)}],
    }


def _risk(framework: Framework, measure: PlannedMeasure) -> Json:
    """What the measure mends, with the measure as its remediation and the day as its deadline."""
    due = datetime.combine(measure.due, time(23, 59, 59), UTC).isoformat()
    about = f" bij {measure.control}" if measure.control else ""
    task: Json = {
        "uuid": identifier("poam-task", measure.key),
        "type": "milestone",
        "title": line(measure.title),
        "timing": {"on-date": {"date": due}},
    }
    return {
        "uuid": identifier("poam-risk", measure.key),
        "title": f"Nog niet op orde{about}",
        "description": measure.description or line(measure.title),
        "statement": f"Hoort bij {framework.title} {framework.version}, maatregel {measure.control}."
        if measure.control
        else "Hoort niet bij één maatregel van de norm.",
        "status": _STATUS.get(measure.state, "open"),
        "deadline": due,
        "remediations": [
            {
                "uuid": identifier("poam-remediation", measure.key),
                "lifecycle": "completed" if measure.state == "act" else "planned",
                "title": line(measure.title),
                "description": measure.description or line(measure.title),
                "tasks": [task],
            }
        ],
    }


_STATUS: Final = {"plan": "open", "do": "remediating", "check": "remediating", "act": "closed"}


def read_poam(document: Node) -> ReadPlan:
    """Read a plan of action, ours or that of another system.

    What our own properties do not say is taken from the risk that an item names: its deadline and its status. Of an
    item without a day to be done by nothing can be made. Raises InvalidOscal with the place.
    """
    plan = document.need(PLAN)
    party = party_of(plan)
    items = list(plan.items("poam-items"))
    if len(items) > MOST_MEASURES:
        raise plan.wrong(f"een plan heeft hoogstens {MOST_MEASURES} maatregelen.")
    none = identifier("poam-none", party.code)
    items = [item for item in items if item.needed_text("uuid") != none]
    named = {item.pointer: _named(item) for item in items}
    framework = _framework(plan, [each for each in named.values() if each])
    numbers = numbers_by_id(framework)
    risks = {risk.needed_text("uuid").lower(): risk for risk in plan.items("risks")}
    found: dict[str, PlannedMeasure] = {}
    for item in items:
        key = _key(item.need("uuid"))
        if key in found:
            raise item.wrong("deze maatregel staat er meer dan één keer in.")
        found[key] = _measure(item, key, numbers.get(named[item.pointer].lower(), ""), risks)
    unknown = dict.fromkeys(each for each in named.values() if each and each.lower() not in numbers)
    return ReadPlan(framework.key, party, tuple(found.values()), tuple(unknown))


def _framework(plan: Node, mentioned: Sequence[str]) -> Framework:
    known = [key for key in FRAMEWORKS if any(each.lower() in numbers_by_id(load_framework(key)) for each in mentioned)]
    if not known and Props(plan.need("metadata"), NAMESPACE).node("framework") is None:
        return load_framework(FRAMEWORKS[0])  # it names no control of ours; a measure may stand on its own
    return framework_of(plan, mentioned)


def _key(node: Node) -> str:
    try:
        return str(uuid.UUID(node.as_text()))
    except ValueError:
        raise node.wrong("dit is geen kenmerk, zoals 4f0c7b0e-6a57-4c0e-9b1f-0b6a4c6d1e11.") from None


def _named(item: Node) -> str:
    props = Props(item, NAMESPACE)
    return (props.text("control-id") or props.text("control")).partition("_obj")[0].partition("_smt")[0]


def _measure(item: Node, key: str, control: str, risks: Mapping[str, Node]) -> PlannedMeasure:
    props = Props(item, NAMESPACE)
    title = line(item.needed_text("title"))
    description = item.text("description")
    risk = next(
        (risks[uid] for each in item.items("related-risks") if (uid := each.needed_text("risk-uuid").lower()) in risks),
        None,
    )
    cost, done = props.node("cost-euro"), props.node("done-at")
    return PlannedMeasure(
        key=key,
        title=title,
        description="" if line(description) == title else description,
        control=control,
        state=_state(props, risk),
        owner=props.text("owner"),
        due=props.day("due") or _deadline(item, risk),
        cost=_euros(cost) if cost else None,
        done_at=done.as_moment() if done else None,
    )


def _state(props: Props, risk: Node | None) -> str:
    said = props.node("state")
    if said is None:
        return _STATES.get(risk.text("status") if risk else "", "plan")
    if said.as_text() not in _STATUS:
        raise said.wrong(f"kies uit {', '.join(_STATUS)}.")
    return said.as_text()


def _deadline(item: Node, risk: Node | None) -> date:
    deadline = risk.get("deadline") if risk else None
    if deadline is None:
        raise item.wrong("er staat niet bij wanneer dit klaar moet zijn (due, of een risico met een deadline).")
    return deadline.as_moment().date()


def _euros(said: Node) -> int:
    text = said.as_text()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise said.wrong("hier hoort een bedrag in hele euro's te staan.")
    return int(text)


_STATES: Final = {"closed": "act", "remediating": "do", "deviation-approved": "act"}
