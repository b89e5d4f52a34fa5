"""The improvement plan as an OSCAL plan of action and milestones: an item per measure, with what it mends and when."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final

from ..framework import Framework
from .assessment import Party, PlannedMeasure
from .documents import Json, catalog_resource, control_id, dumps, identifier, line, metadata, moment, prop


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
    return dumps("plan-of-action-and-milestones", content)


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
