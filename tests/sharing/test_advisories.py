"""Advisories come in from files, the page and an address: each once, each version kept, a broken one named."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brandwacht.cli.sharing import sharing as command
from brandwacht.engines.intel import TLP
from brandwacht.network.errors import Refused
from brandwacht.network.outgoing import Unreachable
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import AdvisoryFeed, AdvisoryVersion, FlawFacts, SecurityAdvisory
from brandwacht.sharing.services import advisories, advisory_feeds, flaws
from brandwacht.sharing.services.advisories import Outcome
from tests.sharing.advisories import Sector, csaf, notices, the_advisory
from tests.sharing.conftest import Persona
from tests.world import NOW, acting_system

pytestmark = pytest.mark.django_db
Files = dict[str, bytes]


@pytest.fixture
def sector() -> Sector:
    return Sector("VR15")


def test_the_same_again_counts_once_and_a_newer_version_replaces(sector: Sector) -> None:
    again = csaf(version="2", title="Nieuwer", changed="2026-11-21T10:00:00Z")
    with acting_system(sector.circle) as me:
        outcomes = [
            advisories.take(me, each, "a").outcome for each in (csaf(), csaf(), again, csaf(), csaf(version="1.5"))
        ]
    assert outcomes == [Outcome.NEW, Outcome.SAME, Outcome.CHANGED, Outcome.SAME, Outcome.OLDER]
    assert (the_advisory().title, the_advisory().version) == ("Nieuwer", "2")
    with every_owner():
        assert sorted(AdvisoryVersion.objects.values_list("version", flat=True)) == ["1", "1.5", "2"]
        assert orjson.loads(AdvisoryVersion.objects.get(version="2").raw) == orjson.loads(again)


@pytest.mark.parametrize(
    ("said", "label"), [("WHITE", TLP.CLEAR), ("GREEN", TLP.GREEN), ("AMBER", TLP.AMBER), ("", TLP.AMBER_STRICT)]
)
def test_an_advisory_keeps_its_label(said: str, label: TLP, sector: Sector) -> None:
    sector.runs("VR15")
    sector.take(csaf(tlp=said))
    assert the_advisory().marking is label
    assert notices()["VR15"].marking is label


def test_red_does_not_come_in(sector: Sector) -> None:
    with acting_system(sector.circle) as me, pytest.raises(Refused, match="TLP:RED"):
        advisories.take(me, csaf(tlp="RED"), "rood.json")
    with acting_system(sector.circle) as me, pytest.raises(Refused, match="NUL"):
        advisories.take(me, csaf(summary="niet te bewaren: \x00"), "nul.json")
    with every_owner():
        assert not SecurityAdvisory.objects.exists()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=60), st.tuples(st.integers(0, 600), st.binary(max_size=3))))
def test_whatever_comes_in_is_taken_or_refused_in_dutch(sector: Sector, made: bytes | tuple[int, bytes]) -> None:
    whole = csaf()
    content = made if isinstance(made, bytes) else whole[: made[0]] + made[1] + whole[made[0] + len(made[1]) :]
    with acting_system(sector.circle) as me:
        try:
            assert advisories.take(me, content, "x").outcome in Outcome
        except Refused as error:
            assert len(error.message) > 10


def test_a_folder_on_the_command_line(sector: Sector, tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "goed.json").write_bytes(csaf())
    (tmp_path / "2026" / "ook.json").write_bytes(csaf("NCSC-2026-0500"))
    (tmp_path / "kapot.json").write_text("{")
    answer = CliRunner().invoke(command, ["advisories", str(tmp_path)])
    assert answer.exit_code == 1
    assert "2 nieuw, 0 bijgewerkt" in answer.output
    assert "kapot.json: " in answer.output
    answer = CliRunner().invoke(command, ["advisories", str(tmp_path / "2026")])
    assert (answer.exit_code, "2 al bekend" in answer.output) == (0, True)


def test_lists_of_flaws_on_the_command_line(sector: Sector, tmp_path: Path) -> None:
    kev = {
        "vulnerabilities": [{"cveID": "CVE-2026-1", "dateAdded": "2026-11-02", "knownRansomwareCampaignUse": "Known"}]
    }
    (tmp_path / "kev.json").write_bytes(orjson.dumps(kev))
    (tmp_path / "epss.csv.gz").write_bytes(
        gzip.compress(b"cve,epss,percentile\nCVE-2026-1,0.5,0.9\nCVE-2026-2,0.1,0.2\n")
    )
    score = {"cvssV3_1": {"baseScore": 7.5, "vectorString": "CVSS:3.1/AV:N"}}
    record = {
        "cveMetadata": {"cveId": "CVE-2026-1"}, "containers": {"cna": {"title": "Een fout", "metrics": [score]}},
    }  # fmt: skip
    (tmp_path / "cve.json").write_bytes(orjson.dumps(record))
    for name, file in (("kev", "kev.json"), ("epss", "epss.csv.gz"), ("cve", "cve.json")):
        answer = CliRunner().invoke(command, [name, str(tmp_path / file)])
        assert answer.exit_code == 0, answer.output
    found = FlawFacts.objects.get(pk="CVE-2026-1")
    assert (found.title, found.score, found.ransomware, found.chance) == ("Een fout", 7.5, True, 0.5)
    assert FlawFacts.objects.count() == 2
    for name in ("kev", "epss", "cve"):
        (tmp_path / "kapot.json").write_text("niets")
        assert CliRunner().invoke(command, [name, str(tmp_path / "kapot.json")]).exit_code == 1
    with acting_system(sector.circle) as me:
        flaws.take_kev(me, b'{"vulnerabilities": []}')
    found.refresh_from_db()
    assert (found.used_since, found.ransomware, found.chance) == (None, False, 0.5)


def test_who_may_takes_advisories_in_on_the_page(sector: Sector, browse: Callable[[Persona | None], Client]) -> None:
    def offer(who: Persona) -> int:
        files = [SimpleUploadedFile("goed.json", csaf()), SimpleUploadedFile("kapot.json", b"[]")]
        answer = browse(who).post(reverse("sharing:advisory-new"), {"offered": files})
        if answer.status_code == 422:
            assert "kapot.json: " in answer.content.decode()
        return answer.status_code

    assert offer(sector.cisos["VR15"]) == 403
    assert offer(sector.cert) == 422
    assert the_advisory().source == "goed.json"


# --- from an address -------------------------------------------------------------------------------------------------


@pytest.fixture
def files() -> Iterator[tuple[str, Files, list[str]]]:
    """A small server: its address, what it has by path, and what was asked of it."""
    there: Files = {}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            content = there.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", there, asked
    server.shutdown()
    server.server_close()
    thread.join()


def rolie(*entries: tuple[str, str]) -> bytes:
    """A ROLIE feed with these addresses and moments."""
    return orjson.dumps({"feed": {"entry": [{"content": {"src": url}, "updated": at} for url, at in entries]}})


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.sampled_from([rolie(("a.json", ""), ("http://[", ""), ("\x00", "1"))])))
def test_whatever_an_address_lists_is_read_or_unreachable(content: bytes) -> None:
    for reader in (advisory_feeds._from_rolie, advisory_feeds._from_list):
        try:
            found = list(reader("https://adviezen.example/f.json", content))
        except Unreachable:
            continue
        assert all(url.startswith("https://adviezen.example") for url, _at in found)


def test_an_address_is_visited_and_only_what_changed_is_fetched(
    sector: Sector, files: tuple[str, Files, list[str]]
) -> None:
    root, there, asked = files
    there["/provider-metadata.json"] = orjson.dumps(
        {"distributions": [{"rolie": {"feeds": [{"url": f"{root}/f.json"}]}}]}
    )
    there["/a.json"], there["/b.json"] = csaf(), b"geen json"
    there["/f.json"] = rolie(
        (f"{root}/a.json", "1"), (f"{root}/b.json", "1"), (f"{root}/weg.json", "1"), ("http://127.0.0.1:1/c.json", "1")
    )
    with acting_system(sector.circle) as me:
        advisory_feeds.set_feed(me, f"{root}/provider-metadata.json", "adviezen")
        advisory_feeds.set_feed(me, f"{root}/provider-metadata.json", "adviezen")
    said = advisory_feeds.visit_advisory_feeds(NOW)
    assert said.startswith("1 nieuw, 0 bijgewerkt, 0 al bekend, 0 ouder dan wat er is; 2 niet, zoals ")
    assert the_advisory().source == f"{root}/a.json"
    asked.clear()
    there["/f.json"] = rolie((f"{root}/a.json", "2"), (f"{root}/b.json", "1"))
    there["/a.json"] = csaf(version="2", changed="2026-11-22T10:00:00Z")
    assert advisory_feeds.visit_advisory_feeds(NOW + timedelta(hours=1)).startswith("0 nieuw, 1 bijgewerkt")
    assert asked == ["/provider-metadata.json", "/f.json", "/a.json"]
    with every_owner():
        feed = AdvisoryFeed.objects.get()
    assert (feed.good, feed.visited_at) == (True, NOW + timedelta(hours=1))


def test_a_plain_list_and_lists_of_flaws_come_by_address_too(
    sector: Sector, files: tuple[str, Files, list[str]]
) -> None:
    root, there, _asked = files
    there["/csaf/changes.csv"] = b'"2026/a.json","2026-11-20T10:00:00Z"\r\n"2026/uitleg.txt","2026-11-20T10:00:00Z"\r\n'
    there["/csaf/2026/a.json"] = csaf()
    there["/kev.json"] = b'{"vulnerabilities": [{"cveID": "CVE-2026-1111", "dateAdded": "2026-11-21"}]}'
    with acting_system(sector.circle) as me:
        for path, kind in (("/csaf/changes.csv", "adviezen"), ("/kev.json", "kev"), ("/weg.csv", "epss")):
            advisory_feeds.set_feed(me, root + path, kind)
        with pytest.raises(Refused, match="https"):
            advisory_feeds.set_feed(me, "http://adviezen.example/feed.json", "adviezen")
    answer = CliRunner().invoke(command, ["visit"])
    assert answer.exit_code == 1
    assert "1 nieuw" in answer.output
    assert "foutcode 404" in answer.output
    assert the_advisory().key == "NCSC-2026-0412"
    assert FlawFacts.objects.get(pk="CVE-2026-1111").used_since is not None
    with every_owner():
        assert list(AdvisoryFeed.objects.order_by("pk").values_list("good", flat=True)) == [True, True, False]
