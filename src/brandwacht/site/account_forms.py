"""The forms of allauth whose own words are not ours."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
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


class ChangePassword(_Twice, ChangePasswordForm):  # type: ignore[misc]
    """Choose another password, knowing the old one."""


class ChoosePassword(_Twice, ResetPasswordKeyForm):  # type: ignore[misc]
    """Choose a password with the link from the mail."""


class FirstPassword(_Twice, SetPasswordForm):  # type: ignore[misc]
    """Choose a password while logged in without one."""


class AddKey(AddWebAuthnForm):  # type: ignore[misc]
    """Add a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = _(
            "U logt dan in met alleen deze sleutel. De sleutel vraagt om uw vinger, uw gezicht of een pincode."
        )
