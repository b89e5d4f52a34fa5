"""Writing, sending, withdrawing and answering."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from brandwacht.network import events
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import (
    Action,
    ActionState,
    AuditEntry,
    Grant,
    Node,
    NodeKind,
    NodeName,
    Organisation,
    RoleAssignment,
)
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import services
from brandwacht.sharing.circle import circle_of, delivery
from brandwacht.sharing.content import refuse_victims
from brandwacht.sharing.events import WarningSent
from brandwacht.sharing.models import CircleWarning, WarningReceipt, WarningState
from brandwacht.sharing.tasks import tell, tell_members
from tests.sharing.conftest import Circle
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db


def _tell(circle: Circle, warning: CircleWarning) -> int:
    return tell_members(circle.owner.pk, warning.public_id, WarningState(warning.state), circle.writer.user.pk, NOW)


def _actions() -> list[Action]:
    with every_owner():
        return list(Action.objects.select_related("organisation").order_by("organisation__code"))


def test_a_draft_keeps_what_was_typed_and_its_writer_as_reader(circle: Circle) -> None:
    warning = circle.draft()
    assert warning.indicators == [
        {"kind": "ipv4", "value": "192.0.2.44"},
        {"kind": "url", "value": "https://kwaad.example/pad"},
    ]
    assert warning.attack == ["T1566.002", "T1078"]
    assert warning.advice_lines == ["Zoek in uw mail.", "Blokkeer de domeinnaam."]
    with every_owner():
        assert [each.user_id for each in warning.readers.all()] == [circle.writer.user.pk]
        assert AuditEntry.objects.filter(organisation=circle.owner, action="sharing.warning.write").count() == 1
        entry = AuditEntry.objects.get(organisation=circle.owner)
    assert warning.title not in str(entry.detail)


@pytest.mark.parametrize("who", ["cert_without_role", "reader", "member", "ciso", "outsider"])
def test_only_those_who_write_for_the_circle_write(circle: Circle, who: str) -> None:
    with acting(circle.everybody()[who].actor) as me, pytest.raises((Refused, Denied)):
        services.draft(me, title="x", tlp="AMBER", what="x")
    warning = circle.draft()
    with acting(circle.everybody()[who].actor) as me:
        for attempt in (
            lambda: services.send(me, warning.public_id),
            lambda: services.change_draft(me, warning.public_id, title="y", tlp="CLEAR", what="y"),
            lambda: services.withdraw(me, warning.public_id, "x"),
        ):
            with pytest.raises((NotFound, Denied)):
                attempt()
    warning.refresh_from_db()
    assert (warning.state, warning.title) == (WarningState.DRAFT, "Valse inlogpagina")


def test_a_member_may_not_send_or_withdraw_what_it_reads(circle: Circle) -> None:
    warning = circle.sent()
    with acting(circle.member.actor) as me:
        with pytest.raises(Denied):
            services.withdraw(me, warning.public_id, "x")
        with pytest.raises(Denied):
            services.send(me, warning.public_id)


def test_the_system_of_another_organisation_writes_for_no_circle(circle: Circle) -> None:
    with acting_system(circle.member.at) as me, pytest.raises(Refused, match="geen kring"):
        services.draft(me, title="x", tlp="AMBER", what="x")
    with acting_system(circle.owner) as me:
        assert services.draft(me, title="x", tlp="AMBER", what="x").organisation_id == circle.owner.pk


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"title": "  "}, "title", "titel"),
        ({"what": ""}, "what", "aan de hand"),
        ({"title": "x" * 201}, "title", "200"),
        ({"tlp": "PURPLE"}, "tlp", "TLP:RED"),
        ({"techniques": ["T10"]}, "techniques", "T1059"),
        (
            {"indicators_text": "192.0.2.1\n10.0.0.1\nkwaad.example x.exe"},
            "indicators",
            "Regel 2: .*\nRegel 3: .*x.exe",
        ),
        ({"reader_ids": ["0b5cf1b0-0000-4000-8000-000000000000"]}, "readers", "Kies opnieuw"),
    ],
    ids=["title", "what", "long", "tlp", "technique", "indicators", "reader"],
)
def test_what_is_wrong_is_named_with_its_mend(circle: Circle, changes: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        circle.draft(**changes)
    assert refused.value.field == field
    with every_owner():
        assert not CircleWarning.objects.exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "Aanval op Rotterdam-Rijnmond"),
        ("what", "Bij rotterdam rijnmond is ingebroken."),
        ("advice", "Bel VR17."),
        ("advice", "Bel vr-17"),
        ("indicators_text", "192.0.2.1\nvrrotterdamrijnmond.example"),
    ],
)
def test_the_victim_is_never_named(circle: Circle, field: str, text: str) -> None:
    Organisation.objects.filter(code="VR17").update(name="Rotterdam-Rijnmond")
    with pytest.raises(Refused, match="gaf u een mandaat") as refused:
        circle.draft(**{field: text})
    assert refused.value.field == field.removesuffix("_text")
    circle.draft(**{field: text.replace("17", "18").replace("otterdam", "").replace("ijnmond", "")})


def _asset(owner: Organisation, key: str, name: str, *values: str, kind: NodeKind = NodeKind.ASSET) -> None:
    with every_owner():
        node = Node(organisation=owner, key=key, name=name, kind=kind)
        node.save()
        for value in values:
            NodeName(organisation=owner, node=node, value=value).save()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "Wachtwoorden gelezen op VRR-DC01"),
        ("what", "Gezien op vrr dc01, en daarna elders."),
        ("advice", "Kijk naar vrr-dc01.vrr.example."),
        ("indicators_text", "198.51.100.9"),
    ],
)
def test_machines_of_those_who_gave_a_mandate_are_never_named(circle: Circle, field: str, text: str) -> None:
    _asset(circle.member.at, "dc01", "VRR-DC01", "vrr-dc01.vrr.example", "198.51.100.9")
    with pytest.raises(Refused, match="Dat is een machine van een organisatie.*Schrijf bijvoorbeeld") as refused:
        circle.draft(**{field: text})
    assert refused.value.field == field.removesuffix("_text")


def test_what_is_no_machine_of_theirs_may_be_named(circle: Circle) -> None:
    _asset(circle.member.at, "dc01", "VRR-DC01")
    _asset(circle.member.at, "mail", "Mail")
    _asset(circle.member.at, "office", "Microsoft 365")
    _asset(circle.member.at, "c2000", "C2000", kind=NodeKind.SERVICE)
    _asset(circle.reader.at, "elders", "HGL-DC01")  # gave this writer no mandate
    circle.draft(what="Mail, Microsoft 365, C2000, VRR-DC012 en HGL-DC01.")


def test_machines_are_checked_again_on_sending(circle: Circle) -> None:
    warning = circle.draft(what="Gezien op VRR-FS02.")
    _asset(circle.member.at, "fs02", "VRR-FS02")
    with acting(circle.writer.actor) as me, pytest.raises(Refused, match="VRR-FS02"):
        services.send(me, warning.public_id)


def test_names_that_are_ordinary_words_count_only_as_names(circle: Circle) -> None:
    victim = circle.member.at
    Organisation.objects.filter(pk=victim.pk).update(name="Best", kind="gemeente")
    with acting(circle.writer.actor) as me:
        refuse_victims(me, {"what": "Het beste is dit: kies de best passende maatregel. Bestel niets. VR171"})
        for text in ("In Best is ingebroken.", "Gemeente BEST".title(), "vr17."):
            with pytest.raises(Refused):
                refuse_victims(me, {"what": text})
        Organisation.objects.filter(pk=victim.pk).update(name="Fryslân", kind="veiligheidsregio")
        with pytest.raises(Refused, match="de beschrijving"):
            refuse_victims(me, {"what": "Ergens in Fryslan."})


def test_names_are_checked_again_on_sending(circle: Circle) -> None:
    warning = circle.draft(what="Er is iets in Zilverstad.")
    Organisation.objects.filter(code="VR17").update(name="Zilverstad")
    with acting(circle.writer.actor) as me, pytest.raises(Refused, match="Zilverstad"):
        services.send(me, warning.public_id)


def test_changing_a_draft_makes_the_changer_its_reader(circle: Circle) -> None:
    warning = circle.draft()
    with acting(circle.cert_colleague.actor) as me:
        services.change_draft(me, warning.public_id, title="Nieuw", tlp="RED", what="y")
    with every_owner():
        assert [each.user_id for each in warning.readers.all()] == [circle.cert_colleague.user.pk]
    with acting(circle.writer.actor) as me, pytest.raises(NotFound):
        services.change_draft(me, warning.public_id, title="Z", tlp="CLEAR", what="z")


def test_red_without_a_reader_is_not_sent(circle: Circle) -> None:
    warning = circle.draft("RED", reader_ids=[])
    with acting(circle.writer.actor) as me, pytest.raises(Refused, match="kies met naam") as refused:
        services.send(me, warning.public_id)
    assert refused.value.field == "readers"
    with every_owner():
        RoleAssignment.objects.filter(user=circle.reader.user).update(valid_to=NOW.date())
    lost = circle.draft("RED", reader_ids=[])
    with every_owner():
        lost.readers.create(organisation=circle.owner, user=circle.reader.user)
    with acting(circle.writer.actor) as me:
        to = delivery(circle_of(me, circle.owner.pk), lost, me.user_id)
        assert (to.persons, to.lost) == ((), ("Lezer Een",))
        with pytest.raises(Refused, match="plek in de kring"):
            services.send(me, lost.public_id)


def test_a_circle_without_members_is_told_so(circle: Circle) -> None:
    warning = circle.draft()
    lonely = actor(circle.writer.user, circle.writer.at)
    with every_owner():
        Grant.objects.filter(organisation=circle.owner).exclude(grantee=circle.writer.at).update(ended_at=NOW)
    with acting(lonely) as me, pytest.raises(Refused, match="nog geen leden"):
        services.send(me, warning.public_id)


def test_sending_is_refused_when_anything_changed_since_it_was_confirmed(circle: Circle) -> None:
    warning = circle.draft()
    with acting(circle.writer.actor) as me:
        seen = delivery(circle_of(me, circle.owner.pk), warning, me.user_id).fingerprint
    person(circle.member.at, Role.ISAC_MEMBER)
    with acting(circle.writer.actor) as me:
        with pytest.raises(Refused, match="veranderd"):
            services.send(me, warning.public_id, fingerprint=seen)
        now = delivery(circle_of(me, circle.owner.pk), warning, me.user_id).fingerprint
        services.send(me, warning.public_id, fingerprint=now)


def test_sending_publishes_and_enqueues_in_one_transaction(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[WarningSent] = []
    monkeypatch.setitem(events._handlers, WarningSent, [heard.append])
    warning = circle.draft()
    with acting(circle.writer.actor) as me:
        with pytest.raises(RuntimeError), transaction.atomic():
            services.send(me, warning.public_id)
            assert DBTaskResult.objects.count() == 1
            raise RuntimeError
        assert DBTaskResult.objects.count() == 0
        warning.refresh_from_db()
        assert warning.state == WarningState.DRAFT
        services.send(me, warning.public_id)
    assert DBTaskResult.objects.count() == 1
    assert heard[-1].warning == warning.public_id
    assert (heard[-1].number, heard[-1].named_only) == (warning.name, False)
    assert not {"title", "what"} & set(WarningSent.__slots__)
    with acting(circle.writer.actor) as me, pytest.raises(Refused, match="al verzonden"):
        services.send(me, warning.public_id)


@pytest.mark.parametrize("tlp", ["AMBER_STRICT", "AMBER", "GREEN", "CLEAR"])
def test_members_get_a_mail_and_an_action_without_content(circle: Circle, tlp: str) -> None:
    warning = circle.sent(tlp)
    assert _tell(circle, warning) == 2
    assert {each.to[0] for each in mail.outbox} == {circle.reader.user.email, circle.member.user.email}
    secrets = [warning.title, "Zeldzaamwoord", "192.0.2.44", "kwaad", "T1078", "mail.\n"]
    for message in mail.outbox:
        assert len(message.recipients()) == 1
        assert warning.marking.label in message.subject
        assert str(warning.public_id) in message.body
        assert not [each for each in secrets if each in message.subject + str(message.body)]
    actions = _actions()
    assert [each.organisation.code for each in actions] == ["VR15", "VR17"]
    for action in actions:
        assert action.role == Role.ISAC_MEMBER
        assert action.title == f"Beoordeel waarschuwing {warning.name} ({warning.marking.label})"
        assert not [each for each in secrets if each in action.title + action.why]


def test_where_nobody_has_the_seat_the_ciso_is_asked_to_fill_it(circle: Circle) -> None:
    warning = circle.sent()
    with every_owner():
        RoleAssignment.objects.filter(organisation__code="VR15", role=Role.ISAC_MEMBER).delete()
    _tell(circle, warning)
    asked = {each.organisation.code: (each.title.split()[0], each.role) for each in _actions()}
    assert asked == {"VR15": ("Wijs", Role.CISO), "VR17": ("Beoordeel", Role.ISAC_MEMBER)}


def test_red_mails_its_readers_only_and_leaves_no_action(circle: Circle) -> None:
    warning = circle.sent("RED")
    assert _tell(circle, warning) == 1
    assert mail.outbox[0].to == [circle.reader.user.email]
    assert _actions() == []


def test_the_worker_tells_nobody_when_the_warning_moved_on(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    warning = circle.sent()
    with acting(circle.writer.actor) as me:
        services.withdraw(me, warning.public_id, "Loos alarm")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    facts = (circle.owner.pk, str(warning.public_id))
    assert tell.call(*facts, "verzonden", circle.writer.user.pk) == 0
    assert tell.call(*facts, "ingetrokken", circle.writer.user.pk) == 2
    assert "ingetrokken" in mail.outbox[0].subject
    assert "Loos" not in str(mail.outbox[0].body)


def test_an_answer_ends_the_action_of_that_member_only(circle: Circle) -> None:
    warning = circle.sent()
    _tell(circle, warning)
    with acting(circle.member.actor) as me:
        services.answer(me, warning.public_id, "gelezen")
        services.answer(me, warning.public_id, "geraakt")
    assert [each.state for each in _actions()] == [ActionState.OPEN, ActionState.DONE]
    with every_owner():
        receipt = WarningReceipt.objects.get()
    assert (receipt.answer, receipt.member_id, receipt.user_id) == (
        "geraakt", circle.member.at.pk, circle.member.user.pk
    )  # fmt: skip
    _tell(circle, warning)
    assert [each.state for each in _actions()] == [ActionState.OPEN, ActionState.DONE]


def test_withdrawing_ends_all_actions_and_all_answering(circle: Circle) -> None:
    warning = circle.sent()
    _tell(circle, warning)
    with acting(circle.writer.actor) as me:
        with pytest.raises(Refused, match="waarom"):
            services.withdraw(me, warning.public_id, " ")
        withdrawn = services.withdraw(me, warning.public_id, "Loos alarm")
        with pytest.raises(Refused, match="nog geldt"):
            services.withdraw(me, warning.public_id, "Nog eens")
    _tell(circle, withdrawn)
    assert {each.state for each in _actions()} == {ActionState.DONE}
    with acting(circle.member.actor) as me, pytest.raises(Denied, match="ingetrokken"):
        services.answer(me, warning.public_id, "gelezen")


@pytest.mark.parametrize("who", ["writer", "cert_without_role", "ciso", "outsider"])
def test_only_members_answer(circle: Circle, who: str) -> None:
    warning = circle.sent()
    with acting(circle.everybody()[who].actor) as me, pytest.raises((Denied, NotFound)):
        services.answer(me, warning.public_id, "gelezen")


def test_an_answer_that_does_not_exist_is_refused(circle: Circle) -> None:
    warning = circle.sent()
    with acting(circle.member.actor) as me, pytest.raises(Refused, match="Kies een"):
        services.answer(me, warning.public_id, "misschien")


def test_a_denied_attempt_is_in_the_circles_chain(circle: Circle) -> None:
    warning = circle.sent("RED")
    with acting(circle.member.actor) as me, pytest.raises(NotFound):
        services.export(me, warning.public_id)
    with every_owner():
        entry = AuditEntry.objects.get(organisation=circle.owner, result="geweigerd")
    assert "niet met naam" in entry.detail["reden"]


def test_numbers_do_not_count(circle: Circle) -> None:
    numbers = [circle.draft().number for _each in range(5)]
    assert len(set(numbers)) == 5
    assert all(10_000 <= number <= 99_999 for number in numbers)
    assert numbers != sorted(numbers) or numbers[4] - numbers[0] > 4


def test_a_seat_that_is_for_one_person_is_not_for_the_colleague(circle: Circle) -> None:
    extra = organisation("VR16")
    named, other = person(extra, Role.ISAC_MEMBER), person(extra, Role.ISAC_MEMBER)
    grant = mandate(circle.owner, extra, GrantKind.CIRCLE)
    with every_owner():
        Grant.objects.filter(pk=grant.pk).update(grantee_user=named)
    with acting(circle.writer.actor) as me:
        seats = {seat.user_id for seat in circle_of(me, circle.owner.pk).seats}
    assert named.pk in seats
    assert other.pk not in seats
