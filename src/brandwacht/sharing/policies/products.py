"""The policy table of products, pictures of others, decisions of the owner, own advisories and advice on measures.

A product is for who reads in the circle once it is sent; before that for those who write for the circle. Nothing here
is ever TLP:RED, since that label is for persons and these are for bodies and programs: the use cases refuse it, and
the rules say so once more.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Condition, Owned, Rule, owners
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import RED, SEATED, WRITE, coordinates
from brandwacht.sharing.models import CircleProduct, OwnAdvisory, ProductState
from brandwacht.sharing.policies.seats import COORDINATORS, READERS
from brandwacht.sharing.policies.threats import MAY_LEAVE

SEE_PRODUCT = "sharing.product.see"
WRITE_PRODUCT = "sharing.product.write"
SEND_PRODUCT = "sharing.product.send"
EXPORT_PRODUCT = "sharing.product.export"
SEE_PICTURE = "sharing.picture.see"
ADD_PICTURE = "sharing.picture.add"
EXPORT_PICTURE = "sharing.picture.export"
SEE_DECISION = "sharing.decision.see"
ADD_DECISION = "sharing.decision.add"
SEE_OWN_ADVISORY = "sharing.own-advisory.see"
WRITE_OWN_ADVISORY = "sharing.own-advisory.write"
EXPORT_OWN_ADVISORY = "sharing.own-advisory.export"
ADVISE = "sharing.warning.advise"


def _is_out_or_mine(actor: Actor, thing: Owned) -> bool:
    if isinstance(thing, CircleProduct):
        return thing.state == ProductState.SENT or coordinates(actor, thing.organisation_id)
    if isinstance(thing, OwnAdvisory):
        return thing.published_at is not None or coordinates(actor, thing.organisation_id)
    return True


def _mine(actor: Actor) -> Q:
    return Q(organisation_id__in=sorted(owners(actor, WRITE)))


NOT_RED = Condition(
    "geen TLP:RED",
    lambda _actor, thing: getattr(thing, "tlp", "") != RED,
    lambda _actor: ~Q(tlp=RED),
    _("TLP:RED is voor personen; een product of advies gaat naar meer mensen."),
)
SENT_OR_MINE = Condition(
    "verzonden, of wie voor de kring schrijft",
    _is_out_or_mine,
    lambda actor: Q(state=ProductState.SENT) | _mine(actor),
    _("Dit is nog een concept van wie voor de kring schrijft."),
)
PUBLISHED_OR_MINE = Condition(
    "gepubliceerd, of wie voor de kring schrijft",
    _is_out_or_mine,
    lambda actor: Q(published_at__isnull=False) | _mine(actor),
    _("Dit is nog een concept van wie voor de kring schrijft."),
)
PUBLISHED = Condition(
    "gepubliceerd",
    lambda _actor, thing: not isinstance(thing, OwnAdvisory) or thing.published_at is not None,
    lambda _actor: Q(published_at__isnull=False),
    _("Van een concept is er nog geen bestand; publiceer het advies eerst."),
)

_SYSTEM = frozenset({Role.SYSTEM})
_CIRCLE = Domain.CIRCLE
_NONE: frozenset[Role] = frozenset()

PRODUCT_RULES: tuple[Rule, ...] = (
    Rule(SEE_PRODUCT, _("een product van de kring lezen"), _CIRCLE, _SYSTEM, READERS, (SEATED, SENT_OR_MINE, NOT_RED)),
    Rule(WRITE_PRODUCT, _("een product schrijven"), _CIRCLE, _NONE, COORDINATORS, (NOT_RED,)),
    Rule(SEND_PRODUCT, _("een product vaststellen en verzenden"), _CIRCLE, _NONE, COORDINATORS, (NOT_RED,)),
    Rule(
        EXPORT_PRODUCT, _("een product als bestand halen"), _CIRCLE, _SYSTEM, READERS,
        (SEATED, SENT_OR_MINE, NOT_RED, MAY_LEAVE),
    ),
    Rule(SEE_PICTURE, _("een dreigingsbeeld van een ander lezen"), _CIRCLE, _SYSTEM, READERS, (SEATED, NOT_RED)),
    Rule(ADD_PICTURE, _("een dreigingsbeeld van een ander toevoegen"), _CIRCLE, _NONE, COORDINATORS, (NOT_RED,)),
    Rule(
        EXPORT_PICTURE, _("een dreigingsbeeld van een ander als bestand halen"), _CIRCLE, _NONE, READERS,
        (SEATED, NOT_RED, MAY_LEAVE),
    ),
    Rule(SEE_DECISION, _("besluiten van de eigenaar van de kring lezen"), _CIRCLE, _SYSTEM, READERS, (SEATED,)),
    Rule(ADD_DECISION, _("een besluit van de eigenaar vastleggen"), _CIRCLE, _NONE, COORDINATORS),
    Rule(
        SEE_OWN_ADVISORY, _("een beveiligingsadvies van de kring lezen"), _CIRCLE, _SYSTEM, READERS,
        (SEATED, PUBLISHED_OR_MINE, NOT_RED),
    ),
    Rule(WRITE_OWN_ADVISORY, _("een beveiligingsadvies schrijven"), _CIRCLE, _NONE, COORDINATORS, (NOT_RED,)),
    Rule(
        EXPORT_OWN_ADVISORY, _("een beveiligingsadvies als bestand halen"), _CIRCLE, _NONE, READERS,
        (SEATED, PUBLISHED, NOT_RED, MAY_LEAVE),
    ),
    Rule(ADVISE, _("naar maatregelen wijzen"), _CIRCLE, _NONE, COORDINATORS),
)  # fmt: skip
