"""What the forms of the watch share: filters in the address, and the choice of an organisation."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from brandwacht.network.models import Organisation


class Narrowing(forms.Form):
    """A filter form in the address: a value that does not fit counts as not given."""

    def chosen(self, name: str) -> Any:
        """The cleaned value of a field, or its initial value."""
        self.is_valid()
        value = self.cleaned_data.get(name, "")
        return value if value not in ("", None) else self.fields[name].initial

    @classmethod
    def read(cls, data: Any, **kwargs: Any) -> Any:
        """The form over the address; what the address does not name has its initial value."""
        form = cls(**kwargs)
        given = {name: data.get(name, field.initial or "") for name, field in form.fields.items()}
        return cls(given, **kwargs)


class OwnerFilterForm(Narrowing):
    """Of which organisation; there is no question when there is but one."""

    organisatie = forms.ChoiceField(label=_("Organisatie"), required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ids = {o.code: o.pk for o in organisations}
        if len(organisations) > 1:
            field = self.fields["organisatie"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
            field.choices = [("", _("Alle organisaties")), *((o.code, o.full_name) for o in organisations)]
        else:
            del self.fields["organisatie"]

    def owner_id(self) -> int | None:
        """The primary key of the chosen organisation."""
        code = self.chosen("organisatie") if "organisatie" in self.fields else None
        return self._ids.get(code) if code else None


class OfOrganisation(forms.Form):
    """A form about one organisation, in the field that ``owner_field`` names; of a single one nothing is asked."""

    owner_field: ClassVar = "organisation"

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ids = {o.code: o.pk for o in organisations}
        field = self.fields[self.owner_field]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(o.code, o.full_name) for o in organisations]
        if len(organisations) == 1:
            field.widget = forms.HiddenInput()
            field.initial = organisations[0].code

    def owner_id(self) -> int:
        """The primary key of the chosen organisation."""
        return self._ids[self.cleaned_data[self.owner_field]]
