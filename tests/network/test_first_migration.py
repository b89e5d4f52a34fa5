"""A first migration makes at once what its operations add up to, and nothing but tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from brandwacht.network.first_migration import FirstMigration

MADE = migrations.CreateModel(name="Thing", fields=[("id", models.BigAutoField(primary_key=True))])
LATER = [
    migrations.AddField("Thing", "word", models.CharField(max_length=9)),
    migrations.AddIndex("Thing", models.Index(fields=["word"], name="thing_word")),
    migrations.AddConstraint("Thing", models.UniqueConstraint(fields=["word"], name="thing_once")),
]


def migration(*operations: Any) -> FirstMigration:
    found = FirstMigration("0001_initial", "network")
    found.operations = list(operations)
    return found


class Recorder:
    """A schema editor that makes nothing."""

    connection = connection

    def __init__(self) -> None:
        self.made: list[Any] = []

    def create_model(self, model: Any) -> None:
        self.made.append(model._meta)


def test_what_comes_later_is_made_at_once() -> None:
    editor = Recorder()
    state = migration(MADE, *LATER).apply(ProjectState(), editor)
    (made,) = editor.made
    assert [field.name for field in made.fields] == ["id", "word"]
    assert [index.name for index in made.indexes] == ["thing_word"]
    assert [constraint.name for constraint in made.constraints] == ["thing_once"]
    assert list(state.models["network", "thing"].fields) == ["id", "word"]


def test_it_does_nothing_else() -> None:
    with pytest.raises(TypeError, match="does not belong"):
        migration(MADE, migrations.RunSQL("SELECT 1")).apply(ProjectState(), None)
