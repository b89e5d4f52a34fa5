"""How the compiled kernel gets from the worker to the pages."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from brandwacht.riskmap.reckoning import kernels


def test_turned_off_nothing_is_compiled_or_waited_for(settings: Any) -> None:
    settings.KERNELS = None
    assert kernels.compiling() is None
    assert not kernels.use_compiled()
    kernels.follow()


def test_the_worker_compiles_into_the_data_folder(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KERNELS = tmp_path
    started = []
    monkeypatch.setattr(subprocess, "Popen", started.append)
    kernels.compiling()
    assert started == [[sys.executable, "-m", "brandwacht.engines.cascade", str(tmp_path)]]


def test_the_web_server_goes_on_looking_until_it_is_there(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KERNELS = tmp_path
    assert not kernels.use_compiled()
    asked = []

    def load(folder: Path) -> bool:
        asked.append(folder)
        if len(asked) == 4:
            raise OSError("damaged")
        return len(asked) == 3

    monkeypatch.setattr(kernels, "load", load)
    kernels.follow(pause=0)
    assert asked == [tmp_path] * 3
    kernels.follow(pause=0)
    assert len(asked) == 4
