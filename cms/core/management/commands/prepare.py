import gc
from argparse import ArgumentParser

from django.core.cache import cache
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError


class Command(BaseCommand):
    help = "Makes the database ready in one process: migrations, and in a trial the demo content."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="load no demo content")

    def handle(self, *args, **options) -> None:
        # Migrations make models by the thousand, and collections that find little take a quarter of the time.
        gc.freeze()
        gc.set_threshold(100_000, 50, 50)
        self.stdout.write("migrations")
        call_command("migrate", verbosity=0, interactive=False)
        # With production settings the demo is not installed: a server must not sell what it invents.
        if not options["no_demo"] and "load_demo" in get_commands():
            call_command("load_demo", verbosity=options["verbosity"])
        # Templates may have changed since the pages in it were kept.
        try:
            cache.clear()
        except RedisError as error:
            raise CommandError(
                f"Redis, which REDIS_URL or REDIS_CACHE_URL names, refuses: {error}"
            ) from error
