"""The forms of the national node, and of what stands on a warning list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.wording import listed as in_words
from brandwacht.sharing.models import CircleWarning, Threat
from brandwacht.sharing.ndn import node_data
from brandwacht.sharing.services.list_choices import MAX_WHY, Choice, name_of
from brandwacht.sharing.services.node import Transition
from brandwacht.sharing.warning_lists import Listed


def _levels() -> list[tuple[str, str]]:
    return [(each.key, f"{each.name}. {each.explanation}") for each in node_data().agreements.values()]


class AgreementForm(forms.Form):
    """What is told back."""

    level = forms.ChoiceField(
        label=gettext_lazy("Wat gaat er terug naar het NCSC als u een kenmerk ziet?"), choices=_levels,
        widget=forms.RadioSelect,
    )  # fmt: skip


class ConnectForm(AgreementForm):
    """Connect; the fields of a transitional decision are there when the condition is not met."""

    by = forms.CharField(label=gettext_lazy("Wie besloot dat aansluiten toch mag, met functie?"), max_length=160)
    until = forms.DateField(
        label=gettext_lazy("Tot en met welke dag?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Daarna stopt de aansluiting vanzelf."),
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("Waarop berust dat besluit?"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, met: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if met:
            for name in ("by", "until", "why"):
                del self.fields[name]

    def transition(self) -> Transition | None:
        """The decision as somebody filled it in; ``None`` where none is asked."""
        if "by" not in self.fields:
            return None
        given = self.cleaned_data
        return Transition(given.get("until"), given.get("by", ""), given.get("why", ""))


class NodeFeedFilter(forms.Form):
    """What of the feed is shown."""

    q = forms.CharField(label=gettext_lazy("Zoek een adres, domeinnaam of hash"), required=False, max_length=200)
    state = forms.ChoiceField(label=gettext_lazy("Stand"), required=False)

    def __init__(self, *args: Any, states: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("Alle")), *states]  # type: ignore[attr-defined]


class HeldForm(forms.Form):
    """Why a coordinator lets an indicator in, or leaves it out."""

    why = forms.CharField(label=gettext_lazy("Waarom?"), max_length=MAX_WHY)


class BundleForm(forms.Form):
    """A STIX bundle that NCSC gave."""

    file = forms.FileField(
        label=gettext_lazy("STIX 2.1-bundel (JSON)"), widget=forms.ClearableFileInput(attrs={"class": "bw-file"})
    )


KEEP, LEAVE = "houd", "weg"


class ListedForm(forms.Form):
    """Per indicator on a warning list: leave it out, or keep it with a reason."""

    def __init__(self, *args: Any, row: Threat | CircleWarning, hits: Sequence[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name_of(row, hit) for hit in hits]
        for name, hit in zip(self.names, hits, strict=True):
            told = in_words([f"“{each}”" for each in hit.names[:3]])
            self.fields[f"keuze-{name}"] = forms.ChoiceField(
                label=_("%(value)s staat op %(lists)s") % {"value": hit.indicator.defanged, "lists": told},
                choices=[(LEAVE, _("Laat weg")), (KEEP, _("Houd, om de reden hieronder"))],
                widget=forms.RadioSelect, initial=LEAVE,
            )  # fmt: skip
            self.fields[name] = forms.CharField(
                label=_("Waarom houdt u %(value)s?") % {"value": hit.indicator.defanged}, max_length=MAX_WHY,
                required=False, help_text=_("Lezers zien deze reden."),
            )  # fmt: skip

    def choices(self) -> dict[str, Choice]:
        """What was chosen, by the name of the indicator."""
        given = self.cleaned_data
        return {name: Choice(given[f"keuze-{name}"] == KEEP, given[name]) for name in self.names}
