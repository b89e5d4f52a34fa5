"""Whole pages: the frame, and the house rules that every page keeps."""

import json
import re
from collections.abc import Callable
from types import SimpleNamespace

from brandwacht.site.styleguide import sample_graph
from tests.site.tools import ROOT, Page


def test_the_page_says_where_you_are(guide: Callable[..., str]) -> None:
    html = guide()
    assert "<title>Stijlgids – Veiligheidsregio Rotterdam-Rijnmond – Brandwacht</title>" in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert 'aria-current="page"' in html
    assert '<html lang="nl"' in html


def test_nothing_on_the_page_needs_a_weaker_content_security_policy(guide: Callable[..., str]) -> None:
    page = Page(guide(exercise=True))
    for tag, attrs in page.tags:
        assert tag != "style"
        assert "style" not in attrs, (tag, attrs)
        assert not [name for name in attrs if name.startswith("on")], (tag, attrs)
        assert not attrs.get("href", "").startswith(("http:", "https:", "//", "javascript:")), attrs
    for script in page.all("script"):
        assert script.get("src", "").startswith("/static/") or script["type"] == "application/json"


def test_a_drill_cannot_be_taken_for_real(guide: Callable[..., str]) -> None:
    html = guide(exercise=True)
    assert "<title>OEFENING – " in html
    assert html.count("bw-drill-band ") + html.count('bw-drill-band"') == 2
    assert "bw-drill" in Page(html).all("body")[0]["class"]
    assert "OEFENING" not in guide()


def test_switching_is_only_offered_to_who_has_a_choice(guide: Callable[..., str]) -> None:
    assert 'name="organisation" value="nipv"' in guide()
    one = SimpleNamespace(code="vrr", name="x", full_name="x")
    assert 'name="organisation"' not in guide(organisation=one, organisations=[one])


def test_the_print_head_has_organisation_title_date_and_marking(guide: Callable[..., str]) -> None:
    html = guide()
    head = html[html.index("bw-print-head__line") :][:900]
    for part in ("TLP:AMBER+STRICT", "Veiligheidsregio Rotterdam-Rijnmond", "Stijlgids", "afgedrukt"):
        assert part in head


def test_the_graph_data_survives_the_page(guide: Callable[..., str]) -> None:
    html = guide()
    data = re.search(r'<script id="voorbeeld-cascade" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert data
    assert json.loads(data.group(1)) == sample_graph()
    assert 'max="480"' in html


def test_log_in_pages_are_dutch_and_formal() -> None:
    folder = ROOT / "src/brandwacht/site/templates"
    for path in [*folder.glob("account/*.html"), *folder.glob("mfa/**/*.html"), *folder.glob("components/*.html")]:
        text = re.sub(r"\{#.*?#\}", "", path.read_text())
        assert not re.search(r"\b(je|jij|jouw|jou)\b", text, re.IGNORECASE), path
