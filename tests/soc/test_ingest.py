"""Reading logs: every event once, whatever the name, the number of runs, or what is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from brandwacht.cli.soc import soc as command
from brandwacht.engines.detection import reading
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, BadRecord, IngestFile, IngestState, MatchedEvent
from brandwacht.soc.services.ingest import FileResult, Progress, Step, read_file
from brandwacht.soc.services.rulebook import rulebook_for
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db

Reading = Callable[..., Any]


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{text}\n" for text in lines), encoding="utf-8")
    return path


def many(count: int) -> list[str]:
    return [line("lsass.exe" if n % 3 == 0 else "notepad.exe", f"PC{n % 2}", minutes(500 - n)) for n in range(count)]


def test_a_file_is_in_the_ledger_with_its_counts(region: Organisation, read: Reading) -> None:
    result = read(region, *many(10), "geen json")
    assert (result.outcome, result.events, result.matched, result.bad_records) == ("gelezen", 10, 4, 1)
    with every_owner():
        ledger = IngestFile.objects.get()
        assert (ledger.state, ledger.position, ledger.events) == (IngestState.DONE, 11, 10)
        assert BadRecord.objects.get().number == 11
        entry = AuditEntry.objects.filter(action="soc.ingest").get()
        assert entry.detail["gebeurtenissen"] == 10


def test_the_same_content_counts_once_under_any_name(region: Organisation, read: Reading) -> None:
    first = read(region, *many(10))
    again = read(region, *many(10))
    assert again.outcome == "al eerder gelezen"
    assert again.reason == f"Dezelfde inhoud als {first.name}."
    with every_owner():
        assert (IngestFile.objects.count(), MatchedEvent.objects.count()) == (1, 4)


def test_a_file_that_has_grown_adds_its_new_lines_only(region: Organisation, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    lines = many(9)
    with acting_system(region) as me:
        book = rulebook_for(me)
        for count in (4, 9, 9):
            write(path, *lines[:count])
            (result,) = services.ingest(me, path, book)
        assert (result.outcome, result.events) == ("al eerder gelezen", 9)
        write(path, lines[0], *lines[:8])  # begins the same, but is something else
        (other,) = services.ingest(me, path, book)
    assert other.outcome == "gelezen"
    with every_owner():
        assert IngestFile.objects.count() == 2
        assert MatchedEvent.objects.filter(file=IngestFile.objects.order_by("pk")[0]).count() == 3


def test_the_same_content_of_another_organisation_is_its_own(region: Organisation, read: Reading, soc: Any) -> None:
    other = organisation("VR15")
    mandate(other, soc, GrantKind.SOC_MANDATE)
    read(region, *many(4))
    assert read(other, *many(4)).outcome == "gelezen"
    with every_owner():
        assert set(Alert.objects.values_list("organisation__code", flat=True)) == {"VR17", "VR15"}


def test_a_folder_is_read_in_order_and_what_is_broken_does_not_stop_it(region: Organisation, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    write(folder / "b" / "2.jsonl", *many(3))
    write(folder / "a" / "1.jsonl", *many(4))
    (folder / "leeg.evtx").write_bytes(b"")
    (folder / "LEESMIJ.txt").write_text("geen log", encoding="utf-8")
    shown: list[Progress] = []
    with acting_system(region) as me:
        results = list(services.ingest(me, folder, rulebook_for(me), progress=shown.append))
    assert [(r.name, r.outcome) for r in results] == [
        ("a/1.jsonl", "gelezen"),
        ("b/2.jsonl", "gelezen"),
        ("leeg.evtx", "onleesbaar"),
    ]
    assert "leeg" in results[2].reason
    last = shown[-1]
    assert (last.files, last.files_total, last.events, last.bytes_done) == (3, 3, 7, last.bytes_total)
    with every_owner():
        assert IngestFile.objects.get(name="leeg.evtx").state == IngestState.BROKEN


def test_alerts_do_not_depend_on_the_size_of_a_batch(region: Organisation, tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", *many(60))

    def outcome(batch: int) -> list[Any]:
        with acting_system(region) as me:
            list(services.ingest(me, path, rulebook_for(me), batch=batch))
        with every_owner():
            found = list(
                Alert.objects.order_by("pk").values_list("asset__name", "event_count", "first_seen", "last_seen")
            )
            for model in (MatchedEvent, Alert, IngestFile):
                model.objects.all().delete()
        return found

    whole = outcome(1000)
    assert len(whole) == 2
    assert outcome(7) == outcome(1) == whole


def test_a_second_run_of_the_same_file_at_the_same_time_stops(region: Organisation, tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", *many(30))
    with acting_system(region) as me:
        book = rulebook_for(me)
        first = read_file(me, path, "log.jsonl", book, clock=lambda: NOW, batch=10)
        assert isinstance(next(first), Step)
        second = list(read_file(me, path, "log.jsonl", book, clock=lambda: NOW, batch=10))
        rest = list(first)
    assert isinstance(second[-1], FileResult)
    assert second[-1].outcome == "gelezen"
    assert isinstance(rest[-1], FileResult)
    assert rest[-1].outcome == "wordt al gelezen"
    assert "dubbel" in rest[-1].reason
    with every_owner():
        assert MatchedEvent.objects.count() == 10
        assert IngestFile.objects.get().events == 30


def test_what_was_read_before_a_file_broke_stays_and_a_new_try_adds_nothing(
    region: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "log.jsonl", *many(30))
    monkeypatch.setattr(reading, "MAX_UNPACKED", path.stat().st_size // 2)
    for _try in range(2):
        with acting_system(region) as me:
            (result,) = services.ingest(me, path, rulebook_for(me), batch=4)
        assert result.outcome == "onleesbaar"
        assert 10 < result.events < 20
    with every_owner():
        ledger = IngestFile.objects.get()
        assert (ledger.state, ledger.matched) == (IngestState.BROKEN, MatchedEvent.objects.count())


def test_an_empty_folder_says_what_to_bring(region: Organisation, tmp_path: Path) -> None:
    with acting_system(region) as me, pytest.raises(Refused, match=r"\.evtx"):
        list(services.ingest(me, tmp_path / "regels", rulebook_for(me)))


def test_who_may_ingest(region: Organisation, tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", *many(3))
    board = person(region, Role.BOARD)
    with acting_system(region) as me:
        book = rulebook_for(me)
    with acting(actor(board, region)) as me, pytest.raises(Denied):
        list(services.ingest(me, path, book))


@pytest.mark.django_db(transaction=True)
def test_the_commands(rules_folder: Path, tmp_path: Path) -> None:
    ours, soc = organisation("VR17"), organisation("VR-SOC", "landelijk")
    mandate(ours, soc, GrantKind.SOC_MANDATE)
    run = CliRunner()
    logs = tmp_path / "logs"
    write(logs / "a.jsonl", *many(6))

    none = run.invoke(command, ["ingest", str(logs), "--organisation", "VR17"])
    assert none.exit_code == 1
    assert "rules import" in none.stderr

    (rules_folder / "stuk.yml").write_text("title: [", encoding="utf-8")
    imported = run.invoke(command, ["rules", "import", str(rules_folder)])
    assert imported.exit_code == 0, imported.output
    assert "regels/stuk.yml:" in imported.stdout
    assert "5 van 5 regelbestanden" in imported.stderr

    good = run.invoke(command, ["ingest", str(logs), "--organisation", "vr17", "--batch", "2"])
    assert good.exit_code == 0, good.output
    assert "6 gebeurtenissen, 2 sloegen aan" in good.stdout
    assert "1 van 1 bestanden, 6 gebeurtenissen" in good.stderr

    (logs / "stuk.evtx").write_bytes(b"niets")
    bad = run.invoke(command, ["ingest", str(logs), "--organisation", "VR17"])
    assert bad.exit_code == 2
    assert "stuk.evtx: onleesbaar." in bad.stdout
    assert "a.jsonl: al eerder gelezen." in bad.stdout

    stranger = run.invoke(command, ["ingest", str(logs), "--organisation", "VR99"])
    assert "VR99 is niet bekend" in stranger.stderr
