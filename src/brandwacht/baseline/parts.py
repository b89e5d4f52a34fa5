"""The parts of the room, in the order in which somebody meets them."""

from django.utils.translation import gettext_lazy as _

from brandwacht.baseline import queries
from brandwacht.baseline.policies.questions import ASK
from brandwacht.network.pages import Part, Place

PARTS = (
    Place(
        _("Vragen"),
        (
            Part("list", _("Vragen van de BIO2"), queries.SEE),
            Part("asked-list", _("Uitgezet"), ASK),
            Part("government-list", _("Overheidsmaatregelen"), queries.SEE),
            Part("rhythms", _("Vaste taken"), queries.SEE),
            Part("processes", _("Processen"), queries.SEE),
            Part("exceptions", _("Uitzonderingen"), queries.SEE),
        ),
    ),
    Place(
        _("Maatregelen"),
        (
            Part("measures", _("Eigen maatregelen"), queries.SEE),
            Part("shared-list", _("Gedeelde maatregelen"), "baseline.shared.see"),
            Part("investment", _("Investering"), queries.SEE),
        ),
    ),
    Place(
        _("Toetsing"),
        (
            Part("reviews", _("Toetsing en audit"), "baseline.review.see"),
            Part("ensia", _("ENSIA"), "baseline.ensia.see"),
            Part("conditions", _("Aansluiten"), "baseline.progress.release"),
        ),
    ),
    Place(
        _("Rapporten"),
        (
            Part("reports", _("Op papier"), queries.SEE_REPORT),
            Part("workbooks", _("In Excel"), queries.SEE),
        ),
    ),
    Place(
        _("Voortgang"),
        (
            Part("progress", _("Rapporteren"), "baseline.progress.write"),
            Part("snapshots", _("Vrijgegeven rapportages"), "baseline.progress.see"),
            Part("overview", _("Landelijk beeld"), "baseline.national.see"),
            Part("themes", _("Gezamenlijke thema's"), "baseline.progress.see"),
        ),
    ),
    Place(
        _("Kaders"),
        (
            Part("frameworks", _("Andere kaders"), queries.SEE),
            Part("reference", _("BIO 1.04 opzoeken"), queries.SEE),
        ),
    ),
)
