"""A watched folder: files that come, grow, are turned, emptied or packed; every line once."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from brandwacht.cli.watch import watch as command
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, IngestFile, LogSource, MatchedEvent, SourceKind
from brandwacht.soc.services.logsources import SourceDraft, connect
from brandwacht.soc.services.runner import Runner
from tests.soc.conftest import line
from tests.soc.sources import Clocks, connected, drain, fresh, running
from tests.world import acting, actor, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.fixture
def source(region: Organisation, logs: Path) -> LogSource:
    return connected(region, "Map", SourceKind.FOLDER, folder=str(logs))[0]


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def runner(source: LogSource, clocks: Clocks) -> Iterator[Runner]:
    with running(clocks) as made:
        yield made


def write(path: Path, *numbers: int, end: str = "\n") -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(line("lsass.exe", Nummer=n) for n in numbers) + end)


def seen() -> list[int]:
    """The numbers of the lines that matched, as often as they were counted."""
    with every_owner():
        raws = MatchedEvent.objects.order_by("pk").values_list("raw", flat=True)
        return [raw["Event"]["EventData"]["Nummer"] for raw in raws]


def test_a_file_that_grows_is_read_on(runner: Runner, clocks: Clocks, logs: Path, source: LogSource) -> None:
    write(logs / "a.jsonl", 1, 2)
    drain(runner, clocks)
    write(logs / "a.jsonl", 3)
    write(logs / "onder.log", 4)
    drain(runner, clocks)
    assert sorted(seen()) == [1, 2, 3, 4]
    assert fresh(source).events == 4
    with every_owner():
        assert IngestFile.objects.count() == 2


def test_a_line_that_is_not_finished_waits_for_its_end(runner: Runner, clocks: Clocks, logs: Path) -> None:
    write(logs / "a.jsonl", 1)
    whole = line("lsass.exe", Nummer=2)
    with (logs / "a.jsonl").open("a") as file:
        file.write(whole[:50])
    drain(runner, clocks)
    assert seen() == [1]
    with (logs / "a.jsonl").open("a") as file:
        file.write(whole[50:] + "\n")
    drain(runner, clocks)
    assert seen() == [1, 2]


def test_another_process_goes_on_where_the_first_was(source: LogSource, clocks: Clocks, logs: Path) -> None:
    write(logs / "a.jsonl", 1, 2)
    with running(clocks) as one:
        drain(one, clocks)
    write(logs / "a.jsonl", 3)
    with running(clocks) as other:
        drain(other, clocks)
    assert seen() == [1, 2, 3]


@pytest.mark.parametrize("turned", ["a.jsonl.1", "a.jsonl-20261122"])
def test_rotation_by_renaming(source: LogSource, clocks: Clocks, logs: Path, turned: str) -> None:
    write(logs / "a.jsonl", 1)
    with running(clocks) as one:
        drain(one, clocks)
    write(logs / "a.jsonl", 2)  # nobody looks now
    (logs / "a.jsonl").rename(logs / turned)
    write(logs / "a.jsonl", 3)
    with running(clocks) as other:
        drain(other, clocks)
    assert sorted(seen()) == [1, 2, 3]


def test_rotation_by_emptying(runner: Runner, clocks: Clocks, logs: Path) -> None:
    write(logs / "a.jsonl", 1, 2, 3)
    drain(runner, clocks)
    (logs / "a.jsonl").write_text("")
    write(logs / "a.jsonl", 4)
    drain(runner, clocks)
    assert seen() == [1, 2, 3, 4]


def test_a_packed_file_that_was_followed_adds_only_what_was_missed(
    source: LogSource, clocks: Clocks, logs: Path
) -> None:
    write(logs / "a.jsonl", 1, 2)
    with running(clocks) as one:
        drain(one, clocks)
    write(logs / "a.jsonl", 3)
    (logs / "a.jsonl.1.gz").write_bytes(gzip.compress((logs / "a.jsonl").read_bytes()))
    (logs / "a.jsonl").unlink()
    with running(clocks) as other:
        drain(other, clocks)
        clocks.advance(seconds=30)
        drain(other, clocks)
    assert seen() == [1, 2, 3]


def test_a_closed_file_is_read_once_it_rests(runner: Runner, clocks: Clocks, logs: Path, source: LogSource) -> None:
    (logs / "oud.jsonl.gz").write_bytes(gzip.compress((line("lsass.exe", Nummer=9) + "\n").encode()))
    for _turn in range(8):
        clocks.advance(seconds=4)
        runner.turn()
    assert seen() == [9]
    assert fresh(source).events == 1


def test_a_line_of_a_hundred_megabytes_is_passed_over(
    runner: Runner, clocks: Clocks, logs: Path, source: LogSource
) -> None:
    write(logs / "a.jsonl", 1)
    with (logs / "a.jsonl").open("ab") as file:
        for _part in range(100):
            file.write(b"x" * 2**20)
        file.write(b"\n")
    write(logs / "a.jsonl", 2)
    for _turn in range(40):
        clocks.advance(seconds=4)
        runner.turn()
    assert seen() == [1, 2]
    assert fresh(source).errors == 1


def test_links_and_other_files_are_left_alone(runner: Runner, clocks: Clocks, logs: Path, tmp_path: Path) -> None:
    write(tmp_path / "elders.jsonl", 1)
    (logs / "a.jsonl").symlink_to(tmp_path / "elders.jsonl")
    (logs / "b").symlink_to(tmp_path)
    write(logs / "c.txt", 2)
    write(logs / ".d.jsonl", 3)
    drain(runner, clocks)
    assert seen() == []


def test_a_folder_that_is_gone_is_silence_and_no_error(
    runner: Runner, clocks: Clocks, logs: Path, source: LogSource
) -> None:
    logs.rmdir()
    clocks.advance(hours=2)
    drain(runner, clocks)
    with every_owner():
        assert Alert.objects.get().title == "De bron Map stuurt niets meer"


def test_only_the_operator_names_a_folder(region: Organisation, logs: Path) -> None:
    ciso = person(region, Role.CISO)
    draft = SourceDraft("Map", SourceKind.FOLDER, folder=str(logs))
    with acting(actor(ciso, region)) as me, pytest.raises(Refused, match="beheerder van de server"):
        connect(me, region.pk, draft)


def test_the_command(region: Organisation, logs: Path) -> None:
    run = CliRunner()
    first = run.invoke(command, [str(logs), "--organisation", "VR17", "--silent-after", "0"])
    assert first.exit_code == 0, first.output
    assert "aangesloten als bron logs" in first.output
    again = run.invoke(command, [str(logs), "--organisation", "VR17"])
    assert "wordt al gevolgd" in again.output
    with every_owner():
        assert LogSource.objects.get().silent_after == 0
