"""The forms of allauth whose own words are not ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class _Twice(forms.Form):
    """A password that is typed twice, to catch a slip."""

    def clean_password2(self) -> str:
        """Both the same."""
        second: str = self.cleaned_data["password2"]
        first = self.cleaned_data.get("password1")
        if first and first != second:
            raise ValidationError(_("Typ twee keer hetzelfde wachtwoord."))
        return second


class ChangePassword(_Twice, ChangePasswordForm):
    """Choose another password, knowing the old one."""


class ChoosePassword(_Twice, ResetPasswordKeyForm):
    """Choose a password with the link from the mail."""


class FirstPassword(_Twice, SetPasswordForm):
    """Choose a password while logged in without one."""


class LinkApp(ActivateTOTPForm):
    """Link an app with codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code uit de app")


def _answer_of_key(check: Callable[[], Any]) -> Any:
    """What ``check`` makes of the answer of a key; whatever is wrong with it, the person reads the same."""
    try:
        return check()
    except ValidationError as error:
        if error.code == "too_many_login_attempts":
            raise
        raise ValidationError(_("Deze sleutel werkt hier niet. Probeer het opnieuw of neem een andere.")) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # the answer is not what a browser sends
        raise ValidationError(_("Deze sleutel werkt hier niet. Probeer het opnieuw of neem een andere.")) from error


class AddKey(AddWebAuthnForm):
    """Add a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Naam van de sleutel")
        self.fields["passwordless"].label = _("Ook inloggen zonder wachtwoord")
        self.fields["passwordless"].help_text = _(
            "U logt dan in met alleen deze sleutel. De sleutel vraagt om uw vinger, uw gezicht of een pincode."
        )

    def clean(self) -> Any:
        """A good answer of the key."""
        return _answer_of_key(super().clean)


class _UseKey:
    """A form that holds the answer of a key."""

    def clean_credential(self) -> Any:
        """A good answer of the key."""
        return _answer_of_key(super().clean_credential)  # type: ignore[misc]


class LogInWithKey(_UseKey, LoginWebAuthnForm):
    """Log in with a key alone."""


class KeyAsSecond(_UseKey, AuthenticateWebAuthnForm):
    """Use a key after the password."""


class KeyAgain(_UseKey, ReauthenticateWebAuthnForm):
    """Use a key to confirm who one is."""


class NameKey(EditWebAuthnForm):
    """Give a key another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Naam van de sleutel")
