"""Rows that are written once: what was decided, reported or released stays as it was."""

from __future__ import annotations

from typing import Any

from brandwacht.network.tenancy import TenantModel, check_owners


class FinalError(Exception):
    """A row that is final would be changed."""


class FinalRow(TenantModel):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new row; raises ``CrossTenantError``, and ``FinalError`` for one that was written."""
        check_owners(type(self), [self])
        if self.pk is not None:
            raise FinalError(f"{type(self).__name__} {self.pk} is final.")
        super().save(*args, **kwargs)
