import os
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from redis.exceptions import RedisError

from cms.images.models import CustomImage
from cms.images.pictures import FILTER_SPECS, SHARE_SPEC
from cms.images.tasks import make_renditions

SIZES = len({*FILTER_SPECS, SHARE_SPEC})


class Command(BaseCommand):
    help = "Makes this machine's database ready in one process, so that a second start takes seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="load no demo content")

    def handle(self, *args, **options) -> None:
        self.stdout.write("migrations")
        call_command("migrate", verbosity=0, interactive=False)
        # A server with production settings, which starts this too, must not sell what the demo invents.
        if not options["no_demo"] and settings.ENVIRONMENT != "production":
            call_command("load_demo", verbosity=options["verbosity"])
            self._make_pictures()
        # Templates may have changed since the pages in it were kept.
        try:
            cache.clear()
        except RedisError as error:
            raise CommandError(
                f"Redis, which REDIS_URL or REDIS_CACHE_URL names, refuses: {error}"
            ) from error

    def _make_pictures(self) -> None:
        """Makes every size now; for an editor the worker does it, but here the first reader is waiting."""
        pictures = CustomImage.objects.annotate(sizes=Count("renditions")).filter(sizes__lt=SIZES)
        identifiers = list(pictures.values_list("pk", flat=True))
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for number, _ in enumerate(threads.map(_make_sizes, identifiers), start=1):
                self.stdout.write(f"  {number}/{len(identifiers)} pictures")


def _make_sizes(image_id: int) -> None:
    try:
        make_renditions(image_id)
    finally:
        # Each thread has a connection of its own, which would outlive it.
        connection.close()
