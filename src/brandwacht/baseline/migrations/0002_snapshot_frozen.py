"""The database itself refuses to change a released snapshot.

On PostgreSQL removing one is refused as well. On SQLite it is not: emptying a database in tests goes by DELETE there.
Django makes an SQLite table anew when a column of it changes, and its triggers go with it: a later migration of this
table puts them back (``tests/baseline/progress/test_release.py`` sees to it).
"""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER baseline_snapshot_frozen BEFORE UPDATE ON baseline_snapshot
BEGIN SELECT RAISE(ABORT, 'a released snapshot never changes'); END
"""
POSTGRES = """
CREATE FUNCTION baseline_snapshot_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a released snapshot never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER baseline_snapshot_frozen BEFORE UPDATE OR DELETE ON baseline_snapshot
FOR EACH ROW EXECUTE FUNCTION baseline_snapshot_frozen();
"""
SQLITE_BACK = "DROP TRIGGER baseline_snapshot_frozen"
POSTGRES_BACK = """
DROP TRIGGER baseline_snapshot_frozen ON baseline_snapshot;
DROP FUNCTION baseline_snapshot_frozen();
"""


def freeze(_apps: Any, schema_editor: Any) -> None:
    """Put the trigger on the table."""
    schema_editor.execute(POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE)


def thaw(_apps: Any, schema_editor: Any) -> None:
    """Take the trigger off again."""
    schema_editor.execute(POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK)


class Migration(migrations.Migration):
    """After the table itself."""

    dependencies = [("baseline", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]
