"""Articles, questions, and the people behind them."""

from articles.models.article_index import ALL, CARDS_ON_A_PAGE, ArticleIndexPage
from articles.models.articles import (
    ArticleForm,
    ArticlePage,
    ArticleQuerySet,
    ArticleTag,
    Recommendation,
    RecommendedLink,
    shelves,
    topic_link,
)
from articles.models.categories import Category
from articles.models.faqs import FAQIndexPage, FAQPage, QuestionGroupBlock, Subject
from articles.models.people import PeoplePage, Person

__all__ = [
    "ALL",
    "CARDS_ON_A_PAGE",
    "ArticleForm",
    "ArticleIndexPage",
    "ArticlePage",
    "ArticleQuerySet",
    "ArticleTag",
    "Category",
    "FAQIndexPage",
    "FAQPage",
    "PeoplePage",
    "Person",
    "QuestionGroupBlock",
    "Recommendation",
    "RecommendedLink",
    "Subject",
    "shelves",
    "topic_link",
]
