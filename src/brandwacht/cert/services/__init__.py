"""The use cases of the CERT: opening an incident, leading it, and keeping its clocks."""

from brandwacht.cert.services.duties import clock_done, clock_undo
from brandwacht.cert.services.hit import add_assets, remove_asset
from brandwacht.cert.services.leading import NEXT, activate_cert, assess, assessment, move_to
from brandwacht.cert.services.opening import join, known_since, open_from_alert, open_new
from brandwacht.cert.services.story import add_note
from brandwacht.cert.services.warned import allowed_label, warning_sent

__all__ = [
    "NEXT",
    "activate_cert",
    "add_assets",
    "add_note",
    "allowed_label",
    "assess",
    "assessment",
    "clock_done",
    "clock_undo",
    "join",
    "known_since",
    "move_to",
    "open_from_alert",
    "open_new",
    "remove_asset",
    "warning_sent",
]
