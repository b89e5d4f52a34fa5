"""Beheer: people, mandates, the register and the audit log of one's own organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where to find what in Beheer."""
    return render(request, "network/beheer.html")
