"""The log of auditd: joining, decoding, and what rules about Linux find in it."""

from brandwacht.engines.detection import BadRecord, Event
from brandwacht.engines.detection.readers import LineReader, auditd
from tests.engines.detection.support import MOMENT, fits, received

AT = f"{int(MOMENT.timestamp())}.000"
RULE = {"product": "linux", "service": "auditd"}


def lines(*texts: str) -> list[Event | BadRecord]:
    reader = LineReader()
    found = [item for number, text in enumerate(texts, start=1) for item in reader.feed(number, text.encode())]
    return [*found, *reader.finish()]


def one(*texts: str) -> Event:
    (found,) = lines(*texts)
    assert isinstance(found, Event)
    return found


EXEC = (
    (
        f"type=SYSCALL msg=audit({AT}:99): arch=c000003e syscall=59 success=yes a0=55d0 a1=7ffe ppid=10 pid=11 "
        'uid=33 euid=33 comm="sh" exe="/usr/bin/dash" key="x"\x1dARCH=x86_64 SYSCALL=execve AUID="jan" UID="www-data"'
    ),
    f'type=EXECVE msg=audit({AT}:99): argc=3 a0="sh" a1="-c" a2={b"wget http://a.test".hex().upper()}',
    f'type=CWD msg=audit({AT}:99): cwd="/var/www"',
    f'type=PATH msg=audit({AT}:99): item=0 name="/bin/sh" nametype=NORMAL',
    f"type=PROCTITLE msg=audit({AT}:99): proctitle={b'sh'.hex()}00{b'-c'.hex()}",
)


def test_the_records_of_one_happening_are_one_event():
    found = one(*EXEC)
    assert (found.kind, found.number, found.time) == ("linux.auditd", 1, MOMENT)
    assert found.fields["type"] == ["SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE"]
    assert (found.fields["a0"], found.fields["a2"]) == ("sh", "wget http://a.test")
    assert found.fields["proctitle"] == "sh -c"
    assert found.raw["line"].count("\n") == 4
    assert fits(RULE, {"type": "EXECVE", "a0": "sh", "a1": "-c"}, found)
    assert fits(RULE, {"type": "SYSCALL", "SYSCALL": ["execve", "execveat"], "euid": 33}, found)
    assert not fits(RULE, {"type": "PATH", "nametype": "CREATE"}, found)
    process = {
        "Image|endswith": "/dash",
        "CommandLine|contains": "wget http",
        "User": "www-data",
        "CurrentDirectory": "/var/www",
    }
    assert fits({"product": "linux", "category": "process_creation"}, process, found)


def test_records_that_come_mixed_are_told_apart_in_the_order_of_their_first_lines():
    other = [text.replace(":99)", ":100)") for text in EXEC]
    mixed = [text for pair in zip(EXEC, other, strict=True) for text in pair]
    found = lines(*mixed, f"type=EOE msg=audit({AT}:100):", "onzin", '{"a": 1}')
    assert [(item.number, type(item)) for item in found] == [(1, Event), (2, Event), (12, BadRecord), (13, Event)]
    assert found[0].fields == found[1].fields
    assert found[3].kind == "json.line"


def test_nodes_and_serial_numbers_keep_events_apart():
    found = lines(
        f'node=vrr1 type=CWD msg=audit({AT}:1): cwd="/a"',
        f'node=vrr2 type=CWD msg=audit({AT}:1): cwd="/b"',
    )
    assert [(item.host, item.fields["cwd"]) for item in found] == [("vrr1", "/a"), ("vrr2", "/b")]


def test_an_event_is_complete_after_a_while():
    reader = LineReader()
    reader.feed(1, EXEC[0].encode())
    given = [(number, list(reader.feed(number, b'{"a": 1}'))) for number in range(2, 2 + auditd.REACH)]
    assert all(not items for _number, items in given[:-1])
    assert [item.number for item in given[-1][1]] == list(range(1, 2 + auditd.REACH))
    assert not reader.finish()


def test_what_is_kept_back_has_a_limit():
    reader = LineReader()
    most = 0
    given = 0
    for number in range(1, 3000):
        given += len(reader.feed(number, f'type=EXECVE msg=audit({AT}:7): argc=1 a0="{number}"'.encode()))
        most = max(most, number - given * auditd.MAX_RECORDS)
    rest = reader.finish()
    assert most <= auditd.MAX_RECORDS * 2
    assert given + len(rest) == -(-2999 // auditd.MAX_RECORDS)


def test_names_for_numbers_and_things_made():
    found = one(
        f'type=SYSCALL msg=audit({AT}:5): arch=c00000b7 syscall=56 a0=ffffff9c pid=1 exe="/usr/bin/touch"',
        f'type=CWD msg=audit({AT}:5): cwd="/home/jan"',
        f'type=PATH msg=audit({AT}:5): name="/home/jan" nametype=PARENT',
        f"type=PATH msg=audit({AT}:5): name={b'.een naam'.hex()} nametype=CREATE",
    )
    assert found.fields["SYSCALL"] == "openat"
    assert found.fields["a0"] == "ffffff9c"
    assert found.fields["TargetFilename"] == "/home/jan/.een naam"
    assert fits({"product": "linux", "category": "file_event"}, {"TargetFilename|contains": "/."}, found)


def test_connections():
    def connect(saddr: str) -> Event:
        return one(
            f'type=SYSCALL msg=audit({AT}:6): arch=c000003e syscall=42 a0=3 exe="/usr/bin/bash"',
            f"type=SOCKADDR msg=audit({AT}:6): saddr={saddr}",
        )

    found = connect("02001F90C63364070000000000000000")
    wanted = {
        "Image|endswith": "/bash",
        "DestinationIp|cidr": "198.51.100.0/24",
        "DestinationPort": 8080,
        "Initiated": "true",
    }
    assert fits({"product": "linux", "category": "network_connection"}, wanted, found)
    six = connect("0A0001BB0000000020010DB800000000000000000000000700000000")
    assert (six.fields["DestinationIp"], six.fields["DestinationPort"]) == ("2001:db8::7", 443)
    assert "DestinationIp" not in connect("01002F72756E").fields


def test_user_records_and_long_arguments():
    found = received(
        f'type=USER_LOGIN msg=audit({AT}:8): pid=1 msg=\'op=login acct="jan" exe="/sshd" addr=192.0.2.9 res=failed\''
    )
    assert {"op": "login", "acct": "jan", "addr": "192.0.2.9", "res": "failed"}.items() <= found.fields.items()
    found = one(f'type=EXECVE msg=audit({AT}:9): argc=2 a0="echo" a1_len=8 a1[0]="abcd" a1[1]="efgh"')
    assert found.fields["CommandLine"] == "echo abcdefgh"


def test_records_behind_the_head_of_syslog():
    head = "Nov 22 14:05:00 vrr1 "
    (found,) = lines(
        f'{head}audispd: type=CWD msg=audit({AT}:3): cwd="/a"',
        f'{head}kernel: [12.3] audit: type=1309 audit({AT}:3): argc=1 a0="id"',
    )
    assert (found.host, found.fields["type"], found.fields["CommandLine"]) == ("vrr1", ["CWD", "EXECVE"], "id")


def test_an_end_without_a_beginning():
    (found,) = lines(f"type=EOE msg=audit({AT}:3): ")
    assert isinstance(found, BadRecord)
    assert "auditd" in found.reason
