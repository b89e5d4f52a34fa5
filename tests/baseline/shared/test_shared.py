"""Shared measures: published with versions, adopted with the link kept, renewed or not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from brandwacht.baseline.models import Adoption, Measure, SharedAdopter, SharedVersion
from brandwacht.baseline.queries import shared as queries
from brandwacht.baseline.services import change_measure, shared
from brandwacht.baseline.services.shared import NEWER_VERSIONS
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, Grant
from brandwacht.network.roles import Role
from brandwacht.network.services import access
from brandwacht.network.tenancy import every_owner
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEXT = "Elke beheerder heeft een eigen account.\nWij kijken dit elk kwartaal na."
DUE = date(2027, 3, 1)


@pytest.fixture
def us():
    region = organisation("VR17")
    return actor(person(region, Role.CISO), region)


def at(code, role=Role.CISO, kind="veiligheidsregio", now=NOW):
    home = organisation(code, kind)
    return actor(person(home, role), home, now)


@pytest.fixture
def published(us):
    for code in ("VR15", "VR01"):
        organisation(code)
    with acting(us):
        return shared.publish(us, title="Eigen accounts", control="8.02", text=TEXT)


def test_a_publication_is_read_by_regions_and_the_institute_and_by_nobody_else(us) -> None:
    organisation("VR15"), organisation("NIPV", "instituut"), organisation("GM0599", "gemeente")
    with acting(us):
        made = shared.publish(us, title="Eigen accounts", control="8.02", text=TEXT)
        shared.publish(us, title="Nog een", control="8.02", text=TEXT)
        assert Grant.objects.filter(kind=GrantKind.SHARED_MEASURES).count() == 2
    for code, kind, sees in (
        ("VR15", "veiligheidsregio", True),
        ("NIPV", "instituut", True),
        ("GM0599", "gemeente", False),
    ):
        with acting(at(code, kind=kind)) as them:
            assert queries.published(them).filter(pk=made.pk).exists() is sees
            assert not Measure.objects.exists()
            assert SharedVersion.objects.exists() is sees
    with acting(at("VR15", Role.COUNCILLOR)) as them:
        assert not queries.published(them).exists()


def test_a_door_that_was_shut_by_hand_stays_shut(us, published) -> None:
    with acting(us):
        access.end(us, Grant.objects.get(grantee__code="VR15").public_id)
        shared.publish(us, title="Nog een", control="5.01", text=TEXT)
    with acting(at("VR15")) as them:
        assert not queries.published(them).exists()
    with acting(at("VR01")) as them:
        assert queries.published(them).count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"text": ""}, "text"), ({"text": "x" * 3901}, "text"),
     ({"control": "9.99"}, "control")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_on_its_field(us, given, field) -> None:
    with acting(us), pytest.raises(Refused) as refused:
        shared.publish(us, **{"title": "Goed", "control": "8.02", "text": TEXT} | given)
    assert refused.value.field == field
    with every_owner():
        assert not Grant.objects.exists()


def test_a_municipality_does_not_publish() -> None:
    with acting(at("GM0599", kind="gemeente")) as them, pytest.raises(Refused, match="Alleen een veiligheidsregio"):
        shared.publish(them, title="Goed", control="8.02", text=TEXT)


def test_searching_by_control_theme_and_name(us, published) -> None:
    with acting(us):
        shared.publish(us, title="Beleid", control="5.01", text=TEXT)
    with acting(at("VR15")) as them:
        rows = queries.published(them)
        assert [r.title for r in queries.narrowed(rows, control="5.01")] == ["Beleid"]
        assert [r.title for r in queries.narrowed(rows, text="eigen")] == ["Eigen accounts"]
        assert [r.title for r in queries.narrowed(rows, theme="technologisch")] == ["Eigen accounts"]


def test_adopting_makes_an_own_measure_and_tells_a_count(us, published) -> None:
    with acting(at("VR15")) as them:
        adoption = shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE)
        measure = Measure.objects.get()
        assert (measure.title, measure.control, measure.description) == ("Eigen accounts", "8.02", TEXT)
        assert (measure.organisation.code, adoption.version) == ("VR15", 1)
        with pytest.raises(Refused, match="al overgenomen"):
            shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE)
    with acting(at("VR01")) as them:
        shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE, named=True)
    with acting(us):
        seen = queries.shared(us, published.public_id)
        assert (seen.adopter_count, queries.adopter_names(seen)) == (2, ["Veiligheidsregio Testregio VR01"])
        assert not Measure.objects.exists()
        assert not Adoption.objects.exists()
    with every_owner():  # of who did not agree nothing is kept with the publisher
        assert sorted(SharedAdopter.objects.values_list("name", flat=True)) == ["", "Veiligheidsregio Testregio VR01"]


def test_a_name_can_be_taken_back(us, published) -> None:
    with acting(at("VR15")) as them:
        adoption = shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE, named=True)
        shared.show_name(them, adoption.public_id, False)
        assert queries.adopter_names(queries.shared(them, published.public_id)) == []
        shared.show_name(them, adoption.public_id, True)
        assert len(queries.adopter_names(queries.shared(them, published.public_id))) == 1


def test_a_newer_version_is_taken_over_or_left(us, published) -> None:
    with acting(at("VR15")) as them:
        one = shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE)
        with pytest.raises(Refused, match="nieuwste versie al"):
            shared.take_over(them, one.public_id)
    with acting(at("VR01")) as them:
        two = shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE)
        change_measure(
            them, two.measure.public_id, title="Eigen accounts", owner_name="Beheer", due=DUE, description="Ons"
        )
    with acting(us.at(NOW + DAY)) as me:
        with pytest.raises(Refused, match="niets veranderd"):
            shared.revise(me, published.public_id, title="Eigen accounts", text=TEXT, changed="Niets")
        with pytest.raises(Refused) as refused:
            shared.revise(me, published.public_id, title="Eigen accounts", text=TEXT + "!", changed="")
        assert refused.value.field == "changed"
        shared.revise(
            me, published.public_id, title="Eigen accounts", text=TEXT + "\nOok leveranciers.", changed="Leveranciers"
        )
        assert [v.number for v in queries.versions(queries.shared(me, published.public_id))] == [2, 1]
    assert NEWER_VERSIONS.run(NOW + DAY) == "2 nieuwe versies"
    with every_owner():
        assert Action.objects.filter(key__startswith="overgenomen:", state="open").count() == 2
    with acting(at("VR15", now=NOW + DAY)) as them:
        assert queries.adopted(them, [one])[0].newer
        shared.take_over(them, one.public_id)
        one.refresh_from_db()
        assert Measure.objects.get().description.endswith("Ook leveranciers.")
        assert not queries.adopted(them, [one])[0].newer
    with acting(at("VR01", now=NOW + DAY)) as them:
        shared.pass_over(them, two.public_id)
        two.refresh_from_db()
        assert (two.version, two.passed, Measure.objects.get().description) == (1, 2, "Ons")
        assert not queries.adopted(them, [two])[0].newer
    assert NEWER_VERSIONS.run(NOW + DAY) == "0 nieuwe versies"
    with every_owner():
        assert not Action.objects.filter(key__startswith="overgenomen:", state="open").exists()


def test_what_is_withdrawn_is_gone_for_others_who_keep_their_own(us, published) -> None:
    with acting(at("VR15")) as them:
        adoption = shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE)
    with acting(us):
        shared.withdraw(us, published.public_id)
        assert queries.shared(us, published.public_id).withdrawn_at == NOW
        with pytest.raises(Refused, match="ingetrokken"):
            shared.revise(us, published.public_id, title="x", text="y", changed="z")
    with acting(at("VR15")) as them:
        with pytest.raises(NotFound):
            queries.shared(them, published.public_id)
        with pytest.raises(NotFound):
            shared.adopt(them, published.public_id, owner_name="Beheer", due=DUE)
        assert queries.adopted(them, [adoption])[0].now is None
        assert Measure.objects.count() == 1


def test_the_text_belongs_to_its_publisher(us, published) -> None:
    with acting(at("VR15")) as them:
        for attempt in (
            lambda: shared.revise(them, published.public_id, title="x", text="y", changed="z"),
            lambda: shared.withdraw(them, published.public_id),
        ):
            with pytest.raises((Denied, NotFound)):
                attempt()
    with acting(us), pytest.raises((Denied, NotFound)):
        shared.adopt(us, published.public_id, owner_name="Beheer", due=DUE)
