"""Hats: the roles in the table of powers that somebody wears by the roles held in the network."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from brandwacht.engines.authority import load_powers
from brandwacht.network.actor import Actor
from brandwacht.network.models import OrganisationKind
from brandwacht.network.roles import Role

HATS: Mapping[Role, str] = MappingProxyType(
    {
        Role.MAYOR: "burgemeester",
        Role.CHAIR: "voorzitter_veiligheidsregio",
        Role.REGIONAL_MAYOR: "regioburgemeester",
        Role.BOARD: "bestuur_veiligheidsregio",
        Role.ALDERMAN: "college",
        Role.TOWN_CLERK: "gemeentesecretaris",
        Role.COUNCILLOR: "raad",
        Role.CISO: "ciso",
        Role.CERT_LEAD: "cert_lead",
    }
)
"""The key in ``engines.authority`` for each role that the table of powers knows."""

WORN_ELSEWHERE = frozenset({Role.CERT_LEAD})
"""Roles that are also worn at an organisation that gave a mandate; the others count at the own organisation only."""

USUAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        OrganisationKind.REGION: ("voorzitter_veiligheidsregio", "bestuur_veiligheidsregio"),
        OrganisationKind.MUNICIPALITY: ("burgemeester", "college"),
    }
)
"""Whose powers the board page shows to those who prepare it without a board role of their own."""


def hats_of(actor: Actor, owner_id: int) -> tuple[str, ...]:
    """The hats that the actor wears in a matter of this organisation, in the order of the table of powers."""
    roles = actor.roles if owner_id == actor.organisation_id else actor.roles & WORN_ELSEWHERE
    worn = {HATS[role] for role in roles if role in HATS}
    return tuple(key for key in load_powers().roles if key in worn)


def board_hats(actor: Actor, kind: str) -> tuple[tuple[str, ...], bool]:
    """The hats that the board page is about, and whether the actor wears them; ``kind`` is the organisation's."""
    known = load_powers().roles
    mine = tuple(key for key in hats_of(actor, actor.organisation_id) if known[key].board)
    return (mine, True) if mine else (USUAL.get(kind, ()), False)
