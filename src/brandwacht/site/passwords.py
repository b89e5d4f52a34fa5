"""What a password must be, said to the person who types it."""

from __future__ import annotations

from django.contrib.auth import password_validation as django_rules
from django.utils.translation import gettext as _


class LongEnough(django_rules.MinimumLengthValidator):
    """Long enough."""

    def get_error_message(self) -> str:
        """Too short."""
        return _("Dit wachtwoord is te kort. Kies er een van ten minste %(n)d tekens.") % {"n": self.min_length}


class NotAboutYou(django_rules.UserAttributeSimilarityValidator):
    """Not made from the name or the mail address."""

    def get_error_message(self) -> str:
        """Too similar."""
        return _("Dit wachtwoord lijkt te veel op uw naam of e-mailadres. Kies iets anders.")

    def get_help_text(self) -> str:
        """Beforehand."""
        return _("Gebruik niet uw naam of e-mailadres.")


class NotCommon(django_rules.CommonPasswordValidator):
    """Not on the list of passwords that everybody tries first."""

    def get_error_message(self) -> str:
        """Too common."""
        return _("Dit wachtwoord gebruiken veel mensen. Kies iets anders.")

    def get_help_text(self) -> str:
        """Beforehand."""
        return _("Gebruik geen wachtwoord dat veel mensen gebruiken.")
