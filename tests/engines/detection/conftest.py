"""The real rules and logs of `../shared/data`, read once for all tests of a worker."""

from pathlib import Path

import pytest

from brandwacht.engines.detection import Event, RuleSet, read_events
from brandwacht.engines.detection.catalog import load_folder


@pytest.fixture(scope="session")
def rule_texts(shared_data: Path) -> dict[str, str]:
    """The text of every public rule by name."""
    root = shared_data / "sigma"
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.yml"))}


@pytest.fixture(scope="session")
def public_rules(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    """All public rules; compiled in this run, by whichever worker is first."""
    base = tmp_path_factory.getbasetemp()
    return load_folder(shared_data / "sigma", (base.parent if base.name.startswith("popen") else base) / "compiled")


@pytest.fixture(scope="session")
def recorded_events(shared_data: Path) -> list[tuple[str, Event]]:
    """Every event of every EVTX file, with the path of its file."""
    paths = sorted((shared_data / "evtx").rglob("*.evtx"))
    return [(str(path), item) for path in paths for item in read_events(path) if isinstance(item, Event)]
