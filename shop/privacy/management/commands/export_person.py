from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from shop.privacy.export import as_json, export_person


class Command(BaseCommand):
    help = "Writes everything held about a person into a file, as JSON that only its owner can read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="the person's address, however it is typed")
        parser.add_argument(
            "--output", required=True, type=Path, metavar="FILE", help="a file that is not there"
        )

    def handle(self, *args, **options) -> None:
        try:
            exported = export_person(options["email"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not any(exported[kind] for kind in ("orders", "other_mails", "link_requests")):
            raise CommandError("Nothing is held under this address")
        try:
            options["output"].touch(mode=0o600, exist_ok=False)
            options["output"].write_text(as_json(exported), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}") from error
        self.stdout.write(f"{len(exported['orders'])} orders written to {options['output']}")
