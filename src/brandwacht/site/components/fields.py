"""Forms: one question, and the summary of what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils.translation import ngettext

register = template.Library()

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
    """One question: label above, help under it, error above the control, all tied together for screen readers."""
    widget = bound.field.widget
    css = next(css for kind, css in CONTROL_CLASSES if isinstance(widget, kind))
    group = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    described = [
        f"{bound.auto_id}_{part}" for part, there in (("help", bound.help_text), ("fout", bound.errors)) if there
    ]
    attrs: dict[str, Any] = {"placeholder": False}  # a label that disappears while typing is no label
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
