"""The tabs of progress, investment and connecting, in the room of the basis."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.pages import Part, Place

PROGRESS_PARTS = (
    Place(
        _("Voortgang"),
        (
            Part("progress", _("Rapporteren"), "baseline.progress.write"),
            Part("snapshots", _("Vrijgegeven rapportages"), "baseline.progress.see"),
            Part("overview", _("Landelijk beeld"), "baseline.national.see"),
            Part("themes", _("Gezamenlijke thema's"), "baseline.progress.see"),
            Part("investment", _("Investering"), "baseline.see"),
            Part("conditions", _("Aansluiten"), "baseline.progress.release"),
        ),
    ),
)
