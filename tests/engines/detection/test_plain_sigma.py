"""The engine against the plain evaluator, on rules and events that hypothesis makes up."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Matcher, load_rules
from tests.engines.detection.plain_sigma import Seen, plain_rule
from tests.engines.detection.support import event, reason, rule_text

LISTS = {"beheerders": ["adm*", "root", "a?b"], "leeg": ["x"]}

# Text: few letters, so that values and rules meet; words that are long enough to be looked for by their parts.

LETTERS = st.text("aAbBé-/ \\*?.%_'\n1", max_size=6)
WORDS = st.lists(
    st.sampled_from(["power", "Shell", ".exe", " -enc ", "\\", "C:", "who", "ami", "*", "?", "/c", "adm", "root", " "]),
    max_size=5,
).map("".join)
TEXT = st.one_of(LETTERS, WORDS)
NUMBERS = st.one_of(st.integers(-3, 12), st.sampled_from([0.5, 4.0, -2.25, -0.0, 4624, 2**53, 2**53 + 1, 2**63, 0.1]))
BOUNDS = NUMBERS.filter(lambda number: number == float(number))
ADDRESSES = st.sampled_from(["10.1.2.3", "10.255.0.1", "::ffff:10.1.2.3", "fe80::1", "::1", " 10.1.2.3", "10.1.2", "-"])
MOMENTS = st.sampled_from(
    ["2026-11-22T13:05:00Z", "2026-01-01", "2025-12-31 23:59:59", "2026-11-22T23:05:00-05:00", "2026-13-01", "x"]
)
ENCODED = st.sampled_from(["YWRtcm9vdA==", "cm9vdA", "YQBiAA==", "//5hAGIA", "AGEAYg==", "xhZG1", "hZG1yb290", "YWJj"])
SCALARS = st.one_of(TEXT, TEXT, NUMBERS, NUMBERS.map(str), st.booleans(), st.none(), ADDRESSES, MOMENTS, ENCODED)
FIELDS = st.sampled_from(["A", "B", "C d"])
VALUES = st.one_of(SCALARS, SCALARS, st.lists(SCALARS, max_size=3))


@st.composite
def events(draw):
    """An event of which a part comes from a rule's own text, so that many rules are true."""
    return event(
        draw(st.dictionaries(FIELDS, VALUES, max_size=3)),
        draw(st.sampled_from(["Security", "security", "Ab", ""])),
        draw(st.integers(0, 4)),
    )


def several(values):
    return st.one_of(values, st.lists(values, min_size=1, max_size=3))


def keyed(names, modifiers, values):
    """`name|modifier: value` for each combination."""
    return st.builds(lambda name, how, value: {f"{name}{how}": value}, names, modifiers, values)


PARTS = ["|contains", "|startswith", "|endswith", "|cased", "|contains|cased", "|cased|endswith"]
EVERY = ["|all", "|contains|all", "|neq|all", "|startswith|all|neq"]
DASHED = ["|windash", "|contains|windash", "|windash|contains|all", "|endswith|windash"]
CODED = [
    "|base64", "|base64|contains", "|base64offset|contains", "|wide|base64", "|wide|base64offset|contains",
    "|utf16|base64", "|utf16be|base64", "|utf16le|base64", "|utf16|base64offset|contains", "|base64|startswith",
]  # fmt: skip
OTHER = ["|fieldref", "|fieldref|startswith", "|fieldref|endswith", "|fieldref|contains", "|fieldref|neq"]
PATTERNS = ["a+b", "^a", "b$", "[^a]b", "(power|root)", "A.b", "^$", "1{2,3}", "\\\\.", "é", ".exe", "^b$"]
BOUND = ["|re|startswith", "|re|endswith", "|re|contains", "|re|m|endswith", "|re|i|startswith|endswith", "|re|neq"]
NAMES = st.one_of(FIELDS, FIELDS, st.sampled_from(["Channel", "EventID", "Computer"]))
few_dashes = TEXT.filter(lambda text: text.count("-") + text.count("/") < 4)
ITEMS = st.one_of(
    keyed(NAMES, st.just(""), st.just([])),
    keyed(NAMES, st.just(""), several(st.one_of(TEXT, NUMBERS, st.booleans(), st.none(), ADDRESSES))),
    keyed(NAMES, st.just("|neq"), several(st.one_of(TEXT, NUMBERS, st.none()))),
    keyed(NAMES, st.sampled_from(PARTS), several(st.one_of(TEXT, TEXT, NUMBERS, st.booleans()))),
    keyed(NAMES, st.sampled_from([f"{part}|neq" for part in PARTS]), several(TEXT)),
    keyed(NAMES, st.sampled_from(EVERY), st.lists(TEXT, min_size=2, max_size=3)),
    keyed(NAMES, st.sampled_from(DASHED), several(few_dashes)),
    keyed(FIELDS, st.sampled_from(CODED), several(st.sampled_from(["adm", "root", "ab", "a", "abc", "admroot"]))),
    keyed(FIELDS, st.sampled_from(["|re", "|re|i", "|re|m", "|re|s", "|re|i|m|s"]), several(st.sampled_from(PATTERNS))),
    keyed(FIELDS, st.sampled_from(BOUND), several(st.sampled_from([*PATTERNS, 1, 12]))),
    keyed(FIELDS, st.just("|cidr"), several(st.sampled_from(["10.0.0.0/8", "10.1.2.3/32", "fe80::/10", "::/0"]))),
    keyed(NAMES, st.sampled_from(["|lt", "|lte", "|gt", "|gte"]), several(BOUNDS)),
    keyed(FIELDS, st.sampled_from(["|minute", "|hour", "|day", "|week", "|month", "|year"]), st.integers(1, 13)),
    keyed(FIELDS, st.sampled_from(["|hour|gte", "|week|lt", "|month|lte", "|day|gt|neq"]), several(st.integers(1, 23))),
    keyed(FIELDS, st.sampled_from(["|year", "|year|gt"]), st.sampled_from([2025, 2026])),
    keyed(NAMES, st.just("|exists"), st.booleans()),
    keyed(NAMES, st.sampled_from(OTHER), NAMES),
    keyed(NAMES, st.sampled_from(["|expand", "|expand|contains", "|cased|expand"]), st.sampled_from(
        ["%beheerders%", "x%leeg%", "%beheerders%%leeg%"]
    )),
)  # fmt: skip
KEYWORDS = st.one_of(
    st.lists(st.one_of(TEXT, NUMBERS), min_size=1, max_size=3),
    st.builds(lambda values: {"|all": values}, st.lists(TEXT, min_size=2, max_size=3)),
    st.builds(lambda pattern: {"|re": pattern}, st.sampled_from(PATTERNS)),
    TEXT,
)
MAPS = st.lists(ITEMS, min_size=1, max_size=3).map(
    lambda items: {key: value for item in items for key, value in item.items()}
)
SELECTIONS = st.one_of(
    MAPS, MAPS, st.lists(MAPS, min_size=1, max_size=3), KEYWORDS, st.tuples(MAPS, TEXT.filter(bool)).map(list)
)

# Conditions: a tree written down, with parentheses where they are needed and also where they are not.

IDENTIFIERS = ["sel_a", "sel_b", "other", "_hidden", "notable"]


def written(op):
    def write(parts):
        return f" {op} ".join(f"({part})" if " " in part else part for part in parts)

    return write


CONDITIONS = st.recursive(
    st.sampled_from(
        [
            *IDENTIFIERS,
            "1 of sel_*",
            "all of sel_*",
            "any of *a*",
            "1 of them",
            "all of them",
            "1 of _*",
            "all of other",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(written("and")),
        st.lists(inner, min_size=2, max_size=3).map(written("or")),
        st.tuples(inner, inner).map(" or ".join),
        st.tuples(inner, inner).map(" and ".join),
        inner.map("not {}".format),
        inner.map("not ({})".format),
        inner.map("( {} )".format),
    ),
    max_leaves=5,
)


@st.composite
def detections(draw):
    detection = {name: draw(SELECTIONS) for name in IDENTIFIERS}
    condition = draw(st.one_of(CONDITIONS, st.lists(CONDITIONS, min_size=2, max_size=2)))
    return {**detection, "condition": condition}


def compare(texts, found_events):
    """Both ways, over all rules at once; the matcher meets the events in this order, twice."""
    loaded = load_rules([(f"{number}.yml", text) for number, text in enumerate(texts)], LISTS)
    assert not loaded.unusable, loaded.unusable
    questions = [
        (rule.id, plain_rule(yaml.safe_load(text), LISTS)) for rule, text in zip(loaded.rules, texts, strict=True)
    ]
    matcher = Matcher(loaded.rules)
    for one in [*found_events, *found_events]:
        envelope = {
            "Channel": one.channel,
            "EventID": one.event_id,
            "Computer": one.host,
            "Provider_Name": one.provider,
        }
        seen = Seen(
            {**one.fields, **{name: value for name, value in envelope.items() if value not in ("", None)}},
            list(one.fields.values()),
        )
        plain = [rule_id for rule_id, question in questions if question(seen)]
        assert [match.rule_id for match in matcher.match(one)] == plain, (texts, one)


def numbered(number, detection):
    return rule_text(detection, id=f"{number:08d}-2222-4333-8444-555555555555")


@given(found=st.lists(detections(), min_size=1, max_size=3), seen=st.lists(events(), min_size=1, max_size=4))
def test_whole_rules(found, seen):
    compare([numbered(number, detection) for number, detection in enumerate(found)], seen)


@given(found=st.lists(SELECTIONS, min_size=1, max_size=8), seen=st.lists(events(), min_size=1, max_size=5))
def test_each_selection(found, seen):
    compare([numbered(number, {"selection": one}) for number, one in enumerate(found)], seen)


@pytest.mark.parametrize(
    ("selection", "fields", "expected"),
    [
        # PCRE: an end is also before the line end that closes the text; \\d, \\w, \\s and \\b are about ASCII
        ({"A|re": "exe$"}, {"A": "x.exe\n"}, True),
        ({"A|re": "exe$"}, {"A": "x.exe\n\n"}, False),
        ({"A|re": "[$]x$"}, {"A": "$x\n"}, True),
        ({"A|re": "a\\$"}, {"A": "a$b"}, True),
        ({"A|re|m": "a$"}, {"A": "a\nb"}, True),
        ({"A|re": "\\d"}, {"A": "٣"}, False),
        ({"A|re": "\\bexe"}, {"A": "éexe"}, True),
        ({"A|re|i": "É"}, {"A": "é"}, True),
        ({"A|re": "a"}, {"A": "a\ud800"}, True),
        # numbers are what a log means by one
        ({"A|gte": 1}, {"A": "1_000"}, False),
        ({"A|gte": 1}, {"A": "Infinity"}, False),
        ({"A|lt": 1}, {"A": "nan"}, False),
        ({"A|gte": 1}, {"A": "0x10"}, False),
        ({"A|gte": 1}, {"A": " 3 "}, True),
        ({"A|gte": 1}, {"A": True}, False),
        ({"A": "1.0"}, {"A": 1.0}, False),
        ({"A": 1}, {"A": True}, False),
        # letters
        ({"A": "a?c"}, {"A": "aéc"}, True),
        ({"A": "straße"}, {"A": "STRASSE"}, False),
        ({"A": "*a?"}, {"A": "xa\ud800"}, True),
        ({"A|contains": "\x00"}, {"A": "a\x00b"}, True),
        # values in values
        ({"A|contains": "abc"}, {"A": ["x", ["abc"]]}, True),
        ({"A": None}, {"A": [None, "x"]}, True),
        ({"A": None}, {"A": []}, False),
        ({"A|exists": True}, {"A": []}, True),
        ({"A": []}, {}, True),
        ({"A|fieldref": "B"}, {"A": None, "B": None}, False),
        ({"A|fieldref|neq": "B"}, {"A": "x"}, True),
        (["EventID"], {"A": "x"}, False),
        (["a", {"A": "b"}], {"A": "b"}, True),
        # addresses
        ({"A|cidr": "10.0.0.0/8"}, {"A": "10.1.2.3:443"}, False),
        ({"A|cidr": "10.0.0.0/8"}, {"A": 167772161}, False),
        ({"A|cidr": "10.0.0.0/8"}, {"A": "010.1.2.3"}, False),
        ({"A|cidr": "fe80::/10"}, {"A": "fe80::1%eth0"}, True),
        # dashes and lists of one's own
        ({"A|windash": "–a"}, {"A": "-a"}, False),
        ({"A|contains|windash": "a-b"}, {"A": "a/b"}, False),
        ({"A|windash|contains": "--a"}, {"A": "-/a"}, True),
        ({"A|expand": "x%leeg%"}, {"A": "xx"}, True),
        ({"A|expand": "100%"}, {"A": "100%"}, True),
        ({"A": "%leeg%"}, {"A": "%leeg%"}, True),
        ({"A|utf16le|base64": "ab"}, {"A": "YQBiAA=="}, True),
    ],
)
def test_corners(selection, fields, expected):
    text = rule_text({"selection": selection})
    assert plain_rule(yaml.safe_load(text), LISTS)(Seen(event(fields).fields)) is expected
    compare([text], [event(fields)])


@pytest.mark.parametrize(
    ("detection", "words"),
    [
        ({"selection": {"A|gt": 2**53 + 1}}, "te lang"),
        ({"selection": {"A|wide|base64": "é"}}, "ascii"),
        ({"selection": {"A|contains|windash": "-a -b -c -d"}}, "three dash"),
        ({"selection": {"A|expand": "\\%a%b%"}}, "lijst"),
        ({"sel-a": {"A": "x"}, "condition": "1 of sel-*"}, "condition"),
    ],
)
def test_what_the_specification_allows_and_the_engine_refuses(detection, words):
    """Refused with a reason, never read as something else."""
    assert words in reason(detection)
