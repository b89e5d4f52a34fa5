"""What the worker does with advisories and profiles: hold the one against the other, and tell who is concerned."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task


@task()
def match_advisories(circle_id: int, advisory_ids: list[str]) -> int:
    """Hold these advisories of a circle against the profiles of its members; returns how many notices changed."""
    from brandwacht.sharing.services.matching import hold_advisories

    return hold_advisories(circle_id, [UUID(each) for each in advisory_ids], timezone.now())


@task()
def match_profile(organisation_id: int) -> int:
    """Hold what an organisation runs against all advisories of its circles; returns how many notices changed."""
    from brandwacht.sharing.services.matching import hold_profile

    return hold_profile(organisation_id, timezone.now())


@task()
def visit_addresses() -> str:
    """Visit every address of advisories; returns what came."""
    from brandwacht.sharing.services.advisory_feeds import visit_advisory_feeds

    return visit_advisory_feeds(timezone.now())


@task()
def tell_notices(organisation_id: int, notice_ids: list[str]) -> int:
    """Mail an organisation that there is something new in these notices; returns the number of mails."""
    from brandwacht.sharing.services.notice_actions import tell_region

    return tell_region(organisation_id, [UUID(each) for each in notice_ids], timezone.now())


@task()
def tell_late(organisation_id: int, label: str, path: str) -> int:
    """Mail who leads a CERT that somebody is late; returns the number of mails."""
    from brandwacht.sharing.services.notice_actions import tell_cert

    return tell_cert(organisation_id, label, path, timezone.now())


@task()
def calm_cert(advisory_id: str) -> int:
    """End what the CERT was asked about an advisory when nobody is late with it any more; returns how many ended."""
    from brandwacht.sharing.services.escalation import end_cert_actions

    return end_cert_actions(UUID(advisory_id), timezone.now())
