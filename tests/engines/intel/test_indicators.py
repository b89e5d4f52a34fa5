"""Indicators as people paste them."""

import ipaddress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stix2patterns.validator import validate

from brandwacht.engines.intel import Indicator, InvalidIndicator, Kind, Refusal, parse_indicator, parse_indicators

SHA256 = "0a" * 32


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("185.220.101[.]4", Kind.IPV4, "185.220.101.4"),
        ("185(.)220{.}101[dot]4", Kind.IPV4, "185.220.101.4"),
        ("198.51.100.7", Kind.IPV4, "198.51.100.7"),  # documentation addresses are allowed: drills use them
        ("2001:DB8::1", Kind.IPV6, "2001:db8::1"),
        ("2001[:]db8[:][:]1", Kind.IPV6, "2001:db8::1"),
        ("[2001:db8::1]", Kind.IPV6, "2001:db8::1"),
        ("::ffff:198.51.100.7", Kind.IPV4, "198.51.100.7"),
        ("Kwaad.Example.", Kind.DOMAIN, "kwaad.example"),
        ("kwaad[.]example", Kind.DOMAIN, "kwaad.example"),
        ("kwaad\\.example", Kind.DOMAIN, "kwaad.example"),
        ("kwaad[[\\.]]example", Kind.DOMAIN, "kwaad.example"),
        ("münchen.example", Kind.DOMAIN, "xn--mnchen-3ya.example"),
        ("пример.рф", Kind.DOMAIN, "xn--e1afmkfd.xn--p1ai"),
        ("_dmarc.kwaad.example", Kind.DOMAIN, "_dmarc.kwaad.example"),
        ("hxxps://kwaad[.]example/a?b=c", Kind.URL, "https://kwaad.example/a?b=c"),
        ("hXXp[://]KWAAD.example:8080/Pad", Kind.URL, "http://kwaad.example:8080/Pad"),
        ("h**p://kwaad.example", Kind.URL, "http://kwaad.example"),
        ("fxp://198.51.100[.]7/x", Kind.URL, "ftp://198.51.100.7/x"),
        ("https://[2001:db8::1]:443/", Kind.URL, "https://[2001:db8::1]:443/"),
        ("https://münchen.example/é", Kind.URL, "https://xn--mnchen-3ya.example/%C3%A9"),
        ("https://kwaad.example/(at)", Kind.URL, "https://kwaad.example/(at)"),
        ("Jan.P+x(at)kwaad[dot]example", Kind.EMAIL, "Jan.P+x@kwaad.example"),
        ("jan[@]münchen.example", Kind.EMAIL, "jan@xn--mnchen-3ya.example"),
        (SHA256.upper(), Kind.SHA256, SHA256),
        ("ab" * 20, Kind.SHA1, "ab" * 20),
        ("ab" * 16, Kind.MD5, "ab" * 16),
    ],
)
def test_one_value(text: str, kind: Kind, value: str) -> None:
    assert parse_indicator(text) == Indicator(kind, value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("los", "herken ik niet"),
        ("", "herken ik niet"),
        ("kwaad.example/pad", "herken ik niet"),
        ("ab" * 15, "is 30 tekens lang"),
        ("d41d8cd98f00b204e9800998ecf8427e", "leeg bestand"),
        ("198.51.100.0/24", "reeks adressen"),
        ("198.51.100.7:443", "bevat een poort"),
        ("198.51.100.256", "geen geldig IP-adres"),
        ("1.2.3", "geen geldig IP-adres"),
        ("10.0.0.1", "intern of bijzonder"),
        ("127.0.0.1", "intern of bijzonder"),
        ("::ffff:10.0.0.1", "intern of bijzonder"),
        ("fe80::1%eth0", "zone"),
        ("fe80::1", "intern of bijzonder"),
        ("*.kwaad.example", "sterretje"),
        ("factuur.exe", "bestandsnaam"),
        ("-kwaad.example", "geen geldige domeinnaam"),
        ("kwaad..example", "geen geldige domeinnaam"),
        ("kwaad.123x", "geen geldige domeinnaam"),
        ("a" * 64 + ".example", "geen geldige domeinnaam"),
        ("\u200b.example", "geen geldige domeinnaam"),
        ("jan@", "herken ik niet"),
        ("@kwaad.example", "geen geldig e-mailadres"),
        ("ja'n..x@kwaad.example", "geen geldig e-mailadres"),
        ("javascript://kwaad.example", "begint niet met http"),
        ("http://", "geen geldige URL"),
        ("http://kwaad.example:99999/", "geen geldige URL"),
        ("http://[kapot/", "geen geldige URL"),
        ("http://192.168.1.1/", "intern of bijzonder"),
        ("http://kwaad.example/" + "a" * 2100, "te lang"),
        ("[" * 100_000, "te lang"),
    ],
)
def test_what_is_refused_says_why(text: str, reason: str) -> None:
    with pytest.raises(InvalidIndicator, match=reason):
        parse_indicator(text)


def test_a_pasted_list() -> None:
    found, refused = parse_indicators(
        "# lijst van het NCSC\n"
        "- 198.51.100[.]7, 198.51.100[.]8;kwaad[.]example\r\n"
        "\n"
        "* <hxxps://kwaad[.]example/a,b>  # gezien op 3 maart\n"
        f"198.51.100.7 '{SHA256}'.\n"
        "zie bijlage"
    )
    assert [each.value for each in found] == [
        "198.51.100.7",
        "198.51.100.8",
        "kwaad.example",
        "https://kwaad.example/a,b",
        SHA256,
    ]
    assert [refusal.line for refusal in refused] == [6, 6]
    assert isinstance(refused[0], Refusal)
    assert refused[0].reason.startswith("‘zie’ herken ik niet")


def test_a_stored_word_is_a_kind() -> None:
    assert Indicator("ipv4", "198.51.100.7").kind is Kind.IPV4  # type: ignore[arg-type]


def test_every_kind_has_a_dutch_name() -> None:
    assert len({kind.dutch for kind in Kind}) == len(Kind)


def test_messages_show_no_control_characters() -> None:
    with pytest.raises(InvalidIndicator) as caught:
        parse_indicator("\x1b[31mrood\u202e")
    assert str(caught.value).isprintable()


LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(lambda s: not s.startswith("xn--"))
DOMAINS = st.builds(lambda labels: ".".join([*labels, "example"]), st.lists(LABELS, min_size=1, max_size=4))
PATHS = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), max_size=20)
VALUES = st.one_of(
    DOMAINS,
    st.builds("https://{}/{}".format, DOMAINS, PATHS),
    st.builds("{}@{}".format, st.from_regex(r"[a-z'+=]{1,20}", fullmatch=True), DOMAINS),
    st.ip_addresses().map(str),
    st.sampled_from([16, 20, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)).map(bytes.hex),
)


@given(VALUES)
def test_what_is_read_is_stable_and_gives_a_valid_pattern(text: str) -> None:
    try:
        indicator = parse_indicator(text)
    except InvalidIndicator:
        assume(condition=False)
    assert parse_indicator(indicator.value) == indicator
    assert parse_indicator(indicator.defanged) == indicator
    assert validate(indicator.pattern, stix_version="2.1")
    assert indicator.value.isascii()
    assert indicator.value.isprintable()


@given(DOMAINS)
def test_a_defanged_value_is_not_clickable(domain: str) -> None:
    shown = parse_indicator(f"http://{domain}/").defanged
    assert shown.startswith("hxxp://")
    assert "." not in shown.replace("[.]", "")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    found, refused = parse_indicators(text)
    assert len(set(found)) == len(found)
    lines = len(text.splitlines())
    assert all(1 <= refusal.line <= lines and refusal.reason.endswith((".", ")")) for refusal in refused)
    for indicator in found:
        assert validate(indicator.pattern, stix_version="2.1")


@given(st.text("abc.:/@[]()hxtp%'\\*#,0123456789", max_size=60))
def test_near_misses_too(text: str) -> None:
    found, _ = parse_indicators(text)
    for indicator in found:
        assert parse_indicator(indicator.value) == indicator
        if indicator.kind in (Kind.IPV4, Kind.IPV6):
            ipaddress.ip_address(indicator.value)


@given(
    st.sampled_from([Kind.DOMAIN, Kind.URL, Kind.EMAIL]),
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), min_size=1),
)
def test_any_value_is_escaped_in_its_pattern(kind: Kind, value: str) -> None:
    assert validate(Indicator(kind, value).pattern, stix_version="2.1")
