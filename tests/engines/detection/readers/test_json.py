"""JSON of shippers and clouds: which log it is, under which names rules find what it holds."""

import json
from typing import Any

import pytest

from brandwacht.engines.detection import Event
from brandwacht.engines.detection.readers import parse_payload
from tests.engines.detection.support import MOMENT, SYSMON, fits, received

STAMP = "2026-11-22T13:05:00Z"


def source(product: str, service: str) -> dict[str, str]:
    return {"product": product, "service": service}


MODIFIED = [{"displayName": "ConsentContext.IsAdminConsent", "newValue": '"False"'}]
TARGETS = [{"displayName": "Domain Admins", "type": "Group", "modifiedProperties": MODIFIED}]
CASES: list[tuple[str, dict[str, Any], dict[str, str], Any]] = [
    (
        "aws.cloudtrail",
        {
            "eventSource": "signin.amazonaws.com",
            "eventName": "ConsoleLogin",
            "awsRegion": "eu-west-1",
            "eventTime": STAMP,
            "userIdentity": {"type": "Root"},
            "responseElements": {"ConsoleLogin": "Success"},
        },
        source("aws", "cloudtrail"),
        {"userIdentity.type": "Root", "responseElements.ConsoleLogin": "Success", "responseElements|contains": "Login"},
    ),
    (
        "m365.audit",
        {
            "CreationTime": "2026-11-22T13:05:00",
            "Operation": "New-InboxRule",
            "Workload": "Exchange",
            "ResultStatus": "True",
            "Parameters": [{"Name": "ForwardTo", "Value": "x@elders.test"}],
            "ExtendedProperties": [{"Name": "RequestType", "Value": "Cmsi:Cmsi"}],
        },
        source("m365", "audit"),
        {
            "Operation": "New-InboxRule",
            "Parameters|contains|all": ["ForwardTo", "x@elders"],
            "RequestType": "Cmsi:Cmsi",
        },
    ),
    (
        "m365.alert",
        {
            "eventSource": "SecurityComplianceCenter",
            "eventName": "Impossible travel activity",
            "status": "success",
            "timestamp": STAMP,
        },
        source("m365", "threat_management"),
        {"eventSource": "SecurityComplianceCenter", "status": "success"},
    ),
    (
        "azure.signin",
        {
            "time": STAMP,
            "category": "SignInLogs",
            "resultType": "50126",
            "properties": {
                "userPrincipalName": "jan@vr.test",
                "authenticationRequirement": "singleFactorAuthentication",
                "deviceDetail": {"trustType": ""},
                "clientAppUsed": "IMAP",
            },
        },
        source("azure", "signinlogs"),
        {"ResultType": 50126, "AuthenticationRequirement": "singleFactorAuthentication", "ClientApp": "IMAP"},
    ),
    (
        "azure.audit",
        {
            "time": STAMP,
            "category": "AuditLogs",
            "operationName": "Add member to role",
            "properties": {"result": "success", "category": "RoleManagement", "targetResources": TARGETS},
        },
        source("azure", "auditlogs"),
        {
            "properties.message": "Add member to role",
            "OperationName|contains|all": ["Add", "member to role"],
            "properties.targetResources|contains": "Admins",
            "TargetResources|contains": "Domain",
            "TargetResources.modifiedProperties.newValue|contains": "False",
            "ConsentContext.IsAdminConsent": "false",
            "Category": "RoleManagement",
            "Status": "success",
        },
    ),
    (
        "azure.activity",
        {
            "time": STAMP,
            "resourceId": "/SUBSCRIPTIONS/1",
            "operationName": "MICROSOFT.KEYVAULT/VAULTS/WRITE",
            "category": "Administrative",
            "properties": {},
        },
        source("azure", "activitylogs"),
        {"operationName": "MICROSOFT.KEYVAULT/VAULTS/WRITE", "CategoryValue": "Administrative"},
    ),
    (
        "azure.activity",
        {"TimeGenerated": STAMP, "OperationNameValue": "MICROSOFT.PORTAL/CONSOLES/WRITE", "ResourceId": "/x"},
        source("azure", "activitylogs"),
        {"operationName": "MICROSOFT.PORTAL/CONSOLES/WRITE"},
    ),
    (
        "azure.risk",
        {"activityDateTime": STAMP, "riskEventType": "impossibleTravel"},
        source("azure", "riskdetection"),
        {"riskEventType": "impossibleTravel"},
    ),
    (
        "gcp.audit",
        {
            "timestamp": STAMP,
            "resource": {"type": "k8s_cluster"},
            "protoPayload": {
                "methodName": "io.k8s.core.v1.secrets.delete",
                "serviceName": "k8s.io",
                "authorizationInfo": [{"granted": True, "permission": "x.y"}],
            },
        },
        source("gcp", "gcp.audit"),
        {"gcp.audit.method_name|startswith": "io.k8s", "data.protoPayload.authorizationInfo.granted": "true"},
    ),
    (
        "gcp.workspace",
        {
            "id": {"time": STAMP, "applicationName": "admin"},
            "events": [{"name": "CHANGE_APPLICATION_SETTING", "parameters": [{"name": "SETTING_NAME", "value": "x"}]}],
        },
        source("gcp", "google_workspace.admin"),
        {"eventService": "admin.googleapis.com", "eventName": "CHANGE_APPLICATION_SETTING", "setting_name": "x"},
    ),
    (
        "okta.system",
        {
            "published": STAMP,
            "eventType": "zone.delete",
            "actor": {"alternateId": "jan@vr.test"},
            "target": [{"displayName": "a"}],
        },
        source("okta", "okta"),
        {"eventType": "zone.delete", "target.displayName": "a"},
    ),
    (
        "onelogin.events",
        {"event_type_id": 3, "created_at": STAMP},
        source("onelogin", "onelogin.events"),
        {"event_type_id": 3},
    ),
    (
        "github.audit",
        {"@timestamp": int(MOMENT.timestamp() * 1000), "action": "org.remove_member", "actor": "jan", "org": "vr"},
        source("github", "audit"),
        {"action": "org.remove_member"},
    ),
    (
        "bitbucket.audit",
        {"timestamp": STAMP, "auditType": {"category": "Security", "action": "x"}},
        source("bitbucket", "audit"),
        {"auditType.category": "Security"},
    ),
    (
        "kubernetes.audit",
        {
            "kind": "Event",
            "apiVersion": "audit.k8s.io/v1",
            "auditID": "1",
            "verb": "create",
            "requestReceivedTimestamp": STAMP,
            "objectRef": {"resource": "pods", "apiGroup": "apps"},
            "requestObject": {"spec": {"volumes": [{"hostPath": {"path": "/etc"}}]}},
        },
        source("kubernetes", "audit"),
        {"verb": "create", "objectRef.resource": "pods", "hostPath": "*", "apiGroup": "apps"},
    ),
    (
        "opencanary.event",
        {"logtype": 4002, "node_id": "kanarie", "utc_time": "2026-11-22 13:05:00", "src_host": "192.0.2.9"},
        {"product": "opencanary", "category": "application"},
        {"logtype": 4002},
    ),
    (
        "cisco.duo",
        {"event_type": "authentication", "txid": "1", "factor": "x", "reason": "bypass_user", "isotimestamp": STAMP},
        source("cisco", "duo"),
        {"event_type": "authentication", "reason": "bypass_user"},
    ),
    (
        "macos.eslogger",
        {
            "time": STAMP,
            "process": {"executable": {"path": "/bin/zsh"}},
            "event": {
                "exec": {"target": {"executable": {"path": "/usr/bin/osascript"}}, "args": ["osascript", "-e", "x"]}
            },
        },
        {"product": "macos", "category": "process_creation"},
        {"Image|endswith": "/osascript", "CommandLine": "osascript -e x", "ParentImage": "/bin/zsh"},
    ),
    (
        "suricata.http",
        {
            "timestamp": "2026-11-22T14:05:00.000000+0100",
            "flow_id": 1,
            "event_type": "http",
            "http": {"hostname": "a.test", "url": "/b.php?c", "http_method": "GET", "http_user_agent": "Proef"},
        },
        {"category": "webserver"},
        {"cs-uri-query": "/b.php?c", "cs-user-agent": "Proef", "cs-method": "GET"},
    ),
]


@pytest.mark.parametrize(("kind", "record", "logsource", "selection"), CASES, ids=[case[0] for case in CASES])
def test_known_records(kind, record, logsource, selection):
    for found in (received(record), received({"_source": record}), received(json.dumps(record))):
        assert (found.kind, found.time) == (kind, MOMENT)
        assert fits(logsource, selection, found)
        assert found.raw in (record, {"_source": record})


def test_records_in_a_wrapper_become_events_of_their_own():
    record = CASES[0][1]
    for name in ("Records", "records", "value"):
        found = parse_payload({name: [record, record]}, number=7)
        assert [(item.number, item.kind) for item in found if isinstance(item, Event)] == [
            (7, "aws.cloudtrail"),
            (8, "aws.cloudtrail"),
        ]
    assert received({"Records": []}).kind == "json.line"
    assert received({"@timestamp": STAMP, "records": [record]}).kind == "json.line"
    assert len(parse_payload({"@odata.context": "x", "value": [record, record]})) == 2


def test_an_export_of_microsoft_365_holds_its_record_as_text():
    export = {"CreationDate": "elders", "UserIds": "x", "Operations": "y", "AuditData": json.dumps(CASES[1][1])}
    found = received(export)
    assert (found.kind, found.time, found.fields["Operation"]) == ("m365.audit", MOMENT, "New-InboxRule")
    assert received({"AuditData": "{kapot"}).kind == "json.line"


def test_lines_that_a_shipper_carries():
    line = "Nov 22 14:05:00 vrr-web01 sshd[99]: Failed password for root from 192.0.2.9 port 1 ssh2"
    beat = {"@timestamp": STAMP, "agent": {"type": "filebeat"}, "host": {"name": "verzamelaar"}, "message": line}
    found = received(beat)
    assert (found.kind, found.host, found.time) == ("linux.sshd", "vrr-web01", MOMENT)
    web = '192.0.2.9 - - [22/Nov/2026:14:05:00 +0100] "GET /a HTTP/1.1" 200 5 "-" "x"'
    found = received(
        {"@timestamp": STAMP, "host": {"name": "vrr-web02"}, "log": {"file": {"path": "x"}}, "message": web}
    )
    assert (found.kind, found.host) == ("web.access", "vrr-web02")
    assert received({"log": web + "\n", "stream": "stdout", "time": STAMP}).kind == "web.access"
    inner = json.dumps(CASES[-1][1])
    assert received({"@timestamp": STAMP, "host": {"name": "ids01"}, "message": inner}).host == "ids01"
    assert received({"@timestamp": STAMP, "json": CASES[-1][1], "host": {"name": "ids01"}}).kind == "suricata.http"
    plain = received({"@timestamp": STAMP, "host": {"name": "app01"}, "message": '{"host": "vals", "a": 1}'})
    assert (plain.kind, plain.host) == ("json.line", "app01")


def test_the_journal_of_systemd():
    found = received(
        {
            "__REALTIME_TIMESTAMP": str(int(MOMENT.timestamp() * 1_000_000)),
            "_HOSTNAME": "vrr-web01",
            "SYSLOG_IDENTIFIER": "sshd",
            "_PID": "99",
            "MESSAGE": [*b"Failed password for jan from 192.0.2.9 port 1 ssh2"],
        }
    )
    assert (found.kind, found.host, found.time) == ("linux.sshd", "vrr-web01", MOMENT)
    assert {"program": "sshd", "pid": "99", "user": "jan", "src_ip": "192.0.2.9"}.items() <= found.fields.items()


PROCESS = {
    "@timestamp": STAMP,
    "ecs": {"version": "8.0"},
    "event": {"category": ["process"], "type": ["start"], "action": "start"},
    "host": {"name": "VRR-WS01", "os": {"type": "windows"}},
    "user": {"name": "jan", "domain": "VRR"},
    "process": {
        "executable": "C:\\Windows\\System32\\whoami.exe",
        "args": ["whoami.exe", "/priv"],
        "pid": 7,
        "hash": {"sha256": "ab" * 32},
        "parent": {"executable": "C:\\Windows\\System32\\cmd.exe"},
        "pe": {"original_file_name": "whoami.exe", "imphash": "cd" * 16},
    },
}


def test_rules_in_the_names_of_sysmon_find_events_in_ecs():
    found = received(PROCESS)
    assert (found.kind, found.host, found.time) == ("ecs.windows.process", "VRR-WS01", MOMENT)
    wanted = {
        "Image|endswith": "\\whoami.exe",
        "CommandLine|contains": "/priv",
        "ParentImage|endswith": "\\cmd.exe",
        "OriginalFileName": "whoami.exe",
        "User": "VRR\\jan",
        "Hashes|contains": "SHA256=" + "ab" * 32,
    }
    assert fits({"product": "windows", "category": "process_creation"}, wanted, found)
    assert not fits({"product": "linux", "category": "process_creation"}, {"ProcessId": 7}, found)
    assert not fits({"product": "windows", "category": "network_connection"}, {"ProcessId": 7}, found)


@pytest.mark.parametrize(
    ("category", "event", "part", "selection"),
    [
        (
            "file_event",
            {"category": ["file"], "type": ["creation"]},
            {"file": {"path": "C:\\a.exe"}},
            {"TargetFilename": "C:\\a.exe"},
        ),
        (
            "file_delete",
            {"category": "file", "type": "deletion"},
            {"file": {"path": "C:\\a"}},
            {"TargetFilename": "C:\\a"},
        ),
        (
            "file_rename",
            {"category": "file", "action": "rename"},
            {"file": {"path": "C:\\a"}},
            {"TargetFilename": "C:\\a"},
        ),
        (
            "registry_set",
            {"category": ["registry"], "type": ["change"]},
            {"registry": {"path": "HKLM\\Software\\a", "data": {"strings": ["x", "y"]}}},
            {"TargetObject|endswith": "\\a", "Details": "y"},
        ),
        (
            "registry_delete",
            {"category": "registry", "type": "deletion"},
            {"registry": {"path": "HKLM\\a"}},
            {"TargetObject": "HKLM\\a"},
        ),
        ("image_load", {"category": ["library"]}, {"dll": {"path": "C:\\a.dll"}}, {"ImageLoaded": "C:\\a.dll"}),
        ("driver_load", {"category": ["driver"]}, {"file": {"path": "C:\\a.sys"}}, {"ImageLoaded": "C:\\a.sys"}),
        (
            "network_connection",
            {"category": ["network"], "type": ["start"]},
            {"destination": {"ip": "2001:db8::7", "port": 443}, "network": {"direction": "egress"}},
            {"DestinationPort": 443, "DestinationIp|cidr": "2001:db8::/32", "Initiated": "true"},
        ),
        ("dns_query", {"category": ["network"]}, {"dns": {"question": {"name": "a.test"}}}, {"QueryName": "a.test"}),
    ],
)
def test_every_kind_of_event_in_ecs(category, event, part, selection):
    record = {"@timestamp": STAMP, "event": event, "host": {"os": {"family": "windows"}}, **part}
    assert fits({"product": "windows", "category": category}, selection, received(record))


def test_ecs_of_linux_and_mac_and_without_a_system():
    def process(path: str, **host: Any) -> Event:
        return received(
            {"@timestamp": STAMP, "event": {"category": "process"}, "process": {"executable": path}, "host": host}
        )

    assert process("/usr/bin/id", os={"platform": "debian"}).kind == "ecs.linux.process"
    assert process("/usr/bin/id").kind == "ecs.linux.process"
    assert process("/Applications/a").kind == "ecs.macos.process"
    assert process("C:\\a.exe").kind == "ecs.windows.process"
    assert process("/usr/bin/id", os={"type": "macos"}).kind == "ecs.macos.process"


def test_a_sysmon_event_whose_data_a_pipeline_moved_to_ecs():
    moved = {
        **PROCESS,
        "winlog": {"channel": SYSMON, "event_id": "1", "computer_name": "VRR-WS01", "event_data": {"Company": "x"}},
    }
    found = received(moved)
    assert (found.kind, found.channel, found.event_id, found.raw) == ("", SYSMON, 1, moved)
    wanted = {"Image|endswith": "\\whoami.exe", "CommandLine": "whoami.exe /priv", "Company": "x"}
    assert fits({"product": "windows", "category": "process_creation"}, wanted, found)
    whole = {**moved, "winlog": {**moved["winlog"], "event_data": {"Image": "C:\\echt.exe"}}}
    assert received(whole).fields == {"Image": "C:\\echt.exe"}


def test_a_record_of_which_nothing_is_known():
    found = received({"time": STAMP, "hostname": "app01", "a": {"b": [{"c": 1}, {"c": 2}]}, "tekst": "x"})
    assert (found.kind, found.host, found.time) == ("json.line", "app01", MOMENT)
    assert found.fields == {"time": STAMP, "hostname": "app01", "a.b.c": [1, 2], "tekst": "x"}
    assert fits({"product": "python", "category": "application"}, ["x"], found)
    assert not fits({"product": "windows"}, {"tekst": "x"}, found)
