"""The leak suite's rows of the reading list, products, pictures of others, decisions, advice on measures and CSAF."""

from __future__ import annotations

from django.urls import reverse

from brandwacht.sharing.models import CircleProduct, ImportedPicture, OwnAdvisory, OwnerDecision
from brandwacht.sharing.services import decisions, own_advisories, products
from brandwacht.sharing.services.own_advisories import AdvisoryText
from brandwacht.sharing.services.products import ProductText
from tests.sharing.leaking import INSIDE, LABELS, PEOPLE, Ask, Kind, Way, World, page, search, text_of, word
from tests.world import acting

_LABELS = tuple(label for label in LABELS if label != "RED")
_WRITER = frozenset({"writer"})


def _circle(_label: str) -> set[str]:
    return INSIDE


KINDS = (
    Kind("product", _circle, _LABELS),
    Kind("beeld", _circle, _LABELS),
    Kind("eigenadvies", _circle, _LABELS),
    Kind("csaf", lambda label: set(PEOPLE) if label == "CLEAR" else INSIDE, _LABELS),
    Kind("besluit", _circle, ("AMBER_STRICT",)),
)


def about(name: str, key: str, kind: str) -> Ask:
    """A page about a thing of the reading list, by the key of its kind."""

    def ask(world: World, who: str, label: str) -> str:
        found = world.things[kind].get(label)
        return text_of(world.browser(who).get(reverse(name, args=[key, found.public_id]))) if found else ""

    return ask


def feed(name: str, suffix: str = "") -> Ask:
    """The feed of a label, or the document of a thing, by a program."""

    def ask(world: World, who: str, label: str) -> str:
        slug = label.lower().replace("_", "-")
        row = world.things["csaf"][label]
        year = row.document["document"]["tracking"]["initial_release_date"][:4]
        args = [slug] if name == "csaf:rolie" else [slug, int(year), row.key.lower() + ".json" + suffix]
        return text_of(world.program(who).get(reverse(name, args=args)))

    return ask


WAYS = (
    *(
        Way("sharing:reading", kind, page("sharing:reading"), whole=True)
        for kind in ("dreiging", "waarschuwing", "vraag", "product")
    ),
    *(Way("sharing:reading", kind, search("sharing:reading", kind)) for kind in ("dreiging",)),
    *(Way("sharing:suggest", kind, search("sharing:suggest", kind)) for kind in ("waarschuwing", "product")),
    Way(
        "sharing:advise",
        "dreiging",
        about("sharing:advise", "dreiging", "dreiging"),
        frozenset({"author", "writer"}),
        frozenset({*_LABELS, "RED", "EMPTY"}),
    ),
    Way("sharing:products", "product", page("sharing:products"), whole=True),
    Way("sharing:products", "product", search("sharing:products", "product")),
    Way("sharing:products", "beeld", page("sharing:products"), whole=True),
    Way("sharing:products", "eigenadvies", page("sharing:products"), whole=True),
    Way("sharing:product", "product", page("sharing:product", "product")),
    Way("sharing:product-differences", "product", page("sharing:product-differences", "product"), labels=frozenset()),
    Way("sharing:product-send", "product", page("sharing:product-send", "product"), _WRITER),
    Way("sharing:picture", "beeld", page("sharing:picture", "beeld")),
    Way("sharing:picture-file", "beeld", page("sharing:picture-file", "beeld")),
    Way("sharing:own-advisory", "eigenadvies", page("sharing:own-advisory", "eigenadvies")),
    Way("sharing:own-advisory-edit", "eigenadvies", page("sharing:own-advisory-edit", "eigenadvies"), _WRITER),
    Way("sharing:own-advisory-csaf", "eigenadvies", page("sharing:own-advisory-csaf", "eigenadvies")),
    Way("csaf:rolie", "csaf", feed("csaf:rolie")),
    Way("csaf:document", "csaf", feed("csaf:document")),
    Way("sharing:circle", "besluit", page("sharing:circle")),
)
ELSEWHERE = {
    "sharing:read-all", "sharing:adopt", "sharing:product-new", "sharing:picture-draft", "sharing:picture-new",
    "sharing:own-advisory-new", "sharing:own-advisory-publish", "sharing:product-edit", "sharing:product-settle",
    "sharing:product-renew", "sharing:product-pdf", "sharing:decision-new", "csaf:metadata",
}  # fmt: skip
"""The page that changes a product refuses one that was sent; the PDF, what differs between versions and the metadata
have tests of their own in ``test_products`` and ``test_csaf``."""
MODELS = {"product": CircleProduct, "picture": ImportedPicture, "decision": OwnerDecision, "own-advisory": OwnAdvisory}
THROUGH_ANOTHER = {"ReadMark"}


def fill(world: World) -> None:
    """A product, a picture with its file, two advisories and a decision per label; RED is refused for all of them."""
    with acting(world.circle.writer.actor) as me:
        for label in _LABELS:
            secret = word("product", label)
            text = ProductText("tactisch", secret, label, "GREEN", ["poi"], [(secret, secret)], ["T1566"])
            made = products.write(me, text)
            products.settle(me, made.public_id)
            world.things["product"][label] = products.send(me, made.public_id)
            secret = word("beeld", label)
            world.things["beeld"][label] = products.add_picture(
                me, title=secret, source=secret, on=me.today, tlp=label, pap="GREEN", text=secret,
                content=secret.encode(), filename=f"{secret}.txt",
            )  # fmt: skip
            for kind in ("eigenadvies", "csaf"):
                secret = word(kind, label)
                told = AdvisoryText(secret, secret, secret, label, "CLEAR", f"{secret}; {secret}; 1.0; 1.1")
                row = own_advisories.write(me, told)
                world.things[kind][label] = own_advisories.publish(me, row.public_id)
        secret = word("besluit", "AMBER_STRICT")
        world.things["besluit"]["AMBER_STRICT"] = decisions.add_decision(
            me, on=me.today, decision=secret, paper=secret, changes=secret
        )
