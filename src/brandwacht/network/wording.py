"""Dutch wording of time, durations, numbers and rows of words, for the pages of every room.

Pure functions over values; the moment "now" always comes in as an argument. The browser renews the relative texts with
`Intl.RelativeTimeFormat("nl")` (frontend/js/time.js), so `relative` uses the same words and the same thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Number = int | float | Decimal
Urgency = Literal["ample", "soon", "today", "late"]

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def aware(moment: datetime | date) -> datetime:
    """The moment in the local time zone; a bare date becomes its midnight, a naive time is taken as local."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return timezone.localtime(moment)


def absolute(moment: datetime | date) -> str:
    """`22 november 2026 14:05`; a bare date without the time."""
    pattern = "j F Y H:i" if isinstance(moment, datetime) else "j F Y"
    return date_format(aware(moment), pattern)


def relative(moment: datetime | date, now: datetime) -> str:
    """`12 minuten geleden`, `over 3 dagen`, `zojuist`, `vandaag`; the unit grows with the distance."""
    if not isinstance(moment, datetime):
        days = (moment - aware(now).date()).days
        if days in (-1, 0, 1):
            return {-1: _("gisteren"), 0: _("vandaag"), 1: _("morgen")}[days]
        return _distance(days * DAY)
    return _distance((aware(moment) - aware(now)).total_seconds())


def _distance(seconds: float) -> str:
    size = abs(seconds)
    if size < 45:
        return _("zojuist") if seconds <= 0 else _("zo meteen")
    if size < 55 * MINUTE:
        n = max(1, round(size / MINUTE))
        text = ngettext("%(n)d minuut", "%(n)d minuten", n) % {"n": n}
    elif size < 22 * HOUR:
        n = max(1, round(size / HOUR))
        text = _("%(n)d uur") % {"n": n}
    elif size < 26 * DAY:
        n = max(1, round(size / DAY))
        text = ngettext("%(n)d dag", "%(n)d dagen", n) % {"n": n}
    elif size < 320 * DAY:
        n = max(1, round(size / (30.4 * DAY)))
        text = ngettext("%(n)d maand", "%(n)d maanden", n) % {"n": n}
    else:
        n = max(1, round(size / (365.25 * DAY)))
        text = _("%(n)d jaar") % {"n": n}
    return (_("%(time)s geleden") if seconds < 0 else _("over %(time)s")) % {"time": text}


def duration(minutes: Number) -> str:
    """Minutes as `2 uur 30 minuten`, `3 dagen 4 uur`; from a day on whole hours only. Less than zero counts as zero."""
    days, rest = divmod(max(0, round(minutes)), 24 * 60)
    hours, left = divmod(rest, 60)
    return _added(days, hours, 0 if days else left)


def precise_duration(minutes: int) -> str:
    """Minutes to the minute: `2 uur 30 minuten`, `25 uur`, `3 dagen 4 uur`; under two days only whole days are days."""
    days, rest = divmod(minutes, 24 * 60)
    if days < 2 and rest:
        days, rest = 0, minutes
    return _added(days, *divmod(rest, 60))


def _added(days: int, hours: int, minutes: int) -> str:
    parts = []
    if days:
        parts.append(ngettext("%(n)d dag", "%(n)d dagen", days) % {"n": days})
    if hours:
        parts.append(_("%(n)d uur") % {"n": hours})
    if minutes or not parts:
        parts.append(ngettext("%(n)d minuut", "%(n)d minuten", minutes) % {"n": minutes})
    return " ".join(parts)


def within(minutes: int) -> str:
    """A stretch of time as people say it: `72 uur` up to four days, then `7 dagen`."""
    if minutes % 60 or (minutes % (24 * 60) == 0 and minutes > 4 * 24 * 60):
        return precise_duration(minutes)
    return _("%(n)d uur") % {"n": minutes // 60}


def brief_duration(minutes: int) -> str:
    """Whole minutes where there is little room: `30 min`, `4 u 30`, `3 dagen`."""
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes >= 48 * 60 and minutes % (24 * 60) == 0:
        return precise_duration(minutes)
    hours, left = divmod(minutes, 60)
    return _("%(h)d u %(m)02d") % {"h": hours, "m": left} if left else _("%(h)d u") % {"h": hours}


def urgency(moment: datetime, now: datetime) -> Urgency:
    """`late` when passed, `today` within this calendar day or two hours, `soon` within three days, else `ample`."""
    left = aware(moment) - aware(now)
    if left < timedelta(0):
        return "late"
    if left < timedelta(hours=2) or aware(moment).date() == aware(now).date():
        return "today"
    return "soon" if left < timedelta(days=3) else "ample"


def number(value: Number, decimals: int | None = None) -> str:
    """`1.234,5`: a dot per thousand, a comma for the fraction; without `decimals` at most two, no trailing zeros."""
    text = f"{value:,.{2 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def euros(value: Number) -> str:
    """A whole amount, kept on one line: ``€ 12.000``."""
    return f"€\u00a0{number(value, 0)}"


def capped(count: int, cap: int) -> str:
    """A count that stopped at ``cap`` + 1: `12`, `meer dan 999`."""
    return _("meer dan %(n)d") % {"n": cap} if count > cap else str(count)


def size(count: int) -> str:
    """A number of bytes as `512 bytes`, `1,5 MB` (steps of 1000, one decimal below ten)."""
    if abs(count) < 1000:
        return ngettext("%(n)d byte", "%(n)d bytes", count) % {"n": count}
    units = ["kB", "MB", "GB", "TB"]
    value, unit = count / 1000, units.pop(0)
    while abs(value) >= 999.5 and units:
        value, unit = value / 1000, units.pop(0)
    return f"{number(round(value, 1 if abs(value) < 10 else 0))} {unit}"


def listed(parts: Sequence[str]) -> str:
    """Parts as `a`, `a en b` or `a, b en c`."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(most)s en %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}


def initials(name: str) -> str:
    """Two letters for a person: `Jan de Vries` becomes `JV`; for an e-mail address the part before the at sign."""
    words = [word for word in name.split("@")[0].replace(".", " ").replace("_", " ").split() if word[0].isalnum()]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper()
