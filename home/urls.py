from django.urls import path

from home.views import search

urlpatterns = [path("search/", search, name="search")]
