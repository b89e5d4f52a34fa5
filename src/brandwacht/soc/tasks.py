"""Background work of the watch."""

from django.utils import timezone
from django_tasks import task


@task()
def read_inbox(organisation_code: str, public_id: str) -> str:
    """Read a file that was offered on the page; returns how it ended."""
    from brandwacht.soc.services import read_offered

    result = read_offered(organisation_code, public_id, timezone.now)
    return result.outcome if result else "niet gevonden"


@task()
def read_content(organisation_code: str, public_id: str) -> str:
    """Read rules or indicators that were offered on a page, so that they can be shown; returns how it ended."""
    from brandwacht.soc.services.content_imports import read_offered_content

    return read_offered_content(organisation_code, public_id, timezone.now)


@task()
def take_rules(organisation_code: str, public_id: str) -> str:
    """Take a delivery of rules over, as somebody decided; returns how it ended."""
    from brandwacht.soc.services.rule_taking import take_over

    return take_over(organisation_code, public_id, timezone.now)


@task()
def look_back(organisation_code: str, public_id: str) -> str:
    """Hold a rule or a list against stored events; returns how it ended."""
    from brandwacht.soc.services.lookback import run_look_back

    return run_look_back(organisation_code, public_id, timezone.now)
