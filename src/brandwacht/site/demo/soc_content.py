"""Detection content in the demo: a list of made-up indicators, a rule with a history, a rule that is off somewhere."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.utils import timezone

from brandwacht.network.models import Organisation
from brandwacht.site.demo.stage import REGION, SOC, Stage
from brandwacht.soc import services
from brandwacht.soc.models import SigmaRule
from brandwacht.soc.services import ListFacts

NAMES: Final = ("inloggen-veilig", "pakket-volgen", "update-centrum", "mail-controle", "factuur-online")
CHANGED: Final = "Geheugen van LSASS gelezen"
OFF: Final = "Geplande taak"


def fill(stage: Stage) -> Iterator[str]:
    """What a SOC has beside the rules that it imported; the addresses are those that documents use as examples."""
    values = [*(f"{name}.example" for name in NAMES), *(f"198.51.100.{n}" for n in range(1, 21))]
    facts = ListFacts("Oefenlijst (demo)", "Verzonnen voor de demo", "TLP:GREEN", 70, stage.now + timedelta(days=60))
    with tempfile.TemporaryDirectory() as scratch, stage.as_person("analist@demo.example", SOC) as analyst:
        path = Path(scratch) / "kenmerken.txt"
        path.write_text("\n".join(values), encoding="utf-8")
        read, _row = services.import_indicators(analyst, path, facts)
        rule = SigmaRule.objects.filter(title=CHANGED).first()
        if rule is not None:
            text = rule.source.replace("falsepositives:", "falsepositives:\n  - Onderhoud door de leverancier (demo)")
            services.change_rule(
                analyst, rule.public_id, text, "Uitleg aangevuld na een vraag (demo)", seen=rule.version
            )
        quiet = SigmaRule.objects.filter(title__startswith=OFF).first()
        region = Organisation.objects.get(code=REGION)
        if quiet is not None:
            until = timezone.localdate(stage.now + timedelta(days=21))
            why = "Nieuwe beheertool, wordt ingericht (demo)"
            services.set_rule_off(analyst, region.pk, quiet.rule_id, reason=why, until=until)
    yield f"Waakzaam: {read['total']} verzonnen kenmerken op een lijst."
