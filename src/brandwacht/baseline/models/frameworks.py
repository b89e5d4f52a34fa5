"""Tables of what an organisation brings beside the norm: its text, its own division, and what others hand over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class NormText(TenantModel):
    """The official text under one number of a norm, as the organisation loaded it from its own copy.

    ``number`` is that of a control or of a government measure, ``source`` the file that it came from. The text is for
    the organisation alone: it is never shipped, exported or shown to others.
    """

    domain = Domain.BASIS

    framework = models.CharField(max_length=30)
    number = models.CharField(max_length=20)
    text = models.TextField()
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "framework", "number"], name="norm_text_once_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.number}"


class OwnGrouping(TenantModel):
    """An organisation's own division of the self-assessment, in place of ours; at most one.

    ``rows`` is a list of ``{"category", "numbers", "title"}``. ``sha256`` is that of the file.
    """

    domain = Domain.BASIS

    source = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_own_grouping")]

    def __str__(self) -> str:
        return self.source


class AnswerImport(TenantModel):
    """Answers or measures that somebody offered as an OSCAL document: as read, and what was taken over of it.

    ``kind`` is that of the document. ``lines`` holds what it says per control or per measure, ``unknown`` the ids in it
    that the framework does not have, ``taken`` the keys of what was taken over: numbers of controls, ids of measures.
    """

    domain = Domain.BASIS

    kind = models.CharField(max_length=30)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    framework = models.CharField(max_length=30)
    party = models.CharField(max_length=200, blank=True)
    lines = models.JSONField(default=list)
    unknown = models.JSONField(default=list)
    taken = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, default="voorbeeld", choices=[("voorbeeld", _("Voorbeeld")), ("verwerkt", _("Verwerkt"))]
    )
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=120)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-offered_at"], name="answer_import_offered")]

    def __str__(self) -> str:
        return self.filename
