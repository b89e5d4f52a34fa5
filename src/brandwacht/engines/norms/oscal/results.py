"""An assessment as OSCAL assessment results: a finding per answered control, an observation per piece of evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from ..framework import Framework
from ..judgement import MATURITY
from ..states import Finding, State
from .assessment import Assessed, Assessment, Evidence
from .documents import (
    NAMESPACE,
    RESULTS,
    Json,
    catalog_resource,
    control_id,
    dumps,
    framework_of,
    identifier,
    kind_of,
    metadata,
    moment,
    numbers_by_id,
    party_of,
    prop,
)
from .reading import Node, Props


def export_results(framework: Framework, assessment: Assessment, at: datetime) -> bytes:
    """The answers with the dates of their evidence. Evidence is named, never enclosed."""
    party = assessment.organisation
    plan = identifier("plan", party.code, framework.key)
    answered = assessment.answers
    selection: Json = {"include-all": {}}
    if answered:
        selection = {"include-controls": [{"control-id": control_id(framework, each.control)} for each in answered]}
    result: Json = {
        "uuid": identifier("result", party.code, framework.key),
        "title": f"Zelfevaluatie {framework.title} {framework.version}",
        "description": "De antwoorden van de organisatie zelf, met wanneer het bewijs erbij telt.",
        "start": moment(min((each.answered_at for each in answered), default=at)),
        "reviewed-controls": {"control-selections": [selection]},
    }
    observations = [
        _observation(party.code, framework, each, place) for each in answered for place in range(len(each.evidence))
    ]
    risks = [_risk(party.code, framework, each) for each in answered if each.state is State.ACCEPTED]
    for key, found in (
        ("observations", observations),
        ("risks", risks),
        ("findings", [_finding(party.code, framework, each) for each in answered]),
    ):
        if found:
            result[key] = found
    return dumps(
        RESULTS,
        {
            "uuid": identifier("assessment-results", party.code, framework.key),
            "metadata": metadata(f"Zelfevaluatie {party.name}", at, framework, party),
            "import-ap": {"href": f"#{plan}"},
            "results": [result],
            "back-matter": {
                "resources": [
                    {
                        "uuid": plan,
                        "title": "Geen apart toetsplan",
                        "description": "De organisatie beantwoordde de vragen zelf; er is geen apart toetsplan.",
                    },
                    catalog_resource(framework),
                ]
            },
        },
    )


@dataclass(frozen=True, slots=True)
class ReadResults:
    """What assessment results say: the assessment, and the targets that we do not know."""

    assessment: Assessment
    unknown: tuple[str, ...]


def read_results(document: Node) -> ReadResults:
    """The assessment in assessment results, ours or another's. Raises InvalidOscal.

    Of several results the last counts. Without an answer of ours the status tells: satisfied is "voldoet", else
    "voldoet niet"; an implementation that is partial or not applicable says so, and the organisation is who answered.
    """
    if kind_of(document) != RESULTS:
        raise document.wrong("dit zijn geen uitkomsten van een toets.")
    top = document.need(RESULTS)
    results = list(top.items("results"))
    if not results:
        raise top.wrong("er staat geen uitkomst in (“results”).")
    result = results[-1]
    party = party_of(top)
    findings = list(result.items("findings"))
    targets = [_control_of(finding.need("target").needed_text("target-id")) for finding in findings]
    framework = framework_of(top, targets)
    numbers = numbers_by_id(framework)
    begun = result.need("start")
    pieces = _pieces(result)
    found: dict[str, Assessed] = {}
    for finding, target in zip(findings, targets, strict=True):
        number = numbers.get(target.lower())
        if number is None:
            continue
        if number in found:
            raise finding.wrong(f"maatregel {number} heeft meer dan één uitkomst.")
        found[number] = _assessed(finding, number, begun, party.name, pieces)
    order = tuple(found[control.number] for control in framework.controls if control.number in found)
    unknown = tuple(dict.fromkeys(target for target in targets if target.lower() not in numbers))
    return ReadResults(Assessment(framework.key, party, order), unknown)


def _observation(code: str, framework: Framework, answer: Assessed, place: int) -> Json:
    piece = answer.evidence[place]
    dates = (("valid-from", piece.valid_from), ("valid-to", piece.valid_to), ("received-on", piece.received_on))
    content: Json = {
        "uuid": _observation_id(code, framework, answer, place),
        "title": f"Bewijs bij {answer.control}",
        "description": piece.description or "Zonder omschrijving.",
        "props": [prop(name, day) for name, day in dates if day]
        + ([prop("sha256", piece.sha256)] if piece.sha256 else [])
        + ([] if piece.received_on else [prop("undated", "ja")])
        + ([] if piece.description else [prop("untitled", "ja")]),
        "methods": ["EXAMINE"],
        "types": ["control-objective"],
        "collected": _start(piece.received_on) if piece.received_on else moment(answer.answered_at),
    }
    if not content["props"]:
        del content["props"]
    if piece.where:
        content["relevant-evidence"] = [{"description": piece.where}]
    if piece.valid_to:
        content["expires"] = _end(piece.valid_to)
    return content


def _finding(code: str, framework: Framework, answer: Assessed) -> Json:
    key = control_id(framework, answer.control)
    state, reason, implementation = _STATUS[answer.state]
    target: Json = {"type": "objective-id", "target-id": f"{key}_obj", "status": {"state": state, "reason": reason}}
    if implementation:
        target["implementation-status"] = {"state": implementation}
    props = [
        prop("answer", answer.state),
        prop("answered-at", moment(answer.answered_at)),
    ]
    props += [prop("answered-by", answer.answered_by)] if answer.answered_by.strip() else []
    props += [prop("risk-analysis", answer.risk_analysis)] if answer.risk_analysis.strip() else []
    findings = (("design", answer.design), ("existence", answer.existence), ("operation", answer.operation))
    props += [prop(name, finding) for name, finding in findings if finding]
    props += [prop("maturity", answer.maturity)] if answer.maturity is not None else []
    content: Json = {
        "uuid": identifier("finding", code, framework.key, answer.control),
        "title": framework.control(answer.control).title,
        "description": answer.state.dutch,
        "props": props,
        "target": target,
    }
    if answer.evidence:
        content["related-observations"] = [
            {"observation-uuid": _observation_id(code, framework, answer, place)}
            for place in range(len(answer.evidence))
        ]
    if answer.state is State.ACCEPTED:
        content["related-risks"] = [{"risk-uuid": identifier("risk", code, framework.key, answer.control)}]
    if answer.reason:
        content["remarks"] = answer.reason
    return content


def _risk(code: str, framework: Framework, answer: Assessed) -> Json:
    return {
        "uuid": identifier("risk", code, framework.key, answer.control),
        "title": f"Geaccepteerd risico bij {answer.control}",
        "description": answer.reason or "Zonder reden.",
        "statement": f"Risicoanalyse: {answer.risk_analysis or 'niet genoemd'}",
        "status": "deviation-approved",
    }


def _observation_id(code: str, framework: Framework, answer: Assessed, place: int) -> str:
    return identifier("observation", code, framework.key, answer.control, str(place))


def _assessed(finding: Node, number: str, begun: Node, party: str, pieces: Mapping[str, Evidence]) -> Assessed:
    props = Props(finding, NAMESPACE)
    evidence = []
    for related in finding.items("related-observations"):
        key = related.need("observation-uuid")
        if key.as_text().lower() not in pieces:
            raise key.wrong("deze waarneming staat niet in het bestand.")
        evidence.append(pieces[key.as_text().lower()])
    return Assessed(
        control=number,
        state=_state(finding, props),
        answered_at=(props.node("answered-at") or begun).as_moment(),
        answered_by=props.text("answered-by") or ("" if props.node("answer") else party),
        reason=finding.text("remarks"),
        risk_analysis=props.text("risk-analysis"),
        evidence=tuple(evidence),
        design=_found(props, "design"),
        existence=_found(props, "existence"),
        operation=_found(props, "operation"),
        maturity=_maturity(props),
    )


def _found(props: Props, name: str) -> Finding:
    said = props.node(name)
    if said is None:
        return Finding.UNSEEN
    if said.as_text() not in set(Finding) - {Finding.UNSEEN}:
        raise said.wrong("kies uit ja, deels en nee.")
    return Finding(said.as_text())


def _maturity(props: Props) -> int | None:
    said = props.node("maturity")
    if said is None:
        return None
    if said.as_text() not in {str(each.level) for each in MATURITY}:
        raise said.wrong("hier hoort een niveau van 0 tot en met 5 te staan.")
    return int(said.as_text())


def _state(finding: Node, props: Props) -> State:
    said = props.node("answer")
    if said is not None:
        if said.as_text() not in set(State) - {State.UNANSWERED}:
            raise said.wrong(f"dit antwoord kennen wij niet. Kies uit {', '.join(_STATUS)}.")
        return State(said.as_text())
    target = finding.need("target")
    status = target.need("status").need("state")
    if status.as_text() not in ("satisfied", "not-satisfied"):
        raise status.wrong("kies uit satisfied en not-satisfied.")
    implemented = target.get("implementation-status")
    word = implemented.text("state") if implemented else ""
    if word == "not-applicable":
        return State.NOT_APPLICABLE
    if status.as_text() == "satisfied":
        return State.MET
    return State.PARTLY if word == "partial" else State.NOT_MET


def _pieces(result: Node) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for observation in result.items("observations"):
        key = observation.need("uuid")
        if key.as_text().lower() in found:
            raise key.wrong("deze waarneming staat er meer dan één keer in.")
        props = Props(observation, NAMESPACE)
        ends, came = observation.get("expires"), observation.need("collected")
        found[key.as_text().lower()] = Evidence(
            description="" if props.text("untitled") else observation.needed_text("description"),
            valid_from=props.day("valid-from"),
            valid_to=props.day("valid-to") or (ends.as_moment().date() if ends else None),
            received_on=props.day("received-on") or (None if props.text("undated") else came.as_moment().date()),
            sha256=props.text("sha256"),
            where="\n".join(
                text for each in observation.items("relevant-evidence") if (text := each.text("description"))
            ),
        )
    return found


def _control_of(target: str) -> str:
    """The control of a target: an objective (`_obj`) or a statement (`_smt`) belongs to its control."""
    return target.partition("_obj")[0].partition("_smt")[0]


def _start(day: date) -> str:
    return datetime.combine(day, time.min, UTC).isoformat()


def _end(day: date) -> str:
    return datetime.combine(day, time(23, 59, 59), UTC).isoformat()


_STATUS: Final[Mapping[State, tuple[str, str, str]]] = {
    State.MET: ("satisfied", "pass", "implemented"),
    State.PARTLY: ("not-satisfied", "fail", "partial"),
    State.NOT_MET: ("not-satisfied", "fail", ""),
    State.NOT_APPLICABLE: ("satisfied", "other", "not-applicable"),
    State.ACCEPTED: ("not-satisfied", "other", ""),
}
