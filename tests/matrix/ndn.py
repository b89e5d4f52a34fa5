"""Rows of the national node: the own connection, what came in for who is connected, and the work of a coordinator."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import NodeConnection
from tests.matrix.rows import act, make, part, within
from tests.secrets import Secrets

_BUNDLE = (
    b'{"type": "bundle", "id": "bundle--5e2a4a86-2a4c-4f0e-8f0a-1c9a3d7e0b11", "objects": [{"type": "identity", '
    b'"spec_version": "2.1", "id": "identity--5e2a4a86-2a4c-4f0e-8f0a-1c9a3d7e0b12", "name": "Een proef", '
    b'"created": "2026-11-20T10:00:00.000Z", "modified": "2026-11-20T10:00:00.000Z"}]}'
)


def _bridge(_world: Secrets) -> dict[str, Any]:
    """A transitional decision, of a region whose connection was ended just before."""
    with every_owner():
        NodeConnection.objects.update(ended_at=timezone.now())
    return {"level": "sector", "by": "Een directeur", "until": within(30), "why": "Een proef"}


def _file(_world: Secrets) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("proef.json", _BUNDLE)}


NODE = (
    part("sharing:node", sees="cert"),
    part("sharing:node-feed", sees="cert", stranger=403, ended=403),
    part("sharing:node-sent", cert=200),
    part("sharing:node-connect", word=False),
    make("sharing:node-connect", data=_bridge, stranger=422),
    act("sharing:node-agree", "connection", data={"level": "niets"}),
    act("sharing:node-disconnect", "connection"),
    act("sharing:node-decide", "held", right="cert", data={"why": "Een proef", "besluit": "weglaten"},
        others={"ciso": 403}),
    make("sharing:node-file", data=_file, right="cert", stranger=403, ended=403, others={"ciso": 403}),
    act("sharing:threat-judge", "threat", "judged", data={"oordeel": "onterecht"}, cert=403),
)  # fmt: skip
