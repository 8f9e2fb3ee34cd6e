from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cms.typed.text import clean_code
from shop.orders.models import Order
from shop.privacy.erasure import ErasureCause, ErasureRefused, erase_order, erase_person
from shop.privacy.traces import orders_of


class Command(BaseCommand):
    help = (
        "Erases the personal and health data of a person or of one order; the accounts stay. "
        "Ends with 1 when anything was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        about = parser.add_mutually_exclusive_group(required=True)
        about.add_argument("--email", help="every order of this address, however it is typed")
        about.add_argument("--order", metavar="CODE", help="one order")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--cause", choices=ErasureCause.values, default=ErasureCause.REQUEST.value)
        parser.add_argument(
            "--force",
            action="store_true",
            help="also an order that is paid and not dispatched, is held, or has an open case",
        )

    def handle(self, *args, **options) -> None:
        codes = self._codes(options)
        if not options["yes"]:
            self._confirm(codes)
        how = {"cause": options["cause"], "force": options["force"]}
        if options["order"]:
            self._erase_one(codes[0], how)
        else:
            self._erase_all(options["email"], how)

    def _codes(self, options: dict) -> list[str]:
        if not options["order"]:
            try:
                return list(orders_of(options["email"]).values_list("code", flat=True))
            except ValueError as error:
                raise CommandError(str(error)) from error
        code = clean_code(options["order"])
        if not Order.objects.filter(code=code).exists():
            raise CommandError(f"There is no order {options['order']}")
        return [code]

    def _confirm(self, codes: list[str]) -> None:
        self.stdout.write(f"Erases for ever the personal data of: {', '.join(codes) or 'no order'}")
        if input("Type “erase” to go on: ").strip() != "erase":
            raise CommandError("Nothing was erased")

    def _erase_one(self, code: str, how: dict) -> None:
        try:
            is_first = erase_order(Order.objects.get(code=code).pk, **how)
        except ErasureRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{code}: erased" if is_first else f"{code}: was erased before")

    def _erase_all(self, email: str, how: dict) -> None:
        result = erase_person(email, **how)
        for code in result.erased:
            self.stdout.write(f"{code}: erased")
        self.stdout.write(f"{len(result.erased)} orders and {result.other_mails} other mails erased")
        if result.refused:
            raise CommandError("\n".join(f"{code}: {words}" for code, words in result.refused.items()))
