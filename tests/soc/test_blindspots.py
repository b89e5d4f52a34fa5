"""Blind spots: what sources bring is noted, and a rule that can never fire there is told, and covers nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from brandwacht.engines.detection import Event
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import BlindReason, BlindSpot, LogSource, RuleReach, SeenLog, SigmaRule, SourceKind
from brandwacht.soc.queries import blindspots as reads
from brandwacht.soc.services.blindspots import judge_all
from brandwacht.soc.services.rule_text import blind_spot, check, read_event
from brandwacht.soc.services.seen import COUNTED_EVERY, NEW_EVERY, note_seen
from tests.soc.conftest import line, rule_text
from tests.soc.test_views import BUDGET, log_in, page
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=11)
DNS = rule_text(61, "Naam opgezocht", "high", "T1071.004", "x.exe").replace("process_creation", "dns_query")
HASHED = rule_text(62, "Bekend bestand", "low", "T1204", "x.exe").replace("Image|endswith", "Hashes|contains")
BOTH = """
title: Naam en bestand
id: 00000000-0000-4000-8000-000000000063
level: critical
correlation:
  type: temporal
  rules: [00000000-0000-4000-8000-000000000061, 00000000-0000-4000-8000-000000000062]
  group-by: [User]
  timespan: 10m
"""


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def watched(region: Organisation, soc: Organisation, rules_folder: Path, read: Callable[..., Any]) -> Organisation:
    """A region with one kind of log; of the seven rules of its SOC three can never fire on it."""
    for name, text in (("dns.yml", DNS), ("hash.yml", HASHED), ("samen.yml", BOTH)):
        (rules_folder / name).write_text(text)
    with acting_system(soc) as me:
        assert services.import_rules(me, rules_folder).unusable == ()
    read(region, line("notepad.exe"), line("notepad.exe", Hashes=""))
    assert judge_all(NOW) == "blinde vlekken bij 1 organisatie(s) bepaald"
    return region


def spots() -> dict[str, tuple[str, list[str]]]:
    with every_owner():
        return {spot.title: (spot.reason, spot.lacks) for spot in BlindSpot.objects.all()}


def source_of(owner: Organisation) -> LogSource:
    with every_owner():
        row: LogSource = LogSource.objects.create(organisation=owner, name="DC", kind=SourceKind.BULK, created_at=NOW)
    return row


def test_a_rule_that_can_never_fire_has_its_reason(watched: Organisation) -> None:
    assert spots() == {
        "Naam opgezocht": (BlindReason.UNSEEN, []),
        "Naam en bestand": (BlindReason.RESTS_ON, ["Naam opgezocht"]),
    }
    with every_owner():
        reach = RuleReach.objects.get()
    assert (reach.organisation, reach.rules, reach.able, reach.events) == (watched, 7, 5, 2)


def test_fields_that_come_and_rules_that_go_change_it(
    watched: Organisation, soc: Organisation, read: Callable[..., Any]
) -> None:
    assert judge_all(NOW) == "", "nothing changed"
    read(watched, '{"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 22, "QueryName": "x"}')
    assert judge_all(NOW) == "", "it was judged a moment ago"
    judge_all(LATER)
    assert spots()["Naam opgezocht"] == (BlindReason.FIELDS, ["Image"])
    with acting_system(soc) as me:
        for rule in SigmaRule.objects.filter(title__startswith="Naam"):
            services.switch_rule(me, rule.public_id, enabled=False, reason="Ruis")
    judge_all(LATER)
    assert spots() == {}


def test_what_a_source_brings_is_written_once_and_not_for_every_event(
    region: Organisation, django_assert_num_queries: Any
) -> None:
    source, event = source_of(region), read_event(line("notepad.exe"))

    def note(*events: Event, after: timedelta = timedelta()) -> None:
        with acting_system(region, NOW + after) as me:
            note_seen(me, source, events)

    def row() -> tuple[int, int]:
        with every_owner():
            found = SeenLog.objects.get(source=source)
        return found.number, found.state["kinds"][0][2]

    note(event, event)
    assert row() == (1, 2)
    with acting_system(region) as me, django_assert_num_queries(0):
        note_seen(me, source, [event] * 3)
    note(read_event(line("notepad.exe", Nieuw="1")))
    assert row() == (1, 2)
    note(event, after=NEW_EVERY)
    assert row() == (2, 7), "what is new is written soon, with what waited"
    note(event, after=COUNTED_EVERY)
    assert row() == (2, 7)
    note(event, after=COUNTED_EVERY + NEW_EVERY)
    assert row() == (2, 9)


def test_what_does_not_fit_is_no_news(region: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brandwacht.soc.services.seen.NAMES", 3)
    source = source_of(region)
    for number in range(3):
        with acting_system(region, NOW + number * NEW_EVERY) as me:
            note_seen(me, source, [read_event(line("notepad.exe", **{f"Veld{number}": "1"}))])
    with every_owner():
        found = SeenLog.objects.get(source=source)
    assert (found.number, found.state["kinds"][0][2], len(found.state["kinds"][0][4])) == (1, 3, 3)


def test_a_source_that_ended_sees_nothing(region: Organisation) -> None:
    source = source_of(region)
    with acting_system(region) as me:
        note_seen(me, source, [read_event(line("notepad.exe"))])
    judge_all(NOW)
    assert spots() == {}
    with every_owner():
        LogSource.objects.update(enabled=False)
    judge_all(LATER)
    assert len(spots()) == 4


def test_each_source_has_its_own_blind_spots(
    watched: Organisation, soc: Organisation, django_assert_max_num_queries: Any
) -> None:
    """A server sends process events without the field that a rule needs; another sends it."""
    source = source_of(watched)
    with acting_system(watched) as me:
        note_seen(me, source, [read_event(line("notepad.exe"))])
    judge_all(LATER)
    with every_owner():
        spot, seen = BlindSpot.objects.get(title="Bekend bestand"), SeenLog.objects.get(source=source)
        rule, reach = SigmaRule.objects.get(title="Bekend bestand"), RuleReach.objects.get()
    assert (spot.reason, spot.lacks, spot.able_at, spot.blind_at) == (BlindReason.FIELDS, ["Hashes"], 1, 1)
    assert (seen.able, seen.blind, seen.lacks) == (4, 1, [[soc.pk, ["Hashes"], [rule.rule_id]]])
    assert (reach.blind, reach.partly) == (2, 1)
    analyst = log_in(person(soc, Role.SOC_ANALYST))
    page(analyst, "logsource", source.public_id)
    with django_assert_max_num_queries(BUDGET):
        text = page(analyst, "logsource", source.public_id)
    assert "4 regels kunnen op deze bron afgaan." in text
    assert "Bekend bestand" in text
    assert "Naam opgezocht" not in text, "that rule is not about what this source brings"
    text = page(log_in(person(watched, Role.CISO)), "logsource", source.public_id)
    assert "Bekend bestand" not in text
    assert "1 van deze blinde regels is niet van uw organisatie" in text
    text = page(analyst, "rule", rule.public_id)
    assert "Op 1 bron kan de regel niet afgaan" in text
    assert "Op 1 bron kan de regel afgaan" in text
    assert "gelezen bestanden" in text
    text = page(analyst, "blind", waar="deels")
    assert "Kan hier afgaan op 1 bron, niet op 1 andere: daar is nooit gezien Hashes." in text
    assert "Naam opgezocht" not in text
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        assert rule.rule_id not in (queries.blind_rules(me, [watched.pk]) or ())


def test_which_rules_these_are_is_for_their_owner(
    watched: Organisation, soc: Organisation, django_assert_max_num_queries: Any
) -> None:
    analyst, ciso = log_in(person(soc, Role.SOC_ANALYST)), log_in(person(watched, Role.CISO))
    page(analyst, "blind")  # the first look of an hour is written in the audit chain
    with django_assert_max_num_queries(BUDGET):
        text = page(analyst, "blind")
    assert "Naam opgezocht" in text
    assert "Dit verband rust op regels die hier niet kunnen afgaan: Naam opgezocht." in text
    assert "Naam opgezocht" not in page(analyst, "blind", reden="velden")
    text = page(ciso, "blind")
    assert "Naam opgezocht" not in text
    assert "2 van deze blinde regels zijn niet van uw organisatie" in text
    stranger = organisation("VR15")
    assert "Nog niet bekend" in page(log_in(person(stranger, Role.CISO)), "blind")


def test_the_rule_and_the_coverage_say_so(
    watched: Organisation, soc: Organisation, django_assert_max_num_queries: Any
) -> None:
    analyst = log_in(person(soc, Role.SOC_ANALYST))
    with every_owner():
        dns, lsass = SigmaRule.objects.get(title="Naam opgezocht"), SigmaRule.objects.get(title="Geheugen gelezen")
    page(analyst, "rule", dns.public_id)
    with django_assert_max_num_queries(20):
        assert "Deze regel kan niet afgaan op de logs die nu binnenkomen." in page(analyst, "rule", dns.public_id)
    text = page(analyst, "rule", lsass.public_id)
    assert "Blinde vlek" not in text.replace("Blinde vlekken", "")
    assert "De regel kan afgaan op de logs die binnenkomen." in text
    text = page(analyst, "coverage")
    assert "2 regels kunnen hier nooit afgaan" in text
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        cells = {cell.technique: cell for cell in queries.coverage(me).cells}
    assert (cells["T1071"].state, cells["T1071"].able) == ("blind", 0)
    assert cells["T1003"].state == "gedekt"


def test_a_rule_in_the_editor_is_held_against_what_was_seen(watched: Organisation, soc: Organisation) -> None:
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        seen = reads.seen_everywhere(me)
    for text, told in ((HASHED, ""), (HASHED.replace("Hashes", "Hahses"), "Hahses"), (DNS, "dns_query")):
        rule = check(text).rule
        assert rule is not None
        assert told in blind_spot(rule, seen)
        assert bool(told) == bool(blind_spot(rule, seen))


def test_the_page_of_a_source_tells_what_it_brings(region: Organisation, soc: Organisation) -> None:
    source = source_of(region)
    with acting_system(region) as me:
        note_seen(me, source, [read_event(line("notepad.exe"))])
    text = page(log_in(person(soc, Role.SOC_ANALYST)), "logsource", source.public_id)
    assert "Wat deze bron brengt" in text
    assert "microsoft-windows-sysmon/operational 1" in text
