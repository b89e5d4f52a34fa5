"""What the room ``cert`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.panels import CONTROL, MEASURE
from brandwacht.cert.panels import (
    alert_button,
    handed_over,
    incident_of_measure,
    incidents_of_control,
    incidents_of_node,
    live_incidents,
    running_now,
)
from brandwacht.cert.policy import RULES
from brandwacht.cert.queries import clocks_to_meet
from brandwacht.cert.services import allowed_label, warning_sent
from brandwacht.network.events import subscribe
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.policy import declare
from brandwacht.riskmap.cascades.live import register_incidents
from brandwacht.sharing.events import WarningSent
from brandwacht.sharing.limits import register_limit


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_room(
        Room(
            "cert",
            _("Incidenten"),
            "cert:list",
            30,
            ("cert.incident.see",),
            clocks_to_meet,
            _("wettelijke meldplichten die lopen"),
        )
    )
    register_panel("soc.Alert", Panel("cert.alert", 10, alert_button, "knoppen"))
    register_panel("cert.Incident", Panel("cert.handover", 5, handed_over))
    register_panel("soc.WatchShift", Panel("cert.running", 10, running_now))
    register_panel("network.Node", Panel("cert.node", 20, incidents_of_node))
    register_panel(CONTROL, Panel("cert.control", 10, incidents_of_control))
    register_panel(MEASURE, Panel("cert.measure", 10, incident_of_measure))
    register_panel("week", Panel("cert.week", 10, running_now))
    register_incidents("cert", live_incidents)
    subscribe(WarningSent, warning_sent)
    register_limit(allowed_label)
