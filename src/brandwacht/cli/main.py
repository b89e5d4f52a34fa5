"""The ``brandwacht`` command. Django starts only when a command that needs it runs."""

from __future__ import annotations

import os

import click

LAZY = {
    "init": ("brandwacht.cli.setup", "init"),
    "demo": ("brandwacht.cli.setup", "demo"),
    "serve": ("brandwacht.cli.server", "serve"),
    "worker": ("brandwacht.cli.server", "worker"),
    "audit": ("brandwacht.cli.audit", "audit"),
    "soc": ("brandwacht.cli.soc", "soc"),
    "token": ("brandwacht.cli.token", "token"),
}


class LazyGroup(click.Group):
    """Imports a subcommand's module only when it is asked for, so that ``--help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the subcommands."""
        return sorted(LAZY)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one subcommand."""
        if cmd_name not in LAZY:
            return None
        import importlib

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandwacht.site.settings")
        import django

        django.setup()
        module, name = LAZY[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(cls=LazyGroup)
@click.version_option(package_name="brandwacht")
def main() -> None:
    """Brandwacht: de digitale brandwacht van de veiligheidsregio's."""
