from articles.faqs import FAQIndexPage, FAQPage
from articles.pages import ArticleIndexPage, ArticlePage, ArticleTag, RecommendedLink, shelves
from articles.people import PeoplePage, Person
from articles.topics import Category

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "ArticleTag",
    "Category",
    "FAQIndexPage",
    "FAQPage",
    "PeoplePage",
    "Person",
    "RecommendedLink",
    "shelves",
]
