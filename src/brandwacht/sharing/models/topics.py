"""The topics of threat reports and questions; a contributor has another pseudonym on each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a report is about."""

    PHISHING = "phishing", _("Phishing")
    RANSOMWARE = "ransomware", _("Gijzelsoftware")
    WEAKNESS = "zwakte", _("Zwakke plek")
    ATTACK = "aanval", _("Voorbeeld van een aanval")
