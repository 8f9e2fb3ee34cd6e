from dataclasses import dataclass
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import Tag, TaggedItemBase
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, PageManager
from wagtail.search import index

from articles import structured_data
from articles.models.categories import Category
from cms.core.anchors import key_of
from cms.core.blocks import TEXT_BLOCKS, QuestionBlock, SourceBlock
from cms.core.calendar import site_today
from cms.core.fields import StreamField
from cms.core.listing import ListedPageQuerySet
from cms.core.models import BasePage
from cms.core.navigation import address_of
from cms.images.pictures import attach_renditions, prefetch_pictures
from shop.attribution.blocks import OfferBlock

# A calm pace for adults and factual prose: Brysbaert 2019, doi.org/10.1016/j.jml.2019.104047, has 238.
WORDS_A_MINUTE = 220
RECOMMENDATIONS = 3


class ArticleQuerySet(ListedPageQuerySet):
    def for_cards(self) -> "ArticleQuerySet":
        """Return listed articles with all that a card shows, newest first, in two queries."""
        return (
            self.listed()
            .select_related("category", "picture")
            .prefetch_related(prefetch_pictures())
            .defer_streamfields()
            .order_by("-first_published_at", "-pk")
        )

    def recommended_for(self, article: "ArticlePage") -> list["Recommendation"]:
        """Return up to three listed articles to read next, each with the reason why; one query.

        First what editors chose, then what shares a topic, what is in the same category, what is new.
        """
        topics = {tag.pk: tag.name for tag in article.topics}
        shared_topics = ArticleTag.objects.filter(content_object=OuterRef("pk"), tag__in=topics)
        candidates = (
            self.listed()
            .exclude(pk=article.pk)
            .annotate(
                chosen_place=_chosen_place(article),
                shared_topics=Count("tagged_items", filter=Q(tagged_items__tag__in=topics), distinct=True),
                shared_topic=Subquery(shared_topics.order_by("tag__name").values("tag")[:1]),
                same_category=Case(When(category=article.category_id, then=1), default=0),
            )
            .select_related("picture", "category")
            .defer_streamfields()
            .order_by(
                F("chosen_place").asc(nulls_last=True),
                "-shared_topics",
                "-same_category",
                "-first_published_at",
                "pk",
            )
        )
        return [
            Recommendation(candidate, _reason(candidate, topics))
            for candidate in candidates[:RECOMMENDATIONS]
        ]


def topic_link(tag: Tag, index_address: str) -> dict[str, str]:
    """Return the tag as a component shows it; without an address where its slug makes none."""
    return {"name": tag.name, "url": f"{index_address}tag/{tag.slug}/" if index_address and tag.slug else ""}


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey(
        "articles.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ArticleForm(WagtailAdminPageForm):
    """Says in words why a person is refused; the chooser shows everybody."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "reviewer" in self.fields:
            words = _("This person is not marked as a clinician, so they cannot be the reviewer.")
            self.fields["reviewer"].error_messages["invalid_choice"] = words


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

    objects = PageManager.from_queryset(ArticleQuerySet)()

    base_form_class = ArticleForm
    open_graph_type = "article"
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
                FieldPanel("reviewer", help_text=_("A person who is marked as a clinician.")),
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

    @classmethod
    def for_serving(cls) -> models.QuerySet:
        """Return articles with the people behind them; renditions come for all pictures of a page at once."""
        return cls.objects.select_related("picture", "category", "author__picture", "reviewer__picture")

    def clean(self) -> None:
        """Raise ValidationError for a review in the future, or a next one that is not after the last."""
        super().clean()
        errors = {}
        if self.last_reviewed and self.last_reviewed > site_today():
            errors["last_reviewed"] = gettext("A review cannot lie in the future.")
        if self.last_reviewed and self.next_review_due and self.next_review_due <= self.last_reviewed:
            errors["next_review_due"] = gettext("The next review must come after the last one.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        """Add everything around the text: the way back, the contents list, topics, what to read next."""
        index_address = address_of(request, "articleindexpage")
        recommended = ArticlePage.objects.recommended_for(self)
        attach_renditions(
            [*self._pictures(), *(recommendation.article.picture for recommendation in recommended)]
        )
        return {
            **super().get_context(request, *args, **kwargs),
            "index_address": index_address,
            "category_link": self.category.link(index_address) if self.category else None,
            "people_address": address_of(request, "peoplepage"),
            "checks_address": address_of(request, "packageindexpage"),
            "share_address": self.address(request),
            "contents": self.contents(),
            "topics": [topic_link(tag, index_address) for tag in self.topics],
            "recommended": recommended,
        }

    @cached_property
    def topics(self) -> list[Tag]:
        """The article's tags by name; unsaved ones too, in a preview."""
        return sorted(self.tags.all(), key=lambda tag: tag.name.casefold())

    @property
    def reading_minutes(self) -> int:
        """How long the introduction, body and questions take to read, at least one minute."""
        texts = [self.introduction]
        for stream in (self.body, self.questions):
            texts += stream.stream_block.get_searchable_content(stream)
        return max(1, ceil(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))

    def contents(self) -> list[dict[str, str]]:
        """Return the sections in the order of the page, each with the fragment that leads to it."""
        sections = [
            {"title": block.value, "anchor": self.anchors[key_of(block)]}
            for block in self.body
            if block.block_type == "heading"
        ]
        if self.questions:
            sections.append({"title": gettext("Questions"), "anchor": "questions"})
        if self.sources:
            sections.append({"title": gettext("Sources"), "anchor": "sources"})
        return sections

    def structured_data(self, request: HttpRequest) -> list[dict]:
        return structured_data.article(self, request)

    def _pictures(self) -> list:
        people = [person.picture for person in (self.author, self.reviewer) if person]
        in_body = [block.value["image"] for block in self.body if block.block_type == "picture"]
        return [self.picture, *people, *in_body]


def shelves() -> models.QuerySet[Category]:
    """Return the categories on which there is something to read."""
    return Category.objects.filter(articles__in=ArticlePage.objects.listed().order_by()).distinct()


class RecommendedLink(Orderable):
    """An article that an editor recommends beside another."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="recommended_links")
    target = models.ForeignKey(
        ArticlePage, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("target", "articles.ArticlePage")]


@dataclass(frozen=True)
class Recommendation:
    """An article to read next, and why it is shown."""

    article: ArticlePage
    reason: str


def _chosen_place(article: ArticlePage) -> Combinable:
    """Return where a candidate stands among the editors' choices; null for one that nobody chose."""
    links = article.recommended_links
    if links.is_deferring:  # a preview: the choices are not in the database yet
        targets = [link.target_id for link in links.all() if link.target_id]
        places = [When(pk=target, then=Value(place)) for place, target in enumerate(targets)]
        return Case(*places, default=None, output_field=IntegerField())
    chosen = RecommendedLink.objects.filter(page=article.pk, target=OuterRef("pk"))
    return Subquery(chosen.values("sort_order")[:1])


def _reason(candidate: ArticlePage, topics: dict[int, str]) -> str:
    if candidate.chosen_place is not None:
        return gettext("Shown because our editors recommend it with this article.")
    if topic := topics.get(candidate.shared_topic):
        return gettext("Shown because it shares the topic %(topic)s.") % {"topic": topic}
    if candidate.same_category:
        return gettext("Shown because it is about the same subject: %(category)s.") % {
            "category": candidate.category
        }
    return gettext("Shown because it is among our newest articles.")
