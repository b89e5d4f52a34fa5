"""Real attack logs and the public rules, as far as `../shared/data` has them.

Which rule matches what was verified by reading the events: the selections of each rule named here were checked by hand.
"""

import json
import random
from collections import defaultdict
from pathlib import Path

import pytest

from brandwacht.engines.detection import BadRecord, Event, Matcher, Rule, RuleSet, UnreadableFile, read_events


@pytest.fixture(scope="module")
def rules(public_rules: RuleSet) -> list[Rule]:
    """The rules, by way of their stored form."""
    assert len(public_rules.rules) > 3700
    assert all("%known_cdcs%" in rule.reason for rule in public_rules.unusable)
    again = [Rule.from_json(json.loads(json.dumps(rule.to_json()))) for rule in public_rules.rules]
    assert again == public_rules.rules
    return again


@pytest.fixture(scope="module")
def found(recorded_events: list[tuple[str, Event]], rules: list[Rule]) -> dict[str, set[tuple[int, str]]]:
    """Per file in two folders: (number of the event, id of the rule)."""
    matcher = Matcher(rules)
    assert not [rule.name for rule in matcher.unplaced if rule.logsource.get("product") == "windows"]
    result: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for name, item in recorded_events:
        path = Path(name)
        if {"Credential_Access", "Lateral_Movement"} & set(path.parts):
            for match in matcher.match(item):
                assert match.selections
                result[path.name].add((item.number, match.rule_id))
    return result


def test_all_files_can_be_read(shared_data):
    paths = sorted((shared_data / "evtx").rglob("*.evtx"))
    items = [item for path in paths for item in read_events(path)]
    assert len(paths) == 277
    assert len(items) == 8255
    assert all(isinstance(item, Event) for item in items)
    assert all(item.time and item.time.utcoffset().total_seconds() == 0 for item in items)
    assert sum(item.channel == "Security" for item in items) == 1577


@pytest.mark.parametrize(
    ("file", "number", "rule_id"),
    [
        # replication rights asked by a user account: T1003.006
        ("CA_DCSync_4662.evtx", 1, "17d619c1-e020-4347-957e-1d1207455c93"),
        # a handle with access mask 0x1f3fff to lsass.exe: T1003.001
        ("CA_hashdump_4663_4656_lsass_access.evtx", 1, "4a1b6da0-d94f-4fc3-98fc-2d9cb9e5ee76"),
        # a thread in lsass.exe that starts in no known module: T1003.001
        ("CA_sysmon_hashdump_cmd_meterpreter.evtx", 3, "f239b326-2f41-4d6b-9dfa-c846a60ef505"),
        # PowerShell opens lsass.exe: T1003.001
        ("babyshark_mimikatz_powershell.evtx", 22, "0f920ebe-7aea-4c54-b202-9aa0c609cfe5"),
        # cmd.exe below mmc.exe, output sent to ADMIN$ on 127.0.0.1: T1021.003
        ("LM_impacket_docmexec_mmc_sysmon_01.evtx", 2, "05a2ab7e-ce11-4b63-86db-ab32e763e11d"),
        ("LM_impacket_docmexec_mmc_sysmon_01.evtx", 2, "10c14723-61c7-4c75-92ca-9af245723ad2"),
        # a renamed PsExec service whose pipe ends in -stdin: T1021.002
        ("LM_renamed_psexecsvc_5145.evtx", 20, "c462f537-a1e3-41a6-b5fc-b2c2cef9bf82"),
        # tasklist.exe in the Security log (4688), so by translated field names: T1057
        ("LM_ScheduledTask_ATSVC_target_host.evtx", 17, "63332011-f057-496c-ad8d-d2b6afb27f96"),
        # a program started by the remote shell host of WinRM: T1021.006
        ("LM_winrm_exec_sysmon_1_winrshost.evtx", 2, "79df3f68-dccb-48e9-9171-b75cbc37c51d"),
    ],
)
def test_what_must_be_found(found, file, number, rule_id):
    assert (number, rule_id) in found[file]


def test_what_must_not_be_found(found):
    """Sysmon's event 12 tells of keys made as well as keys deleted: these files make RunMRU, and delete nothing."""
    deleted = "3a9b8c1e-5b2e-4f7a-9d1c-2a7f3b6e1c55"
    assert deleted not in {rule_id for matches in found.values() for _, rule_id in matches}


def test_techniques_named_by_the_matches(found, rules):
    techniques = {rule.id: rule.attack for rule in rules}
    seen = {technique for matches in found.values() for _, rule_id in matches for technique in techniques[rule_id]}
    assert {"T1003.001", "T1003.006", "T1021.002", "T1021.003", "T1021.006", "T1053.005", "T1047"} <= seen


def test_damaged_copies_have_an_outcome(shared_data, tmp_path):
    chance = random.Random(2026)
    paths = sorted((shared_data / "evtx").rglob("*.evtx"), key=lambda path: path.stat().st_size)[:40]
    reasons: list[str] = []
    damaged = 0
    for turn in range(120):
        content = bytearray(chance.choice(paths).read_bytes())
        if turn % 2:
            del content[chance.randrange(9, len(content)) :]
        else:
            for _ in range(30):
                content[chance.randrange(8, len(content))] = chance.randrange(256)
        path = tmp_path / "kapot.evtx"
        path.write_bytes(content)
        try:
            items = list(read_events(path))
        except UnreadableFile as error:
            reasons.append(error.reason)
        else:
            assert items
            damaged += any(isinstance(item, BadRecord) for item in items)
    assert reasons
    assert all(reason.endswith(".") for reason in reasons)
    assert damaged
