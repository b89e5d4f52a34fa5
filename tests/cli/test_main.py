"""The command itself: help at once and always, and one plain line when Brandwacht cannot start."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from brandwacht.cli.main import LAZY


def brandwacht(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BRANDWACHT_", "DJANGO_"))}
    command = [sys.executable, "-m", "brandwacht.cli", *arguments]
    return subprocess.run(command, env=env | environment, capture_output=True, text=True, timeout=240, check=False)


def test_help_names_every_command() -> None:
    answer = brandwacht("--help", BRANDWACHT_DATA="/proc/nergens")
    assert answer.returncode == 0
    for name, lazy in LAZY.items():
        assert name in answer.stdout
        assert lazy.help[:40] in answer.stdout


@pytest.mark.parametrize("name", LAZY)
def test_the_list_says_what_the_command_says(name: str) -> None:
    command = getattr(importlib.import_module(LAZY[name].module), LAZY[name].name)
    assert isinstance(command, click.Command)
    assert (command.help or "").split("\n")[0] == LAZY[name].help


@pytest.mark.parametrize("name", ["init", "demo", "serve", "worker"])
def test_each_command_explains_itself(name: str, tmp_path: Path) -> None:
    answer = brandwacht(name, "--help", BRANDWACHT_DATA=str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert LAZY[name].help in answer.stdout.replace("\n  ", " ")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"BRANDWACHT_DATA": "/proc/nergens"}, "/proc/nergens"),
        ({"DJANGO_SETTINGS_MODULE": "bestaat.niet"}, "bestaat"),
    ],
    ids=["folder", "settings"],
)
def test_when_django_cannot_start_it_says_why_in_one_go(environment: dict[str, str], said: str) -> None:
    answer = brandwacht("init", **environment)
    assert answer.returncode == 1
    assert "Brandwacht kan niet starten" in answer.stderr
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_command_whose_module_is_gone_says_so(tmp_path: Path) -> None:
    script = (
        "from brandwacht.cli import main as m\n"
        "m.LAZY['weg'] = m.Lazy('brandwacht.cli.weg', 'weg', 'Deze ontbreekt.')\n"
        "m.main()"
    )
    env = os.environ | {"BRANDWACHT_DATA": str(tmp_path)}
    for arguments, status, said in ((["--help"], 0, "Deze ontbreekt."), (["weg"], 1, "Brandwacht kan niet starten")):
        command = [sys.executable, "-c", script, *arguments]
        answer = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=False)
        assert answer.returncode == status, answer.stderr
        assert said in answer.stdout + answer.stderr
        assert "Traceback" not in answer.stderr


def test_an_unknown_command_is_refused() -> None:
    answer = brandwacht("onzin")
    assert answer.returncode == 2
    assert "onzin" in answer.stderr
