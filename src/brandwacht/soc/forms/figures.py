"""The choice of month and organisation above the figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from brandwacht.network.models import Organisation
from brandwacht.soc.forms.base import Narrowing
from brandwacht.soc.queries.figures import Month

MONTHS = 24
"""So many months back can be chosen."""


class FiguresForm(Narrowing):
    """Which month, and of whom."""

    maand = forms.ChoiceField(label=_("Maand"), required=False)
    organisatie = forms.ChoiceField(label=_("Organisatie"), required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [today.replace(day=1)]
        for _each in range(MONTHS - 1):
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        choice, owner = self.fields["maand"], self.fields["organisatie"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - tells the type checker
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101 - tells the type checker
        choice.choices = [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months]
        choice.initial = f"{today:%Y-%m}"
        self._owners = {each.code: each for each in organisations}
        if len(organisations) > 1:
            owner.choices = [("", _("Alle organisaties")), *((o.code, o.full_name) for o in organisations)]
        else:
            del self.fields["organisatie"]

    def month(self) -> Month:
        """The chosen month."""
        return Month.of(date.fromisoformat(f"{self.chosen('maand')}-01"))

    def owner(self) -> Organisation | None:
        """The chosen organisation; ``None`` for all of them."""
        return self._owners.get(self.chosen("organisatie") or "") if "organisatie" in self.fields else None
