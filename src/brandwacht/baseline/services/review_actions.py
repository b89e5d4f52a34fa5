"""What a review asks of people, at the reviewed organisation and at the reviewers: actions put and ended by themselves.

An action at the other organisation holds no more than the invitation does: who asks, and until when.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import RUNNING, Review, ReviewPoint, ReviewState
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.periodic import Job
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import owner_scope

ROOM = "baseline"
MINUTES_PER_ITEM = 15
"""Estimate of what a second score takes somebody who knows the norm."""


def _key(review: Review) -> str:
    return f"toetsing:{review.public_id}"


def _todo(review: Review, title: str, why: str, minutes: int, due: datetime, owner_id: int | None = None) -> Todo:
    return Todo(
        key=_key(review), title=title[:200], why=why, room=ROOM, role=Role.CISO, owner_id=owner_id, risk=2,
        path=reverse("baseline:review", args=[review.public_id]), effort=minutes, due=due,
    )  # fmt: skip


def _soon(actor: Actor, review: Review) -> datetime:
    return min(review.ends_at, actor.now + timedelta(days=14))


def _ask_reviewers(actor: Actor, review: Review, title: str, why: str, minutes: int) -> None:
    with owner_scope(review.organisation_id):
        doors = Grant.objects.filter(kind=GrantKind.REVIEW, thing=review.public_id).order_by("-pk")
        person = doors.values_list("grantee_user_id", flat=True).first()
    _ask(review.reviewer_id, _todo(review, title, why, minutes, review.ends_at, person), actor.now)


def _ask_own(actor: Actor, review: Review, title: str, why: str, minutes: int) -> None:
    _ask(review.organisation_id, _todo(review, title, why, minutes, _soon(actor, review)), actor.now)


def _ask(organisation_id: int, todo: Todo, now: datetime) -> None:
    actions.put(organisation_id, todo, now)
    actions.reopen_by_key(organisation_id, todo.key)  # one action goes along with the review, from step to step


def _done_by_reviewers(actor: Actor, review: Review) -> None:
    actions.complete(review.reviewer_id, _key(review), actor)


def invited(actor: Actor, review: Review) -> None:
    """The reviewers are asked to answer."""
    name = Organisation.objects.get(pk=review.organisation_id).full_name
    title = _("%(name)s vraagt u om te toetsen") % {"name": name}
    _ask_reviewers(actor, review, title, _("Bekijk de uitnodiging en de steekproef en geef antwoord."), 15)
    actions.complete(review.organisation_id, _key(review), actor)


def agreed(actor: Actor, review: Review) -> None:
    """The reviewed organisation is asked to open the dossier."""
    _done_by_reviewers(actor, review)
    title = _("Open het dossier van “%(title)s”") % {"title": review.title}
    _ask_own(actor, review, title, _("De toetsers zijn akkoord met de steekproef en wachten op u."), 10)


def other_sample(actor: Actor, review: Review) -> None:
    """The reviewed organisation is asked for another sample."""
    _done_by_reviewers(actor, review)
    title = _("De toetsers van “%(title)s” willen een andere steekproef") % {"title": review.title}
    _ask_own(actor, review, title, _("Lees hun wens en pas de steekproef aan."), 10)


def declined(actor: Actor, review: Review) -> None:
    """The reviewed organisation is asked to find somebody else."""
    _done_by_reviewers(actor, review)
    title = _("“%(title)s” is afgewezen: vraag iemand anders") % {"title": review.title}
    _ask_own(actor, review, title, _("Lees waarom, en nodig een andere organisatie uit."), 15)


def opened(actor: Actor, review: Review) -> None:
    """The reviewers are asked for their scores."""
    actions.complete(review.organisation_id, _key(review), actor)
    count = review.items.count()
    title = ngettext("Beoordeel %(n)d vraag van “%(title)s”", "Beoordeel %(n)d vragen van “%(title)s”", count)
    why = _("Uw toegang eindigt vanzelf op het moment dat hieronder staat.")
    words = {"n": count, "title": review.title}
    _ask_reviewers(actor, review, title % words, why, count * MINUTES_PER_ITEM)


def prolonged(actor: Actor, review: Review) -> None:
    """What the reviewers were asked has a new end."""
    if review.state == ReviewState.OPEN:
        opened(actor, review)


def concluded(actor: Actor, review: Review) -> None:
    """The reviewed organisation is asked to react, to make measures and to close."""
    _done_by_reviewers(actor, review)
    title = _("Sluit “%(title)s” af: de toetsers gaven hun oordeel") % {"title": review.title}
    _ask_own(actor, review, title, _("Maak maatregelen van de verbeterpunten en schrijf uw reactie."), 30)


def closed(actor: Actor, review: Review) -> None:
    """Nothing is asked any more, but measures for points that are left."""
    _done_by_reviewers(actor, review)
    left = ReviewPoint.objects.filter(item__review=review, measure_ref__isnull=True).count()
    if left:
        text = ngettext(
            "Maak een maatregel van %(n)d verbeterpunt uit “%(title)s”",
            "Maak maatregelen van %(n)d verbeterpunten uit “%(title)s”",
            left,
        )
        _ask_own(actor, review, text % {"n": left, "title": review.title}, _("Zo gaat geen punt verloren."), 20)
    else:
        actions.complete(review.organisation_id, _key(review), actor)


def points_taken(actor: Actor, review: Review) -> None:
    """After the closing the action ends once no point is left."""
    if review.state == ReviewState.CLOSED:
        closed(actor, review)


def _run(now: datetime) -> str:
    over = Review._base_manager.filter(state__in=RUNNING, ends_at__lte=now).order_by("pk")
    count = 0
    for review in over:
        with owner_scope(review.organisation_id):
            actions.put(
                review.organisation_id,
                _todo(
                    review,
                    _("De tijd van “%(title)s” is om") % {"title": review.title},
                    _("De toetsers kunnen er niet meer bij. Verleng de toetsing of sluit haar af."),
                    10,
                    review.ends_at + timedelta(days=14),
                ),
                now,
            )
        count += 1
    return ngettext("%(n)d toetsing is over tijd", "%(n)d toetsingen zijn over tijd", count) % {"n": count}


REVIEWS_OVER = Job("baseline.reviews", "dag", _run)
