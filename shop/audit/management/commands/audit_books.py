import json
import sys
from argparse import ArgumentParser
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from shop.audit import provider
from shop.audit.books import GRACE, RULES, Result, audit
from shop.audit.rules import MAX_FINDINGS
from shop.payments.gateway import PaymentUnavailable
from shop.payments.management.commands.reconcile_payments import start_of_day


class Command(BaseCommand):
    help = (
        "Compares orders, payments, refunds, kits, stock, codes, receipts and mails with each other and with "
        "Stripe's lists. A line for each thing that does not add up; the exit code is 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-stripe", action="store_true", help="compare the shop's own books only")
        parser.add_argument(
            "--since",
            type=start_of_day,
            help="Stripe's lists since a day like 2026-11-20; three days without it",
        )
        parser.add_argument(
            "--grace",
            type=int,
            default=int(GRACE.total_seconds() // 60),
            help="minutes that something may be under way between Stripe and the shop; 60 without it",
        )
        parser.add_argument("--json", action="store_true", help="the findings as JSON")

    def handle(self, *args, **options) -> None:
        rules, unanswered = RULES, ""
        if not options["no_stripe"]:
            now = timezone.now()
            since = options["since"] or now - timedelta(days=settings.RECONCILED_DAYS)
            try:
                lists = provider.ask(since, now - timedelta(minutes=options["grace"]))
                rules = (*RULES, *provider.rules_for(lists))
            except PaymentUnavailable as error:
                unanswered = f"Stripe does not answer, so nothing was compared with it: {error}"
        result = audit(rules)
        self._say(result, as_json=options["json"])
        if unanswered:
            self.stderr.write(unanswered)
        if unanswered or any(result.values()):
            sys.exit(1)

    def _say(self, result: Result, *, as_json: bool) -> None:
        if as_json:
            rows = [
                {"rule": rule.name, "subject": each.subject, "what": each.what, "remedy": rule.remedy}
                for rule, findings in result.items()
                for each in findings
            ]
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for rule, findings in result.items():
            for each in findings:
                self.stdout.write(f"{rule.name}: {each.subject}: {each.what} → {rule.remedy}")
            if len(findings) == MAX_FINDINGS:
                self.stdout.write(f"{rule.name}: there may be more than these {MAX_FINDINGS}")
        found = sum(len(findings) for findings in result.values())
        self.stdout.write(f"{len(result)} rules, {found} findings")
