"""The policy table of advisories, asset profiles and notices.

Advisories are the circle's: its members read them. What an organisation runs, and the notices about it, are its own:
its CISO and administrator see and change them, and the CERT sees them through a mandate. Nobody else, and no region of
another.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Rule, Through
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import SEATED
from brandwacht.sharing.policies.seats import COORDINATORS, READERS

SEE_ADVISORY = "sharing.advisory.see"
TAKE_ADVISORY = "sharing.advisory.take"
SEE_ASSET = "sharing.asset.see"
EDIT_ASSET = "sharing.asset.edit"
SEE_NOTICE = "sharing.notice.see"
HANDLE_NOTICE = "sharing.notice.handle"
MAKE_NOTICE = "sharing.notice.make"

_SYSTEM = frozenset({Role.SYSTEM})
_KEEPERS = frozenset({Role.CISO, Role.ADMIN, Role.SYSTEM})
_CERT = {GrantKind.CERT_MANDATE: Through(frozenset({Role.CERT_LEAD}))}

ADVISORY_RULES: tuple[Rule, ...] = (
    Rule(SEE_ADVISORY, _("een advies lezen"), Domain.CIRCLE, _SYSTEM, READERS, (SEATED,)),
    Rule(TAKE_ADVISORY, _("adviezen inlezen"), Domain.CIRCLE, _SYSTEM, COORDINATORS),
    Rule(SEE_ASSET, _("zien wat een organisatie draait"), Domain.ADVICE, _KEEPERS, _CERT),
    Rule(EDIT_ASSET, _("wijzigen wat de organisatie draait"), Domain.ADVICE, _KEEPERS),
    Rule(SEE_NOTICE, _("een melding lezen"), Domain.ADVICE, _KEEPERS, _CERT),
    Rule(HANDLE_NOTICE, _("een melding afhandelen"), Domain.ADVICE, _KEEPERS),
    Rule(MAKE_NOTICE, _("een melding maken of bijwerken"), Domain.ADVICE, _SYSTEM),
)
