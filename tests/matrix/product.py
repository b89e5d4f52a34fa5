"""Rows of the reading list, products, advice on measures, the owner's decisions and own advisories."""

from __future__ import annotations

from typing import Any

from tests.matrix.rows import act, make, part, thing, within

_SHUT = {"stranger": 403, "ended": 403}
_TO_NOTICES = {"stranger": 302}
"""Who has no circle to read, but notices of the own organisation, is sent there."""
_FOR_CERT: dict[str, Any] = {"right": "cert", "others": {"ciso": 403}} | _SHUT
_ONE: dict[str, Any] = {"right": "cert", "others": {"ciso": 403}}
_HIDDEN: dict[str, Any] = {"right": "cert", "others": {"ciso": 404}}
_PRODUCT = {
    "kind": "tactisch", "title": "Een proef", "tlp": "AMBER", "pap": "GREEN", "title_1": "Kop", "text_1": "Een proef",
}  # fmt: skip
_ADVISORY = {
    "title": "Een proef", "summary": "Een proef", "tlp": "AMBER", "pap": "CLEAR", "products": "Maker; Ding; 1; 2",
}  # fmt: skip
_DECISION = {"on": within(-1), "decision": "Een proef", "paper": "Een proef", "changes": "Een proef"}
_PICTURE = {
    "title": "Een proef", "source": "Een proef", "on": within(-1), "tlp": "AMBER", "pap": "GREEN", "text": "Een proef",
}  # fmt: skip

PRODUCT = (
    part("sharing:reading", sees="cert", **(_SHUT | _TO_NOTICES)),
    part("sharing:reading", query="q=geheim", sees="cert", **(_SHUT | _TO_NOTICES)),
    part("sharing:suggest", query="q=geheim", sees="cert", **_SHUT),
    make("sharing:read-all", cert=302, **_SHUT),
    thing("sharing:advise", "=dreiging", "threat", sees="cert"),
    thing("sharing:advise", "=waarschuwing", "warning", **_ONE),
    act("sharing:advise", "=waarschuwing", "warning", data={"others": "5.07"}, **_ONE),
    thing("sharing:advise", "=product", "product_draft", **_HIDDEN),
    act("sharing:adopt", "=waarschuwing", "warning", data={"control": "5.07"}, ok=404),
    part("sharing:products", sees="cert", **_SHUT),
    part("sharing:products", query="q=geheim", sees="cert", **_SHUT),
    part("sharing:product-new", word=False, **_FOR_CERT),
    make("sharing:product-new", data=_PRODUCT, **_FOR_CERT),
    thing("sharing:product", "product", sees="cert"),
    thing("sharing:product", "product_draft", **_HIDDEN),
    thing("sharing:product-edit", "product_draft", **_HIDDEN),
    act("sharing:product-edit", "product_draft", data=_PRODUCT, **_HIDDEN),
    act("sharing:product-settle", "product_draft", **_HIDDEN),
    thing("sharing:product-send", "product_settled", **_HIDDEN),
    act("sharing:product-send", "product_settled", **_HIDDEN),
    act("sharing:product-renew", "product", **_ONE),
    thing("sharing:product-differences", "product_2", sees="cert"),
    thing("sharing:product-pdf", "product", sees="cert"),
    part("sharing:picture-draft", word=False, **_FOR_CERT),
    make("sharing:picture-draft", data={"first": within(-30), "last": within(0)}, **_FOR_CERT),
    part("sharing:picture-new", word=False, **_FOR_CERT),
    make("sharing:picture-new", data=_PICTURE, **_FOR_CERT),
    thing("sharing:picture", "picture", sees="cert"),
    thing("sharing:picture-file", "picture", sees="cert"),
    part("sharing:own-advisory-new", word=False, **_FOR_CERT),
    make("sharing:own-advisory-new", data=_ADVISORY, **_FOR_CERT),
    thing("sharing:own-advisory", "own_advisory", sees="cert"),
    thing("sharing:own-advisory", "own_advisory_draft", **_HIDDEN),
    thing("sharing:own-advisory-edit", "own_advisory", **_ONE),
    act("sharing:own-advisory-edit", "own_advisory", data=_ADVISORY | {"changed": "Een proef"}, **_ONE),
    act("sharing:own-advisory-publish", "own_advisory_draft", **_HIDDEN),
    thing("sharing:own-advisory-csaf", "own_advisory", sees="cert"),
    part("sharing:decision-new", **_FOR_CERT),
    make("sharing:decision-new", data=_DECISION, **_FOR_CERT),
)  # fmt: skip
