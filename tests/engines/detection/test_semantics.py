"""What each part of the Sigma language means (Sigma specification 2.1)."""

import base64

import pytest

from tests.engines.detection.support import hits, matches, reason


@pytest.mark.parametrize(
    ("selection", "fields", "expected"),
    [
        # plain values: whole, case-insensitive, numbers and booleans by their text
        ({"Image": "C:\\cmd.exe"}, {"Image": "c:\\CMD.EXE"}, True),
        ({"Image": "cmd.exe"}, {"Image": "C:\\cmd.exe"}, False),
        ({"LogonType": 3}, {"LogonType": "3"}, True),
        ({"LogonType": "3"}, {"LogonType": 3}, True),
        ({"LogonType": 1}, {"LogonType": True}, False),
        ({"Load": 4}, {"Load": 4.0}, True),
        ({"Initiated": True}, {"Initiated": "TRUE"}, True),
        ({"Initiated": "true"}, {"Initiated": True}, True),
        ({"Initiated": "true"}, {"Initiated": False}, False),
        ({"Naam": ["a", "b"]}, {"Naam": "b"}, True),
        ({"A": "1", "B": "2"}, {"A": "1", "B": "3"}, False),
        ([{"A": "1"}, {"B": "2"}], {"B": "2"}, True),
        ({"Threat Name": "x"}, {"Threat Name": "X"}, True),
        # wildcards and escapes
        ({"A": "a*c"}, {"A": "a\nbc"}, True),
        ({"A": "a?c"}, {"A": "abc"}, True),
        ({"A": "a?c"}, {"A": "ac"}, False),
        ({"A": "a\\*c"}, {"A": "a*c"}, True),
        ({"A": "a\\*c"}, {"A": "abc"}, False),
        ({"A": "\\\\*\\IPC$"}, {"A": "\\server\\IPC$"}, True),
        ({"A": "a\\\\*"}, {"A": "a\\rest"}, True),
        ({"A": "*"}, {"A": ""}, True),
        ({"A": "*"}, {"B": ""}, False),
        # null, empty and missing are three things
        ({"A": None}, {"A": None}, True),
        ({"A": None}, {}, True),
        ({"A": None}, {"A": ""}, False),
        ({"A": ""}, {"A": ""}, True),
        ({"A": ""}, {}, False),
        ({"A": ""}, {"A": None}, False),
        ({"A": ["", None]}, {}, True),
        ({"A|exists": True}, {"A": None}, True),
        ({"A|exists": True}, {}, False),
        ({"A|exists": False}, {}, True),
        ({"A|exists": False}, {"A": ""}, False),
        # a list in the event: any of its values
        ({"Data|contains": "two"}, {"Data": ["one", "TWO!"]}, True),
        ({"Data|contains|all": ["one", "two"]}, {"Data": ["one", "two"]}, True),
        ({"Data": "one"}, {"Data": []}, False),
        # contains, startswith, endswith, all, cased, neq
        ({"A|contains": "Mid"}, {"A": "amidst"}, True),
        ({"A|startswith": "am"}, {"A": "AMIDST"}, True),
        ({"A|startswith": "mid"}, {"A": "amidst"}, False),
        ({"A|endswith": "\\st.exe"}, {"A": "C:\\ST.exe"}, True),
        ({"A|endswith": "ami"}, {"A": "amidst"}, False),
        ({"A|contains|all": ["am", "st"]}, {"A": "amidst"}, True),
        ({"A|contains|all": ["am", "xx"]}, {"A": "amidst"}, False),
        ({"A|cased": "Ab"}, {"A": "Ab"}, True),
        ({"A|cased": "Ab"}, {"A": "ab"}, False),
        ({"A|contains|cased": "BcDe"}, {"A": "aBcDeF"}, True),
        ({"A|contains|cased": "BcDe"}, {"A": "abcdef"}, False),
        ({"A|cased": "A*cDefgh?"}, {"A": "AbcDefghi"}, True),
        ({"A|cased": "A*cDefgh?"}, {"A": "abcdefghi"}, False),
        ({"A|neq": "x"}, {"A": "y"}, True),
        ({"A|neq": "x"}, {"A": "x"}, False),
        ({"A|neq": "x"}, {}, True),
        # numbers
        ({"N|lt": 5}, {"N": "4.5"}, True),
        ({"N|lte": 5}, {"N": 5}, True),
        ({"N|gt": 5}, {"N": 5}, False),
        ({"N|gte": 5}, {"N": 5}, True),
        ({"N|gte": 5}, {"N": "veel"}, False),
        ({"N|gte": 5}, {}, False),
        # patterns: searched, case-sensitive unless i; . is no line end unless s; ^ is each line with m
        ({"A|re": "b.d"}, {"A": "abcde"}, True),
        ({"A|re": "B.D"}, {"A": "abcde"}, False),
        ({"A|re|i": "B.D"}, {"A": "abcde"}, True),
        ({"A|re": "b.d"}, {"A": "ab\nde"}, False),
        ({"A|re|s": "b.d"}, {"A": "ab\nde"}, True),
        ({"A|re": "^two"}, {"A": "one\ntwo"}, False),
        ({"A|re|m": "^two"}, {"A": "one\ntwo"}, True),
        ({"A|re": "a{3,5}\\*\\\\"}, {"A": "aaaa*\\"}, True),
        # networks
        ({"Ip|cidr": "10.0.0.0/8"}, {"Ip": "10.1.2.3"}, True),
        ({"Ip|cidr": "10.0.0.0/8"}, {"Ip": "11.1.2.3"}, False),
        ({"Ip|cidr": "10.0.0.0/8"}, {"Ip": "::ffff:10.1.2.3"}, True),
        ({"Ip|cidr": ["fe80::/10", "::1/128"]}, {"Ip": "fe80::1"}, True),
        ({"Ip|cidr": "10.0.0.0/8"}, {"Ip": "-"}, False),
        # another field
        ({"A|fieldref": "B"}, {"A": "x", "B": "X"}, True),
        ({"A|fieldref": "B"}, {"A": "x", "B": "y"}, False),
        ({"A|fieldref": "B"}, {"A": "x"}, False),
        ({"A|fieldref|startswith": "B"}, {"A": "xyz", "B": "xy"}, True),
        ({"A|fieldref|endswith": "B"}, {"A": "xyz", "B": "xy"}, False),
        # dashes
        ({"A|contains|windash": " -enc "}, {"A": "ps /enc x"}, True),
        ({"A|contains|windash": " -enc "}, {"A": "ps –enc x"}, True),
        ({"A|contains|windash": " -enc "}, {"A": "ps enc x"}, False),
        ({"A|contains|all|windash": [" -a ", " -b "]}, {"A": "x /a -b y"}, True),
        # parts of a moment
        ({"T|hour": 13}, {"T": "2026-11-22T13:05:00Z"}, True),
        ({"T|week": 47}, {"T": "2026-11-22T13:05:00Z"}, True),
        ({"T|year": 2025}, {"T": "2026-11-22T13:05:00Z"}, False),
        ({"T|year": 2025}, {"T": "gisteren"}, False),
    ],
)
def test_selection(selection, fields, expected):
    assert hits(selection, fields) is expected


@pytest.mark.parametrize("lead", ["", "x", "xy", "xyz"])
def test_base64offset_finds_the_text_at_every_offset(lead):
    encoded = base64.b64encode(f"{lead}Invoke-Mimikatz now".encode()).decode()
    assert hits({"A|base64offset|contains": "Invoke-Mimikatz"}, {"A": f"ps {encoded}"})
    assert not hits({"A|base64offset|contains": "Invoke-Mimikatz"}, {"A": lead})


@pytest.mark.parametrize("modifier", ["wide", "utf16"])
def test_wide_text_in_base64(modifier):
    encoded = base64.b64encode("IEX (New".encode("utf-16" if modifier == "utf16" else "utf-16-le")).decode()
    assert hits({f"A|{modifier}|base64|contains": "IEX (New"}, {"A": f"-enc {encoded}"})


def test_utf16be_in_base64():
    encoded = base64.b64encode("IEX".encode("utf-16-be")).decode()
    assert hits({"A|utf16be|base64": "IEX"}, {"A": encoded})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a", True),
        ("b", False),
        ("a and b", False),
        ("a or b", True),
        ("not b", True),
        ("a and not b", True),
        ("not (a and b)", True),
        ("b and a or a", True),
        ("b and (a or a)", False),
        ("1 of them", True),
        ("all of them", False),
        ("1 of sel_*", True),
        ("all of sel_*", False),
        ("any of sel_x*", True),
        ("a and not 1 of sel_y*", True),
        (["b", "a"], True),
    ],
)
def test_condition(condition, expected):
    detection = {
        "a": {"A": "1"},
        "b": {"A": "2"},
        "sel_x": {"A|startswith": "1"},
        "sel_y": {"B": "2"},
        "condition": condition,
    }
    assert bool(matches(detection, {"A": "1"})) is expected


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        (["MIMI"], True),
        (["m?mi*atz"], True),
        (["k"], True),
        ([4242], True),
        (["nergens"], False),
        ({"|all": ["mimi", "4242"]}, True),
        ({"|all": ["mimi", "nergens"]}, False),
        ({"|re": "mimi[a-k]"}, True),
    ],
)
def test_keywords_stand_anywhere(keywords, expected):
    assert hits(keywords, {"A": "run mimikatz.exe", "Pid": 4242}) is expected


def test_expand_asks_for_its_list():
    assert "%beheerders%" in reason({"selection": {"User|expand": "%beheerders%"}})


@pytest.mark.parametrize(
    ("detection", "words"),
    [
        ({"selection": {"A|re": "(?=x)"}}, "patroon"),
        ({"selection": {"A|re": "("}}, "patroon"),
        ({"selection": {"A|bestaatniet": "x"}}, "modifier"),
        ({"selection": {"A|cidr": "10.0.0.1/8/9"}}, "modifier"),
        ({"selection": {"A": "x"}, "condition": "elders"}, "elders"),
        ({"selection": {"A": "x"}, "condition": "1 of elders*"}, "elders"),
        ({"selection": {"A": "x"}, "condition": "selection | count() > 5"}, "condition"),
        ({"selection": {"A": "x"}, "condition": "selection and ("}, "condition"),
        ({"selection": {}}, "detectie"),
    ],
)
def test_what_can_not_be_used_has_a_reason(detection, words):
    assert words in reason(detection)
