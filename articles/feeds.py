"""The newest articles for feed readers."""

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from wagtail.models import Site

from articles.models import ArticlePage
from cms.core.models import SiteSettings
from cms.core.page_meta import site_name
from cms.typed.text import each_text, without_controls

NUMBER = 20


class XmlSafeAtomFeed(Atom1Feed):
    """Holds nothing that XML forbids: what was stored or imported unclean must not take the feed away."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*each_text(args, without_controls), **each_text(kwargs, without_controls))

    def add_item(self, *args, **kwargs) -> None:
        super().add_item(*each_text(args, without_controls), **each_text(kwargs, without_controls))


class ArticleFeed(Feed):
    """An Atom feed (RFC 4287) of the newest articles."""

    feed_type = XmlSafeAtomFeed
    link = "/"

    def get_object(self, request: HttpRequest) -> HttpRequest:
        return request

    def title(self, request: HttpRequest) -> str:
        return site_name(request)

    def subtitle(self, request: HttpRequest) -> str:
        return SiteSettings.for_request(request).strapline

    def items(self, request: HttpRequest) -> QuerySet:
        site = Site.find_for_request(request)
        newest = ArticlePage.objects.listed().select_related("author", "category").defer_streamfields()
        below_site = newest.descendant_of(site.root_page) if site else newest.none()
        return below_site.order_by("-first_published_at")[:NUMBER]

    def item_title(self, item: ArticlePage) -> str:
        return item.title

    def item_description(self, item: ArticlePage) -> str:
        return item.introduction

    def item_link(self, item: ArticlePage) -> str:
        return item.get_url() or ""

    def item_author_name(self, item: ArticlePage) -> str | None:
        return item.author.name if item.author else None

    def item_categories(self, item: ArticlePage) -> list[str]:
        return [item.category.name] if item.category else []

    def item_pubdate(self, item: ArticlePage):
        return item.first_published_at

    def item_updateddate(self, item: ArticlePage):
        return item.last_published_at
