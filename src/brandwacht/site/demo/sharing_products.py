"""The demo's products: an advice in two versions, a picture beside ours, a decision of the owner and an advisory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from typing import Any

import yaml

from brandwacht.sharing.services import decisions, measures, own_advisories, pictures, products
from brandwacht.sharing.services.own_advisories import AdvisoryText
from brandwacht.sharing.services.products import ProductText
from brandwacht.site.demo.stage import CERT, Stage

LEAD = "cert@demo.example"
DAYS = (10, 2)
"""How many days ago the two versions of the advice were sent."""


def fill(stage: Stage) -> Iterator[str]:
    """Everything is written by the leader of the CERT."""
    text = resources.files("brandwacht.site.demo").joinpath("data/sharing/products.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    _advice(stage, told["product"])
    with stage.as_person(LEAD, CERT) as lead:
        products.add_picture(lead, on=lead.today - timedelta(days=60), **told["picture"])
        decisions.add_decision(lead, on=lead.today - timedelta(days=90), **told["decision"])
        row = own_advisories.write(lead, AdvisoryText(**told["advisory"]))
        own_advisories.publish(lead, row.public_id)
        pictures.draft_picture(lead, lead.today - timedelta(days=730), lead.today)
    yield "Delen: een product in twee versies, een dreigingsbeeld in concept, een besluit en een advies (demo)."


def _advice(stage: Stage, told: dict[str, Any]) -> None:
    facts = {key: told[key] for key in ("kind", "title", "tlp", "pap", "bodies", "techniques", "parts")}
    first, second = (stage.now - timedelta(days=days) for days in DAYS)
    with stage.as_person(LEAD, CERT, first) as lead:
        made = products.write(lead, ProductText(**facts))
        measures.advise(lead, "product", made.public_id, told["controls"], [])
        products.settle(lead, made.public_id)
        products.send(lead, made.public_id)
    with stage.as_person(LEAD, CERT, second) as lead:
        new = products.next_version(lead, made.public_id)
        products.change(lead, new.public_id, ProductText(**(facts | told["second"])))
        products.settle(lead, new.public_id)
        products.send(lead, new.public_id)
