from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tools.demo.loading import catalogue, pages, users
from tools.demo.loading.indexing import indexed_once

STEPS = [
    ("people who write and review", pages.load_people),
    ("categories", pages.load_categories),
    ("biomarkers", catalogue.load_biomarkers),
    ("packages", catalogue.load_packages),
    ("tax rates", catalogue.load_tax_rates),
    ("consent texts", catalogue.load_consent_texts),
    ("home and sections", pages.load_structure),
    ("health checks", pages.load_package_pages),
    ("articles", pages.load_articles),
    ("questions", pages.load_faqs),
    ("links between pages", pages.load_links),
    ("log-ins", users.load_users),
]


class Command(BaseCommand):
    help = "Loads the demo content. Safe to repeat: what was loaded once is never loaded or changed again."

    def handle(self, *args, **options) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("With production settings no demo is loaded: what it sells is invented.")
        with transaction.atomic(), indexed_once():
            for number, (name, load) in enumerate(STEPS, start=1):
                if options["verbosity"]:
                    self.stdout.write(f"  {number}/{len(STEPS)} {name}")
                load()
