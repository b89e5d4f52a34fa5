"""What the leak suite works with: the circle and everybody around it, what a way to read is, and the rows of others.

Each subject has a module `leaks_<subject>.py` beside this one; `ROWS` finds them by their name. Such a module may hold:

- `WAYS`: the ways to read (`Way`), made with `page`, `taxii`, `api` or a function of its own;
- `ELSEWHERE`: names of addresses that write or show a form only, or have a test of their own;
- `KINDS`: the things of the subject (`Kind`): with which labels there are some, and who may read each of them;
- `MODELS`: the model of each subject of the policy's actions (`sharing.SUBJECT.verb`);
- `THROUGH_ANOTHER`: names of models whose rows are seen only through another row;
- `fill(world)`: makes one thing per label, with `word(kind, label)` in all its texts, in `world.things[kind]`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from brandwacht.engines.intel import TLP
from brandwacht.sharing.taxii.naming import collection_id
from tests.sharing.conftest import LOG_IN, Persona
from tests.sharing.members import Members

LABELS = [label.name for label in TLP]
INSIDE = {"named", "same", "other", "author", "writer"}
PEOPLE = ("named", "same", "other", "author", "writer", "former", "outsider", "elsewhere")
"""Named in RED; a colleague of theirs with a seat; another member; who wrote it; who writes for the circle; who left;
a stranger with the same roles; and a member of another community."""
OUTER = ("RED", "CLEAR")
NO_RED = frozenset(LABELS) - {"RED"}
MEDIA = "application/taxii+json;version=2.1"


@dataclass
class World:
    """The circle, everybody, and what there is by kind and label; "EMPTY" is RED for nobody."""

    circle: Members
    people: dict[str, Persona]
    tokens: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    own: str = ""
    status: str = ""

    def browser(self, who: str) -> Client:
        """A browser in which this person is logged in."""
        if who not in self.browsers:
            self.browsers[who] = Client()
            self.browsers[who].force_login(self.people[who].user, backend=LOG_IN)
        return self.browsers[who]

    def program(self, who: str) -> Client:
        """A program with this person's token."""
        return Client(headers={"authorization": f"Bearer {self.tokens[who]}", "accept": MEDIA})

    @property
    def named(self) -> list[Any]:
        """The public ids of who are named in RED."""
        return [self.people["named"].user.public_id]


@dataclass(frozen=True)
class Kind:
    """A kind of thing: the labels of which there is one, and who may read those on a page."""

    name: str
    readers: Callable[[str], set[str]]
    labels: tuple[str, ...] = tuple(LABELS)


def members_but_red(red: set[str]) -> Callable[[str], set[str]]:
    """Everybody in the circle reads it; RED is for these, and RED for nobody is for who wrote it."""
    return lambda label: {"RED": red, "EMPTY": {"author"}}.get(label, INSIDE)


def word(kind: str, label: str) -> str:
    """What one thing holds and no other."""
    return f"zq{kind}{label.lower().replace('_', '')}"


@contextmanager
def undone() -> Iterator[None]:
    """What is written meanwhile is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


Ask = Callable[[World, str, str], str]
"""What a person gets by a way, for the thing with a label."""


@dataclass(frozen=True)
class Way:
    """One way to read: what it is called, what it shows, and to whom of those who may read that on a page.

    `name` is the address' name with its space (`sharing:threat`), or `api:` and the path of an operation. `labels` are
    those that go by this way. With `whole` one answer holds the things of every label: it is asked for once.
    """

    name: str
    kind: str
    ask: Ask
    only: frozenset[str] = frozenset(PEOPLE)
    labels: frozenset[str] = frozenset({*LABELS, "EMPTY"})
    whole: bool = False


def page(name: str, kind: str = "") -> Ask:
    """A page of the site; with ``kind`` that of the thing with the label."""

    def ask(world: World, who: str, label: str) -> str:
        found = world.things[kind].get(label) if kind else None
        if kind and found is None:
            return ""
        address = reverse(name, args=[found.public_id] if found is not None else [])
        return text_of(world.browser(who).get(address))

    return ask


def search(name: str, kind: str) -> Ask:
    """A page that is searched (`?q=`) for the word of the thing with the label; what repeats the question is no hit."""

    def ask(world: World, who: str, label: str) -> str:
        asked = word(kind, label)
        found = text_of(world.browser(who).get(f"{reverse(name)}?q={asked}"))
        return re.sub(r"<input[^>]*>", "", found).replace(f"q={asked}", "")

    return ask


def taxii(path: str) -> Ask:
    """An address of the TAXII server; ``{ours}`` is the circle's collection, ``{id}`` the report with the label."""

    def ask(world: World, who: str, label: str) -> str:
        ours = collection_id(world.circle.owner)
        identifier = world.things["object"].get(label, "report--x")
        return text_of(
            world.program(who).get(path.format(ours=ours, own=world.own, id=identifier, status=world.status))
        )

    return ask


def api(path: str, kind: str) -> Ask:
    """An operation of the API; ``{id}`` is the thing of this kind with the label."""

    def ask(world: World, who: str, label: str) -> str:
        found = world.things[kind].get(label)
        if found is None:
            return ""
        return text_of(world.program(who).get("/api/v1" + path.format(id=found.public_id), headers={"accept": "*/*"}))

    return ask


def text_of(answer: Any) -> str:
    """All of an answer."""
    content = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
    return (content + repr(sorted(answer.headers.items())).encode()).decode()


class Rows:
    """What all the modules `leaks_<subject>` say together."""

    def __init__(self) -> None:
        folder = __name__.rpartition(".")[0]
        path = import_module(folder).__path__
        names = sorted(each.name for each in iter_modules(path) if each.name.startswith("leaks_"))
        self.modules: list[ModuleType] = [import_module(f"{folder}.{name}") for name in names]
        self.ways: tuple[Way, ...] = tuple(way for each in self.modules for way in getattr(each, "WAYS", ()))
        self.elsewhere: set[str] = {name for each in self.modules for name in getattr(each, "ELSEWHERE", ())}
        self.kinds: dict[str, Kind] = {kind.name: kind for each in self.modules for kind in getattr(each, "KINDS", ())}
        self.models: dict[str, Any] = {
            subject: model for each in self.modules for subject, model in getattr(each, "MODELS", {}).items()
        }
        self.through_another: set[str] = {
            name for each in self.modules for name in getattr(each, "THROUGH_ANOTHER", ())
        }

    def fill(self, world: World) -> None:
        """Let every module make its things."""
        for each in self.modules:
            if hasattr(each, "fill"):
                each.fill(world)

    def who_may(self, kind: str, label: str) -> set[str]:
        """Who may read a thing of this kind with this label on a page."""
        return self.kinds[kind].readers(label)
