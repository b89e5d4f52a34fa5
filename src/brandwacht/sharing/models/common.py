"""What rows with the same columns say alike. Without columns of their own, so that they change no table."""

from typing import Any

from django.db import models

from brandwacht.engines.detection.attack import technique_name
from brandwacht.engines.intel import TLP, Indicator


class Marked(models.Model):
    """A row with a TLP label in ``tlp``."""

    tlp: models.CharField[str, str]

    class Meta:
        abstract = True

    @property
    def marking(self) -> TLP:
        """The TLP label."""
        return TLP[self.tlp]


class WithIndicators(models.Model):
    """A row with indicators in ``indicators``: {"kind", "value"}."""

    indicators: models.JSONField[Any, Any]

    class Meta:
        abstract = True

    @property
    def parsed_indicators(self) -> list[Indicator]:
        """The indicators, each with its Dutch kind and its unclickable spelling."""
        return [Indicator(each["kind"], each["value"]) for each in self.indicators]


class WithTechniques(models.Model):
    """A row with the numbers of ATT&CK techniques in ``attack``."""

    attack: models.JSONField[Any, Any]

    class Meta:
        abstract = True

    @property
    def techniques(self) -> list[tuple[str, str]]:
        """The techniques with their Dutch names; an empty name when it is not known."""
        return [(number, technique_name(number) or "") for number in self.attack]
