"""Corners of the Sigma language where tools differ (Sigma specification 2.1, rules and modifiers)."""

import pytest

from brandwacht.engines.detection import Matcher, load_rules
from brandwacht.engines.detection.atoms import describe
from tests.engines.detection.support import event, hits, matches, reason, rule, rule_text

BIG = 2**53 + 1
MOMENT = {"T": "2026-11-22T13:05:00Z"}


@pytest.mark.parametrize(
    ("selection", "fields", "expected"),
    [
        # every value is text: a number is the digits that are written, and leading zeros or another base differ
        ({"N": 123}, {"N": "00123"}, False),
        ({"N": "0x10"}, {"N": "0X10"}, True),
        ({"N": "0x10"}, {"N": 16}, False),
        ({"N": 5}, {"N": "5.0"}, False),
        ({"N": 5.0}, {"N": "5"}, True),
        ({"N": BIG}, {"N": BIG}, True),
        ({"N": [1, BIG]}, {"N": str(BIG - 1)}, False),
        ({"N": BIG}, {"N": BIG - 1}, False),
        # numbers are compared as numbers, exactly, and what is no number is not compared
        ({"N|gt": 2**53}, {"N": BIG}, True),
        ({"N|gt": 5}, {"N": "1_0"}, False),
        ({"N|gt": 5}, {"N": "0x10"}, False),
        ({"N|gt": 5}, {"N": "inf"}, False),
        ({"N|lt": 5}, {"N": "-inf"}, False),
        ({"N|lt": 5}, {"N": "nan"}, False),
        ({"N|gt": 5}, {"N": "1e3"}, True),
        ({"N|gt": 2**70}, {"N": str(2**70 + 1)}, True),
        ({"N|gte": 2**70}, {"N": str(2**70 - 1)}, False),
        ({"N|lte": 0.1}, {"N": "0.10"}, True),
        ({"N|lt": 0.1}, {"N": "0.1"}, False),
        ({"N|gt": 2**53}, {"N": f"{BIG}.0"}, True),
        ({"N|gt": 5}, {"N": "9" * 5000}, True),
        ({"N|gt": 5}, {"N": "1e400"}, True),
        ({"N|lt": 5}, {"N": "-1e-99999999"}, True),
        ({"N|gt": [5, 100]}, {"N": 6}, True),
        ({"N|gt|all": [5, 100]}, {"N": 6}, False),
        ({"N|gte": 5, "N|lt": 7}, {"N": 6}, True),
        ({"N|lt": 5}, {"N": [9, 3]}, True),
        # modifiers for text take numbers and booleans by their text
        ({"N|contains": 52}, {"N": 1523}, True),
        ({"N|startswith": [9, 15]}, {"N": "1523"}, True),
        ({"N|endswith": 1.5}, {"N": "x1.5"}, True),
        ({"N|contains": True}, {"N": "xTRUEx"}, True),
        ({"N|cased": 5}, {"N": 5}, True),
        ({"N|re": 5}, {"N": "x5"}, True),
        ({"N|re": [7, "a"]}, {"N": 17}, True),
        # not equal: none of the values, and a field that is not there is different from them
        ({"N|neq": [5, 6]}, {"N": 7}, True),
        ({"N|neq": [5, 6]}, {"N": 6}, False),
        ({"N|neq": "x*"}, {"N": "xyz"}, False),
        ({"N|neq": None}, {"N": "x"}, True),
        ({"N|neq": None}, {}, False),
        ({"N|contains|neq": "b"}, {"N": "abc"}, False),
        ({"N|contains|all|neq": ["a", "z"]}, {"N": "abc"}, True),
        ({"N|re|neq": "^a"}, {"N": "abc"}, False),
        ({"N|cidr|neq": "10.0.0.0/8"}, {"N": "11.0.0.1"}, True),
        ({"N|gt|neq": 5}, {"N": 5}, True),
        ({"N|neq": "a"}, {"N": ["a", "b"]}, False),
        # another field, with every way to compare
        ({"A|fieldref|neq": "B"}, {"A": "x", "B": "y"}, True),
        ({"A|fieldref|neq": "B"}, {"A": "x", "B": "X"}, False),
        ({"A|fieldref|contains": "B"}, {"A": "xyz", "B": "Y"}, True),
        ({"A|fieldref|endswith": "B"}, {"A": "xyz", "B": "yz"}, True),
        ({"A|fieldref": ["B", "C"]}, {"A": "x", "C": "x"}, True),
        ({"A|fieldref|all": ["B", "C"]}, {"A": "x", "C": "x"}, False),
        ({"A|fieldref": "B"}, {"A": 5, "B": "5"}, True),
        ({"A|fieldref": "B"}, {}, False),
        ({"A|fieldref": "B"}, {"A": None, "B": None}, False),
        ({"A|fieldref": "B"}, {"A": ["q", "x"], "B": ["x", "r"]}, True),
        ({"A|fieldref": "Naam met spaties"}, {"A": "x", "Naam met spaties": "x"}, True),
        # null, empty and missing
        ({"A": []}, {}, True),
        ({"A": []}, {"A": "x"}, False),
        ({"A": [None, "x"]}, {"A": "x"}, True),
        ({"A": None}, {"A": [None, "x"]}, True),
        ({"A|contains": ""}, {"A": ""}, True),
        ({"A|contains": ""}, {}, False),
        ({"A|exists": [True]}, {"A": []}, True),
        # booleans
        ({"A": True}, {"A": "True"}, True),
        ({"A": True}, {"A": 1}, False),
        ({"A": [False, "x"]}, {"A": False}, True),
        # dashes: only at the beginning of a word, and all in one value
        ({"A|windash": "x-a -b"}, {"A": "x-a ―b"}, True),
        ({"A|windash": "x-a -b"}, {"A": "x/a /b"}, False),
        ({"A|windash": "/a"}, {"A": "—a"}, True),
        ({"A|windash|contains|all": ["-a", "/b"]}, {"A": "–b /a"}, True),
        # encoded text; without regard to case unless asked, as all values
        ({"A|utf16le|base64offset|contains": "foo"}, {"A": "xZgBvAG8A"}, True),
        ({"A|base64|contains|cased": "foo"}, {"A": "xxzm9vxx"}, False),
        ({"A|base64|contains|cased": "foo"}, {"A": "xxZm9vxx"}, True),
        ({"A|base64": 5}, {"A": "NQ=="}, True),
        # patterns with every submodifier
        ({"A|re|i|m|s": "^B.c$"}, {"A": "a\nb\nC\nd"}, True),
        ({"A|re|m": "^B$"}, {"A": "a\nb"}, False),
        ({"A|re|all": ["a", "b"]}, {"A": "ba"}, True),
        ({"A|re|i": "é"}, {"A": "É"}, True),
        ({"A|re|contains": "b|d"}, {"A": "xdx"}, True),
        ({"A|re|startswith": "b|d"}, {"A": "xdx"}, False),
        ({"A|re|startswith": "b|d"}, {"A": "dx"}, True),
        ({"A|re|startswith|m": "b"}, {"A": "a\nb"}, False),
        ({"A|re|endswith": "b|d"}, {"A": "xdx"}, False),
        ({"A|re|endswith": "b|d"}, {"A": "xd\n"}, True),
        ({"A|re|m|endswith": "b"}, {"A": "b\na"}, False),
        ({"A|re|m|endswith": "b"}, {"A": "a\nb\n"}, True),
        ({"A|re|m|endswith": "b"}, {"A": "a\nb\n\n"}, False),
        ({"A|re|startswith": "a", "A|re|endswith": "c"}, {"A": "abc"}, True),
        ({"A|re|startswith": "a", "A|re|endswith": "c"}, {"A": "bc"}, False),
        ({"A|re|startswith|endswith": "b"}, {"A": "b"}, True),
        ({"A|re|startswith|endswith": "b"}, {"A": "bb"}, False),
        # parts of a moment, also compared
        ({"T|hour|gte": 13}, MOMENT, True),
        ({"T|hour|lt": 13}, MOMENT, False),
        ({"T|hour": [7, 13]}, MOMENT, True),
        ({"T|hour|neq": 13}, MOMENT, False),
        ({"T|minute": 5, "T|day": 22, "T|month": 11}, MOMENT, True),
        ({"T|hour": 11}, {"T": "2026-11-22T13:05:00+02:00"}, True),
        # keywords: all of them, each in any field
        ({"|all": ["x", 7]}, {"A": "x", "B": "17"}, True),
        ({"|all": ["x", 7]}, {"A": "x"}, False),
        ({"|contains|all": ["x", "y"]}, {"A": "xy"}, True),
        ({"|cased": "X"}, {"A": "x"}, False),
        ({"|re": "^x"}, {"A": "y", "B": "xa"}, True),
        (["x*z", 9], {"A": "axyzb"}, True),
        # names with blanks, dots and odd signs
        ({"Naam met spaties|contains": "x"}, {"Naam met spaties": "ax"}, True),
        ({"a.b|startswith": "x"}, {"a": {"b": "xy"}}, True),
        ({"@veld-1": "x"}, {"@veld-1": "X"}, True),
        ({"id.orig_h|cidr": "10.0.0.0/8"}, {"id.orig_h": "10.0.0.1"}, True),
    ],
)
def test_selection(selection, fields, expected):
    assert hits(selection, fields) is expected


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ({"A|exists": "ja"}, "past niet bij haar bewerking"),
        ({"|exists": True}, "klopt niet"),
        ({"A|contains": None}, "past niet bij haar bewerking"),
        ({"A|gt": "5"}, "past niet bij haar bewerking"),
        ({"A|gt": float("inf")}, "past niet bij haar bewerking"),
        ({"A|wide|base64": "x", "A|utf16le|base64": "y"}, "twee keer"),
        ({"A|gt": BIG}, "te lang"),
        ({"A|contains|re": "x"}, "klopt niet"),
        ({"A|base64": "x*"}, "klopt niet"),
        ({"A|cidr": "10.0.0.1/8"}, "past niet bij haar bewerking"),
        ({"A|wide": "é"}, "klopt niet"),
        ({"A": {"B": "x"}}, "past niet bij haar bewerking"),
        ({"A|bestaatniet": "x"}, "die niet bestaat"),
        (["x", None], "los trefwoord"),
        ({"|all": [None]}, "los trefwoord"),
        ({"A|windash": "-a -b -c -d"}, "regel"),
    ],
)
def test_what_has_no_meaning_has_a_reason(selection, words):
    assert words in reason({"selection": selection})


def test_expand_stands_in_the_middle_and_in_patterns():
    detection = {"selection": {"A|expand": "a%x%b*", "B|re|expand": "^%y%$"}}
    loaded = load_rules([("r", rule_text(detection))], {"x": ["1", "2"], "y": ["p+", "q"]})
    assert not loaded.unusable
    assert Matcher(loaded.rules).match(event({"A": "a2bc", "B": "q"}))
    assert Matcher(loaded.rules).match(event({"A": "a2bc", "B": "ppp"}))
    assert not Matcher(loaded.rules).match(event({"A": "a3b", "B": "q"}))


def test_a_compared_part_of_a_moment_is_told_in_words():
    (found,) = matches({"selection": {"T|hour|gte": 13, "T|year": 2026}}, MOMENT)
    assert found.because == ("T: het uur is minstens 13", "T: het jaar is 2026")
    assert describe(("cmp", "N", "lte", 5)) == "N is hoogstens 5"


def test_yaml_aliases_in_a_rule():
    text = rule_text({"selection": {"A": "EEN"}, "ook": {"B": "TWEE"}, "condition": "1 of them"})
    loaded = load_rules([("r", text.replace('"EEN"', "&lijst [1, 2]").replace('"TWEE"', "*lijst "))])
    assert not loaded.unusable
    assert Matcher(loaded.rules).match(event({"B": 2}))


def test_values_of_a_rule_stay_as_they_were_for_its_text():
    assert rule({"selection": {"A": BIG}}).selections == {"selection": ["eq", "A", str(BIG), False]}
