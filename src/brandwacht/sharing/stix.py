"""A warning, and a report of a threat, as a STIX 2.1 bundle."""

from __future__ import annotations

import json
from datetime import datetime
from typing import cast
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.http import HttpResponse

from brandwacht.engines.intel import Advice, Sender, Technique, WarningData, warning_bundle
from brandwacht.sharing.models import CircleWarning, Threat

MEDIA_TYPE = "application/stix+json;version=2.1"


def bundle(warning: CircleWarning) -> dict[str, object]:
    """The bundle of a warning that was sent: the same bytes each time; what was withdrawn is marked as revoked.

    Each line of the advice becomes a course of action. Raises ``ValueError`` for a draft.
    """
    if warning.sent_at is None:
        raise ValueError("A draft has no bundle.")
    data = WarningData(
        key=str(warning.public_id),
        title=warning.title,
        text=warning.what,
        tlp=warning.marking,
        published=warning.sent_at,
        indicators=tuple(warning.parsed_indicators),
        techniques=tuple(Technique(number, name) for number, name in warning.techniques),
        advice=tuple(Advice(line) for line in warning.advice_lines),
    )
    return _bundled(warning, data, warning.sent_at)


def _bundled(row: CircleWarning | Threat, data: WarningData, said_at: datetime) -> dict[str, object]:
    """In the name of the circle, as of ``said_at`` or of when it was withdrawn."""
    circle = row.organisation
    made = warning_bundle(
        data,
        sender=Sender(str(circle.public_id), circle.name),
        now=row.withdrawn_at or said_at,
        namespace=uuid5(NAMESPACE_URL, settings.SITE_URL),
    )
    if row.withdrawn_at is not None:
        _revoke(made)
    return made


def _revoke(made: dict[str, object]) -> None:
    """Mark as revoked what the circle said (not the circle itself, nor the markings), so that others stop using it."""
    for each in cast(list[dict[str, object]], made["objects"]):
        if each["type"] not in ("marking-definition", "identity"):
            each["revoked"] = True


def filename(warning: CircleWarning | Threat) -> str:
    """A name that carries the label, since it must not get lost: "VR-ISAC-48213-TLP-AMBER-STRICT.json"."""
    label = warning.marking.label.replace(":", "-").replace("+", "-")
    return f"{warning.name}-{label}.json"


def threat_bundle(threat: Threat) -> dict[str, object]:
    """The bundle of a report that was shared, in the name of the circle: who wrote it is not in it.

    Raises ``ValueError`` for a draft.
    """
    if threat.shared_at is None:
        raise ValueError("A draft has no bundle.")
    data = WarningData(
        key=str(threat.public_id),
        title=threat.title,
        text=threat.what,
        tlp=threat.marking,
        published=threat.shared_at,
        indicators=tuple(threat.parsed_indicators),
        techniques=tuple(Technique(number, name) for number, name in threat.techniques),
        pap=threat.permission,
    )
    return _bundled(threat, data, threat.changed_at or threat.shared_at)


def download(row: CircleWarning | Threat, content: dict[str, object]) -> HttpResponse:
    """A bundle as a file to keep."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{filename(row)}"'}
    return HttpResponse(text, content_type=MEDIA_TYPE, headers=headers)
