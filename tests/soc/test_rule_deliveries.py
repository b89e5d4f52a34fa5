"""Rules from a zip: tricks refused, read by a worker, shown, and taken over whole or not at all."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import ContentImport, ImportState, SigmaRule
from brandwacht.soc.services import content_imports, rule_files, rule_import, rule_taking
from tests.soc.conftest import rule_text
from tests.world import NOW, acting_system


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


class TestZip:
    def test_one_folder_around_is_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "x.zip"
        path.write_bytes(zipped(**{"sigma-1.2/a.yml": "a: 1", "sigma-1.2/w/b.yaml": "b: 1", "sigma-1.2/c.txt": "c"}))
        assert [f.name for f in rule_files.read_zip(path, "sigma")] == ["sigma/a.yml", "sigma/w/b.yaml"]

    @pytest.mark.parametrize("name", ["../a.yml", "/a.yml", "b/../../a.yml", "C:/a.yml", "b\\a.yml"])
    def test_tricks_with_paths(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / "x.zip"
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            entry = zipfile.ZipInfo("plaats")
            entry.filename = name
            archive.writestr(entry, "a: 1")
        path.write_bytes(out.getvalue())
        with pytest.raises(Refused, match="buiten zichzelf"):
            rule_files.read_zip(path, "x")

    def test_limits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "x.zip"
        path.write_bytes(zipped(**{"a.yml": "a" * 3000, "b.yml": "b" * 3000}))
        monkeypatch.setattr(rule_files, "MAX_FILE", 2000)
        assert all("te groot" in file.problem for file in rule_files.read_zip(path, "x"))
        monkeypatch.setattr(rule_files, "MAX_UNPACKED", 3000)
        with pytest.raises(Refused, match="100 MB"):
            rule_files.read_zip(path, "x")
        monkeypatch.setattr(rule_files, "MAX_FILES", 1)
        with pytest.raises(Refused, match=r"20\.000"):
            rule_files.read_zip(path, "x")

    @given(st.binary(max_size=300), st.integers(0, 400))
    def test_damage_is_refused(self, noise: bytes, at: int) -> None:
        whole = zipped(**{"a.yml": "title: x\n" * 20})
        path = Path(content_imports.settings.DATA) / "fuzz.zip"
        path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
        try:
            assert rule_files.read_zip(path, "x")
        except Refused as error:
            assert error.message


@pytest.fixture
def offered(soc: Organisation, settings: Any, tmp_path: Path) -> Callable[..., ContentImport]:
    """Offer a zip as the SOC and let the worker read it."""
    settings.DATA = tmp_path

    def offering(content: bytes, collection: str = "sigma") -> ContentImport:
        with acting_system(soc) as me:
            row = services.offer_rules(me, "regels.zip", [content], collection)
        services.read_offered_content("VR-SOC", str(row.public_id), lambda: NOW)
        with every_owner():
            row.refresh_from_db()
        return row

    return offering


def taken_over(row: ContentImport) -> str:
    """What the worker makes of the decision."""
    return rule_taking.take_over("VR-SOC", str(row.public_id), lambda: NOW)


@pytest.mark.django_db
class TestOffered:
    def test_shown_first_and_then_taken_over(
        self, soc: Organisation, offered: Callable[..., ContentImport], tmp_path: Path
    ) -> None:
        good = rule_text(1, "Een", "high", "T1033", "a.exe")
        row = offered(zipped(**{"a.yml": good, "b.yml": "title: [stuk"}))
        assert row.state == ImportState.READY
        assert row.outcome["counts"] | {"unusable": 1, "new": 1} == row.outcome["counts"]
        with acting_system(soc) as me:
            assert not SigmaRule.objects.exists()
            rule_taking.decide(me, row.public_id, take={}, missing_off=False)
            assert not SigmaRule.objects.exists()
        assert taken_over(row) == ImportState.APPLIED
        with acting_system(soc) as me:
            assert set(SigmaRule.objects.values_list("name", flat=True)) == {"sigma/a.yml", "sigma/b.yml"}
            with pytest.raises(Refused, match="klaar om"):
                rule_taking.decide(me, row.public_id, take={}, missing_off=False)
        assert not list((tmp_path / "content-imports").iterdir())

    def test_what_changed_meanwhile_is_shown_again(
        self, soc: Organisation, offered: Callable[..., ContentImport]
    ) -> None:
        first = rule_text(1, "Een", "high", "T1033", "a.exe")
        row = offered(zipped(**{"a.yml": first, "b.yml": rule_text(2, "Twee", "low", "T1033", "b.exe")}))
        with acting_system(soc) as me:
            own = services.write_rule(me, first.replace("Een", "Eigen"), "", enabled=True)
            rule_taking.decide(me, row.public_id, take={}, missing_off=False)
        assert taken_over(row) == ImportState.READY
        with acting_system(soc) as me:
            row.refresh_from_db()
            assert "intussen veranderd" in row.reason
            assert [rule["title"] for rule in row.outcome["own"]] == ["Eigen"]
            rule_taking.decide(me, row.public_id, take={own.rule_id: True}, missing_off=False)
        assert taken_over(row) == ImportState.APPLIED
        with acting_system(soc):
            own.refresh_from_db()
            assert (own.title, own.version) == ("Een", 2)

    def test_how_far_it_is_is_told_and_it_can_be_stopped(
        self, soc: Organisation, offered: Callable[..., ContentImport], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        texts = {f"{n}.yml": rule_text(n, f"Regel {n}", "high", "T1033", f"{n}.exe") for n in range(1, 6)}
        row = offered(zipped(**texts))
        told: list[tuple[int, int]] = []

        def note(about: ContentImport, standing: rule_taking.Standing) -> None:
            told.append(standing)
            written(about, standing)
            if stop and standing.done == 2:
                with acting_system(soc) as me:
                    assert services.drop_import(me, about.public_id).state == ImportState.TAKING

        stop = True
        written = rule_taking._note
        monkeypatch.setattr(rule_taking, "_note", note)
        monkeypatch.setattr(rule_taking, "PAUSE", 0.0)
        monkeypatch.setattr(rule_import, "AT_ONCE", 1)
        with acting_system(soc) as me:
            rule_taking.decide(me, row.public_id, take={}, missing_off=False)
        assert taken_over(row) == ImportState.READY
        with acting_system(soc) as me:
            assert not SigmaRule.objects.exists()
            row.refresh_from_db()
            assert row.reason == "Gestopt; er is niets veranderd."
            assert not rule_taking.ask_to_stop(me, row.public_id)
            stop = False
            told.clear()
            rule_taking.decide(me, row.public_id, take={}, missing_off=False)
            assert rule_taking.standing(row) == (0, 0)
        assert taken_over(row) == ImportState.APPLIED
        assert told == [(0, 0), *((n, 5) for n in range(6))]
        with acting_system(soc):
            assert SigmaRule.objects.count() == 5

    def test_a_worker_that_died_while_taking_over(
        self, soc: Organisation, offered: Callable[..., ContentImport], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = offered(zipped(**{"a.yml": rule_text(1, "Een", "high", "T1033", "a.exe")}))
        with acting_system(soc) as me:
            rule_taking.decide(me, row.public_id, take={}, missing_off=False)
        with monkeypatch.context() as killed:
            killed.setattr(rule_taking, "audit_import", lambda *_facts: sys.exit())
            with pytest.raises(SystemExit):
                taken_over(row)
        with every_owner():
            assert not SigmaRule.objects.exists()
        assert "opnieuw" in content_imports.look_after_imports(NOW + timedelta(minutes=6))
        assert taken_over(row) == ImportState.APPLIED
        assert taken_over(row) == "niet gevonden"

    def test_a_preview_that_is_gone_says_so(self, soc: Organisation, offered: Callable[..., ContentImport]) -> None:
        row = offered(zipped(**{"a.yml": rule_text(1, "Een", "high", "T1033", "a.exe")}))
        with acting_system(soc) as me:
            rule_taking.decide(me, row.public_id, take={}, missing_off=False)
        (content_imports.folder_of(row) / content_imports.PREPARED).write_bytes(b"{")
        assert taken_over(row) == ImportState.READY
        with every_owner():
            row.refresh_from_db()
        assert "Bied het bestand opnieuw aan" in row.reason

    def test_stopped_and_broken_change_nothing(self, soc: Organisation, offered: Callable[..., ContentImport]) -> None:
        assert offered(b"geen zip").state == ImportState.FAILED
        with acting_system(soc) as me:
            row = services.offer_rules(me, "regels.zip", [zipped(**{"a.yml": "title: x"})], "sigma")
            services.drop_import(me, row.public_id)
        assert services.read_offered_content("VR-SOC", str(row.public_id), lambda: NOW) == ImportState.STOPPED
        with every_owner():
            assert not SigmaRule.objects.exists()

    def test_a_worker_that_died_and_a_preview_that_nobody_takes(
        self, soc: Organisation, offered: Callable[..., ContentImport], tmp_path: Path
    ) -> None:
        row = offered(zipped(**{"a.yml": rule_text(1, "Een", "high", "T1033", "a.exe")}))
        with acting_system(soc) as me:
            services.offer_rules(me, "x.zip", [b"x"], "y")
        assert "opnieuw" in content_imports.look_after_imports(NOW + timedelta(minutes=6))
        content_imports.look_after_imports(NOW + timedelta(days=8))
        with every_owner():
            row.refresh_from_db()
        assert row.state == ImportState.STOPPED
        assert not content_imports.folder_of(row).exists()
