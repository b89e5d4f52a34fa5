"""Pages of the yearly account (ENSIA): the calendar, one year, the two kinds of account, a statement on paper."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.forms.ensia import HorizontalForm, VerticalForm
from brandwacht.baseline.models import StatementKind
from brandwacht.baseline.queries import ensia as queries
from brandwacht.baseline.queries.answers import control_rows
from brandwacht.baseline.services import ensia as services
from brandwacht.baseline.views.controls import tabs_for
from brandwacht.engines.norms.ensia import Calendar, Phase, current_year, load_scheme
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.pages import require
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest


def _words(calendar: Calendar, today: date) -> str:
    """Where a year stands, in one sentence."""
    return {
        Phase.BEFORE: _("De vragenlijst is nog niet open."),
        Phase.OPEN: _("De vragenlijst is open."),
        Phase.ACCOUNT: _("De vragenlijst is dicht; nu volgt de verantwoording."),
        Phase.OVER: _("De termijn voor de verantwoording is voorbij."),
    }[calendar.phase(today)]


def _crumbs(number: int | None, here: str | None = None) -> list[tuple[str, str | None]]:
    way: list[tuple[str, str | None]] = [(_("Basis op orde"), reverse("baseline:list")),
                                         (_("ENSIA"), reverse("baseline:ensia"))]  # fmt: skip
    if number is not None:
        way.append((str(number), reverse("baseline:ensia-year", args=[number]) if here else None))
    return [*way, (here, None)] if here else way


@require_GET
def overview(request: ActorRequest) -> HttpResponse:
    """The calendar of the year that asks for work, and the years in which the organisation took part."""
    actor = request.actor
    require(actor, queries.ENSIA_SEE)
    number = current_year(load_scheme(), actor.today)
    calendar = queries.calendar(number)
    taken = list(queries.years(actor))
    kind = Organisation.objects.get(pk=actor.organisation_id).kind
    context = {
        "tabs": tabs_for(actor, "ensia"),
        "calendar": calendar,
        "stand": _words(calendar, actor.today),
        "next_day": calendar.next_day(actor.today),
        "years": taken,
        "takes_part": any(each.year == number for each in taken),
        "may_start": kind in services.TAKES_PART
        and decide(actor, "baseline.ensia.write", Owner(actor.organisation_id)),
        "chooses": kind == OrganisationKind.REGION,
        "scheme": load_scheme(),
    }
    return render(request, "baseline/ensia/overview.html", context)


@require_POST
def start(request: ActorRequest) -> HttpResponse:
    """Take part in the year that asks for work."""
    row = services.start(request.actor)
    messages.success(request, _("Uw antwoorden op de BIO2 staan al in ENSIA %(year)d.") % {"year": row.year})
    return redirect("baseline:ensia-year", row.year)


@require_GET
def year(request: ActorRequest, number: int) -> HttpResponse:
    """One year: where it stands, what is still to be answered, and each account."""
    actor = request.actor
    require(actor, queries.ENSIA_SEE)
    row = queries.year(actor, number)
    calendar = queries.calendar(number)
    statements = queries.statements(row)
    context = {
        "year": row,
        "calendar": calendar,
        "stand": _words(calendar, actor.today),
        "next_day": calendar.next_day(actor.today),
        "parts": queries.parts(statements, control_rows(actor, owner_id=actor.organisation_id)),
        "laid": [each for each in statements if each.laid_down_at],
        "may_write": decide(actor, "baseline.ensia.write", row),
        "scheme": load_scheme(),
        "crumbs": _crumbs(number),
    }
    return render(request, "baseline/ensia/year.html", context)


@require_http_methods(["GET", "POST"])
def horizontal(request: ActorRequest, number: int) -> HttpResponse:
    """The account to council or board."""
    return _account(request, number, "", HorizontalForm, _("Aan raad of bestuur"))


@require_http_methods(["GET", "POST"])
def vertical(request: ActorRequest, number: int, recipient: str) -> HttpResponse:
    """The account to one recipient."""
    names = {each.key: each.name for each in load_scheme().recipients}
    if recipient not in names:
        raise NotFound
    return _account(request, number, recipient, VerticalForm, names[recipient])


def _account(request: ActorRequest, number: int, recipient: str, kind: type[forms.Form], title: str) -> HttpResponse:
    actor = request.actor
    require(actor, queries.ENSIA_SEE)
    row = queries.year(actor, number)
    known = load_scheme().recipient(recipient) if recipient else None
    may_write = decide(actor, "baseline.ensia.write", row)
    rows = control_rows(actor, owner_id=actor.organisation_id)
    part = next(
        each for each in queries.parts(queries.statements(row), rows)
        if (each.recipient.key if each.recipient else "") == recipient
    )  # fmt: skip
    source: Any = part.draft or part.laid
    form = kind(request.POST if request.method == "POST" else None,
                initial={name: getattr(source, name) for name in services.TEXTS} if source else {})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            lay = request.POST.get("do") == "vaststellen"
            if may_write or not lay:  # a board lays down what the CISO wrote
                services.write(actor, number, recipient, form.cleaned_data)
            if not lay:
                messages.success(request, _("Het concept is bewaard."))
                return redirect("baseline:ensia-year", number)
            laid = services.lay_down(actor, number, recipient)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De verklaring is vastgesteld en verandert niet meer."))
            return redirect("baseline:ensia-statement", laid.public_id)
    context = {
        "year": row,
        "part": part,
        "form": form,
        "title": title,
        "shown": None if may_write else part.draft,  # who writes has the texts in the form
        "facts": queries.with_days(queries.facts(actor, known, rows)),
        "scheme": load_scheme(),
        "may_write": may_write,
        "may_lay": decide(actor, "baseline.ensia.lay", row),
        "crumbs": _crumbs(number, title),
    }
    return render(request, "baseline/ensia/account.html", context, status=422 if form.errors else 200)


@require_GET
def statement(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A statement that was laid down, fit for print."""
    actor = request.actor
    require(actor, queries.ENSIA_SEE)
    found = queries.statement(actor, public_id)
    recipients = {each.key: each for each in load_scheme().recipients}
    context = {
        "statement": found,
        "year": found.year,
        "recipient": recipients.get(found.recipient),
        "to_council": found.kind == StatementKind.HORIZONTAL,
        "facts": queries.with_days(found.content),
        "unchanged": services.fingerprint(found) == found.sha256,
        "crumbs": _crumbs(found.year.year, _("Verklaring")),
    }
    return render(request, "baseline/ensia/statement.html", context)
