"""Beheer, logboek: the owner's audit chain, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network import audit, queries
from brandwacht.network.errors import Refused
from brandwacht.network.forms import LogbookFilter, capital, day_after, day_start
from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import rules
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.views.tabs import tabs_for

EXPORT = 50_000
"""Lines in one download; more asks for a shorter period."""
ORIGINS = {
    "pagina": gettext_lazy("op een pagina"),
    "api": gettext_lazy("met een programma"),
    "opdracht": gettext_lazy("met een opdracht"),
    "werker": gettext_lazy("vanzelf"),
}
RESULTS = {
    audit.DONE: ("good", gettext_lazy("Gedaan")),
    audit.DENIED: ("bad", gettext_lazy("Geweigerd")),
    audit.USED: ("info", gettext_lazy("Ingezien")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the chain, in words; ``detail`` is text."""

    seq: int
    at: datetime
    what: str
    tone: str
    result: str
    result_key: str
    who: str
    organisation: str
    own: bool
    origin: str
    object_type: str
    object_id: str
    detail: str
    hash: str


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, dict):
        told = ((key.replace("_", " "), _words(item)) for key, item in value.items())
        return "; ".join(f"{key}: {text}" for key, text in told if text)
    if isinstance(value, str) and (day := _as_day(value)):
        return date_format(day, "j F Y")
    return "" if value is None else str(value)


def _as_day(text: str) -> date | None:
    """The day that a detail holds as ``2026-11-24``, or ``None`` when it holds something else."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        return None


def told(entry: AuditEntry, names: dict[str, str], own: str) -> Line:
    """An entry in words; ``names`` maps codes of organisations to their names, ``own`` is the reader's code."""
    rule = rules().get(entry.action)
    person = getattr(entry, "person", None)
    tone, result = RESULTS.get(entry.result, ("neutral", entry.result))
    return Line(
        seq=entry.seq,
        at=entry.at,
        what=capital(str(rule.label)) if rule else entry.action,
        tone=tone,
        result=str(result),
        result_key=entry.result,
        who=person.name if person else _("naam gewist"),
        organisation=names.get(entry.actor_organisation, entry.actor_organisation),
        own=entry.actor_organisation == own,
        origin=str(ORIGINS.get(entry.origin, entry.origin)),
        object_type=entry.object_type,
        object_id=entry.object_id,
        detail=_words(entry.detail),
        hash=entry.hash,
    )


def _filtered(request: ActorRequest) -> tuple[LogbookFilter, QuerySet[AuditEntry], dict[str, str]]:
    actor = request.actor
    require(actor, "audit.see")
    rows = queries.audit_entries(actor)
    codes = set(rows.order_by().values_list("actor_organisation", flat=True).distinct())
    names = {o.code: o.full_name for o in Organisation.objects.filter(code__in=codes)}
    form = LogbookFilter(request.GET, organisations=sorted(names.items(), key=lambda pair: pair[1]))
    form.is_valid()  # an unreadable filter filters nothing; the form says which one it is
    chosen = form.cleaned_data
    if chosen.get("action"):
        rows = rows.filter(action=chosen["action"])
    if chosen.get("result"):
        rows = rows.filter(result=chosen["result"])
    if chosen.get("who"):
        rows = rows.filter(actor_organisation=chosen["who"])
    if chosen.get("since"):
        rows = rows.filter(at__gte=day_start(chosen["since"]))
    if chosen.get("until"):
        rows = rows.filter(at__lt=day_after(chosen["until"]))
    return form, rows, names


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The chain, newest first."""
    form, rows, names = _filtered(request)
    shown = page(request, rows, ("-seq", "pk"))
    context = {
        "tabs": tabs_for(request.actor, "logbook"),
        "form": form,
        "lines": [told(entry, names, request.actor.organisation_code) for entry in shown.rows],
        "next_url": shown.next_url,
        "query": request.GET.urlencode(),
    }
    return render(request, "network/logbook.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """Exactly the lines that the page shows, as CSV, with what is needed to check them."""
    _form, rows, names = _filtered(request)
    lines = [told(entry, names, request.actor.organisation_code) for entry in rows[: EXPORT + 1]]
    if len(lines) > EXPORT:
        raise Refused(_("Dit zijn meer dan 50.000 regels. Kies een kortere periode."))
    header = [
        _("regel"), _("moment"), _("handeling"), _("uitkomst"), _("wie"), _("organisatie"), _("herkomst"), _("soort"),
        _("kenmerk"), _("bijzonderheden"), _("controlegetal"),
    ]  # fmt: skip
    cells = (
        (line.seq, line.at, line.what, line.result, line.who, line.organisation, line.origin, line.object_type,
         line.object_id, line.detail, line.hash)
        for line in lines
    )  # fmt: skip
    return csv_response(f"logboek-{request.actor.organisation_code}-{request.actor.now:%Y-%m-%d}", header, cells)


@require_POST
def verify(request: ActorRequest) -> HttpResponse:
    """Check the own chain from its first line to its last."""
    actor = request.actor
    require(actor, "audit.see")
    faults = list(audit.verify(owner_ids=[actor.organisation_id]))
    if faults:
        named = "; ".join(_("regel %(seq)d: %(what)s") % {"seq": f.seq, "what": f.what} for f in faults[:5])
        text = ngettext("De keten klopt niet op %(n)d plaats", "De keten klopt niet op %(n)d plaatsen", len(faults))
        messages.error(request, f"{text % {'n': len(faults)}}: {named}. {_('Bel uw CISO en verander niets.')}")
    else:
        last = queries.audit_entries(actor).first()
        count = last.seq if last else 0
        text = ngettext("De keten klopt: %(n)d regel nagerekend.", "De keten klopt: %(n)d regels nagerekend.", count)
        messages.success(request, text % {"n": count})
    return redirect("beheer:logbook")
