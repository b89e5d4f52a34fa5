"""The components: what they say, and that they are safe."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Engine, TemplateSyntaxError
from django.test import RequestFactory

from brandwacht.site.styleguide import SampleForm
from tests.site.tools import NOW, Page

pytestmark = pytest.mark.usefixtures("frame")


def render(source: str, query: str = "", **values: Any) -> str:
    """A template string with the components built in, as every page has them."""
    engine = Engine(builtins=["django.templatetags.i18n", "brandwacht.site.templatetags.bw"])
    request = RequestFactory().get(f"/lijst?{query}")
    return engine.from_string(source).render(Context({"request": request, "csrf_token": "t", "now": NOW, **values}))


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
    assert "wie het nodig heeft" in html
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
        (timedelta(hours=-3), "te laat", "3 uur geleden"),
        (timedelta(days=200, hours=2), "ruim op tijd", "nog 200 dagen"),
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
