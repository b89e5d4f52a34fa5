"""What the pages of this room share: its parts, the way back, and the signature that comes first."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import Part, Place, Tab, tabs
from brandwacht.network.paging import Page
from brandwacht.network.policy import owners
from brandwacht.network.queries import CAP, capped_count
from brandwacht.network.requests import ActorRequest
from brandwacht.sharing.forms.ndn import ListedForm
from brandwacht.sharing.models import CircleWarning, Threat, ThreatState, WarningState
from brandwacht.sharing.policies.advisories import SEE_ADVISORY, SEE_ASSET, SEE_NOTICE
from brandwacht.sharing.policies.couplings import SEE_COUPLING
from brandwacht.sharing.policies.ndn import SEE_NODE
from brandwacht.sharing.policies.products import SEE_PRODUCT
from brandwacht.sharing.policies.seats import SEE_SEATS
from brandwacht.sharing.policies.threats import SEE_QUESTION, SEE_THREAT
from brandwacht.sharing.policy import SEE
from brandwacht.sharing.queries.seats import to_sign
from brandwacht.sharing.services.list_choices import open_hits

NOTICES = (
    Part("notices", gettext_lazy("Meldingen"), SEE_NOTICE),
    Part("advisories", gettext_lazy("Adviezen"), SEE_ADVISORY),
    Part("profile", gettext_lazy("Wat u draait"), SEE_ASSET),
)
AROUND = (
    Part("circle", gettext_lazy("De kring"), SEE_SEATS),
    Part("node", gettext_lazy("Landelijk knooppunt"), SEE_NODE),
    Part("couplings", gettext_lazy("Koppelingen"), SEE_COUPLING),
)
PARTS = (
    Part("reading", gettext_lazy("Lezen"), SEE),
    Place(gettext_lazy("Zwakke plekken"), NOTICES),
    Part("threats", gettext_lazy("Dreigingen"), SEE_THREAT),
    Part("questions", gettext_lazy("Ziet iemand dit?"), SEE_QUESTION),
    Part("list", gettext_lazy("Waarschuwingen"), SEE),
    Part("products", gettext_lazy("Producten"), SEE_PRODUCT),
    Place(gettext_lazy("De kring"), AROUND),
)


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The tabs of this person; ``current`` is the part that is shown."""
    return tabs(actor, "sharing", PARTS, current)


def crumbs(part: str, here: str) -> list[tuple[str, str | None]]:
    """The way back from a page below a part of the room."""
    named = (inner for each in PARTS for inner in (each.parts if isinstance(each, Place) else (each,)))
    label = next(str(each.label) for each in named if each.name == part)
    return [(label, reverse(f"sharing:{part}")), (here, None)]


def counted(part: Page[Any], rows: QuerySet[Any]) -> dict[str, Any]:
    """What the page of a list shows of ``part`` of ``rows``: its rows, where it goes on, and how many there are in all.

    Counted only when the part is not the whole list, and up to ``cap``.
    """
    whole = part.first and not part.next_url
    return {
        "rows": part.rows,
        "next_url": part.next_url,
        "count": len(part.rows) if whole else capped_count(rows),
        "cap": CAP,
    }


def circles_read(actor: Actor) -> set[int]:
    """The circles of which a list of this room holds rows, for the trace of reading."""
    return set(owners(actor, SEE))


def sign_first(actor: Actor) -> HttpResponse | None:
    """To the guidelines, for whoever has to sign them before reading anything."""
    return redirect("sharing:guideline") if to_sign(actor) is not None else None


def listed_form(request: ActorRequest, row: Threat | CircleWarning) -> ListedForm | None:
    """The form about what of a draft stands on a warning list; ``None`` when nothing does."""
    hits = open_hits(row) if row.state in (ThreatState.DRAFT, WarningState.DRAFT) else []
    data = request.POST if request.method == "POST" else None
    return ListedForm(data, row=row, hits=hits) if hits else None


def refuse_listed(form: ListedForm | None, error: Refused) -> str:
    """Put what was refused at its field, or give it back for above the page."""
    if form is not None and error.field in form.fields:
        add_refusal(form, error)
        return ""
    return error.message
