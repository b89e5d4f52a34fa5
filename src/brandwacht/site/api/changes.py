"""The versions of the API and what changed in each; the newest first. Stands in the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Change:
    """A version (semantic versioning) and, in Dutch, what is new in it."""

    version: str
    what: str | Promise


CHANGES = (
    Change(
        "1.0.0",
        gettext_lazy(
            "De eerste versie: register, acties, meldingen, incidenten, risicokaart, basis, waarschuwingen en besturen."
        ),
    ),
)
VERSION = CHANGES[0].version
TRANSITION_MONTHS = 12
"""So long an old major version, or what is marked as deprecated, still works beside what takes its place."""


def description() -> str:
    """What the OpenAPI document says of the API: whose it is, how it changes, what changed. Markdown."""
    lines = [
        _("De gegevens van Brandwacht, voor wie er recht op heeft. Stuur een token mee, of gebruik uw sessie."),
        "",
        _(
            "Wat verdwijnt, krijgt eerst het kenmerk `deprecated` met de datum waarop het stopt (`x-sunset`), en werkt"
            " dan nog ten minste %(months)d maanden. Een nieuwe hoofdversie draait zo lang naast de oude."
        )
        % {"months": TRANSITION_MONTHS},
        "",
        _("Wijzigingen:"),
        "",
        *(f"- {change.version}: {change.what}" for change in CHANGES),
    ]
    return "\n".join(lines)
