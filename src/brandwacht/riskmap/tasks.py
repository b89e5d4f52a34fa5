"""Background work of the risk map."""

from django.utils import timezone
from django_tasks import task


@task()
def analyse(organisation_code: str, public_id: str) -> str:
    """Compute weak spots or a budget; returns how it ended."""
    from brandwacht.riskmap.reckoning.kernels import use_if_there
    from brandwacht.riskmap.services.analysis import run_analysis

    use_if_there()
    return run_analysis(organisation_code, public_id, timezone.now)
