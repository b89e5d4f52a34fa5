"""The forms of "Deze week" and "Beheer": what people type; whether it may be done is decided by the use cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brandwacht.network import audit
from brandwacht.network.errors import Refused
from brandwacht.network.models import NodeKind, Organisation, SpreadKind, User
from brandwacht.network.policy import rules
from brandwacht.network.roles import Role

ANY = [("", _("Alle"))]
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
_NO_SUCH_DAY = _("Kies een dag tussen 1990 en 2200.")


def add_refusal(form: forms.BaseForm, error: Refused, called: Mapping[str, str] | None = None) -> None:
    """Put all that a use case refused at its fields, or above the form.

    ``called`` tells the fields of the form that go by another name than the use case has for them.
    """
    for each in (error, *error.also):
        field = (called or {}).get(each.field or "", each.field)
        form.add_error(field if field in form.fields else None, each.message.splitlines())


class ManyFiles(forms.FileInput):
    """A file input for more than one file, of the kinds in ``accept``."""

    allow_multiple_selected = True

    def __init__(self, accept: str) -> None:
        super().__init__(attrs={"accept": accept, "multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All of them."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files at once; what each is, and how large, is for the service. The value is a list."""

    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        super().__init__(widget=ManyFiles(accept), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, without those that are empty names; none at all is for who may leave it out."""
        found = [super(FilesField, self).clean(each, initial) for each in data or [] if each]
        if not found and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found


class AmountField(forms.IntegerField):
    """Whole euros, days and the like as people write them: 12.000 is twelve thousand, where the browser's own field for
    numbers makes it 12.
    """

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        invalid = {"invalid": _("Schrijf een heel getal, bijvoorbeeld 12.000.")}
        super().__init__(min_value=0, localize=True, error_messages=invalid, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A telephone shows its figures."""
        return {"inputmode": "numeric"}


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day in the calendar of people who live now: others have no first moment that a clock can show."""

    def __init__(self, **kwargs: Any) -> None:
        within = [MinValueValidator(EARLIEST, _NO_SUCH_DAY), MaxValueValidator(LATEST, _NO_SUCH_DAY)]
        super().__init__(widget=DateInput(), validators=within, **kwargs)


class PostponeForm(forms.Form):
    """Put an action off: until when, and why that can be."""

    until = DayField(label=_("Tot welke dag?"), help_text=_("Op die dag staat de actie weer in uw lijst."))
    reason = forms.CharField(
        label=_("Waarom kan dit later?"), max_length=200, help_text=_("De reden komt in het logboek te staan.")
    )


class GiveForm(forms.Form):
    """Give an action to a colleague: to whom."""

    colleague = forms.ChoiceField(
        label=_("Aan wie?"), help_text=_("De actie staat dan bij die collega onder Deze week. U kunt haar terughalen.")
    )

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(user.public_id), user.name) for user in colleagues]
        self.fields["colleague"].choices = [("", _("Kies een collega")), *people]  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Give a person a role."""

    email = forms.CharField(
        label=_("E-mailadres"), max_length=254, widget=forms.EmailInput(), help_text=_("Hiermee logt de persoon in.")
    )
    name = forms.CharField(
        label=_("Naam"), max_length=120, required=False, help_text=_("Alleen nodig als dit e-mailadres hier nieuw is.")
    )
    role = forms.ChoiceField(label=_("Rol"), choices=[(r.value, r.label) for r in Role if r is not Role.SYSTEM])
    valid_from = DayField(label=_("Vanaf"))
    valid_to = DayField(
        label=_("Tot"),
        required=False,
        help_text=_("Op deze dag stopt de rol. Leeg: tot u de rol beëindigt."),
    )


class MandateForm(forms.Form):
    """Give the SOC or the CERT a mandate."""

    grantee = forms.ChoiceField(
        label=_("Aan wie?"),
        widget=forms.RadioSelect(),
        help_text=_(
            "Het SOC (security operations center) kijkt dag en nacht naar meldingen. "
            "Het CERT (computer emergency response team) helpt bij een groot incident."
        ),
    )
    act = forms.ChoiceField(
        label=_("Wat mag het?"),
        widget=forms.RadioSelect(),
        choices=[("nee", _("Alleen meekijken")), ("ja", _("Meekijken en handelen"))],
        help_text=_("Handelen is bijvoorbeeld een melding beoordelen of een incident openen."),
    )
    purpose = forms.CharField(
        label=_("Waarvoor?"), max_length=200, help_text=_("Bijvoorbeeld: bewaking dag en nacht en eerste hulp.")
    )
    ends_on = DayField(label=_("Tot en met"))

    def __init__(self, *args: object, grantees: Iterable[Organisation], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["grantee"].choices = [(g.code, g.name) for g in grantees]  # type: ignore[attr-defined]


class LogbookFilter(forms.Form):
    """Which lines of the audit chain to show."""

    action = forms.ChoiceField(label=_("Handeling"), required=False)
    result = forms.ChoiceField(
        label=_("Uitkomst"),
        required=False,
        choices=[*ANY, (audit.DONE, _("Gedaan")), (audit.DENIED, _("Geweigerd")), (audit.USED, _("Ingezien"))],
    )
    who = forms.ChoiceField(label=_("Door welke organisatie"), required=False)
    since = DayField(label=_("Vanaf"), required=False)
    until = DayField(label=_("Tot en met"), required=False)

    def __init__(self, *args: object, organisations: Iterable[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        labels = sorted(((r.action, capital(str(r.label))) for r in rules().values()), key=lambda pair: pair[1])
        self.fields["action"].choices = [*ANY, *labels]  # type: ignore[attr-defined]
        self.fields["who"].choices = [*ANY, *organisations]  # type: ignore[attr-defined]


class RegisterFilter(forms.Form):
    """Which nodes of the register to show."""

    q = forms.CharField(label=_("Zoek op naam"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Soort"), required=False, choices=[*ANY, *NodeKind.choices])
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    state = forms.ChoiceField(
        label=_("Toon"),
        required=False,
        choices=[*ANY, ("vitaal", _("Alleen vitaal")), ("onbekend", _("Nog te herkennen"))],
    )

    def __init__(self, *args: object, sectors: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["sector"].choices = [*ANY, *((s, s) for s in sectors)]  # type: ignore[attr-defined]


class MinutesField(forms.IntegerField):
    """A whole number of minutes, at most a year; may stay empty."""

    def __init__(self, label: Any, help_text: Any) -> None:
        super().__init__(label=label, help_text=help_text, required=False, min_value=0, max_value=527_040)


class NodeForm(forms.Form):
    """A process, service or asset."""

    name = forms.CharField(label=_("Naam"), max_length=120, help_text=_("Zoals mensen het noemen."))
    kind = forms.ChoiceField(
        label=_("Soort"),
        widget=forms.RadioSelect(),
        choices=NodeKind.choices,
        help_text=_(
            "Een proces is werk dat door moet gaan, een dienst helpt daarbij, een middel is een machine of systeem."
        ),
    )
    sector = forms.CharField(
        label=_("Sector"),
        max_length=60,
        required=False,
        help_text=_("Waar het bij hoort, bijvoorbeeld crisisbeheersing."),
    )
    vital = forms.BooleanField(
        label=_("Vitaal"), required=False, help_text=_("Valt dit uit, dan raakt dat hulpverlening of veiligheid.")
    )
    owner_name = forms.CharField(label=_("Eigenaar"), max_length=120, required=False, help_text=_("Wie erover gaat."))
    restart = MinutesField(_("Herstart in minuten"), _("Hoe lang opstarten duurt als alles er weer is."))
    repair = MinutesField(_("Herstel in minuten"), _("Hoe lang herstellen meestal duurt. Leeg: onbekend."))
    repair_spread = forms.ChoiceField(
        label=_("Hoe loopt herstel uiteen?"),
        required=False,
        choices=[("", _("Niet ingevuld")), *SpreadKind.choices],
        help_text=_("Voor het doorrekenen van de kans op een lange uitval."),
    )
    repair_low = MinutesField(_("Kortste herstel in minuten"), _("Alleen bij een driehoek."))
    repair_high = MinutesField(
        _("Langste herstel in minuten"), _("Bij een driehoek; bij lognormaal waar 19 van de 20 onder blijven.")
    )
    failures_per_year = forms.FloatField(
        label=_("Storingen per jaar"),
        required=False,
        min_value=0,
        max_value=10_000,
        localize=True,
        help_text=_(
            "Hoe vaak het uit zichzelf uitvalt. 0,5 is eens in de twee jaar. Leeg: niet bekend, telt als nooit."
        ),
    )
    region = forms.CharField(
        label=_("Regio"),
        max_length=20,
        required=False,
        help_text=_("Code van de veiligheidsregio waar het staat. Leeg: de eigen regio."),
    )
    names = forms.CharField(
        label=_("Namen in logs"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Machinenamen en adressen zoals ze in logbestanden staan, één per regel."),
    )
    key = forms.CharField(
        label=_("Sleutel"),
        max_length=80,
        required=False,
        help_text=_("Korte naam voor tabellen. Leeg: gemaakt uit de naam."),
    )


class NeedForm(forms.Form):
    """What a node needs to keep working."""

    label = forms.CharField(label=_("Wat is er nodig?"), max_length=120, help_text=_("Bijvoorbeeld: stroom."))
    providers = forms.CharField(
        label=_("Wie of wat levert dat?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Namen uit het register, één per regel. Meer regels: ze kunnen elkaar vervangen."),
    )
    needed = forms.IntegerField(
        label=_("Hoeveel daarvan zijn er minstens nodig?"), min_value=1, max_value=1000, initial=1
    )
    degraded_at = forms.IntegerField(
        label=_("Bij minder dan hoeveel hapert het?"),
        required=False,
        min_value=2,
        max_value=1000,
        help_text=_("Leeg: het hapert niet, het werkt of het valt uit."),
    )
    autonomy = MinutesField(_("Hoeveel minuten houdt het zonder vol?"), _("De buffer, bijvoorbeeld een accu."))
    effect = forms.ChoiceField(
        label=_("En daarna?"), widget=forms.RadioSelect(), choices=[("down", _("Valt uit")), ("degraded", _("Hapert"))]
    )
    coupling = forms.FloatField(
        label=_("Hoe groot is de kans dat een uitval gevoeld wordt?"),
        required=False,
        min_value=0,
        max_value=1,
        localize=True,
        help_text=_("Van 0 tot en met 1. Leeg of 1: altijd."),
    )


class ConfirmForm(forms.Form):
    """Say whether an asset that was seen in logs is the organisation's own, and what people call it."""

    name = forms.CharField(label=_("Naam"), max_length=120)


class RegimesForm(forms.Form):
    """Under which laws the organisation falls."""

    regimes = forms.MultipleChoiceField(
        label=_("Wat geldt voor uw organisatie?"), required=False, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, *args: object, regimes: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["regimes"].choices = list(regimes.items())  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """Make a token for the API."""

    name = forms.CharField(
        label=_("Waarvoor is het?"), max_length=80, help_text=_("Zodat u het later herkent. Bijvoorbeeld: dashboard.")
    )
    until = DayField(label=_("Tot en met"), help_text=_("Hoogstens een jaar. Daarna maakt u een nieuw token."))


class UploadForm(forms.Form):
    """Offer a table."""

    file = forms.FileField(
        label=_("Tabel"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("Een .csv of .xlsx van hoogstens 5 MB."),
    )


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def day_after(day: date) -> datetime:
    """The first moment after a day, local time."""
    return day_start(date.fromordinal(day.toordinal() + 1))


def day_start(day: date) -> datetime:
    """The first moment of a day, local time."""
    return timezone.make_aware(datetime.combine(day, time.min))
