"""The use cases of pseudonyms: custodians and their keys, a contributor's pseudonym, and opening one together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation, User
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.sharing.circle import circle_for, read_circle
from brandwacht.sharing.models import Custodian, Opening, Pseudonym
from brandwacht.sharing.policies.threats import MAKE_KEY, OPEN, SET_CUSTODIAN
from brandwacht.sharing.pseudonyms import new_name, source_handle
from brandwacht.sharing.sealing import CannotOpen, new_key, open_sealed, open_share, seal, seal_share

CUSTODIANS = 2


def set_custodians(actor: Actor, user_ids: list[UUID | str]) -> list[Custodian]:
    """Appoint the two custodians, from those with a seat; whoever is not named any more is custodian no longer.

    What was sealed to an earlier pair stays with that pair.
    """
    with use_case(actor, SET_CUSTODIAN) as case:
        circle = circle_for(actor, SET_CUSTODIAN)
        case.require(Owner(circle.pk))
        seats = {str(seat.public_id): seat for seat in read_circle(circle.pk, actor.now).seats}
        wanted = [str(each) for each in dict.fromkeys(user_ids)]
        if len(wanted) != CUSTODIANS or not set(wanted) <= seats.keys():
            raise Refused(_("Kies precies twee mensen met een zetel in de kring."), "people")
        if len({seats[each].organisation.pk for each in wanted}) != CUSTODIANS:
            raise Refused(_("Kies twee mensen van verschillende organisaties."), "people")
        people = {seats[each].user_id for each in wanted}
        running = Custodian.objects.filter(organisation=circle, until__isnull=True)
        running.exclude(user_id__in=people).update(until=actor.now)
        known = set(running.filter(user_id__in=people).values_list("user_id", flat=True))
        for pk in sorted(people - known):
            row = Custodian(organisation=circle, user_id=pk, since=actor.now)
            row.save()
            case.audit(row, {"sleutelbewaarder": True})
        return list(running.select_related("user").order_by("user__name", "pk"))


def make_key(actor: Actor, public_id: Any) -> str:
    """A new key for the actor as custodian; the private half is returned once and kept nowhere."""
    with use_case(actor, MAKE_KEY) as case:
        row = case.get(Custodian, public_id)
        if row.public_key:
            raise Refused(
                _("U heeft al een sleutel. Bent u die kwijt, laat de kring dan nieuwe sleutelbewaarders kiezen.")
            )
        private, row.public_key = new_key()
        row.save()
        case.audit(row, {"sleutel": row.public_key[:16]})
    return private


def possible(circle_id: int) -> bool:
    """Whether the circle has two custodians with a key, so that a pseudonym can be sealed."""
    return len(_keys(circle_id)) == CUSTODIANS


def _keys(circle_id: int) -> dict[str, str]:
    rows = Custodian.objects.filter(organisation_id=circle_id, until__isnull=True).exclude(public_key="")
    return {str(row.public_id): row.public_key for row in rows}


def pseudonym_for(actor: Actor, circle: Organisation, topic: str) -> Pseudonym:
    """The actor's pseudonym on a topic, made on first use with the identity sealed to both custodians."""
    mark = source_handle(actor, circle.pk, topic)
    known: Pseudonym | None = Pseudonym.objects.filter(organisation=circle, handle=mark).first()
    if known is not None:
        return known
    keys = _keys(circle.pk)
    if len(keys) != CUSTODIANS:
        raise Refused(
            _("Onder een pseudoniem melden kan pas als de kring twee sleutelbewaarders met een sleutel heeft.")
        )
    row = Pseudonym(organisation=circle, name=new_name(circle.pk), topic=topic, handle=mark)
    if actor.user_id is None:
        raise Refused(_("Alleen een persoon heeft een pseudoniem."))
    user = User.objects.get(pk=actor.user_id)
    identity = {"naam": user.name, "e-mail": user.email, "organisatie": actor.organisation_code}
    row.sealed = seal(identity, keys, str(row.public_id))
    row.save()
    return row


def ask_opening(actor: Actor, public_id: Any, private: str, reason: str) -> Opening:
    """The first custodian gives a share, sealed for the second, with the reason why; both are in the chain."""
    with use_case(actor, OPEN) as case:
        pseudonym = case.get(Pseudonym, public_id)
        reason = " ".join(reason.split())
        if not reason or len(reason) > 300:
            raise Refused(_("Schrijf in hoogstens 300 tekens op waarom dit pseudoniem open moet."), "reason")
        if pseudonym.openings.filter(opened_at__isnull=True).exists():
            raise Refused(_("Hierop wacht al een verzoek. Laat de ander dat afmaken."))
        mine, other = _both(actor, pseudonym)
        share = _share(pseudonym, mine, private)
        opening = Opening(
            organisation=pseudonym.organisation, pseudonym=pseudonym, first=mine, reason=reason, asked_at=actor.now,
            share=seal_share(share, other.public_key, str(pseudonym.public_id)),
        )  # fmt: skip
        opening.save()
        case.audit(pseudonym, {"pseudoniem": pseudonym.name, "reden": reason, "stap": "gevraagd"})
    return opening


def finish_opening(actor: Actor, public_id: Any, private: str) -> dict[str, str]:
    """The second custodian opens it: who it is, returned once and kept nowhere."""
    with use_case(actor, OPEN) as case:
        opening = case.get(Opening, public_id)
        pseudonym, label = opening.pseudonym, str(opening.pseudonym.public_id)
        mine, _other = _both(actor, pseudonym)
        if opening.opened_at is not None:
            raise Refused(_("Dit verzoek is al afgemaakt."))
        if mine.pk == opening.first_id:
            raise Refused(_("U deed het verzoek zelf. De andere sleutelbewaarder maakt het af."))
        share = _share(pseudonym, mine, private)
        try:
            identity = open_sealed(pseudonym.sealed, (share, open_share(opening.share, private, label)), label)
        except CannotOpen as error:
            raise Refused(_("Met deze sleutels gaat het niet open."), "private") from error
        opening.opened_at, opening.share = actor.now, {}
        opening.save()
        case.audit(pseudonym, {"pseudoniem": pseudonym.name, "reden": opening.reason, "stap": "geopend"})
    return identity


def _both(actor: Actor, pseudonym: Pseudonym) -> tuple[Custodian, Custodian]:
    """The custodians to whom it was sealed: the actor's own, and the other."""
    rows = {str(row.public_id): row for row in Custodian.objects.filter(public_id__in=list(pseudonym.sealed["shares"]))}
    mine = [row for row in rows.values() if row.user_id == actor.user_id]
    other = [row for row in rows.values() if row.user_id != actor.user_id]
    if len(mine) != 1 or len(other) != 1:
        raise Refused(_("Dit pseudoniem is verzegeld voor eerdere sleutelbewaarders. Alleen zij samen openen het."))
    return mine[0], other[0]


def _share(pseudonym: Pseudonym, mine: Custodian, private: str) -> bytes:
    try:
        return open_share(pseudonym.sealed["shares"][str(mine.public_id)], private, str(pseudonym.public_id))
    except CannotOpen as error:
        raise Refused(_("Deze sleutel past niet. Plak uw eigen sleutel, helemaal."), "private") from error
