"""Articles, questions, and the people behind them."""

from articles.models.articles import (
    ALL,
    CARDS_ON_A_PAGE,
    ArticleForm,
    ArticleIndexPage,
    ArticlePage,
    ArticleQuerySet,
    ArticleTag,
    RecommendedLink,
    shelves,
    topic_link,
)
from articles.models.categories import Category
from articles.models.faqs import FAQIndexPage, FAQPage, QuestionGroupBlock, Subject
from articles.models.people import Person
from articles.models.people_page import PeoplePage

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
    "RecommendedLink",
    "Subject",
    "shelves",
    "topic_link",
]
