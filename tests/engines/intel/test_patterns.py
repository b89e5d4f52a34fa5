"""STIX patterns: the verdicts of the package, and what can be watched live."""

from __future__ import annotations

from pathlib import Path

import pytest
import stix2patterns
from hypothesis import given, settings
from hypothesis import strategies as st
from stix2patterns.test.v21 import test_validator as theirs

from brandwacht.engines.intel import Indicator, InvalidPattern, Kind, parse_pattern

EXAMPLES = (Path(stix2patterns.__file__).parent / "test" / "v21" / "spec_examples.txt").read_text().split("\n")
RIGHT = [*filter(None, map(str.strip, EXAMPLES)), *theirs.PASS_CASES, *theirs.TIMESTAMP_PASS_CASES]
WRONG = [case[0] for case in (*theirs.FAIL_CASES, *theirs.TIMESTAMP_FAIL_CASES)]
MD5, SHA1, SHA256 = "cd" * 16, "ef" * 20, "ab" * 32


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_package_accepts_is_accepted(text: str) -> None:
    pattern = parse_pattern(text)
    assert pattern.watchable or pattern.reason.endswith(".")


@pytest.mark.parametrize("text", WRONG)
def test_what_the_package_refuses_is_refused_in_dutch(text: str) -> None:
    with pytest.raises(InvalidPattern, match=r"^Dit is geen geldig STIX-patroon\. .*\.$"):
        parse_pattern(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[domain-name:value='Kwaad.Example']", [(Kind.DOMAIN, "kwaad.example")]),
        ("  [ ipv4-addr:value == '198.51.100.7' ]  ", [(Kind.IPV4, "198.51.100.7")]),
        ("([ipv4-addr:value = '198.51.100.7'])", [(Kind.IPV4, "198.51.100.7")]),
        ("[ipv4-addr:value = '198.51.100.0/24']", [(Kind.IPV4, "198.51.100.0/24")]),
        ("[ipv4-addr:value = '198.51.100.7/32']", [(Kind.IPV4, "198.51.100.7")]),
        ("[network-traffic:dst_ref.value ISSUBSET '2001:db8::/48']", [(Kind.IPV6, "2001:db8::/48")]),
        ("[ipv6-addr:value = '::ffff:198.51.100.7']", [(Kind.IPV4, "198.51.100.7")]),
        (
            "[ipv4-addr:value IN ('198.51.100.7','198.51.100.8') OR url:value = 'https://kwaad.example/it\\'s']",
            [(Kind.IPV4, "198.51.100.7"), (Kind.IPV4, "198.51.100.8"), (Kind.URL, "https://kwaad.example/it's")],
        ),
        (
            "[email-addr:value = 'x@kwaad.example'] OR ([domain-name:value = 'erg.example'])",
            [(Kind.EMAIL, "x@kwaad.example"), (Kind.DOMAIN, "erg.example")],
        ),
        (
            f"[file:hashes.MD5 = '{MD5}' AND file:hashes.'SHA-256' = '{SHA256}' AND file:size = 12]",
            [(Kind.SHA256, SHA256)],
        ),
        (f"[(file:hashes.'SHA-1' = '{SHA1}')]", [(Kind.SHA1, SHA1)]),
    ],
)
def test_values_that_can_be_watched(text: str, values: list[tuple[Kind, str]]) -> None:
    pattern = parse_pattern(text)
    assert pattern.values == tuple(Indicator(*value) for value in values)
    assert (pattern.left_out, pattern.reason) == ((), "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'kwaad.example']", "meer dan één eigenschap"),
        (f"[file:hashes.MD5 = '{MD5}' AND file:name = 'x.exe']", "meer dan één eigenschap"),
        ("[domain-name:value = 'a.example'] FOLLOWEDBY [url:value = 'https://a.example']", "volgorde"),
        ("[domain-name:value = 'a.example'] AND [url:value = 'https://a.example']", "waarnemingen samen"),
        ("[domain-name:value = 'a.example'] REPEATS 5 TIMES", "hoe vaak"),
        ("[domain-name:value = 'a.example'] WITHIN 5 SECONDS", "tijd waarbinnen"),
        ("[domain-name:value = 'a.example'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'", "tussen twee"),
        ("[domain-name:value != 'a.example']", "niet is"),
        ("[NOT domain-name:value = 'a.example']", "geen geldig"),
        ("[domain-name:value NOT = 'a.example']", "niet is"),
        ("[domain-name:value LIKE '%.example']", "een deel of een vorm"),
        ("[process:name = 'x.exe']", "Op process:name"),
        ("[ipv4-addr:value = '10.0.0.1']", "intern of bijzonder"),
        ("[ipv4-addr:value = '0.0.0.0/0']", "te ruim"),
        ("[ipv4-addr:value = '192.0.0.0/8']", "interne of bijzondere"),
        ("[ipv4-addr:value = 'kwaad.example']", "geen IPv4-adres"),
    ],
)
def test_what_can_not_be_watched_says_why(text: str, reason: str) -> None:
    try:
        pattern = parse_pattern(text)
    except InvalidPattern as error:
        assert reason in str(error)
        return
    assert not pattern.watchable
    assert reason in pattern.reason


def test_of_a_choice_the_watchable_part_is_watched_and_the_rest_named() -> None:
    pattern = parse_pattern("[domain-name:value = 'a.example'] OR [process:name = 'x.exe'] OR [url:value = 'onzin']")
    assert pattern.values == (Indicator(Kind.DOMAIN, "a.example"),)
    assert len(pattern.left_out) == 2
    assert "process:name" in pattern.reason


@pytest.mark.parametrize(
    "text", ["", " ", "[", "(" * 5000 + "[a:b = 1]", "[" + "(" * 250 + "a:b = 1", "[a:b = 1]" * 3000, "[x:y = '\x00"]
)
def test_no_pattern_is_too_odd_to_refuse(text: str) -> None:
    with pytest.raises(InvalidPattern):
        parse_pattern(text)


def test_an_own_pattern_says_its_own_value() -> None:
    for value in (Indicator(Kind.IPV4, "198.51.100.0/24"), Indicator(Kind.URL, "https://a.example/it's?x=\\")):
        assert parse_pattern(value.pattern).values == (Indicator(value.kind, value.value.replace("\\", "%5C")),)


pieces = st.sampled_from(
    ["[", "]", "(", ")", "'", "\\", " OR ", " AND ", " FOLLOWEDBY ", "ipv4-addr:value", "file:hashes.'SHA-256'", "=",
     "'198.51.100.7'", " IN ", ",", "t'2026-01-01T00:00:00Z'", " WITHIN 5 SECONDS", "é", "1", "[url:value = 'x']"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(pieces, max_size=14).map("".join) | st.text(max_size=30))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    try:
        pattern = parse_pattern(text)
    except InvalidPattern as error:
        assert str(error).endswith(".")
    else:
        assert stix2patterns.validator.validate(text, stix_version="2.1")
        assert pattern.watchable or pattern.left_out
