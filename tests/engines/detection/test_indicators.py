"""Indicators: what is found, what is refused, and that the table equals a plain search."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import indicators as module
from brandwacht.engines.detection.indicator_values import KINDS, BadValue, normal
from brandwacht.engines.detection.indicators import (
    Indicator,
    IndicatorSet,
    UnreadableIndicators,
    build,
)

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
MD5 = "0123456789abcdef0123456789ABCDEF"


def indicator(kind, value, **other):
    return Indicator(kind, value, other.pop("id", "x"), other.pop("source", "proef"), **other)


def found(indicators, *observables):
    built = build(indicators)
    assert not built.refused
    return [one.value for kind, value in observables for one in built.found.find(kind, value)]


@pytest.mark.parametrize(
    ("kind", "listed", "observed", "hit"),
    [
        ("ipv4", "10.1.2.3", "10.1.2.3", True),
        ("ipv4", "10.1.2[.]3", "10.1.2.3", True),
        ("ipv4", "10.1.2.3", "10.1.2.4", False),
        ("ipv4", "10.1.2.3/8", "10.255.0.1", True),
        ("ipv4", "10.0.0.0/8", "11.0.0.1", False),
        ("ipv4", "10.0.0.0/8", "veel", False),
        ("ipv6", "2001:DB8::1", "2001:db8:0:0:0:0:0:1", True),
        ("ipv6", "2001:db8::/32", "2001:db8:ffff::1", True),
        ("ipv6", "2001:db8::/32", "2001:db9::1", False),
        ("ipv6", "fe80::1", "fe80::1%eth0", True),
        ("domain", "Evil.example.", "evil.EXAMPLE", True),
        ("domain", "evil[.]example", "www.diep.evil.example", True),
        ("domain", "*.evil.example", "evil.example", True),
        ("domain", "evil.example", "notevil.example", False),
        ("domain", "www.evil.example", "evil.example", False),
        ("domain", "bücher.example", "xn--bcher-kva.example", True),
        ("url", "hxxps://Evil[.]example:443/a/../b?q=%7e", "https://evil.example/b?q=~", True),
        ("url", "http://evil.example", "HTTP://evil.example:80/#deel", True),
        ("url", "http://evil.example/A", "http://evil.example/a", False),
        ("url", "http://evil.example/a", "https://evil.example/a", False),
        ("url", "http://[2001:DB8::1]/x", "http://[2001:db8:0::1]/x", True),
        ("md5", MD5, MD5.lower(), True),
        ("md5", f"MD5:{MD5}", MD5, True),
        ("email", "Vals@Evil[.]example", "vals@evil.example", True),
        ("email", "a@evil.example", "b@evil.example", False),
    ],
)
def test_what_is_found(kind, listed, observed, hit):
    assert bool(found([indicator(kind, listed)], (kind, observed))) is hit


def test_an_address_is_found_however_it_is_written():
    assert found([indicator("ipv4", "10.0.0.0/8")], ("ipv6", "::ffff:10.1.2.3")) == ["10.0.0.0/8"]


def test_all_that_fit_are_hits_in_the_order_of_the_observables():
    listed = [indicator("domain", "b.example"), indicator("domain", "a.b.example"), indicator("ipv4", "10.1.2.3")]
    observed = [("ipv4", "10.1.2.3"), ("domain", "x.a.b.example"), ("domain", "elders.example")]
    assert found(listed, *observed) == ["10.1.2.3", "a.b.example", "b.example"]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("ipv4", "10.1.2", "geen IPv4-adres"),
        ("ipv4", "::1", "soort ipv6"),
        ("ipv6", "::ffff:10.1.2.3", "soort ipv4"),
        ("ipv4", "0.0.0.0/0", "te ruim"),
        ("domain", "localhost", "zonder punt"),
        ("domain", "10.1.2.3", "soort ipv4"),
        ("domain", "a..b", "geen domeinnaam"),
        ("url", "evil.example/a", "https://"),
        ("url", "http://a b.example:x/", "te lezen"),
        ("md5", "abc", "32 tekens"),
        ("md5", "a" * 64, "SHA256"),
        ("sha1", "z" * 40, "geen SHA1"),
        ("email", "evil.example", "e-mailadres"),
        ("email", "a\ud800@evil.example", "half teken"),
        ("url", " ", "leeg"),
        ("url", "http://evil.example/" + "a" * 5000, "4096"),
        ("telefoon", "06", "onbekend"),
    ],
)
def test_bad_values_are_refused_with_a_reason(kind, value, words):
    built = build([indicator("md5", MD5), indicator(kind, value)])
    assert len(built.found) == 1
    (refused,) = built.refused
    assert (refused.number, refused.indicator.value) == (2, value)
    assert words in refused.reason
    assert refused.reason.endswith(".")


@pytest.mark.parametrize(
    ("other", "words"),
    [({"confidence": 101}, "100"), ({"valid_until": datetime(2026, 1, 1)}, "tijdzone"), ({"source": "a\nb"}, "regel")],
)
def test_bad_facts_are_refused_too(other, words):
    (refused,) = build([indicator("md5", MD5, **other)]).refused
    assert words in refused.reason


def test_an_indicator_ends():
    (known,) = build([indicator("domain", "evil.example", valid_until=NOW)]).found.find("domain", "evil.example")
    assert not known.has_ended(NOW)
    assert known.has_ended(NOW + timedelta(seconds=1))
    assert not known.has_ended(None)
    assert not indicator("domain", "evil.example").has_ended(NOW)


def test_facts_come_back(tmp_path):
    whole = indicator("email", "a@evil.example", id="b-1", confidence=75, valid_until=NOW, tlp="TLP:AMBER+STRICT")
    bare = indicator("email", "a@evil.example", id="", source="/4/8")
    built = build([whole, bare, whole])
    assert built.doubles == 1
    built.found.save(tmp_path / "i")
    for one in (built.found, IndicatorSet.load(tmp_path / "i")):
        assert sorted(one.find("email", "A@evil.example")) == sorted([whole, bare])
        assert len(list(one)) == len(one) == 2


def test_equal_hashes_make_no_false_hit(monkeypatch):
    monkeypatch.setattr(module, "_hash", lambda kind, text: 7)
    listed = [indicator("domain", "a.example"), indicator("domain", "b.example"), indicator("ipv4", "10.1.2.3")]
    assert found(listed, ("domain", "b.example"), ("domain", "c.example"), ("ipv4", "10.1.2.3")) == [
        "b.example",
        "10.1.2.3",
    ]


def test_every_one_of_many_is_found_and_no_other():
    listed = [indicator("domain", f"x{number}.example") for number in range(0, 3_000, 2)]
    many = build(listed).found
    for number in range(3_000):
        assert len(many.find("domain", f"x{number}.example")) == (number % 2 == 0)


def test_a_file_is_replaced_while_in_use(tmp_path):
    old, new = (build([indicator("domain", f"{name}.example")]).found for name in ("oud", "nieuw"))
    path = tmp_path / "i"
    old.save(path)
    used = IndicatorSet.load(path)
    new.save(path)
    assert used.find("domain", "oud.example")
    assert IndicatorSet.load(path).find("domain", "nieuw.example")


def test_an_empty_set(tmp_path):
    build([]).found.save(tmp_path / "i")
    assert IndicatorSet.load(tmp_path / "i").find("ipv4", "10.1.2.3") == []


@given(data=st.data())
def test_damaged_files_are_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("i") / "i"
    build([indicator("domain", "evil.example"), indicator("ipv4", "10.0.0.0/8")]).found.save(path)
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(UnreadableIndicators):
        IndicatorSet.load(path)


def test_what_is_no_file_of_indicators(tmp_path):
    for content in (b"", b"x", b"x" * 1000):
        (tmp_path / "i").write_bytes(content)
        with pytest.raises(UnreadableIndicators):
            IndicatorSet.load(tmp_path / "i")
    with pytest.raises(UnreadableIndicators):
        IndicatorSet.load(tmp_path / "niets")


# The table equals a plain search through the list.

SMALL = st.integers(0, 3)
V4 = st.builds("{}.0.{}.{}".format, st.sampled_from([10, 11]), SMALL, SMALL)
V6 = st.builds("2001:db8:{:x}::{:x}".format, SMALL, SMALL)
DOMAINS = (
    st.lists(st.sampled_from(["a", "b", "evil", "É"]), min_size=1, max_size=4).map(".".join).map("{}.example".format)
)
OBSERVABLES = st.one_of(
    st.tuples(st.just("ipv4"), V4),
    st.tuples(st.just("ipv6"), V6),
    st.tuples(st.just("domain"), DOMAINS),
    st.tuples(st.just("email"), DOMAINS.map("a@{}".format)),
    st.tuples(st.just("url"), DOMAINS.map("http://{}/a".format)),
    st.tuples(st.sampled_from(["md5", "domain", "ipv4"]), st.text(max_size=6)),
)
LISTED = st.one_of(
    OBSERVABLES,
    st.tuples(st.just("ipv4"), st.builds("{}/{}".format, V4, st.integers(8, 32))),
    st.tuples(st.just("ipv6"), st.builds("{}/{}".format, V6, st.integers(16, 128))),
)


def fits(kind, listed, observed):
    """The plain way: by `ipaddress`, or by comparing names."""
    try:
        if kind in ("ipv4", "ipv6"):
            return ip_address(observed) in ip_network(listed, strict=False)
        one, two = normal(kind, listed), normal(kind, observed)
    except ValueError:
        return False
    return one == two or (kind == "domain" and two.endswith(f".{one}"))


@given(listed=st.lists(LISTED, max_size=20), observed=st.lists(OBSERVABLES, max_size=10))
def test_the_table_equals_a_plain_search(listed, observed):
    built = build(indicator(kind, value, id=str(number)) for number, (kind, value) in enumerate(listed))
    usable = [
        (number, *item) for number, item in enumerate(listed) if number + 1 not in {r.number for r in built.refused}
    ]
    assert len(built.found) == len(usable)
    for kind, value in observed:
        plain = {str(number) for number, wanted, text in usable if wanted == kind and fits(kind, text, value)}
        assert {one.id for one in built.found.find(kind, value)} == plain


@given(kind=st.sampled_from(KINDS), value=st.text())
def test_a_normal_form_is_its_own_normal_form(kind, value):
    try:
        once = normal(kind, value)
    except BadValue as error:
        assert str(error).endswith(".")
    else:
        assert normal(kind, once) == once


@given(path=st.text("aA/.?%7eE#&= é\\", max_size=12))
def test_a_web_address_has_one_normal_form(path):
    once = normal("url", f"http://evil.example/{path}")
    assert normal("url", once) == once
