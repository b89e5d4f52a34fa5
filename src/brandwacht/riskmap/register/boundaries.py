"""The boundaries of an organisation: read from a file, kept thinned out; and where a place of the register lies."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.policy import Owner, visible
from brandwacht.network.usecase import use_case
from brandwacht.riskmap import geo
from brandwacht.riskmap.geo.shapes import SCALE, Point, Shape
from brandwacht.riskmap.models import Boundaries

POINTS = 3500
"""About so many points are kept: with their names some 60 kB in a page."""
_DEGREES = re.compile(r"\s*(-?\d{1,2}(?:[.,]\d{1,8})?)\s*[,;]\s*(-?\d{1,3}(?:[.,]\d{1,8})?)\s*$")


def of_owner(actor: Actor, owner_id: int) -> Boundaries | None:
    """The boundaries of this owner, if it has any and the actor may see its map."""
    found: Boundaries | None = Boundaries.objects.filter(
        visible(actor, "riskmap.see"), organisation_id=owner_id
    ).first()
    return found


def shapes(kept: Boundaries | None) -> list[Shape]:
    """The areas of these boundaries, in the order of their file."""
    return [geo.shape_from_json(each) for each in kept.shapes] if kept else []


def read_in(
    actor: Actor, file_name: str, data: bytes, *, source: str = "", layer: str = "", whole: bool = False
) -> Boundaries:
    """Read boundaries from GeoJSON or TopoJSON and put them in place of the present ones, whole or not at all.

    Without ``whole`` only the municipalities of the actor's own region are kept, or the region itself when the file
    has no municipalities. Raises ``Refused`` (field "file" or "layer") that names the feature and the mend.
    """
    with use_case(actor, "riskmap.boundaries") as case:
        case.require(Owner(actor.organisation_id))
        names = _names(actor)
        try:
            areas = geo.read(data, None if whole else lambda code, _name: code in names, layer.strip(), names)
        except geo.BadBoundaries as error:
            raise Refused(str(error), "file") from error
        thinned = geo.thin(areas, POINTS)
        row = Boundaries.objects.filter(organisation_id=actor.organisation_id).first() or Boundaries(
            organisation_id=actor.organisation_id
        )
        row.file_name, row.source = file_name[:200], source.strip()[:200]
        row.sha256 = hashlib.sha256(data).hexdigest()
        row.shapes, row.count = [geo.shape_to_json(each) for each in thinned], len(thinned)
        row.imported_at, row.imported_by = actor.now, actor.name
        row.save()
        case.audit(row, {"bestand": row.file_name, "gebieden": row.count, "sha256": row.sha256})
    return row


def _names(actor: Actor) -> Mapping[str, str]:
    """Names by code of the own region and its municipalities; names and codes are public in the network."""
    own = network.organisations().get(pk=actor.organisation_id)
    region = own.region_id or own.pk
    kinds = (OrganisationKind.REGION, OrganisationKind.MUNICIPALITY)
    rows: list[Organisation] = list(network.organisations(*kinds))
    return {each.code: each.name for each in rows if region in (each.pk, each.region_id)}


def located(place: str, by_code: Mapping[str, Shape]) -> Point | None:
    """Where a place of the register lies: in the middle of an area, or where its degrees say; else ``None``."""
    if place in by_code:
        return by_code[place].centre
    found = _DEGREES.match(place)
    if found is None:
        return None
    north, east = (float(each.replace(",", ".")) for each in found.groups())
    return round(east * SCALE), round(north * SCALE)


def checked_place(text: str, by_code: Mapping[str, Shape]) -> str:
    """What was typed as the register keeps it: a code, or degrees with points; raises ``Refused`` (field "place")."""
    text = text.strip()
    if not text or text in by_code:
        return text
    by_name = {shape.name.casefold(): code for code, shape in by_code.items()}
    if text.casefold() in by_name:
        return by_name[text.casefold()]
    point = located(text, {})
    if point is None or not (3 * SCALE <= point[0] <= 7.5 * SCALE and 50 * SCALE <= point[1] <= 54 * SCALE):
        raise Refused(
            _("“%(text)s” is geen gebied op deze kaart. Kies een gebied, of geef breedte en lengte: 51,9225; 4,4792.")
            % {"text": text[:60]},
            "place",
        )
    return f"{point[1] / SCALE:.5f}, {point[0] / SCALE:.5f}"
