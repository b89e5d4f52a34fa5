"""The pages of evidence, exceptions, levels and fixed tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from brandwacht.baseline.models import Evidence, RhythmDone
from brandwacht.baseline.services import add_evidence, answer_control, answer_government, mark_done
from brandwacht.network.models import AuditEntry, NodeKind
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import acting_system, asset, organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def region():
    return organisation("VR17")


@pytest.fixture
def as_role(client, region):
    def log_in(*roles):
        client.force_login(person(region, *roles), backend=BACKEND)

    return log_in


def text(response):
    return response.content.decode()


def test_few_queries_however_much_there_is(client, as_role, region, django_assert_max_num_queries):
    as_role(Role.CISO)
    with acting_system(region, timezone.now()) as me:
        answer_control(me, "8.13", state="deels", design="ja", existence="ja")
        for number in range(12):
            add_evidence(me, "8.13", title=f"Stuk {number}", where="zaak 1")
            process = asset(region, f"Proces {number}", NodeKind.PROCESS)
        answer_government(me, "8.13.04", state="voldoet")
        mark_done(me, "8.13.04")
        piece = Evidence.objects.first()
    for path in (
        "/basis", "/basis/8.13", "/basis/8.13/bewijs", f"/basis/bewijs/{piece.public_id}", "/basis/vaste-taken",
        "/basis/processen", f"/basis/processen/{process.public_id}", "/basis/uitzonderingen", "/basis/overheid/8.13.04",
    ):  # fmt: skip
        with django_assert_max_num_queries(15):
            assert client.get(path).status_code == 200, path


def test_a_document_goes_in_comes_out_as_a_download_and_both_are_audited(client, as_role):
    as_role(Role.CISO)
    given = {"title": "Hersteltest", "file": SimpleUploadedFile("Zoë's test.pdf", b"%PDF-1.7 proef")}
    page = client.post("/basis/8.13/bewijs", given, follow=True)
    assert "Het bewijs ‘Hersteltest’ is toegevoegd." in text(page)
    with every_owner():
        piece = Evidence.objects.get()
    got = client.get(f"/basis/bewijs/{piece.public_id}/document")
    assert got.content == b"%PDF-1.7 proef"
    assert got["Content-Disposition"] == (
        "attachment; filename=\"bewijs-8.13.pdf\"; filename*=UTF-8''Zo%C3%AB%27s%20test.pdf"
    )
    assert (got["X-Content-Type-Options"], got["Content-Type"]) == ("nosniff", "application/pdf")
    assert "no-store" in got["Cache-Control"]
    assert "sandbox" in got["Content-Security-Policy"]
    with every_owner():
        written = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"baseline.evidence.add", "baseline.evidence.open"} <= written
    seen = client.post(f"/basis/bewijs/{piece.public_id}/gezien", follow=True)
    assert "Vastgelegd dat u dit bewijs heeft bekeken." in text(seen)
    assert client.post(f"/basis/bewijs/{piece.public_id}/intrekken", {"why": ""}).status_code == 422
    gone = client.post(f"/basis/bewijs/{piece.public_id}/intrekken", {"why": "Oud"}, follow=True)
    assert "Ingetrokken" in text(gone)
    assert client.get(f"/basis/bewijs/{piece.public_id}/document").status_code == 404


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.html", b"<script>"), "Dit soort bestand bewaren wij niet"),
        (SimpleUploadedFile("a.pdf", b"<script>"), "past niet bij de naam"),
        (SimpleUploadedFile("a.pdf", b""), "leeg"),
    ],
)
def test_a_wrong_file_is_told_beside_the_field_and_the_rest_stays(client, as_role, file, words):
    as_role(Role.LINE_MANAGER)
    page = client.post("/basis/8.13/bewijs", {"title": "Mijn verslag", "file": file})
    assert page.status_code == 422
    assert words in page.context["form"].errors["file"][0]
    assert 'value="Mijn verslag"' in text(page)


def test_who_may_not_open_documents_sees_that_there_is_one(client, as_role, region):
    with acting_system(region, timezone.now()) as me:
        piece = add_evidence(me, "8.13", title="Hersteltest", content=b"%PDF-1.7", filename="a.pdf")
    as_role(Role.BOARD)
    page = text(client.get(f"/basis/bewijs/{piece.public_id}"))
    assert "Uw rol mag het niet openen." in page
    assert "Download het document" not in page
    assert client.get(f"/basis/bewijs/{piece.public_id}/document").status_code == 403


def test_findings_are_asked_kept_and_shown(client, as_role):
    as_role(Role.CISO)
    refused = client.post("/basis/8.13", {"state": "voldoet", "design": "ja", "seen": ""})
    assert refused.status_code == 422
    assert "zegt meer dan wat u vond" in refused.context["form"].errors["state"][0]
    given = {"state": "deels", "design": "ja", "existence": "ja", "maturity": "3", "seen": ""}
    page = text(client.post("/basis/8.13", given, follow=True))
    assert "3: Vastgelegd" in page
    assert "Opzet: Ja. Bestaan: Ja. Werking: Niet bekeken." in page


def test_a_government_measure_is_answered_on_its_page(client, as_role):
    as_role(Role.CISO)
    assert "geaccepteerd" not in text(client.get("/basis/overheid/8.13.04"))
    assert client.post("/basis/overheid/8.13.04", {"state": "geaccepteerd", "reason": "duur"}).status_code == 422
    page = client.post("/basis/overheid/8.13.04", {"state": "niet_van_toepassing", "reason": ""})
    assert "Vul een reden in" in page.context["form"].errors["reason"][0]
    done = client.post("/basis/overheid/8.13.04", {"state": "niet_van_toepassing", "reason": "Geen"}, follow=True)
    assert "4 maatregelen, 1 beantwoord" in text(done)
    assert "Geen" in text(client.get("/basis/uitzonderingen"))
    assert "BIO2 8.13.04" in text(client.get("/basis/uitzonderingen.csv"))
    assert "staat nu onder 5.10.02" in text(client.get("/basis/overheid/5.04.02"))
    assert client.get("/basis/overheid/9.99.99").status_code == 404


def test_a_fixed_task_is_noted_and_taken_back(client, as_role):
    as_role(Role.CISO)
    yesterday = timezone.localdate() - timedelta(days=1)
    assert client.post("/basis/vaste-taken/8.02.01", {"done_on": ""}).status_code == 422
    page = client.post("/basis/vaste-taken/8.02.01", {"done_on": yesterday.isoformat(), "where": "zaak 1"}, follow=True)
    assert "Vastgelegd. Deze taak is weer aan de beurt op" in text(page)
    with every_owner():
        done = RhythmDone.objects.get()
    assert client.post(f"/basis/vaste-taken/{done.public_id}/toch-niet").status_code == 302
    with every_owner():
        assert not RhythmDone.objects.exists()


def test_the_level_of_a_process_is_decided_on_its_page(client, as_role, region):
    as_role(Role.PROCESS_OWNER)
    process = asset(region, "Alarmering", NodeKind.PROCESS)
    path = f"/basis/processen/{process.public_id}"
    assert "nog niet bepaald" in text(client.get(path))
    assert client.post(path, {"vertrouwelijk": "weinig"}).status_code == 422
    page = client.post(path, {"level": "2", "risk_analysis": "RA-7", "note": "Vitaal"}, follow=True)
    assert "Dit proces vraagt basisbeveiligingsniveau (BBN) 2." in text(page)
    assert "RA-7" in text(client.get("/basis/processen"))
    assert "Van elk proces is het niveau bepaald." in text(client.get("/basis/processen?open=1"))
