"""What an organisation sets for itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from brandwacht.engines.authority import load_clocks
from brandwacht.network.actor import Actor
from brandwacht.network.audit import DONE, Fact, write
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case


def set_regimes(actor: Actor, regimes: Sequence[str]) -> Organisation:
    """Set the legal regimes that the actor's own organisation falls under; new incidents start their clocks by these.

    Whether a safety region falls under the Cyberbeveiligingswet is for the region itself to say.
    """
    with use_case(actor, "organisation.set") as case:
        case.require(Owner(actor.organisation_id))
        unknown = set(regimes) - set(load_clocks().regimes)
        if unknown:
            raise Refused(_("Onbekend regime: %(names)s.") % {"names": ", ".join(sorted(unknown))}, "regimes")
        organisation = Organisation.objects.select_for_update().get(pk=actor.organisation_id)
        organisation.regimes = sorted(set(regimes))
        organisation.save()
        detail = {"regimes": organisation.regimes}
        thing = ("network.Organisation", str(organisation.public_id))
        fact = Fact(organisation.pk, "organisation.set", *thing, DONE, detail)
        write(actor, [fact])
    return organisation
