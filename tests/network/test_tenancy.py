"""No relation of any model reaches over the wall between owners: generated for every model there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.models import Count, F, Model
from django_scopes.exceptions import ScopeError

from brandwacht.network.domains import OPENED_BY, Domain, GrantKind
from brandwacht.network.models import Node, NodeName, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import CrossTenantError, TenantModel, every_owner, owner_scope, tenant_relations
from tests.network.rows import Rows, tenant_models
from tests.world import acting, actor, asset, mandate, organisation, person

pytestmark = pytest.mark.django_db

MODELS = tenant_models()
RELATIONS = [(model, relation) for model in MODELS for relation in tenant_relations(model)]
LEAVES = [
    model for model in MODELS if all(each.concrete for each in model._meta.get_fields(include_hidden=True))
]  # nothing points at them
by_label = pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
by_relation = pytest.mark.parametrize(("model", "relation"), RELATIONS, ids=[str(r) for _m, r in RELATIONS])


@dataclass(frozen=True)
class Walls:
    """The same rows at two owners, who share one user."""

    ours: Rows
    theirs: Rows


@pytest.fixture(scope="module")
def walls(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walls]:
    """Once for a thousand tests, each of which is rolled back to this."""
    with django_db_blocker.unblock(), transaction.atomic():
        shared = person(organisation("VR99"))
        walls = Walls(Rows(organisation("VR17"), shared), Rows(organisation("VR15"), shared))
        walls.ours.everything()
        walls.theirs.everything()
        yield walls
        transaction.set_rollback(True)


def related(model: type[Model]) -> list[Any]:
    """Every relation that a query can name, forward and reverse, one to one, many to many."""
    return [f for f in model._meta.get_fields() if f.is_relation and f.related_model is not None]


def refused(attempt: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except CrossTenantError:
        return True
    return False


def reached(rows: Any) -> Iterator[Any]:
    """The rows behind the value of a relation: one row, a manager, or nothing."""
    if isinstance(rows, Model):
        yield rows
    elif hasattr(rows, "all"):
        yield from rows.all()


def assert_ours(row: Any, ours: Organisation, path: str) -> None:
    if isinstance(row, TenantModel):
        assert row.organisation_id == ours.pk, f"{path} reaches {row._meta.label} of another owner"


# --- (a) and (d): the scope itself ------------------------------------------------------------------------------------


def test_the_models_are_all_there() -> None:
    assert len(MODELS) >= 20
    assert {m._meta.app_label for m in MODELS} >= {"network", "soc", "cert", "sharing", "baseline", "riskmap"}


@by_label
def test_a_scope_holds_only_its_own_rows(model: type[TenantModel], walls: Walls) -> None:
    theirs = walls.theirs.of(model)
    with owner_scope(walls.ours.owner.pk):
        assert {row.organisation_id for row in model.objects.all()} == {walls.ours.owner.pk}
        assert model.objects.count() == 1
        assert not model.objects.filter(pk=theirs.pk).exists()
        assert not model.objects.filter(public_id=theirs.public_id).exists()
        assert model.objects.in_bulk([theirs.pk]) == {}
        assert not model.objects.filter(organisation=walls.theirs.owner).exists()
        assert model.objects.filter(pk=theirs.pk).update(public_id=theirs.public_id) == 0
        assert model.objects.filter(pk=theirs.pk).delete()[0] == 0
        with pytest.raises(model.DoesNotExist):
            model.objects.get(pk=theirs.pk)


@by_label
def test_outside_a_scope_nothing_is_read_or_written(model: type[TenantModel], walls: Walls) -> None:
    row = walls.ours.of(model)
    attempts: list[Callable[[], Any]] = [
        lambda: list(model.objects.all()),
        lambda: model.objects.count(),
        lambda: model.objects.filter(pk=row.pk).update(public_id=row.public_id),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_create([row]),
        lambda: model.objects.bulk_update([row], ["public_id"]),
        lambda: model._base_manager.bulk_create([row]),
        lambda: model._base_manager.all().insert_many([row]),
        row.save,
    ]
    for attempt in attempts:
        with pytest.raises(ScopeError):
            attempt()


@by_label
def test_a_row_for_another_owner_is_refused(model: type[TenantModel], walls: Walls) -> None:
    theirs = walls.theirs.of(model)
    with owner_scope(walls.ours.owner.pk):
        for attempt in (
            theirs.save,
            lambda: model.objects.bulk_create([walls.theirs.build(model)]),
            lambda: model.objects.all().insert_many([walls.theirs.build(model)]),
            lambda: model.objects.bulk_update([theirs], ["public_id"]),
            lambda: model._base_manager.bulk_update([theirs], ["public_id"]),
        ):
            with pytest.raises(CrossTenantError):
                attempt()


@by_label
def test_a_row_never_changes_owner(model: type[TenantModel], walls: Walls) -> None:
    ours, theirs = walls.ours, walls.theirs
    with every_owner():
        row = model.objects.get(pk=ours.of(model).pk)
        row.organisation = theirs.owner
        impostor = theirs.build(model)
        impostor.pk = ours.of(model).pk  # save() would overwrite our row, since pk and not owner finds it
        bare = model.objects.only("pk").get(pk=ours.of(model).pk)
        bare.organisation_id = theirs.owner.pk
        for attempt in (
            row.save,
            impostor.save,
            bare.save,
            lambda: model.objects.bulk_update([row], ["organisation"]),
            lambda: model.objects.filter(pk=row.pk).update(organisation=theirs.owner),
            lambda: model.objects.filter(pk=row.pk).update(organisation_id=theirs.owner.pk),
        ):
            with pytest.raises(CrossTenantError):
                attempt()


# --- (b): walking the relations ---------------------------------------------------------------------------------------


@by_label
def test_no_relation_of_our_row_leads_to_another_owner(model: type[TenantModel], walls: Walls) -> None:
    ours = walls.ours.owner
    for field in related(model):
        name, path = field.name, f"{model._meta.label}.{field.name}"
        tenant = issubclass(field.related_model, TenantModel)
        with owner_scope(ours.pk):
            row = model.objects.get(pk=walls.ours.of(model).pk)
            accessor = field.get_accessor_name() if field.auto_created and not field.concrete else field.name
            for found in reached(getattr(row, accessor, None)):
                assert_ours(found, ours, path)
            if field.concrete and not field.many_to_many:
                assert_ours(getattr(model.objects.select_related(name).get(pk=row.pk), name), ours, path)
            fetched = model.objects.prefetch_related(accessor).get(pk=row.pk)
            for found in reached(getattr(fetched, accessor, None)):
                assert_ours(found, ours, path)
            if tenant:
                theirs = walls.theirs.of(field.related_model)
                for lookup in (
                    {name: theirs},
                    {f"{name}__pk": theirs.pk},
                    {f"{name}__public_id": theirs.public_id},
                    {f"{name}__organisation": theirs.organisation},
                    {f"{name}__in": field.related_model._base_manager.filter(pk=theirs.pk)},
                ):
                    assert not model.objects.filter(**lookup).exists(), f"{path} finds a row of another owner"
                    assert model.objects.exclude(**lookup).count() == model.objects.count()
                owners = set(model.objects.values_list(f"{name}__organisation_id", flat=True))
                assert owners <= {ours.pk, None}, f"{path}: values reach another owner"
                assert model.objects.annotate(n=Count(name)).values_list("n", flat=True)[0] <= 1
                with_name = model.objects.annotate(other=F(f"{name}__public_id")).values_list("other", flat=True)
                assert theirs.public_id not in set(with_name)


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if not issubclass(m, TenantModel)], ids=lambda m: m._meta.label
)
def test_no_relation_of_a_shared_row_leads_to_an_owned_one(model: type[Model], walls: Walls) -> None:
    """A join from a shared row is not scoped, so there must be none: such a foreign key needs ``related_name="+"``."""
    for field in related(model):
        assert not issubclass(field.related_model, TenantModel), (
            f"{model._meta.label}.{field.name} leads to rows of every owner; give that key related_name='+'"
        )


@by_label
def test_a_many_to_many_has_a_table_with_an_owner(model: type[TenantModel]) -> None:
    """Rows of a table that Django makes by itself have no owner to check."""
    assert not [f.name for f in model._meta.many_to_many if f.remote_field.through._meta.auto_created]


@by_relation
def test_a_foreign_key_joins_only_domains_that_the_same_grants_open(model: type[TenantModel], relation: Any) -> None:
    """Both ends of a join are reached together, so a grant that opens the one must open the other."""
    ends = [Domain(model.domain), Domain(relation.related_model.domain)]
    assert OPENED_BY[ends[0]] == OPENED_BY[ends[1]], f"{relation} joins {ends[0]} and {ends[1]}"


# --- (c): pointing a row of ours at a row of theirs -------------------------------------------------------------------


@by_relation
def test_no_foreign_key_can_point_at_another_owner(model: type[TenantModel], relation: Any, walls: Walls) -> None:
    with every_owner():
        mine = model.objects.get(pk=walls.ours.of(model).pk)  # not the shared one: adding changes it, refused or not
    target, own_target = walls.theirs.of(relation.related_model), walls.ours.of(relation.related_model)
    accessor = relation.remote_field.get_accessor_name()
    before = None if relation.related_model is model else own_target.pk  # a tree: the row is its own root

    def fresh(by_id: bool = False) -> Any:
        row = walls.ours.build(model)
        setattr(row, relation.attname if by_id else relation.name, target.pk if by_id else target)
        return row

    def changed(by_id: bool = False) -> Any:
        row = model.objects.get(pk=mine.pk)
        setattr(row, relation.attname if by_id else relation.name, target.pk if by_id else target)
        return row

    def kwargs() -> dict[str, Any]:
        row = walls.ours.build(model)
        values = {f.name: getattr(row, f.name) for f in model._meta.concrete_fields if not f.primary_key}
        return values | {relation.name: target}

    attempts: dict[str, Callable[[], Any]] = {
        "save": lambda: fresh().save(),
        "save by id": lambda: fresh(by_id=True).save(),
        "save changed": lambda: changed().save(),
        "save changed by id": lambda: changed(by_id=True).save(),
        "save one field": lambda: changed().save(update_fields=[relation.name]),
        "bulk_create": lambda: model.objects.bulk_create([fresh()]),
        "bulk_create by id": lambda: model.objects.bulk_create([fresh(by_id=True)]),
        "insert_many": lambda: model.objects.all().insert_many([fresh()]),
        "insert_many by id": lambda: model.objects.all().insert_many([fresh(by_id=True)]),
        "bulk_update": lambda: model.objects.bulk_update([changed()], [relation.name]),
        "bulk_update by id": lambda: model.objects.bulk_update([changed(by_id=True)], [relation.name]),
        "update": lambda: model.objects.filter(pk=mine.pk).update(**{relation.name: target}),
        "update by id": lambda: model.objects.filter(pk=mine.pk).update(**{relation.attname: target.pk}),
        "update by expression": lambda: model.objects.filter(pk=mine.pk).update(
            **{relation.name: models.Value(target.pk)}
        ),
        "create": lambda: model.objects.create(**kwargs()),
        "get_or_create": lambda: model.objects.get_or_create(
            public_id=fresh().public_id, defaults={k: v for k, v in kwargs().items() if k != "public_id"}
        ),
        "update_or_create": lambda: model.objects.update_or_create(
            public_id=mine.public_id, defaults={relation.name: target}
        ),
        "base manager": lambda: model._base_manager.filter(pk=mine.pk).update(**{relation.name: target}),
    }
    manager = getattr(target, accessor, None) if accessor else None  # none where a relation is hidden
    if manager is not None and not relation.unique:
        attempts |= {
            "related create": lambda: manager.create(
                **{k: v for k, v in kwargs().items() if k not in (relation.name,)}
            ),
            "related add": lambda: manager.add(mine),
            "related add, one by one": lambda: manager.add(mine, bulk=False),
            "related set": lambda: manager.set([mine]),
            "related bulk_create": lambda: manager.bulk_create([fresh()]),
        }
    for scope in (owner_scope(walls.ours.owner.pk), every_owner()):
        with scope:
            for name, attempt in attempts.items():
                assert refused(attempt), f"{relation} points at another owner after: {name}"
            kept = model.objects.get(pk=mine.pk)
            assert getattr(kept, relation.attname) == before


# --- the same with grants: a scope of two owners ----------------------------------------------------------------------


def test_a_mandate_opens_its_domains_and_no_more(walls: Walls) -> None:
    soc = organisation("VR-SOC", "landelijk")
    mandate(walls.ours.owner, soc, GrantKind.SOC_MANDATE)
    analyst = actor(person(soc, Role.SOC_ANALYST), soc)
    with acting(analyst):
        for model in MODELS:
            seen = {row.organisation_id for row in model.objects.all()} - {soc.pk}
            opened = GrantKind.SOC_MANDATE in OPENED_BY[model.domain]
            assert seen == ({walls.ours.owner.pk} if opened else set()), model._meta.label


def test_someone_with_two_mandates_cannot_tie_their_owners_together() -> None:
    north, south = organisation("VR01"), organisation("VR02")
    theirs = asset(south, "DC02")
    with owner_scope(north.pk, south.pk), pytest.raises(CrossTenantError):
        NodeName(organisation=north, node=theirs, value="dc01").save()


def test_a_row_that_was_tampered_with_in_memory_is_still_its_owners() -> None:
    north, south = organisation("VR01"), organisation("VR02")
    theirs = asset(south, "DC02")
    with every_owner():
        node = Node.objects.get(pk=theirs.pk)
    node.organisation = north
    with owner_scope(north.pk), pytest.raises(CrossTenantError):
        NodeName(organisation=north, node=node, value="dc01").save()


@pytest.mark.parametrize("model", LEAVES, ids=lambda m: m._meta.label)
def test_many_rows_are_written_as_one_by_one(model: type[TenantModel], walls: Walls) -> None:
    with owner_scope(walls.ours.owner.pk):
        row = model.objects.get(pk=walls.ours.of(model).pk)
        fields = [each for each in model._meta.concrete_fields if not each.primary_key]
        before = {each.name: getattr(row, each.attname) for each in fields}
        model.objects.filter(pk=row.pk)._raw_delete("default")
        assert model.objects.all().insert_many([row]) == 1
        again = model.objects.get(public_id=row.public_id)
        assert {each.name: getattr(again, each.attname) for each in fields} == before


def test_writing_within_one_owner_goes_through(walls: Walls) -> None:
    owner = walls.ours.owner
    with owner_scope(owner.pk):
        one, two = (Node.objects.create(organisation=owner, key=k, name=k, kind="middel") for k in ("een", "twee"))
        name = NodeName.objects.create(organisation=owner, node=one, value="een")
        two.names.add(name)
        name.refresh_from_db()
        assert name.node_id == two.pk
        one.names.set([name])
        NodeName.objects.bulk_update([name], ["value"])
        assert NodeName.objects.filter(pk=name.pk).update(node=two, value="ander") == 1
