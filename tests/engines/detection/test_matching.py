"""The matcher: log sources, field names, envelope, explanation; and that the fast way equals the plain way."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import LogSources, Matcher, Rule
from brandwacht.engines.detection.explaining import evaluate
from tests.engines.detection.support import SYSMON, event, matches, rule

WHOAMI = {"selection": {"Image|endswith": "\\whoami.exe", "ParentImage|endswith": "\\cmd.exe"}}


def test_a_category_is_found_in_sysmon_and_in_security_with_its_field_names():
    matcher = Matcher([rule(WHOAMI, logsource={"product": "windows", "category": "process_creation"})])
    fields = {"Image": "C:\\whoami.exe", "ParentImage": "C:\\cmd.exe"}
    audited = {"NewProcessName": "C:\\whoami.exe", "ParentProcessName": "C:\\cmd.exe"}
    assert matcher.match(event(fields, SYSMON, 1))
    assert matcher.match(event(fields, SYSMON.upper(), 1))
    assert not matcher.match(event(fields, SYSMON, 11))
    assert not matcher.match(event(fields, "Security", 4688))
    assert matcher.match(event(audited, "Security", 4688))[0].matched["Image"] == "C:\\whoami.exe"


def test_values_are_translated_too():
    source = {"product": "windows", "category": "network_connection"}
    matcher = Matcher([rule({"selection": {"Initiated": "true", "DestinationPort": 4444}}, logsource=source)])
    assert matcher.match(event({"Direction": "%%14593", "DestPort": 4444}, "Security", 5156))
    assert not matcher.match(event({"Direction": "%%14592", "DestPort": 4444}, "Security", 5156))


def test_a_place_may_ask_more_of_an_event():
    source = {"product": "windows", "category": "registry_delete"}
    matcher = Matcher([rule({"selection": {"TargetObject|contains": "RunMRU"}}, logsource=source)])
    assert matcher.match(event({"TargetObject": "x\\RunMRU", "EventType": "DeleteValue"}, SYSMON, 12))
    assert not matcher.match(event({"TargetObject": "x\\RunMRU", "EventType": "CreateKey"}, SYSMON, 12))


def test_a_service_is_a_channel_and_with_a_category_both_must_hold():
    security = Matcher(
        [rule({"selection": {"EventID": 4624}}, logsource={"product": "windows", "service": "security"})]
    )
    assert security.match(event({}, "Security", 4624))
    assert not security.match(event({}, "System", 4624))
    both = {"product": "windows", "service": "security", "category": "process_creation"}
    matcher = Matcher([rule({"selection": {"Image|contains": "x"}}, logsource=both)])
    assert matcher.match(event({"NewProcessName": "x"}, "Security", 4688))
    assert not matcher.match(event({"Image": "x"}, SYSMON, 1))


def test_a_rule_without_a_known_place_is_named_and_never_matches():
    odd = rule({"selection": {"A": "1"}}, logsource={"product": "onbekend", "service": "iets"})
    matcher = Matcher([odd])
    assert matcher.unplaced == (odd,)
    assert not matcher.match(event({"A": "1"}))


def test_another_table_of_log_sources_may_be_given():
    table = LogSources.from_data({"services": {"auditd": ["audit"]}}, product="linux")
    matcher = Matcher([rule({"selection": {"A": "1"}}, logsource={"product": "linux", "service": "auditd"})], table)
    assert matcher.match(event({"A": "1"}, "audit"))


def test_the_payload_can_not_pose_as_the_envelope():
    forged = event({"Channel": "Security", "EventID": 4624, "Provider_Name": "Vals", "Computer": "VALS"}, "System", 104)
    assert (forged.channel, forged.event_id, forged.provider, forged.host) == ("System", 104, "Proef", "VRR-DC01")
    for name, value in (("Channel", "Security"), ("EventID", 4624), ("Provider_Name", "Vals"), ("Computer", "VALS")):
        assert not Matcher([rule({"selection": {name: value}})]).match(forged)
    real = {"Channel": "System", "EventID": 104, "Provider_Name": "Proef", "Computer": "VRR-DC01"}
    assert Matcher([rule({"selection": real})]).match(forged)


def test_the_case_of_a_channel_counts_only_where_a_rule_asks():
    asked = Matcher([rule({"selection": {"Channel|cased": "Security"}}), rule({"selection": {"Channel": "SECURITY"}})])
    assert [len(asked.match(event({}, channel))) for channel in ("Security", "security")] == [2, 1]


def test_a_match_says_why():
    detection = {
        "selection": {"Image|endswith": ["\\cmd.exe", "\\sh.exe"], "Line|contains|all": ["a", "b"]},
        "filter": {"User": "SYSTEM"},
        "condition": "selection and not filter",
    }
    other = {"level": "critical", "tags": ["attack.execution", "attack.t1059.003"]}
    (match,) = matches(detection, {"Image": "C:\\CMD.exe", "Line": "a b", "User": "x"}, **other)
    assert (match.title, match.level) == ("Proef", "critical")
    assert match.tags == ("attack.execution", "attack.t1059.003")
    assert match.selections == ("selection",)
    assert match.matched == {"Image": "C:\\CMD.exe", "Line": "a b"}
    assert match.because == ('Image eindigt op "\\cmd.exe"', 'Line bevat "a"', 'Line bevat "b"')


def test_keywords_name_the_field_they_stand_in():
    (match,) = matches({"selection": ["mimikatz"]}, {"A": "x", "B": "run mimikatz"})
    assert match.matched == {"B": "run mimikatz"}


def test_absence_alone_can_be_a_reason():
    (match,) = matches({"selection": {"A": None}}, {})
    assert match.matched == {"A": None}
    assert match.because == ("A ontbreekt of is leeg",)


def test_matches_come_in_the_order_of_the_rules():
    rules = [replace(rule({"selection": {"A|contains": "x"}}), id=str(number)) for number in range(20)]
    assert [match.rule_id for match in Matcher(rules).match(event({"A": "x"}))] == [item.id for item in rules]


def test_kinds_of_event_do_not_pile_up_without_end(monkeypatch):
    monkeypatch.setattr("brandwacht.engines.detection.matching.MAX_PARTITIONS", 3)
    matcher = Matcher([rule({"selection": {"A": "1"}})])
    assert all(matcher.match(event({"A": "1"}, f"K{number}", number)) for number in range(10))


def test_what_is_remembered_of_values_has_an_end():
    matcher = Matcher([rule({"selection": {"A|contains": "x"}})], memory=500)
    assert [bool(matcher.match(event({"A": text}))) for text in ("x1", "y2", "x3", "y4", "x5", "x1")] == [
        True, False, True, False, True, True,
    ]  # fmt: skip


def test_a_huge_value_is_searched_to_its_end(monkeypatch):
    monkeypatch.setattr("brandwacht.engines.detection.index.WINDOW", 7)
    matcher = Matcher([rule({"selection": {"A|contains": "naald"}}), rule({"selection": {"A|contains": "zz"}})])
    for lead in range(30):
        assert len(matcher.match(event({"A": "x" * lead + "naald" + "y" * 9 + "zz"}))) == 2


# The fast way equals the plain way, for rules and events that hypothesis makes up.

TEXT = st.text("abAB", max_size=5)
NAMES = st.sampled_from(["A", "B", "Channel", "EventID"])
LITERALS = st.builds(
    lambda kind, name, text, cased: [kind, name, text if cased else text.lower(), cased],
    st.sampled_from(["eq", "starts", "ends", "contains"]),
    NAMES,
    TEXT,
    st.booleans(),
)
ATOMS = st.one_of(
    LITERALS,
    st.builds(lambda text: ["contains", None, text.lower(), False], TEXT),
    st.builds(lambda name, text: ["glob", name, [0, text.lower() or "a", 1], False], NAMES, TEXT),
    st.builds(lambda name, pattern: ["re", name, pattern, "i"], NAMES, st.sampled_from(["a+b", "^b", "a$", "1"])),
    st.builds(lambda name: ["null", name], NAMES),
    st.builds(lambda name, wanted: ["exists", name, wanted], NAMES, st.booleans()),
    st.builds(lambda how: ["ref", "A", "B", how], st.sampled_from(["eq", "starts", "contains"])),
    st.builds(lambda number: ["cmp", "EventID", "gte", number], st.integers(0, 3)),
)


def trees(leaf):
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda part: ["not", part], inner),
            st.builds(
                lambda op, parts: [op, *parts], st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)
            ),
        ),
        max_leaves=6,
    )


RULES = st.builds(
    lambda x, y, condition: Rule(
        id="r", title="", level="low", status="", tags=(), attack=(), description="", author="", falsepositives=(),
        references=(), logsource={"product": "windows"}, name="", selections={"x": x, "y": y}, condition=condition,
    ),
    trees(ATOMS), trees(ATOMS), trees(st.sampled_from([["sel", "x"], ["sel", "y"]])),
)  # fmt: skip
VALUES = st.one_of(TEXT, st.none(), st.booleans(), st.integers(0, 3), st.lists(st.one_of(TEXT, st.none()), max_size=3))
EVENTS = st.builds(
    lambda fields, channel, number: event(fields, channel, number),
    st.dictionaries(st.sampled_from(["A", "B"]), VALUES),
    st.sampled_from(["a", "Ab", ""]),
    st.integers(0, 3),
)


@given(rules=st.lists(RULES, min_size=1, max_size=5), events=st.lists(EVENTS, min_size=1, max_size=4))
def test_fast_equals_plain(rules, events):
    rules = [replace(item, id=str(number)) for number, item in enumerate(rules)]
    matcher = Matcher(rules)
    for one in events:
        plain = [item.id for item in rules if evaluate(item.condition, item.selections, one.lookup, one)]
        assert [match.rule_id for match in matcher.match(one)] == plain
