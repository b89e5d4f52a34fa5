"""The components of Brandwacht: `{% load bw %}`. This text is the manual of the design system.

Pages extend `base.html` (blocks title, lead, marking, breadcrumb, actions, content), `base_detail.html` (blocks story and
facts in place of content) or `base_public.html` (outside the rooms). `title` says what the reader can do here, `lead`
answers in one sentence. Plain HTML (h2, p, ul, table) looks right without classes. No style="" and no inline script: the
content security policy refuses them. `/stijlgids/` (template site/styleguide.html) shows everything below.

Words with a meaning
    {% severity "high" %}                         critical, high, medium, low, info: word, shape and colour
    {% tlp item.tlp %}                            official label, explains itself on click; in tables: explain=False
    {% state "open" _("Open") "warn" %}           key, label, tone: neutral, info, good, warn, bad, done
    {% score 68 _("grotendeels") %}               bar, word and number; optional change=4 basis=_("op basis van ...")
    {% progress done total label %}               "12 van 40 vragen" with a bar
Time and numbers
    {% when moment %}                             "22 november 2026 14:05, 12 minuten geleden"; short=True: relative first
    {% deadline moment %}                         absolute, what is left, and ruim op tijd / binnenkort / vandaag / te laat
    {{ 150|minutes }} {{ 1234.5|number_nl }} {{ size|bytes_nl }} {{ amount|euro }}
Doing
    {% button url _("Nieuw incident") "primary" %}     a link that looks like a button; tones primary, secondary, subtle, danger
    {% submit _("Opslaan") %}                          the button of a form; second argument tone, name= and value=
    {% post_button url _("Sluiten") tone="danger" confirm=_("Het incident verdwijnt uit ieders lijst.") state="dicht" %}
                                                       one-button form; other keywords become hidden fields; confirm asks
                                                       first, naming the consequence, without JavaScript
    {% print_button %}                                 Afdrukken (appears where JavaScript runs)
Lists
    {% filters reset_url %}{% field f.q %}{% endfilters %}       filter form in the address (GET); keeps the sort order
    <div class="bw-table"><table>...</table></div>     scrolls within itself on a phone; class="bw-num" on number cells;
                                                       <tr data-bw-row> makes a whole row follow its first link
    {% sort_header _("Ernst") "severity" %}            <th> that sorts by ?sort=severity / ?sort=-severity
    {% more next_url %}                                keyset paging; nothing when next_url is empty
    {% empty _("Geen meldingen") _("Hier komt ...") url _("Voeg toe") %}
    {% newer url %}                                    asks `url` every 30 s; shows its answer in a reserved line, politely
Detail
    {% facts %}{% fact _("Eigenaar") %}...{% endfact %}{% endfacts %}
    {% timeline %}{% event moment _("Melding ontvangen") %}...{% endevent %}{% endtimeline %}
    {% breadcrumb crumbs %}                            list of (label, url); the last one may have url None
    {% tabs items %}                                   list of objects with label, url, active and optional count
    {% panel title %}...{% endpanel %}                 a part of the page that another room supplies
    {% figure _("Na 2 u 30 valt de afhandeling stil") %}...{% twin %}<table>...</table>{% endfigure %}
                                                       picture with the finding as title and its table twin
    {% notice "warning" _("Titel") %}...{% endnotice %}     info, success, warning, error
Forms
    {% error_summary form %}                           first in the form: every error with a link to its field
    {% field form.name %}                              label, help, error, control, all wired; optional fields say so
    <form method="post" data-bw-guard>                 warns before typed text is lost
Page
    {% page_title %}                                   the text of block title (base uses it for <title> and print)
Graph pages
    {% graph_script %} in block extra_head, include "components/graph.html" with graph=data (see that file)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from html import unescape
from typing import Any

from django import forms, template
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import words

register = template.Library()

# Shapes are drawn on a 16 x 16 grid. Each differs in outline, so that it survives copying and any colour vision.
SHAPES: Mapping[str, str] = {
    "octagon": '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/>',
    "triangle": '<path d="M8 1.5 15.2 14.5H.8z"/>',
    "diamond": '<path d="M8 .8 15.2 8 8 15.2.8 8z"/>',
    "disc": '<circle cx="8" cy="8" r="6.2"/>',
    "ring": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "half": '<circle cx="8" cy="8" r="5.9" fill="none" stroke="currentColor" stroke-width="2"/><path d="M8 2a6 6 0 0 1 0 12z"/>',
    "check": '<path d="m1.5 8.6 4.3 4.2 8.7-9.3" fill="none" stroke="currentColor" stroke-width="2.8"/>',
    "cross": '<path d="m2.5 2.5 11 11m0-11-11 11" fill="none" stroke="currentColor" stroke-width="3"/>',
    "dash": '<path d="M1.5 8h13" stroke="currentColor" stroke-width="3.2"/>',
    "clock": '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 4v4.3l3 1.8" fill="none" stroke="currentColor" stroke-width="2"/>',
}

SEVERITIES = {
    "critical": (gettext_lazy("Kritiek"), "octagon"),
    "high": (gettext_lazy("Hoog"), "triangle"),
    "medium": (gettext_lazy("Midden"), "diamond"),
    "low": (gettext_lazy("Laag"), "disc"),
    "info": (gettext_lazy("Informatie"), "ring"),
}
TONES = {"neutral": "ring", "info": "half", "good": "check", "warn": "triangle", "bad": "cross", "done": "dash"}
URGENCIES = {
    "ample": (gettext_lazy("ruim op tijd"), "check", "good"),
    "soon": (gettext_lazy("binnenkort"), "clock", "info"),
    "today": (gettext_lazy("vandaag"), "triangle", "warn"),
    "late": (gettext_lazy("te laat"), "cross", "bad"),
}
# Meanings in our own words; the labels and colours are those of FIRST's Traffic Light Protocol 2.0.
TLP_MEANINGS = {
    "TLP:RED": gettext_lazy("Alleen voor de personen die dit rechtstreeks kregen. Deel het met niemand anders."),
    "TLP:AMBER+STRICT": gettext_lazy("Alleen binnen uw eigen organisatie, met wie het nodig heeft."),
    "TLP:AMBER": gettext_lazy("Binnen uw organisatie en met haar klanten of leden die het nodig hebben."),
    "TLP:GREEN": gettext_lazy("Binnen uw vakgemeenschap. Niet openbaar maken."),
    "TLP:CLEAR": gettext_lazy("Vrij te delen."),
}
NOTICE_TONES = {
    "debug": "info",
    "info": "info",
    "success": "ok",
    "ok": "ok",
    "warning": "warning",
    "warn": "warning",
    "error": "error",
}
NOTICE_SHAPES = {"info": "half", "ok": "check", "warning": "triangle", "error": "cross"}
BUTTON_CLASSES = {
    "primary": "--primary-action",
    "secondary": "--secondary-action",
    "subtle": "--subtle",
    "danger": "--secondary-action bw-danger",
}


def shape(name: str) -> SafeString:
    """A decorative inline SVG; the word beside it carries the meaning."""
    return format_html(
        '<svg class="bw-shape" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(SHAPES[name]),
    )


def _choose(options: Mapping[str, Any], key: str, what: str) -> Any:
    """Look up, or say plainly which values exist: a wrong key in a template is a bug to show at once."""
    try:
        return options[key]
    except KeyError:
        raise template.TemplateSyntaxError(f"{what}: {key!r} is not one of {', '.join(options)}") from None


# --- Words with a meaning ---------------------------------------------------------------------------------------------


@register.simple_tag
def severity(level: str) -> SafeString:
    """Severity as word, shape and colour; `level` is critical, high, medium, low or info."""
    word, name = _choose(SEVERITIES, level, "severity")
    return format_html('<span class="bw-severity bw-severity--{}">{}{}</span>', level, shape(name), word)


@register.simple_tag
def tlp(marking: str, explain: bool = True) -> SafeString:
    """The TLP label in FIRST's colours on black; with `explain` a click tells who may see it."""
    label = str(marking).upper()
    meaning = _choose(TLP_MEANINGS, label, "tlp")
    colour = label.removeprefix("TLP:").split("+")[0].lower()
    mark = format_html('<span class="bw-tlp bw-tlp--{}">{}</span>', colour, label)
    if not explain:
        return mark
    return format_html(
        '<details class="bw-tlp-about"><summary>{}<span class="bw-hidden-visually">: {}</span></summary>'
        '<p class="bw-tlp-about__text">{}</p></details>',
        mark,
        _("wie mag dit zien?"),
        meaning,
    )


@register.simple_tag
def state(key: str, label: str, tone: str = "neutral") -> SafeString:
    """A state as badge: shape and tone beside the word. `key` is the state's own name (class hook, tests)."""
    name = _choose(TONES, tone, "state")
    return format_html(
        '<span class="bw-state bw-state--{}" data-state="{}">{}{}</span>', tone, key, shape(name), label
    )


def _bar(percent: float, css: str) -> SafeString:
    return format_html(
        '<svg class="bw-bar {}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bw-bar__ground" width="100" height="10"/><rect class="bw-bar__value" width="{}" height="10"/></svg>',
        css,
        round(min(100.0, max(0.0, percent)), 1),
    )


@register.simple_tag
def score(percent: float | None, word: str, change: float | None = None, basis: str = "") -> SafeString:
    """A score of 0 to 100 as bar, number and word; `change` since last time, `basis` says what it rests on."""
    if percent is None:
        return format_html('<span class="bw-score">{}<span class="bw-soft">{}</span></span>', _bar(0, ""), word)
    level = "good" if percent >= 75 else "warn" if percent >= 40 else "bad"
    delta = ""
    if change:
        sign = "+" if change > 0 else "−"
        delta = format_html(
            ' <span class="bw-score__change">{}{}<span class="bw-hidden-visually"> {}</span></span>',
            sign,
            words.number(abs(change)),
            _("sinds de vorige keer"),
        )
    note = format_html('<span class="bw-score__basis">{}</span>', basis) if basis else ""
    return format_html(
        '<span class="bw-score">{}<span class="bw-score__text"><strong class="bw-number">{}%</strong>{} {}</span>{}</span>',
        _bar(percent, f"bw-bar--{level}"),
        words.number(percent, 0),
        delta,
        word,
        note,
    )


@register.simple_tag
def progress(done: int, total: int, label: str) -> SafeString:
    """How far something is: `12 van 40 vragen` with a bar, as an ARIA progress bar."""
    text = _("%(done)s van %(total)s %(label)s") % {
        "done": words.number(done),
        "total": words.number(total),
        "label": label,
    }
    return format_html(
        '<span class="bw-progress" role="progressbar" aria-valuemin="0" aria-valuemax="{}" aria-valuenow="{}" '
        'aria-label="{}" aria-valuetext="{}">{}<span class="bw-progress__text">{}</span></span>',
        total,
        done,
        label,
        text,
        _bar(100 * done / total if total else 0, "bw-bar--accent"),
        text,
    )


# --- Time and numbers -------------------------------------------------------------------------------------------------


@register.simple_tag
def when(moment: datetime | date | None, now: datetime | None = None, short: bool = False) -> SafeString:
    """A moment, absolute and relative; `short` shows the relative part first, small absolute after it."""
    if moment is None:
        return format_html('<span class="bw-soft">{}</span>', _("onbekend"))
    exact = isinstance(moment, datetime)
    return format_html(
        '<time class="bw-when{}" datetime="{}"{}><span class="bw-when__absolute">{}</span><span class="bw-when__comma">, '
        '</span><span class="bw-when__relative">{}</span></time>',
        " bw-when--short" if short else "",
        words.aware(moment).isoformat() if exact else moment.isoformat(),
        mark_safe(" data-bw-relative") if exact else "",
        words.absolute(moment),
        words.relative(moment, now or timezone.now()),
    )


@register.simple_tag
def deadline(moment: datetime, now: datetime | None = None) -> SafeString:
    """A deadline: when it is, how long that still is, and in word and shape whether there is time."""
    present = now or timezone.now()
    level = words.urgency(moment, present)
    word, name, tone = URGENCIES[level]
    left = (words.aware(moment) - words.aware(present)).total_seconds() / words.MINUTE
    rest = (_("%(time)s over de tijd") if left < 0 else _("nog %(time)s")) % {"time": words.duration(abs(left))}
    return format_html(
        '<span class="bw-deadline bw-deadline--{}" data-bw-deadline><span class="bw-state bw-state--{}">{}{}</span> '
        '<time datetime="{}">{}</time><span class="bw-deadline__rest">{}</span></span>',
        level,
        tone,
        shape(name),
        word,
        words.aware(moment).isoformat(),
        words.absolute(moment),
        rest,
    )


@register.simple_tag
def print_moment() -> str:
    """The present moment for the head of a printed page."""
    return words.absolute(timezone.now())


@register.filter
def minutes(value: words.Number | None) -> str:
    """`{{ 150|minutes }}` is `2 uur 30 minuten`; unknown stays unknown."""
    return _("onbekend") if value is None else words.duration(value)


@register.filter
def number_nl(value: words.Number | None, decimals: int | None = None) -> str:
    """`{{ 1234.5|number_nl }}` is `1.234,5`; `{{ value|number_nl:1 }}` fixes the decimals."""
    return "–" if value is None else words.number(value, decimals)


@register.filter
def euro(value: words.Number | None) -> str:
    """`{{ 12000|euro }}` is `€ 12.000`."""
    return "–" if value is None else f"€\u00a0{words.number(value, 0)}"


@register.filter
def bytes_nl(value: int | None) -> str:
    """`{{ 1500000|bytes_nl }}` is `1,5 MB`."""
    return "–" if value is None else words.size(value)


@register.filter
def initials(person: Any) -> str:
    """Two letters for a user, shown where the name does not fit."""
    name = person.get_full_name() if hasattr(person, "get_full_name") else ""
    return words.initials(name or str(person))


# --- Doing ------------------------------------------------------------------------------------------------------------


def button_class(tone: str, kind: str = "button") -> str:
    """The NL Design System classes of a button (`kind` "button") or a link that looks like one ("button-link")."""
    return f"utrecht-{kind} utrecht-{kind}{_choose(BUTTON_CLASSES, tone, 'button')}"


@register.filter
def element_button_class(tags: Iterable[str] | None, kind: str) -> str:
    """The classes for a button of an allauth page that has no template of ours, from the tags allauth gives it."""
    given = set(tags or ())
    tone = "danger" if given & {"danger", "delete"} else "secondary" if given & {"outline", "secondary", "link"} else "primary"
    return button_class(tone, kind)


@register.simple_tag
def button(url: str, label: str, tone: str = "secondary", download: bool = False) -> SafeString:
    """A link that looks like a button: for going somewhere. To change something, use `post_button` or `submit`."""
    return format_html(
        '<a class="{} utrecht-button-link--html-a" href="{}"{}>{}</a>',
        button_class(tone, "button-link"),
        url,
        mark_safe(" download") if download else "",
        label,
    )


@register.simple_tag
def submit(label: str, tone: str = "primary", name: str = "", value: str = "") -> SafeString:
    """The button that sends a form; `name` and `value` tell several buttons apart."""
    extra = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html('<button class="{}" type="submit"{}>{}</button>', button_class(tone), extra, label)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context, url: str, label: str, tone: str = "secondary", confirm: str = "", yes: str = "", **fields: Any
) -> str:
    """A button that changes something: a form with one button. `confirm` names the consequence and is asked first."""
    return render_to_string(
        "components/post_button.html",
        {
            "url": url,
            "label": label,
            "confirm": confirm,
            "yes": yes or _("Ja, %(do)s") % {"do": label[:1].lower() + label[1:]},
            "button_class": button_class(tone),
            "fields": fields.items(),
            "csrf_token": context.get("csrf_token", ""),
        },
    )


@register.simple_tag
def print_button() -> SafeString:
    """Afdrukken: only useful with JavaScript, so hidden without it."""
    return format_html(
        '<button class="{}" type="button" data-bw-print hidden>{}</button>', button_class("secondary"), _("Afdrukken")
    )


# --- Lists ------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, key: str, numeric: bool = False) -> SafeString:
    """A table header that sorts: first press ascending, second descending; other parts of the address stay."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    query.pop("after", None)
    query["sort"] = f"-{key}" if current == key else key
    order = "ascending" if current == key else "descending" if current == f"-{key}" else ""
    return format_html(
        '<th scope="col"{}{}><a class="bw-sort{}" href="?{}">{}<span class="bw-sort__mark" aria-hidden="true"></span></a></th>',
        mark_safe(' class="bw-num"') if numeric else "",
        format_html(' aria-sort="{}"', order) if order else "",
        f" bw-sort--{order}" if order else "",
        query.urlencode(),
        label,
    )


@register.simple_tag
def more(url: str | None, label: str = "") -> SafeString:
    """Keyset paging: a link to the next part; nothing when there is none."""
    if not url:
        return mark_safe("")
    return format_html('<p class="bw-more">{}</p>', button(url, label or _("Meer tonen")))


@register.simple_tag
def empty(title: str, text: str = "", url: str = "", label: str = "") -> SafeString:
    """An empty list: says what would be here and how to get it."""
    action = format_html("<p>{}</p>", button(url, label)) if url else ""
    return format_html(
        '<div class="bw-empty"><p class="bw-empty__title">{}</p>{}{}</div>',
        title,
        format_html("<p>{}</p>", text) if text else "",
        action,
    )


@register.simple_tag
def newer(url: str, seconds: int = 30) -> SafeString:
    """A reserved line that asks `url` for news; the answer (short HTML, or nothing) is announced, nothing else moves."""
    return format_html(
        '<div class="bw-newer" role="status" hx-get="{}" hx-trigger="every {}s" hx-swap="innerHTML"></div>', url, seconds
    )


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, reset_url: str = "?", label: str = "") -> str:
    """A filter form in the address; the sort order is kept, the page position is not."""
    return render_to_string(
        "components/filters.html",
        {"content": content, "reset_url": reset_url, "label": label, "sort": context["request"].GET.get("sort", "")},
    )


# --- Detail -----------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A list of facts: contains `fact` blocks."""
    return format_html('<dl class="utrecht-data-list bw-facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One fact in `facts`: a name and its value."""
    return format_html(
        '<div class="utrecht-data-list__item"><dt class="utrecht-data-list__item-key">{}</dt>'
        '<dd class="utrecht-data-list__item-value utrecht-data-list__item-value--html-dd">{}</dd></div>',
        label,
        content,
    )


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """What happened, in order: contains `event` blocks."""
    return format_html('<ol class="bw-timeline">{}</ol>', content)


@register.simple_block_tag
def event(
    content: str, moment: datetime, title: str, who: str = "", tone: str = "neutral", now: datetime | None = None
) -> SafeString:
    """One thing that happened, in `timeline`; the body is optional."""
    body = format_html('<div class="bw-timeline__body bw-stack">{}</div>', content) if content.strip() else ""
    by = format_html(' · <span class="bw-timeline__who">{}</span>', who) if who else ""
    return format_html(
        '<li class="bw-timeline__item bw-timeline__item--{}"><span class="bw-timeline__mark">{}</span>'
        '<div><p class="bw-timeline__title">{}</p><p class="bw-timeline__when">{}{}</p>{}</div></li>',
        tone,
        shape(_choose(TONES, tone, "event")),
        title,
        when(moment, now),
        by,
        body,
    )


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(crumbs: Iterable[tuple[str, str | None]]) -> dict[str, Any]:
    """The way back: (label, url) from the room to here."""
    return {"crumbs": list(crumbs)}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Tabs as links: objects with label, url, active and optional count."""
    return {"items": list(items), "label": label or _("Onderdelen")}


@register.simple_block_tag
def panel(content: str, title: str) -> str:
    """A titled part of the page, as other rooms supply them through the panel registry."""
    return render_to_string("components/panel.html", {"title": title, "body": content})


TWIN = "<!--bw:twin-->"


@register.simple_tag
def twin() -> SafeString:
    """Within `figure`: what follows is the table that says the same as the picture."""
    return mark_safe(TWIN)


@register.simple_block_tag
def figure(content: str, title: str, source: str = "", open: bool = False) -> str:
    """A picture whose title states the finding, with its table twin behind a click (on paper: below it)."""
    picture, _mark, table = content.partition(TWIN)
    return render_to_string(
        "components/figure.html",
        {"title": title, "picture": mark_safe(picture), "table": mark_safe(table), "source": source, "open": open},
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message on the page: info, success, warning or error, with shape and words."""
    kind = _choose(NOTICE_TONES, tone.split()[-1] if tone else "info", "notice")
    return format_html(
        '<div class="utrecht-alert utrecht-alert--{}"><span class="utrecht-alert__icon">{}</span>'
        '<div class="utrecht-alert__content">{}{}</div></div>',
        kind,
        shape(NOTICE_SHAPES[kind]),
        format_html('<p class="bw-notice__title">{}</p>', title) if title else "",
        content,
    )


# --- Forms ------------------------------------------------------------------------------------------------------------

CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.CheckboxInput, "utrecht-checkbox utrecht-checkbox--html-input"),
    (forms.Select, "utrecht-select utrecht-select--html-select"),
    (forms.Textarea, "utrecht-textarea utrecht-textarea--html-textarea"),
    (forms.FileInput, "bw-file"),
    (forms.Widget, "utrecht-textbox utrecht-textbox--html-input"),
)


@register.simple_tag
def field(bound: forms.BoundField, label: str = "") -> str:
    """One question: label above, help under it, error above the control, everything tied together for screen readers."""
    widget = bound.field.widget
    css = next(css for kind, css in CONTROL_CLASSES if isinstance(widget, kind))
    group = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    described = [
        f"{bound.auto_id}_{part}" for part, there in (("help", bound.help_text), ("fout", bound.errors)) if there
    ]
    attrs: dict[str, str] = {}
    if not group:  # Django would put the attributes of a group on its container as well; the fieldset carries them
        attrs["class"] = f"{css} {widget.attrs.get('class', '')}".strip()
        if bound.errors:
            attrs |= {"aria-invalid": "true", "class": f"{attrs['class']} {css.split()[0]}--invalid"}
        if described:
            attrs["aria-describedby"] = " ".join(described)
    return render_to_string(
        "components/field.html",
        {
            "field": bound,
            "label": label or bound.label,
            "control": bound.as_widget(attrs=attrs),
            "group": group,
            "single_checkbox": isinstance(widget, forms.CheckboxInput),
            "hidden": bound.is_hidden,
            "optional": not bound.field.required and not isinstance(widget, forms.CheckboxInput),
            "described": " ".join(described),
        },
    )


def _first_control(bound: forms.BoundField) -> str:
    group = isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    return f"{bound.auto_id}_0" if group else bound.id_for_label


@register.simple_tag
def error_summary(form: forms.BaseForm) -> str:
    """Every error of the form, each with a link to its field; takes focus when the page opens."""
    if not form.errors:
        return ""
    items = [(_first_control(bound), bound.label, error) for bound in form for error in bound.errors]
    count = len(items) + len(form.non_field_errors())
    title = ngettext("Er is %(n)d fout.", "Er zijn %(n)d fouten.", count) % {"n": count}
    return render_to_string(
        "components/error_summary.html", {"items": items, "general": form.non_field_errors(), "title": title}
    )


# --- Page -------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def block_again(context: Context, name: str) -> SafeString:
    """What block `name` of this page holds, a second time; empty outside an extending template or in an include."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    node = blocks.get_block(name) if blocks else None
    return mark_safe(node.render(context).strip() if node else "")


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """The text of block `title`, so that the heading is written once."""
    return " ".join(unescape(strip_tags(block_again(context, "title"))).split())


@register.simple_tag
def graph_script() -> SafeString:
    """For block extra_head of a page with a graph: its script, and the mark that keeps cytoscape from adding a style."""
    return format_html(
        '<meta id="__________cytoscape_stylesheet"><script src="{}" defer></script>', static("dist/graph.js")
    )

