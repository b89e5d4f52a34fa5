"""Rules: imported once, by fingerprint; what cannot be used says why; whose rules watch over whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from brandwacht.engines.detection import FORM
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import SigmaRule
from brandwacht.soc.services import rule_import
from tests.soc.conftest import rule_text
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db


def test_import_stores_source_compiled_form_and_fingerprint(soc: Organisation, rules_folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    with acting_system(soc) as me:
        result = services.import_rules(me, rules_folder, lambda done, total: seen.append((done, total)))
        rule = SigmaRule.objects.get(title="Geheugen gelezen")
    assert (result.files, result.added, result.unusable) == (4, 4, ())
    assert seen[-1] == (4, 4)
    assert rule.source.startswith("title: Geheugen gelezen")
    assert rule.compiled["form"] == FORM
    assert rule.attack == ["T1003.001"]
    assert len(rule.sha256) == 64
    assert rule.name == "regels/lsass.yml"


def test_import_again_compiles_nothing(soc: Organisation, rules_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_system(soc) as me:
        services.import_rules(me, rules_folder)
        asked: list[str] = []
        real = rule_import.load_rules

        def counting(sources: object) -> object:
            pairs = list(sources)  # type: ignore[call-overload]
            asked.extend(name for name, _text in pairs)
            return real(pairs)

        monkeypatch.setattr(rule_import, "load_rules", counting)
        again = services.import_rules(me, rules_folder)
        assert asked == []
        assert (again.unchanged, again.added, again.renewed) == (4, 0, 0)
        (rules_folder / "lsass.yml").write_text(rule_text(1, "Beter", "critical", "T1003.001", "lsass.exe"))
        changed = services.import_rules(me, rules_folder)
        assert asked == ["regels/lsass.yml"]
        assert (changed.unchanged, changed.added, changed.renewed) == (3, 0, 1)
        assert SigmaRule.objects.count() == 4


FILTER = """
title: Beheer telt niet
logsource: {product: windows}
filter:
  rules: any
  selection: {User: beheer}
  condition: not selection
"""
CORRELATION = """
title: Vaak
correlation:
  type: event_count
  rules: [00000000-0000-4000-8000-000000000001]
  group-by: [User]
  timespan: 5m
  condition: {gte: 3}
"""


def test_filters_are_put_on_rules_in_other_files_and_nothing_is_dropped(soc: Organisation, rules_folder: Path) -> None:
    with acting_system(soc) as me:
        services.import_rules(me, rules_folder)
        rule_id = SigmaRule.objects.get(title="Geheugen gelezen").rule_id
        (rules_folder / "filter.yml").write_text(FILTER)
        correlation = CORRELATION.replace("00000000-0000-4000-8000-000000000001", rule_id)
        (rules_folder / "verband.yml").write_text(correlation)
        result = services.import_rules(me, rules_folder)
        assert result.unusable == ()
        assert set(SigmaRule.objects.values_list("title", "kind")) >= {
            ("Beheer telt niet", "filter"), ("Vaak", "correlatie"), ("Wie ben ik", "regel")
        }  # fmt: skip
        rule = SigmaRule.objects.get(title="Geheugen gelezen")
        assert "Beheer telt niet: selection" in rule.compiled["selections"]
        assert services.import_rules(me, rules_folder).unchanged == 6
        (rules_folder / "lsass.yml").write_text(rule_text(1, "Beter", "critical", "T1003.001", "lsass.exe"))
        services.import_rules(me, rules_folder)
        assert "Beheer telt niet: selection" in SigmaRule.objects.get(title="Beter").compiled["selections"]
        (rules_folder / "filter.yml").unlink()
        services.import_rules(me, rules_folder)
        assert "Beheer telt niet: selection" not in SigmaRule.objects.get(title="Beter").compiled["selections"]


def test_a_rule_that_was_switched_off_stays_off_when_it_is_renewed(soc: Organisation, rules_folder: Path) -> None:
    with acting_system(soc) as me:
        services.import_rules(me, rules_folder)
        rule = SigmaRule.objects.get(title="Wie ben ik")
        services.switch_rule(me, rule.public_id, enabled=False, reason="Te veel ruis")
        (rules_folder / "whoami.yml").write_text(rule_text(3, "Wie ben ik nu", "low", "T1033", "whoami.exe"))
        services.import_rules(me, rules_folder)
        rule.refresh_from_db()
    assert (rule.title, rule.enabled) == ("Wie ben ik nu", False)


def test_what_cannot_be_used_is_kept_with_its_reason_and_leaves_when_mended(
    soc: Organisation, rules_folder: Path
) -> None:
    broken = rules_folder / "stuk.yml"
    broken.write_text("title: [niet\n  af", encoding="utf-8")
    (rules_folder / "dubbel.yaml").write_text(rule_text(1, "Dubbel", "low", "T1033", "net.exe"), encoding="utf-8")
    with acting_system(soc) as me:
        result = services.import_rules(me, rules_folder)
        reasons = dict(result.unusable)
        assert "YAML" in reasons["regels/stuk.yml"]
        # In order of name the double comes first; the other one is then the double.
        assert "Dubbel kenmerk" in reasons["regels/lsass.yml"]
        assert SigmaRule.objects.filter(usable=False).count() == 2
        broken.write_text(rule_text(9, "Heel", "low", "T1033", "net.exe"), encoding="utf-8")
        mended = services.import_rules(me, rules_folder)
        assert (mended.added, mended.removed, mended.unusable) == (1, 1, ())
        assert SigmaRule.objects.filter(usable=False).count() == 1


def test_a_new_double_of_an_unchanged_rule_is_refused(soc: Organisation, rules_folder: Path) -> None:
    with acting_system(soc) as me:
        services.import_rules(me, rules_folder)
        (rules_folder / "a.yml").write_text(rule_text(1, "Indringer", "low", "T1033", "net.exe"), encoding="utf-8")
        result = services.import_rules(me, rules_folder)
        assert "regels/lsass.yml" in dict(result.unusable)["regels/a.yml"]
        assert SigmaRule.objects.get(rule_id="00000000-0000-4000-8000-000000000001").title == "Geheugen gelezen"


def test_a_folder_without_rules_says_so(soc: Organisation, tmp_path: Path) -> None:
    empty = tmp_path / "leeg"
    empty.mkdir()
    with acting_system(soc) as me, pytest.raises(Refused, match=r"\.yml"):
        services.import_rules(me, empty)


def test_who_may_import_and_switch(region: Organisation, soc: Organisation, rules_folder: Path) -> None:
    analyst = person(soc, Role.SOC_ANALYST)
    board = person(soc, Role.BOARD)
    ciso = person(region, Role.CISO)
    with every_owner():
        rule = SigmaRule.objects.filter(organisation=soc)[0]
    with acting(actor(board, soc)) as me, pytest.raises(Denied):
        services.import_rules(me, rules_folder)
    with acting(actor(ciso, region)) as me, pytest.raises(NotFound):
        services.switch_rule(me, rule.public_id, enabled=False, reason="Te veel ruis")
    with acting(actor(analyst, soc)) as me:
        assert services.switch_rule(me, rule.public_id, enabled=False, reason="Te veel ruis").enabled is False


def test_the_rules_that_watch_are_own_and_those_of_the_mandated_soc(
    region: Organisation, soc: Organisation, rules_folder: Path
) -> None:
    own = rules_folder.parent / "eigen"
    own.mkdir()
    (own / "eigen.yml").write_text(rule_text(50, "Eigen", "low", "T1033", "net.exe"), encoding="utf-8")
    with acting_system(region) as me:
        services.import_rules(me, own)
        assert services.rulebook_for(me).size == 5
        assert [(s.organisation.code, s.in_use) for s in queries.rule_sources(me)] == [("VR17", 1), ("VR-SOC", 4)]
        assert list(queries.rules(me, queries.RuleFilter()).values_list("title", flat=True)) == ["Eigen"]
    other = organisation("VR15")
    with acting_system(other) as me:
        assert services.rulebook_for(me).size == 0


def test_an_ended_mandate_ends_the_use_of_the_rules(soc: Organisation, rules_folder: Path) -> None:
    ours = organisation("VR17")
    grant = mandate(ours, soc, GrantKind.SOC_MANDATE)
    with acting_system(soc) as me:
        services.import_rules(me, rules_folder)
    with every_owner():
        grant.ended_at = NOW
        grant.save()
    with acting_system(ours) as me:
        assert services.rulebook_for(me).size == 0


def test_a_rule_in_an_older_form_is_compiled_again(region: Organisation, soc: Organisation) -> None:
    with every_owner():
        rule = SigmaRule.objects.get(title="Geheugen gelezen")
        rule.compiled = rule.compiled | {"form": 0}
        rule.save()
    with acting_system(region) as me:
        assert services.rulebook_for(me).size == 4
