"""A region with a few answers, a neighbour that reviews, and the two people who do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from brandwacht.baseline.models import DrawWay, Review, ReviewKind
from brandwacht.baseline.services import answer_control
from brandwacht.baseline.services.review_sample import Drawing
from brandwacht.baseline.services.reviews import Invitation, agree, invite, open_dossier
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation, User
from brandwacht.network.roles import Role
from tests.world import NOW, acting, actor, organisation, person

SAMPLE = ("5.15", "8.13", "8.15")
ENDS = NOW + timedelta(days=30)
SECRET = "ALLEENVOORONS"


@dataclass(frozen=True)
class Sides:
    """Both sides of a review, and how to act for one of them at a moment."""

    region: Organisation
    neighbour: Organisation
    ciso: User
    reviewer: User

    @contextmanager
    def own(self, now: datetime = NOW) -> Iterator[Actor]:
        with acting(actor(self.ciso, self.region, now)) as me:
            yield me

    @contextmanager
    def other(self, now: datetime = NOW) -> Iterator[Actor]:
        with acting(actor(self.reviewer, self.neighbour, now)) as me:
            yield me

    def invited(self, numbers: tuple[str, ...] = SAMPLE, **facts: Any) -> Review:
        usual = {"kind": ReviewKind.PEER, "title": "Najaar", "reviewer": self.neighbour, "ends_at": ENDS,
                 "drawing": Drawing(DrawWay.BY_HAND, numbers)}  # fmt: skip
        with self.own() as me:
            return invite(me, Invitation(**usual | facts))

    def opened(self, numbers: tuple[str, ...] = SAMPLE, **facts: Any) -> Review:
        review = self.invited(numbers, **facts)
        with self.other() as them:
            agree(them, review.public_id)
        with self.own() as me:
            return open_dossier(me, review.public_id)


@pytest.fixture
def sides(db: None) -> Sides:
    region, neighbour = organisation("VR17"), organisation("VR15")
    both = Sides(
        region, neighbour, person(region, Role.CISO, name="Noor"), person(neighbour, Role.REVIEWER, name="Tess")
    )
    with both.own() as me:
        until = me.today + timedelta(days=200)
        answer_control(me, "5.15", state="voldoet", reason="Zie beleid", evidence="Zaak 12", evidence_valid_to=until)
        answer_control(me, "8.13", state="deels", reason="Nog niet getest")
        answer_control(me, "8.02", state="voldoet", reason=SECRET, evidence=SECRET, evidence_valid_to=until)
    return both
