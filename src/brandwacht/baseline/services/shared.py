"""Measures that are shared: published with versions, adopted as an own measure, renewed or not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import Adoption, Measure, SharedAdopter, SharedMeasure, SharedVersion
from brandwacht.baseline.queries import shared as queries
from brandwacht.baseline.queries.answers import SEE
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.queries.shared import SHARED_SEE
from brandwacht.baseline.services.measures import change_measure, make_measure
from brandwacht.baseline.services.review_story import own_name
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import day_after
from brandwacht.network.models import Grant, Organisation, OrganisationKind
from brandwacht.network.periodic import Job
from brandwacht.network.policy import Owner
from brandwacht.network.queries import in_force
from brandwacht.network.services import access, actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import owner_scope, tenancy_scope
from brandwacht.network.usecase import UseCase, use_case

PUBLISHERS = (OrganisationKind.REGION, OrganisationKind.INSTITUTE)
MOST_TEXT = 3900
"""Characters of a policy text; it has to fit in the description of a measure."""
DOOR_YEARS = 5


def publish(actor: Actor, *, title: str, control: str, text: str) -> SharedMeasure:
    """Publish a measure with its policy text for the other regions and the institute. Raises ``Refused``.

    The first time it opens a door to each of them; a door that was shut by hand stays shut.
    """
    with use_case(actor, "baseline.shared.publish") as case:
        case.require(Owner(actor.organisation_id))
        if Organisation.objects.get(pk=actor.organisation_id).kind not in PUBLISHERS:
            raise Refused(_("Alleen een veiligheidsregio of het NIPV kan maatregelen publiceren."))
        try:
            number = find_control(control).number
        except NotFound as error:
            raise Refused(_("Kies de vraag van de BIO2 waar deze maatregel bij hoort."), "control") from error
        _check(title, text)
        shared = SharedMeasure(
            organisation_id=actor.organisation_id, control=number, title=title.strip(), changed_at=actor.now
        )
        shared.save()
        _add_version(actor, shared, title, text, "")
        _open_doors(actor)
        case.audit(shared, {"vraag": number, "versie": 1})
    return shared


def revise(actor: Actor, public_id: Any, *, title: str, text: str, changed: str) -> SharedMeasure:
    """Publish a newer version; who adopted an earlier one sees what changed and chooses. Raises ``Refused``."""
    with use_case(actor, "baseline.shared.publish") as case:
        shared = case.get(SharedMeasure, public_id, see=SHARED_SEE)
        if shared.withdrawn_at is not None:
            raise Refused(_("Deze maatregel is ingetrokken."))
        _check(title, text)
        if not changed.strip():
            raise Refused(_("Schrijf op wat er anders is; dan kunnen anderen kiezen."), "changed")
        last = queries.newest(shared)
        if (last.title, last.text) == (title.strip(), text.strip()):
            raise Refused(_("Er is niets veranderd ten opzichte van de vorige versie."), "text")
        shared.title, shared.version, shared.changed_at = title.strip(), shared.version + 1, actor.now
        shared.save()
        _add_version(actor, shared, title, text, changed)
        case.audit(shared, {"versie": shared.version})
    return shared


def withdraw(actor: Actor, public_id: Any) -> SharedMeasure:
    """Take a measure back: others no longer find it; who adopted it keeps the own measure."""
    with use_case(actor, "baseline.shared.publish") as case:
        shared = case.get(SharedMeasure, public_id, see=SHARED_SEE)
        if shared.withdrawn_at is None:
            shared.withdrawn_at = actor.now
            shared.save()
            case.audit(shared, {"ingetrokken": True})
    return shared


def adopt(
    actor: Actor, public_id: Any, *, owner_name: str, due: date | None, owner_id: int | None = None, named: bool = False
) -> Adoption:
    """Make an own measure of a published one, and keep the link. ``named``: the publisher and others see the name."""
    with use_case(actor, "baseline.shared.adopt") as case:
        shared = case.get(SharedMeasure, public_id, see=SHARED_SEE, lock=False)
        if Adoption.objects.filter(organisation_id=actor.organisation_id, shared_ref=shared.public_id).exists():
            raise Refused(_("Uw organisatie heeft deze maatregel al overgenomen."))
        newest = queries.newest(shared)
        measure = make_measure(
            actor, title=newest.title, control=shared.control, owner_name=owner_name, owner_id=owner_id, due=due,
            description=newest.text,
        )  # fmt: skip
        with owner_scope(shared.organisation_id):  # the count is the publisher's own
            adopter = SharedAdopter(
                organisation_id=shared.organisation_id, shared=shared, name=own_name(actor) if named else ""
            )
            adopter.save()
        adoption = Adoption(
            organisation_id=actor.organisation_id, measure=measure, shared_ref=shared.public_id,
            adopter_ref=adopter.public_id, publisher_id=shared.organisation_id, title=newest.title,
            version=newest.number, text=newest.text, named=named, adopted_at=actor.now, adopted_by=actor.name,
        )  # fmt: skip
        _save_once(adoption)
        case.audit(adoption, {"van": shared.organisation.code, "versie": newest.number})
    return adoption


def take_over(actor: Actor, public_id: Any) -> Adoption:
    """Put the newest version in place of the text of the own measure."""
    with use_case(actor, "baseline.adoption.keep") as case:
        adoption, newest = _with_newest(case, actor, public_id)
        measure = Measure.objects.get(pk=adoption.measure_id)
        change_measure(
            actor, measure.public_id, title=newest.title, owner_name=measure.owner_name, owner_id=measure.owner_id,
            due=measure.due, description=newest.text, cost=measure.cost, for_board=measure.for_board,
        )  # fmt: skip
        adoption.version, adoption.title, adoption.text = newest.number, newest.title, newest.text
        adoption.save()
        case.audit(adoption, {"overgenomen": newest.number})
        actions.complete(actor.organisation_id, _key(adoption), actor)
    return adoption


def pass_over(actor: Actor, public_id: Any) -> Adoption:
    """Leave the newest version for what it is; it is not asked again until there is a newer one."""
    with use_case(actor, "baseline.adoption.keep") as case:
        adoption, newest = _with_newest(case, actor, public_id)
        adoption.passed = newest.number
        adoption.save()
        case.audit(adoption, {"niet overgenomen": newest.number})
        actions.complete(actor.organisation_id, _key(adoption), actor)
    return adoption


def show_name(actor: Actor, public_id: Any, named: bool) -> Adoption:
    """Let the publisher and others see, or no longer see, that the own organisation adopted this."""
    with use_case(actor, "baseline.adoption.keep") as case:
        adoption = case.get(Adoption, public_id, see=SEE)
        adoption.named = named
        adoption.save()
        with owner_scope(adoption.publisher_id):
            SharedAdopter.objects.filter(public_id=adoption.adopter_ref).update(name=own_name(actor) if named else "")
        case.audit(adoption, {"met naam": named})
    return adoption


def _with_newest(case: UseCase, actor: Actor, public_id: Any) -> tuple[Adoption, SharedVersion]:
    adoption = case.get(Adoption, public_id, see=SEE)
    now = queries.adopted(actor, [adoption])[0].now
    if now is None:
        raise Refused(_("Deze maatregel is niet meer gepubliceerd. Uw eigen maatregel blijft staan."))
    if now.version <= adoption.version:
        raise Refused(_("U heeft de nieuwste versie al."))
    return adoption, queries.newest(now)


def _save_once(adoption: Adoption) -> None:
    try:
        with transaction.atomic():
            adoption.save()
    except IntegrityError as error:  # two colleagues at the same moment
        raise Refused(_("Uw organisatie heeft deze maatregel al overgenomen.")) from error


def _check(title: str, text: str) -> None:
    if not title.strip() or len(title.strip()) > 200:
        raise Refused(_("Geef de maatregel een naam van hoogstens 200 tekens."), "title")
    if not text.strip():
        raise Refused(_("Schrijf de tekst die anderen kunnen overnemen."), "text")
    if len(text.strip()) > MOST_TEXT:
        raise Refused(_("Maak de tekst korter dan %(n)d tekens.") % {"n": MOST_TEXT}, "text")


def _add_version(actor: Actor, shared: SharedMeasure, title: str, text: str, changed: str) -> None:
    SharedVersion(
        organisation_id=shared.organisation_id, shared=shared, number=shared.version, title=title.strip(),
        text=text.strip(), changed=changed.strip()[:1000], made_at=actor.now, made_by=actor.name,
    ).save()  # fmt: skip


def _open_doors(actor: Actor) -> None:
    """A door to every region and the institute that has none yet; one that was shut by hand stays shut."""
    given = Grant.objects.filter(organisation_id=actor.organisation_id, kind=GrantKind.SHARED_MEASURES)
    have = set(in_force(given, actor.now).values_list("grantee_id", flat=True))
    shut = set(given.filter(ended_at__isnull=False).values_list("grantee_id", flat=True))
    others = Organisation.objects.filter(kind__in=PUBLISHERS).exclude(pk__in=have | shut | {actor.organisation_id})
    ends_at = day_after(date(actor.today.year + DOOR_YEARS, 12, 31))
    for other in others:
        access.give(actor, GrantKind.SHARED_MEASURES, other, _("Gepubliceerde maatregelen lezen en overnemen"), ends_at)


# --- what is asked of those who adopted -------------------------------------------------------------------------------


def _key(adoption: Adoption) -> str:
    return f"overgenomen:{adoption.public_id}"


def _run(now: datetime) -> str:
    count = 0
    owners = set(Adoption._base_manager.order_by().values_list("organisation_id", flat=True).distinct())
    for organisation in Organisation.objects.filter(pk__in=owners).order_by("pk"):
        actor = system_actor(organisation, now, "werker")
        with tenancy_scope(actor.tenancy()):
            for each in queries.adopted(actor, list(queries.adoptions(actor))):
                if each.newer and each.now is not None:
                    _ask(each.adoption, each.now, now)
                    count += 1
    return ngettext("%(n)d nieuwe versie", "%(n)d nieuwe versies", count) % {"n": count}


def _ask(adoption: Adoption, newest: SharedMeasure, now: datetime) -> None:
    todo = Todo(
        key=_key(adoption),
        title=(_("Nieuwe versie van “%(title)s”: neemt u die over?") % {"title": newest.title})[:200],
        why=_("%(name)s publiceerde versie %(n)d. U heeft versie %(old)d.")
        % {"name": adoption.publisher.full_name, "n": newest.version, "old": adoption.version},
        room="baseline",
        path=reverse("baseline:adoption", args=[adoption.public_id]),
        risk=1,
        effort=10,
        due=newest.changed_at + timedelta(days=60),
    )
    actions.put(adoption.organisation_id, todo, now)


NEWER_VERSIONS = Job("baseline.shared", "dag", _run)
