"""Folders and tables that come from, or go to, somebody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from brandwacht.cli.soc import soc as command
from brandwacht.network.models import Organisation
from brandwacht.network.services.sheets import read_sheet
from brandwacht.network.tables import csv_text
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import BadRecord, IngestFile, SigmaRule
from tests.soc.conftest import line, rule_text
from tests.world import acting_system

pytestmark = pytest.mark.django_db


def test_links_out_of_the_folder_and_pipes_are_named_and_not_read(region: Organisation, tmp_path: Path) -> None:
    secret = tmp_path / "secret-key"
    secret.write_text("geheim\n" * 3, encoding="utf-8")
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.jsonl").write_text(line("lsass.exe") + "\n", encoding="utf-8")
    (folder / "b.jsonl").symlink_to(secret)
    (folder / "c.log").symlink_to("/dev/zero")
    (folder / "d.json").symlink_to(folder / "a.jsonl")
    os.mkfifo(folder / "e.log")
    with acting_system(region) as me:
        results = {r.name: r for r in services.ingest(me, folder, services.rulebook_for(me))}
    assert {name: str(result.outcome) for name, result in results.items()} == {
        "a.jsonl": "gelezen", "b.jsonl": "onleesbaar", "c.log": "onleesbaar", "d.json": "al eerder gelezen",
        "e.log": "onleesbaar",
    }  # fmt: skip
    with every_owner():
        assert (IngestFile.objects.count(), BadRecord.objects.count()) == (1, 0)


def test_a_collection_of_rules_reads_nothing_outside_itself(soc: Organisation, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yml"
    secret.write_text("token: geheim\n", encoding="utf-8")
    folder = tmp_path / "regels"
    folder.mkdir()
    (folder / "a.yml").write_text(rule_text(9, "Regel", "high", "T1003", "x.exe"), encoding="utf-8")
    (folder / "b.yml").symlink_to(secret)
    with acting_system(soc) as me:
        assert services.import_rules(me, folder).files == 1
    with every_owner():
        assert "geheim" not in str(list(SigmaRule.objects.values_list("source", flat=True)))


def test_a_file_name_gives_no_orders_to_the_terminal(region: Organisation, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "\x1b]0;gekaapt\x07\x1b[2J.jsonl").write_text("geen json\n", encoding="utf-8")
    answer = CliRunner().invoke(command, ["ingest", str(folder), "--organisation", region.code])
    assert "gekaapt" in answer.output
    assert "\x07" not in answer.output
    assert "\x1b]" not in answer.output


FORMULAS = ("=1+1", " =1+1", "\u00a0=1+1", "\n=1+1", "\t@SUM(A1)", "\ufeff=1+1", "＝1+1", "\u200b+1", "-1+1", "@x")


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_text_leaves_as_a_formula_and_our_own_table_comes_back(text: str) -> None:
    table = csv_text(["naam", "soort"], [[text, "x"]])
    assert table.splitlines()[1].lstrip('"').startswith("'")
    ((_one, _header), (_two, cells)) = read_sheet(table.encode()).rows
    assert cells[0] == text.strip()
