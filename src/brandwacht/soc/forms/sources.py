"""The forms of sources."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.soc.forms.base import OfOrganisation
from brandwacht.soc.models import SourceKind
from brandwacht.soc.services.logsources import LONGEST_SILENCE, LOWEST_PORT, SourceDraft


class SourceForm(forms.Form):
    """How a source is called, and how long it may be silent."""

    name = forms.CharField(
        label=_("Hoe heet de bron?"),
        max_length=80,
        help_text=_("Zo herkent u hem in meldingen, bijvoorbeeld “Werkplekken (Winlogbeat)”."),
    )
    silent_after = forms.IntegerField(
        label=_("Na hoeveel minuten stilte wilt u een melding?"),
        min_value=0,
        max_value=LONGEST_SILENCE,
        initial=60,
        help_text=_("Kies ruim boven het gewone ritme van de bron. Met 0 komt er nooit een melding."),
    )


class NewSourceForm(SourceForm, OfOrganisation):
    """A source to connect. The organisations are those for which the policy lets the person do so."""

    kind = forms.ChoiceField(
        label=_("Hoe komen de logs binnen?"),
        choices=[
            (SourceKind.BULK.value, _("Over het web: Filebeat, Winlogbeat, Fluent Bit, rsyslog of syslog-ng")),
            (SourceKind.SYSLOG.value, _("Syslog: een apparaat of programma dat alleen syslog kan")),
        ],
        widget=forms.RadioSelect,
        initial=SourceKind.BULK.value,
    )
    port = forms.IntegerField(
        label=_("Poort (alleen voor syslog)"),
        min_value=LOWEST_PORT,
        max_value=65535,
        required=False,
        help_text=_("Elke bron heeft een eigen poort: daaraan ziet Brandwacht van wie een bericht is."),
    )
    tls = forms.BooleanField(
        label=_("Versleuteld met TLS (alleen voor syslog)"),
        required=False,
        help_text=_("Uw beheerder heeft daarvoor een certificaat ingesteld."),
    )
    organisation = forms.ChoiceField(label=_("Van welke organisatie zijn de logs?"))
    field_order = ("organisation", "name", "kind", "port", "tls", "silent_after")

    def draft(self) -> SourceDraft:
        """The source that the form stands for."""
        data = self.cleaned_data
        return SourceDraft(data["name"], data["kind"], data["silent_after"], data["port"], data["tls"])
