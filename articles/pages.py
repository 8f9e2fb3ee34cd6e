from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from cms.core.blocks import TEXT_BLOCKS, QuestionBlock, SourceBlock
from cms.core.models import BasePage
from shop.attribution.blocks import OfferBlock


class ArticleIndexPage(RoutablePageMixin, BasePage):
    """All articles, by category and by tag."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["articles.ArticlePage"]
    max_count = 1

    class Meta:
        verbose_name = _("article index")


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey(
        "articles.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ArticlePage(BasePage):
    """An article: written by one person, reviewed by a clinician, with its sources."""

    category = models.ForeignKey(
        "articles.Category",
        verbose_name=_("category"),
        null=True,
        on_delete=models.PROTECT,
        related_name="articles",
    )
    tags = ClusterTaggableManager(through=ArticleTag, verbose_name=_("tags"), blank=True)
    author = models.ForeignKey(
        "articles.Person",
        verbose_name=_("author"),
        null=True,
        on_delete=models.PROTECT,
        related_name="written_articles",
    )
    reviewer = models.ForeignKey(
        "articles.Person",
        verbose_name=_("clinical reviewer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewed_articles",
        limit_choices_to={"is_clinician": True},
    )
    last_reviewed = models.DateField(_("last reviewed"), null=True, blank=True)
    next_review_due = models.DateField(_("next review due"), null=True, blank=True, db_index=True)
    body = StreamField([*TEXT_BLOCKS, ("offer", OfferBlock())], verbose_name=_("body"), blank=True)
    questions = StreamField(
        [("question", QuestionBlock())], verbose_name=_("questions and answers"), blank=True
    )
    sources = StreamField([("source", SourceBlock())], verbose_name=_("sources"), blank=True)

    parent_page_types = ["articles.ArticleIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.FilterField("category_id"),
        index.FilterField("next_review_due"),
        index.RelatedFields("tags", [index.SearchField("name", boost=2)]),
    ]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("category"), FieldPanel("tags")], heading=_("Where it belongs")),
        MultiFieldPanel(
            [
                FieldPanel("author"),
                FieldPanel("reviewer"),
                FieldPanel("last_reviewed"),
                FieldPanel("next_review_due"),
            ],
            heading=_("Who stands for it"),
        ),
        FieldPanel("body"),
        FieldPanel("questions"),
        FieldPanel("sources"),
        InlinePanel("recommended_links", heading=_("Recommended articles"), label=_("Article"), max_num=6),
    ]

    class Meta:
        verbose_name = _("article")


class RecommendedLink(Orderable):
    """An article that an editor recommends beside another."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="recommended_links")
    target = models.ForeignKey(
        ArticlePage, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("target", "articles.ArticlePage")]
