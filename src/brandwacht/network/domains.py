"""Which kinds of grant open which domain of an organisation's rows.

Every tenant model names one domain. This table is the only place that says which kinds of grant reach it; the
scope of a request, the policy and (later) row-level security all read it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class GrantKind(models.TextChoices):
    """The kinds of door that an organisation can open to another."""

    SOC_MANDATE = "soc_mandaat", _("Mandaat aan het SOC")
    CERT_MANDATE = "cert_mandaat", _("Mandaat aan het CERT")
    CIRCLE = "kring", _("Lidmaatschap van een kring")
    REVIEW = "toetsing", _("Collegiale toetsing")
    SNAPSHOT = "vrijgave", _("Vrijgegeven momentopname")
    SIGNED_LINK = "getekende_link", _("Getekende link voor een partner")
    QUESTION_LINK = "vraaglink", _("Getekende link met één vraag")
    SHARED_NODE = "onderdeel", _("Gedeeld onderdeel van de risicokaart")
    SHARED_MEASURES = "maatregelen", _("Gepubliceerde maatregelen")


class Domain(models.TextChoices):
    """A part of an organisation's rows that is opened, or kept shut, as a whole."""

    PEOPLE = "mensen", _("Mensen en rollen")
    GRANTS = "toegang", _("Mandaten en andere toegang")
    REGISTER = "register", _("Register van processen, diensten en middelen")
    ACTIONS = "acties", _("Acties")
    AUDIT = "logboek", _("Logboek")
    WATCH = "waakzaam", _("Meldingen en bronnen")
    RULES = "regels", _("Detectieregels")
    RISK = "risicokaart", _("Risicokaart en cascades")
    PART = "deel", _("Wat een partner over zijn eigen deel invult")
    QUESTION = "vraag", _("Vragen die bij een collega zijn uitgezet")
    BORDER = "grens", _("Onderdelen die een ander mag volgen")
    INCIDENT = "incidenten", _("Incidenten")
    BASIS = "basis", _("Antwoorden en maatregelen")
    REVIEW = "toetsing", _("Dossiers van een toetsing")
    SHARED_MEASURES = "gedeeld", _("Maatregelen die anderen mogen overnemen")
    CIRCLE = "delen", _("Waarschuwingen van een kring")
    ADVICE = "adviezen", _("Wat u draait, en meldingen daarover")
    BOARD = "besturen", _("Bestuurlijke cijfers")
    REPORT = "rapportage", _("Vrijgegeven rapportages over de voortgang")


_MANDATES = frozenset({GrantKind.SOC_MANDATE, GrantKind.CERT_MANDATE})

OPENED_BY: Mapping[Domain, frozenset[GrantKind]] = MappingProxyType(
    {
        Domain.PEOPLE: frozenset(),
        Domain.GRANTS: frozenset(),
        Domain.REGISTER: _MANDATES,
        Domain.ACTIONS: frozenset(),
        Domain.AUDIT: frozenset(),
        Domain.WATCH: _MANDATES,
        Domain.RULES: frozenset(),
        Domain.RISK: _MANDATES,
        Domain.PART: frozenset({GrantKind.SIGNED_LINK}),
        Domain.QUESTION: frozenset({GrantKind.QUESTION_LINK}),
        Domain.BORDER: frozenset({GrantKind.SHARED_NODE}),
        Domain.INCIDENT: _MANDATES,
        # A reviewer never reaches the basis itself: what is reviewed was laid in the dossier of that one review.
        Domain.BASIS: frozenset(),
        Domain.REVIEW: frozenset({GrantKind.REVIEW}),
        Domain.SHARED_MEASURES: frozenset({GrantKind.SHARED_MEASURES}),
        Domain.CIRCLE: frozenset({GrantKind.CIRCLE}),
        Domain.ADVICE: frozenset({GrantKind.CERT_MANDATE}),
        Domain.BOARD: frozenset(),
        Domain.REPORT: frozenset({GrantKind.SNAPSHOT}),
    }
)
