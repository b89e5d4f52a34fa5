"""OSCAL: accepted by compliance-trestle, the same back and the same bytes again, and bad files refused with a place."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from trestle.core.catalog_validator import CatalogValidator
from trestle.core.duplicates_validator import DuplicatesValidator
from trestle.core.links_validator import LinksValidator
from trestle.core.refs_validator import RefsValidator
from trestle.oscal import assessment_results, catalog, poam, profile

from brandwacht.engines.norms import FRAMEWORKS, Finding, State, load_framework
from brandwacht.engines.norms.oscal import (
    Assessed,
    Assessment,
    Evidence,
    InvalidOscal,
    Party,
    PlannedMeasure,
    export_catalog,
    export_poam,
    export_profile,
    export_results,
    kind_of,
    parse,
    read_catalog,
    read_profile,
    read_results,
)

AT = datetime(2026, 11, 22, 13, 5, 17, 123456, tzinfo=UTC)
BIO2 = load_framework("bio2-1.3")
REGION = Party("VR17", "Veiligheidsregio Voorbeeld")
MODELS = {
    "catalog": catalog.Model,
    "profile": profile.Model,
    "assessment-results": assessment_results.Model,
    "plan-of-action-and-milestones": poam.Model,
}
VALIDATORS = (DuplicatesValidator(), RefsValidator(), LinksValidator(), CatalogValidator())


def accepted(content: bytes) -> Any:
    """What the oracle makes of a document: its model must take it, and each of its validators."""
    kind = kind_of(parse(content))
    model = MODELS[kind].model_validate(json.loads(content))
    top = getattr(model, kind.replace("-", "_"))
    for validator in VALIDATORS:
        assert validator.model_is_valid(top, quiet=True), type(validator).__name__
    return model


lines = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30).map(
    lambda t: " ".join(t.split())
)
texts = st.text(st.one_of(st.characters(blacklist_categories=("Cs", "Cc")), st.just("\n")), max_size=60)
days = st.dates(date(1990, 1, 1), date(2199, 12, 31))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))
evidence = st.builds(
    Evidence,
    description=texts.filter(lambda text: not text or text.strip()),
    valid_from=st.none() | days,
    valid_to=st.none() | days,
    received_on=st.none() | days,
    sha256=st.sampled_from(["", "a" * 64]),
    where=texts,
)
answers = st.builds(
    Assessed,
    control=st.sampled_from([control.number for control in BIO2.controls]),
    state=st.sampled_from([state for state in State if state is not State.UNANSWERED]),
    answered_at=moments,
    answered_by=lines,
    reason=texts,
    risk_analysis=lines,
    evidence=st.lists(evidence, max_size=3).map(tuple),
    design=st.sampled_from(list(Finding)),
    existence=st.sampled_from(list(Finding)),
    operation=st.sampled_from(list(Finding)),
    maturity=st.none() | st.integers(0, 5),
)


def in_order(found: list[Assessed]) -> tuple[Assessed, ...]:
    order = [control.number for control in BIO2.controls]
    return tuple(sorted(found, key=lambda each: order.index(each.control)))


assessments = st.builds(
    Assessment,
    framework=st.just("bio2-1.3"),
    organisation=st.just(REGION),
    answers=st.lists(answers, max_size=6, unique_by=lambda each: each.control).map(in_order),
)


@pytest.mark.parametrize("key", FRAMEWORKS)
def test_a_catalog_is_accepted_and_comes_back_the_same(key: str) -> None:
    framework = load_framework(key)
    content = export_catalog(framework, AT)
    accepted(content)
    read = read_catalog(parse(content))
    assert read.framework == framework
    assert read.texts == {}  # the norm's own text is not ours to give
    assert export_catalog(read.framework, AT) == content


@settings(max_examples=12, deadline=None)
@given(assessment=assessments)
@example(assessment=Assessment("bio2-1.3", REGION, ()))
def test_an_assessment_is_accepted_and_comes_back_to_the_byte(assessment: Assessment) -> None:
    content = export_results(BIO2, assessment, AT)
    accepted(content)
    read = read_results(parse(content))
    assert read.assessment == assessment
    assert read.unknown == ()
    assert export_results(BIO2, read.assessment, AT) == content


@settings(max_examples=12, deadline=None)
@given(assessment=assessments)
@example(assessment=Assessment("bio2-1.3", REGION, ()))
def test_a_statement_of_applicability_is_accepted_and_read(assessment: Assessment) -> None:
    content = export_profile(BIO2, assessment, AT)
    accepted(content)
    read = read_profile(parse(content))
    out = {a.control: a.reason for a in assessment.answers if a.state is State.NOT_APPLICABLE}
    assert {n: reason if reason.strip() else "" for n, reason in out.items()} == read.excluded
    assert set(read.included) == {control.number for control in BIO2.controls} - set(out)
    assert (read.organisation, read.unknown) == (REGION, ())


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.builds(
            PlannedMeasure,
            key=st.uuids(version=4).map(str),
            title=lines.filter(bool),
            description=texts,
            control=st.sampled_from(["", "5.01", "8.13"]),
            state=st.sampled_from(["plan", "do", "check", "act"]),
            owner=lines,
            due=days,
            cost=st.none() | st.integers(0, 10**9),
            done_at=st.none() | moments,
        ),
        max_size=4,
        unique_by=lambda measure: measure.key,
    )
)
def test_an_improvement_plan_is_accepted(measures: list[PlannedMeasure]) -> None:
    content = export_poam(BIO2, REGION, measures, AT)
    plan = accepted(content).plan_of_action_and_milestones
    assert len(plan.poam_items) == max(1, len(measures))
    assert export_poam(BIO2, REGION, measures, AT) == content


def one() -> dict[str, Any]:
    """A document with one answer and its evidence."""
    piece = Evidence("Verslag", date(2026, 1, 1), date(2027, 1, 1), date(2026, 2, 1))
    said = Assessed(
        "5.01", State.MET, AT - timedelta(days=3), "Noor", evidence=(piece,), design=Finding.YES, maturity=3
    )
    document: dict[str, Any] = json.loads(export_results(BIO2, Assessment("bio2-1.3", REGION, (said,)), AT))
    return document


def test_evidence_has_its_own_dates_beside_the_moment_of_the_answer() -> None:
    observation = one()["assessment-results"]["results"][0]["observations"][0]
    assert observation["collected"] == "2026-02-01T00:00:00+00:00"
    assert observation["expires"] == "2027-01-01T23:59:59+00:00"
    assert {p["name"]: p["value"] for p in observation["props"]} == {
        "valid-from": "2026-01-01", "valid-to": "2027-01-01", "received-on": "2026-02-01",
    }  # fmt: skip


def test_an_accepted_risk_is_a_risk_that_was_approved() -> None:
    said = Assessed("5.03", State.ACCEPTED, AT, "Noor", "Klein", "RA 7")
    content = json.loads(export_results(BIO2, Assessment("bio2-1.3", REGION, (said,)), AT))
    risk = content["assessment-results"]["results"][0]["risks"][0]
    assert (risk["status"], risk["statement"]) == ("deviation-approved", "Risicoanalyse: RA 7")


def foreign(document: dict[str, Any]) -> dict[str, Any]:
    """The same as another system writes it: without anything of ours."""
    top = document["assessment-results"]
    del top["metadata"]["props"], top["metadata"]["parties"], top["metadata"]["responsible-parties"]
    result = top["results"][0]
    for thing in (*result["observations"], *result["findings"]):
        thing.pop("props", None)
    return document


@pytest.mark.parametrize(
    ("status", "implementation", "state"),
    [
        ("satisfied", None, State.MET),
        ("not-satisfied", None, State.NOT_MET),
        ("not-satisfied", "partial", State.PARTLY),
        ("satisfied", "not-applicable", State.NOT_APPLICABLE),
    ],
)
def test_results_of_another_system_are_understood(status: str, implementation: str | None, state: State) -> None:
    document = foreign(one())
    target = document["assessment-results"]["results"][0]["findings"][0]["target"]
    target |= {"target-id": "5.01_smt.a", "status": {"state": status}}
    target.pop("implementation-status")
    if implementation:
        target["implementation-status"] = {"state": implementation}
    read = read_results(parse(json.dumps(document).encode()))
    (said,) = read.assessment.answers
    assert (said.control, said.state, said.answered_at) == ("5.01", state, AT - timedelta(days=3))
    assert said.evidence == (Evidence("Verslag", valid_to=date(2027, 1, 1), received_on=date(2026, 2, 1)),)


def test_a_profile_of_another_system_takes_what_it_names() -> None:
    document = {
        "profile": {
            "uuid": "0",
            "metadata": {"title": "x"},
            "imports": [{"href": "#x", "include-controls": [{"with-ids": ["bio2-5.01", "iets-anders"]}]}],
        }
    }
    read = read_profile(parse(json.dumps(document).encode()))
    assert (read.included, len(read.excluded), read.unknown) == (("5.01",), 92, ("iets-anders",))
    document["profile"]["imports"] = [{"href": "#x", "include-all": {}, "exclude-controls": [{"with-ids": ["5.03"]}]}]  # type: ignore[index]
    assert read_profile(parse(json.dumps(document).encode())).excluded == {"5.03": ""}


def test_a_catalog_of_another_gives_numbers_titles_and_texts() -> None:
    document = {
        "catalog": {
            "uuid": "0",
            "metadata": {"title": "Eigen", "version": "2", "last-modified": "2026-01-01T00:00:00Z"},
            "groups": [
                {
                    "id": "g", "title": "Groep",
                    "controls": [
                        {
                            "id": "x-1", "title": "Eerste", "props": [{"name": "label", "value": "X-1"}],
                            "parts": [
                                {
                                    "name": "statement", "prose": "Doe dit.",
                                    "parts": [{"name": "item", "prose": "En dat."}],
                                }
                            ],
                            "controls": [{"id": "x-1.1", "title": "Meer"}],
                        }
                    ],
                }
            ],
        }
    }  # fmt: skip
    read = read_catalog(parse(json.dumps(document).encode()))
    assert [(c.number, c.title, c.theme) for c in read.framework.controls] == [
        ("X-1", "Eerste", "Groep"), ("x-1.1", "Meer", "Groep"),
    ]  # fmt: skip
    assert read.texts == {"X-1": "Doe dit.\nEn dat."}


def at(document: dict[str, Any], pointer: str) -> tuple[Any, Any]:
    """The holder of the place that a pointer names, and the last step to it."""
    steps = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    for step in steps[:-1]:
        document = document[step]
    return document, steps[-1]


FINDING = "/assessment-results/results/0/findings/0"
OBSERVATION = "/assessment-results/results/0/observations/0"


@pytest.mark.parametrize(
    ("pointer", "value", "place", "problem"),
    [
        ("/assessment-results/results", [], "/assessment-results", "er staat geen uitkomst in"),
        ("/assessment-results/results", {}, "/assessment-results/results", "hier hoort een lijst te staan."),
        (f"{FINDING}/target/target-id", 3, f"{FINDING}/target/target-id", "hier hoort tekst te staan."),
        (f"{FINDING}/target/target-id", " ", f"{FINDING}/target/target-id", "dit veld is leeg."),
        (f"{FINDING}/target", None, f"{FINDING}/target", "hier horen velden met een naam te staan."),
        (f"{FINDING}/props/0/value", "mooi", f"{FINDING}/props/0/value", "dit antwoord kennen wij niet."),
        (f"{FINDING}/props/1/value", "gisteren", f"{FINDING}/props/1/value", "dit is geen tijdstip"),
        (f"{FINDING}/props/1/value", "2026-01-01T10:00:00", f"{FINDING}/props/1/value", "ontbreekt de tijdzone"),
        (f"{FINDING}/remarks", "a\x00b", f"{FINDING}/remarks", "tekens die geen tekst zijn"),
        (f"{FINDING}/remarks", "a" * 20_001, f"{FINDING}/remarks", "langer dan 20000 tekens"),
        (
            f"{FINDING}/related-observations/0/observation-uuid", "0",
            f"{FINDING}/related-observations/0/observation-uuid", "deze waarneming staat niet in het bestand.",
        ),
        (f"{OBSERVATION}/props/1/value", "x", f"{OBSERVATION}/props/1/value", "dit is geen datum"),
        (f"{FINDING}/props/3/value", "soms", f"{FINDING}/props/3/value", "kies uit ja, deels en nee."),
        (f"{FINDING}/props/4/value", "6", f"{FINDING}/props/4/value", "hier hoort een niveau van 0 tot en met 5"),
        (
            "/assessment-results/metadata/props/0/value", "bio9", "/assessment-results/metadata/props/0/value",
            "het kader ‘bio9’ kennen wij niet.",
        ),
    ],
)  # fmt: skip
def test_each_error_names_its_place(pointer: str, value: Any, place: str, problem: str) -> None:
    document = one()
    holder, step = at(document, pointer)
    holder[step] = value
    with pytest.raises(InvalidOscal) as caught:
        read_results(parse(json.dumps(document).encode()))
    assert caught.value.pointer == place
    assert problem in str(caught.value)


def test_what_is_missing_is_named_by_its_holder() -> None:
    document = one()
    del document["assessment-results"]["results"][0]["findings"][0]["target"]
    with pytest.raises(
        InvalidOscal, match=r"^/assessment-results/results/0/findings/0: het veld “target” ontbreekt\.$"
    ):
        read_results(parse(json.dumps(document).encode()))


def test_two_findings_for_one_control_are_refused() -> None:
    document = one()
    result = document["assessment-results"]["results"][0]
    result["findings"].append(result["findings"][0])
    with pytest.raises(InvalidOscal, match=r"^/assessment-results/results/0/findings/1: maatregel 5\.01 heeft meer"):
        read_results(parse(json.dumps(document).encode()))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "geen leesbare JSON, regel 1"),
        (b"{", "geen leesbare JSON, regel 1"),
        (b"\xff\xfe", "geen leesbare JSON."),
        (b"[" * 100_000, "geen leesbare JSON"),
        (b'{"catalog": NaN}', "geen leesbare JSON."),
        (b"[]", "hier horen velden met een naam te staan."),
        (b"{}", "hier hoort één van deze velden te staan: catalog,"),
        (b'{"catalog": 1, "profile": 2}', "hier hoort één van deze velden te staan"),
        (b" " * (20 * 1024 * 1024 + 1), "groter dan 20 MB"),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InvalidOscal, match=message):
        parse(content)


READERS = {"catalog": read_catalog, "profile": read_profile, "assessment-results": read_results}
KLEIN = load_framework("nis2-21")
SAMPLES = [
    json.loads(export_catalog(KLEIN, AT)),
    json.loads(
        export_profile(BIO2, Assessment("bio2-1.3", REGION, (Assessed("5.03", State.NOT_APPLICABLE, AT, ""),)), AT)
    ),
    one(),
]
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for step, each in inner for found in places(each, (*path, step)))]


PLACES = [places(sample) for sample in SAMPLES]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2), st.data(), junk, st.booleans())
def test_a_damaged_document_is_refused_with_a_place_that_exists_or_read(
    which: int, data: st.DataObject, value: Any, remove: bool
) -> None:
    document = json.loads(json.dumps(SAMPLES[which]))
    path = data.draw(st.sampled_from(PLACES[which][1:]))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    if remove:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    try:
        node = parse(json.dumps(document).encode())
        READERS[kind_of(node)](node)
    except InvalidOscal as error:
        steps = [step.replace("~1", "/").replace("~0", "~") for step in error.pointer.split("/")[1:]]
        found: Any = document
        for step in steps:
            found = found[int(step) if isinstance(found, list) else step]


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidOscal):
        parse(content)
