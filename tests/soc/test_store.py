"""The store: what was written comes back, once, in order, whatever happens in between."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Event, event_from_record, parse_payload
from brandwacht.soc.store import append, layout, merging, scan, writing
from brandwacht.soc.store.columns import SCHEMA
from brandwacht.soc.store.rows import address_key, network_range, table_of
from tests.soc.stored import event, keep
from tests.world import NOW

LONG_AGO, LATER = NOW - timedelta(days=400), NOW + timedelta(days=400)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def read(*owners: str, since: datetime = LONG_AGO, until: datetime = LATER, **narrow: Any) -> list[Event]:
    return [found for _row, found in scan(owners or ("VR17",), since, until, **narrow)]


def parts(events: Iterable[Event]) -> list[tuple[Any, ...]]:
    """All that an event is; two readings of one event are not one object."""
    return [
        (e.number, e.record_id, e.time, e.host, e.channel, e.provider, e.event_id, e.kind, e.fields, e.raw)
        for e in events
    ]


def files(owner: str = "VR17") -> list[Path]:
    return [path for p in layout.partitions(owner) for path in layout.live_files(p.folder)]


def test_what_is_written_comes_back_as_it_was() -> None:
    events = [event(n, f"p{n}.exe", at=NOW - timedelta(hours=n), User=f"VRR\\u{n}") for n in range(1, 30)]
    assert keep("VR17", *events) == 29
    assert parts(read()) == parts(sorted(events, key=lambda e: e.time or NOW))
    row, _event = next(scan(["VR17"], LONG_AGO, LATER))
    assert (row.owner_code, row.source_key, row.batch, row.received_at) == ("VR17", "dc-log", "een", NOW)
    assert {p.day for p in layout.partitions("VR17")} == {date(2026, 11, 21), date(2026, 11, 22)}


def test_events_of_other_readers_keep_their_fields_and_kind() -> None:
    """A syslog line is not made again from its original: its payload is kept beside it."""
    made = Event(
        7, None, NOW, "fw01", "", "", None, {"src_ip": "10.1.2.3", "lijst": [1, "a"]}, {"regel": "<34>x"}, "cef"
    )
    keep("VR17", made)
    assert parts(read()) == parts([made])
    assert parts(read(kinds=["cef"])) == parts([made])
    assert not read(kinds=["zeek.dns"])


def test_the_same_batch_again_changes_nothing() -> None:
    events = [event(1), event(2, at=NOW - timedelta(days=1))]
    for _again in range(3):
        keep("VR17", *events)
    assert len(read()) == 2
    assert len(files()) == 2


def test_period_kind_and_source_narrow() -> None:
    keep("VR17", event(1, at=NOW - timedelta(hours=2)), source="a", batch="a")
    keep("VR17", event(2, at=NOW), source="b", batch="b")
    keep("VR18", event(3, at=NOW), source="a", batch="c")
    assert [e.number for e in read(since=NOW - timedelta(hours=2), until=NOW)] == [1]
    assert [e.number for e in read(source_keys=["b"])] == [2]
    assert {e.number for e in read("VR17", "VR18", source_keys=["a"])} == {1, 3}
    assert {e.number for e in read(kinds=["Microsoft-Windows-Sysmon/Operational"])} == {1, 2}
    assert not read("VR01")


@pytest.mark.parametrize("at", [None, datetime(1601, 1, 1, tzinfo=UTC), NOW + timedelta(days=30)])
def test_an_event_without_a_credible_time_is_filed_under_its_receipt(at: datetime | None) -> None:
    made = Event(1, None, at, "h", "", "", None, {"a": 1}, {"a": 1}, "json")
    keep("VR17", made)
    (row, found), *_none = scan(["VR17"], LONG_AGO, LATER)
    assert row.time == NOW
    assert [p.day for p in layout.partitions("VR17")] == [NOW.date()]
    assert found.fields == {"a": 1}


@pytest.mark.parametrize("code", ["", "../VR18", "VR17/..", "VR 17", ".", "a" * 30])
def test_an_owner_code_is_never_a_path(code: str) -> None:
    with pytest.raises(ValueError, match="organisation"):
        keep(code, event())


@pytest.mark.parametrize("source", ["../../x", "/etc", "", ".", "..", "Ω", "a" * 200, "CAPS", "a\x00b", "\ud800"])
def test_a_source_key_never_leaves_the_folder(source: str, data: Path) -> None:
    keep("VR17", event(), source=source)
    inside = data / "events" / "VR17" / "2026-11-22"
    (folder,) = inside.iterdir()
    assert folder.parent == inside
    assert len(read(source_keys=[source])) == 1


def test_a_failing_disk_leaves_nothing_half_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any, **_options: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(writing.pq, "write_table", full)
        with pytest.raises(OSError, match="space"):
            keep("VR17", event())
    assert not read()
    assert not [p for p in layout.partitions("VR17")[0].folder.iterdir() if p.name.startswith(".tmp")]
    keep("VR17", event())
    assert len(read()) == 1


def test_merging_loses_and_doubles_nothing() -> None:
    for n in range(12):
        keep("VR17", event(n, at=NOW - timedelta(minutes=n)), batch=f"b{n}")
    before = parts(read())
    (partition,) = layout.partitions("VR17")
    later = NOW + timedelta(days=3)
    assert merging.merge(partition, later) == 12
    assert parts(read()) == before
    assert len(files()) == 1
    keep("VR17", event(3, at=NOW - timedelta(minutes=3)), batch="b3")  # a batch that comes again after the merge
    keep("VR17", event(99), batch="nieuw")
    assert len(read()) == 13
    assert merging.merge(partition, later + timedelta(days=1)) == 2  # and the replaced files are cleared away
    assert len(read()) == 13
    assert len(list(partition.folder.glob("*.parquet"))) < 5


def test_a_reader_that_began_before_the_merge_can_go_on() -> None:
    for n in range(4):
        keep("VR17", event(n), batch=f"b{n}")
    (partition,) = layout.partitions("VR17")
    seen = layout.live_files(partition.folder)
    merging.merge(partition, NOW + timedelta(days=3))
    assert all(path.exists() for path in seen)
    assert set(seen) == set(layout.replaced_files(partition.folder))


def test_merging_that_is_killed_before_the_manifest_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        keep("VR17", event(n), batch=f"b{n}")
    (partition,) = layout.partitions("VR17")

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(layout, "write_manifest", killed)
        with pytest.raises(KeyboardInterrupt):
            merging.merge(partition, NOW + timedelta(days=3))
    assert len(read()) == 4
    merging.merge(partition, NOW + timedelta(days=3))
    assert len(read()) == 4


def test_today_is_left_alone_until_there_are_many_files() -> None:
    for n in range(5):
        keep("VR17", event(n), batch=f"b{n}")
    (partition,) = layout.partitions("VR17")
    assert merging.merge(partition, NOW) == 0


def test_two_do_not_merge_at_once() -> None:
    for n in range(3):
        keep("VR17", event(n), batch=f"b{n}")
    (partition,) = layout.partitions("VR17")
    with layout.alone(partition.folder) as ours:
        assert ours
        assert merging.merge(partition, NOW + timedelta(days=3)) == 0


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"PAR1" + b"\0" * 500 + b"PAR1", b"geen parquet"])
def test_a_damaged_file_is_set_aside_and_the_rest_goes_on(damage: bytes) -> None:
    keep("VR17", event(1), batch="goed")
    keep("VR17", event(2), batch="stuk")
    broken = next(p for p in files() if p.stem == layout.batch_key("stuk"))
    broken.write_bytes(damage)
    assert [e.number for e in read()] == [1]
    assert not broken.exists()
    kept = merging.kept("VR17")
    assert [Path(name).name for name in kept.damaged] == [broken.name + ".damaged"]
    assert (kept.events, kept.files, kept.days) == (1, 1, 1)


def test_a_file_damaged_in_the_middle_is_found_by_merging() -> None:
    for n in range(3):
        keep("VR17", *(event(i, f"{os.urandom(40).hex()}.exe") for i in range(50)), batch=f"b{n}")
    broken = files()[0]
    content = bytearray(broken.read_bytes())
    content[200:2600] = bytes(2400)
    broken.write_bytes(content)
    (partition,) = layout.partitions("VR17")
    merging.merge(partition, NOW + timedelta(days=3))
    merging.merge(partition, NOW + timedelta(days=3))
    assert len(read()) == 100


def test_past_term_looks_at_receipt_as_well() -> None:
    """An old log that came in yesterday for an investigation is not removed because its events are old."""
    keep("VR17", event(1, at=NOW - timedelta(days=90)), batch="oud", received=NOW - timedelta(days=90))
    keep("VR17", event(2, at=NOW - timedelta(days=80)), batch="laat", received=NOW)
    gone = merging.past_term("VR17", (NOW - timedelta(days=30)).date())
    assert [p.day for p in gone] == [(NOW - timedelta(days=90)).date()]
    assert merging.remove(gone[0]) > 0
    assert [e.number for e in read()] == [2]


def test_an_address_has_a_number_and_a_network_is_a_range() -> None:
    first, last = network_range("10.0.0.0/8")
    for text, inside in (("10.255.1.2", True), ("11.0.0.1", False), ("::ffff:10.1.1.1", True), ("2001:db8::1", False)):
        key = address_key(text)
        assert key is not None
        assert (first <= key <= last) is inside
    assert address_key("geen adres") is None
    assert network_range("2001:db8::/32")[0] == "20010db8" + "0" * 24


_odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
_names = st.sampled_from(
    ["EventID", "Channel", "Image", "CommandLine", "User", "SourceIp", "DestinationPort", "Hashes", "QueryName", "time"]
)


@given(st.lists(st.dictionaries(_names | st.text(max_size=6), _odd, max_size=6), max_size=4))
def test_no_event_is_too_odd_to_keep(records: list[dict[str, Any]]) -> None:
    events = [event_from_record(n, record) for n, record in enumerate(records)]
    table = table_of("VR17", "bron", "b", [(NOW, e) for e in events], NOW)
    assert table.num_rows == len(records)
    assert table.schema == SCHEMA


def test_what_json_cannot_hold_is_kept_as_well() -> None:
    deep: dict[str, Any] = {}
    for _level in range(3000):
        deep = {"d": deep}
    odd = [{"n": 2**70}, {"Image": "a\ud800b"}, {"CommandLine": "x\x00y"}, deep]
    append("VR17", "bron", "b", [event_from_record(n, raw) for n, raw in enumerate(odd)], NOW)
    found = read()
    assert len(found) == 4
    assert found[0].raw == {"n": 2**70}
    assert found[1].raw == {"Image": "a\ud800b"}


@pytest.mark.parametrize(
    ("fields", "rest"),
    [
        (r'"Image":"C:\\x.exe"', ""),
        ('"Image": "é"', ""),
        (r'"Image":"\u00e9\/"', ""),
        ('"N":18446744073709551615', ""),
        ('"Image":"x"', ',"n":[1e999]'),
    ],
)
def test_a_line_of_winlogbeat_comes_back_as_it_was(fields: str, rest: str) -> None:
    winlog = '"channel":"Security","event_id":"4688","computer_name":"DC01","provider_name":"P"'
    text = f'{{"@timestamp":"2026-11-22T13:05:00Z","winlog":{{{winlog},"event_data":{{{fields}}}}}{rest}}}'
    (event,) = parse_payload(text.encode(), form="json")
    assert isinstance(event, Event)
    assert event.host == "DC01"
    append("VR17", "bron", "b", [event], NOW)
    assert parts(read()) == parts([event])


def test_the_batches_of_a_manifest_are_read_anew_when_it_changes(data: Path) -> None:
    for number in range(3):
        keep("VR17", event(number), batch=str(number))
    (partition,) = layout.partitions("VR17")
    assert layout.known_batches(partition.folder) == frozenset()
    assert merging.merge(partition, NOW + timedelta(days=3)) == 3
    assert layout.known_batches(partition.folder) == {layout.batch_key(str(n)) for n in range(3)}
    keep("VR17", event(1), batch="1")  # it comes again: it is in the merged file
    assert len(read()) == 3
