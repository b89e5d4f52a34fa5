"""Keeping many answers at once that were given elsewhere or earlier: the present one and the line in the history."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brandwacht.baseline.models import AnswerChange, AnswerContent, ControlAnswer
from brandwacht.network.errors import Refused

CONTENT = tuple(
    field.name for field in AnswerContent._meta.get_fields() if field.name not in ("organisation", "public_id")
)


def keep_new(rows: Sequence[ControlAnswer]) -> None:
    """Save first answers, each with its line in the history. Raises ``Refused`` when somebody answered meanwhile."""
    try:
        with transaction.atomic():
            ControlAnswer.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused(_("Iemand anders beantwoordde net een van deze vragen. Laad de pagina opnieuw.")) from error
    AnswerChange.objects.bulk_create([_line(row) for row in rows])


def keep_changed(rows: Sequence[ControlAnswer]) -> None:
    """Save answers that were there with new content, each with its line in the history."""
    ControlAnswer.objects.bulk_update(rows, CONTENT)
    AnswerChange.objects.bulk_create([_line(row) for row in rows])


def _line(row: ControlAnswer) -> AnswerChange:
    return AnswerChange(organisation_id=row.organisation_id, **{name: getattr(row, name) for name in CONTENT})
