from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from shop.payments.gateway import PaymentUnavailable
from shop.payments.reconciling import reconcile


def start_of_day(text: str) -> datetime:
    """Return the moment at which a day like 2026-11-20 begins here. Raise ArgumentTypeError."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ArgumentTypeError(f"“{text}” is no day like 2026-11-20")
    return timezone.make_aware(datetime(day.year, day.month, day.day))


class Command(BaseCommand):
    help = "Asks Stripe about every payment that waits and each session since a day, and settles them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=start_of_day, help="a day like 2026-11-20; three days ago without it"
        )

    def handle(self, *args, **options) -> None:
        since = options["since"] or timezone.now() - timedelta(days=settings.RECONCILED_DAYS)
        try:
            result = reconcile(since)
        except PaymentUnavailable as error:
            raise CommandError(f"Stripe does not answer: {error}") from error
        self.stdout.write(f"{result.asked} asked, {result.settled} paid, {result.unclear} need a person")
