"""`brandwacht audit`: the check of every chain, and the signed export that makes a rewritten chain visible."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result
from django.conf import LazySettings

from brandwacht.cli.audit import audit as command
from brandwacht.network import audit
from brandwacht.network.audit import Fact
from brandwacht.network.models import AuditEntry, AuditHead
from brandwacht.network.tenancy import every_owner
from tests.world import acting_system, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def chains() -> None:
    for code in ("VR17", "VR15"):
        with acting_system(organisation(code)) as me:
            audit.write(me, [Fact(me.organisation_id, f"actie.{n}", "network.Node", "x") for n in range(3)])


def run(*args: str) -> Result:
    return CliRunner().invoke(command, list(args))


def export() -> Path:
    answer = run("export")
    assert answer.exit_code == 0, answer.output
    return Path(answer.output.strip())


def test_chains_that_hold(chains: None) -> None:
    answer = run("verify")
    assert answer.exit_code == 0
    assert answer.output == "Alle 2 ketens kloppen; samen 6 regels.\n"


def test_a_changed_line_is_named_and_the_command_fails(chains: None) -> None:
    AuditEntry._base_manager.filter(organisation__code="VR17", seq=2).update(action="iets anders")
    answer = run("verify")
    assert answer.exit_code == 1
    assert "VR17, regel 2: de inhoud is veranderd" in answer.output
    assert "1 fout(en) in het logboek." in answer.output


def test_a_rewritten_chain_is_found_with_an_earlier_export(chains: None) -> None:
    earlier = export()
    with every_owner():
        last = AuditEntry.objects.get(organisation__code="VR17", seq=3)
        last.action = "nooit gebeurd"
        last.hash = audit._digest(last)
        AuditEntry.objects.filter(pk=last.pk).update(action=last.action, hash=last.hash)
        AuditHead.objects.filter(organisation=last.organisation).update(hash=last.hash)
    assert run("verify").exit_code == 0
    answer = run("verify", "--head", str(earlier))
    assert answer.exit_code == 1
    assert "VR17, regel 3: de keten is herschreven sinds de eerdere stand" in answer.output


def test_an_export_still_holds_after_more_was_written(chains: None) -> None:
    earlier = export()
    with acting_system(organisation("VR17")) as me:
        audit.write(me, [Fact(me.organisation_id, "later", "network.Node", "x")])
    assert run("verify", "--head", str(earlier)).exit_code == 0


def test_an_export_that_was_changed_or_comes_from_elsewhere_is_refused(chains: None, tmp_path: Path) -> None:
    path = export()
    content = orjson.loads(path.read_bytes())
    content["heads"]["VR17"]["seq"] = 2
    forged = tmp_path / "vals.json"
    forged.write_bytes(orjson.dumps(content))
    answer = run("verify", "--head", str(forged))
    assert answer.exit_code == 1
    assert "handtekening" in answer.output
    for nonsense in (b"", b"[]", b"{}", b"\xff\xfe", b'{"at": 1, "heads": {}, "signature": "zz"}'):
        forged.write_bytes(nonsense)
        answer = run("verify", "--head", str(forged))
        assert answer.exit_code == 1
        assert "geen export" in answer.output
        assert answer.exception is None or isinstance(answer.exception, SystemExit)


def test_the_key_is_for_its_owner_only(chains: None, tmp_path: Path) -> None:
    export()
    assert (tmp_path / "audit-key.pem").stat().st_mode & 0o777 == 0o600
