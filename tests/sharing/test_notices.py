"""Notices: one for each region and advisory, renewed and ended by themselves, and late when nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from brandwacht.engines.intel.advisories import read_csaf
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, ActionState, AuditEntry, Grant
from brandwacht.network.tenancy import every_owner, owner_scope
from brandwacht.sharing.models import Rank, RepairState, SecurityAdvisory
from brandwacht.sharing.queries import advisories as queries
from brandwacht.sharing.services import advisories, flaws, notices, profile
from brandwacht.sharing.services.escalation import end_cert_actions, escalate_late
from brandwacht.sharing.services.matching import ADVISORY, hold_advisories, hold_all, settle
from brandwacht.sharing.tasks.advisories import match_advisories
from brandwacht.sharing.terms import Span
from tests.sharing.advisories import Sector, csaf, mailed, the_advisory
from tests.sharing.advisories import notices as all_notices
from tests.world import NOW, acting, acting_system

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def sector() -> Sector:
    return Sector("VR15", "VR17", "VR18", "VR19")


def actions_of(code: str) -> list[tuple[str, str]]:
    """Title and state of the actions of an organisation."""
    with every_owner():
        return list(Action.objects.filter(organisation__code=code).order_by("pk").values_list("title", "state"))


@pytest.mark.parametrize(
    ("span", "days"),
    [(Span("uren", 24), 1), (Span("dagen", 3), 3), (Span("werkdagen", 1), 1), (Span("werkdagen", 6), 8)],
)
def test_a_term_counts_from_a_sunday(span: Span, days: int) -> None:
    assert timezone.localdate(span.after(NOW)) == timezone.localdate(NOW) + timedelta(days=days)


def test_an_advisory_makes_one_notice_for_each_region_that_runs_the_product(sector: Sector) -> None:
    sector.runs("VR15", place="VRH-FW01")
    sector.runs("VR15", place="VRH-FW02")
    sector.runs("VR17", version="")
    sector.runs("VR18", version="7.4.1")
    sector.take(csaf())
    found = all_notices()
    assert set(found) == {"VR15", "VR17"}
    assert [each["place"] for each in found["VR15"].evidence] == ["VRH-FW01", "VRH-FW02"]
    assert "Uw versie 7.2.4 is kwetsbaar" in found["VR15"].evidence[0]["text"]
    assert found["VR15"].confidence > found["VR17"].confidence
    assert not found["VR17"].evidence[0]["known"]
    assert found["VR15"].late_at == NOW + 24 * HOUR
    assert found["VR15"].cves == ["CVE-2026-1111"]
    assert actions_of("VR15") == [("Bekijk advies NCSC-2026-0412 (Urgent): Fortinet FortiOS", "open")]
    sent = mailed()
    assert sorted(each.to[0] for each in sent) == sorted(sector.cisos[code].user.email for code in ("VR15", "VR17"))
    for each in sent:
        assert "Forti" not in each.subject + each.body
        assert "TLP:CLEAR" in each.subject


def test_a_document_is_parsed_once_and_one_that_came_meanwhile_is_what_counts(
    sector: Sector, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("VR15", "VR17", "VR18"):
        sector.runs(code)
    parsed: list[bytes | str] = []
    monkeypatch.setattr(advisories, "read_csaf", lambda raw: parsed.append(raw) or read_csaf(raw))
    sector.take(csaf())
    assert len(parsed) == 2, "when it was taken in, and once for three notices"
    with owner_scope(sector.circle.pk):
        ((read, before),) = advisories.newest(SecurityAdvisory.objects.all())
    sector.take(csaf(version="2", changed="2026-11-21T10:00:00Z", title="Betere titel"))
    assert settle(sector.at("VR15").pk, read, before, NOW, ADVISORY) is None
    assert (all_notices()["VR15"].version, all_notices()["VR15"].title) == ("2", "Betere titel")


def test_nothing_new_for_a_region_is_no_second_mail_or_action(sector: Sector) -> None:
    sector.runs("VR15")
    sector.take(csaf())
    with acting(sector.cisos["VR15"].actor) as me:
        notices.acknowledge(me, all_notices()["VR15"].public_id)
    mailed()
    before = actions_of("VR15")
    sector.take(csaf(version="2", changed="2026-11-21T10:00:00Z", title="Betere titel"), at=NOW + HOUR)
    sector.profile_changed("VR15", at=NOW + HOUR)
    now = all_notices()["VR15"]
    assert (now.title, now.version, now.rank) == ("Betere titel", "2", Rank.BUSY)
    assert "nieuwe versie" in now.steps[-1]["text"]
    assert (actions_of("VR15"), mailed()) == (before, [])
    sector.take(
        csaf(version="3", changed="2026-11-22T10:00:00Z", cves=("CVE-2026-1111", "CVE-2026-2222")), at=NOW + HOUR
    )
    now = all_notices()["VR15"]
    assert (now.acknowledged_at, now.rank, len(mailed())) == (None, Rank.URGENT, 1)
    assert len(actions_of("VR15")) == 1


@pytest.mark.parametrize("how", ["updated", "ended", "better", "withdrawn"])
def test_a_notice_that_concerns_nobody_any_more_ends_with_a_reason(how: str, sector: Sector) -> None:
    row = sector.runs("VR15")
    sector.take(csaf())
    with acting(sector.cisos["VR15"].actor) as me:
        if how == "updated":
            profile.change(me, row.public_id, {"product": "FortiOS", "vendor": "Fortinet", "version": "7.2.9"})
        elif how == "ended":
            profile.end(me, row.public_id, "Vervangen")
    if how in ("updated", "ended"):
        sector.profile_changed("VR15")
    elif how == "better":
        sector.take(csaf(version="2", below="7.0.1", changed="2026-11-21T10:00:00Z"))
    else:
        sector.take(csaf(version="2", category="csaf_withdrawn", changed="2026-11-21T10:00:00Z"))
    found = all_notices()["VR15"]
    assert (found.rank, found.open) == (Rank.ENDED, False)
    words = {"better": "nieuwste versie", "withdrawn": "ingetrokken"}.get(how, "Wat u draait is gewijzigd")
    assert words in found.ended_why
    assert [state for _title, state in actions_of("VR15")] == [ActionState.DONE]
    with acting(sector.cisos["VR15"].actor) as me, pytest.raises(Refused, match="vervallen"):
        notices.acknowledge(me, found.public_id)
    if how == "updated":
        with acting(sector.cisos["VR15"].actor) as me:
            profile.change(me, row.public_id, {"product": "FortiOS", "vendor": "Fortinet", "version": "7.2.1"})
        sector.profile_changed("VR15")
        assert all_notices()["VR15"].rank == Rank.URGENT
        assert "geldt weer" in all_notices()["VR15"].steps[-1]["text"]


def test_who_does_not_answer_is_late_and_the_cert_that_has_a_mandate_sees_it(sector: Sector) -> None:
    for code in ("VR15", "VR17", "VR18"):
        sector.runs(code)
    sector.take(csaf())
    found = all_notices()
    with acting(sector.cisos["VR15"].actor) as me:
        notices.acknowledge(me, found["VR15"].public_id)
    mailed()
    assert escalate_late(NOW + 23 * HOUR) == ""
    assert escalate_late(NOW + 25 * HOUR) == "2 meldingen te laat"
    assert escalate_late(NOW + 26 * HOUR) == ""
    assert {code: each.rank for code, each in all_notices().items()} == {
        "VR15": Rank.BUSY, "VR17": Rank.ESCALATED, "VR18": Rank.ESCALATED,
    }  # fmt: skip
    assert actions_of("VR-CERT") == [("Vraag na wie te laat is met advies NCSC-2026-0412", "open")]
    sent = mailed()
    assert [each.to for each in sent] == [[sector.cert.user.email]]
    assert not any(code in sent[0].subject + sent[0].body for code in ("VR17", "VR18", "NCSC"))
    with acting(sector.cert.actor) as lead:
        seen = queries.concerned(lead, the_advisory())
        assert [(each.organisation.code, each.rank) for each in seen] == [("VR17", Rank.ESCALATED), ("VR15", Rank.BUSY)]
        assert queries.notices(lead).count() == 2
        with pytest.raises(Denied):
            notices.acknowledge(lead, found["VR17"].public_id)
    with acting(sector.cisos["VR17"].actor) as me:
        notices.acknowledge(me.at(NOW + 27 * HOUR), found["VR17"].public_id)
    assert end_cert_actions(the_advisory().public_id, NOW + 27 * HOUR) == 1
    assert [state for _title, state in actions_of("VR-CERT")] == [ActionState.DONE]


def test_a_repair_that_is_not_done_in_time_is_late_again(sector: Sector) -> None:
    sector.runs("VR15")
    sector.take(csaf())
    public_id = all_notices()["VR15"].public_id
    with acting(sector.cisos["VR15"].actor) as me:
        notices.set_repair(me, public_id, RepairState.BUSY)
        assert escalate_late(NOW + timedelta(days=6)) == ""
        assert escalate_late(NOW + timedelta(days=8)) == "1 meldingen te laat"
        with pytest.raises(Refused, match="waarom"):
            notices.set_repair(me, public_id, RepairState.ACCEPTED, "  ")
        with pytest.raises(Refused, match="hoe ver"):
            notices.set_repair(me, public_id, "klaar")
        notices.set_repair(me, public_id, RepairState.ACCEPTED, "Staat los van het netwerk")
    found = all_notices()["VR15"]
    assert (found.rank, found.escalated_at) == (Rank.OVER, None)
    assert [state for _title, state in actions_of("VR15")] == [ActionState.DONE]
    with every_owner():
        done = AuditEntry.objects.filter(organisation__code="VR15", action="sharing.notice.handle")
        assert [each.detail.get("herstel") for each in done.order_by("seq")] == ["bezig", "aanvaard"]


def test_regions_do_not_see_each_other(sector: Sector) -> None:
    for code in ("VR15", "VR18"):
        sector.runs(code)
    sector.take(csaf())
    found = all_notices()
    for code, others in (("VR15", "VR18"), ("VR18", "VR15"), ("VR19", "VR15")):
        with acting(sector.cisos[code].actor) as me:
            assert {each.organisation.code for each in queries.notices(me)} == {code} & set(found)
            assert {each.organisation.code for each in queries.assets(me)} == {code} & set(found)
            with pytest.raises(NotFound):
                notices.acknowledge(me, found[others].public_id)
    with acting(sector.cert.actor) as lead:
        assert {each.organisation.code for each in queries.notices(lead)} == {"VR15"}
        assert [each.code for each in queries.without_profile(lead)] == ["VR17"]


def test_what_is_used_in_attacks_becomes_urgent(sector: Sector) -> None:
    sector.runs("VR15")
    sector.take(csaf(word="Normaal"))
    found = all_notices()["VR15"]
    assert (found.urgency, found.rank, found.late_at.date()) == ("normaal", Rank.NORMAL, NOW.date() + timedelta(days=5))
    listed = (
        b'{"vulnerabilities": [{"cveID": "CVE-2026-1111", "dateAdded": "2026-11-21", "vulnerabilityName": "Fout"}]}'
    )
    with acting_system(sector.circle, NOW + HOUR) as me:
        said = flaws.take_kev(me, listed)
    assert "1 adviezen opnieuw beoordeeld" in said
    mailed()
    hold_advisories(sector.circle.pk, [the_advisory().public_id], NOW + HOUR)
    found = all_notices()["VR15"]
    assert (found.urgency, found.late_at) == ("urgent", NOW + 25 * HOUR)
    assert "CISA" in found.urgency_reason
    assert len(mailed()) == 1
    with acting_system(sector.circle, NOW + HOUR) as me:
        flaws.take_kev(me, b'{"vulnerabilities": []}')
    assert the_advisory().urgency == "normaal"


def test_who_leaves_the_circle_gets_no_more(sector: Sector) -> None:
    sector.runs("VR15")
    sector.take(csaf())
    with every_owner():
        Grant.objects.filter(grantee=sector.at("VR15"), organisation=sector.circle).update(ended_at=NOW)
    sector.take(csaf(version="2", changed="2026-11-21T10:00:00Z"), at=NOW + HOUR)
    assert "geen lid meer" in all_notices()["VR15"].ended_why


def test_what_a_killed_worker_left_out_is_made_good_the_next_day(
    sector: Sector, monkeypatch: pytest.MonkeyPatch
) -> None:
    sector.runs("VR15")
    with acting_system(sector.circle) as me:
        taken = advisories.take(me, csaf(), "proef.json").advisory
    assert all_notices() == {}
    offered: list[tuple[int, list[str]]] = []
    monkeypatch.setattr(type(match_advisories), "enqueue", lambda _task, *given: offered.append(given))
    hold_all(NOW)
    assert offered == [(sector.circle.pk, [str(taken.public_id)])]
    hold_advisories(sector.circle.pk, [taken.public_id], NOW)
    assert set(all_notices()) == {"VR15"}
