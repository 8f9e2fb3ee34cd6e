"""What to read next: what editors chose, what shares a topic, what stands on the same shelf, what is new."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from articles.models.articles import ArticlePage

NUMBER = 3


@dataclass(frozen=True)
class Recommendation:
    article: "ArticlePage"
    reason: str


def for_article(article: "ArticlePage") -> list[Recommendation]:
    """Up to three listed articles, each with the reason why it is shown; one query."""
    from articles.models import ArticlePage, ArticleTag  # which are built on this module

    topics = {tag.pk: tag.name for tag in article.topics}
    shared = Q(tagged_items__tag__in=topics)
    first_shared = ArticleTag.objects.filter(content_object=OuterRef("pk"), tag__in=topics).order_by(
        "tag__name"
    )
    candidates = (
        ArticlePage.objects.listed()
        .exclude(pk=article.pk)
        .annotate(
            chosen_place=_chosen_place(article),
            shared_topics=Count("tagged_items", filter=shared, distinct=True),
            shared_topic=Subquery(first_shared.values("tag")[:1]),
            same_shelf=Case(When(category=article.category_id, then=1), default=0),
        )
        .select_related("picture", "category")
        .defer_streamfields()
        .order_by(
            F("chosen_place").asc(nulls_last=True),
            "-shared_topics",
            "-same_shelf",
            "-first_published_at",
            "pk",
        )
    )
    return [Recommendation(candidate, _reason(candidate, topics)) for candidate in candidates[:NUMBER]]


def _chosen_place(article: "ArticlePage") -> Combinable:
    """Where an article stands among the editors' choices; null for one that nobody chose."""
    from articles.models import RecommendedLink  # which is built on this module

    links = article.recommended_links
    if links.is_deferring:  # a preview: the choices are not in the database yet
        targets = [link.target_id for link in links.all() if link.target_id]
        places = [When(pk=target, then=Value(place)) for place, target in enumerate(targets)]
        return Case(*places, default=None, output_field=IntegerField())
    chosen = RecommendedLink.objects.filter(page=article.pk, target=OuterRef("pk"))
    return Subquery(chosen.values("sort_order")[:1])


def _reason(candidate: "ArticlePage", topics: dict[int, str]) -> str:
    if candidate.chosen_place is not None:
        return _("Shown because our editors recommend it with this article.")
    if topic := topics.get(candidate.shared_topic):
        return _("Shown because it shares the topic %(topic)s.") % {"topic": topic}
    if candidate.same_shelf:
        return _("Shown because it is about the same subject: %(category)s.") % {
            "category": candidate.category
        }
    return _("Shown because it is among our newest articles.")
