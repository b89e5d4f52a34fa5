"""Log-in by allauth, narrowed to what Brandwacht allows: nobody makes an account for themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


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


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An OIDC log-in connects to an existing account by its verified mail address, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never."""
        return False
