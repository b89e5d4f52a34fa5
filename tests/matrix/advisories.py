"""Rows of advisories, asset profiles and notices."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.matrix.rows import ALL, Row, act, make, part, thing
from tests.secrets import Secrets
from tests.sharing.advisories import csaf

_SHUT: dict[str, Any] = {"stranger": 403, "ended": 403}
_FOR_CERT: dict[str, Any] = {"right": "cert", "others": {"ciso": 403}}
_REPAIR = {"state": "bezig"}
_PRODUCT = {"product": "Exchange Server", "vendor": "Microsoft", "version": "15.2"}
_FEED = {"url": "https://adviezen.example/feed.json", "kind": "adviezen"}
_CALLER = {"nobody": 401, "left": 401}


def _advisory(_world: Secrets) -> dict[str, Any]:
    return {"offered": SimpleUploadedFile("advies.json", csaf("NCSC-2026-0999"))}


ADVISORIES = (
    part("sharing:notices", sees="cert", ended_cert=403),
    part("sharing:notices", query="q=geheim&rank=1", sees="cert", ended_cert=403),
    part("sharing:notices-export", sees="cert", ended_cert=403),
    thing("sharing:notice", "advisory_notice", sees="cert"),
    act("sharing:notice-acknowledge", "advisory_notice", cert=403),
    act("sharing:notice-repair", "advisory_notice", data=_REPAIR, cert=403),
    part("sharing:advisories", sees="cert", **_SHUT),
    part("sharing:advisories", query="q=geheim", sees="cert", **_SHUT),
    thing("sharing:advisory", "advisory", sees="cert"),
    part("sharing:advisory-new", **_FOR_CERT | _SHUT),
    make("sharing:advisory-new", data=_advisory, **_FOR_CERT | _SHUT),
    make("sharing:advisory-feed-new", data=_FEED, **_FOR_CERT | _SHUT),
    act("sharing:advisory-feed-drop", "advisory_feed", right="cert", others={"ciso": 404}),
    part("sharing:profile", sees="cert", ended_cert=403),
    part("sharing:profile", query="q=geheim", sees="cert", ended_cert=403),
    part("sharing:profile-export"),
    part("sharing:asset-new", word=False),
    make("sharing:asset-new", data=_PRODUCT),
    thing("sharing:asset", "profile_asset", sees="cert"),
    act("sharing:asset", "profile_asset", data=_PRODUCT, cert=403),
    act("sharing:asset-end", "profile_asset", data={"why": "Een proef"}, cert=403),
)

API_ADVISORIES = (
    Row("/notices", sees="cert", **_CALLER | ALL | {"word": True, "ended": 200}),
    Row("/notices/{noticeId}", ("advisory_notice",), sees="cert", **_CALLER),
    Row("/notices/{noticeId}/acknowledgement", ("advisory_notice",), method="POST", cert=403, **_CALLER),
)
