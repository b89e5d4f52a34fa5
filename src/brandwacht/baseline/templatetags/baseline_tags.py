"""The tone that goes with a state of this room: `{% state key label key|answer_tone %}`."""

from django import template

from brandwacht.baseline.wording import tones

register = template.Library()

for _tone in (tones.answer_tone, tones.measure_tone, tones.review_tone, tones.outcome_tone, tones.weight_tone):
    register.filter(_tone)
