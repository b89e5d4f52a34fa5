"""A framework as an OSCAL catalog, and a catalog as a framework with the texts that it brings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..framework import Control, Framework, GovernmentMeasure, content_fingerprint
from .documents import CATALOG, NAMESPACE, Json, catalog_id, control_id, dumps, kind_of, metadata, prop
from .reading import Node, Props

DEEPEST: Final = 20
"""Groups in groups, controls in controls, parts in parts."""
MEASURE: Final = "overheidsmaatregel"
STATES: Final = ("actief", "vervallen", "verplaatst", "geen")


@dataclass(frozen=True, slots=True)
class CatalogContent:
    """A read catalog: the framework, and by number the text of the norm where the catalog brings it."""

    framework: Framework
    texts: Mapping[str, str]


def export_catalog(framework: Framework, at: datetime) -> bytes:
    """A framework as a catalog: numbers, titles, our own questions; a government measure is a control in a control."""
    groups = [
        {
            "id": f"thema-{place}",
            "title": theme,
            "controls": [_control(framework, control) for control in framework.controls if control.theme == theme],
        }
        for place, theme in enumerate(framework.themes, start=1)
    ]
    about = metadata(f"{framework.title} {framework.version}", at, framework)
    about["props"] += [prop("key", framework.key), prop("date", framework.date), prop("title", framework.title)]
    about["props"] += [prop("dropped", number) for number in framework.dropped]
    about["remarks"] = f"{framework.source}\n\n{framework.licence}"
    return dumps(CATALOG, {"uuid": catalog_id(framework), "metadata": about, "groups": groups})


def read_catalog(document: Node) -> CatalogContent:
    """A framework out of a catalog, ours or another's. Raises InvalidOscal."""
    if kind_of(document) != CATALOG:
        raise document.wrong("dit is geen catalogus.")
    catalog = document.need(CATALOG)
    about = catalog.need("metadata")
    props = Props(about, NAMESPACE)
    texts: dict[str, str] = {}
    controls = list(_read_group(catalog, "", texts, 0))
    if not controls:
        raise catalog.wrong("in deze catalogus staan geen maatregelen.")
    seen: set[str] = set()
    for control in controls:
        for number in (control.number, *(measure.number for measure in control.measures)):
            if number in seen:
                raise catalog.wrong(f"maatregel {number} staat er meer dan één keer in.")
            seen.add(number)
    source, _line, licence = about.text("remarks").partition("\n\n")
    framework = Framework(
        key=props.text("key") or about.needed_text("title"),
        title=props.text("title") or about.needed_text("title"),
        version=about.needed_text("version"),
        date=props.day("date") or about.need("last-modified").as_moment().date(),
        source=source,
        licence=licence,
        fingerprint=props.text("fingerprint") or content_fingerprint(catalog.value),
        controls=tuple(controls),
        dropped=props.all("dropped"),
    )
    return CatalogContent(framework, texts)


def _control(framework: Framework, control: Control) -> Json:
    key = control_id(framework, control.number)
    props = [{"name": "label", "value": control.number}]
    props += [prop("nis2-21", letter) for letter in control.nis2]
    props += [prop("attack", technique) for technique in control.attack]
    props += [prop("bbn", control.bbn)] if control.bbn else []
    props += [prop("successor", number) for number in control.successors]
    parts = []
    if control.question:
        parts.append({"id": f"{key}_obj", "name": "assessment-objective", "prose": control.question})
    if control.explanation:
        parts.append({"id": f"{key}_gdn", "name": "guidance", "prose": control.explanation})
    content: Json = {"id": key, "title": control.title, "props": props}
    if parts:
        content["parts"] = parts
    if control.measures:
        content["controls"] = [_measure(framework, measure) for measure in control.measures]
    return content


def _measure(framework: Framework, measure: GovernmentMeasure) -> Json:
    props = [{"name": "label", "value": measure.number}, prop("status", measure.status)]
    props += [prop("moved-to", measure.moved_to)] if measure.moved_to else []
    props += [prop("bbn", measure.bbn)] if measure.bbn else []
    props += [prop("question", measure.question)] if measure.question else []
    props += [] if measure.title else [prop("untitled", "ja")]
    return {
        "id": control_id(framework, measure.number),
        "class": MEASURE,
        "title": measure.title or f"Overheidsmaatregel {measure.number}",
        "props": props,
    }


def _read_group(group: Node, theme: str, texts: dict[str, str], depth: int) -> Iterator[Control]:
    if depth > DEEPEST:
        raise group.wrong("de groepen gaan te diep.")
    for raw in group.items("controls"):
        yield from _read_control(raw, theme, texts, depth)
    for inner in group.items("groups"):
        yield from _read_group(inner, inner.needed_text("title"), texts, depth + 1)


def _read_control(raw: Node, theme: str, texts: dict[str, str], depth: int) -> Iterator[Control]:
    """A control, and those inside it that are no government measure."""
    if depth > DEEPEST:
        raise raw.wrong("de maatregelen gaan te diep.")
    number, props = _number(raw), Props(raw, NAMESPACE)
    inner = list(raw.items("controls"))
    measures = [each for each in inner if each.text("class") == MEASURE]
    _keep_text(raw, number, texts)
    yield Control(
        number=number,
        title=raw.needed_text("title"),
        theme=theme,
        question=_prose(raw, "assessment-objective", 0),
        explanation=_prose(raw, "guidance", 0),
        measures=tuple(_read_measure(each, texts) for each in measures),
        nis2=props.all("nis2-21"),
        attack=props.all("attack"),
        bbn=_level(props),
        successors=props.all("successor"),
    )
    for each in inner:
        if each not in measures:
            yield from _read_control(each, theme, texts, depth + 1)


def _read_measure(raw: Node, texts: dict[str, str]) -> GovernmentMeasure:
    number, props = _number(raw), Props(raw, NAMESPACE)
    status = props.node("status")
    if status is not None and status.as_text() not in STATES:
        raise status.wrong(f"kies uit {', '.join(STATES)}.")
    _keep_text(raw, number, texts)
    return GovernmentMeasure(
        number=number,
        title="" if props.text("untitled") else raw.needed_text("title"),
        status=status.as_text() if status else "actief",
        moved_to=props.text("moved-to") or None,
        bbn=_level(props),
        question=props.text("question"),
    )


def _number(raw: Node) -> str:
    """The label, and else the identifier."""
    return Props(raw, NAMESPACE).text("label") or raw.needed_text("id")


def _level(props: Props) -> int | None:
    found = props.node("bbn")
    if found is None:
        return None
    if found.as_text() not in ("1", "2"):
        raise found.wrong("hier hoort 1 of 2 te staan.")
    return int(found.as_text())


def _keep_text(raw: Node, number: str, texts: dict[str, str]) -> None:
    if text := _prose(raw, "statement", 0):
        texts[number] = text


def _prose(thing: Node, name: str, depth: int) -> str:
    """The prose of the parts with this name, and of the parts inside those, each on a line of its own."""
    if depth > DEEPEST:
        raise thing.wrong("de delen gaan te diep.")
    lines = []
    for part in thing.items("parts"):
        if depth == 0 and part.needed_text("name") != name:
            continue
        lines += [part.text("prose"), _prose(part, name, depth + 1)]
    return "\n".join(line for line in lines if line)
