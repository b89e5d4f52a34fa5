"""Published and adopted measures and the yearly account, for ``tests.secrets``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from brandwacht.baseline.models import (
    Adoption,
    EnsiaStatement,
    EnsiaYear,
    Measure,
    SharedAdopter,
    SharedMeasure,
    SharedVersion,
    StatementKind,
)
from brandwacht.network.actor import SEE
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Organisation

YEAR = 2026


def things(region: Organisation, other: Organisation, measure: Measure, now: datetime, word: str) -> dict[str, Any]:
    """The rows by name, owned by ``region``, inside a scope of all owners. ``other`` publishes something for it."""
    made: dict[str, Any] = {}
    for name, owner, text in (("shared_measure", region, word), ("shared_offer", other, "Aanbod")):
        row = made[name] = _saved(SharedMeasure(organisation=owner, control="5.01", title=text, changed_at=now))
        _saved(
            SharedVersion(
                organisation=owner, shared=row, number=1, title=text, text=text, changed=text, made_at=now, made_by=text
            )
        )
        _saved(SharedAdopter(organisation=owner, shared=row, name=text))
    _saved(
        Grant(
            organisation=other, kind=GrantKind.SHARED_MEASURES, grantee=region, may=[SEE], purpose="Overnemen",
            starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=300), given_by="Buur",
        )
    )  # fmt: skip
    made["adoption"] = _saved(
        Adoption(
            organisation=region, measure=measure, shared_ref=made["shared_measure"].public_id,
            adopter_ref=made["shared_measure"].public_id, publisher=other, title=word, version=1, text=word,
            adopted_at=now, adopted_by=word,
        )
    )  # fmt: skip
    year = _saved(EnsiaYear(organisation=region, year=YEAR, scheme="1", started_at=now, started_by=word))
    texts = dict.fromkeys(("realised", "deviations", "risks", "improvements"), word)
    made["statement"] = _saved(
        EnsiaStatement(
            organisation=region, year=year, kind=StatementKind.HORIZONTAL, made_at=now, made_by=word,
            laid_down_at=now, laid_down_by=word, sha256="5" * 64, **texts,
        )
    )  # fmt: skip
    return made


def _saved(row: Any) -> Any:
    row.save()
    return row
