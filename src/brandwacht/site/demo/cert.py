"""The demo's incidents: one that is over, and one that runs in another region. Fictitious."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.cert import services
from brandwacht.cert.models import IncidentState, Phase
from brandwacht.network.models import Node
from brandwacht.site.demo.stage import CERT, REGION, Stage


def fill(stage: Stage) -> Iterator[str]:
    """A phishing incident of six weeks ago, closed; and a supplier's outage that runs at VR16, led by the CERT."""
    began = stage.now - timedelta(days=41)
    with stage.as_person("ciso@demo.example", REGION, began) as ciso:
        over = services.open_new(
            ciso,
            title="Phishing bij de personeelsadministratie (demo)",
            summary="Een medewerker vulde een wachtwoord in op een nagemaakte inlogpagina. (verzonnen)",
            scenario="eigen_organisatie",
            phase=Phase.LUKEWARM,
            facts=["persoonsgegevens"],
            known_at=began - timedelta(hours=2),
            nodes=[],
        )
    with stage.as_person("ciso@demo.example", REGION, began + timedelta(hours=20)) as ciso:
        services.clock_done(
            ciso, over.public_id, "avg_melding_ap", "Gemeld bij de Autoriteit Persoonsgegevens, kenmerk demo-123"
        )
        services.add_note(ciso, over.public_id, "Wachtwoord gewijzigd, sessies beëindigd, doorstuurregel verwijderd.")
    with stage.as_person("ciso@demo.example", REGION, began + timedelta(days=3)) as ciso:
        for state in (IncidentState.CONTAINED, IncidentState.RECOVERED, IncidentState.CLOSED):
            services.move_to(ciso, over.public_id, state)
    with stage.as_system("VR16", stage.now - timedelta(hours=5)) as system:
        hit = list(Node.objects.filter(organisation_id=system.organisation_id).order_by("kind", "pk")[:1])
        running = services.open_new(
            system,
            title="Storing bij de leverancier van het roosterpakket (demo)",
            summary="De leverancier meldt gijzelsoftware in zijn rekencentrum. (verzonnen)",
            scenario="keten",
            phase=Phase.LUKEWARM,
            facts=["significant"],
            known_at=stage.now - timedelta(hours=6),
            nodes=hit,
        )
    with stage.as_person("cert@demo.example", CERT) as lead:
        services.activate_cert(lead, running.public_id)
    yield "Incidenten: één afgerond bij VR17, één lopend bij VR16 (demo)."
