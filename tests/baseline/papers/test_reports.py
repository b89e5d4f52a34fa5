"""The reports on paper: what stands in each, that a version stays, what the public form leaves out, two sheets."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.baseline import queries
from brandwacht.baseline.models import AnswerState, ControlAnswer, Measure, Report, ReportKind
from brandwacht.baseline.papers import PAPERS, changes, facts
from brandwacht.baseline.papers.in_control import EXCEPT, NO, YES
from brandwacht.baseline.queries import ControlRow
from brandwacht.baseline.services import answer_control, make_measure
from brandwacht.baseline.services.reports import make_report, set_style
from brandwacht.engines.norms import Answer, State, exceptions, load_framework, score
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.final import FinalError
from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.roles import Role
from tests.baseline.papers.conftest import SECRET
from tests.network.test_png import png
from tests.world import NOW, acting, actor, organisation, person

DAY = date(2026, 11, 22)
NORM = load_framework("bio2-1.3")
SIGNS = [{"name": "A. Visser", "role": "Voorzitter"}]


def pages(document: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(bytes(document))) as opened:
        return len(opened.pages)


def texts(workbook: bytes) -> str:
    """Everything that stands in a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(bytes(workbook)))
    return "\n".join(
        str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row
    )


def test_each_report_is_a_document_to_keep_with_its_tables_and_logo(region: Organisation) -> None:
    with acting(actor(person(region, Role.CISO, name="Noor de Wit"), region)) as me:
        set_style(me, signatories=SIGNS, logo=png())
        made = {kind: make_report(me, kind, '#panic("x") *nadruk* 😀') for kind in PAPERS}
        for kind, report in made.items():
            with pikepdf.open(io.BytesIO(report.document)) as document, document.open_metadata() as told:
                assert (told["pdfaid:part"], told["pdfaid:conformance"], told["pdfuaid:part"]) == ("2", "A", "1"), kind
                assert str(document.Root.Lang) == "nl-NL"
                assert "/StructTreeRoot" in document.Root
                assert any("/XObject" in page.Resources for page in document.pages), kind
            assert (report.version, report.against, report.changes) == (1, 0, [])
            words = (
                "Elke maand een reservekopie"
                if kind in (ReportKind.BOARD, ReportKind.PLAN)
                else "Back-up van informatie"
            )
            assert words in texts(report.workbook), kind
        with pytest.raises(FinalError):
            made[ReportKind.PLAN].save()
        with pytest.raises(Refused, match="Kies een van de rapporten"):
            make_report(me, "iets")
        set_style(me, signatories=[], remove=True)
        style = queries.style(me, region.pk)
        assert style is not None
        assert (bytes(style.logo), style.signatories) == (b"", [])
        with pytest.raises(Refused, match="naam in"):
            set_style(me, signatories=[{"name": " ", "role": "Voorzitter"}])


def test_the_published_form_holds_nothing_that_helps_an_attacker(region: Organisation) -> None:
    with acting(actor(person(region, Role.CISO, name="Noor de Wit"), region)) as me:
        public, full = make_report(me, ReportKind.PUBLIC), make_report(me, ReportKind.FULL)
    hidden = [SECRET, "Vastgesteld", "nooit teruggezet", "Te duur", "Analyse 12", "geen software", "Team beheer",
              "reservekopie", "Voldoet", "voldoet", "verlopen", "2027"]  # fmt: skip
    told = json.dumps(PAPERS[ReportKind.PUBLIC].document(public.content, 1, [], 0), ensure_ascii=False)
    for form in (json.dumps(public.content, ensure_ascii=False), told, texts(public.workbook)):
        assert [word for word in hidden if word in form] == []
    whole = json.dumps(full.content, ensure_ascii=False)
    assert [word for word in hidden[:6] if word not in whole] == []
    assert [row["number"] for row in public.content["controls"] if not row["applicable"]] == ["8.25"]


def test_the_report_to_the_board_is_two_sheets_whatever_is_in_it(region: Organisation) -> None:
    other = organisation("VR25")
    with acting(actor(person(other, Role.CISO), other)) as empty:
        assert pages(make_report(empty, ReportKind.BOARD).document) == 2
    with acting(actor(person(region, Role.CISO), region)) as me:
        set_style(me, signatories=[{"name": "Naam " * 16, "role": "Functie " * 10}] * 4, logo=png())
        first = make_report(me, ReportKind.BOARD, "Wat " * 200)
        for number, control in enumerate(NORM.controls[40:70]):
            make_measure(
                me, title=f"{number} {'Langewoorden' * 15}", control=control.number, owner_name="O" * 120,
                due=(NOW + timedelta(days=40)).date(), cost=None if number % 3 else 1_999_999_999, for_board=False,
            )  # fmt: skip
            answer_control(me, control.number, state="voldoet_niet")
        for number in range(9):
            make_measure(
                me, title=f"{number} {'Een besluit met veel woorden ' * 6}", control="8.13", owner_name="Bestuur",
                due=(NOW + timedelta(days=40)).date(), cost=1_900_000_000, for_board=True,
            )  # fmt: skip
        second = make_report(me, ReportKind.BOARD, "Wat " * 200)
        assert (pages(first.document), pages(second.document)) == (2, 2)
        assert (second.content["money"]["asked"], len(second.content["asked"])) == (9 * 1_900_000_000 + 12_000, 10)
        told = PAPERS[ReportKind.BOARD].document(second.content, 2, second.changes, 1)
        assert (len(told["asked"]), told["asked_rest"][:9]) == (5, "En nog 5 ")


def test_a_version_is_compared_downloaded_and_shut_to_others(region: Organisation) -> None:
    user = person(region, Role.CISO, name="Noor de Wit")
    with acting(actor(user, region)) as me:
        first = make_report(me, ReportKind.PLAN)
        answer_control(me, "8.13", state="deels")
        made = queries.measures(me).get(control="8.13")
        second = make_report(me.at(NOW + timedelta(hours=1)), ReportKind.PLAN)
        third = make_report(me.at(NOW + timedelta(hours=2)), ReportKind.PLAN)
    assert second.changes == ["Van ‘Voldoet niet’ naar ‘Voldoet deels’: 8.13 Back-up van informatie."]
    assert third.changes == ["Er is niets veranderd."]
    assert made.title in texts(third.workbook)
    client = Client()
    client.force_login(user)
    page = client.get(reverse("baseline:report", args=[third.public_id]), {"met": str(first.public_id)})
    assert "Van ‘Voldoet niet’ naar ‘Voldoet deels’" in page.content.decode()
    for file, kept in (("pdf", third.document), ("xlsx", third.workbook)):
        answer = client.get(reverse(f"baseline:report-{file}", args=[third.public_id]))
        assert answer.content == bytes(kept)
        assert f'verbeterplan-vr17-versie-3.{file}"' in answer["Content-Disposition"]
    with acting(actor(person(region, Role.BOARD), region)) as reader:
        assert queries.reports(reader).count() == 3
        entries = AuditEntry.objects.filter(action="baseline.report.see").order_by("seq")
        assert [entry.detail["gedownload"] for entry in entries] == ["pdf", "xlsx"]
        with pytest.raises(Denied):
            make_report(reader, ReportKind.PLAN)
    stranger = organisation("VR01")
    with acting(actor(person(stranger, Role.CISO), stranger)) as other, pytest.raises(NotFound):
        queries.report(other, third.public_id)


def test_a_person_makes_a_report_and_sets_the_look_on_the_pages(region: Organisation) -> None:
    client = Client()
    client.force_login(person(region, Role.CISO))
    assert "Nog geen rapport" in client.get(reverse("baseline:reports")).content.decode()
    assert client.get(reverse("baseline:report-logo")).status_code == 404
    refused = client.post(reverse("baseline:report-style"), {"logo": io.BytesIO(b"<svg/>"), "name1": "A. Visser"})
    assert (refused.status_code, "Dit is geen PNG" in refused.content.decode()) == (422, True)
    file = io.BytesIO(png())
    file.name = "logo.png"
    saved = client.post(reverse("baseline:report-style"), {"logo": file, "name1": "A. Visser", "role1": "Voorzitter"})
    assert saved.status_code == 302
    logo = client.get(reverse("baseline:report-logo"))
    assert (logo["Content-Type"], logo.content[:4]) == ("image/png", b"\x89PNG")
    made = client.post(reverse("baseline:reports"), {"kind": ReportKind.BOARD, "note": "Voor de vergadering."})
    page = client.get(made["Location"]).content.decode()
    assert "Voor de vergadering." in page
    assert "A. Visser" in page
    assert "eerste versie" in page
    assert client.post(reverse("baseline:reports"), {"kind": "x"}).status_code == 422


# --- what may be declared ---------------------------------------------------------------------------------------------


def gathered(answers: dict[str, ControlAnswer], measures: list[Measure]) -> facts.Facts:
    """Facts without a database."""
    judged = {
        number: Answer(number, State(given.state), DAY, evidence_valid_to=given.evidence_valid_to)
        for number, given in answers.items()
    }
    figures = score(NORM, judged.values(), DAY)
    return facts.Facts(
        owner=Organisation(name="Proef", kind="veiligheidsregio"),
        framework=NORM,
        day=DAY,
        rows=[
            ControlRow(c, answers.get(c.number), 0, DAY, judged.get(c.number, Answer(c.number, State.UNANSWERED, DAY)))
            for c in NORM.controls
        ],
        trend=[(DAY - timedelta(days=91), figures), (DAY, figures)],
        measures=measures,
        left_out=0,
        signatories=[],
        note="",
        annex=exceptions(NORM, judged.values(), [], DAY),
    )


def answered(number: str, state: str = "voldoet", days: int | None = 90) -> ControlAnswer:
    """An answer of today, with evidence for so many days."""
    valid = None if days is None else DAY + timedelta(days=days)
    return ControlAnswer(
        control=number, state=state, evidence="x" * bool(days), evidence_valid_to=valid, reason="geheim-woord",
        risk_analysis="geheim-woord", answered_at=NOW, answered_by="geheim-woord",
    )  # fmt: skip


def measure(number: str, days: int) -> Measure:
    """An open measure, due in so many days."""
    return Measure(control=number, title="geheim-woord", owner_name="geheim-woord", due=DAY + timedelta(days=days))


def verdict(answers: dict[str, ControlAnswer], *measures: Measure) -> Any:
    """What may be declared."""
    return PAPERS[ReportKind.CONTROL].content(gathered(answers, list(measures)))["verdict"]


def test_in_control_is_only_what_the_answers_carry() -> None:
    whole = {control.number: answered(control.number) for control in NORM.controls}
    assert verdict(whole) == YES
    assert verdict({**whole, "8.13": answered("8.13", "voldoet_niet")}) == NO
    assert verdict({**whole, "8.13": answered("8.13", "voldoet_niet")}, measure("8.13", 10)) == EXCEPT
    assert verdict({**whole, "8.13": answered("8.13", "voldoet_niet")}, measure("8.13", -1)) == NO
    assert verdict({**whole, "8.13": answered("8.13", days=None)}) == NO
    assert verdict({**whole, "8.13": answered("8.13", days=-1)}, measure("8.13", 10)) == EXCEPT
    assert verdict({**whole, "8.06": answered("8.06", "geaccepteerd")}) == EXCEPT
    assert verdict({number: row for number, row in whole.items() if number != "8.13"}, measure("8.13", 10)) == NO


STATES = st.sampled_from([state.value for state in AnswerState])
ANSWERS = st.dictionaries(
    st.sampled_from([control.number for control in NORM.controls]),
    st.tuples(STATES, st.sampled_from([None, -3, 0, 40])),
    max_size=93,
)


@settings(deadline=None, max_examples=25)
@given(ANSWERS, st.lists(st.tuples(st.sampled_from(["5.01", "8.13", ""]), st.integers(-9, 9)), max_size=4))
def test_any_answers_give_every_report_and_the_public_one_no_secret(given_now: Any, planned: Any) -> None:
    answers = {number: answered(number, *rest) for number, rest in given_now.items()}
    measures = [measure(*each) for each in planned]
    known = gathered(answers, measures)
    for kind, paper in PAPERS.items():
        content = json.loads(json.dumps(paper.content(known)))
        told = paper.document(content, 2, changes(content, content), 1)
        assert told["changes"] == ["Er is niets veranderd."]
        sheets = json.dumps([told, paper.tables(content)], ensure_ascii=False)
        assert kind != ReportKind.PUBLIC or "geheim-woord" not in sheets + json.dumps(content)
    declared = PAPERS[ReportKind.CONTROL].content(known)
    if declared["verdict"] == YES:
        assert known.score.percent == 100


def test_what_changed_is_told_in_sentences() -> None:
    line = {"ref": "1", "title": "Oefenen", "state": "plan", "due": "2026-12-01", "owner": "A", "cost": None}
    old: dict[str, Any] = {
        "framework": {"fingerprint": "1", "version": "1.2"}, "signatories": [], "measures": [line], "verdict": NO,
        "score": {"percent": 40}, "states": {"5.01": ["Beleid", "deels"]},
        "controls": [{"number": "5.01", "applicable": True}, {"number": "5.02", "applicable": False}],
    }  # fmt: skip
    new = old | {
        "framework": {"fingerprint": "2", "version": "1.3"}, "signatories": SIGNS, "verdict": EXCEPT,
        "score": {"percent": 60}, "states": {"5.01": ["Beleid", "voldoet"]},
        "measures": [
            line | {"state": "do", "due": "2027-01-01", "owner": "B", "cost": 5}, line | {"ref": "2", "title": "Nieuw"},
        ],
        "controls": [{"number": "5.01", "applicable": False}, {"number": "5.02", "applicable": True}],
    }  # fmt: skip
    assert changes(new, old) == [
        "De norm is veranderd, van versie 1.2 naar versie 1.3.",
        "Het cijfer ging van 40% naar 60%.",
        "De conclusie is een andere dan in de vorige verklaring.",
        "Van ‘Voldoet deels’ naar ‘Voldoet’: 5.01 Beleid.",
        "Nu wel van toepassing: 5.02.",
        "Nu niet meer van toepassing: 5.01.",
        "Nieuwe maatregelen: Nieuw.",
        "Oefenen: van ‘Gepland’ naar ‘In uitvoering’.",
        "Oefenen: klaar op 1 januari 2027 in plaats van 1 december 2026.",
        "Oefenen: B doet dit nu, eerder A.",
        "Oefenen: kosten €\u00a05, eerder nog niet bekend.",
        "De ondertekenaars zijn veranderd.",
    ]
    gone = changes(old | {"measures": []}, old)
    assert gone == ["Niet meer in het plan: Oefenen."]
    assert Report(kind=ReportKind.PLAN, version=2).__str__() == "Verbeterplan 2"
