from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import Tag, TaggedItemBase
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable, PageManager
from wagtail.search import index

from articles import reading, recommendations
from articles.models.categories import Category
from cms.core import structured_data
from cms.core.blocks import TEXT_BLOCKS, QuestionBlock, SourceBlock
from cms.core.calendar import site_today
from cms.core.fields import StreamField
from cms.core.listing import ListedPageQuerySet
from cms.core.models import BasePage
from cms.core.navigation import address_of
from cms.images.pictures import attach_renditions, prefetch_pictures
from shop.attribution.blocks import OfferBlock

CARDS_ON_A_PAGE = 12
ALL = _("All articles")


class ArticleQuerySet(ListedPageQuerySet):
    def for_cards(self) -> "ArticleQuerySet":
        """Listed articles with all that a card shows, newest first, in two queries."""
        return (
            self.listed()
            .select_related("category", "picture")
            .prefetch_related(prefetch_pictures())
            .defer_streamfields()
            .order_by("-first_published_at", "-pk")
        )


class ArticleIndexPage(RoutablePageMixin, BasePage):
    """All articles, by category and by tag."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["articles.ArticlePage"]
    max_count = 1
    public_parameters = ("page",)

    class Meta:
        verbose_name = _("article index")

    @path("")
    def all_articles(self, request: HttpRequest) -> HttpResponse:
        """Every article, the newest as the lead of the first page."""
        return self._listing(request, self.articles(), has_lead=True, current=str(ALL))

    @path("category/<slug:slug>/")
    def in_category(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The articles of one category; 404 for an unknown one."""
        category = get_object_or_404(Category, slug=slug)
        return self._listing(
            request,
            self.articles().filter(category=category),
            title=category.name,
            description=category.description,
            current=category.name,
        )

    @path("tag/<str:slug>/")
    def with_tag(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The articles with one tag; 404 for a tag that no listed article carries."""
        tag = get_object_or_404(Tag, slug=slug)
        tagged = self.articles().filter(tagged_items__tag=tag)
        return self._listing(
            request,
            tagged,
            must_exist=True,
            title=tag.name,
            description=gettext("Articles about this topic: %(topic)s.") % {"topic": tag.name},
            topic=tag.name,
        )

    def get_route_paths(self) -> list[str]:
        """What Wagtail leads on from when this page gets another address: its categories and tags too."""
        tags = Tag.objects.filter(articles_articletag_items__isnull=False).exclude(slug="").distinct()
        return [
            *super().get_route_paths(),
            *(f"/category/{slug}/" for slug in Category.objects.values_list("slug", flat=True)),
            *(f"/tag/{slug}/" for slug in tags.values_list("slug", flat=True)),
        ]

    def articles(self) -> ArticleQuerySet:
        """The listed articles below this page, ready for cards."""
        return ArticlePage.objects.child_of(self).for_cards()

    def _listing(
        self,
        request: HttpRequest,
        articles: ArticleQuerySet,
        *,
        has_lead: bool = False,
        must_exist: bool = False,
        **words: str,
    ) -> HttpResponse:
        paginator = Paginator(articles, CARDS_ON_A_PAGE)
        page_obj = paginator.get_page(request.GET.get("page"))
        cards = list(page_obj)
        if must_exist and not cards:
            raise Http404
        lead = cards.pop(0) if has_lead and cards and page_obj.number == 1 else None
        context = {**words, "page_obj": page_obj, "cards": cards, "lead": lead}
        if "title" in words:
            context["breadcrumbs"] = [*self.breadcrumbs(request), {"title": self.title, "url": self.url}]
        return self.render(
            request, context_overrides={**context, "categories": self._category_links(request)}
        )

    def _category_links(self, request: HttpRequest) -> list[dict[str, str]]:
        own_address = self.get_url(request)
        everything = {"name": ALL, "url": own_address}
        return [everything, *(category.link(own_address) for category in shelves())]


def topic_link(tag: Tag, index_address: str) -> dict[str, str]:
    """The tag as a component shows it; without an address where its slug makes none."""
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
        """With the people behind it; renditions come for all pictures of the page at once."""
        return cls.objects.select_related("picture", "category", "author__picture", "reviewer__picture")

    def clean(self) -> None:
        """No review lies in the future, and the next one after the last."""
        super().clean()
        errors = {}
        if self.last_reviewed and self.last_reviewed > site_today():
            errors["last_reviewed"] = gettext("A review cannot lie in the future.")
        if self.last_reviewed and self.next_review_due and self.next_review_due <= self.last_reviewed:
            errors["next_review_due"] = gettext("The next review must come after the last one.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        """Everything around the text: the way back, the contents list, topics, what to read next."""
        index_address = address_of(request, "articleindexpage")
        recommended = recommendations.for_article(self)
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
            "contents": reading.contents(self),
            "topics": [topic_link(tag, index_address) for tag in self.topics],
            "recommended": recommended,
        }

    @cached_property
    def topics(self) -> list[Tag]:
        """The article's tags by name; unsaved ones too, in a preview."""
        return sorted(self.tags.all(), key=lambda tag: tag.name.casefold())

    @property
    def reading_minutes(self) -> int:
        """How long the article takes to read, at least one minute."""
        return reading.minutes(self)

    def structured_data(self, request: HttpRequest) -> list[dict]:
        return structured_data.article(self, request)

    def _pictures(self) -> list:
        people = [person.picture for person in (self.author, self.reviewer) if person]
        in_body = [block.value["image"] for block in self.body if block.block_type == "picture"]
        return [self.picture, *people, *in_body]


def shelves() -> models.QuerySet[Category]:
    """The categories on which there is something to read."""
    return Category.objects.filter(articles__in=ArticlePage.objects.listed().order_by()).distinct()


class RecommendedLink(Orderable):
    """An article that an editor recommends beside another."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="recommended_links")
    target = models.ForeignKey(
        ArticlePage, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("target", "articles.ArticlePage")]
