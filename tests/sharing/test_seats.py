"""Seats: two per organisation, signed, and gone at once everywhere; meetings, and TLP:RED for who was there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import ApiToken, AuditEntry, RoleAssignment
from brandwacht.network.roles import Role
from brandwacht.network.services import people, tokens
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import queries
from brandwacht.sharing.circle import read_circle
from brandwacht.sharing.models import CircleSeat
from brandwacht.sharing.queries import seats as seat_queries
from brandwacht.sharing.services import seats
from tests.sharing.conftest import Circle, Persona
from tests.sharing.members import Members, members
from tests.world import NOW, acting, acting_system, actor

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]


def assign(circle: Circle, email: str, start: int = 0, end: int | None = None) -> RoleAssignment:
    """Give somebody the role of member at VR17, which has one member, from so many days after today."""
    with acting_system(circle.member.at) as me:
        first = me.today + timedelta(days=start)
        last = None if end is None else me.today + timedelta(days=end)
        return people.assign(me, email, "Nieuw Lid", Role.ISAC_MEMBER, first, last)


def test_a_third_seat_is_refused_at_any_moment(circle: Circle) -> None:
    assign(circle, "tweede@test.example", start=10, end=20)
    with pytest.raises(Refused, match="hoogstens twee zetels.*Lid Twee en Nieuw Lid"):
        assign(circle, "derde@test.example")
    with pytest.raises(Refused, match="hoogstens twee"):
        assign(circle, "derde@test.example", start=19)
    with every_owner():
        assert not RoleAssignment.objects.filter(user__email="derde@test.example").exists()
    assign(circle, "derde@test.example", start=20)
    with pytest.raises(Refused, match="hoogstens twee"):
        assign(circle, "vierde@test.example", start=40)


def test_replacing_somebody_makes_room(circle: Circle) -> None:
    first = assign(circle, "tweede@test.example")
    with acting_system(circle.member.at) as me:
        people.end_role(me, first.public_id)
    assign(circle, "derde@test.example")


def unsigned() -> Members:
    made = members("een", "twee")
    made.sign("twee")
    return made


def test_nobody_reads_before_signing_the_version_in_force(circle: Circle, browse: Browse) -> None:
    circle.sent()
    with acting(circle.writer.actor) as me:
        guideline = seats.set_guideline(me, "Vertel niets door.", me.today)
    with acting(circle.reader.actor) as me:
        assert not queries.warnings(me).exists()
        assert seat_queries.to_sign(me) == guideline
        with pytest.raises(Refused, match="eigen naam"):
            seats.sign(me, guideline.public_id, "Iemand Anders")
        seats.sign(me, guideline.public_id, " lezer  een ")
        assert queries.warnings(me).exists()
        assert seat_queries.to_sign(me) is None
    with acting(circle.writer.actor) as me:
        assert queries.warnings(me).exists()  # who writes for the circle signs nothing
        seated = {seat.user_id for seat in read_circle(circle.owner.pk, NOW).seats if seat.role is Role.ISAC_MEMBER}
        assert seated == {circle.reader.user.pk}
        seats.set_guideline(me, "Vertel echt niets door.", me.today + timedelta(days=2))
    soon = replace(circle.reader.actor, now=NOW + timedelta(days=1))
    with acting(soon):
        assert queries.warnings(soon).exists()
    late = replace(circle.reader.actor, now=NOW + timedelta(days=2))
    with acting(late):
        assert not queries.warnings(late).exists()


def test_the_pages_lead_to_the_guidelines_first(browse: Browse) -> None:
    made = members("een")
    with acting(made.writer.actor) as me:
        seats.set_guideline(me, "Vertel niets door.", me.today)
    client = browse(made["een"])
    for name in ("threats", "questions", "list", "circle", "threat-new"):
        assert client.get(reverse(f"sharing:{name}")).headers["Location"] == reverse("sharing:guideline"), name
    page = client.get(reverse("sharing:guideline")).content.decode()
    assert "Vertel niets door." in page
    assert client.post(reverse("sharing:guideline"), {"name": "Lid Een"}).status_code == 422
    answer = client.post(reverse("sharing:guideline"), {"name": "Lid Een", "read": "on"})
    assert answer.headers["Location"] == reverse("sharing:circle")
    page = client.get(reverse("sharing:circle")).content.decode()
    assert "Lid Een" in page
    assert "versie 1" in page


@pytest.mark.parametrize("way", ["the member", "the coordinator"])
def test_a_seat_that_ends_is_gone_at_once_everywhere(way: str, browse: Browse) -> None:
    made = members("een", "twee", homes={"een": "VR11", "twee": "VR11"})
    made.sign("een", "twee")
    with every_owner():
        RoleAssignment(
            organisation=made["een"].at,
            user=made["een"].user,
            role=Role.CISO,
            valid_from=timezone.localdate(NOW),
        ).save()
        seat = CircleSeat.objects.get(user=made["een"].user)
        role = RoleAssignment.objects.get(user=made["een"].user, role=Role.ISAC_MEMBER)
    now = timezone.now()
    with acting(actor(made["een"].user, made["een"].at, now)) as me:
        _row, token = tokens.make(me, made["een"].user, "programma", now + timedelta(days=30))
    session = browse(made["een"])
    program = Client(headers={"authorization": f"Bearer {token}", "accept": "application/taxii+json;version=2.1"})
    assert session.get(reverse("sharing:threats")).status_code == 200
    assert program.get("/taxii2/vr-isac/").status_code == 200
    assert program.get("/api/v1/warnings").status_code == 200
    if way == "the member":
        with acting_system(made["een"].at, now) as system:
            people.end_role(system, role.public_id)
    else:
        with acting(actor(made.writer.user, made.writer.at, now)) as me:
            seats.end_seat(me, seat.public_id, "Vertrokken")
    assert session.get(reverse("sharing:threats")).status_code == 403
    assert session.get("/").status_code == 200  # the CISO is still one
    assert program.get("/taxii2/vr-isac/").status_code == 401
    assert program.get("/api/v1/warnings").status_code == 401
    with every_owner():
        assert not ApiToken.objects.filter(user=made["een"].user, revoked_at__isnull=True).exists()
        seat.refresh_from_db()
        assert seat.ended_at is not None
        assert AuditEntry.objects.filter(organisation=made.owner, action="sharing.seat.end").exists()
    with acting_system(made["een"].at, now) as system:  # back again: a new seat, signed anew
        people.assign(system, made["een"].user.email, "", Role.ISAC_MEMBER, system.today)
    assert session.get(reverse("sharing:threats")).headers["Location"] == reverse("sharing:guideline")
    assert program.get("/taxii2/vr-isac/").status_code == 401


def test_only_the_coordinator_ends_a_seat_and_says_why() -> None:
    made = unsigned()
    with every_owner():
        seat = CircleSeat.objects.get()
    with acting(made["twee"].actor) as me, pytest.raises(Denied):
        seats.end_seat(me, seat.public_id, "Zomaar")
    with acting(made.writer.actor) as me, pytest.raises(Refused, match="waarom"):
        seats.end_seat(me, seat.public_id, " ")


def test_a_meeting_with_red_is_for_who_was_there(browse: Browse) -> None:
    made = members("een", "twee")
    with acting(made.writer.actor) as me:
        meeting = seats.write_meeting(
            me, None, title="Overleg", on=me.today, tlp="RED", agenda="Zeldzaampunt", decisions="Niets zeggen",
            attendee_ids=[made["een"].user.public_id],
        )  # fmt: skip
    address = reverse("sharing:meeting", args=[meeting.public_id])
    assert "Zeldzaampunt" in browse(made["een"]).get(address).content.decode()
    assert browse(made["twee"]).get(address).status_code == 404
    assert "Overleg</a>" not in browse(made["twee"]).get(reverse("sharing:circle")).content.decode()
    assert "Overleg</a>" in browse(made.writer).get(reverse("sharing:circle")).content.decode()
    assert (
        "Lid Een" in browse(made.writer).get(reverse("sharing:meeting-edit", args=[meeting.public_id])).content.decode()
    )


def test_red_for_the_attendees_of_a_meeting() -> None:
    made = members("een", "twee", "drie")
    with acting(made.writer.actor) as me:
        meeting = seats.write_meeting(
            me, None, title="Overleg", on=me.today, tlp="AMBER", agenda="x", attendee_ids=[made["twee"].user.public_id]
        )
    threat = made.shared("een", tlp="RED", meeting=meeting.public_id)
    with every_owner():
        assert [each.user_id for each in threat.readers.all()] == [made["twee"].user.pk]
