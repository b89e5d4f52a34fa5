"""How far what an incident taught may go: the port by which a room above tells it, since this one does not know it.

Whoever handed the incident over said how far it may be shared. A label is a promise to that person, so a warning that
came from the incident has at least as strict a label, whoever writes or sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network.errors import Refused

Limit = Callable[[UUID], TLP | None]
"""The mildest label under which what this incident taught may be shared; ``None`` when this room knows of no limit."""

_limits: Final[list[Limit]] = []


def register_limit(limit: Limit) -> None:
    """Let a room above have its say; the same one twice counts once."""
    if limit not in _limits:
        _limits.append(limit)


def mildest(incident: UUID | None) -> TLP | None:
    """The mildest label that is allowed for what came from this incident; ``None`` when any is."""
    found = [label for limit in _limits if incident is not None and (label := limit(incident)) is not None]
    return TLP.strictest(*found) if found else None


def refuse_too_far(incident: UUID | None, label: TLP) -> None:
    """Raise ``Refused`` (field "tlp") when a warning with this label would go further than was allowed."""
    limit = mildest(incident)
    if limit is not None and label.strictness < limit.strictness:
        raise Refused(
            _(
                "Dit komt uit een incident dat is overgedragen met %(limit)s. Met %(label)s zouden meer mensen het "
                "lezen dan de afzender goedvond. Kies %(limit)s of strenger, of vraag de afzender om een nieuwe "
                "overdracht."
            )
            % {"limit": limit.label, "label": label.label},
            "tlp",
        )
