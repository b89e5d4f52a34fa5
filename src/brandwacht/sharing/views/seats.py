"""The pages of the circle itself: guidelines, seats and meetings."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.intel import TLP
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_listing, note_use
from brandwacht.sharing.circle import choices, circle_for, read_circle
from brandwacht.sharing.forms.seats import GuidelineForm, MeetingForm, SignForm
from brandwacht.sharing.models import Meeting
from brandwacht.sharing.policies.seats import (
    END_SEAT,
    SEE_GUIDELINE,
    SEE_MEETING,
    SEE_SEATS,
    SET_GUIDELINE,
    SIGN,
    WRITE_MEETING,
)
from brandwacht.sharing.queries import products as product_queries
from brandwacht.sharing.queries import seats as queries
from brandwacht.sharing.services import seats as services
from brandwacht.sharing.views.common import crumbs, sign_first, tabs_for

MOST_DECISIONS = 50


@require_GET
def circle(request: ActorRequest) -> HttpResponse:
    """Who sits in the circle, what was agreed, and its meetings."""
    actor = request.actor
    enter(actor, SEE_SEATS)
    if (first := sign_first(actor)) is not None:
        return first
    part = page(request, queries.meetings(actor), queries.MEETING_ORDER)
    seats = list(queries.seats(actor))
    guidelines = list(queries.guidelines(actor)[:1])
    note_listing(actor, SEE_SEATS, {each.organisation_id for each in (*seats, *part.rows)})
    context = {
        "tabs": tabs_for(actor, "circle"),
        "open": [each for each in seats if each.ended_at is None],
        "ended": [each for each in seats if each.ended_at is not None],
        "guideline": guidelines[0] if guidelines else None,
        "meetings": part.rows,
        "next_url": part.next_url,
        "coordinates": may_anywhere(actor, END_SEAT),
        "decisions": list(product_queries.decisions(actor)[:MOST_DECISIONS]),
    }
    return render(request, "sharing/seats/circle.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def guideline(request: ActorRequest) -> HttpResponse:
    """Read the guidelines, and sign them."""
    actor = request.actor
    enter(actor, SEE_GUIDELINE)
    shown = queries.to_sign(actor) or queries.guidelines(actor).first()
    form = SignForm(request.POST or None)
    if request.method == "POST" and shown is not None and form.is_valid():
        services_error = _sign(request, shown.public_id, form)
        if services_error is None:
            return redirect("sharing:circle")
    context = {
        "crumbs": crumbs("circle", _("Spelregels")),
        "guideline": shown,
        "form": form,
        "signed_at": queries.my_signature(actor, shown) if shown is not None else None,
        "may_sign": shown is not None and bool(decide(actor, SIGN, shown)),
        "name": actor.name,
    }
    return render(request, "sharing/seats/guideline.html", context, status=422 if form.is_bound else 200)


def _sign(request: ActorRequest, public_id: UUID, form: SignForm) -> str | None:
    try:
        services.sign(request.actor, public_id, form.cleaned_data["name"])
    except Refused as error:
        add_refusal(form, error)
        return error.message
    messages.success(request, _("U heeft getekend. Vanaf nu leest u mee in de kring."))
    return None


@require_http_methods(["GET", "POST"])
def new_guideline(request: ActorRequest) -> HttpResponse:
    """A new version of the guidelines."""
    actor = request.actor
    enter(actor, SET_GUIDELINE)
    last = queries.guidelines(actor).first()
    form = GuidelineForm(request.POST or None, initial={"text": last.text if last else "", "from_on": actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_guideline(actor, form.cleaned_data["text"], form.cleaned_data["from_on"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Versie %(n)d staat klaar om te tekenen.") % {"n": made.version})
            return redirect("sharing:circle")
    context = {"crumbs": crumbs("circle", _("Nieuwe spelregels")), "form": form}
    return render(request, "sharing/seats/guideline_new.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_seat(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End somebody's seat now."""
    seat = services.end_seat(request.actor, public_id, request.POST.get("why", ""))
    messages.success(
        request,
        _("De zetel van %(name)s is beëindigd. Dat werkt meteen, ook voor programma's.") % {"name": seat.user.name},
    )
    return redirect("sharing:circle")


@require_GET
@never_cache
def meeting(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One meeting: agenda, who was there, and what was decided."""
    actor = request.actor
    found = queries.meeting(actor, public_id)
    note_use(actor, SEE_MEETING, found)
    context = {
        "crumbs": crumbs("circle", found.title),
        "meeting": found,
        "may_edit": bool(decide(actor, WRITE_MEETING, found)),
        "red": found.marking is TLP.RED,
    }
    return render(request, "sharing/seats/meeting.html", context)


@require_http_methods(["GET", "POST"])
def new_meeting(request: ActorRequest) -> HttpResponse:
    """Put a meeting on the calendar."""
    enter(request.actor, WRITE_MEETING)
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def edit_meeting(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Keep the minutes."""
    found = queries.meeting(request.actor, public_id)
    demand(request.actor, WRITE_MEETING, found)
    return _edit(request, found)


def _edit(request: ActorRequest, found: Meeting | None) -> HttpResponse:
    actor = request.actor
    owner = circle_for(actor, WRITE_MEETING)
    demand(actor, WRITE_MEETING, Owner(owner.pk))
    people = choices(read_circle(owner.pk, actor.now).seats)
    there = list(found.attendees.all()) if found else []
    people |= {str(each.user.public_id): f"{each.user.name}, {each.member.full_name}" for each in there}
    initial = {"tlp": TLP.AMBER_STRICT.name, "on": actor.today}
    if found is not None:
        initial = {key: getattr(found, key) for key in ("title", "on", "tlp", "agenda", "decisions")}
        initial["attendees"] = [str(each.user.public_id) for each in there]
    form = MeetingForm(request.POST or None, initial=initial, people=list(people.items()))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        attendees = data.pop("attendees")
        try:
            kept = services.write_meeting(actor, found.public_id if found else None, **data, attendee_ids=attendees)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het overleg is vastgelegd."))
            return redirect("sharing:meeting", kept.public_id)
    here = found.title if found else _("Nieuw overleg")
    context = {"crumbs": crumbs("circle", here), "form": form, "meeting": found}
    return render(request, "sharing/seats/meeting_edit.html", context, status=422 if form.is_bound else 200)
