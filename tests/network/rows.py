"""A minimal row of any model, made from what its fields say: a new model is covered without being named."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Model

from brandwacht.network.models import Organisation, User
from brandwacht.network.tenancy import TenantModel, every_owner
from tests.world import NOW

_numbers = itertools.count(1)
FITTING = {"soc.AlertException": {"technique": "", "subject": "gebruiker"}}
"""Values of models with a constraint over several fields."""


def tenant_models() -> list[type[TenantModel]]:
    """Every model with an owner, in every app."""
    return [m for m in apps.get_models() if issubclass(m, TenantModel)]


def value_for(field: models.Field[Any, Any]) -> Any:
    """A valid value for a plain field, new with every call where the field is text or a number."""
    n = next(_numbers)
    if field.choices:
        return next(iter(field.flatchoices))[0]
    match field:
        case models.UUIDField():
            return uuid.uuid4()
        case models.EmailField():
            return f"rij{n}@test.example"
        case models.CharField() | models.TextField():
            return f"waarde {n}"[: field.max_length or 200]
        case models.BooleanField():
            return True
        case models.DateTimeField():
            return NOW
        case models.DateField():
            return NOW.date()
        case models.JSONField():
            return field.default() if field.has_default() and callable(field.default) else {}
        case models.BinaryField():
            return b"x"
        case models.IntegerField() | models.FloatField() | models.DecimalField():
            return n % 30_000  # fits the smallest column
    raise AssertionError(f"{field}: tell tests/network/rows.py how to make a {type(field).__name__}")


class Rows:
    """One row of each tenant model for one owner; foreign keys between them stay with that owner."""

    def __init__(self, owner: Organisation, user: User) -> None:
        self.owner, self.user = owner, user
        self.made: dict[type[Model], Any] = {Organisation: owner, User: user}

    def of(self, model: type[Model]) -> Any:
        """The row of this model, made when it was not asked for before."""
        if model not in self.made:
            self.made[model] = self.build(model)
            with every_owner():
                self.made[model].save()
        return self.made[model]

    def build(self, model: type[Model]) -> Any:
        """A new row of this model, not saved; every relation is filled, also those that may be empty."""
        values: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                if field.related_model is not model:  # a tree: the root will do
                    values[field.name] = self.of(field.related_model)
            elif not field.primary_key and not (field.null and not field.unique):
                values[field.name] = value_for(field)
        return model(**values | FITTING.get(model._meta.label, {}))

    def everything(self) -> dict[type[TenantModel], Any]:
        """A row of every tenant model."""
        return {model: self.of(model) for model in tenant_models()}
