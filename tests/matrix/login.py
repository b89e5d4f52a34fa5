"""Pages of allauth, about the own account of the caller.

They read no row of an organisation, so a row per address is enough: what a GET gives nobody, and somebody who is logged
in. What is closed leads nowhere."""

from __future__ import annotations

from collections.abc import Mapping

_CLOSED = (404, 404)
LOGIN: Mapping[str, tuple[int, int]] = {
    "account/login/": (200, 302),
    "account/logout/": (302, 200),
    "account/signup/": (200, 302),  # says that nobody signs up
    "account/inactive/": (200, 200),
    "account/reauthenticate/": (302, 200),
    "account/email/": _CLOSED,
    "account/confirm-email/": _CLOSED,
    "account/confirm-email/<str:key>/": _CLOSED,
    r"account/^confirm-email/(?P<key>[-:\w]+)/$": _CLOSED,
    "account/login/code/confirm/": _CLOSED,
    "account/password/change/": (302, 200),
    "account/password/set/": (302, 302),
    "account/password/reset/": (200, 200),
    "account/password/reset/done/": (200, 200),
    "account/password/reset/key/done/": (200, 200),
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (200, 200),  # says that the link is not valid
    "account/2fa/": (302, 200),
    "account/2fa/authenticate/": (302, 302),
    "account/2fa/reauthenticate/": (302, 302),
    "account/2fa/totp/activate/": (302, 302),
    "account/2fa/totp/deactivate/": (302, 404),
    "account/2fa/recovery-codes/": (302, 404),
    "account/2fa/recovery-codes/generate/": (302, 302),
    "account/2fa/recovery-codes/download/": (302, 404),
    "account/2fa/webauthn/": (302, 200),
    "account/2fa/webauthn/add/": (302, 302),
    "account/2fa/webauthn/login/": (302, 302),
    "account/2fa/webauthn/reauthenticate/": (302, 302),
    "account/2fa/webauthn/keys/<int:pk>/edit/": (302, 302),
    "account/2fa/webauthn/keys/<int:pk>/remove/": (302, 302),
    "account/3rdparty/": _CLOSED,
    "account/3rdparty/signup/": _CLOSED,
    "account/3rdparty/login/cancelled/": (200, 200),
    "account/3rdparty/login/error/": (302, 401),
    "account/social/signup/": _CLOSED,
    "account/social/connections/": _CLOSED,
    "account/social/login/cancelled/": (302, 301),
    "account/social/login/error/": (302, 301),
    "account/oidc/^(?P<provider_id>[^/]+)/login/": _CLOSED,  # no provider is set
    "account/oidc/^(?P<provider_id>[^/]+)/login/callback/": _CLOSED,
}
