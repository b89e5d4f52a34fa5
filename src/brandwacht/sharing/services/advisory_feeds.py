"""Addresses from which advisories and facts of flaws come in by themselves: set by an operator, visited every hour.

Understood are a provider's `provider-metadata.json`, a ROLIE feed (JSON), and a list of files with one address a line
(`index.txt`, `changes.csv`), as CSAF 2.0 and 2.1 describe in chapter 7. An address in a feed is followed on the host
of the feed only: a feed of others may not send us round our own network.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from time import monotonic
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import msgspec
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.outgoing import Unreachable, address_error, call
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.models import AdvisoryFeed, AdvisoryFeedKind
from brandwacht.sharing.policies.advisories import TAKE_ADVISORY
from brandwacht.sharing.services.advisories import MAX_BYTES, take_many
from brandwacht.sharing.services.flaws import take_epss, take_kev
from brandwacht.sharing.tasks.advisories import visit_addresses

LONGEST_SECONDS: Final = 300
"""So long one visit goes on fetching."""
MOST_AT_ONCE: Final = 200
"""Advisories that one visit takes; the rest is for the next."""
MOST_LISTED: Final = 100_000
MOST_FEEDS: Final = 20
"""Feeds that one provider's metadata may lead to."""
LIST_BYTES: Final = 50_000_000


class _Link(msgspec.Struct, frozen=True):
    rel: str = ""
    href: str = ""


class _Content(msgspec.Struct, frozen=True):
    src: str = ""


class _Entry(msgspec.Struct, frozen=True):
    updated: str = ""
    content: _Content = _Content()
    link: list[_Link] = []


class _Rolie(msgspec.Struct, frozen=True):
    entry: list[_Entry] = []


class _RolieFile(msgspec.Struct, frozen=True):
    feed: _Rolie


class _FeedPlace(msgspec.Struct, frozen=True):
    url: str


class _Feeds(msgspec.Struct, frozen=True):
    feeds: list[_FeedPlace] = []


class _Distribution(msgspec.Struct, frozen=True):
    rolie: _Feeds | None = None
    directory_url: str = ""


class _Provider(msgspec.Struct, frozen=True):
    distributions: list[_Distribution]


def set_feed(actor: Actor, url: str, kind: str) -> AdvisoryFeed:
    """Let an address be visited from now on; the one that is there already is left. Raises ``Refused``."""
    with use_case(actor, TAKE_ADVISORY) as case:
        circle = circle_for(actor, TAKE_ADVISORY)
        case.require(Owner(circle.pk))
        if wrong := address_error(url) or (len(url) > 500 and _("Dit adres is te lang.")):
            raise Refused(str(wrong), "url")
        if kind not in AdvisoryFeedKind.values:
            raise Refused(_("Kies wat dit adres geeft."), "kind")
        feed: AdvisoryFeed
        feed, made = AdvisoryFeed.objects.get_or_create(organisation=circle, url=url, defaults={"kind": kind})
        if made:
            case.audit(feed, {"adres": url, "soort": kind})
    return feed


def drop_feed(actor: Actor, public_id: Any) -> None:
    """Visit an address no longer; what came from it stays."""
    with use_case(actor, TAKE_ADVISORY) as case:
        feed: AdvisoryFeed = case.get(AdvisoryFeed, public_id)
        case.audit(feed, {"adres": feed.url, "verwijderd": True})
        feed.delete()


def offer_visits(_now: datetime) -> str:
    """The periodic job: let the worker visit the addresses, so that no slow host holds up what else is due."""
    with every_owner():
        if AdvisoryFeed.objects.exists():
            visit_addresses.enqueue()
    return ""


def visit_advisory_feeds(now: datetime) -> str:
    """Visit every address; returns what came, in a line for each. For a task: a slow host may take its time."""
    with every_owner():
        circles = list(Organisation.objects.filter(pk__in=AdvisoryFeed.objects.values("organisation_id")))
    said = []
    for circle in circles:
        me = system_actor(circle, now, "werker")
        with tenancy_scope(me.tenancy()):
            said += [visit(me, feed) for feed in AdvisoryFeed.objects.filter(organisation=circle).order_by("pk")]
    return "; ".join(said)


def visit(actor: Actor, feed: AdvisoryFeed) -> str:
    """Visit one address and keep how that went (Dutch), which is returned; what fails is tried again next time."""
    try:
        feed.said, feed.good = _visit(actor, feed), True
    except (Unreachable, Refused) as error:
        feed.said, feed.good = str(error), False
    feed.said, feed.visited_at = feed.said[:300], actor.now
    # Not saved whole: somebody may have taken the address off the list meanwhile, and then it stays off.
    AdvisoryFeed.objects.filter(pk=feed.pk).update(
        seen=feed.seen, said=feed.said, good=feed.good, visited_at=feed.visited_at
    )
    return feed.said


def _visit(actor: Actor, feed: AdvisoryFeed) -> str:
    if feed.kind == AdvisoryFeedKind.KEV:
        return take_kev(actor, _get(feed.url, LIST_BYTES))
    if feed.kind == AdvisoryFeedKind.EPSS:
        return take_epss(actor, _get(feed.url, LIST_BYTES))
    listed = dict(_entries(feed.url))
    seen: dict[str, str] = feed.seen
    fresh = [url for url, updated in listed.items() if url not in seen or seen[url] != updated]
    failed: dict[str, str] = {}
    now = fresh[:MOST_AT_ONCE]
    got: list[str] = []
    batch = take_many(actor, _fetched(now, got, failed))
    feed.seen = {url: seen[url] for url in listed if url in seen} | {url: listed[url] for url in got}
    said = batch.sentence
    wrong = batch.refused | failed
    if wrong:
        name, why = next(iter(wrong.items()))
        said += _("; %(n)d niet, zoals %(name)s: %(why)s") % {
            "n": len(wrong),
            "name": name.rpartition("/")[2],
            "why": why,
        }
    if later := len(fresh) - len(got) - len(failed):
        said += _("; %(n)d volgen later") % {"n": later}
    return said


def _fetched(urls: list[str], got: list[str], failed: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """What stands at these addresses, as far as one visit may last; notes which were got and which failed."""
    until = monotonic() + LONGEST_SECONDS
    for url in urls:
        if monotonic() > until:
            return
        try:
            content = _get(url, MAX_BYTES)
        except Unreachable as error:
            failed[url] = str(error)
            continue
        got.append(url)
        yield url, content


def _get(url: str, most: int) -> bytes:
    answer = call("GET", url, most=most)
    if not answer.good:
        raise Unreachable(
            _("%(place)s antwoordt met foutcode %(code)d.") % {"place": urlsplit(url).netloc, "code": answer.status}
        )
    return answer.content


def _entries(url: str) -> Iterator[tuple[str, str]]:
    """The advisories that an address lists, each with its moment of change as the list writes it (may be empty)."""
    content = _get(url, LIST_BYTES)
    bare = content.lstrip()[:1]
    if bare != b"{":
        yield from _from_list(url, content)
        return
    try:
        provider = msgspec.json.decode(content, type=_Provider)
    except msgspec.ValidationError:
        yield from _from_rolie(url, content)
        return
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreachable(_("Op dit adres staat geen leesbare lijst van adviezen.")) from error
    places = [feed.url for each in provider.distributions if each.rolie for feed in each.rolie.feeds][:MOST_FEEDS]
    for place in places:
        if inner := _within(url, place):
            yield from _from_rolie(inner, _get(inner, LIST_BYTES))
    if places:
        return
    for each in provider.distributions[:MOST_FEEDS]:
        if each.directory_url and (inner := _within(url, each.directory_url.rstrip("/") + "/changes.csv")):
            yield from _from_list(inner, _get(inner, LIST_BYTES))


def _from_rolie(url: str, content: bytes) -> Iterator[tuple[str, str]]:
    try:
        found = msgspec.json.decode(content, type=_RolieFile)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreachable(_("Op dit adres staat geen leesbare lijst van adviezen.")) from error
    for entry in found.feed.entry[:MOST_LISTED]:
        source = entry.content.src or next((link.href for link in entry.link if link.rel == "self"), "")
        if source and (inner := _within(url, source)):
            yield inner, entry.updated


def _from_list(url: str, content: bytes) -> Iterator[tuple[str, str]]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Unreachable(_("Op dit adres staat geen leesbare lijst van adviezen.")) from error
    try:
        for row in islice(csv.reader(io.StringIO(text)), MOST_LISTED):
            path = row[0].strip() if row else ""
            if path.endswith(".json") and (inner := _within(url, path)):
                yield inner, row[1].strip() if len(row) > 1 else ""
    except csv.Error as error:
        raise Unreachable(_("Op dit adres staat geen leesbare lijst van adviezen.")) from error


def _within(base: str, address: str) -> str:
    """The whole address, when it is on the host of the list; else empty."""
    try:
        whole = urljoin(base, address)
        one, other = urlsplit(base), urlsplit(whole)
        same = (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port)
    except ValueError:
        return ""
    return whole if same and len(whole) <= 2_000 else ""
