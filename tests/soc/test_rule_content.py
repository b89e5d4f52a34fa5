"""Rules as content: every text is kept, an own text is never overwritten in silence, a rule can be off in one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.differences import differences
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import AlertRule, RuleOff, SigmaRule, SigmaRuleVersion
from brandwacht.soc.services import rule_files
from brandwacht.soc.services.rule_edit import BrokenRule
from brandwacht.soc.services.rule_off import Narrowing
from brandwacht.soc.services.rule_text import check, explain, read_event, try_on
from tests.soc.conftest import line, rule_text
from tests.world import NOW, acting, acting_system, actor, organisation, person

LSASS = "00000000-0000-4000-8000-000000000001"
BOMB = "title: x\na: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.django_db
class TestVersions:
    def test_a_changed_delivery_keeps_the_former_text(self, soc: Organisation, rules_folder: Path) -> None:
        with acting_system(soc) as me:
            services.import_rules(me, rules_folder)
            (rules_folder / "lsass.yml").write_text(rule_text(1, "Beter", "critical", "T1003.001", "lsass.exe"))
            services.import_rules(me, rules_folder)
            rule = SigmaRule.objects.get(rule_id=LSASS)
            assert (rule.title, rule.version, rule.changed_why) == ("Beter", 2, "Ingelezen uit regels")
            former = SigmaRuleVersion.objects.get(rule=rule)
            assert (former.number, former.made_by) == (1, "Brandwacht")
            assert "Geheugen gelezen" in former.source
            assert SigmaRuleVersion.objects.count() == 1, "what did not change has no history"

    def test_an_own_text_stays_until_somebody_chooses(self, soc: Organisation, rules_folder: Path) -> None:
        own = rule_text(1, "Eigen tekst", "high", "T1003.001", "lsass.exe")
        theirs = rule_text(1, "Hun tekst", "low", "T1003.001", "lsass.exe")
        with acting_system(soc) as me:
            services.import_rules(me, rules_folder)
            rule = SigmaRule.objects.get(rule_id=LSASS)
            services.change_rule(me, rule.public_id, own, "Past beter bij ons", seen=1)
            assert services.import_rules(me, rules_folder).own == (), "what was imported before is no news"
            (rules_folder / "lsass.yml").write_text(theirs)
            seen = services.import_rules(me, rules_folder, preview=True)
            assert seen.own == ("Eigen tekst",)
            services.import_rules(me, rules_folder)
            assert SigmaRule.objects.get(rule_id=LSASS).title == "Eigen tekst"
            assert services.import_rules(me, rules_folder).own == (), "it is not asked twice"
            (rules_folder / "lsass.yml").write_text(theirs + "# nieuw\n")
            services.import_rules(me, rules_folder, theirs=True)
            rule.refresh_from_db()
            assert (rule.title, rule.version, rule.edited) == ("Hun tekst", 3, False)
            assert [v.number for v in queries.rule_versions(me, rule)] == [2, 1]

    def test_back_to_a_former_text_is_a_new_version(self, soc: Organisation, rules_folder: Path) -> None:
        with acting_system(soc) as me:
            services.import_rules(me, rules_folder)
            rule = SigmaRule.objects.get(rule_id=LSASS)
            first = rule.source
            services.change_rule(me, rule.public_id, first.replace("high", "low"), "Minder erg", seen=1)
            back = services.restore_rule(me, rule.public_id, 1)
            assert (back.version, back.level, back.source) == (3, 3, first)
            assert back.compiled["level"] == "high"
            with pytest.raises(NotFound):
                services.restore_rule(me, rule.public_id, 9)

    def test_a_rule_that_left_its_file_goes_off_and_keeps_its_text(self, soc: Organisation, rules_folder: Path) -> None:
        with acting_system(soc) as me:
            services.import_rules(me, rules_folder)
            (rules_folder / "lsass.yml").write_text(rule_text(77, "Iets anders", "low", "T1033", "net.exe"))
            (rules_folder / "whoami.yml").unlink()
            result = services.import_rules(me, rules_folder)
            gone, missing = SigmaRule.objects.get(rule_id=LSASS), SigmaRule.objects.get(title="Wie ben ik")
            assert (gone.enabled, gone.switched_why) == (False, "Staat niet meer in de levering regels")
            assert (missing.enabled, result.missing) == (True, 1)
            services.import_rules(me, rules_folder, missing_off=True)
            missing.refresh_from_db()
            assert missing.enabled is False

    def test_a_delivery_that_breaks_a_rule_does_not_blind(self, soc: Organisation, rules_folder: Path) -> None:
        with acting_system(soc) as me:
            services.import_rules(me, rules_folder)
            (rules_folder / "lsass.yml").write_text("title: [stuk")
            result = services.import_rules(me, rules_folder)
            assert len(result.unusable) == 1
            assert SigmaRule.objects.get(rule_id=LSASS).enabled is True


@pytest.mark.django_db
class TestWriting:
    def test_a_new_rule_from_the_template(self, soc: Organisation) -> None:
        analyst = person(soc, Role.SOC_ANALYST, name="Sem: 'x' #")
        with acting(actor(analyst, soc)) as me:
            text = services.template(me, UUID(int=7))
            rule = services.write_rule(me, text.replace("\n", "\r\n"), "", enabled=False)
            assert (rule.rule_id, rule.enabled, rule.edited) == (str(UUID(int=7)), False, True)
            assert rule.name == f"eigen/{UUID(int=7)}.yml"
            with pytest.raises(Refused, match="eigen id"):
                services.write_rule(me, text, "", enabled=True)
            with pytest.raises(Refused, match="geen kenmerk"):
                services.write_rule(me, text.replace("\nid: ", "\nkenmerk: "), "", enabled=True)
        with acting(actor(person(soc, Role.BOARD), soc)) as me, pytest.raises(Denied):
            services.write_rule(me, text.replace("0007", "0008"), "", enabled=True)

    def test_what_is_refused_names_its_line(self, soc: Organisation) -> None:
        text = rule_text(9, "Proef", "high", "T1033", "x.exe")
        with acting_system(soc) as me:
            with pytest.raises(BrokenRule) as bad:
                services.write_rule(me, text.replace("level: high", "level: ernstig"), "", enabled=True)
            assert bad.value.problems[0].line == text.splitlines().index("level: high") + 1
            rule = services.write_rule(me, text, "", enabled=True)
            for change, seen, why, match in (
                (text, 1, "x", "niet veranderd"),
                (text + "# x\n", 1, " ", "waarom"),
                (text + "# x\n", 2, "x", "u voor"),
                (text.replace("000000000009", "000000000010"), 1, "x", "blijft gelijk"),
            ):
                with pytest.raises(Refused, match=match):
                    services.change_rule(me, rule.public_id, change, why, seen=seen)
            rule.refresh_from_db()
            assert rule.version == 1

    def test_a_stranger_changes_nothing(self, region: Organisation, soc: Organisation) -> None:
        with every_owner():
            rule = SigmaRule.objects.get(rule_id=LSASS)
        with acting(actor(person(region, Role.CISO), region)) as me:
            for attempt in (
                lambda: services.change_rule(me, rule.public_id, rule.source + "#", "x", seen=1),
                lambda: services.restore_rule(me, rule.public_id, 1),
                lambda: queries.rule(me, rule.public_id),
            ):
                with pytest.raises(NotFound):
                    attempt()


class TestText:
    def test_explained_in_dutch(self) -> None:
        rule = check(rule_text(1, "x", "low", "T1033", "x.exe").replace("condition: sel", "condition: not sel")).rule
        assert rule is not None
        clause = explain(rule)
        assert clause.text == "dit mag niet waar zijn:"
        assert clause.parts[0].text == 'sel: Image eindigt op "\\x.exe"'

    def test_tried_on_an_event(self) -> None:
        rule = check(rule_text(1, "x", "low", "T1033", "whoami.exe")).rule
        assert rule is not None
        assert try_on(rule, read_event(line("whoami.exe"))).matches
        other = try_on(rule, read_event(line("net.exe")))
        assert (other.matches, other.selections) == (False, (("sel", False),))
        elsewhere = try_on(rule, read_event('{"Channel": "Application", "EventID": 5, "Image": "C:\\\\whoami.exe"}'))
        assert elsewhere.selections == (("sel", True),)
        assert "ander log" in elsewhere.hint

    @pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"a": ' * 5000])
    def test_no_event(self, text: str) -> None:
        with pytest.raises(Refused):
            read_event(text)

    def test_a_few_references_do_not_fill_the_memory(self) -> None:
        assert rule_files.hostile(BOMB)
        assert "verwijst" in check(BOMB).problems[0].text
        assert not rule_files.hostile("a: &x 1\nb: *x\n")
        assert rule_files.hostile("a: &x [*x]\n") or check("a: &x [*x]\n").problems

    @given(st.text(max_size=400))
    def test_any_text_gets_an_answer(self, text: str) -> None:
        checked = check(text)
        assert (checked.rule is None) == bool(checked.problems)

    @given(st.text(alphabet="ab\n", max_size=60), st.text(alphabet="ab\n", max_size=60))
    def test_a_difference_tells_how_to_come_from_one_to_the_other(self, old: str, new: str) -> None:
        rows = differences(old, new)
        assert bool(rows) == (old.splitlines() != new.splitlines())
        first, second = old.splitlines(), new.splitlines()
        for row in rows:
            if row.kind != "overgeslagen":
                assert not row.before or first[row.before - 1] == row.text
                assert not row.after or second[row.after - 1] == row.text
        went = sum(row.kind == "weg" for row in rows)
        came = sum(row.kind == "nieuw" for row in rows)
        assert len(second) - len(first) == came - went


@pytest.mark.django_db
class TestOff:
    UNTIL = NOW.date() + timedelta(days=10)

    def test_off_for_one_organisation_only(self, region: Organisation, soc: Organisation) -> None:
        analyst = person(soc, Role.SOC_ANALYST)
        with acting(actor(analyst, soc)) as me:
            services.set_rule_off(me, region.pk, LSASS, reason="Back-up leest geheugen", until=self.UNTIL)
            with pytest.raises(Refused, match="al uit"):
                services.set_rule_off(me, region.pk, LSASS, reason="x", until=self.UNTIL)
        with acting_system(region) as me:
            assert services.rulebook_for(me).size == 3
        with acting_system(soc) as me:
            assert services.rulebook_for(me).size == 4
        with acting_system(region, NOW + timedelta(days=11)) as later:
            assert services.rulebook_for(later).size == 4, "it ends by itself"
        with every_owner():
            assert AuditEntry.objects.filter(organisation=region, action="soc.rule-off.set").exists()

    def test_off_for_one_log_or_source(self, region: Organisation, soc: Organisation, read: Callable[..., Any]) -> None:
        sysmon = "Microsoft-Windows-Sysmon/Operational"
        with acting_system(soc) as me, every_owner():
            for where in (Narrowing(log="security"), Narrowing(source_key="fw1")):
                RuleOff(
                    organisation=region, watcher=soc, rule_id=LSASS, title="x", log=where.log,
                    source_key=where.source_key, reason="x", off_by="x", off_at=me.now, until=me.now + timedelta(1),
                ).save()  # fmt: skip
        with acting_system(region) as me:
            book = services.rulebook_for(me)
            event = read_event(line("lsass.exe"))
            assert event.channel == sysmon
            ((found, matches),) = book.match([event])
            assert (found, [match.rule_id for match in matches]) == (event, [LSASS])
            assert book.match([event], "fw1") == []
            stamp = book.stamp
            assert services.rulebook_stamp(me) == stamp
        with every_owner():
            row = RuleOff.objects.exclude(log="").get()
            row.log = sysmon.lower()
            row.save()
        with acting_system(region) as me:
            assert services.rulebook_for(me).match([event]) == []
        read(region, line("lsass.exe"))
        with every_owner():
            assert not AlertRule.objects.exists()

    def test_a_member_knows_a_rule_of_the_soc_only_when_it_matched(
        self, region: Organisation, soc: Organisation, read: Callable[..., Any]
    ) -> None:
        ciso = person(region, Role.CISO)
        with acting(actor(ciso, region)) as me:
            with pytest.raises(Refused, match="kennen we hier niet"):
                services.set_rule_off(me, region.pk, LSASS, reason="x", until=self.UNTIL)
        read(region, line("lsass.exe"))
        with acting(actor(ciso, region)) as me:
            assert (LSASS, "Geheugen gelezen") in queries.rules_seen_at(me, region.pk)
            row = services.set_rule_off(me, region.pk, LSASS, reason="x", until=self.UNTIL)
            assert row.watcher == soc
            stamp = services.rulebook_stamp(me)
            services.end_rule_off(me, row.public_id)
            assert services.rulebook_stamp(me) != stamp
            with pytest.raises(Refused, match="al weer mee"):
                services.end_rule_off(me, row.public_id)

    @pytest.mark.parametrize(
        ("until", "reason", "field"),
        [(NOW.date() - timedelta(days=1), "x", "until"), (date(2030, 1, 1), "x", "until"), (UNTIL, " ", "reason")],
    )
    def test_reason_and_end_are_asked(
        self, region: Organisation, soc: Organisation, until: date, reason: str, field: str
    ) -> None:
        with acting_system(soc) as me, pytest.raises(Denied):
            services.set_rule_off(me, region.pk, LSASS, reason=reason, until=until)
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me, pytest.raises(Refused) as bad:
            services.set_rule_off(me, region.pk, LSASS, reason=reason, until=until)
        assert bad.value.field == field

    def test_a_stranger_and_a_mandate_to_see(self, region: Organisation, soc: Organisation) -> None:
        stranger = organisation("VR15")
        with acting(actor(person(stranger, Role.CISO), stranger)) as me, pytest.raises(Denied):
            services.set_rule_off(me, region.pk, LSASS, reason="x", until=self.UNTIL)


@pytest.mark.django_db
def test_figures_and_precision(region: Organisation, soc: Organisation, read: Callable[..., Any]) -> None:
    read(region, line("lsass.exe"), line("lsass.exe"), line("lsass.exe", "PC2"))
    analyst = person(soc, Role.SOC_ANALYST)
    with acting(actor(analyst, soc)) as me:
        figures = queries.rule_figures(me, [LSASS], NOW - queries.RECENT)[LSASS]
        assert (figures.hits, figures.alerts) == (3, 2)
        for alert in queries.alerts(me).filter(asset__name="PC2"):
            services.mark_known(me, alert.public_id, "Onderhoud")
        precision = queries.rule_precision(me, LSASS, NOW - queries.LONGER)
        assert (precision.known, precision.open, precision.percent) == (1, 1, 0)
        noisiest = queries.with_hits(me, queries.rules(me, queries.RuleFilter()), "-keer").order_by("-hits", "id")
        assert next(rule.rule_id for rule in noisiest) == LSASS
        silent = queries.rules(me, queries.RuleFilter(standing="stil"))
        assert silent.count() == 3
    with acting(actor(person(soc, Role.BOARD), soc)) as me:
        assert queries.rule_figures(me, [LSASS], NOW - queries.RECENT) == {}


def test_json_of_an_event_with_a_list(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="JSON-object"):
        read_event(json.dumps([{}]))
