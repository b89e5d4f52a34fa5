"""The boundaries of VR17, with the word in the name of an area in which one of its processes stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brandwacht.network.models import Node, Organisation
from brandwacht.riskmap.models import Boundaries

AREA = "GM0599"
RING = [430000, 5190000, 10000, 0, 0, 10000, -10000, 0]


def things(region: Organisation, now: datetime, word: str) -> dict[str, Any]:
    """One area; ``word`` stands in every text."""
    shape = {"code": AREA, "name": f"{word} gebied", "centre": [435000, 5195000], "polygons": [[RING]]}
    row = Boundaries(
        organisation=region, file_name=f"{word}.geojson", source=word, sha256="6" * 64, shapes=[shape], count=1,
        imported_at=now, imported_by=word,
    )  # fmt: skip
    row.save()
    Node.objects.filter(organisation=region, kind="proces").update(place=AREA)
    return {"boundaries": row}
