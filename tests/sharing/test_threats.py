"""Threat reports: written from a template, found by what one may see, seen per month, changed and withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, RoleAssignment
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.forms.threats import TEMPLATES, answered
from brandwacht.sharing.models import Sighting, Threat, ThreatState, Topic
from brandwacht.sharing.queries import threats as queries
from brandwacht.sharing.queries.concerning import concerning
from brandwacht.sharing.queries.reading import suggestions
from brandwacht.sharing.reading_kinds import THREAT
from brandwacht.sharing.services import threats
from tests.sharing.conftest import Persona
from tests.sharing.members import Members, members
from tests.world import NOW, acting, asset

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]
LONG_AGO = (NOW - timedelta(days=365)).date()


@pytest.fixture
def three() -> Members:
    return members("een", "twee", "drie")


def test_questions_without_an_answer_are_left_out() -> None:
    asked = [line for line in str(TEMPLATES[Topic.PHISHING]).splitlines() if line]
    assert answered("\n\n".join(asked)) == ""
    assert answered(f"Vooraf.\n{asked[0]}\n\n{asked[1]}\nNaar een valse pagina.\n{asked[2]}\n") == (
        f"Vooraf.\n{asked[1]}\nNaar een valse pagina."
    )
    assert answered("In eigen woorden.\n\nTwee alinea's.") == "In eigen woorden.\n\nTwee alinea's."


def test_a_report_in_few_queries_for_who_sees_most(three: Members, browse: Browse) -> None:
    """Every role at once, in a circle that signed its guidelines, of a report that was seen."""
    three.sign("een", "twee")
    made = three.shared("een")
    reader = three["twee"]
    with every_owner():
        held = set(RoleAssignment.objects.filter(user=reader.user).values_list("role", flat=True))
        for role in set(Role.values) - held:
            RoleAssignment(organisation=reader.at, user=reader.user, role=role, valid_from=LONG_AGO).save()
    with acting(reader.actor) as me:
        threats.sight(me, made.public_id)
    client, address = browse(reader), reverse("sharing:threat", args=[made.public_id])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 14, "\n".join(each["sql"][:200] for each in asked.captured_queries)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topic": "weer"}, "topic"), ({"pap": "PAARS"}, "pap"), ({"tlp": "PAARS"}, "tlp"), ({"title": " "}, "title"),
        ({"what": ""}, "what"), ({"indicators": "10.0.0.1"}, "indicators"), ({"techniques": ["T1"]}, "techniques"),
        ({"products": "x"}, "products"), ({"products": ",".join(map(str, range(10, 40)))}, "products"),
        ({"tlp": "RED", "readers": ["00000000-0000-4000-8000-000000000000"]}, "readers"),
        ({"tlp": "RED", "meeting": "00000000-0000-4000-8000-000000000000"}, "meeting"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_kept(three: Members, changes: dict[str, object], field: str) -> None:
    with acting(three["een"].actor) as me, pytest.raises(Refused) as error:
        threats.write(me, three.report(**changes))
    assert error.value.field == field
    with every_owner():
        assert not Threat.objects.exists()


def test_from_a_template_to_the_readers(three: Members, browse: Browse) -> None:
    client = browse(three["een"])
    new = reverse("sharing:threat-new")
    assert "?soort=ransomware" in client.get(new).content.decode()
    assert "Hoe kwamen ze binnen?" in client.get(new + "?soort=ransomware").content.decode()
    form = {"topic": "ransomware", "title": "Versleuteld", "what": "Ze kwamen binnen.", "tlp": "AMBER", "pap": "AMBER"}
    assert client.post(new, form | {"title": ""}).status_code == 422
    share = client.post(new, form).headers["Location"]
    with every_owner():
        threat = Threat.objects.get()
    page = client.get(share).content.decode()
    assert "De leden van 3 organisaties gaan dit lezen" in page
    detail = reverse("sharing:threat", args=[threat.public_id])
    assert browse(three["twee"]).get(detail).status_code == 404
    assert browse(three["een"]).post(share).headers["Location"] == detail
    page = browse(three["twee"]).get(detail).content.decode()
    assert "Ze kwamen binnen." in page
    assert "De leden van 3 organisaties, want die zitten in de kring." in page
    assert "Veiligheidsregio Testregio VR11" in page
    assert "sharing:threat-edit" not in page


def test_red_needs_a_reader_and_leaves_a_receipt(three: Members, browse: Browse) -> None:
    with acting(three["een"].actor) as me:
        draft = threats.write(me, three.report(tlp="RED"))
        with pytest.raises(Refused, match="met naam"):
            threats.share(me, draft.public_id)
    threat = three.shared("een", tlp="RED", readers=[three["twee"].user.public_id])
    address = reverse("sharing:threat", args=[threat.public_id])
    page = browse(three["twee"]).get(address).content.decode()
    assert "want zij zijn met naam genoemd: Lid Twee" in " ".join(page.split())
    assert browse(three["drie"]).get(address).status_code == 404
    with every_owner():
        receipts = AuditEntry.objects.filter(action="sharing.threat.read-red")
        assert [(each.person.name, each.object_id) for each in receipts] == [("Lid Twee", str(threat.public_id))]


def test_what_concerns_us_comes_first(three: Members, browse: Browse) -> None:
    asset(three["twee"].at, "Firewall FortiOS 7.2")
    threat = three.shared("een", title="Gat in de firewall")
    page = browse(three["twee"]).get(reverse("sharing:threats")).content.decode()
    assert "in uw register: Firewall FortiOS 7.2" in page
    assert "Gaat over uw organisatie" not in browse(three["drie"]).get(reverse("sharing:threats")).content.decode()
    with acting(three["drie"].actor) as me:
        threats.sight(me, threat.public_id)
        assert [each.why for each in concerning(me)] == ["uw organisatie zag dit"]
        later = three["drie"].actor.at(NOW + timedelta(days=91))
        assert concerning(later) == []


def test_a_sighting_counts_once_a_day_and_is_told_in_steps(three: Members, browse: Browse) -> None:
    threat = three.shared("een")
    for name in ("twee", "twee", "drie"):
        with acting(three[name].actor) as me:
            threats.sight(me, threat.public_id)
    with every_owner():
        assert Sighting.objects.count() == 2
    address = reverse("sharing:threat", args=[threat.public_id])
    assert "<td>1 of 2</td>" in browse(three["een"]).get(address).content.decode()
    assert "Uw organisatie zag dit" in browse(three["drie"]).get(address).content.decode()
    with acting(three["een"].actor) as me:
        threats.sight(me, threat.public_id)
    assert "<td>3 of meer</td>" in browse(three["twee"]).get(address).content.decode()


def test_who_wrote_it_changes_and_withdraws(three: Members, browse: Browse) -> None:
    threat = three.shared("een")
    with acting(three["twee"].actor) as me:
        for attempt in (
            lambda: threats.change(me, threat.public_id, three.report()),
            lambda: threats.withdraw(me, threat.public_id, "Weg"),
        ):
            with pytest.raises(Denied):
                attempt()
    with acting(three["een"].actor) as me:
        changed = threats.change(me, threat.public_id, three.report(title="Toch anders"))
        assert changed.changed_at is not None
        with pytest.raises(Refused, match="200 tekens"):
            threats.withdraw(me, threat.public_id, " ")
        threats.withdraw(me, threat.public_id, "Loos alarm")
        for late in (
            lambda: threats.change(me, threat.public_id, three.report()),
            lambda: threats.withdraw(me, threat.public_id, "Nog eens"),
            lambda: threats.share(me, threat.public_id),
        ):
            with pytest.raises(Refused):
                late()
        with pytest.raises(Denied):
            threats.export(me, threat.public_id)
    page = browse(three["twee"]).get(reverse("sharing:threat", args=[threat.public_id])).content.decode()
    assert "Loos alarm" in page
    assert "Zeldzaamwoord" not in page
    with acting(three["twee"].actor) as me:
        assert not queries.matching(queries.threats(me), "zeldzaamwoord").exists()
        assert suggestions(me, "kwaad.example", [THREAT]) == []
        assert queries.matching(queries.threats(me), "anders").exists()
        with pytest.raises(Denied):
            threats.sight(me, threat.public_id)


def test_search_and_suggestions(three: Members, browse: Browse) -> None:
    threat = three.shared("een", title="Valse salarismail", products="FortiOS")
    with acting(three["twee"].actor) as me:
        for text in ("salaris", "VALSE fortios", "kwaad[.]example", "192.0.2.44", "T1566", threat.name):
            assert list(queries.matching(queries.threats(me), text)) == [threat], text
        for text in ("salaris onzin", "%", "D99999999999"):
            assert not queries.matching(queries.threats(me), text).exists(), text
        assert suggestions(me, "forti", [THREAT]) == ["FortiOS"]
        assert suggestions(me, "f", [THREAT]) == []
    found = browse(three["twee"]).get(reverse("sharing:threat-suggest") + "?q=salaris").content.decode()
    assert '<option value="Valse salarismail">' in found


@given(st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_text_can_be_searched_for(text: str) -> None:
    rows = queries.matching(Threat._base_manager.all(), text.replace("\x00", ""))
    assert list(rows) == []


def test_a_file_stays_here_with_pap_red(three: Members, browse: Browse) -> None:
    free, kept = three.shared("een"), three.shared("een", pap="RED")
    client = browse(three["twee"])
    answer = client.get(reverse("sharing:threat-stix", args=[free.public_id]))
    assert answer.headers["Content-Disposition"].endswith('-TLP-AMBER.json"')
    assert client.get(reverse("sharing:threat-stix", args=[kept.public_id])).status_code == 403
    assert "STIX 2.1" not in client.get(reverse("sharing:threat", args=[kept.public_id])).content.decode()


def test_a_page_asks_little_of_the_database(three: Members, browse: Browse) -> None:
    three.sign("een", "twee")
    asset(three["twee"].at, "FortiOS doos")
    for number in range(4):
        threat = three.shared("een", title=f"Dreiging {number}", tlp="RED", readers=[three["twee"].user.public_id])
    client = browse(three["twee"])
    for address in (reverse("sharing:threats"), reverse("sharing:threat", args=[threat.public_id])):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        reads = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
        assert len(reads) <= 15, "\n".join(reads)


def test_nobody_else_finds_a_draft(three: Members) -> None:
    with acting(three["een"].actor) as me:
        draft = threats.write(me, three.report())
        assert draft.state == ThreatState.DRAFT
    with acting(three["twee"].actor) as me:
        assert not queries.threats(me).exists()
        with pytest.raises(NotFound):
            threats.share(me, draft.public_id)
