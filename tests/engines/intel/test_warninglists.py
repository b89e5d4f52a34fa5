"""Warning lists of MISP: every kind of list, against a plain way of asking the same."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any

import pymispwarninglists
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.intel import Indicator, Kind, parse_indicator
from brandwacht.engines.intel.warninglists import InvalidList, WarningLists, read_warning_list

LISTS = Path(pymispwarninglists.__file__).parent / "data" / "misp-warninglists" / "lists"
SMALL = ("automated-malware-analysis", "microsoft-attack-simulator", "common-contact-emails", "phone_numbers",
         "public-dns-v6", "rfc5735", "covid", "empty-hashes")  # fmt: skip


def lists(kind: str, entries: list[str], about: list[str] | None = None, **more: Any) -> WarningLists:
    given_ = {"name": "L", "type": kind, "list": entries, "matching_attributes": about or []}
    return WarningLists([read_warning_list(json.dumps(given_ | more))])


@pytest.mark.parametrize(
    ("kind", "entries", "value", "entry"),
    [
        ("string", ["Goed.example"], "goed.example", "goed.example"),
        ("string", ["goed.example"], "www.goed.example", None),
        ("hostname", [".goed.example"], "www.goed.example", "goed.example"),
        ("hostname", ["goed.example"], "https://www.goed.example/pad?x=1", "goed.example"),
        ("hostname", ["goed.example"], "jan@mail.goed.example", "goed.example"),
        ("hostname", ["goed.example"], "nietgoed.example", None),
        ("substring", ["any.run"], "https://app.any.run/x", "any.run"),
        ("regex", ["/^abuse@/i"], "Abuse@goed.example", "^abuse@"),
        ("regex", ["^x$"], "abuse@goed.example", None),
        ("cidr", ["198.51.100.0/24", "198.51.0.0/16"], "198.51.100.7", "198.51.100.0/24"),
        ("cidr", ["198.51.100.0/24"], "198.51.101.7", None),
        ("cidr", ["198.51.100.7"], "198.51.100.7", "198.51.100.7/32"),
        ("cidr", ["2001:db8::/32"], "2001:db8::1", "2001:db8::/32"),
        ("cidr", ["198.51.100.0/24"], "http://198.51.100.7/x", "198.51.100.0/24"),
    ],
)
def test_every_kind_of_list(kind: str, entries: list[str], value: str, entry: str | None) -> None:
    hits = lists(kind, entries).hits(parse_indicator(value))
    assert [hit.entry for hit in hits] == ([entry] if entry else [])
    assert all(hit.sentence.startswith("Dit staat op de lijst ‘L’") for hit in hits)


def test_a_list_is_asked_only_for_what_it_is_about() -> None:
    mail = parse_indicator("jan@goed.example")
    assert not lists("hostname", ["goed.example"], ["domain"]).hits(mail)
    assert lists("hostname", ["goed.example"], ["email-src"]).hits(mail)
    assert lists("hostname", ["goed.example"], category="known").hits(mail)[0].found.false_positives is False


def test_a_network_is_found_within_a_wider_one() -> None:
    wide = lists("cidr", ["198.51.0.0/16"])
    assert wide.hits(Indicator(Kind.IPV4, "198.51.100.0/24"))
    assert not lists("cidr", ["198.51.100.7/32"]).hits(Indicator(Kind.IPV4, "198.51.100.0/24"))


def test_what_can_not_be_used_is_told() -> None:
    assert "geen bruikbare expressie" in lists("regex", ["("]).unread[0]
    assert "geen reeks" in lists("cidr", ["x"]).unread[0]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"name": "x", "list": [3]}', b'{"name": "x", "list": [], "type": "soort"}']
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidList, match=r"\.$"):
        read_warning_list(data)


def test_the_lists_of_misp_are_read() -> None:
    found = WarningLists(read_warning_list((LISTS / name / "list.json").read_bytes()) for name in SMALL)
    assert found.unread == []
    assert {each.kind for each in found.lists} >= {"substring", "regex", "cidr", "hostname", "string"}
    assert [hit.found.name for hit in found.hits(parse_indicator("https://app.any.run/tasks/1"))]
    assert found.hits(Indicator(Kind.MD5, "d41d8cd98f00b204e9800998ecf8427e"))
    assert found.hits(Indicator(Kind.IPV4, "10.1.2.3"))


def test_packed_lists_answer_the_same() -> None:
    made = WarningLists(read_warning_list((LISTS / name / "list.json").read_bytes()) for name in SMALL)
    data = made.packed()
    again = WarningLists.unpacked(memoryview(data))
    for value in ("https://app.any.run/tasks/1", "abuse@goed.example", "2001:4860:4860::8888", "kwaad.example"):
        assert again.hits(parse_indicator(value)) == made.hits(parse_indicator(value))
    for damaged in (b"", data[:-1], b"BWWARN00" + data[8:], data[:40]):
        with pytest.raises(InvalidList, match=r"\.$"):
            WarningLists.unpacked(memoryview(damaged))


addresses = st.integers(0, 2**32 - 1).map(lambda number: str(ipaddress.IPv4Address(number)))
networks = st.builds(
    lambda address, prefix: str(ipaddress.ip_network(f"{address}/{prefix}", strict=False)),
    addresses,
    st.integers(0, 32),
)


@settings(max_examples=60)
@given(st.lists(networks, max_size=6), addresses)
def test_networks_are_found_as_by_asking_each(entries: list[str], address: str) -> None:
    plain = any(ipaddress.ip_address(address) in ipaddress.ip_network(each) for each in entries)
    assert bool(lists("cidr", entries).hits(Indicator(Kind.IPV4, address))) is plain


@settings(max_examples=40)
@given(st.sampled_from(["string", "hostname", "substring", "cidr"]), st.lists(st.text(max_size=8)), st.text(max_size=8))
def test_any_list_and_any_value(kind: str, entries: list[str], value: str) -> None:
    found = lists(kind, entries)
    for each in Kind:
        found.hits(Indicator(each, value))
