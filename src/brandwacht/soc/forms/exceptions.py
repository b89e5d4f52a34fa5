"""The forms of exceptions, and the small filters of the pages beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.soc.forms.base import Narrowing
from brandwacht.soc.models import How, Subject
from brandwacht.soc.queries.exceptions import PAST, WAITING, WORKING
from brandwacht.soc.services.exception_cases import LONGEST_DAYS, USUAL_DAYS, ExceptionDraft

RULE, TECHNIQUE = "regel", "techniek"
WHY = ("reason", "owner_name")


class ExceptionForm(forms.Form):
    """An exception to be. ``about`` offers the rules and techniques at hand, ``asset`` the assets."""

    about = forms.ChoiceField(label=_("Voor welke regel?"))
    asset = forms.ChoiceField(label=_("Op welk middel?"), required=False)
    subject = forms.ChoiceField(
        label=_("En alleen met"),
        required=False,
        choices=Subject.choices,
        help_text=_("Hoe nauwer, hoe kleiner de kans dat u een echte aanval mist."),
    )
    field = forms.CharField(
        label=_("Welk veld"),
        required=False,
        max_length=120,
        help_text=_(
            "Alleen bij de waarde van een veld. De naam zoals in de ruwe gebeurtenis, bijvoorbeeld CommandLine."
        ),
    )
    how = forms.ChoiceField(label=_("De waarde"), required=False, choices=How.choices, initial=How.EXACT)
    value = forms.CharField(
        label=_("Welke waarde"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label=_("Waarom is dit onschuldig?"),
        error_messages={"required": _("Schrijf op waarom dit gedrag bekend en onschuldig is.")},
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner_name = forms.CharField(
        label=_("Wie is hiervoor aanspreekbaar?"),
        max_length=120,
        error_messages={"required": _("Schrijf op wie hiervoor aanspreekbaar is.")},
    )
    days = forms.IntegerField(
        label=_("Hoeveel dagen?"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=USUAL_DAYS,
        help_text=_("Hoogstens een jaar. Daarna komen de meldingen vanzelf weer."),
    )
    looked = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        rules: dict[str, str],
        techniques: dict[str, str],
        assets: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._titles = rules | techniques
        about = self.fields["about"]
        asset = self.fields["asset"]
        assert isinstance(about, forms.ChoiceField)  # noqa: S101 - tells the type checker
        assert isinstance(asset, forms.ChoiceField)  # noqa: S101
        about.choices = [
            *((f"{RULE}:{key}", title) for key, title in rules.items()),
            *((f"{TECHNIQUE}:{key}", title) for key, title in techniques.items()),
        ]
        asset.choices = [*assets.items(), ("", _("Op elk middel"))]

    use_required_attribute = False
    """One may look at what an exception covers before saying why."""

    def says_what(self) -> bool:
        """Whether it is clear what the exception is about, though not yet why; then only that is no error."""
        for name in WHY:
            self.errors.pop(name, None)
        return not self.errors

    def draft(self) -> ExceptionDraft:
        """What the form asks; it says what."""
        data = self.cleaned_data
        kind, _colon, key = data["about"].partition(":")
        return ExceptionDraft(
            title=str(self._titles[key]),
            rule_id=key if kind == RULE else "",
            technique=key if kind == TECHNIQUE else "",
            asset=data["asset"] or None,
            subject=data["subject"],
            field=data["field"],
            how=data["how"] or How.EXACT,
            value=data["value"],
            reason=data.get("reason", ""),
            owner_name=data.get("owner_name", ""),
            days=data["days"],
        )


class ExceptionFilterForm(Narrowing):
    """Which exceptions the list shows."""

    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("Alle")),
            (WAITING, _("Wacht op een oordeel")),
            (WORKING, _("Werkt nu")),
            (PAST, _("Voorbij")),
        ],
    )
    tekst = forms.CharField(label=_("Regel, middel of waarde"), required=False, max_length=100)


class CoveredFilterForm(Narrowing):
    """Which covered matches are shown."""

    waar = forms.CharField(label=_("Waar (naam van het middel)"), required=False, max_length=100)
