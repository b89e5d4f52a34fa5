"""Indicators out of other people's bundles: single values only, whatever they wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.intel import TLP, Kind, read_bundle

HASH = "ab" * 32


def bundle(pattern: str, **facts: Any) -> dict[str, object]:
    return {"type": "bundle", "objects": [{"type": "indicator", "pattern": pattern, "pattern_type": "stix"} | facts]}


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("[ipv4-addr:value = '198.51.100.7']", ["198.51.100.7"]),
        ("[domain-name:value='Kwaad.Example']", ["kwaad.example"]),
        (
            "[url:value = 'http://kwaad.example/a?b=[1]'] OR [email-addr:value = 'x@kwaad.example']",
            ["http://kwaad.example/a?b=[1]", "x@kwaad.example"],
        ),
        (
            "[ipv4-addr:value = '198.51.100.7' OR ipv4-addr:value IN ('198.51.100.8', '198.51.100.9')]",
            ["198.51.100.7", "198.51.100.8", "198.51.100.9"],
        ),
        (f"[file:hashes.'SHA-256' = '{HASH}']", [HASH]),
    ],
)
def test_single_values_and_choices(pattern: str, values: list[str]) -> None:
    found, refused = read_bundle(bundle(pattern))
    assert [received.indicator.value for received in found] == values
    assert refused == []


@pytest.mark.parametrize(
    "pattern",
    [
        "[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'kwaad.example']",
        "[ipv4-addr:value = '198.51.100.7'] FOLLOWEDBY [domain-name:value = 'kwaad.example']",
        "[ipv4-addr:value = '198.51.100.7'] REPEATS 5 TIMES",
        "[ipv4-addr:value != '198.51.100.7']",
        "[NOT ipv4-addr:value = '198.51.100.7']",
        "[process:name = 'x.exe']",
        "[ipv4-addr:value = '10.0.0.1']",
        "[ipv4-addr:value = '198.51.100.7",
        "geen patroon",
        "",
    ],
)  # fmt: skip
def test_what_asks_for_more_is_named_and_left_out(pattern: str) -> None:
    found, refused = read_bundle(bundle(pattern))
    assert found == []
    assert [refusal.line for refusal in refused] == [1]
    assert refused[0].reason.endswith(".")


def test_what_the_bundle_says_of_a_value() -> None:
    facts = {
        "id": "indicator--1",
        "confidence": 80,
        "valid_until": "2027-01-01T00:00:00Z",
        "object_marking_refs": [TLP.AMBER.marking_id],
    }
    (received,), _refused = read_bundle(bundle("[domain-name:value = 'kwaad.example']", **facts))
    assert received.indicator.kind is Kind.DOMAIN
    assert (received.confidence, received.tlp, received.id) == (80, TLP.AMBER, "indicator--1")
    assert received.valid_until == datetime(2027, 1, 1, tzinfo=UTC)
    (bare,), _refused = read_bundle(bundle("[domain-name:value = 'kwaad.example']", confidence=True, valid_until="x"))
    assert (bare.confidence, bare.tlp, bare.valid_until) == (None, None, None)


def test_a_value_that_was_taken_back() -> None:
    found, refused = read_bundle(bundle("[domain-name:value = 'kwaad.example']", revoked=True))
    assert (found, len(refused)) == ([], 1)


NAMES = ["type", "objects", "pattern", "confidence", "object_marking_refs", "granular_markings", "valid_until"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_json_gets_an_answer(value: Any) -> None:
    read_bundle({"objects": value})
    read_bundle({"objects": [value, {"type": "indicator", "pattern": value}]})


@given(st.text(alphabet="[]()'\\=ORIN ipv4-addr:value198.51", max_size=80))
def test_any_pattern_gets_an_answer(pattern: str) -> None:
    found, refused = read_bundle(bundle(pattern))
    assert found or refused
