"""CSAF for programs, below ``/.well-known/csaf/``.

What is TLP:CLEAR is for everybody, without a log-in. The rest asks for a token and is what the policy lets its holder
take out; to everybody else a document that is there and one that is not are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.engines.intel import PAP, TLP
from brandwacht.engines.intel.advisories import file_name
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.policy import owners, visible
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.sharing.csaf import LABELS, MEDIA, bytes_of, digest_of, metadata_document, rolie_document
from brandwacht.sharing.models import OwnAdvisory
from brandwacht.sharing.policies.products import EXPORT_OWN_ADVISORY

MOST = 1000
"""Advisories in one ROLIE feed, the newest ones."""


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """Who we are and where the feeds are."""
    circle = _circle()
    if circle is None:
        return _missing()
    changed_at = _public(circle).aggregate(last=Max("changed_at"))["last"]
    return _json(metadata_document(circle, updated=changed_at or timezone.now()))


@require_GET
def rolie(request: HttpRequest, label: str) -> HttpResponse:
    """The ROLIE feed of a label."""
    rows = _rows(request, label)
    if isinstance(rows, HttpResponse):
        return rows
    newest = list(rows.order_by("-changed_at", "-public_id")[:MOST])
    return _json(rolie_document(LABELS[label], newest, now=timezone.now()))


@require_GET
def document(request: HttpRequest, label: str, year: int, name: str) -> HttpResponse:
    """One document, or the hash beside it."""
    rows = _rows(request, label)
    if isinstance(rows, HttpResponse):
        return rows
    bare = name.removesuffix(".sha512")
    named = [pk for pk, key in rows.values_list("pk", "key") if file_name(key) == bare]
    for row in rows.filter(pk__in=named).order_by("pk") if named else ():
        if row.document["document"]["tracking"]["initial_release_date"][:4] == str(year):
            if (actor := getattr(request, "actor", None)) is not None:
                note_use(actor, EXPORT_OWN_ADVISORY, row)
            if name == bare:
                return HttpResponse(bytes_of(row), content_type=MEDIA)
            return HttpResponse(digest_of(row, bare), content_type="text/plain")
    return _missing()


def _circle() -> Organisation | None:
    return Organisation.objects.filter(code=settings.CSAF_CIRCLE, kind=OrganisationKind.CIRCLE).first()


def _missing() -> HttpResponse:
    return _json({"title": _("Dit is er niet, of is niet voor u bestemd."), "status": 404}, 404)


def _public(circle: Organisation) -> QuerySet[OwnAdvisory]:
    """What the whole world may read of this circle."""
    with owner_scope(circle.pk):
        rows: QuerySet[OwnAdvisory] = OwnAdvisory.objects.filter(
            organisation_id=circle.pk, tlp=TLP.CLEAR.name, published_at__isnull=False
        )
        return rows.exclude(pap=PAP.RED.name)


def _rows(request: HttpRequest, label: str) -> QuerySet[OwnAdvisory] | HttpResponse:
    """The advisories of this label that the caller may take out, or why there are none."""
    circle = _circle()
    if label not in LABELS or circle is None:
        return _missing()
    if LABELS[label] is TLP.CLEAR:
        return _public(circle)
    actor = getattr(request, "actor", None)
    if actor is None:
        answer = _json({"title": _("Stuur een geldig token mee."), "status": 401}, 401)
        answer["WWW-Authenticate"] = 'Bearer realm="Brandwacht", Basic realm="Brandwacht"'
        return answer
    if circle.pk not in owners(actor, EXPORT_OWN_ADVISORY):
        return _missing()
    note_listing(actor, EXPORT_OWN_ADVISORY, {circle.pk})
    rows: QuerySet[OwnAdvisory] = OwnAdvisory.objects.filter(
        visible(actor, EXPORT_OWN_ADVISORY), organisation_id=circle.pk, tlp=LABELS[label].name
    )
    return rows


def _json(content: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(content, option=orjson.OPT_INDENT_2), status=status, content_type=MEDIA)
