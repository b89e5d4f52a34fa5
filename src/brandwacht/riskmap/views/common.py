"""What the pages of the risk map share."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.pages import Part, Place, Tab, tabs
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.riskmap import queries

PLACES = (
    Part("map", gettext_lazy("Overzicht"), "riskmap.see"),
    Part("now", gettext_lazy("Nu"), "riskmap.see"),
    Place(
        gettext_lazy("Kaart"),
        (
            Part("places", gettext_lazy("Kaart van de regio"), "riskmap.see"),
            Part("regions", gettext_lazy("Alle regio’s"), "riskmap.see"),
        ),
    ),
    Part("picture", gettext_lazy("Netwerk"), "riskmap.see"),
    Place(
        gettext_lazy("Wat als"),
        (
            Part("what-if", gettext_lazy("Doorrekenen"), "riskmap.run"),
            Part("compare", gettext_lazy("Vergelijken"), "riskmap.see"),
            Part("border", gettext_lazy("Over de grens"), "riskmap.follow"),
            Part("incidents", gettext_lazy("Echte storingen"), "riskmap.see"),
        ),
    ),
    Place(
        gettext_lazy("Zwakke plekken"),
        (
            Part("weak", gettext_lazy("Waar het breekt"), "riskmap.see"),
            Part("odds", gettext_lazy("Kans en schade"), "riskmap.see"),
        ),
    ),
    Part("measures", gettext_lazy("Maatregelen"), "riskmap.plan.see"),
    Place(
        gettext_lazy("Risicoplan"),
        (
            Part("risk-plan", gettext_lazy("Risicoplan"), "riskmap.plan.see"),
            Part("diagram", gettext_lazy("Risicodiagram"), "riskmap.plan.see"),
            Part("scales", gettext_lazy("Schalen"), "riskmap.plan.see"),
        ),
    ),
    Place(
        gettext_lazy("Register"),
        (
            Part("register", gettext_lazy("Tabellen"), "register.see"),
            Part("suggestions", gettext_lazy("Landelijke lijst"), "register.edit"),
            Part("vital-lists", gettext_lazy("Vitale processen"), "riskmap.see"),
            Part("plans", gettext_lazy("Continuïteitsplannen"), "riskmap.see"),
            Part("partners", gettext_lazy("Partners"), "riskmap.partner"),
            Part("levers", gettext_lazy("Vragen en adviezen"), "riskmap.lever.see"),
        ),
    ),
)
"""The parts of the room, in the order in which somebody meets them."""


_OF_OTHERS = frozenset({"riskmap.see", "riskmap.run"})
"""What can be done on the map of another; the rest is about one's own."""


def _for_others(each: Part | Place) -> Part | Place | None:
    if isinstance(each, Part):
        return each if each.action in _OF_OTHERS else None
    parts = tuple(part for part in each.parts if part.action in _OF_OTHERS)
    return replace(each, parts=parts) if parts else None


def tabs_for(actor: Actor, current: str, owner: Organisation) -> list[Tab]:
    """The tabs of this person, each on the map of the same owner; ``current`` is the part that is shown."""
    query = "" if owner.pk == actor.organisation_id else f"?organisatie={owner.code}"
    parts = PLACES if not query else tuple(kept for each in PLACES if (kept := _for_others(each)))

    def here(tab: Tab) -> Tab:
        return replace(tab, url=tab.url + query, within=tuple(map(here, tab.within)))

    return list(map(here, tabs(actor, "riskmap", parts, current)))


def chosen_map(request: ActorRequest) -> tuple[Organisation, list[Organisation]]:
    """Whose map is shown, and whose could be: the one asked for by code, else a mandated region, else one's own.

    The code only picks among the maps that the actor may see; ``NotFound`` for any other.
    """
    actor: Actor = request.actor
    maps = list(queries.maps(actor))
    code = request.GET.get("organisatie", "")
    if code:
        fitting = [each for each in maps if each.code == code]
    else:
        fitting = [each for each in maps if each.pk != actor.organisation_id] or maps
    if not fitting:
        raise NotFound
    note_listing(actor, "riskmap.see", {fitting[0].pk})
    return fitting[0], maps


def crumbs(actor: Actor, owner: Organisation, here: str) -> list[tuple[str, str | None]]:
    """The way back to the map of this owner."""
    url = reverse("riskmap:map")
    if owner.pk != actor.organisation_id:
        url += f"?organisatie={owner.code}"
    return [(_("Risicokaart"), url), (here, None)]
