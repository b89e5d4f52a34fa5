"""The statement of applicability as an OSCAL profile: which controls apply, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..framework import Framework
from ..states import State
from .assessment import Assessment, Party
from .documents import (
    NAMESPACE,
    PROFILE,
    Json,
    catalog_id,
    catalog_resource,
    control_id,
    dumps,
    framework_of,
    identifier,
    kind_of,
    metadata,
    numbers_by_id,
    party_of,
    prop,
)
from .reading import Node, Props


@dataclass(frozen=True, slots=True)
class Applicability:
    """What a profile says: the controls that apply, those that do not with the reason (it may be empty), and the ids
    that we do not know.
    """

    framework: str
    organisation: Party
    included: tuple[str, ...]
    excluded: Mapping[str, str]
    unknown: tuple[str, ...]


def export_profile(framework: Framework, assessment: Assessment, at: datetime) -> bytes:
    """The statement of applicability: every control of the framework, and the reason with each that does not apply.

    A control without an answer applies until somebody says otherwise. An accepted risk is named with its analysis.
    """
    said = {answer.control: answer for answer in assessment.answers}
    out = [n for n, answer in said.items() if answer.state is State.NOT_APPLICABLE]
    apply = [control.number for control in framework.controls if control.number not in out]
    chosen: Json = {"href": f"#{catalog_id(framework)}"}
    if apply:
        chosen["include-controls"] = [{"with-ids": [control_id(framework, number) for number in apply]}]
    if out:
        chosen["exclude-controls"] = [{"with-ids": [control_id(framework, number) for number in out]}]
    alters = []
    for number, answer in said.items():
        props = [prop("answer", answer.state)]
        props += [prop("risk-analysis", answer.risk_analysis)] if answer.risk_analysis.strip() else []
        added: Json = {"position": "ending", "props": props}
        if answer.reason and answer.state in (State.NOT_APPLICABLE, State.ACCEPTED):
            added["parts"] = [{"name": "reason", "ns": NAMESPACE, "prose": answer.reason}]
        alters.append({"control-id": control_id(framework, number), "adds": [added]})
    party = assessment.organisation
    content: Json = {
        "uuid": identifier("profile", party.code, framework.key),
        "metadata": metadata(f"Verklaring van toepasselijkheid {party.name}", at, framework, party),
        "imports": [chosen],
        "merge": {"as-is": True},
    }
    if alters:
        content["modify"] = {"alters": alters}
    content["back-matter"] = {"resources": [catalog_resource(framework)]}
    return dumps(PROFILE, content)


def read_profile(document: Node) -> Applicability:
    """Which controls apply according to a profile, ours or another's. Raises InvalidOscal."""
    if kind_of(document) != PROFILE:
        raise document.wrong("dit is geen profiel.")
    profile = document.need(PROFILE)
    taken: list[str] = []
    left: list[str] = []
    everything = False
    profile.need("imports")
    for chosen in profile.items("imports"):
        chosen.needed_text("href")
        everything = everything or chosen.get("include-all") is not None
        for key, found in (("include-controls", taken), ("exclude-controls", left)):
            for choice in chosen.items(key):
                found += [each.as_text() for each in choice.items("with-ids")]
    framework = framework_of(profile, [*taken, *left])
    numbers = numbers_by_id(framework)
    reasons = _reasons(profile, numbers)
    excluded = {numbers[each.lower()]: "" for each in left if each.lower() in numbers}
    if everything:
        included = tuple(c.number for c in framework.controls if c.number not in excluded)
    else:
        named = {numbers[each.lower()] for each in taken if each.lower() in numbers}
        included = tuple(c.number for c in framework.controls if c.number in named and c.number not in excluded)
        excluded |= {c.number: "" for c in framework.controls if c.number not in named}
    order = [control.number for control in framework.controls if control.number in excluded]
    return Applicability(
        framework.key,
        party_of(profile),
        included,
        {number: reasons.get(number, "") for number in order},
        tuple(dict.fromkeys(each for each in (*taken, *left) if each.lower() not in numbers)),
    )


def _reasons(profile: Node, numbers: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    modify = profile.get("modify")
    for alter in modify.items("alters") if modify else ():
        number = numbers.get(alter.needed_text("control-id").lower())
        for added in alter.items("adds"):
            lines = [part.text("prose") for part in added.items("parts")] + [Props(added, NAMESPACE).text("reason")]
            if number and (text := "\n".join(each for each in lines if each.strip())):
                found[number] = text
    return found
