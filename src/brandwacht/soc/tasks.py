"""Background work of the watch."""

from django.utils import timezone
from django_tasks import task


@task()
def read_inbox(organisation_code: str, public_id: str) -> str:
    """Read a file that was offered on the page; returns how it ended."""
    from brandwacht.soc.services import read_offered

    result = read_offered(organisation_code, public_id, timezone.now)
    return result.outcome if result else "niet gevonden"
