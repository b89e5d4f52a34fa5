"""The leak suite's rows of threat reports, pseudonyms included."""

from __future__ import annotations

from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import Custodian, Pseudonym, StixObject, Threat, ThreatReader
from tests.sharing.leaking import LABELS, Kind, Way, World, members_but_red, page, search, word

_AUTHOR = frozenset({"author"})
KINDS = (Kind("dreiging", members_but_red({"named", "author"}), (*LABELS, "EMPTY")),)
WAYS = (
    Way("sharing:threats", "dreiging", page("sharing:threats"), whole=True),
    Way("sharing:threat-suggest", "dreiging", search("sharing:threat-suggest", "dreiging")),
    Way("sharing:threat", "dreiging", page("sharing:threat", "dreiging")),
    Way("sharing:threat-edit", "dreiging", page("sharing:threat-edit", "dreiging"), _AUTHOR),
    Way("sharing:threat-share", "dreiging", page("sharing:threat-share", "dreiging"), _AUTHOR),
    Way("sharing:threat-stix", "dreiging", page("sharing:threat-stix", "dreiging")),
)
ELSEWHERE = {
    "sharing:threat-new", "sharing:threat-withdraw", "sharing:threat-sight",
    "sharing:pseudonyms", "sharing:custodian-key", "sharing:pseudonym-ask", "sharing:pseudonym-open",
}  # fmt: skip
MODELS = {"threat": Threat, "pseudonym": Pseudonym, "custodian": Custodian}
THROUGH_ANOTHER = {"Opening", "Sighting", "ThreatReader"}


def fill(world: World) -> None:
    """A report per label, and one RED whose readers are gone; and what programs call them."""
    for label in LABELS:
        secret = word("dreiging", label)
        world.things["dreiging"][label] = world.circle.shared(
            "author", title=secret, what=secret, products=secret, indicators=f"{secret}.example",
            tlp=label, readers=world.named if label == "RED" else [],
        )  # fmt: skip
    secret = word("dreiging", "EMPTY")
    empty = world.circle.shared("author", title=secret, what=secret, tlp="RED", readers=world.named)
    with every_owner():
        ThreatReader.objects.filter(threat=empty).delete()
    world.things["dreiging"]["EMPTY"] = empty
    for label in LABELS:
        with every_owner():
            rows = StixObject.objects.filter(kind="report", content__name=word("dreiging", label))
            world.things["object"][label] = rows.first().stix_id if rows else f"report--{empty.public_id}"
