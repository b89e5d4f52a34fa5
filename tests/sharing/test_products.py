"""Products in versions: written in parts, settled, sent and kept as they were; pictures; decisions of the owner."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.intel import PAP, TLP
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.final import FinalError
from brandwacht.network.models import AuditEntry
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import CircleProduct, ProductState
from brandwacht.sharing.picture_content import Source, counted, label_of, parts
from brandwacht.sharing.queries import products as queries
from brandwacht.sharing.services import decisions, pictures, products
from brandwacht.sharing.services.digest import send_digests
from brandwacht.sharing.services.products import ProductText
from brandwacht.sharing.tasks.products import tell_product
from tests.sharing.conftest import Persona
from tests.sharing.members import Members, members
from tests.world import NOW, acting

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]


@pytest.fixture
def two() -> Members:
    return members("een", "twee")


def text(**changes: object) -> ProductText:
    facts = {
        "kind": "tactisch", "title": "Zet de tweede factor aan", "tlp": "AMBER", "pap": "GREEN",
        "bodies": ["poi", "bac-iv"], "parts": [("Wat er speelt", "Regel een.\nRegel twee."), ("", "")],
        "techniques": ["T1566.002"],
    }  # fmt: skip
    return ProductText(**(facts | changes))  # type: ignore[arg-type]


def sent(circle: Members, **changes: object) -> CircleProduct:
    with acting(circle.writer.actor) as me:
        made = products.write(me, text(**changes))
        products.settle(me, made.public_id)
        return products.send(me, made.public_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "roman"}, "kind"), ({"title": " "}, "title"), ({"tlp": "RED"}, "tlp"), ({"tlp": "x"}, "tlp"),
        ({"pap": "x"}, "pap"), ({"bodies": ["koning"]}, "bodies"), ({"techniques": ["T1"]}, "techniques"),
        ({"parts": [("", "zonder kop")]}, "title_1"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_kept(two: Members, changes: dict[str, object], field: str) -> None:
    with acting(two.writer.actor) as me, pytest.raises(Refused) as error:
        products.write(me, text(**changes))
    assert error.value.field == field
    with every_owner():
        assert not CircleProduct.objects.exists()


def test_from_concept_to_the_readers(two: Members, browse: Browse, django_capture_on_commit_callbacks: object) -> None:
    client = browse(two.writer)
    form = {
        "kind": "strategisch", "title": "Advies", "bodies": ["poi"], "tlp": "AMBER", "pap": "GREEN",
        "title_1": "Kop", "text_1": "Tekst van het advies.",
    }  # fmt: skip
    page = client.post(reverse("sharing:product-new"), form)
    with every_owner():
        made = CircleProduct.objects.get()
    assert page.status_code == 302
    assert browse(two["een"]).get(reverse("sharing:product", args=[made.public_id])).status_code == 404
    client = browse(two.writer)
    assert client.post(reverse("sharing:product-send", args=[made.public_id])).status_code == 422
    assert client.post(reverse("sharing:product-settle", args=[made.public_id])).status_code == 302
    assert (
        "POI (Programmaoverleg" in client.get(reverse("sharing:product-send", args=[made.public_id])).content.decode()
    )
    assert client.post(reverse("sharing:product-send", args=[made.public_id])).status_code == 302
    reader = browse(two["een"])
    assert "Tekst van het advies." in reader.get(reverse("sharing:product", args=[made.public_id])).content.decode()
    pdf = reader.get(reverse("sharing:product-pdf", args=[made.public_id])).content
    with every_owner():
        made.refresh_from_db()
        assert hashlib.sha256(pdf).hexdigest() == made.sha256
        entry = AuditEntry.objects.filter(action="sharing.product.send").order_by("-pk").first()
        assert made.sha256 in str(entry.detail)
        mail.outbox.clear()
        tell_product.func(two.owner.pk, str(made.public_id))
    assert {each.to[0] for each in mail.outbox} == {two["een"].user.email, two["twee"].user.email}
    assert all("TLP:AMBER" in each.subject and "Advies" not in each.body for each in mail.outbox)


def test_the_weekly_message_names_a_product_up_to_green(two: Members) -> None:
    green, amber = sent(two, title="Groen advies", tlp="GREEN"), sent(two, title="Oranje advies")
    mail.outbox.clear()
    with every_owner():
        assert send_digests(two.owner, NOW + timedelta(hours=1)) == 2
    assert "Groen advies" in mail.outbox[0].body
    assert "Oranje advies" not in mail.outbox[0].body
    assert all(str(each.public_id) in mail.outbox[0].body for each in (green, amber))


def test_what_was_sent_never_changes(two: Members) -> None:
    made = sent(two)
    with acting(two.writer.actor) as me:
        for refused in (
            lambda: products.change(me, made.public_id, text()),
            lambda: products.settle(me, made.public_id),
        ):
            with pytest.raises(Refused):
                refused()
        with every_owner(), pytest.raises(FinalError):
            made.title = "Anders"
            made.save()
    with acting(two["een"].actor) as me, pytest.raises(Denied):
        products.next_version(me, made.public_id)


def test_the_next_version_stands_beside_the_old_one(two: Members, browse: Browse) -> None:
    old = sent(two)
    with acting(two.writer.actor) as me:
        new = products.next_version(me, old.public_id)
        with pytest.raises(Refused):
            products.next_version(me, old.public_id)
        products.change(
            me, new.public_id, text(parts=[("Wat er speelt", "Regel een.\nRegel drie.")], changed="Regel drie")
        )
    with acting(two["een"].actor) as me:
        assert [each.version for each in queries.versions(me, old)] == [1]
    with acting(two.writer.actor) as me:
        products.settle(me, new.public_id)
        products.send(me, new.public_id)
    with acting(two["een"].actor) as me:
        assert [each.version for each in queries.versions(me, old)] == [2, 1]
        assert [each.version for each in queries.current(queries.products(me))] == [2]
    client = browse(two["een"])
    shown = client.get(reverse("sharing:product-differences", args=[new.public_id])).content.decode()
    assert "<del>Regel twee.</del>" in shown
    assert "<ins>Regel drie.</ins>" in shown
    assert client.get(reverse("sharing:product-differences", args=[old.public_id])).status_code == 404
    assert (
        "Er is een nieuwere versie: 2." in client.get(reverse("sharing:product", args=[old.public_id])).content.decode()
    )


def test_a_settled_product_that_is_changed_is_a_concept_again(two: Members) -> None:
    with acting(two.writer.actor) as me:
        made = products.write(me, text())
        products.settle(me, made.public_id)
        assert products.change(me, made.public_id, text()).state == ProductState.DRAFT
        with pytest.raises(Refused):
            products.send(me, made.public_id)
        empty = products.write(me, text(bodies=[]))
        with pytest.raises(Refused):
            products.settle(me, empty.public_id)


def test_pap_red_does_not_leave(two: Members, browse: Browse) -> None:
    made = sent(two, pap="RED")
    client = browse(two["een"])
    assert client.get(reverse("sharing:product-pdf", args=[made.public_id])).status_code == 403
    assert "Haal de PDF" not in client.get(reverse("sharing:product", args=[made.public_id])).content.decode()


# --- pictures --------------------------------------------------------------------------------------------------------

_SOURCES = st.lists(
    st.builds(
        Source,
        on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        topic=st.sampled_from(["", "Phishing", "Gijzelsoftware"]),
        tlp=st.sampled_from(list(TLP)),
        pap=st.sampled_from(list(PAP)),
        attack=st.lists(st.sampled_from(["T1566.002", "T1486", "T9999"]), max_size=3).map(tuple),
    ),
    max_size=12,
)


@given(_SOURCES)
@settings(max_examples=15, deadline=None)
def test_a_draft_tells_of_no_single_report(sources: list[Source]) -> None:
    """What may not go on is not counted, the label is at least as strict, and no number moves by one report."""
    kept = counted(sources)
    assert not any(each.tlp is TLP.RED or each.pap is PAP.RED for each in kept)
    assert all(label_of(kept).strictness >= each.tlp.strictness for each in kept)
    told = dict(parts(kept, [], date(2025, 1, 1), date(2026, 12, 31)))
    rare = {each for each in ("T1566.002", "T1486", "T9999") if sum(each in row.attack for row in kept) < 3}
    assert not any(each in told["Technieken die het meest voorkwamen"] for each in rare)
    for line in told["Soorten dreigingen"].splitlines()[: 2 if kept else 0]:
        assert line.endswith(("1 of 2", "of meer", "Er is niets gemeld."))


def test_a_picture_is_begun_from_what_the_compiler_may_see(two: Members, browse: Browse) -> None:
    for number in range(3):
        two.shared("een", title=f"Zeldzaam {number}", techniques=["T1566.002"])
    two.shared("een", title="Geheim", tlp="RED", readers=[two["twee"].user.public_id], techniques=["T1486"])
    with acting(two.writer.actor) as me:
        made = pictures.draft_picture(me, me.today - timedelta(days=729), me.today)
        with pytest.raises(Refused):
            pictures.draft_picture(me, me.today, me.today - timedelta(days=1))
    assert made.tlp == "AMBER"
    assert "Phishing: 3 of meer" in made.whole_text
    assert "T1566.002" in made.whole_text
    assert "T1486" not in made.whole_text
    assert "Zeldzaam" not in made.whole_text
    client = browse(two.writer)
    days = {"first": (made.written_at - timedelta(days=40)).date().isoformat(), "last": "2026-01-01"}
    assert client.post(reverse("sharing:picture-draft"), days).status_code == 422


def test_the_picture_of_another_stands_beside_ours(two: Members, browse: Browse) -> None:
    sent(two, kind="dreigingsbeeld", title="Ons beeld")
    with acting(two.writer.actor) as me:
        facts = {"title": "Beeld gemeenten", "source": "IBD", "on": me.today, "tlp": "GREEN", "pap": "GREEN"}
        wrong = [
            ({}, "file"), ({"text": "x", "on": me.today + timedelta(days=1)}, "on"),
            ({"text": "x", "tlp": "RED"}, "tlp"),
            ({"content": b"MZ", "filename": "x.exe"}, "file"),
        ]  # fmt: skip
        for changes, field in wrong:
            with pytest.raises(Refused) as error:
                products.add_picture(me, **(facts | changes))
            assert error.value.field == field
        theirs = products.add_picture(me, **facts, text="Wat zij zagen.", content=b"%PDF-1.7 x", filename="beeld.pdf")
    client = browse(two["een"])
    shown = client.get(reverse("sharing:picture", args=[theirs.public_id])).content.decode()
    assert "Wat zij zagen." in shown
    assert "Ons beeld" in shown
    got = client.get(reverse("sharing:picture-file", args=[theirs.public_id]))
    assert (got.content, got.headers["Content-Security-Policy"]) == (b"%PDF-1.7 x", "sandbox; default-src 'none'")


# --- the owner -------------------------------------------------------------------------------------------------------


def test_a_later_decision_takes_the_place_of_one_that_stays(two: Members, browse: Browse) -> None:
    with acting(two.writer.actor) as me:
        facts = {"on": me.today, "paper": "Agendapunt 7", "changes": "Nieuwe leden"}
        old = decisions.add_decision(me, **facts, decision="Het eerste besluit")
        decisions.add_decision(me, **facts, decision="Het tweede besluit", replaces=old.public_id)
        for wrong in (
            {"replaces": old.public_id},
            {"paper": ""},
            {"changes": ""},
            {"on": me.today + timedelta(days=1)},
        ):
            with pytest.raises(Refused):
                decisions.add_decision(me, **(facts | {"decision": "x"} | wrong))
        with every_owner(), pytest.raises(FinalError):
            old.save()
    shown = browse(two["een"]).get(reverse("sharing:circle")).content.decode()
    assert "Het eerste besluit" in shown
    assert "Vervangen" in shown
    with acting(two["een"].actor) as me, pytest.raises((Denied, Refused, NotFound)):
        decisions.add_decision(me, **facts, decision="Van een lid")
