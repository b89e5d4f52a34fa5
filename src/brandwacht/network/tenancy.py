"""Tenancy: every row has an owner, and a query runs inside a scope or raises.

The scope holds, per domain, the organisations whose rows may be reached at all. It is the outer lock; the policy
(``network.policy``) is the inner one. A scope does not guard relations, so a foreign key between two tenant rows
must stay with one owner, and a row never changes owner; that is checked here, the one place that saves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar

from django.db import connections, models, transaction
from django.db.models.base import ModelBase
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
    """A queryset whose writes keep every foreign key inside one owner, and every row with its owner."""

    _owners_checked = False

    def _clone(self) -> TenantQuerySet[_M]:
        clone: TenantQuerySet[_M] = super()._clone()  # type: ignore[misc]
        clone._owners_checked = self._owners_checked
        return clone

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        """As Django's, after the owner check on all rows at once."""
        rows = list(objs)
        check_owners(self.model, rows)
        made = super().bulk_create(rows, *args, **kwargs)
        _remember(made)
        return made

    def insert_many(self, objs: Iterable[_M]) -> int:
        """New rows by thousands, in half the time of ``bulk_create``; how many.

        One statement that is prepared once, so every value is a plain value, and no row learns its key.
        """
        rows = list(objs)
        check_owners(self.model, rows)
        connection = connections[self.db]
        fields = [each for each in self.model._meta.concrete_fields if not each.primary_key]
        names = ", ".join(connection.ops.quote_name(str(each.column)) for each in fields)
        table, marks = connection.ops.quote_name(self.model._meta.db_table), ", ".join(["%s"] * len(fields))
        with transaction.atomic(using=self.db), connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of our own tables
                [[each.get_db_prep_save(each.pre_save(row, True), connection) for each in fields] for row in rows],
            )
        return len(rows)

    def bulk_update(self, objs: Iterable[_M], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """As Django's, after the owner check on all rows at once."""
        rows, names = list(objs), list(fields)
        check_owners(self.model, rows)
        checked = self._clone()  # Django's own goes on through update(), with one expression per field
        checked._owners_checked = True
        return super(TenantQuerySet, checked).bulk_update(rows, names, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As Django's; a foreign key to a tenant row may only be set to one row, of the same owner."""
        if not self._owners_checked:
            self._check_update(kwargs)
        return super().update(**kwargs)

    def _check_update(self, values: Mapping[str, Any]) -> None:
        if values.keys() & {"organisation", "organisation_id"}:
            raise CrossTenantError("The owner of a row does not change.")
        for relation in tenant_relations(self.model):
            value = values.get(relation.name, values.get(relation.attname))
            if value is None:
                continue
            if hasattr(value, "resolve_expression"):
                raise CrossTenantError(f"{self.model.__name__}.{relation.name} can not be set by an expression.")
            pk = value.pk if isinstance(value, models.Model) else value
            owner = _owners_of(relation.related_model, {pk}).get(pk)
            if self.exclude(organisation_id=owner).exists():
                raise CrossTenantError(f"{self.model.__name__}.{relation.name} points at another owner.")


class RowManager(models.Manager[_M]):
    """Django's own way to rows (saving, following a foreign key): no filter, but the same checks on writing."""

    name = "_base_manager"
    auto_created = True

    def get_queryset(self) -> TenantQuerySet[_M]:
        """All rows."""
        return TenantQuerySet(self.model, using=self._db)


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


class _TenantBase(ModelBase):
    """Gives each tenant model a base manager that checks what is written: ``related.add()`` writes through it."""

    @property
    def _base_manager(cls) -> RowManager[Any]:  # noqa: N805 - on a metaclass
        manager: RowManager[Any] = RowManager()
        manager.model = cls
        return manager


class TenantModel(models.Model, metaclass=_TenantBase):
    """A row that an organisation owns. ``domain`` says which kinds of grant may open it to others."""

    domain: ClassVar[Domain]
    _stored_owner: int | None = None
    """The owner as the database has it; ``None`` when not known."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("network.Organisation", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save after checking that owner and foreign keys agree; raises ``CrossTenantError``."""
        check_owners(type(self), [self])
        super().save(*args, **kwargs)
        _remember([self])

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """As Django's, remembering the owner."""
        row = super().from_db(*args, **kwargs)
        row._stored_owner = row.__dict__.get("organisation_id")
        return row


def tenant_relations(model: type[models.Model]) -> list[Any]:
    """The foreign keys of ``model`` that point at tenant rows."""
    return [
        f
        for f in model._meta.get_fields()
        if isinstance(f, models.ForeignKey)
        and isinstance(f.related_model, type)
        and issubclass(f.related_model, TenantModel)
    ]


def _owners_of(model: Any, pks: set[Any]) -> dict[Any, int]:
    return dict(model._base_manager.filter(pk__in=pks).values_list("pk", "organisation_id"))


def _remember(rows: Iterable[Any]) -> None:
    for row in rows:
        row._stored_owner = row.organisation_id


def check_owners(model: type[Any], rows: Sequence[Any]) -> None:
    """Raise ``CrossTenantError`` when a row's owner is out of scope or changes, or a foreign key leaves the owner.

    What is already loaded is compared as it was loaded; the rest is read in one query per relation.
    """
    reachable = _reachable(model.domain)
    if reachable is not None:
        strangers = {row.organisation_id for row in rows} - reachable
        if strangers:
            raise CrossTenantError(f"{model.__name__}: owner {sorted(map(str, strangers))} is outside the scope.")
    unknown = {row.pk for row in rows if row.pk is not None and row._stored_owner is None}
    stored = _owners_of(model, unknown) if unknown else {}
    for row in rows:
        if row.organisation_id != (row._stored_owner or stored.get(row.pk, row.organisation_id)):
            raise CrossTenantError(f"{model.__name__}: the owner of a row does not change.")
    for relation in tenant_relations(model):
        _check_relation(relation, rows)


def _check_relation(relation: Any, rows: Sequence[Any]) -> None:
    targets: list[tuple[Any, Any]] = []
    for row in rows:
        pk = getattr(row, relation.attname)
        if hasattr(pk, "resolve_expression"):
            raise CrossTenantError(f"{relation} can not be set by an expression.")
        if pk is None:
            continue
        target = getattr(row, relation.name) if relation.is_cached(row) else None
        if target is None or target._stored_owner is None:
            targets.append((row, pk))
        elif target._stored_owner != row.organisation_id:
            raise CrossTenantError(f"{relation} points at another owner.")
    owners = _owners_of(relation.related_model, {pk for _row, pk in targets}) if targets else {}
    for row, pk in targets:
        if owners.get(pk, row.organisation_id) != row.organisation_id:
            raise CrossTenantError(f"{relation} points at another owner.")
