"""What organisations run, versions in order, and which advisories concern whom."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from brandwacht.engines.intel.assets import (
    LEAST,
    SIMILAR,
    Affected,
    Asset,
    Ground,
    InvalidAsset,
    InvalidRange,
    InvalidSheet,
    Matcher,
    Profile,
    Subject,
    Versions,
    between,
    exactly,
    likeness,
    order,
    parse_cpe,
    parse_purl,
    parse_vers,
    read_rows,
    read_xlsx,
)

IN_ORDER = ["1.0-alpha", "1.0-beta1", "1.0-rc2", "1.0", "1.0a", "1.0.1", "1.2", "1.9", "1.10", "10.0.20348.1", "2019.1"]


def test_versions_without_rules_are_ordered_by_their_numbers() -> None:
    for place, one in enumerate(IN_ORDER):
        for other in IN_ORDER[place + 1 :]:
            assert (order("", one, other), order("", other, one)) == (-1, 1), (one, other)
    assert order("", "1.0", "v1.0.0") == 0
    assert order("", "12.2(55)EY", "12.2(55)EZ") == -1
    assert order("", "latest", "1.0") is None
    assert order("", "Latest", "latest ") == 0
    assert order("", "1" * 500, "1") is None


@pytest.mark.parametrize(
    ("scheme", "less", "more"),
    [
        ("deb", "1.0~rc1-1", "1.0-1"),
        ("rpm", "1:1.0-1.el8", "1:1.0-2.el8"),
        ("npm", "1.0.0-rc.1", "1.0.0"),
        ("pypi", "1.0rc1", "1.0"),
        ("maven", "1.0-SNAPSHOT", "1.0"),
    ],
)
def test_packages_are_ordered_by_their_own_rules(scheme: str, less: str, more: str) -> None:
    assert order(scheme, less, more) == -1
    assert order(scheme, more, less) == 1


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("vers:generic/>=1.0|<2.0", ["1.0", "1.9.9", "1.10"], ["0.9", "2.0"]),
        ("vers:unknown/<=2.0", ["0", "2.0.0"], ["2.0.1"]),
        ("vers:npm/1.2.3|>=2.0.0|<5.0.0", ["1.2.3", "2.0.0", "4.9.9"], ["1.2.4", "5.0.0"]),
        ("vers:deb/>1.0|!=1.5", ["1.1", "2"], ["1.0", "1.5"]),
        ("vers:all/*", ["1", "x"], []),
        ("vers:generic/<1|>=2|<3", ["0.1", "2.5"], ["1", "3"]),
        ("vers:generic/!=1.1", ["1.0"], ["1.1"]),
    ],
)
def test_ranges_as_vers_writes_them(text: str, inside: list[str], outside: list[str]) -> None:
    affected = Affected(versions=parse_vers(text))
    assert [affected.concerns(each) for each in inside] == [True] * len(inside)
    assert [affected.concerns(each) for each in outside] == [False] * len(outside)
    assert all(span.dutch for span in affected.versions)


@pytest.mark.parametrize("text", ["", "1.0", "vers:", "vers:npm", "vers:npm/", "vers:npm/>=<1", "vers:npm/<", "npm/<1"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(InvalidRange):
        parse_vers(text)


def test_ranges_in_words() -> None:
    assert between("1.0", "2.0").dutch == "vanaf 1.0 tot 2.0"
    assert between("0", "2.0", high_included=True).dutch == "tot en met 2.0"
    assert (exactly("1.2").dutch, exactly("*").dutch, Versions().dutch) == ("1.2", "alle versies", "alle versies")
    assert between("1.0", "*", low_included=False).dutch == "na 1.0"


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12), st.sampled_from(["", "deb", "npm", "maven"]))
def test_order_is_an_order(one: str, two: str, three: str, scheme: str) -> None:
    first, back = order(scheme, one, two), order(scheme, two, one)
    assert (first is None) == (back is None)
    if scheme == "" and None not in (first, order("", two, three), order("", one, three)):
        assert first == -(back or 0)
        if first == -1 and order("", two, three) == -1:
            assert order("", one, three) == -1


# Matching


def found(asset: Asset, affected: Affected) -> tuple[Any, ...] | None:
    matches = Matcher([Profile("VR01", (asset,))]).match(Subject("A", (affected,)))
    return (matches[0].ground, matches[0].version_known, matches[0].confidence) if matches else None


UP_TO = (between(None, "2.0"),)
CPE = "cpe:2.3:a:acme:gate_server:{}:*:*:*:*:*:*:*"


@pytest.mark.parametrize(
    ("asset", "affected", "match"),
    [
        (Asset("1", purl="pkg:npm/%40acme/gate@1.5.0"), Affected(purl="pkg:npm/%40acme/gate", versions=UP_TO),
         (Ground.PURL, True, 98)),
        (Asset("1", cpe=CPE.format("1.5")), Affected(cpe=CPE.format("*"), versions=UP_TO), (Ground.CPE, True, 95)),
        (Asset("1", cpe=CPE.format("*")), Affected(cpe=CPE.format("*"), versions=UP_TO), (Ground.CPE, False, 65)),
        (Asset("1", cpe=CPE.format("2.5")), Affected(cpe=CPE.format("*"), versions=UP_TO), None),
        (Asset("1", "Gate-Server", "Acme B.V.", "1.5"), Affected("Acme Gate Server", "ACME", UP_TO),
         (Ground.NAME, True, 85)),
        (Asset("1", "Gate Server", "", "1.5"), Affected("Gate Server", "Acme", UP_TO), (Ground.PRODUCT_ONLY, True, 70)),
        (Asset("1", "Gate Server", "Zenith", "1.5"), Affected("Gate Server", "Acme", UP_TO), None),
        (Asset("1", "Gate Servers", "Acme", ""), Affected("Gate Server", "Acme"), (Ground.LIKENESS, False, 34)),
        (Asset("1", "Windows Server 2016", "Microsoft"), Affected("Windows Server 2019", "Microsoft"), None),
        (Asset("1", "Gate Server", "Acme", "1.5"), Affected(cpe=CPE.format("*"), versions=UP_TO),
         (Ground.NAME, True, 85)),
        (Asset("1", "Gate Server", "Acme", "eigen bouw"), Affected("Gate Server", "Acme", UP_TO),
         (Ground.NAME, False, 55)),
    ],
)  # fmt: skip
def test_by_what_and_how_surely_a_product_is_recognised(
    asset: Asset, affected: Affected, match: tuple[Any, ...] | None
) -> None:
    assert found(asset, affected) == match


def test_one_match_for_each_organisation_and_asset_with_its_evidence() -> None:
    regions = [
        Profile("VR01", (Asset("1", "FortiOS", "Fortinet", "7.2.1"), Asset("2", "FortiOS", "Fortinet", "7.4.3"))),
        Profile("VR02", (Asset("1", "FortiOS", "Fortinet"),)),
        Profile("VR03", (Asset("1", "Word", "Microsoft", "16"),)),
    ]
    affected = Affected(
        "FortiOS", "Fortinet", (between("7.0", "7.4.3"),), cpe="cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*"
    )
    other = Affected("FortiOS", "Fortinet", (exactly("6.4"),))
    matches = Matcher(regions).match(Subject("NCSC-1", (affected, other)))
    assert [(each.organisation, each.asset.key, each.version_known) for each in matches] == [
        ("VR01", "1", True),
        ("VR02", "1", False),
    ]
    assert matches[0].evidence == (
        "U gebruikt Fortinet FortiOS; het advies noemt leverancier en product. "
        "Uw versie 7.2.1 is kwetsbaar (vanaf 7.0 tot 7.4.3)."
    )
    assert "Uw versie is niet bekend" in matches[1].evidence
    every = list(Matcher(regions).match_all([Subject("NCSC-1", (affected,)), Subject("NCSC-2", ())]))
    assert {each.subject for each in every} == {"NCSC-1"}


def test_likeness_is_between_nothing_and_the_same() -> None:
    assert likeness("gateserver", "gateserver") == 1
    assert likeness("gateserver", "gateservers") >= SIMILAR
    assert likeness("gateserver", "mailserver") < SIMILAR
    assert likeness("server2016", "server2019") == likeness("", "x") == 0


words = st.sampled_from(["gate", "server", "mail", "acme", "2016", "2019", ""])
names = st.lists(words, max_size=3).map(" ".join)
versions = st.sampled_from(["", "1.0", "2.0", "x", "1.0-rc1"])
spans = st.lists(st.builds(between, versions, versions), max_size=2).map(tuple)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(names, names, versions), max_size=5),
    st.lists(st.builds(Affected, names, names, spans), max_size=4),
)
def test_whatever_is_held_against_whatever(rows: list[tuple[str, str, str]], affected: list[Affected]) -> None:
    assets = []
    for number, (product, vendor, version) in enumerate(rows):
        try:
            assets.append(Asset(str(number), product, vendor, version))
        except InvalidAsset:
            continue
    matcher = Matcher([Profile("VR01", tuple(assets)), Profile("VR02", tuple(assets))])
    matches = matcher.match(Subject("A", tuple(affected)))
    assert matches == matcher.match(Subject("A", tuple(affected))), "memory changes nothing"
    assert all(LEAST <= each.confidence <= 98 and each.evidence.endswith(".") for each in matches)
    assert len({(each.organisation, each.asset.key) for each in matches}) == len(matches)
    assert len(matches) % 2 == 0, "the same profile gives the same matches"
    whole = {(each.asset.key): each.confidence for each in matches}
    for one in affected:
        for each in matcher.match(Subject("A", (one,))):
            assert whole[each.asset.key] >= each.confidence, "more in an advisory never makes less of a match"


# Names and sheets


def test_names_in_lists() -> None:
    assert parse_cpe("cpe:2.3:a:acme:gate\\:x:1.0:sp1:*:*:*:*:*:*") == ("a", "acme", "gate:x", "1.0 sp1")
    assert parse_cpe("cpe:/o:microsoft:windows_10") == ("o", "microsoft", "windows_10", None)
    assert parse_cpe("cpe:2.3:a:acme:*:*") is None
    assert parse_cpe("geen") is None
    assert parse_purl("pkg:NPM/%40Acme/Gate@1.0") == ("npm/@acme/gate", "npm", "1.0")
    assert parse_purl("geen") is None


def test_the_rows_of_a_sheet() -> None:
    rows = [
        ("ICT-foto van ons",),
        (),
        ("Naam", "Leverancier", "Versie", "Beheerder"),
        ("Exchange Server", "Microsoft", 2019.0, "Jan"),
        ("Exchange Server", "Microsoft", "2019", "Piet"),
        (None, None, None, "leeg"),
        ("", "Fortinet", "7"),
        ("FortiOS", "Fortinet"),
    ]
    assets, problems = read_rows(rows)
    assert [(asset.key, asset.name, asset.running) for asset in assets] == [
        ("4", "Microsoft Exchange Server", "2019"),
        ("8", "Fortinet FortiOS", ""),
    ]
    assert problems == [(7, "Er is geen product genoemd.")]
    with pytest.raises(InvalidSheet, match="kolom Product"):
        read_rows([("Beheerder",), ("Jan",)])


def sheet(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    book.create_sheet("Lijst")
    for row in rows:
        book["Lijst"].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet_of_excel() -> None:
    assets, problems = read_xlsx(sheet(("Product", "CPE"), ("FortiOS", "cpe:/o:fortinet:fortios:7.0"), ("x", "onzin")))
    assert [(asset.name, asset.running) for asset in assets] == [("FortiOS", "7.0")]
    assert [problem.row for problem in problems] == [3]
    with pytest.raises(InvalidSheet, match="kolom Product"):
        read_xlsx(sheet(("a", "b")))


def test_what_is_no_sheet_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"0" * 60_000_000)
    for data, words_ in ((b"", "geen leesbaar"), (b"PK\x03\x04", "geen leesbaar"), (packed.getvalue(), "te groot")):
        with pytest.raises(InvalidSheet, match=words_):
            read_xlsx(data)


@given(st.lists(st.lists(st.none() | st.text(max_size=9) | st.floats() | st.integers(), max_size=4), max_size=5))
def test_any_rows_are_read_or_refused(rows: list[list[Any]]) -> None:
    assets, problems = read_rows([("Product", "Versie", "Leverancier", "purl"), *rows])
    assert len(assets) + len(problems) <= len(rows)
    try:
        read_rows(rows)
    except InvalidSheet as error:
        assert str(error).endswith(".")


def test_a_range_with_thousands_of_bounds_is_refused() -> None:
    with pytest.raises(InvalidRange, match="meer dan 1000 grenzen"):
        parse_vers("vers:npm/" + "|".join([">=1", "<2", "!=1.5"] * 400))
