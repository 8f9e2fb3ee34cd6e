from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index


class Panel(models.Model):
    """A group of biomarkers that belong together, as a reader would group them."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("panel")

    def __str__(self) -> str:
        return self.name


class Biomarker(index.Indexed, models.Model):
    """Something a laboratory measures. A LOINC code and a UCUM unit belong together."""

    key = models.CharField(_("key"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=120)
    panel = models.ForeignKey(
        Panel, verbose_name=_("panel"), on_delete=models.PROTECT, related_name="biomarkers"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    loinc = models.CharField(_("LOINC code"), max_length=10)
    ucum = models.CharField(_("unit (UCUM)"), max_length=30, blank=True)
    si_loinc = models.CharField(_("LOINC code for the SI unit"), max_length=10, blank=True)
    si_ucum = models.CharField(_("SI unit (UCUM)"), max_length=30, blank=True)
    purpose = models.CharField(_("purpose"), max_length=120, help_text=_("A few words: what it stands for."))
    explanation = models.TextField(_("explanation"), help_text=_("One or two sentences in plain words."))

    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("key"),
        index.AutocompleteField("name"),
    ]

    class Meta:
        ordering = ["panel__position", "position", "name"]
        verbose_name = _("biomarker")

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"
