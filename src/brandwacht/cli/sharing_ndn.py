"""``brandwacht sharing ndn``: a file of the NCSC for the national node."""

from __future__ import annotations

from pathlib import Path

import click

from brandwacht.cli.common import plain, plain_errors, system_for
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.sharing.models import NationalNode
from brandwacht.sharing.services import node_feed
from brandwacht.soc.services.feed import renew


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--circle", "code", default="VR-ISAC", show_default=True, help="Voor welke kring.")
@click.option("--operator", help="Wie het knooppunt beheert; zonder: wie dat al deed, en anders NIPV.")
@plain_errors
def ndn(path: Path, code: str, operator: str | None) -> None:
    """Lees een STIX 2.1-bundel van het NCSC in voor het landelijk knooppunt; wie is aangesloten let er meteen op."""
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        if operator or not NationalNode.objects.exists():
            chosen = Organisation.objects.filter(code=(operator or "NIPV").upper()).first()
            if chosen is None:
                raise click.BadParameter(f"Organisatie {operator or 'NIPV'} is niet bekend.")
            node_feed.set_node(actor, chosen)
        with path.open("rb") as file:
            read, left = node_feed.import_bundle(actor, file.read(node_feed.MAX_FILE + 1))
    node_feed.refresh(actor.organisation_id, actor.now)
    renew(actor.organisation_id, actor.now)
    for each in left:
        click.echo(plain(f"{each.stix_id or 'object zonder id'}: {each.why}"))
    click.echo(f"{read} objecten gelezen, {len(left)} geweigerd.")
