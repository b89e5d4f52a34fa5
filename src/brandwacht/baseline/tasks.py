"""Background work of the basis."""

from django.utils import timezone
from django_tasks import task


@task()
def work_on_workbook(organisation_code: str, public_id: str) -> str:
    """Read an offered workbook, or take over what was chosen of it; returns how it ended."""
    from brandwacht.baseline.services.workbooks import run

    return run(organisation_code, public_id, timezone.now)
