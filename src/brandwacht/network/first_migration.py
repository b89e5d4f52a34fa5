"""First migrations that make their tables at once.

Django's own way makes a table, then adds each of its indexes and constraints, and after every such step draws up the
models of everything that points at the same tables; here that is all of them, so a first start took a minute. What a
first migration is to make is known beforehand: the form that its last operation gives.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_OWN = (migrations.CreateModel, migrations.AddField, migrations.AddIndex, migrations.AddConstraint)


class FirstMigration(migrations.Migration):
    """A first migration, of nothing but models, fields, indexes and constraints; raises ``TypeError`` for another."""

    initial = True

    def apply(self, project_state: ProjectState, schema_editor: Any, collect_sql: bool = False) -> ProjectState:
        """Make the tables in the form that the last operation gives them, and return the state of then."""
        others = [each for each in self.operations if not isinstance(each, _OWN)]
        if others:
            raise TypeError(f"{self}: {others[0].describe()} does not belong in a first migration")
        project_state.__dict__.pop("apps", None)  # drawn up anew once, and not for every operation
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            if isinstance(operation, migrations.CreateModel):
                model = project_state.apps.get_model(self.app_label, operation.name)
                if Operation().allow_migrate_model(schema_editor.connection.alias, model):
                    schema_editor.create_model(model)
        return project_state
