from django.urls import path

from articles.feeds import ArticleFeed
from cms.page_cache.middleware import public_page

app_name = "articles"

urlpatterns = [path("feed/", public_page()(ArticleFeed()), name="feed")]
