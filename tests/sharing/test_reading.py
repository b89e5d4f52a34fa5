"""The reading list: what concerns us first, unread first, filters that stay, search; and advice on measures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brandwacht.baseline.models import Adoption, Measure
from brandwacht.baseline.services import shared as shared_services
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, RoleAssignment
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import services as warning_services
from brandwacht.sharing.models import ReadMark, Threat
from brandwacht.sharing.queries import reading
from brandwacht.sharing.queries.concerning import concerning, register_seen
from brandwacht.sharing.queries.reading import Wanted
from brandwacht.sharing.services import measures, products, profile, questions, threats
from brandwacht.sharing.services.products import ProductText
from brandwacht.sharing.services.reading import mark_all_read
from tests.sharing.conftest import Persona
from tests.sharing.members import Members, members
from tests.world import NOW, acting, asset, mandate

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]


@pytest.fixture
def three() -> Members:
    return members("een", "twee", "drie")


def warned(circle: Members, **changes: object) -> object:
    facts = {"title": "Valse inlogpagina", "tlp": "AMBER", "what": "Let op.", "techniques": ["T1566.002"]}
    with acting(circle.writer.actor) as me:
        draft = warning_services.draft(me, **(facts | changes))
        return warning_services.send(me, draft.public_id)


def test_one_list_of_everything_with_what_is_asked(three: Members, browse: Browse) -> None:
    asset(three["twee"].at, "Firewall FortiOS 7.2")
    threat = three.shared("een", title="Gat in de firewall")
    warned(three)
    with acting(three["een"].actor) as me:
        questions.ask(me, text="Ziet iemand dit adres?", tlp="GREEN", topic="aanval", indicators="")
    page = browse(three["twee"]).get(reverse("sharing:reading"))
    text = page.content.decode()
    assert [line.heading for line in page.context["ours"]] == ["Gat in de firewall"]
    assert "in uw register: Firewall FortiOS 7.2" in text
    assert {line.heading: line.asks for line in page.context["rows"]} == {
        "Valse inlogpagina": "Antwoord: geldt dit voor u?", "Ziet iemand dit adres?": "Antwoord: ja of nee",
    }  # fmt: skip
    assert "1 bericht gaat over uw organisatie" in text
    mine = {line.heading: line.is_read for line in browse(three["een"]).get(reverse("sharing:reading")).context["rows"]}
    assert mine == {"Gat in de firewall": True, "Ziet iemand dit adres?": True, "Valse inlogpagina": False}
    browse(three["twee"]).get(reverse("sharing:threat", args=[threat.public_id]))
    with acting(three["twee"].actor) as me:
        assert [line.is_read for line in reading.lines(me, Wanted(kind="dreiging")).rows] == [True]
    with acting(three["drie"].actor) as me:
        assert [line.is_read for line in reading.lines(me, Wanted(kind="dreiging")).rows] == [False]


def test_red_is_read_by_who_opens_it_and_the_receipt_stays_in_the_chain(three: Members, browse: Browse) -> None:
    red = three.shared("een", title="Alleen voor twee", tlp="RED", readers=[three["twee"].user.public_id])
    other = three.shared("een", title="Voor allen")
    client = browse(three["twee"])
    assert client.post(reverse("sharing:read-all")).status_code == 302
    with acting(three["twee"].actor) as me:
        found = {line.public_id: line.is_read for line in reading.lines(me, Wanted()).rows}
    assert found == {red.public_id: False, other.public_id: True}
    client.get(reverse("sharing:threat", args=[red.public_id]))
    client.get(reverse("sharing:threat", args=[red.public_id]))
    with every_owner():
        assert ReadMark.objects.filter(item=red.public_id).count() == 1
        assert AuditEntry.objects.filter(action="sharing.threat.read-red", object_id=str(red.public_id)).count() == 1
    with acting(three["twee"].actor) as me:
        assert mark_all_read(me) == 0


def test_who_wrote_under_a_pseudonym_leaves_no_mark(three: Members, browse: Browse) -> None:
    three.keepers("twee", "drie")
    hidden = three.shared("een", pseudonymous=True, title="Van een vogel")
    client = browse(three["een"])
    client.get(reverse("sharing:threat", args=[hidden.public_id]))
    client.post(reverse("sharing:read-all"))
    with every_owner():
        assert not ReadMark.objects.filter(user=three["een"].user).exists()


def test_filters_stay_until_they_are_cleared(three: Members, browse: Browse) -> None:
    three.shared("een", title="Groen licht", tlp="GREEN")
    three.shared("een", title="Oranje licht")
    client, address = browse(three["twee"]), reverse("sharing:reading")
    assert [row.heading for row in client.get(address + "?tlp=GREEN").context["rows"]] == ["Groen licht"]
    assert client.get(address).headers["Location"] == f"{address}?tlp=GREEN"
    assert client.get(address + "?wis=1").headers["Location"] == address
    assert len(client.get(address).context["rows"]) == 2
    client.get(address + "?tlp=GREEN")
    client.get(address + "?tlp=&q=&soort=")
    assert client.get(address).status_code == 200
    assert client.get(address + "?tlp=PAARS&soort=x&after=onzin").status_code == 200


def test_search_needs_every_word_and_finds_indicators_as_they_are_written(three: Members) -> None:
    three.shared("een", title="Eerste", what="appel peer", indicators="")
    three.shared("een", title="Tweede", what="appel kers", indicators="hxxps://kwaad[.]example/pad")
    gone = three.shared("een", title="Derde", what="appel peer", indicators="")
    warned(three, title="Vierde", what="peer pruim")
    with acting(three["een"].actor) as me:
        threats.withdraw(me, gone.public_id, "Klopte niet")

    def found(text: str) -> set[str]:
        with acting(three["twee"].actor) as me:
            return {row.heading for row in reading.lines(me, Wanted(text=text)).rows}

    assert found("appel peer") == {"Eerste"}
    assert found("PEER") == {"Eerste", "Vierde"}
    assert found("kwaad[.]example/pad") == {"Tweede"}
    assert found("zeldzaam") == set()
    with acting(three["twee"].actor) as me:
        assert reading.suggestions(me, "kwa") == ["https://kwaad.example/pad"]
        assert reading.suggestions(me, "k") == []


def test_pages_hold_each_line_once_in_few_queries(three: Members, browse: Browse) -> None:
    for number in range(51):
        made = three.shared("een", title=f"Dreiging {number}", products=f"FortiOS {number}")
    with every_owner():
        Threat.objects.exclude(pk=made.pk).update(shared_at=NOW)
    asset(three["twee"].at, "Firewall FortiOS 7")
    warned(three)
    with acting(three["een"].actor) as me:
        questions.ask(me, text="Ziet iemand dit?", tlp="GREEN", topic="aanval", indicators="")
    client, address = browse(three["twee"]), reverse("sharing:reading")
    with CaptureQueriesContext(connection) as asked:
        first = client.get(address)
    queries = [each["sql"] for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
    assert len(queries) <= 15, "\n".join(each[:200] for each in queries)
    second = client.get(address + first.context["next_url"])
    assert not second.context["ours"]
    ids = [row.public_id for page in (first, second) for row in (*page.context["ours"], *page.context["rows"])]
    assert len(ids) == len(set(ids)) == 53


def test_reasons_from_other_rooms_and_from_the_text(three: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brandwacht.sharing.queries.concerning._seen", [])
    register_seen(lambda _actor, values: frozenset({"192.0.2.44"}) & values)
    three.shared("een", title="Met adres")
    three.shared("een", title=f"In {three['twee'].at.name}", indicators="", what="x")
    with acting(three["twee"].actor) as me:
        why = {line.heading: line.why for line in concerning(me)}
    assert why == {
        "Met adres": "een kenmerk is bij u gezien",
        f"In {three['twee'].at.name}": f"noemt {three['twee'].at.full_name}",
    }


def test_what_an_organisation_runs_is_a_reason_for_who_may_see_that(three: Members) -> None:
    three.shared("een")
    with acting(_ciso(three["twee"]).actor) as me:
        profile.add(me, {"vendor": "Fortinet", "product": "FortiOS", "version": "7.2.4"})
        assert [line.why for line in concerning(me)] == ["u draait: Fortinet FortiOS"]
    with every_owner():
        RoleAssignment.objects.filter(user=three["twee"].user, role=Role.CISO).delete()
    with acting(three["twee"].actor) as me:
        assert concerning(me) == []


# --- measures --------------------------------------------------------------------------------------------------------


def _ciso(who: Persona) -> Persona:
    with every_owner():
        RoleAssignment(organisation=who.at, user=who.user, role=Role.CISO, valid_from=NOW.date()).save()
    return who


def test_controls_follow_from_techniques_and_one_click_makes_a_measure(three: Members, browse: Browse) -> None:
    warning = warned(three)
    me = _ciso(three["een"])
    address = reverse("sharing:detail", args=[warning.public_id])
    client = browse(me)
    advice = client.get(address).context["panel"]["advice"]
    assert advice.controls
    assert not advice.pointed
    number = advice.controls[0].number
    take = reverse("sharing:adopt", args=["waarschuwing", warning.public_id])
    assert client.post(take, {"control": number}).status_code == 302
    with every_owner():
        made = Measure.objects.get()
    assert (made.organisation, made.control) == (me.at, number)
    assert "inlogpagina" not in made.title + made.description, "colleagues without a seat read measures"
    assert "Loopt al" in client.get(address).content.decode()
    assert client.post(take, {"control": "1.99"}).status_code == 404
    plain = browse(three["twee"])
    assert "Maak maatregel" not in plain.get(address).content.decode()
    assert plain.post(take, {"control": number}).status_code == 403


def test_a_report_points_at_controls_and_a_shared_measure(three: Members, browse: Browse) -> None:
    giver, taker = _ciso(three["een"]), _ciso(three["twee"])
    mandate(giver.at, taker.at, GrantKind.SHARED_MEASURES)
    with acting(giver.actor) as me:
        shared = shared_services.publish(me, title="Sleutels op hardware", control="5.17", text="Zo doen wij het.")
    threat = three.shared("een", techniques=["T1566.002"])
    client = browse(giver)
    page = reverse("sharing:advise", args=["dreiging", threat.public_id])
    assert client.get(page).status_code == 200
    with acting(giver.actor) as me:
        measures.advise(me, "dreiging", threat.public_id, ["5.17"], [shared.public_id])
        for wrong in (["99.1"], [f"5.{n:02}" for n in range(1, 20)]):
            with pytest.raises(Refused):
                measures.advise(me, "dreiging", threat.public_id, wrong, [])
        with pytest.raises(Refused):
            measures.advise(me, "dreiging", threat.public_id, ["5.17"], ["00000000-0000-4000-8000-000000000000"])
    with acting(taker.actor) as me, pytest.raises(Denied):
        measures.advise(me, "dreiging", threat.public_id, ["5.17"], [])
    client = browse(taker)
    address = reverse("sharing:threat", args=[threat.public_id])
    shown = client.get(address).context["panel"]["advice"]
    assert [each.number for each in shown.controls] == ["5.17"]
    assert [(each.pointed, each.adopted, each.may_adopt) for each in shown.shared] == [(True, False, True)]
    take = reverse("sharing:adopt", args=["dreiging", threat.public_id])
    assert client.post(take, {"measure": str(shared.public_id)}).status_code == 302
    with every_owner():
        assert Adoption.objects.get().organisation == taker.at
    assert "Al overgenomen" in client.get(address).content.decode()
    assert not browse(three["drie"]).get(address).context["panel"]["advice"].shared, "no door, no measure"


def test_pages_with_advice_ask_little_of_the_database(three: Members, browse: Browse) -> None:
    """For who sees most: a CISO with a seat in a circle with guidelines, who may adopt a shared measure."""
    giver, taker = _ciso(three["een"]), _ciso(three["twee"])
    mandate(giver.at, taker.at, GrantKind.SHARED_MEASURES)
    with acting(giver.actor) as me:
        shared_services.publish(me, title="Sleutels op hardware", control="5.17", text="Zo doen wij het.")
    three.sign("een", "twee")
    threat, warning = three.shared("een", techniques=["T1566.002"]), warned(three)
    with acting(giver.actor) as me:
        measures.advise(me, "dreiging", threat.public_id, ["5.17"], [])
    client = browse(taker)
    for name, thing in (("threat", threat), ("detail", warning)):
        address = reverse(f"sharing:{name}", args=[thing.public_id])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        reads = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
        assert len(reads) <= 16, "\n".join(each[:160] for each in reads)  # with who else saw it, in two


def test_the_chain_tells_who_pointed_by_pseudonym_or_name(three: Members) -> None:
    three.keepers("twee", "drie")
    hidden = three.shared("een", pseudonymous=True, title="Van een vogel")
    with acting(three["een"].actor) as me:
        measures.advise(me, "dreiging", hidden.public_id, ["5.17"], [])
    with acting(three.writer.actor) as me:
        measures.advise(me, "dreiging", hidden.public_id, ["5.07"], [])
        with pytest.raises(NotFound):
            measures.advise(me, "vraag", hidden.public_id, ["5.07"], [])
    with every_owner():
        told = AuditEntry.objects.filter(object_id=str(hidden.public_id), detail__has_key="vragen").order_by("pk")
        names = [each.person.name for each in told.select_related("person")]
    assert names == [hidden.pseudonym.name, three.writer.user.name]


def test_search_finds_letters_with_accents_in_columns_of_json(three: Members) -> None:
    three.shared("een", title="Over een pakket", products="Coördinatie België")
    with acting(three["twee"].actor) as me:
        for word in ("Coördinatie", "België"):
            part = reading.lines(me, Wanted(text=word))
            assert [line.heading for line in part.rows] == ["Over een pakket"], word


def test_search_in_columns_of_json_looks_at_values_only(three: Members) -> None:
    three.shared("een", title="Over een pakket", products='Zip "plus" 100%', indicators="kwaad.example")
    with acting(three.writer.actor) as me:
        text = ProductText("tactisch", "Advies", "GREEN", "GREEN", ["poi"], [("Samengevat", "Wat u doet")], ["T1566"])
        products.write(me, text)
        found = {
            word: sorted(line.heading for line in reading.lines(me, Wanted(text=word)).rows)
            for word in ("text", "kind", "domein", "value", "kwaad[.]example", '"plus"', "100%", "10%0", "SAMENGEVAT")
        }
    report = ["Over een pakket"]
    assert {word: each for word, each in found.items() if each} == {
        "kwaad[.]example": report, '"plus"': report, "100%": report, "SAMENGEVAT": ["Advies"],
    }  # fmt: skip
