"""The leak suite's rows of warnings, on pages and in the API."""

from __future__ import annotations

from brandwacht.sharing import services
from brandwacht.sharing.models import CircleWarning
from tests.sharing.leaking import LABELS, Kind, Way, World, api, members_but_red, page, word
from tests.world import acting

KINDS = (Kind("waarschuwing", members_but_red({"named", "writer"})),)
WAYS = (
    Way("sharing:list", "waarschuwing", page("sharing:list"), whole=True),
    Way("sharing:detail", "waarschuwing", page("sharing:detail", "waarschuwing")),
    Way("sharing:stix", "waarschuwing", page("sharing:stix", "waarschuwing")),
    Way("api:/warnings", "waarschuwing", api("/warnings", "waarschuwing"), whole=True),
    Way("api:/warnings/{id}", "waarschuwing", api("/warnings/{id}", "waarschuwing")),
    Way("api:/warnings/{id}/bundle", "waarschuwing", api("/warnings/{id}/bundle", "waarschuwing")),
)
ELSEWHERE = {"sharing:new", "sharing:edit", "sharing:send", "sharing:withdraw", "sharing:answer"}
MODELS = {"warning": CircleWarning}
THROUGH_ANOTHER = {"WarningReader", "WarningReceipt"}


def fill(world: World) -> None:
    """A warning per label."""
    with acting(world.circle.writer.actor) as me:
        for label in LABELS:
            secret = word("waarschuwing", label)
            draft = services.draft(
                me, title=secret, tlp=label, what=secret, advice=secret, indicators_text=f"{secret}.example",
                reader_ids=world.named if label == "RED" else [],
            )  # fmt: skip
            world.things["waarschuwing"][label] = services.send(me, draft.public_id)
