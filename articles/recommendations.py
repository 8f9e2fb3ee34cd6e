"""What to read next: what editors chose, then what shares a topic, then what stands on the same shelf."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from articles.pages import ArticlePage

NUMBER = 3


@dataclass(frozen=True)
class Recommendation:
    article: "ArticlePage"
    reason: str


def for_article(article: "ArticlePage") -> list[Recommendation]:
    """Up to three live articles, each with the reason why it is shown; two queries."""
    from articles.models import ArticlePage, ArticleTag  # which are built on this module

    chosen = [link.target_id for link in article.recommended_links.all() if link.target_id]
    topics = {tag.pk: tag.name for tag in article.topics}
    shared = Q(tagged_items__tag__in=topics)
    first_shared = ArticleTag.objects.filter(content_object=OuterRef("pk"), tag__in=topics).order_by(
        "tag__name"
    )
    place = Case(
        *(When(pk=target, then=Value(place)) for place, target in enumerate(chosen)),
        default=Value(len(chosen)),
        output_field=IntegerField(),
    )
    candidates = (
        ArticlePage.objects.live()
        .filter(Q(pk__in=chosen) | shared | Q(category=article.category_id))
        .exclude(pk=article.pk)
        .select_related("picture", "category")
        .defer_streamfields()
        .annotate(
            place=place,
            shared_topics=Count("tagged_items", filter=shared, distinct=True),
            shared_topic=Subquery(first_shared.values("tag")[:1]),
        )
        .order_by("place", "-shared_topics", "-first_published_at", "pk")
    )
    return [
        Recommendation(candidate, _reason(candidate, set(chosen), topics))
        for candidate in candidates[:NUMBER]
    ]


def _reason(candidate: "ArticlePage", chosen: set[int], topics: dict[int, str]) -> str:
    if candidate.pk in chosen:
        return _("Shown because our editors recommend it with this article.")
    if topic := topics.get(candidate.shared_topic):
        return _("Shown because it shares the topic %(topic)s.") % {"topic": topic}
    return _("Shown because it is about the same subject: %(category)s.") % {"category": candidate.category}
