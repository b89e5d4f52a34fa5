"""Tenancy: every row has an owner, and a query runs inside a scope or raises.

The scope holds, per domain, the organisations whose rows may be reached at all. It is the outer lock; the policy
(``network.policy``) is the inner one. A scope does not guard relations, so a foreign key between two tenant rows
must stay with one owner; that is checked here, the one place that saves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from django.db import models
from django_scopes import get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from brandwacht.network.domains import Domain

_M = TypeVar("_M", bound="TenantModel")


class CrossTenantError(Exception):
    """A row would point at, or be written for, an organisation outside its owner or outside the scope."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The organisations (primary keys) whose rows a request may reach: its own, and per domain those granted."""

    own: frozenset[int]
    granted: Mapping[Domain, frozenset[int]] = field(default_factory=dict)

    def owners(self, domain: Domain) -> frozenset[int]:
        """Primary keys of the organisations whose rows in ``domain`` are in reach."""
        return self.own | self.granted.get(domain, frozenset())


@contextmanager
def tenancy_scope(tenancy: Tenancy) -> Iterator[None]:
    """Run a block with only the rows of ``tenancy`` in reach."""
    with scope(tenancy=tenancy):
        yield


@contextmanager
def owner_scope(*organisation_ids: int) -> Iterator[None]:
    """Run a block as the system on behalf of these owners only (worker jobs, commands)."""
    with scope(tenancy=Tenancy(frozenset(organisation_ids))):
        yield


@contextmanager
def every_owner() -> Iterator[None]:
    """Run a block over all owners. Only for migrations, checks over the whole database, and tests."""
    with scopes_disabled():
        yield


def _reachable(domain: Domain) -> frozenset[int] | None:
    """Owners in reach for a domain; ``None`` when scopes are switched off; raises outside a scope."""
    current = get_scope()
    if current.get("_enabled") is False:
        return None
    tenancy = current.get("tenancy")
    if not isinstance(tenancy, Tenancy):
        raise ScopeError(f"No tenancy scope is active; a query on domain {domain!s} is refused.")
    return tenancy.owners(domain)


class TenantQuerySet(models.QuerySet[_M]):
    """A queryset whose writes keep every foreign key inside one owner."""

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        """As Django's, after the owner check on all rows at once."""
        rows = list(objs)
        check_owners(self.model, rows)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[_M], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """As Django's, after the owner check on all rows at once."""
        rows = list(objs)
        check_owners(self.model, rows)
        return super().bulk_update(rows, fields, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As Django's; a foreign key to a tenant row may only be set to a row of the same owner."""
        if kwargs.keys() & {"organisation", "organisation_id"}:
            raise CrossTenantError("The owner of a row does not change.")
        for relation in tenant_relations(self.model):
            value = kwargs.get(relation.name, kwargs.get(relation.attname))
            if value is not None:
                pk = value.pk if isinstance(value, models.Model) else value
                owner = _owners_of(relation, {pk}).get(pk)
                if self.exclude(organisation_id=owner).exists():
                    raise CrossTenantError(f"{self.model.__name__}.{relation.name} points at another owner.")
        return super().update(**kwargs)


class TenantManager(models.Manager[_M]):
    """Manager that filters on the owners in scope and raises ``ScopeError`` outside a scope."""

    def get_queryset(self) -> TenantQuerySet[_M]:
        """Rows of the owners in scope."""
        rows: TenantQuerySet[_M] = TenantQuerySet(self.model, using=self._db)
        owners = _reachable(self.model.domain)
        if owners is None:
            return rows
        if len(owners) == 1:
            return rows.filter(organisation_id=next(iter(owners)))
        return rows.filter(organisation_id__in=sorted(owners))


class TenantModel(models.Model):
    """A row that an organisation owns. ``domain`` says which kinds of grant may open it to others."""

    domain: ClassVar[Domain]

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("network.Organisation", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save after checking that owner and foreign keys agree; raises ``CrossTenantError``."""
        check_owners(type(self), [self])
        super().save(*args, **kwargs)


def tenant_relations(model: type[models.Model]) -> list[Any]:
    """The foreign keys of ``model`` that point at tenant rows."""
    return [
        f
        for f in model._meta.get_fields()
        if isinstance(f, models.ForeignKey)
        and isinstance(f.related_model, type)
        and issubclass(f.related_model, TenantModel)
    ]


def _owners_of(relation: Any, pks: set[Any]) -> dict[Any, int]:
    rows = relation.related_model._base_manager.filter(pk__in=pks).values_list("pk", "organisation_id")
    return dict(rows)


def check_owners(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Raise ``CrossTenantError`` when a row's owner is out of scope or a foreign key leaves the owner.

    A related object that is already loaded is compared as it is; the others are read in one query per relation.
    """
    reachable = _reachable(model.domain)  # type: ignore[attr-defined]
    if reachable is not None:
        strangers = {row.organisation_id for row in rows} - reachable
        if strangers:
            raise CrossTenantError(f"{model.__name__}: owner {sorted(map(str, strangers))} is outside the scope.")
    for relation in tenant_relations(model):
        unknown: set[Any] = set()
        for row in rows:
            if getattr(row, relation.attname) is None:
                continue
            if relation.is_cached(row):
                if getattr(row, relation.name).organisation_id != row.organisation_id:
                    raise CrossTenantError(f"{model.__name__}.{relation.name} points at another owner.")
            else:
                unknown.add(getattr(row, relation.attname))
        owners = _owners_of(relation, unknown) if unknown else {}
        for row in rows:
            pk = getattr(row, relation.attname)
            if pk in owners and owners[pk] != row.organisation_id:
                raise CrossTenantError(f"{model.__name__}.{relation.name} points at another owner.")
