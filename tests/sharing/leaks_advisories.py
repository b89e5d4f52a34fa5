"""The leak suite's rows of advisories, asset profiles and notices.

Advisories are for the circle; there is none with TLP:RED. What a member runs, and the notice about it, are for that
member's CISO: here that of the member whose seat in the circle ended.
"""

from __future__ import annotations

from brandwacht.network.roles import Role
from brandwacht.sharing.models import AdvisoryNotice, ProfileAsset, SecurityAdvisory
from brandwacht.sharing.services import advisories
from brandwacht.sharing.services.matching import hold_advisories
from brandwacht.sharing.services.profile import add
from tests.sharing.advisories import csaf
from tests.sharing.leaking import INSIDE, NO_RED, Kind, Way, World, api, page, word
from tests.world import NOW, acting_system

_LABELS = tuple(sorted(NO_RED))
_OWN = {"former"}
_ONE = ("AMBER_STRICT",)
"""Who reads a notice does not hang on its label, since it is never RED: one says enough."""
_NOBODY: frozenset[str] = frozenset()
"""Whose role in the circle ended has no token left."""

KINDS = (
    Kind("advies", lambda _label: INSIDE, _LABELS),
    Kind("melding", lambda _label: _OWN, _ONE),
    Kind("draait", lambda _label: _OWN, _ONE),
)
WAYS = (
    Way("sharing:advisories", "advies", page("sharing:advisories"), whole=True),
    Way("sharing:advisory", "advies", page("sharing:advisory", "advies")),
    Way("sharing:notices", "melding", page("sharing:notices"), whole=True),
    Way("sharing:notices-export", "melding", page("sharing:notices-export"), whole=True),
    Way("sharing:notice", "melding", page("sharing:notice", "melding")),
    Way("sharing:profile", "draait", page("sharing:profile"), whole=True),
    Way("sharing:profile-export", "draait", page("sharing:profile-export"), whole=True),
    Way("sharing:asset", "draait", page("sharing:asset", "draait")),
    Way("api:/notices", "melding", api("/notices", "melding"), _NOBODY, whole=True),
    Way("api:/notices/{id}", "melding", api("/notices/{id}", "melding"), _NOBODY),
)
ELSEWHERE = {
    "sharing:notice-acknowledge", "sharing:notice-repair", "sharing:advisory-new", "sharing:advisory-feed-new",
    "sharing:advisory-feed-drop", "sharing:asset-new", "sharing:asset-end",
}  # fmt: skip
MODELS = {"advisory": SecurityAdvisory, "asset": ProfileAsset, "notice": AdvisoryNotice}
THROUGH_ANOTHER = {"AdvisoryFeed", "AdvisoryVersion", "FlawFacts"}


def fill(world: World) -> None:
    """An advisory per label; for each of them a product at one member, and so a notice there."""
    home = world.people["former"].at
    ids = []
    for label in _LABELS:
        secret, runs = word("advies", label), word("draait", label)
        stated = {"CLEAR": "WHITE", "AMBER_STRICT": ""}.get(label, label)
        with acting_system(home) as me:
            assert me.has(Role.SYSTEM)
            world.things["draait"][label] = add(me, {"product": runs, "version": "1.0"})
        document = csaf(secret, tlp=stated, title=secret, product=runs, below="2.0", summary=secret)
        with acting_system(world.circle.owner) as me:
            world.things["advies"][label] = advisories.take(me, document, secret).advisory
        ids.append(world.things["advies"][label].public_id)
    hold_advisories(world.circle.owner.pk, ids, NOW)
    with acting_system(home):
        for each in AdvisoryNotice.objects.all():
            label = next(key for key in _LABELS if word("advies", key) == each.key)
            each.title = each.summary = word("melding", label)
            each.save()
            world.things["melding"][label] = each
