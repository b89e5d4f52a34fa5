"""Words with a meaning: severity, TLP, state, score and progress."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.engines.intel import TLP
from brandwacht.network import wording
from brandwacht.site.components.shapes import TONES, choose, shape

register = template.Library()

SEVERITIES = {
    "critical": (gettext_lazy("Kritiek"), "octagon"),
    "high": (gettext_lazy("Hoog"), "triangle"),
    "medium": (gettext_lazy("Midden"), "diamond"),
    "low": (gettext_lazy("Laag"), "disc"),
    "info": (gettext_lazy("Informatie"), "ring"),
}
SEVERITY_ALIASES = {"informational": "info"}  # the word of Sigma rules

# The labels are those of FIRST's Traffic Light Protocol 2.0; what they mean is told in one place, the engine.
TLP_MEANINGS = {tlp.label: tlp.who_may_see for tlp in TLP}


@register.simple_tag
def severity(level: str) -> SafeString:
    """Severity as word, shape and colour; `level` is critical, high, medium, low or info (Sigma: informational)."""
    level = SEVERITY_ALIASES.get(level, level)
    word, name = choose(SEVERITIES, level, "severity")
    return format_html('<span class="bw-severity bw-severity--{}">{}{}</span>', level, shape(name), word)


@register.simple_tag
def tlp(marking: str, explain: bool = True) -> SafeString:
    """The TLP label in FIRST's colours on black; with `explain` a click tells who may see it."""
    label = f"TLP:{str(marking).upper().removeprefix('TLP:')}"
    meaning = choose(TLP_MEANINGS, label, "tlp")
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
    name = choose(TONES, tone, "state")
    return format_html('<span class="bw-state bw-state--{}" data-state="{}">{}{}</span>', tone, key, shape(name), label)


def _bar(percent: float, css: str) -> SafeString:
    return format_html(
        '<svg class="bw-bar {}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bw-bar__ground" width="100" height="10"/>'
        '<rect class="bw-bar__value" width="{}" height="10"/></svg>',
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
            wording.number(abs(change)),
            _("sinds de vorige keer"),
        )
    note = format_html('<span class="bw-score__basis">{}</span>', basis) if basis else ""
    return format_html(
        '<span class="bw-score">{}<span class="bw-score__text"><strong class="bw-number">{}%</strong>{} {}</span>'
        "{}</span>",
        _bar(percent, f"bw-bar--{level}"),
        wording.number(percent, 0),
        delta,
        word,
        note,
    )


@register.simple_tag
def progress(done: int, total: int, label: str) -> SafeString:
    """How far something is: `12 van 40 vragen` with a bar, as an ARIA progress bar."""
    text = _("%(done)s van %(total)s %(label)s") % {
        "done": wording.number(done),
        "total": wording.number(total),
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
