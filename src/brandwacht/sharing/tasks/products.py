"""What the worker does after a product is sent: mail without content to the members who read it."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from brandwacht.network.roles import Role
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.circle import read_circle
from brandwacht.sharing.mailing import address, send
from brandwacht.sharing.models import CircleProduct


@task()
def tell_product(circle_id: int, product_id: str) -> int:
    """Tell the members that there is a product, with its label and nothing of what it says; returns how many mails."""
    with owner_scope(circle_id):
        product = CircleProduct.objects.select_related("organisation").get(public_id=UUID(product_id))
        seats = read_circle(circle_id, timezone.now()).seats
    to = [seat.email for seat in seats if seat.role is Role.ISAC_MEMBER]
    facts = {
        "tlp": product.marking.label,
        "circle": product.organisation.name,
        "address": address("sharing:product", product.public_id),
    }
    subject = _("Nieuw product van de %(circle)s (%(tlp)s)") % facts
    body = _("Er is een product met %(tlp)s van de %(circle)s. Log in om het te lezen:\n\n%(address)s\n") % facts
    return send(subject, body, to)
