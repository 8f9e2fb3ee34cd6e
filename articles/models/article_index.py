from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from articles.models.articles import ArticlePage, ArticleQuerySet, shelves
from articles.models.categories import Category
from cms.core.models import BasePage

CARDS_ON_A_PAGE = 12
ALL = _("All articles")


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
        """Return every article, the newest as the lead of the first page."""
        return self._listing(request, self.articles(), has_lead=True, current=str(ALL))

    @path("category/<slug:slug>/")
    def in_category(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Return the articles of one category; 404 for an unknown one."""
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
        """Return the articles with one tag; 404 for a tag that no listed article carries."""
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
        """Return what Wagtail redirects when this page gets another address: its categories and tags too."""
        tags = Tag.objects.filter(articles_articletag_items__isnull=False).exclude(slug="").distinct()
        return [
            *super().get_route_paths(),
            *(f"/category/{slug}/" for slug in Category.objects.values_list("slug", flat=True)),
            *(f"/tag/{slug}/" for slug in tags.values_list("slug", flat=True)),
        ]

    def articles(self) -> ArticleQuerySet:
        """Return the listed articles below this page, ready for cards."""
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
