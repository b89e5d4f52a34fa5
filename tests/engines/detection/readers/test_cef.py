"""CEF and LEEF, with their escapes, alone and inside syslog."""

import pytest

from tests.engines.detection.support import MOMENT, fits, received, refused

MILLIS = int(MOMENT.timestamp() * 1000)


def test_cef_with_escapes():
    found = received(
        f"CEF:0|Lever\\|ancier|Pro\\\\duct|1.0|100|Naam|5|src=2001:db8::1 dst=198.51.100.9 msg=een \\= twee\\nregel=? "
        f"cs1=7 cs1Label=Regel soort rt={MILLIS} request=https://x.test/a?b\\=c fname=a b.exe"
    )
    assert (found.kind, found.provider, found.time) == ("cef.event", "Pro\\duct", MOMENT)
    assert found.fields["DeviceVendor"] == "Lever|ancier"
    assert found.fields["src"] == "2001:db8::1"
    assert found.fields["msg"] == "een = twee\nregel=?"
    assert found.fields["Regel soort"] == "7"
    assert found.fields["request"] == "https://x.test/a?b=c"
    assert found.fields["fname"] == "a b.exe"


def test_the_header_of_cef_goes_before_its_pairs():
    found = received(
        "<14>Nov 22 14:05:00 fw02 CEF:0|L|P|1|2|N|5|act=blocked DeviceVendor=Vals Name=Vals dvchost=elders"
    )
    assert (found.host, found.fields["DeviceVendor"], found.fields["Name"]) == ("fw02", "L", "N")
    assert received("CEF:0|L|P|1|2|N|5|dvchost=fw03").host == "fw03"
    assert received("CEF:0|L|P|1|2|N|5").fields["Severity"] == "5"


@pytest.mark.parametrize(
    "stamp",
    ["Nov 22 2026 14:05:00", "Nov 22 14:05:00", "Nov 22 2026 13:05:00.000 +0000", "2026-11-22T13:05:00Z", str(MILLIS)],
)
def test_the_moments_of_cef(stamp):
    assert received(f"CEF:0|L|P|1|2|N|5|x=1 rt={stamp} y=2").time == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        "LEEF:1.0|L|P|1|42|src=10.0.0.1\tdst=10.0.0.2\tusrName=Jan de Vries",
        "LEEF:2.0|L|P|1|42|^|src=10.0.0.1^dst=10.0.0.2^usrName=Jan de Vries",
        "LEEF:2.0|L|P|1|42|0x5e|src=10.0.0.1^dst=10.0.0.2^usrName=Jan de Vries",
        "LEEF:2.0|L|P|1|42|x5E|src=10.0.0.1^dst=10.0.0.2^usrName=Jan de Vries",
        "LEEF:2.0|L|P|1|42|src=10.0.0.1\tdst=10.0.0.2\tusrName=Jan de Vries",
    ],
)
def test_leef(text):
    for found in (received(text), received(f"<14>Nov 22 14:05:00 fw02 {text}")):
        assert found.kind == "leef.event"
        assert {"src": "10.0.0.1", "dst": "10.0.0.2", "usrName": "Jan de Vries"}.items() <= found.fields.items()
        assert (found.fields["SignatureID"], found.fields["DeviceVendor"]) == ("42", "L")
        assert fits({"category": "firewall"}, {"dst_ip": "10.0.0.2"}, found)


def test_a_header_that_is_not_complete():
    assert "vorm" in refused("CEF:0|L|P|1")
    assert "vorm" in refused("LEEF:1.0|L")
