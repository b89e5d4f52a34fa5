"""Log-in by allauth, narrowed to what Brandwacht allows: nobody makes an account for themselves."""

from __future__ import annotations

from typing import Any

import requests
import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brandwacht.network.models import User

log = structlog.get_logger(__name__)

CLOSED = (
    "email/",
    "confirm-email/",
    "confirm-email/<str:key>/",
    "login/code/confirm/",
    "3rdparty/",
    "3rdparty/signup/",
    "social/signup/",
    "social/connections/",
)
"""Addresses of allauth under ``account/`` that lead nowhere: mail addresses and connections are not self-service."""


@login_not_required
def closed(request: HttpRequest, **_parts: str) -> HttpResponse:
    """404 for what allauth offers and Brandwacht does not. The addresses stay, since allauth looks them up."""
    raise Http404


@login_not_required
def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: somebody, or something, tried too often."""
    return render(request, "account/too_often.html", status=429)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; messages address people as "u"."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Dit account is niet actief. Vraag uw beheerder."),
        "email_password_mismatch": _("Het e-mailadres of het wachtwoord klopt niet."),
        "enter_current_password": _("Typ uw huidige wachtwoord."),
        "incorrect_code": _("Deze code klopt niet."),
        "incorrect_password": _("Dit wachtwoord klopt niet."),
        "invalid_or_expired_key": _("Deze link is verlopen of al gebruikt."),
        "invalid_login": _("Inloggen lukt niet. Controleer wat u typte."),
        "invalid_password_reset": _("Deze link om een wachtwoord te kiezen is niet geldig."),
        "rate_limited": _("U probeert het te vaak. Wacht een paar minuten."),
        "too_many_login_attempts": _("Te vaak geprobeerd. Wacht een paar minuten en probeer het opnieuw."),
        "unknown_email": _("Dit e-mailadres hoort niet bij een account."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Answer too many failures with the page that says so, not with one more form to try."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise ImmediateHttpResponse(too_often(request)) from error

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail. A mail server that fails is told to the operator: the visitor can do nothing about it, and the
        answer to who forgot a password must be the same for every address.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.error("mail was not sent", template=template_prefix, error=str(error))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the page that the change began on."""
        return reverse("mfa_index")


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: in Dutch, and the last one stays where one is required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Dit is uw laatste tweede bewijs. Voeg eerst een ander toe."),
        "cannot_generate_recovery_codes": _("Herstelcodes kunt u maken als u een app of een sleutel heeft."),
        "incorrect_code": _("Deze code klopt niet."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether this app or key may go: where a second factor is required, not the last one."""
        if not settings.REQUIRE_MFA:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """A first name for a new key."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Sleutel %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks for the key, as the browser shows it."""
        return super().get_public_key_credential_rp_entity() | {"name": "Brandwacht"}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An OIDC log-in connects to an existing account by its verified mail address, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Log-in only, and keep the password of who comes in this way for the first time.

        Connecting from within an account would let a page of somebody else tie their identity to it. allauth drops the
        password of an account whose address nobody verified, against people who sign up with the address of another;
        here an administrator typed the address and the identity provider has just verified it.
        """
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(render(request, "site/not_found.html", status=404))
        user = sociallogin.user
        if sociallogin.is_existing and not sociallogin.account.pk:
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )

    def get_requests_session(self) -> requests.Session:
        """A session in which an identity provider that does not answer ends in a page, not in a fault of ours."""
        return _Provider(self.request)


class _Provider(requests.Session):
    """Calls to the identity provider; raises ``ImmediateHttpResponse`` with a page when it fails."""

    seconds = 5

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self._request = request

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """As requests', with a limit in time, and no answer but a good one."""
        try:
            answer = super().request(*args, **{"timeout": self.seconds} | kwargs)
            answer.raise_for_status()
        except requests.RequestException as error:
            page = render(self._request, "socialaccount/authentication_error.html", status=502)
            raise ImmediateHttpResponse(page) from error
        return answer
