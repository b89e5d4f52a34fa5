"""The network that everybody shares: regions, NIPV, municipalities, national bodies, from the data file.

Codes, names and the region of a municipality are facts of CBS (municipal division of 2023).
"""

from __future__ import annotations

import csv
from importlib import resources

from django.db import transaction

from brandwacht.network.models import Organisation


def seed_organisations() -> int:
    """Add the organisations that are missing and renew names and regions; returns how many the file holds."""
    text = resources.files("brandwacht.network").joinpath("data/organisaties.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    with transaction.atomic():
        present = {o.code: o for o in Organisation.objects.all()}
        new = [
            Organisation(code=r["code"], name=r["naam"], kind=r["soort"], regimes=["avg"])
            for r in rows
            if r["code"] not in present
        ]
        present |= {o.code: o for o in Organisation.objects.bulk_create(new)}
        changed = []
        for row in rows:
            organisation = present[row["code"]]
            region = present[row["regio"]] if row["regio"] else None
            facts = (row["naam"], row["soort"], region.pk if region else None)
            if (organisation.name, organisation.kind, organisation.region_id) != facts:
                organisation.name, organisation.kind, organisation.region = row["naam"], row["soort"], region
                changed.append(organisation)
        Organisation.objects.bulk_update(changed, ["name", "kind", "region"])
    return len(rows)
