"""Pages of the face itself: errors, accessibility statement, security.txt, health."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.site.api.build import problem
from brandwacht.site.styleguide import sample_context


@login_not_required
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement of this installation."""
    return render(request, "site/accessibility.html")


@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with sample data, for who writes pages."""
    return render(request, "site/styleguide.html", sample_context(timezone.now()))


@login_not_required
@require_GET
def security_txt(request: HttpRequest) -> HttpResponse:
    """security.txt (RFC 9116), valid for half a year from today."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether the server and its database answer; 503 when the database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever the driver raises, the answer is the same
        return JsonResponse({"status": "database onbereikbaar"}, status=503)
    return JsonResponse({"status": "goed"})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 without a reason of the policy."""
    return render(request, "site/denied.html", {"reason": _("U mag dit niet.")}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, as a page or, under ``/api/``, as a problem."""
    if request.path.startswith("/api/"):
        return problem(404, _("Niet gevonden"), _("Dit adres is er niet. Zie /api/v1/openapi.json."))
    return render(request, "site/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: says what to do; needs neither database nor context."""
    return HttpResponse(
        _("Er ging iets mis bij Brandwacht. Probeer het opnieuw; blijft het misgaan, meld het dan aan uw beheerder."),
        status=500,
        content_type="text/plain; charset=utf-8",
    )


def refused(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    """Why something was not done, with a way back to the page of this site on which it was asked."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    back = came_from if ours and came_from != request.build_absolute_uri() else ""
    return render(request, "site/refused.html", {"reason": reason, "back": back}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    text = _(
        "Dit formulier is verlopen of komt van een andere site. Ga terug, vernieuw de pagina en probeer het opnieuw."
    )
    return refused(request, text, 403)
