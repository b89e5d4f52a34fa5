"""The leak suite's rows of couplings: the feed of MISP, as a file and by token, and what the pages tell of events."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID

from django.urls import reverse

from brandwacht.engines.intel import TLP
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import Coupling, CouplingItem
from tests.sharing.leaking import INSIDE, LABELS, NO_RED, Kind, Way, World, page, text_of, word
from tests.world import NOW


def _name(label: str) -> str:
    return str(UUID(int=9_000 + LABELS.index(label)))


def _zip(world: World, who: str, _label: str) -> str:
    answer = world.browser(who).get(reverse("sharing:misp-feed"))
    if answer.status_code != 200:
        return text_of(answer)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as kept:
        return "".join(name + kept.read(name).decode() for name in kept.namelist())


def _file(world: World, who: str, label: str) -> str:
    return text_of(world.program(who).get(f"/api/v1/misp-files/{_name(label)}.json", headers={"accept": "*/*"}))


def _manifest(world: World, who: str, _label: str) -> str:
    return text_of(world.program(who).get("/api/v1/misp-files/manifest.json", headers={"accept": "*/*"}))


def _coupling(world: World, who: str, _label: str) -> str:
    found = world.things["koppeling"]["GREEN"]
    return text_of(world.browser(who).get(reverse("sharing:coupling", args=[found.public_id])))


WAYS = (
    Way("sharing:misp-feed", "gebeurtenis", _zip, labels=NO_RED, whole=True),
    Way("sharing:misp-feed", "dreiging", _zip, labels=NO_RED, whole=True),
    Way("sharing:misp-feed", "waarschuwing", _zip, labels=NO_RED, whole=True),
    Way("api:/misp-files/{id}", "gebeurtenis", _manifest, labels=NO_RED, whole=True),
    Way("api:/misp-files/{id}", "gebeurtenis", _file, labels=NO_RED),
    Way("api:/misp-files/{id}", "dreiging", _manifest, labels=NO_RED, whole=True),
    Way("sharing:couplings", "gebeurtenis", page("sharing:couplings"), only=frozenset(), whole=True),
    Way("sharing:couplings", "koppeling", page("sharing:couplings"), whole=True),
    Way("sharing:coupling", "gebeurtenis", _coupling, only=frozenset(), whole=True),
    Way("sharing:coupling", "koppeling", _coupling, whole=True),
)
KINDS = (
    Kind("gebeurtenis", lambda label: set() if label == "RED" else set(INSIDE)),
    Kind("koppeling", lambda _label: {"writer"}, ("GREEN",)),
)
ELSEWHERE = {
    "sharing:coupling-new", "sharing:coupling-edit", "sharing:coupling-probe", "sharing:coupling-start",
    "sharing:coupling-run", "sharing:coupling-pause", "sharing:coupling-end",
}  # fmt: skip
MODELS = {"coupling": Coupling, "coupling-item": CouplingItem}


def fill(world: World) -> None:
    """A coupling of the circle, and an event for each label that it brought; RED is never kept, and still hidden."""
    owner = world.circle.owner
    with every_owner():
        row = Coupling(
            organisation=owner, circle=owner, name=word("koppeling", "GREEN"), kind="misp", direction="halen",
            for_circle=True, address="https://misp.example", made_at=NOW, made_by="test",
        )  # fmt: skip
        row.save()
        world.things["koppeling"]["GREEN"] = row
        for label in LABELS:
            secret = word("gebeurtenis", label)
            original = {
                "uuid": _name(label), "info": secret, "timestamp": "1793527200", "distribution": "1",
                "Tag": [{"name": TLP[label].label.lower()}],
            }  # fmt: skip
            item = CouplingItem(
                organisation=owner, coupling=row, key=_name(label), at=NOW, told=["Iets ging niet mee."], tlp=label,
                original=original,
            )  # fmt: skip
            item.save()
            world.things["gebeurtenis"][label] = item
