"""The signature: on the page, as a file, on the command line; and a clear word when it does not hold."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.baseline.models import Snapshot
from brandwacht.baseline.progress.snapshot_file import Signed, judge, judge_row, pack, unpack
from brandwacht.cli.report import report as command
from brandwacht.network.errors import Refused
from brandwacht.network.roles import Role
from brandwacht.network.signing import own_public_key
from brandwacht.network.tenancy import every_owner
from tests.baseline.progress.country import ciso, country, report
from tests.world import person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def row() -> Snapshot:
    (ours,) = country("VR17")
    with ciso(ours) as me:
        return report(me, bodies=["loket"], fte_now=0.2)


def test_a_reader_sees_whether_it_holds(row: Snapshot, client: Client) -> None:
    client.force_login(person(row.organisation, Role.CISO), backend=BACKEND)
    address = f"/basis/voortgang/rapportage/{row.public_id}"
    assert "De handtekening klopt: er is niets veranderd" in client.get(address).content.decode()
    file = client.get(f"{address}.json").content
    assert judge(unpack(file), own_public_key()).known
    offered = {"file": SimpleUploadedFile("a.json", file.replace(b"0.2", b"0.9"))}
    page = client.post("/basis/voortgang/controleren", offered).content.decode()
    assert "De handtekening klopt niet" in page
    offered = {"file": SimpleUploadedFile("a.json", b"{}")}
    answer = client.post("/basis/voortgang/controleren", offered)
    assert answer.status_code == 422
    assert "geen bestand van een momentopname" in answer.content.decode()


def test_a_row_that_was_swapped_is_found(row: Snapshot) -> None:
    with every_owner():
        Snapshot(
            organisation=row.organisation, moment="2026-1", version=1, kind=row.kind, body=row.body, sha256=row.sha256,
            signature=row.signature, public_key=row.public_key, released_at=row.released_at,
        ).save()  # fmt: skip
        swapped = Snapshot.objects.select_related("organisation").get(moment="2026-1")
    assert judge_row(row, own_public_key()).holds
    assert not judge_row(swapped, own_public_key()).holds


def test_a_forger_with_a_key_of_their_own_is_not_known(row: Snapshot) -> None:
    key = Ed25519PrivateKey.generate()
    body = row.body.replace("0.2", "0.9")
    forged = Signed(body, key.sign(body.encode()).hex(), key.public_key().public_bytes_raw().hex())
    verdict = judge(forged, own_public_key())
    assert (verdict.holds, verdict.known) == (True, False)
    assert "niet kent" in verdict.word


@settings(max_examples=25)
@given(st.data())
def test_any_change_of_the_body_breaks_the_signature(data: st.DataObject) -> None:
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"test").digest())
    body = '{"form":"brandwacht-voortgang-1","fte":0.2}'
    at = data.draw(st.integers(0, len(body) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    public = key.public_key().public_bytes_raw().hex()
    changed = body[:at] + letter + body[at + 1 :]
    assert judge(Signed(changed, key.sign(body.encode()).hex(), public), public).holds is (changed == body)


@settings(max_examples=25)
@given(
    st.binary(max_size=60)
    | st.dictionaries(st.sampled_from(["form", "body", "signature"]), st.text(max_size=3)).map(orjson.dumps)
)
def test_any_file_is_read_or_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        unpack(data)


def test_the_command_line(row: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(pack(row))
    found = CliRunner().invoke(command, ["verify", str(file)])
    assert found.exit_code == 0, found.output
    assert "Testregio VR17, peilmoment 2026-2, versie 1" in found.output
    found = CliRunner().invoke(command, ["verify", str(file), "--key", "00" * 32])
    assert (found.exit_code, "niet kent" in found.output) == (1, True)
    file.write_bytes(pack(row).replace(b"0.2", b"0.9"))
    found = CliRunner().invoke(command, ["verify", str(file)])
    assert (found.exit_code, "klopt niet" in found.output) == (1, True)
    file.write_bytes(b"geen json")
    assert CliRunner().invoke(command, ["verify", str(file)]).exit_code == 1
