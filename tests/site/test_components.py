"""The components: what they say, that they are safe, and that every page of the style guide keeps the house rules."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Engine, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from brandwacht.site.components import words
from brandwacht.site.styleguide import SampleForm, sample_context, sample_graph

ROOT = Path(__file__).resolve().parents[2]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=AMSTERDAM)
DIST = ROOT / "src/brandwacht/site/static/dist"


@pytest.fixture(autouse=True)
def _dutch() -> Any:
    with translation.override("nl"), override_settings(ROOT_URLCONF="tests.site.addresses"):
        yield


def render(source: str, query: str = "", **values: Any) -> str:
    """A template string with the components built in, as every page has them."""
    engine = Engine(builtins=["django.templatetags.i18n", "brandwacht.site.templatetags.bw"])
    request = RequestFactory().get(f"/lijst?{query}")
    return engine.from_string(source).render(Context({"request": request, "csrf_token": "t", "now": NOW, **values}))


class Page(HTMLParser):
    """The facts about a rendered page that the rules below ask for."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


# Words


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (timedelta(seconds=-10), "zojuist"),
        (timedelta(seconds=10), "zo meteen"),
        (timedelta(minutes=-1), "1 minuut geleden"),
        (timedelta(minutes=-12), "12 minuten geleden"),
        (timedelta(minutes=-58), "1 uur geleden"),
        (timedelta(hours=5), "over 5 uur"),
        (timedelta(days=-1), "1 dag geleden"),
        (timedelta(days=3), "over 3 dagen"),
        (timedelta(days=-70), "2 maanden geleden"),
        (timedelta(days=800), "over 2 jaar"),
    ],
)
def test_relative_time_reads_as_speech(step: timedelta, text: str) -> None:
    assert words.relative(NOW + step, NOW) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 22), "vandaag"),
        (date(2026, 11, 23), "morgen"),
        (date(2026, 11, 21), "gisteren"),
        (date(2026, 11, 27), "over 5 dagen"),
    ],
)
def test_a_day_is_not_a_moment(day: date, text: str) -> None:
    assert words.relative(day, NOW) == text


def test_absolute_time_is_local_and_dutch() -> None:
    assert words.absolute(datetime(2026, 11, 22, 13, 5, tzinfo=UTC)) == "22 november 2026 14:05"
    assert words.absolute(date(2026, 3, 1)) == "1 maart 2026"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 minuten"),
        (1, "1 minuut"),
        (150, "2 uur 30 minuten"),
        (120, "2 uur"),
        (24 * 60 + 61, "1 dag 1 uur"),
        (-5, "0 minuten"),
    ],
)
def test_durations(minutes: int, text: str) -> None:
    assert words.duration(minutes) == text


@pytest.mark.parametrize(
    ("step", "level"),
    [
        (timedelta(minutes=-1), "late"),
        (timedelta(hours=9), "today"),
        (timedelta(hours=30), "soon"),
        (timedelta(days=4), "ample"),
    ],
)
def test_urgency(step: timedelta, level: str) -> None:
    assert words.urgency(NOW + step, NOW) == level


def test_a_deadline_just_after_midnight_is_still_today_when_two_hours_away() -> None:
    late_evening = datetime(2026, 11, 22, 23, 30, tzinfo=AMSTERDAM)
    assert words.urgency(late_evening + timedelta(hours=1), late_evening) == "today"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.5, None, "1.234,5"), (12000, None, "12.000"), (0, None, "0"), (100, None, "100"), (2.345, 1, "2,3")],
)
def test_numbers(value: float, decimals: int | None, text: str) -> None:
    assert words.number(value, decimals) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1500, "1,5 kB"),
        (1_500_000, "1,5 MB"),
        (999_900, "1 MB"),
        (42_000_000_000, "42 GB"),
        (5 * 10**16, "50.000 TB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert words.size(count) == text


@pytest.mark.parametrize(
    ("name", "letters"), [("Jan de Vries", "JV"), ("s.dewit@vrr.example", "SD"), ("Cher", "C"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


# Marks


LEVELS = ["critical", "high", "medium", "low", "info"]


@pytest.mark.parametrize(
    ("level", "word"),
    [("critical", "Kritiek"), ("high", "Hoog"), ("medium", "Midden"), ("low", "Laag"), ("informational", "Informatie")],
)
def test_severity_is_word_shape_and_colour(level: str, word: str) -> None:
    html = render("{% severity level %}", level=level)
    assert word in html
    assert "<svg" in html
    assert "bw-severity--" in html


def test_every_severity_has_its_own_shape() -> None:
    drawn = [render("{% severity level %}", level=level) for level in LEVELS]
    assert len({html[html.index("<svg") : html.index("</svg>")] for html in drawn}) == len(LEVELS)


def test_an_unknown_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TemplateSyntaxError, match="critical, high, medium"):
        render('{% severity "ernstig" %}')


def test_tlp_names_its_meaning_only_where_asked() -> None:
    html = render('{% tlp "tlp:amber+strict" %}')
    assert "TLP:AMBER+STRICT" in html
    assert "bw-tlp--amber" in html
    assert "eigen organisatie" in html
    assert "details" not in render('{% tlp "TLP:RED" explain=False %}')


def test_score_has_word_number_change_and_basis() -> None:
    html = render('{% score 68 "grotendeels" change=-4 basis="84 antwoorden" %}')
    text = "".join(Page(html).text)
    assert "68%" in text
    assert "grotendeels" in text
    assert "−4" in text
    assert "84 antwoorden" in text
    assert 'width="68' in html


@pytest.mark.parametrize(("percent", "width"), [(-5, "0"), (150, "100"), (33.333, "33.3")])
def test_score_bar_stays_within_its_box(percent: float, width: str) -> None:
    assert f'bw-bar__value" width="{width}' in render("{% score percent word %}", percent=percent, word="x")


def test_unknown_score_is_not_zero() -> None:
    assert "%" not in "".join(Page(render('{% score None "nog geen antwoorden" %}')).text)


def test_progress_speaks() -> None:
    html = render('{% progress 12 40 "vragen" %}')
    assert "12 van 40 vragen" in html
    assert 'aria-valuenow="12"' in html
    assert "0 van 0" in render('{% progress 0 0 "vragen" %}')


# Moments


def test_when_is_absolute_and_relative() -> None:
    html = render("{% when moment now %}", moment=NOW - timedelta(minutes=12))
    assert "".join(Page(html).text) == "22 november 2026 13:53, 12 minuten geleden"
    assert 'datetime="2026-11-22T13:53:00+01:00"' in html
    assert "onbekend" in render("{% when None %}")


@pytest.mark.parametrize(
    ("step", "word", "rest"),
    [
        (timedelta(days=12), "ruim op tijd", "nog 12 dagen"),
        (timedelta(minutes=50), "vandaag", "nog 50 minuten"),
        (timedelta(hours=-3), "te laat", "3 uur over de tijd"),
    ],
)
def test_deadline_says_how_it_stands(step: timedelta, word: str, rest: str) -> None:
    text = "".join(Page(render("{% deadline moment now %}", moment=NOW + step)).text)
    assert word in text
    assert rest in text


def test_number_filters() -> None:
    assert render("{{ a|minutes }} {{ b|number_nl }} {{ c|euro }} {{ d|bytes_nl }}", a=90, b=0.5, c=12000, d=10) == (
        "1 uur 30 minuten 0,5 €\u00a012.000 10 bytes"
    )
    assert render("{{ a|minutes }} {{ a|number_nl }} {{ a|euro }} {{ a|bytes_nl }}", a=None) == "onbekend – – –"


# Actions


def test_post_button_carries_token_and_fields() -> None:
    html = render('{% post_button "/sluit" "Sluiten" state="dicht" %}')
    page = Page(html)
    fields = {attrs["name"]: attrs["value"] for attrs in page.all("input")}
    assert fields["state"] == "dicht"
    assert fields["csrfmiddlewaretoken"]
    assert page.all("form") == [{"class": "bw-inline", "method": "post", "action": "/sluit"}]


def test_confirmation_names_the_consequence_and_needs_no_script() -> None:
    html = render('{% post_button "/sluit" "Sluit incident" confirm="Het verdwijnt uit de lijst." %}')
    assert html.startswith("<details")
    assert html.index("Het verdwijnt uit de lijst.") < html.index("Ja, sluit incident")


@pytest.mark.parametrize(
    "source",
    [
        "{% button evil evil %}",
        "{% submit evil name=evil value=evil %}",
        "{% post_button evil evil confirm=evil x=evil %}",
        "{% state evil evil %}",
        "{% score 5 evil basis=evil %}",
        "{% progress 1 2 evil %}",
        "{% empty evil evil evil evil %}",
        "{% more evil evil %}",
        "{% newer evil %}",
        "{% notice 'info' evil %}{{ evil }}{% endnotice %}",
        "{% facts %}{% fact evil %}{{ evil }}{% endfact %}{% endfacts %}",
        "{% timeline %}{% event now evil evil %}{{ evil }}{% endevent %}{% endtimeline %}",
        "{% panel evil %}{{ evil }}{% endpanel %}",
        "{% figure evil source=evil %}{{ evil }}{% twin %}{{ evil }}{% endfigure %}",
        "{% breadcrumb crumbs %}",
        "{% tabs tabs %}",
        "{% sort_header evil evil %}",
        "{% filters evil evil %}{{ evil }}{% endfilters %}",
    ],
)
def test_nothing_typed_by_people_becomes_markup(source: str) -> None:
    evil = '"><script>alert(1)</script>'
    html = render(
        source,
        query="sort=%22%3E%3Cscript%3E",
        evil=evil,
        crumbs=[(evil, evil), (evil, None)],
        tabs=[SimpleNamespace(label=evil, url=evil, active=True, count=evil)],
    )
    assert "<script" not in html


# Lists


def test_sort_header_turns_and_keeps_the_filters() -> None:
    first = render('{% sort_header "Ernst" "severity" %}', query="state=open&after=9")
    assert "?state=open&amp;sort=severity" in first
    assert "aria-sort" not in first
    second = render('{% sort_header "Ernst" "severity" %}', query="sort=severity")
    assert 'aria-sort="ascending"' in second
    assert "?sort=-severity" in second
    assert 'aria-sort="descending"' in render('{% sort_header "Ernst" "severity" %}', query="sort=-severity")


def test_filters_keep_the_sort_order_but_not_the_page() -> None:
    html = render('{% filters "?" %}<i></i>{% endfilters %}', query="sort=-severity&after=9")
    assert Page(html).all("input") == [{"type": "hidden", "name": "sort", "value": "-severity"}]
    assert "<i></i>" in html


def test_more_is_silent_at_the_end() -> None:
    assert render("{% more None %}") == ""
    assert "Meer tonen" in render('{% more "?after=4" %}')


# Story


def test_figure_keeps_picture_and_twin_apart() -> None:
    html = render('{% figure "Vinding" %}<svg></svg>{% twin %}<table></table>{% endfigure %}')
    assert html.index("<svg>") < html.index("<details") < html.index("<table>")
    assert "<details" not in render('{% figure "Vinding" %}<svg></svg>{% endfigure %}')


def test_notice_understands_the_levels_of_django() -> None:
    for level in ("debug", "info", "success", "warning", "error"):
        assert "utrecht-alert--" in render("{% notice level %}x{% endnotice %}", level=level)


# Forms


class Question(forms.Form):
    name = forms.CharField(help_text="Zoals op uw pas.")
    colour = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"placeholder": "typ hier"}))
    agreed = forms.BooleanField(label="Akkoord")
    secret = forms.CharField(widget=forms.HiddenInput)


def test_field_ties_label_help_and_error_together() -> None:
    form = Question({})
    page = Page(render("{% field form.name %}", form=form))
    (control,) = page.all("input")
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert set(control["aria-describedby"].split()) == {"id_name_help", "id_name_fout"} <= ids
    assert control["aria-invalid"] == "true"
    assert page.all("label")[0]["for"] == control["id"]


def test_a_group_is_a_fieldset_and_ids_are_unique() -> None:
    page = Page(render("{% for f in form %}{% field f %}{% endfor %}", form=Question({})))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert page.all("fieldset")[0]["aria-describedby"] == "id_colour_fout"


def test_only_optional_questions_say_so_and_nothing_has_a_placeholder() -> None:
    html = render("{% for f in form %}{% field f %}{% endfor %}", form=Question())
    assert html.count("(niet verplicht)") == 1
    assert "placeholder" not in html
    assert "aria-describedby" not in render("{% field form.note %}", form=Question())


def test_error_summary_links_to_what_is_there() -> None:
    form = SampleForm({"process": "9"})
    html = render("{% error_summary form %}{% for f in form %}{% field f %}{% endfor %}", form=form)
    page = Page(html)
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    links = [attrs["href"] for attrs in page.all("a")]
    assert len(links) == 3
    assert {link.removeprefix("#") for link in links} <= ids
    assert "Er zijn 3 fouten." in html
    assert render("{% error_summary form %}", form=SampleForm()).strip() == ""


# Whole pages


@pytest.fixture
def guide() -> Callable[..., str]:
    """The style guide as a page, for a person with two organisations."""

    def make(**more: Any) -> str:
        here = SimpleNamespace(code="vrr", name="Rotterdam-Rijnmond", full_name="Veiligheidsregio Rotterdam-Rijnmond")
        there = SimpleNamespace(code="nipv", name="NIPV", full_name="NIPV")
        person = SimpleNamespace(
            is_authenticated=True, get_full_name=lambda: "Samira de Wit", get_username=lambda: "s.dewit@vrr.example"
        )
        request = RequestFactory().get("/stijlgids")
        request.user = person  # type: ignore[assignment]
        room = SimpleNamespace(label="Waakzaam", url="/waakzaam", active=True, count=1200, count_label="meldingen")
        values = {
            "organisation": here,
            "organisations": [here, there],
            "navigation": [room],
            "user": person,
            "request": request,
            "csrf_token": "t",
            **sample_context(NOW),
            **more,
        }
        return render_to_string("site/styleguide.html", values)

    return make


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


# In the browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICY = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'",
}


@pytest.mark.journey
@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("exercise", [False, True], ids=["real", "drill"])
def test_style_guide_is_accessible(page: Any, guide: Callable[..., str], width: int, exercise: bool) -> None:
    axe = ROOT / "node_modules/axe-core/axe.min.js"
    if not axe.is_file() or not (DIST / "brandwacht.css").is_file():
        pytest.skip("the front end is not built: npm ci && npm run build")

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://127.0.0.1:1").split("?")[0]
        if path == "/":
            route.fulfill(body=guide(exercise=exercise), content_type="text/html; charset=utf-8", headers=POLICY)
        else:
            route.fulfill(path=DIST / path.removeprefix("/static/dist/"))

    page.route("**/*", answer)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("http://127.0.0.1:1/")
    page.wait_for_selector(".bw-graph:not([hidden])")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": axe.read_text()})
    run = f"axe.run(document, {{runOnly: {json.dumps(WCAG)}}}).then(r => JSON.stringify(r.violations))"
    result = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    violations = json.loads(result["result"]["value"])
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
