"""Rules as content: every text is kept, an own text is never overwritten in silence, a rule can be off in one place."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.differences import differences
from brandwacht.soc.models import AlertRule, ContentImport, ImportState, RuleOff, SigmaRule, SigmaRuleVersion
from brandwacht.soc.services import content_imports, rule_files, rule_import, rule_taking
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
            assert [m.rule_id for m in book.match(event)] == [LSASS]
            assert book.match(event, "fw1") == []
            stamp = book.stamp
            assert services.rulebook_stamp(me) == stamp
        with every_owner():
            row = RuleOff.objects.exclude(log="").get()
            row.log = sysmon.lower()
            row.save()
        with acting_system(region) as me:
            assert services.rulebook_for(me).match(event) == []
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
