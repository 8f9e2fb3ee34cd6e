import os
from typing import Any

from django.contrib.staticfiles.management.commands.collectstatic import Command as DjangoCommand


class Command(DjangoCommand):
    """Django's, with files that every web server on the machine may read: nothing in them is secret."""

    def handle(self, **options: Any) -> str | None:
        os.umask(0o022)
        return super().handle(**options)
