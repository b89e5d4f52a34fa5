"""Advisories in and out: CSAF of NCSC and others, our own, and the lists of vulnerabilities."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import csaf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.intel import PAP, TLP, Marking, Stated
from brandwacht.engines.intel.advisories import (
    Draft,
    DraftFlaw,
    DraftProduct,
    InvalidAdvisory,
    Provider,
    Revision,
    RolieFeed,
    Urgency,
    check_csaf,
    csaf_document,
    file_name,
    provider_metadata,
    read_csaf,
    read_cve,
    read_epss,
    read_kev,
    rolie_feed,
    write_csaf,
)

VECTORS = Path(csaf.__file__).parent / "csaf" / "v21" / "data"
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
US = Provider("VR-ISAC", "https://vr-isac.example")
OLD = DraftProduct("Fortinet", "FortiOS", "vers:generic/>=7.0|<7.4.3")
FLAW = DraftFlaw(
    "CVE-2026-12345",
    "Lek in de VPN",
    "Een aanvaller van buiten kan inloggen zonder wachtwoord.",
    (OLD, DraftProduct("Fortinet", "FortiOS", "6.4.1", "cpe:2.3:o:fortinet:fortios:6.4.1:*:*:*:*:*:*:*")),
    (DraftProduct("Fortinet", "FortiOS", "7.4.3"),),
    "Werk bij naar 7.4.3.",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    exploited=True,
)
DRAFT = Draft(
    "VR-ISAC-2026-0001",
    "Lek in FortiOS",
    "Een lek in FortiOS wordt misbruikt.",
    Urgency.URGENT,
    Marking(TLP.AMBER_STRICT, PAP.GREEN),
    (Revision(1, THEN, "Eerste versie."), Revision(2, THEN + timedelta(days=1), "Meer versies genoemd.")),
    (FLAW,),
    (("Over dit lek", "https://example.org/lek"),),
)
NEWEST = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
WORDS = replace(DRAFT, flaws=(), urgency=Urgency.NORMAL)


@pytest.mark.parametrize(
    ("draft", "version"),
    [
        (DRAFT, "2.1"),
        (WORDS, "2.1"),
        (replace(DRAFT, marking=Marking(TLP.CLEAR, PAP.CLEAR)), "2.0"),
        (replace(DRAFT, flaws=(replace(FLAW, cve="", vector="", fixed=(), remedy="", exploited=False),)), "2.1"),
        (replace(DRAFT, flaws=(replace(FLAW, vector=NEWEST),)), "2.1"),
    ],
)  # fmt: skip
def test_what_we_write_is_valid_and_reads_back(draft: Draft, version: str) -> None:
    document = write_csaf(draft, US, version=version)
    assert check_csaf(document) == []
    found = read_csaf(json.dumps(document))
    assert (found.key, found.version, found.title, found.publisher) == (draft.key, "2", draft.title, "VR-ISAC")
    assert found.stated == Stated(draft.marking.tlp, draft.marking.pap)
    assert (found.released, found.changed) == (THEN, THEN + timedelta(days=1))
    assert found.urgency is draft.urgency
    assert found.summary == draft.summary
    assert [flaw.cve for flaw in found.flaws] == [flaw.cve for flaw in draft.flaws]
    assert csaf_document(found) == document


def test_what_is_affected_and_what_is_not() -> None:
    found = read_csaf(json.dumps(write_csaf(DRAFT, US)))
    (flaw,) = found.flaws
    assert (flaw.score, flaw.exploited, flaw.remedies) == (9.8, True, ("Werk bij naar 7.4.3.",))
    running, single = found.products
    assert (running.vendor, running.product, running.flaws) == ("Fortinet", "FortiOS", ("CVE-2026-12345",))
    assert [running.concerns(each) for each in ("7.4.2", "7.0", "7.4.3", "6.9", "")] == [True, True, False, False, None]
    assert single.cpe.startswith("cpe:2.3:o:fortinet")
    assert found.subject.key == DRAFT.key


def test_all_that_is_wrong_is_said_and_no_label_is_widened() -> None:
    wrong = replace(
        DRAFT,
        title=" ",
        revisions=(Revision(2, THEN, "x"),),
        flaws=(replace(FLAW, cve="CVE-1", affected=(), vector="x"),),
    )
    with pytest.raises(InvalidAdvisory) as caught:
        write_csaf(wrong, US, version="2.0")
    for words in ("kent TLP:AMBER+STRICT niet", "geen titel", "doorgenummerd", "geen CVE-nummer",
                  "geen CVSS-vector", "ontbreekt de beschrijving"):  # fmt: skip
        assert words in str(caught.value)
    with pytest.raises(InvalidAdvisory, match="minstens één verwijzing"):
        write_csaf(replace(WORDS, links=()), US)


def test_the_feed_and_the_metadata_of_a_provider() -> None:
    green = replace(DRAFT, marking=Marking(TLP.GREEN, PAP.AMBER))
    feed = RolieFeed(TLP.GREEN, "https://vr-isac.example/csaf/green/feed.json", "https://vr-isac.example/csaf/green/")
    older = replace(green, key="VR ISAC/2026:2", revisions=green.revisions[:1])
    whole = rolie_feed(feed, [write_csaf(older, US), write_csaf(green, US)], title="VR-ISAC", updated=THEN)["feed"]
    assert [entry["id"] for entry in whole["entry"]] == [green.key, older.key]
    assert whole["entry"][1]["content"]["src"] == f"{feed.base}2026/vr_isac_2026_2.json"
    assert file_name("RHSA-2026:0001+A") == "rhsa-2026_0001+a.json"
    with pytest.raises(InvalidAdvisory, match=r"heeft TLP:AMBER\+STRICT; deze lijst is voor TLP:GREEN"):
        rolie_feed(feed, [write_csaf(DRAFT, US)], title="x", updated=THEN)
    metadata = provider_metadata(US, [feed], url="https://vr-isac.example/provider-metadata.json", updated=THEN)
    schema = json.loads((VECTORS.parent / "feed" / "provider.json").read_text())
    assert set(schema["required"]) <= metadata.keys() <= set(schema["properties"])
    assert metadata["distributions"][0]["rolie"]["feeds"][0]["tlp_label"] == "GREEN"


def ncsc(**document: Any) -> str:
    head = {
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "title": "Kwetsbaarheden verholpen in iets",
        "publisher": {"name": "Nationaal Cyber Security Centrum", "category": "coordinator"},
        "tracking": {
            "id": "NCSC-2026-0001", "version": "1.0.0", "status": "final",
            "initial_release_date": "2026-11-01T10:00:00Z", "current_release_date": "2026-11-01T10:00:00Z",
        },
    }  # fmt: skip
    return json.dumps({"document": head | document})


@pytest.mark.parametrize(
    ("document", "urgency", "reason"),
    [
        ({"aggregate_severity": {"text": "Urgent"}}, Urgency.URGENT, "noemt dit advies urgent"),
        ({"aggregate_severity": {"text": "normaal"}}, Urgency.NORMAL, "noemt dit advies normaal"),
        ({"notes": [{"title": "Classificatie", "text": "Urgent"}]}, Urgency.URGENT, "urgent"),
        ({"category": "NCSC_urgent"}, Urgency.URGENT, "urgent"),
        ({"notes": [{"title": "Kans", "text": "high"}, {"title": "Schade", "text": "high"}]}, Urgency.URGENT, "schat"),
        (
            {"notes": [{"title": "Kans", "text": "medium"}, {"title": "Schade", "text": "high"}]},
            Urgency.NORMAL,
            "schat",
        ),
        ({}, Urgency.NORMAL, "geen urgentie"),
    ],
)
def test_urgent_or_normal(document: dict[str, Any], urgency: Urgency, reason: str) -> None:
    found = read_csaf(ncsc(**document))
    assert found.urgency is urgency
    assert reason in found.urgency_reason
    assert found.stated == Stated()


def test_real_advisories_of_others() -> None:
    found = {path.stem: read_csaf(path.read_bytes()) for path in (VECTORS / "v20_examples").glob("*.json")}
    assert {advisory.stated.tlp for advisory in found.values()} == {TLP.CLEAR, None}
    cisco = found["cisco-sa-20180328-smi2"]
    assert (cisco.flaws[0].cve, cisco.flaws[0].score, len(cisco.products)) == ("CVE-2018-0171", 9.8, 259)
    assert any(product.concerns("12.2(55)EY") for product in cisco.products)
    redhat = {product.product: product for product in found["rhsa-2022_0011"].products}
    assert redhat["telnet-server"].concerns("1:0.17-60.el7") is True, "older than what mends it"
    assert redhat["telnet-server"].concerns("1:0.17-65.el7_6") is False
    converter = found["bsi-2022-0001"].products
    assert any(product.concerns("1.0.0-alpha") for product in converter)
    assert not any(product.concerns("1.0.0-rc2") for product in converter)


def test_the_vectors_of_oasis_are_read_or_refused_in_dutch() -> None:
    read = 0
    for path in sorted(VECTORS.glob("*/*-0[12].json")):
        try:
            read_csaf(path.read_bytes())
            read += 1
        except InvalidAdvisory as error:
            assert str(error).endswith("."), path
    assert read > 100


CVE = {
    "cveMetadata": {"cveId": "CVE-2026-1", "state": "PUBLISHED", "datePublished": "2026-11-01T10:00:00Z"},
    "containers": {
        "cna": {
            "title": "A flaw",
            "descriptions": [{"lang": "en", "value": "It breaks."}],
            "affected": [
                {
                    "vendor": "Acme",
                    "product": "Gate",
                    "defaultStatus": "unaffected",
                    "versions": [
                        {"version": "1.0", "status": "affected", "lessThan": "1.5", "versionType": "custom"},
                        {"version": "1.4.9", "status": "unaffected"},
                        {"version": "2.0", "status": "affected", "lessThanOrEqual": "2.3"},
                    ],
                },
                {"vendor": "Acme", "product": "Wall", "defaultStatus": "affected", "versions": []},
                {"vendor": "Acme", "product": "Safe", "defaultStatus": "unaffected"},
            ],
            "metrics": [{"cvssV3_1": {"baseScore": 7.5, "vectorString": "CVSS:3.1/x"}}],
        },
        "adp": [
            {
                "cpeApplicability": [
                    {"nodes": [{"cpeMatch": [
                        {"criteria": "cpe:2.3:a:acme:door:*:*:*:*:*:*:*:*", "versionStartExcluding": "3.0",
                         "versionEndIncluding": "3.9", "vulnerable": True},
                        {"criteria": "cpe:2.3:a:acme:bell:1.2:*:*:*:*:*:*:*", "vulnerable": False}]}]}
                ]
            }
        ],
    },
}  # fmt: skip


def test_a_cve_record() -> None:
    record = read_cve(json.dumps(CVE))
    assert (record.cve, record.score, record.title, record.description) == ("CVE-2026-1", 7.5, "A flaw", "It breaks.")
    gate, wall, door = record.affected
    verdicts = [gate.concerns(each) for each in ("1.0", "1.4.9", "1.5", "2.3", "2.4", "0.9")]
    assert verdicts == [True, False, False, True, False, False]
    assert wall.concerns("anything 1") is True
    assert [door.concerns(each) for each in ("3.0", "3.1", "3.9", "3.10")] == [False, True, True, False]


def test_what_is_known_to_be_used_and_how_likely_it_is() -> None:
    entry = {"cveID": "CVE-2026-1", "dateAdded": "2026-11-01", "knownRansomwareCampaignUse": "Known"}
    kev = read_kev(json.dumps({"vulnerabilities": [entry]}))["CVE-2026-1"]
    assert (kev.added, kev.due, kev.ransomware) == (date(2026, 11, 1), None, True)
    lines = b"#model_version:v2026.1,score_date:2026-11-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1,0.5,0.99\n"
    for data in (lines, gzip.compress(lines)):
        table = read_epss(data)
        assert (table.model, table.scored) == ("v2026.1", datetime(2026, 11, 1, tzinfo=UTC))
        assert table.scores["CVE-2026-1"] == (0.5, 0.99)
    for data, words in (
        (b"cve,epss\n", "kolommen"),
        (lines + b"CVE-2026-2,2,0\n", "Regel 4"),
        (lines + b"CVE-2026-2\n", "Regel 4"),
        (gzip.compress(lines)[:-9], "niet heel"),
        (b"\xff", "geen leesbaar"),
    ):
        with pytest.raises(InvalidAdvisory, match=words):
            read_epss(data)
    with pytest.raises(InvalidAdvisory, match="KEV"):
        read_kev('{"vulnerabilities": [{"cveID": 1}]}')


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "geen leesbare JSON"),
        (b"{}", "document: Dit verplichte gegeven ontbreekt"),
        (ncsc(csaf_version="1.2").encode(), "CSAF-versie 1.2"),
        (ncsc(title=3).encode(), r"document\.title: Hier hoort tekst te staan, niet een geheel getal\."),
        (b'{"document":' * 5000, r"."),
    ],
)
def test_what_is_no_advisory_names_the_place(data: bytes, words: str) -> None:
    with pytest.raises(InvalidAdvisory, match=words):
        read_csaf(data)


NAMES = ["document", "product_tree", "branches", "product", "product_id", "name", "category", "vulnerabilities", "cve",
         "product_status", "known_affected", "fixed", "relationships", "cveMetadata", "containers", "cna", "affected",
         "versions", "version", "lessThan", "cpes", "notes", "title"]  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["vers:x/<1", "<2", "1.0", "", "vendor", "product_name"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.binary(max_size=30))
def test_anything_is_read_or_refused_in_dutch(parts: dict[str, Any], data: bytes) -> None:
    advisory = json.dumps(json.loads(ncsc()) | parts).encode()
    record = json.dumps(CVE | parts).encode()
    for read in (read_csaf, read_cve, read_kev, read_epss):
        for text in (advisory, record, data, b"cve,epss,percentile\n" + data):
            try:
                read(text)  # type: ignore[operator]
            except InvalidAdvisory as error:
                assert str(error).endswith(".")
