"""Evidence: what may be added, what a document may be, and what happens to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from brandwacht.baseline.models import EvidenceDocument
from brandwacht.baseline.services.evidence import add_evidence, mark_seen, open_document, withdraw_evidence
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.roles import Role
from tests.world import acting, actor, organisation, person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nproef"


@pytest.fixture
def ciso():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        yield me


def test_a_document_is_kept_with_its_hash_and_its_days(ciso):
    made = add_evidence(ciso, "8.13", title=" Hersteltest ", content=PDF, filename="C:\\map\\hersteltest.pdf")
    assert (made.title, made.filename, made.media_type, made.size) == (
        "Hersteltest", "hersteltest.pdf", "application/pdf", len(PDF),
    )  # fmt: skip
    assert len(made.sha256) == 64
    assert (made.received_on, made.valid_from, made.valid_to) == (
        ciso.today, ciso.today, ciso.today + timedelta(days=365),
    )  # fmt: skip
    assert open_document(ciso, made.public_id)[1] == PDF


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " ", "where": "zaak 1"}, "title"),
        ({"title": "Verslag"}, "where"),
        (
            {"title": "Verslag", "where": "zaak 1", "valid_to": date(2020, 1, 1), "valid_from": date(2019, 1, 1)},
            "valid_to",
        ),
        ({"title": "Verslag", "where": "zaak 1", "received_on": date(2999, 1, 1)}, "received_on"),
        ({"title": "Verslag", "content": b"<html>", "filename": "a.txt"}, "file"),
        ({"title": "Verslag", "content": b"", "filename": "a.pdf"}, "file"),
    ],
)
def test_what_is_wrong_is_refused_on_its_field(ciso, given, field):
    with pytest.raises(Refused) as refused:
        add_evidence(ciso, "8.13", **given)
    assert refused.value.field == field


def test_withdrawn_evidence_stays_as_a_line_and_loses_its_document(ciso):
    made = add_evidence(ciso, "8.13", title="Hersteltest", content=PDF, filename="h.pdf")
    assert mark_seen(ciso, made.public_id).seen_by == ciso.name
    with pytest.raises(Refused):
        withdraw_evidence(ciso, made.public_id, " ")
    withdraw_evidence(ciso, made.public_id, "Verkeerd verslag")
    assert not EvidenceDocument.objects.exists()
    with pytest.raises(NotFound):
        open_document(ciso, made.public_id)
    with pytest.raises(Refused):
        mark_seen(ciso, made.public_id)


def test_a_line_manager_adds_and_a_board_member_does_not():
    region = organisation("VR17")
    with acting(actor(person(region, Role.LINE_MANAGER), region)) as me:
        made = add_evidence(me, "8.13", title="Verslag", where="zaak 1")
        with pytest.raises(Denied):
            mark_seen(me, made.public_id)
    with acting(actor(person(region, Role.BOARD), region)) as me, pytest.raises(Denied):
        add_evidence(me, "8.13", title="Verslag", where="zaak 1")
