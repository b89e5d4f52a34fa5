"""The spool: what was acknowledged is there, whatever breaks; what was not, is not."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.soc.spool import Frame, Payload, Segment, SpoolFailed, Writer, identity, segments, size_of
from tests.conftest import ALL_LEGS, absent

PAYLOADS = st.lists(
    st.builds(Payload, st.binary(max_size=60), st.integers(0, 2**64 - 1), st.booleans()), max_size=5
)  # fmt: skip


def frame(*texts: str) -> Frame:
    return Frame(1_000_000, [Payload(text.encode()) for text in texts])


def texts(folder: Path) -> list[str]:
    """Everything in a spool, read anew."""
    found = []
    for path in segments(folder):
        segment = Segment(path)
        found += [payload.data.decode() for each, _first in segment.frames() for payload in each.payloads]
        segment.close()
    return found


@given(st.lists(PAYLOADS, max_size=4))
def test_what_goes_in_comes_out(tmp_path_factory: Any, batches: list[list[Payload]]) -> None:
    folder = tmp_path_factory.mktemp("spool")
    writer = Writer(folder)
    for number, payloads in enumerate(batches):
        writer.append(Frame(number, payloads))
    writer.close()
    read = [each for path in segments(folder) for each, _first in Segment(path).frames()]
    assert [(each.moment, list(each.payloads)) for each in read] == list(enumerate(batches))


@given(st.binary(max_size=300), st.integers(0, 250), st.integers(0, 255))
def test_any_damage_is_survived_and_whole_frames_after_it_are_found(
    tmp_path_factory: Any, junk: bytes, at: int, value: int
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    writer = Writer(folder)
    for text in ("een", "twee", "drie"):
        writer.append(frame(text * 9))
    writer.close()
    (path,) = segments(folder)
    data = bytearray(path.read_bytes() + junk)
    data[at % len(data)] = value
    path.write_bytes(data)
    segment = Segment(path)
    read = [p.data.decode() for each, _first in segment.frames() for p in each.payloads]
    assert segment.finished
    whole = [text * 9 for text in ("een", "twee", "drie")]
    assert len([text for text in read if text in whole]) >= 2


def test_frames_are_there_as_soon_as_they_are_whole_and_numbered_through(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.append(frame("a", "b"))
    (path,) = segments(tmp_path)
    segment = Segment(path)
    assert [first for _frame, first in segment.frames()] == [1]
    assert list(segment.frames()) == []
    assert not segment.finished
    writer.append(frame("c"))
    assert [first for _frame, first in segment.frames()] == [3]
    writer.close()
    assert list(segment.frames()) == []
    assert segment.finished


def test_segments_are_turned_by_size_and_by_age(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "size", max_size=100)
    for number in range(9):
        writer.append(frame(f"{number}" * 30))
    writer.close()
    assert 3 <= len(segments(tmp_path / "size")) <= 5
    assert texts(tmp_path / "size") == [f"{number}" * 30 for number in range(9)]
    assert size_of(tmp_path / "size") > 9 * 30
    old = Writer(tmp_path / "age", max_age=0.0)
    old.append(frame("a"))
    old.append(frame("b"))
    old.close()
    assert len(segments(tmp_path / "age")) == 2


def test_threads_share_their_syncs_and_each_hears_of_its_own(tmp_path: Path) -> None:
    syncs: list[int] = []
    gate = threading.Event()

    def slow(file: int) -> None:
        syncs.append(file)
        gate.wait(120)
        os.fdatasync(file)

    writer = Writer(tmp_path, sync=slow)
    threads = [threading.Thread(target=writer.append, args=(frame(f"n{n}"),)) for n in range(20)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(120)
    writer.close()
    assert sorted(texts(tmp_path)) == sorted(f"n{n}" for n in range(20))
    assert len(syncs) < 20


@pytest.mark.parametrize("part", ["write", "half", "sync"])
def test_a_full_disk_is_told_and_nothing_of_the_batch_stays(tmp_path: Path, part: str) -> None:
    full = [False]

    def write(file: int, data: memoryview) -> int:
        if full[0] and part == "write":
            raise OSError(errno.ENOSPC, "full")
        if full[0] and part == "half":
            os.write(file, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "full")
        return os.write(file, data)

    def sync(_file: int) -> None:
        if full[0] and part == "sync":
            raise OSError(errno.EIO, "broken")

    writer = Writer(tmp_path, write=write, sync=sync)
    writer.append(frame("voor"))
    full[0] = True
    with pytest.raises(SpoolFailed) as failed:
        writer.append(frame("tijdens"))
    assert failed.value.full is (part != "sync")
    full[0] = False
    writer.append(frame("na"))
    writer.close()
    assert texts(tmp_path) == ["voor", "na"]


SMALL = 64 * 1024


def _until_full(folder: Path, **faults: Any) -> list[str]:
    """Append until the disk is full; returns what was acknowledged."""
    writer, kept = Writer(folder, **faults), []
    for number in range(100):
        text = f"{number}-" + "x" * 3000
        try:
            writer.append(frame(text))
        except SpoolFailed as error:
            assert error.full
            break
        kept.append(text)
    writer.close()
    return kept


def test_a_disk_that_fills_in_the_middle_of_a_frame(tmp_path: Path) -> None:
    """As a disk of 64 kB does it: what fits of a write is written, and the next one fails."""
    room = [SMALL]

    def write(file: int, data: memoryview) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = os.write(file, data[: room[0]])
        room[0] -= written
        return written

    kept = _until_full(tmp_path, write=write)
    assert 5 < len(kept) < 30
    assert texts(tmp_path) == kept


def test_a_disk_that_the_system_says_is_full(tmp_path: Path) -> None:
    """The device that is always full tells it as the system does."""
    if not os.access("/dev/full", os.W_OK):
        absent("this machine has no /dev/full", required=ALL_LEGS)
    device = os.open("/dev/full", os.O_WRONLY)
    try:
        assert _until_full(tmp_path, write=lambda _file, data: os.write(device, data)) == []
    finally:
        os.close(device)
    assert texts(tmp_path) == []


WRITE = """
import sys
from pathlib import Path
from brandwacht.soc.spool import Frame, Payload, Writer
writer = Writer(Path(sys.argv[1]), max_size=20_000)
for number in range(10**6):
    writer.append(Frame(number, [Payload(b"%d" % number)]))
    print(number, flush=True)
"""


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    for kill in range(3):
        folder = tmp_path / str(kill)
        process = subprocess.Popen([sys.executable, "-c", WRITE, str(folder)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _line in range(50 + 300 * kill):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest, _none = process.communicate()
        acknowledged = 50 + 300 * kill + rest.count("\n")
        kept = [int(text) for text in texts(folder)]
        assert kept == list(range(len(kept)))
        assert acknowledged <= len(kept) <= acknowledged + 1


def test_identities() -> None:
    assert identity(b"a", b"bc") != identity(b"ab", b"c")
    assert identity(b"a") == identity(b"a") != 0
