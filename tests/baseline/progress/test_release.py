"""Releasing a report: exactly what was seen, to chosen bodies only, corrected and withdrawn by new versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from brandwacht.baseline.forms.progress import ReportForm
from brandwacht.baseline.models import Proof, ReportDraft, Snapshot, SnapshotKind
from brandwacht.baseline.progress.content import content, mark
from brandwacht.baseline.progress.words import told
from brandwacht.baseline.queries import national
from brandwacht.baseline.queries.conditions import condition_check
from brandwacht.baseline.queries.known import known
from brandwacht.baseline.queries.progress import find_moment, latest_shown, readers_of, snapshot, snapshots
from brandwacht.baseline.services import answer_control, make_measure
from brandwacht.baseline.services.progress import (
    agree_to_comparison,
    end_comparison,
    release,
    save_draft,
    withdraw,
)
from brandwacht.baseline.services.progress_reminders import DAILY_MOMENT
from brandwacht.baseline.services.rhythms import mark_done
from brandwacht.baseline.services.themes import close_theme, make_theme, publish_theme
from brandwacht.engines.norms.progress import load_dataset
from brandwacht.governance.models import BoardFigure
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.final import FinalError
from brandwacht.network.models import Action, ActionState, AuditEntry, Grant
from brandwacht.network.roles import Role
from brandwacht.network.services import access
from brandwacht.network.tenancy import every_owner
from tests.baseline.progress.country import BEFORE, LAST, answered, ciso, country, government_met, report
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


NOW_DAY = timezone.localdate(NOW)


def bureau(now: Any = NOW) -> Any:
    nipv = organisation("NIPV", "instituut")
    return acting(actor(person(nipv, Role.PROGRAMME), nipv, now))


def test_what_was_seen_is_what_goes() -> None:
    ours, _theirs = country("VR17", "VR15")
    answered(ours, 60)
    with ciso(ours) as me:
        moment = find_moment(me)
        draft = save_draft(me, moment, said={"fte_now": 0.2}, explained={}, bottlenecks=[])
        seen = mark(content(me, load_dataset(), moment, draft))
        make_measure(me, title="Nieuw", control="5.01", owner_name="Piet", due=(NOW + timedelta(days=9)).date())
        with pytest.raises(Refused, match="veranderd sinds u ze bekeek"):
            release(me, moment, bodies=["regios"], seen=seen)
        shown = content(me, load_dataset(), moment, draft)
        row = release(me, moment, bodies=["regios"], seen=mark(shown))
        body = row.content
        assert {key: body[key] for key in shown} == orjson.loads(orjson.dumps(shown))
        assert set(body) - set(shown) == {"id", "kind", "version", "replaces", "why", "released_at"}
        assert told(body).percent == 64
        assert row.moment == LAST


def test_the_score_is_that_of_the_day_of_the_moment_and_holds_no_evidence() -> None:
    (ours,) = country("VR17")
    with ciso(ours, NOW - timedelta(days=200)) as me:
        answer_control(me, "5.01", state="voldoet", reason="WAAROM", evidence="ZAAK 12", evidence_valid_to=NOW_DAY)
    with ciso(ours) as me:
        answer_control(me, "5.02", state="voldoet", reason="WAAROM", evidence="ZAAK 12", evidence_valid_to=NOW_DAY)
        row = report(me, bodies=["loket"])
        assert row.content["scores"]["counts"]["met"] == 1
        assert "ZAAK" not in row.body
        assert "WAAROM" not in row.body
        assert me.name not in row.body


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"said": {"phase": "dromen"}}, "phase"),
        ({"said": {"bewijs": "ja"}}, "bewijs"),
        ({"explained": {"fase": "x" * 601}}, "explained-fase"),
        ({"explained": {"bewijs": "x"}}, None),
        ({"bottlenecks": [{"kind": "onzin"}]}, "kind-1"),
        ({"bottlenecks": [{"kind": "geld", "category": "onzin"}]}, "category-1"),
        ({"bottlenecks": [{"kind": "geld"}] * 6}, None),
    ],
)
def test_nothing_else_can_be_written(change: dict[str, Any], field: str | None) -> None:
    (ours,) = country("VR17")
    with ciso(ours) as me:
        with pytest.raises(Refused) as refused:
            save_draft(me, find_moment(me), **({"said": {}, "explained": {}, "bottlenecks": []} | change))
        assert refused.value.field == field
        assert not ReportDraft.objects.exists()


def test_only_the_chosen_bodies_read_it_and_nothing_else_of_the_owner() -> None:
    ours, theirs, _other = country("VR17", "VR15", "VR01")
    answered(ours, 50)
    with every_owner():
        BoardFigure(organisation=ours, key="basis", on=NOW.date(), value=1).save()
    with ciso(ours) as me:
        row = report(me, bodies=["loket"])
        assert [grant.grantee.code for grant in readers_of(me, row)] == ["NIPV"]
    with bureau() as them:
        assert list(snapshots(them)) == [row]
        assert not BoardFigure.objects.exclude(organisation=organisation("NIPV")).exists()
        assert not ReportDraft.objects.exists()
        with pytest.raises(Denied):
            withdraw(them, row.public_id, "Kan niet")
    with ciso(theirs) as them, pytest.raises(NotFound):
        snapshot(them, row.public_id)
    with ciso(ours) as me:
        grant = readers_of(me, row)[0]
        access.end(me, grant.public_id)
    with bureau() as them:
        assert not snapshots(them).exists()
        assert national.overview(them).shown == []


def test_a_correction_names_what_it_replaces_and_follows_its_readers() -> None:
    ours, theirs = country("VR17", "VR15")
    with ciso(ours) as me:
        first = report(me, bodies=["regios"], fte_now=0.2)
        with pytest.raises(Refused, match="Schrijf op waarom"):
            report(me, bodies=[], fte_now=0.5)
        second = report(me, bodies=[], why="Verkeerd getal", fte_now=0.5)
        assert (second.kind, second.version, second.replaces) == (SnapshotKind.CORRECTION, 2, first)
        assert second.content["replaces"]["sha256"] == first.sha256
        assert first.content["said"]["fte_now"] == 0.2
    with ciso(theirs) as them:
        assert set(snapshots(them)) == {first, second}
        assert latest_shown(them, ours.pk) == second
        assert [r.fte_now for r in national.overview(them).shown] == [0.5]


def test_a_withdrawal_leaves_a_reason_and_no_figures() -> None:
    ours, theirs = country("VR17", "VR15")
    with ciso(ours) as me:
        earlier = report(me, moment=BEFORE)
        first = report(me)
        with pytest.raises(Refused, match="Schrijf op waarom"):
            withdraw(me, first.public_id, "  ")
        back = withdraw(me, first.public_id, "Hoort bij een ander")
        assert back.replaces == first
        assert "scores" not in back.content
        with pytest.raises(Refused, match="al vervangen"):
            withdraw(me, first.public_id, "Nog eens")
    with ciso(theirs) as them:
        assert set(snapshots(them)) == {back, earlier}
        assert latest_shown(them, ours.pk) == earlier
        found = national.overview(them)
        assert found.shown == []
        assert {each.organisation.code: each.state for each in found.standings}["VR17"] == "ingetrokken"
    with ciso(ours) as me:
        again = report(me, bodies=[], why="Nu goed")
        assert (again.version, again.kind) == (3, SnapshotKind.CORRECTION)


def test_nobody_without_the_role_and_no_unknown_body() -> None:
    ours, _theirs = country("VR17", "VR15")
    with acting(actor(person(ours, Role.LINE_MANAGER), ours)) as me, pytest.raises(Denied):
        release(me, find_moment(me), bodies=["regios"], seen="")
    with ciso(ours) as me:
        with pytest.raises(Refused, match="Kies uit de lijst"):
            report(me, bodies=["krant"])
        with pytest.raises(Refused, match="Kies aan wie"):
            report(me, bodies=[])
        with pytest.raises(NotFound):
            find_moment(me, "2031-1")


# --- it never changes -------------------------------------------------------------------------------------------------


def test_a_snapshot_never_changes_whoever_tries() -> None:
    (ours,) = country("VR17")
    with ciso(ours) as me:
        row = report(me, bodies=["loket"])
    before = row.body
    with every_owner():
        row.body = "{}"
        for attempt in (
            row.save,
            row.delete,
            Snapshot.objects.filter(pk=row.pk).delete,
            lambda: Snapshot.objects.filter(pk=row.pk).update(body="{}"),
            lambda: Snapshot.objects.bulk_update([row], ["body"]),
        ):
            with pytest.raises(FinalError):
                attempt()
        fields = [field for field in Snapshot._meta.concrete_fields if not field.is_relation and not field.primary_key]
        for field in fields:  # below the models: the database itself refuses
            with pytest.raises(DatabaseError), transaction.atomic():
                value = row.public_id if field.name == "public_id" else getattr(row, field.name)
                Snapshot._base_manager.filter(pk=row.pk).update(**{field.name: value})
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE baseline_snapshot SET moment = '2031-1'")
        if connection.vendor == "postgresql":
            with pytest.raises(DatabaseError), transaction.atomic():
                Snapshot._base_manager.filter(pk=row.pk).delete()
        kept = Snapshot.objects.get(pk=row.pk)
        assert (kept.body, kept.moment) == (before, LAST)


# --- what the bureau makes of it --------------------------------------------------------------------------------------


def test_figures_come_from_what_was_released_and_from_nothing_else() -> None:
    regions = country("VR01", "VR02", "VR03", "VR17")
    for place, region in enumerate(regions):
        answered(region, 20 + 20 * place)
    for region in regions[:3]:
        with ciso(region) as me:
            report(me, bodies=["loket"] if region.code != "VR03" else ["poi"], fte_now=0.2)
    with bureau() as me:
        found = national.overview(me)
        assert sorted(r.code for r in found.shown) == ["VR01", "VR02"]
        assert [each.organisation.code for each in found.missing] == ["NIPV", "VR03", "VR17"]
        assert found.time[-1].whole is not None
        assert found.time[-1].whole.values == (21, 43)
        assert found.named == []
    with ciso(regions[0]) as me:
        agree_to_comparison(me)
        with pytest.raises(Refused):
            agree_to_comparison(me)
    with bureau() as me:
        assert national.overview(me).named == []
    with ciso(regions[1]) as me:
        agree_to_comparison(me)
    with bureau() as me:
        assert [row.code for row, _report in national.overview(me).named] == ["VR02", "VR01"]
    with ciso(regions[1]) as me:
        end_comparison(me)
    with bureau() as me:
        assert national.overview(me).named == []


def test_a_joint_theme_is_of_more_than_one() -> None:
    regions = country("VR01", "VR02")
    knot = [{"kind": "geld", "category": "", "text": ""}]
    with ciso(regions[0]) as me:
        report(me, bodies=["loket"], bottlenecks=knot)
    with bureau() as me:
        with pytest.raises(Refused, match="Minder dan twee"):
            make_theme(me, find_moment(me), title="Samen", text="", kinds=["geld"])
    with ciso(regions[1]) as me:
        report(me, bodies=["loket"], bottlenecks=knot)
        with pytest.raises(Denied):
            make_theme(me, find_moment(me), title="Samen", text="", kinds=["geld"])
    with bureau() as me:
        row = make_theme(me, find_moment(me), title="Samen", text="Inkopen", kinds=["geld"])
        assert row.based_on == 2
    with ciso(regions[0]) as me:
        assert not national.themes(me).exists()
    with bureau() as me:
        publish_theme(me, row.public_id)
        with pytest.raises(Refused):
            publish_theme(me, row.public_id)
    with ciso(regions[0]) as me:
        assert national.theme(me, row.public_id).title == "Samen"
        with pytest.raises(Denied):
            close_theme(me, row.public_id)
    with bureau() as me:
        close_theme(me, row.public_id)


def test_the_conditions_read_the_latest_released_snapshot_only() -> None:
    (ours,) = country("VR17")
    answered(ours, 93)
    government_met(ours)
    soc = organisation("VR-SOC", "landelijk")
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as them:
        assert condition_check(them, ours.pk, "soc").snapshot is None
    shown = {"cycle": True, "policy_on": "2026-03-01", "review_on": "2026-03-01"}
    with ciso(ours) as me:
        mark_done(me, "5.01.02")
        row = report(me, bodies=["soc"], **shown)
        assert condition_check(me, ours.pk, "ndn").verdict.met
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as them:
        found = condition_check(them, ours.pk, "soc")
        assert found.snapshot == row
        assert found.verdict.met
        later = them.at(NOW + timedelta(days=300))
        assert not condition_check(later, ours.pk, "soc").verdict.open
        assert condition_check(later, ours.pk, "soc", later.today).verdict.open


def test_a_government_measure_without_an_answer_keeps_the_door_shut() -> None:
    (ours,) = country("VR17")
    answered(ours, 93)
    organisation("VR-SOC", "landelijk")
    with ciso(ours) as me:
        row = report(me, bodies=["soc"], cycle=True, policy_on="2026-03-01", review_on="2026-03-01")
        assert row.content["scores"]["government"]["open"] == 118
        lacking = condition_check(me, ours.pk, "soc").verdict.lacking
    assert [each.requirement.key for each in lacking] == ["overheid", "bijgewerkt"]


def test_a_report_starts_from_what_was_laid_down() -> None:
    (ours,) = country("VR17")
    day = NOW_DAY - timedelta(days=60)
    with ciso(ours) as me:
        mark_done(me, "5.01.02", done_on=day)
        facts = {"by": "Zeeland", "scope": "Alles", "made_at": NOW, "made_by": "test", "organisation": ours}
        Proof(kind="audit", held_on=day, outcome="voldoet_niet", **facts).save()
        Proof(kind="collegiaal", held_on=day, outcome="voldoet", **facts).save()
        Proof(kind="certificaat", held_on=day, valid_to=NOW_DAY, outcome="voldoet", **facts).save()
        found = known(me, load_dataset())
        assert {key: each.day for key, each in found.items()} == {
            "policy_on": day, "review_on": day, "certificate_to": NOW_DAY,
        }  # fmt: skip
        fresh = ReportForm(None, dataset=load_dataset(), known=found)
        assert fresh["policy_on"].value() == day
        assert "5.01.02" in fresh["policy_on"].help_text
        draft = save_draft(me, find_moment(me), said={"cycle": True}, explained={}, bottlenecks=[])
        assert ReportForm(None, dataset=load_dataset(), draft=draft, known=found)["policy_on"].value() is None


def test_reporting_is_asked_for_until_it_is_done() -> None:
    (ours,) = country("VR17")
    assert "moeten nog rapporteren" in DAILY_MOMENT.run(NOW)
    with ciso(ours) as me:
        asked = Action.objects.get(key=f"peilmoment:{LAST}")
        assert asked.state == ActionState.OPEN
        report(me, bodies=["loket"])
        asked.refresh_from_db()
        assert asked.state == ActionState.DONE
    DAILY_MOMENT.run(NOW)
    with every_owner():
        assert Action.objects.filter(organisation=ours, state=ActionState.OPEN).count() == 0
        grant = Grant.objects.get(organisation=ours)
        assert AuditEntry.objects.filter(organisation=ours, object_id=str(grant.public_id)).count() == 1
