from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.search import index

from cms.core.anchors import Part, anchors_of
from cms.core.drafts import DraftReferences, without_lost_rows
from cms.core.fields import StreamField
from cms.core.listing import ListedPageManager
from cms.core.navigation import Crumb, breadcrumbs
from cms.core.questions import Question, questions_of
from cms.images.pictures import prefetch_pictures
from cms.page_cache.versions import remember
from cms.typed.fields import EmailAddressField


class BasePage(Page):
    """What every public page has: an introduction, a picture, and structured data."""

    introduction = models.TextField(
        _("introduction"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences, shown below the title and on cards."),
    )
    picture = models.ForeignKey(
        "images.CustomImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    # Whoever deletes a row is told of the drafts that name it.
    draft_uses = DraftReferences(_("draft or scheduled version"))
    draft_needs = DraftReferences(_("draft or scheduled version"), protecting=True)

    objects = ListedPageManager()

    open_graph_type = "website"
    # What a reader may add to the address to see something else; the page cache keeps a copy for each.
    public_parameters: tuple[str, ...] = ()

    search_fields = [*Page.search_fields, index.SearchField("introduction", boost=2)]
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("picture")]

    class Meta:
        abstract = True

    @classmethod
    def for_serving(cls) -> models.QuerySet:
        """Return the pages of this type with the rows that their template needs; a subclass adds its own."""
        return cls.objects.select_related("picture").prefetch_related(prefetch_pictures())

    def with_content_json(self, content: dict) -> "BasePage":
        """Return Wagtail's page, for a version that names lost rows too: `lost_fields` has their fields."""
        kept, lost = without_lost_rows(type(self), content)
        for name in lost:
            field = self._meta.get_field(name)
            kept[name] = None if field.null else field.value_from_object(self)
        version = super().with_content_json(kept)
        version.lost_fields = lost
        return version

    def get_view_restrictions(self) -> models.QuerySet:
        """Return Wagtail's restrictions, without asking again for what routing has found out."""
        chain = [*getattr(self, "routed_ancestors", []), self]
        if any(page.alias_of_id for page in chain):
            return super().get_view_restrictions()
        if not getattr(self, "is_restricted", True):  # as routing found with the page
            return PageViewRestriction.objects.none()
        if len(chain) == 1:
            return super().get_view_restrictions()
        return PageViewRestriction.objects.filter(page__in=[page.pk for page in chain])

    @cached_property
    def original(self) -> "BasePage":
        """The page whose address counts: an alias's is what it repeats, while that is there for everybody."""
        original = self.alias_of and self.alias_of.specific
        if original is None or not original.live or original.get_view_restrictions().exists():
            return self
        return original

    def address(self, request: HttpRequest) -> str:
        """Return the full address for search engines and shares."""
        return self.original.get_full_url(request) or ""

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Return nothing for an alias, whose address is not its own."""
        return [] if self.alias_of_id else super().get_sitemap_urls(request)

    def breadcrumbs(self, request: HttpRequest) -> list[Crumb]:
        """Return the way from the home page down to this page, without the page itself."""
        return breadcrumbs(self, request)

    @cached_property
    def anchors(self) -> dict[str, str]:
        """The fragment that leads to each heading and question, by the block's key (see cms.core.anchors)."""
        return anchors_of(self.anchored_parts())

    def anchored_parts(self) -> Iterator[tuple[Part, str]]:
        """Yield what can be linked to, in reading order, with its words: headings and questions."""
        for block in chain(getattr(self, "body", None) or [], getattr(self, "questions", None) or []):
            if block.block_type == "heading":
                yield block, block.value
            elif block.block_type == "question":
                yield block, block.value["question"]

    def question_list(self) -> list[Question]:
        """Return the page's questions in reading order; by default those of its `questions` stream."""
        return questions_of(getattr(self, "questions", None) or [], self.anchors)

    def structured_data(self, request: HttpRequest) -> list[dict]:
        """Return the page's JSON-LD objects besides its breadcrumbs; a subclass adds its own."""
        return []

    def description(self) -> str:
        """Return the text for search engines and shares."""
        return self.search_description or self.introduction


# Short numbers such as 112 belong to no numbering plan that a library knows.
callable_number = RegexValidator(
    r"^\+?[0-9][0-9 ()-]*$", _("Only digits, spaces, hyphens and brackets, as it is dialled.")
)


# For a site that has not named its own yet.
HELPLINE_DIRECTORY = {
    "name": "Find A Helpline",
    "helps_with": "anything",
    "number": "",
    "url": "https://findahelpline.com/",
    "note": "Helplines in your country.",
}


class HelplineBlock(blocks.StructBlock):
    """Who helps in a crisis, and how to reach them."""

    name = blocks.CharBlock(label=_("Name"), max_length=120)
    helps_with = blocks.ChoiceBlock(
        label=_("Shown for"),
        choices=[
            ("anything", _("every crisis")),
            ("despair", _("suicide and self-harm")),
            ("poisoning", _("poisoning and overdose")),
            ("abuse", _("violence and abuse")),
        ],
        default="anything",
    )
    number = blocks.CharBlock(
        label=_("Telephone number"), max_length=30, required=False, validators=[callable_number]
    )
    url = blocks.URLBlock(label=_("Web address"), required=False)
    note = blocks.CharBlock(
        label=_("Note"),
        max_length=150,
        required=False,
        help_text=_("Whom it is for, and when somebody answers."),
    )

    class Meta:
        icon = "phone"
        label = _("Helpline")


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """Words and addresses that every page shares."""

    strapline = models.CharField(_("strapline"), max_length=200, blank=True)
    footer_notice = models.TextField(
        _("footer notice"), blank=True, help_text=_("Shown at the foot of every page.")
    )
    laboratory_codes_notice = models.TextField(_("notice about laboratory codes"), blank=True)
    emergency_advice = models.CharField(
        _("emergency advice"),
        max_length=250,
        blank=True,
        help_text=_("What to do in an emergency; shown in the footer."),
    )
    emergency_number = models.CharField(
        _("emergency number"),
        max_length=30,
        blank=True,
        validators=[callable_number],
        help_text=_("Called by who searches for words of a crisis. Empty: “your emergency number”."),
    )
    helplines = StreamField(
        [("helpline", HelplineBlock())],
        verbose_name=_("helplines"),
        blank=True,
        default=[("helpline", HELPLINE_DIRECTORY)],
        help_text=_("Shown above all results to who searches for words of a crisis."),
    )
    support_email = EmailAddressField(_("support e-mail"), blank=True)
    staff_email = EmailAddressField(
        _("staff e-mail"),
        blank=True,
        help_text=_("New orders are announced to this address. Without it nobody is told."),
    )
    postal_address = models.TextField(_("postal address"), blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("strapline"),
                FieldPanel("footer_notice"),
                FieldPanel("laboratory_codes_notice"),
                FieldPanel("emergency_advice"),
            ],
            heading=_("Words"),
        ),
        MultiFieldPanel(
            [FieldPanel("emergency_number"), FieldPanel("helplines")], heading=_("Help in a crisis")
        ),
        MultiFieldPanel(
            [FieldPanel("support_email"), FieldPanel("staff_email"), FieldPanel("postal_address")],
            heading=_("Addresses"),
        ),
    ]

    class Meta:
        verbose_name = _("site settings")

    @classmethod
    def for_request(cls, request: HttpRequest) -> "SiteSettings":
        """Return the settings without a query until they change; `for_site` always asks the database."""
        attribute = cls.get_cache_attr_name()
        if not hasattr(request, attribute):
            site = Site.find_for_request(request)
            values = remember(f"settings:{site.pk}", lambda: cls.for_site(site).plain_values())
            setattr(request, attribute, cls(**values))
        return getattr(request, attribute)

    def plain_values(self) -> dict[str, Any]:
        """Return each column's value, as the cache keeps it."""
        return {
            field.attname: field.get_prep_value(field.value_from_object(self))
            for field in self._meta.concrete_fields
        }
