"""Correlations over what comes in: told once, also when a batch fails or another process goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import (
    Alert,
    AlertRule,
    CorrelationMemory,
    IngestFile,
    IngestState,
    LogSource,
    MatchedEvent,
    RuleKind,
    RuleOff,
    SigmaRule,
    SourceKind,
)
from brandwacht.soc.services import correlations, pipeline, window_ends
from brandwacht.soc.services.rule_relations import references_in
from brandwacht.soc.services.runner import Runner
from brandwacht.soc.services.window_ends import processed_until, tell_time
from tests.soc.conftest import line, minutes, rule_text
from tests.soc.test_views import BUDGET, log_in, page
from tests.world import NOW, acting_system, person

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


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def often(soc: Organisation, region: Organisation, rules_folder: Path) -> Organisation:
    """The SOC has a correlation on one of its rules."""
    (rules_folder / "vaak.yml").write_text(OFTEN)
    with acting_system(soc) as me:
        assert services.import_rules(me, rules_folder).unusable == ()
    return region


def write_log(folder: Path, count: int, name: str = "log.jsonl", start: int = 0, ago: int = 60) -> Path:
    path = folder / name
    lines = (line("lsass.exe", at=minutes(ago - n), User="beheer") for n in range(start, start + count))
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


LATER = minutes(-30)
SELDOM = (
    OFTEN.replace("Geheugen vaak gelezen", "Maar twee keer gelezen").replace("gte: 3", "eq: 2").replace("091", "092")
)


@pytest.fixture
def seldom(often: Organisation, soc: Organisation, rules_folder: Path) -> Organisation:
    """The SOC has a correlation that can only be judged when its time is over."""
    (rules_folder / "vaak.yml").write_text(SELDOM)
    with acting_system(soc) as me:
        assert services.import_rules(me, rules_folder).unusable == ()
    return often


class TestTime:
    """What is judged when its window is over needs somebody to tell the time."""

    def test_it_is_told_without_a_next_event_once_and_under_its_own_time(
        self, seldom: Organisation, tmp_path: Path
    ) -> None:
        ingest(seldom, write_log(tmp_path, 2))
        assert tell_time(minutes(50)) == "", "within the window, and what may come late, nothing is decided"
        assert told() == []
        assert tell_time(LATER) == "1 verband(en) waar geworden aan het eind van hun tijd"
        assert tell_time(LATER) == ""
        assert told() == [("Maar twee keer gelezen", 1)]
        with every_owner():
            alert, event = Alert.objects.get(), MatchedEvent.objects.get()
        assert (alert.organisation, alert.last_seen, alert.asset.name) == (seldom, minutes(59), "DC01")
        assert event.raw["Event"]["EventData"]["User"] == "beheer", "the record itself, as the store has it"

    def test_what_has_no_alert_leaves_no_trace_but_is_let_go(self, seldom: Organisation, tmp_path: Path) -> None:
        ingest(seldom, write_log(tmp_path, 3))
        tell_time(LATER)
        assert told() == []
        with every_owner():
            memory = CorrelationMemory.objects.get()
        assert memory.state["correlations"]["00000000-0000-4000-8000-000000000092"]["groups"] == []

    def test_a_record_that_has_an_alert_already_is_no_reason_to_leave_it_out(
        self, seldom: Organisation, soc: Organisation, rules_folder: Path, tmp_path: Path
    ) -> None:
        (rules_folder / "vaak.yml").write_text(SELDOM.replace("  timespan", "  generate: true\n  timespan"))
        with acting_system(soc) as me:
            services.import_rules(me, rules_folder)
        ingest(seldom, write_log(tmp_path, 2))
        assert told() == [("Geheugen gelezen", 2)]
        tell_time(LATER)
        assert told() == [("Geheugen gelezen", 2), ("Maar twee keer gelezen", 1)]

    def test_without_a_store_it_says_what_is_known(
        self, seldom: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(window_ends, "event_scan", lambda: None)
        ingest(seldom, write_log(tmp_path, 2))
        tell_time(LATER)
        with every_owner():
            event = MatchedEvent.objects.get()
            alert = Alert.objects.get()
        assert event.raw["User"] == "beheer"
        assert alert.entity_value == "beheer"

    def test_time_stands_still_while_something_waits(self, seldom: Organisation, tmp_path: Path) -> None:
        ingest(seldom, write_log(tmp_path, 2))
        with every_owner():
            source = LogSource.objects.create(
                organisation=seldom, name="DC", kind=SourceKind.BULK, created_at=NOW, caught_up_at=None
            )
            assert processed_until(seldom.pk, LATER) is None
            for behind in (None, minutes(58)):
                LogSource.objects.filter(pk=source.pk).update(caught_up_at=behind)
                assert tell_time(LATER) == ""
            LogSource.objects.filter(pk=source.pk).update(enabled=False)
            IngestFile.objects.update(state=IngestState.RUNNING, seen_at=LATER)
            assert processed_until(seldom.pk, LATER) is None
            assert processed_until(seldom.pk, LATER + window_ends.ALIVE) == LATER + window_ends.ALIVE

    def test_off_for_the_organisation_it_is_not_told(
        self, seldom: Organisation, soc: Organisation, tmp_path: Path
    ) -> None:
        with every_owner():
            RuleOff(
                organisation=seldom, watcher=soc, rule_id="00000000-0000-4000-8000-000000000092", title="x", reason="x",
                off_by="x", off_at=minutes(90), until=LATER + timedelta(days=1),
            ).save()  # fmt: skip
        ingest(seldom, write_log(tmp_path, 2))
        tell_time(LATER)
        assert told() == []

    def test_the_runner_says_when_it_has_nothing_left(self, region: Organisation) -> None:
        with every_owner():
            source = LogSource.objects.create(
                organisation=region, name="DC", kind=SourceKind.BULK, created_at=minutes(9)
            )
        runner = Runner(lambda: NOW, monotonic=iter(range(0, 10_000, 11)).__next__, beside=False)
        try:
            for _turn in range(3):
                runner.turn()
        finally:
            runner.close()
        with every_owner():
            source.refresh_from_db()
        assert source.caught_up_at == NOW


class TestPages:
    """What a correlation holds and let go is on a page."""

    def test_what_is_open_and_what_it_waits_for(
        self, often: Organisation, soc: Organisation, tmp_path: Path, django_assert_max_num_queries: Any
    ) -> None:
        client = log_in(person(soc, Role.SOC_ANALYST))
        with every_owner():
            rule = SigmaRule.objects.get(title="Geheugen vaak gelezen")
        assert "Dit verband heeft nog niets gezien" in page(client, "correlation", rule.public_id)
        ingest(often, write_log(tmp_path, 1))
        text = page(client, "correlation", rule.public_id)
        assert "Van 1 groep is de tijd voorbij" in text
        ingest(often, write_log(tmp_path, 2, "nu.jsonl", ago=5))
        page(client, "correlation", rule.public_id)  # the first look of an hour is written in the audit chain
        with django_assert_max_num_queries(BUDGET):
            text = page(client, "correlation", rule.public_id)
        assert "User = beheer" in text
        assert "nog 1 gebeurtenis" in text
        assert "Geheugen gelezen" in text
        text = page(client, "rule", rule.public_id)
        assert "Verband tussen regels" in text
        assert "liet niets los" in text
        with every_owner():
            other = SigmaRule.objects.get(title="Wie ben ik")
        assert client.get(reverse("soc:correlation", args=[other.public_id])).status_code == 302

    def test_a_window_that_must_end_and_rules_that_were_not_seen(
        self, often: Organisation, soc: Organisation, rules_folder: Path, tmp_path: Path
    ) -> None:
        both = OFTEN.replace("event_count", "temporal").replace("  condition: {gte: 3}\n", "").replace("091", "093")
        both = both.replace("Geheugen vaak", "Samen").replace("[0000", "[00000000-0000-4000-8000-000000000003, 0000")
        (rules_folder / "samen.yml").write_text(both)
        (rules_folder / "zelden.yml").write_text(SELDOM)
        with acting_system(soc) as me:
            assert services.import_rules(me, rules_folder).unusable == ()
        ingest(often, write_log(tmp_path, 2, ago=5))
        client = log_in(person(soc, Role.SOC_ANALYST))
        with every_owner():
            rules = {rule.title: rule for rule in SigmaRule.objects.filter(kind=RuleKind.CORRELATION)}
        text = page(client, "correlation", rules["Samen gelezen"].public_id)
        assert "een gebeurtenis van: Wie ben ik" in text
        text = page(client, "correlation", rules["Maar twee keer gelezen"].public_id)
        assert "tot zijn tijd om is" in text


class TestEditor:
    """A correlation is written, checked and changed like a rule."""

    def test_live_validation_knows_the_rules_that_are_there(self, region: Organisation, soc: Organisation) -> None:
        client = log_in(person(soc, Role.SOC_ANALYST))

        def told(text: str) -> str:
            return client.post(reverse("soc:rule-check"), {"text": text}).content.decode()

        good = told(OFTEN)
        assert "Deze regel is te gebruiken" in good
        assert "Geheugen gelezen" in good, "the rules that it rests on, by their titles"
        bad = told(OFTEN.replace("000000000001]", "000000000077]"))
        assert "Tekstregel 7" in bad
        assert "is er niet bij" in bad
        assert "Tekstregel 9" in told(OFTEN.replace("10m", "straks"))
        assert "past bij geen enkele regel" in told(
            "title: x\nlogsource: {product: windows}\nfilter: {rules: any, selection: {a: b}, condition: not selection}"
        )
        form = client.get(reverse("soc:rule-new"), {"soort": "verband"}).content.decode()
        assert "type: event_count" in form
        tried = client.post(reverse("soc:rule-new"), {"text": OFTEN, "event": "{}", "doen": "probeer"})
        assert "Een verband kijkt naar meer gebeurtenissen" in tried.content.decode()

    def test_written_changed_and_at_work(self, region: Organisation, soc: Organisation, tmp_path: Path) -> None:
        with acting_system(soc) as me:
            row = services.write_rule(me, OFTEN, "", enabled=True)
            assert (row.kind, row.level) == (RuleKind.CORRELATION, 4)
            services.change_rule(me, row.public_id, OFTEN.replace("gte: 3", "gte: 2"), "Te laat", seen=1)
        ingest(region, write_log(tmp_path, 2))
        assert told() == [("Geheugen vaak gelezen", 1)]

    def test_by_name_and_on_another_correlation(self, region: Organisation, soc: Organisation) -> None:
        named = rule_text(81, "Met naam", "low", "T1033", "net.exe").replace("status", "name: met_naam\nstatus")
        outer = OFTEN.replace("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000091")
        with acting_system(soc) as me:
            services.write_rule(me, named, "", enabled=True)
            services.write_rule(me, OFTEN.replace("00000000-0000-4000-8000-000000000001", "met_naam"), "", enabled=True)
            made = services.write_rule(me, outer.replace("091\n", "094\n", 1), "", enabled=True)
        assert made.compiled["rules"] == ["00000000-0000-4000-8000-000000000091"]

    def test_a_delivery_may_rest_on_an_earlier_one(
        self, region: Organisation, soc: Organisation, tmp_path: Path
    ) -> None:
        folder = tmp_path / "later"
        folder.mkdir()
        (folder / "vaak.yml").write_text(OFTEN)
        with acting_system(soc) as me:
            result = services.import_rules(me, folder)
            assert (result.added, result.unusable) == (1, ())
            assert SigmaRule.objects.get(rule_id__endswith="0001").version == 1

    @given(st.text(max_size=200))
    def test_any_text_has_an_answer(self, text: str) -> None:
        assert isinstance(references_in(f"correlation:\n  rules: {text}"), list)
