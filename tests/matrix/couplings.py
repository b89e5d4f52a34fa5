"""Rows of couplings: of the region for its administrator and its member of the circle, of the circle for its CERT."""

from __future__ import annotations

from typing import Any

from tests.matrix.rows import Row, act, make, part, thing
from tests.secrets import Secrets

_ADMIN: dict[str, Any] = {"sees": "admin", "others": {"admin": 200}}
_CERT: dict[str, Any] = {"right": "cert", "others": {"ciso": 404, "admin": 404}}
_SET = {
    "name": "Een proef", "address": "https://taxii.example/", "trust": 50, "every": 60, "secret": "x",
    "collection": "",
}  # fmt: skip


def _new(world: Secrets) -> dict[str, Any]:
    return _SET | {"owner": str(world.homes["ciso"].public_id), "kind": "taxii", "direction": "halen"}


def _both(url: str, **facts: Any) -> tuple[Row, ...]:
    """A button on a coupling of the region, and on one of the circle."""
    return (
        act(url, "coupling", others={"admin": 302}, **facts),
        act(url, "coupling_circle", **_CERT, **facts),
    )


COUPLINGS = (
    part("sharing:couplings", ended=403, sees="cert admin", others={"admin": 200}),
    part("sharing:coupling-new", word=False, cert=200, others={"admin": 200}),
    make("sharing:coupling-new", data=_new, stranger=422, cert=422, others={"admin": 302}),
    thing("sharing:coupling", "coupling", **_ADMIN),
    thing("sharing:coupling", "coupling_circle", **_CERT),
    thing("sharing:coupling-edit", "coupling", **_ADMIN),
    thing("sharing:coupling-edit", "coupling_circle", **_CERT),
    *_both("sharing:coupling-edit", data=_SET),
    *_both("sharing:coupling-probe"),
    *_both("sharing:coupling-pause"),
    *_both("sharing:coupling-end"),
    act("sharing:coupling-start", "coupling", others={"admin": 403}),
    act("sharing:coupling-start", "coupling_circle", **_CERT),
    act("sharing:coupling-run", "coupling_runs", others={"admin": 302}),
    part("sharing:misp-feed", word=False, cert=200, stranger=400, others={"admin": 403}),
)  # fmt: skip
_FEED = {"word": False, "stranger": 400, "colleague": 403, "analyst": 403, "ended": 403, "nobody": 401, "left": 401}
API_COUPLINGS = (Row("/misp-files/{key}", ("=manifest.json",), sees="cert", others={"admin": 403}, **_FEED),)
