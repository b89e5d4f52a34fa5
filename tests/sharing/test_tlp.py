"""TLP is enforced: every label, for everybody, on every way to a warning."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.engines import intel
from brandwacht.engines.intel import TLP, Audience, Marking, Reader
from brandwacht.network.policy import decide, rules, visible
from brandwacht.network.queries import capped_count
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import queries, services
from brandwacht.sharing.models import CircleWarning, ReceiptAnswer, WarningReader, WarningReceipt, WarningState
from brandwacht.sharing.policy import SEE, SEE_RECEIPTS
from tests.sharing.conftest import Circle, Persona
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db

MEMBERS = {"writer", "cert_colleague", "reader", "member"}
MAY_READ = {label.name: {"writer", "reader"} if label is TLP.RED else MEMBERS for label in TLP}
PEOPLE = ["writer", "cert_colleague", "cert_without_role", "reader", "member", "ciso", "outsider", "nobody"]

Browse = Callable[[Persona | None], Client]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("tlp", [label.name for label in TLP])
def test_every_way_to_a_warning(circle: Circle, browse: Browse, tlp: str, who: str) -> None:
    warning = circle.sent(tlp)
    persona = circle.everybody().get(who)
    client = browse(persona)
    allowed = who in MAY_READ[tlp]
    for address in (reverse("sharing:list"), reverse("sharing:list") + "?q=Zeldzaamwoord&tlp=" + tlp):
        text = client.get(address).content.decode()
        assert (warning.title in text) is allowed, address
        assert ("1 waarschuwing<" in text) is allowed, address
    for name in ("detail", "stix"):
        response = client.get(reverse(f"sharing:{name}", args=[warning.public_id]))
        assert response.status_code == (200 if allowed else 302 if persona is None else 404), name
        assert (warning.title in response.content.decode()) is allowed, name
    week = client.get("/").content.decode()
    asked = allowed and who in ("reader", "member")
    assert ("waarschuwingen die op antwoord" in week) is asked
    assert (">Delen<" in week) is (who in MEMBERS or who in ("cert_without_role", "ciso", "outsider"))  # own notices
    if persona is not None:
        with acting(persona.actor) as me:
            assert queries.unanswered_count(me) == int(asked)
            assert capped_count(queries.warnings(me)) == int(allowed)
            assert queries.warnings(me).filter(title__icontains="inlog").exists() is allowed
            assert queries.receipts(me, [warning]).count() == 0


@pytest.mark.parametrize("who", PEOPLE)
def test_a_draft_is_for_its_writers(circle: Circle, browse: Browse, who: str) -> None:
    red, amber = circle.draft("RED"), circle.draft("AMBER", title="Ander concept")
    client = browse(circle.everybody().get(who))
    for warning, readers in ((red, {"writer"}), (amber, {"writer", "cert_colleague"})):
        for name in ("detail", "edit", "send"):
            seen = client.get(reverse(f"sharing:{name}", args=[warning.public_id])).status_code == 200
            assert seen is (who in readers), name
        assert client.get(reverse("sharing:stix", args=[warning.public_id])).status_code != 200
    text = client.get(reverse("sharing:list")).content.decode()
    assert ("Ander concept" in text) is (who in {"writer", "cert_colleague"})


def test_red_without_readers_is_for_nobody(circle: Circle) -> None:
    warning = circle.sent("RED")
    with every_owner():
        WarningReader.objects.all().delete()
    for persona in circle.everybody().values():
        with acting(persona.actor) as me:
            assert not queries.warnings(me).exists()
            assert not decide(me, SEE, warning)


def test_a_reader_who_loses_the_seat_reads_no_longer(circle: Circle) -> None:
    circle.sent("RED")
    elsewhere = organisation("VR16")
    stranger = actor(circle.reader.user, elsewhere)
    with acting(stranger) as me:
        assert not queries.warnings(me).exists()


def test_what_was_withdrawn_stays_visible_to_the_same_people(circle: Circle, browse: Browse) -> None:
    warning = circle.sent("RED")
    with acting(circle.writer.actor) as me:
        services.withdraw(me, warning.public_id, "Bleek loos alarm.")
    address = reverse("sharing:detail", args=[warning.public_id])
    assert "Bleek loos alarm." in browse(circle.reader).get(address).content.decode()
    assert browse(circle.member).get(address).status_code == 404


def _rows(circle: Circle) -> None:
    with every_owner():
        number = 1
        for tlp in TLP:
            for state in WarningState:
                for readers in ([], [circle.writer.user, circle.reader.user]):
                    warning = CircleWarning(
                        organisation=circle.owner, number=number, title="x", tlp=tlp.name, state=state, what="x",
                        written_by="x", written_by_organisation=circle.writer.at, written_at=NOW,
                    )  # fmt: skip
                    warning.save()
                    for user in readers:
                        WarningReader(organisation=circle.owner, warning=warning, user=user).save()
                    for home in (circle.reader.at, circle.member.at):
                        WarningReceipt(
                            organisation=circle.owner, warning=warning, member=home, answer=ReceiptAnswer.READ, at=NOW
                        ).save()
                    number += 1


def test_decide_and_visible_agree(circle: Circle) -> None:
    _rows(circle)
    people = list(circle.everybody().values())
    homes = (circle.owner, circle.writer.at, circle.member.at, circle.outsider.at)
    people += [Persona(person(home, role), home) for home in homes for role in Role]
    ours = [
        rule.action for rule in rules().values() if rule.action.startswith(("sharing.warning.", "sharing.receipt."))
    ]
    assert len(ours) == 8
    some = 0
    with every_owner():
        for persona in people:
            me = persona.actor
            for action in ours:
                model = WarningReceipt if action == SEE_RECEIPTS else CircleWarning
                related = "warning__readers" if model is WarningReceipt else "readers"
                rows = list(model.objects.prefetch_related(related))
                seen = list(model.objects.filter(visible(me, action)).values_list("pk", flat=True))
                assert len(seen) == len(set(seen)), "a row twice"
                assert set(seen) == {row.pk for row in rows if decide(me, action, row)}, (me.roles, action)
                some += bool(seen)
    assert some > 20


def test_for_members_the_policy_says_what_the_engine_says(circle: Circle) -> None:
    """The engine's ladder, with the members' organisations as receivers."""
    _rows(circle)
    with every_owner():
        rows = list(CircleWarning.objects.filter(state=WarningState.SENT).prefetch_related("readers"))
        for persona in (circle.writer, circle.cert_colleague, circle.reader, circle.member):
            me = persona.actor
            reader = Reader(str(me.user_id), frozenset({str(me.organisation_id)}), frozenset({"VR-ISAC"}))
            for row in rows:
                audience = Audience(
                    frozenset(str(each.user_id) for each in row.readers.all()),
                    frozenset(str(p.at.pk) for p in (circle.writer, circle.reader, circle.member)),
                    frozenset({"VR-ISAC"}),
                )
                verdict = intel.decide(Marking(row.marking), reader=reader, audience=audience)
                assert bool(decide(me, SEE, row)) is bool(verdict)
