"""Pseudonyms: one person has one per topic, and nobody who reads the database can say whose it is.

A handle is an HMAC of circle, topic and person under a key that lies in the data folder and not in the database. So a
copy of the database says nothing; who has that key too can try out the seats of the circle one by one, which is why
the folder is for the operator alone. What is written under a pseudonym is audited as ``masked`` and dated to the hour.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation
from brandwacht.sharing.models import Pseudonym, Topic

NAMES = (
    "Aalscholver", "Boomvalk", "Ekster", "Fuut", "Grutto", "Havik", "IJsvogel", "Kievit", "Leeuwerik", "Meerkoet",
    "Nachtegaal", "Oeverloper", "Putter", "Roerdomp", "Scholekster", "Tapuit", "Vink", "Wulp", "Zwaluw",
)  # fmt: skip


def handle(owner_id: int, *parts: object) -> str:
    """The HMAC-SHA256 (hexadecimal) of these parts within one circle, under the key of this installation."""
    text = "\x00".join(map(str, (owner_id, *parts)))
    return hmac.new(_key(str(settings.DATA)), text.encode(), "sha256").hexdigest()


@cache
def _key(folder: str) -> bytes:
    path = Path(folder) / "pseudonym-key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return bytes.fromhex(path.read_text())


def source_handle(actor: Actor, circle_id: int, topic: str) -> str:
    """What lets the actor, as the source of reports on a topic, edit and withdraw them."""
    return handle(circle_id, "bron", topic, actor.user_id, actor.organisation_id)


def handles(actor: Actor, circle_id: int) -> frozenset[str]:
    """The handles of the actor in one circle, one per topic; none for Brandwacht itself."""
    if actor.user_id is None:
        return frozenset()
    return frozenset(source_handle(actor, circle_id, topic) for topic in Topic.values)


def all_handles(actor: Actor) -> frozenset[str]:
    """The handles of the actor in every circle that opens a door."""
    circles = {grant.owner_id for grant in actor.grants if grant.kind is GrantKind.CIRCLE}
    return frozenset(each for circle in circles for each in handles(actor, circle))


def answer_handle(actor: Actor, circle_id: int, question: Any) -> str:
    """What lets the actor's organisation answer a question once."""
    return handle(circle_id, "antwoord", question, actor.organisation_id)


def hour(moment: datetime) -> datetime:
    """The whole hour in which something happened: more would tell who was at work."""
    return moment.replace(minute=0, second=0, microsecond=0)


def masked(actor: Actor, circle: Organisation, name: str) -> Actor:
    """Who the chain says did it: the pseudonym, at the circle, in this hour."""
    return replace(
        actor,
        user_id=None,
        name=name,
        organisation_id=circle.pk,
        organisation_code=circle.code,
        now=hour(actor.now),
        origin="pagina",
    )


def new_name(circle_id: int) -> str:
    """A name that the circle does not know yet, such as "Kievit 417"."""
    while True:
        name = f"{secrets.choice(NAMES)} {100 + secrets.randbelow(900)}"
        if not Pseudonym._base_manager.filter(organisation_id=circle_id, name=name).exists():
            return name
