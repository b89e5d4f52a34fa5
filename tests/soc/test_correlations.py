"""Correlations over what comes in: told once, also when a batch fails or another process goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import AlertRule, CorrelationMemory, MatchedEvent, SigmaRule
from brandwacht.soc.services import correlations, pipeline
from tests.soc.conftest import line, minutes
from tests.world import acting_system

pytestmark = pytest.mark.django_db

OFTEN = """
title: Geheugen vaak gelezen
id: 00000000-0000-4000-8000-000000000091
level: critical
correlation:
  type: event_count
  rules: [00000000-0000-4000-8000-000000000001]
  group-by: [User]
  timespan: 10m
  condition: {gte: 3}
"""


@pytest.fixture(autouse=True)
def _own_state(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    correlations._held.clear()


@pytest.fixture
def often(soc: Organisation, region: Organisation, rules_folder: Path) -> Organisation:
    """The SOC has a correlation on one of its rules."""
    (rules_folder / "vaak.yml").write_text(OFTEN)
    with acting_system(soc) as me:
        assert services.import_rules(me, rules_folder).unusable == ()
    return region


def write_log(folder: Path, count: int, name: str = "log.jsonl", start: int = 0) -> Path:
    path = folder / name
    lines = (line("lsass.exe", at=minutes(60 - n), User="beheer") for n in range(start, start + count))
    path.write_text("".join(f"{each}\n" for each in lines))
    return path


def ingest(owner: Organisation, path: Path, batch: int = 2000) -> None:
    with acting_system(owner) as me:
        list(services.ingest(me, path, services.rulebook_for(me), batch=batch))


def told() -> list[tuple[str, int]]:
    with every_owner():
        return sorted(AlertRule.objects.values_list("title", "count"))


def test_a_rule_that_a_correlation_rests_on_is_silent_and_the_correlation_is_told_once(
    often: Organisation, tmp_path: Path
) -> None:
    ingest(often, write_log(tmp_path, 2))
    assert told() == []
    ingest(often, write_log(tmp_path, 3, "later.jsonl", start=2))
    assert told() == [("Geheugen vaak gelezen", 1)]
    with every_owner():
        event = MatchedEvent.objects.get()
        (match,) = event.matches
        assert match["matched"] == {"User": "beheer"}
        assert match["level"] == "critical"
        assert "rust op 3 gebeurtenissen" in match["because"][-1]


@pytest.mark.parametrize("restart", [True, False])
def test_a_batch_that_fails_and_a_restart_neither_lose_nor_repeat(
    often: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restart: bool
) -> None:
    path = write_log(tmp_path, 4)
    real = pipeline.file_matches
    seen: list[int] = []

    def file_matches(ledger: Any, found: Any, *rest: Any) -> None:
        seen.append(len(found))
        if len(seen) == 2:
            raise OperationalError("the process was killed here")
        real(ledger, found, *rest)

    monkeypatch.setattr(pipeline, "file_matches", file_matches)
    with pytest.raises(OperationalError):
        ingest(often, path, batch=2)
    if restart:
        correlations._held.clear()
    ingest(often, path, batch=2)
    ingest(often, path, batch=2)
    assert told() == [("Geheugen vaak gelezen", 1)]
    assert seen == [0, 1, 1]
    with every_owner():
        assert CorrelationMemory.objects.get().number == 2


def test_a_correlation_that_is_off_is_not_told(often: Organisation, soc: Organisation, tmp_path: Path) -> None:
    with acting_system(soc) as me:
        rule = SigmaRule.objects.get(title="Geheugen vaak gelezen")
        services.switch_rule(me, rule.public_id, enabled=False, reason="Ruis")
    ingest(often, write_log(tmp_path, 4))
    assert told() == [("Geheugen gelezen", 4)], "without it the rule speaks for itself again"
