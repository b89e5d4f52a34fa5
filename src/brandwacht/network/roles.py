"""The roles that a person can have at an organisation, in the policy's own words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role at one organisation, held from a date to a date (``RoleAssignment``)."""

    CISO = "ciso", _("CISO")
    PROCESS_OWNER = "proceseigenaar", _("Proceseigenaar")
    LINE_MANAGER = "lijnmanager", _("Lijnmanager")
    ISAC_MEMBER = "isac_lid", _("Lid VR-ISAC")
    SOC_ANALYST = "soc_analist", _("SOC-analist")
    CERT_LEAD = "cert_leider", _("Leider CERT")
    CRISIS_ADVISER = "adviseur_crisis", _("Adviseur crisisbeheersing")
    RISK_ADVISER = "adviseur_risico", _("Adviseur risicobeheersing")
    BOARD = "bestuur", _("Bestuur veiligheidsregio")
    CHAIR = "voorzitter", _("Voorzitter veiligheidsregio")
    MAYOR = "burgemeester", _("Burgemeester")
    REGIONAL_MAYOR = "regioburgemeester", _("Regioburgemeester")
    ALDERMAN = "wethouder", _("Wethouder")
    TOWN_CLERK = "gemeentesecretaris", _("Gemeentesecretaris")
    COUNCILLOR = "raadslid", _("Raadslid")
    EXERCISE_LEADER = "oefenleider", _("Oefenleider")
    REVIEWER = "toetser", _("Collegiaal toetser")
    PROGRAMME = "programmabureau", _("Programmabureau")
    ADMIN = "beheerder", _("Beheerder")
    SYSTEM = "systeem", _("Brandwacht zelf")


SECURITY = frozenset({Role.CISO, Role.SYSTEM})
ADVISERS = frozenset({Role.CRISIS_ADVISER, Role.RISK_ADVISER})
BOARDROOM = frozenset({Role.BOARD, Role.CHAIR, Role.MAYOR, Role.REGIONAL_MAYOR, Role.ALDERMAN, Role.TOWN_CLERK})
"""Those who decide or account for decisions; a raadslid reads only what the college released."""
