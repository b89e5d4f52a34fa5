"""The demo's questions to colleagues without an account: one that waits, one that is late, one that came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.baseline.services import answering, asking
from brandwacht.baseline.tasks import make_link
from brandwacht.site.demo.stage import REGION, Stage

CISO = "ciso@demo.example"
_NOTES = b"Bezoekersregister, kazerne Noord (demo)\n12 mei: proef met de sluis, 3 van 4 deuren goed.\n"


def fill(stage: Stage) -> Iterator[str]:
    """Put three questions of the norm to made-up line managers, and let one of them answer."""
    with stage.as_person(CISO, REGION, stage.now - timedelta(days=16)) as then:
        asking.ask(
            then, "5.11", person="Ria Postma (demo)", email="r.postma@lijn.example",
            due=then.today + timedelta(days=14), note="Het gaat om mensen die uit dienst gaan. (demo)",
        )  # fmt: skip
    asked = stage.now - timedelta(days=3)
    with stage.as_person(CISO, REGION, asked) as then:
        due = then.today + timedelta(days=14)
        asking.ask(then, "6.08", person="Joost Maas (demo)", email="j.maas@lijn.example", due=due)
        question = asking.ask(
            then, "7.02", person="Kees Bakker (demo)", email="k.bakker@lijn.example", due=due,
            note="Graag voor de drie kazernes in het noorden. (demo)",
        )  # fmt: skip
        made = make_link(then, str(question.public_id))
    assert made is not None  # noqa: S101 - it was asked a moment ago
    words = "In Noord en Oost is er een sluis. In West staat de deur overdag vaak open. (demo)"
    answering.answer(made[0], "deels", words, [("bezoekers.txt", _NOTES)], stage.now - timedelta(hours=20))
    asking.go_after(stage.now)
    yield "Vragen aan collega's: 3 uitgezet, waarvan 1 beantwoord en 1 te laat."
