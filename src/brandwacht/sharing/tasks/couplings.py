"""Background work of couplings: a run, and a try."""

from django.utils import timezone
from django_tasks import task


@task()
def run_coupling(organisation_code: str, public_id: str) -> str:
    """Pull or bring what there is; returns how it ended."""
    from brandwacht.sharing.services.coupling_runs import run

    return run(organisation_code, public_id, timezone.now)


@task()
def probe_coupling(organisation_code: str, public_id: str) -> str:
    """Try whether the other end lets us in; returns what it said."""
    from brandwacht.sharing.services.coupling_runs import probe

    return probe(organisation_code, public_id, timezone.now)
