"""The components of Brandwacht, built into every template. This text is the manual of the design system.

Pages extend `base.html` (blocks title, lead, marking, breadcrumb, actions, content), `base_detail.html` (blocks story
and facts in place of content) or `base_public.html` (outside the rooms). `title` says what the reader can do here,
`lead` answers in one sentence. Plain HTML (h2, p, ul, table) looks right without classes. No style="" and no inline
script: the content security policy refuses them. The style guide (template site/styleguide.html) shows all of this.

Words with a meaning
    {% severity "high" %}                 critical, high, medium, low, info: word, shape and colour
    {% tlp item.tlp %}                    official label, explains itself on click; in tables: explain=False
    {% state "open" _("Open") "warn" %}   key, label, tone: neutral, info, good, warn, bad, done
    {% score 68 _("grotendeels") %}       bar, number and word; change=4 since last time, basis=_("84 antwoorden")
    {% progress done total _("vragen") %} "12 van 40 vragen" with a bar
Time and numbers
    {% when moment %}                     "22 november 2026 14:05, 12 minuten geleden"; in tables: short=True
    {% deadline moment %}                 when, what is left, and ruim op tijd / binnenkort / vandaag / te laat
    {{ 150|minutes }} {{ 1234.5|number_nl }} {{ size|bytes_nl }} {{ amount|euro }}
Doing
    {% button url _("Nieuw incident") "primary" %}  a link that looks like a button: primary, secondary, subtle, danger
    {% submit _("Opslaan") %}                       the button of a form; tone, name= and value= after the label
    {% post_button url _("Sluiten") tone="danger" confirm=_("Het verdwijnt uit ieders lijst.") state="dicht" %}
                                          a form with one button; other keywords become hidden fields; confirm names
                                          the consequence and asks first, without JavaScript
    {% print_button %}                    Afdrukken (appears where JavaScript runs)
    <div class="bw-buttons">...</div>     several of these beside each other
Lists
    {% filters reset_url %}{% field f.q %}{% endfilters %}   a form in the address (GET); keeps the sort order
    <div class="bw-table"><table class="bw-fold">            scrolls within itself; bw-fold: rows become blocks on a
                                          phone (data-label="..." on a td names it there); class="bw-num" on number
                                          cells; <tr data-bw-row> follows its first link wherever it is clicked
    {% sort_header _("Ernst") "severity" %}                  a th that sorts: ?sort=severity, then ?sort=-severity
    {% more next_url %}                   keyset paging; nothing when next_url is empty
    {% empty _("Geen meldingen") _("Hier komt ...") url _("Voeg toe") %}
    {% newer url %}                       asks `url` every 30 s; shows its answer in a reserved line, politely
    <ol class="bw-todo"><li><h3 class="bw-todo__title">...   what to do, numbered, each with its buttons
Detail
    {% facts %}{% fact _("Eigenaar") %}...{% endfact %}{% endfacts %}
    {% timeline %}{% event moment _("Ontvangen") "SOC" "warn" %}...{% endevent %}{% endtimeline %}  who, tone optional
    {% breadcrumb crumbs %}               list of (label, url); the last one has url None
    {% tabs items %}                      objects with label, url, active and optional count
    {% panel title %}...{% endpanel %}    a part of the page that another room supplies
    {% figure _("Na 6 uur valt ... stil") %}...{% twin %}<table>...</table>{% endfigure %}
                                          a picture with the finding as its title, and its table twin
    {% notice "warning" _("Titel") %}<p>...</p>{% endnotice %}   info, success, warning, error
Forms
    {% error_summary form %}              first in the form: every error with a link to its field
    {% field form.name %}                 label, help, error and control, all wired; optional fields say so
    <form method="post" data-bw-guard>    warns before typed text is lost
Page
    context `exercise` true               drill bands, other ground, OEFENING in title and print
    context `stale_after` (minutes)       the page says when it is no longer up to date
    {% show_panels panels.verhaal %}      what upper rooms know about this thing (places verhaal, feiten, knoppen)
    {% page_title %} {% block_again "marking" %}   used by base.html
Graph
    {% graph_script %} in block extra_head, and {% include "components/graph.html" with graph=data still=svg %}
    explore=True gives a big graph search, a filter and zooming; file_name and node_url: see the component
    {% map_script %} the same for a map (Leaflet)
"""

from __future__ import annotations

from django import template

from brandwacht.site.components import actions, fields, lists, marks, moments, page, story

register = template.Library()
for part in (marks, moments, actions, lists, story, fields, page):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
