from django.core.management.base import BaseCommand
from wagtail.models import Page

from cms.core.models import BasePage
from home.search.index import index_questions


class Command(BaseCommand):
    help = "Makes the questions that search finds, and their addresses, anew from the published pages."

    def handle(self, *args, **options) -> None:
        for page in Page.objects.live().specific().iterator():
            if isinstance(page, BasePage):
                index_questions(page)
