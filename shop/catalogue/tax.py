"""The tax that a price includes. Prices are shown and charged with tax; the tax is worked out from them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cms.core.currencies import currency_of
from shop.catalogue.models import TaxRate

NO_TAX = Decimal(0)


class TaxRates:
    """The rates that are valid on a day, read in one query; of several the newest counts."""

    def __init__(self, day: date) -> None:
        valid = TaxRate.objects.filter(valid_from__lte=day).order_by("valid_from")
        self._newest: dict[tuple[int | None, str], Decimal] = {
            (package_id, country): rate
            for package_id, country, rate in valid.values_list("package_id", "country", "rate")
        }

    def find(self, package_id: int | None, country: str) -> Decimal | None:
        """Return the rate in percent for a package sent to a country; None where none is kept.

        A rate of the package's own goes before one for all packages; without a package only those count.
        """
        return self._newest.get((package_id, country), self._newest.get((None, country)))


def included_tax(payable_amount: int, rate: Decimal, currency: str) -> int:
    """Return the tax inside an amount, in minor units, rounded half up: 12000 at 20% holds 2000."""
    return currency_of(currency).rounded(Decimal(payable_amount) * rate / (100 + rate))


def add_tax(lines: Iterable, country: str, rates: TaxRates, currency: str) -> None:
    """Write rate and tax into new order lines, from what is paid for each after its discount.

    Each line is rounded for itself, so that the lines of a receipt add up to its tax.
    """
    for line in lines:
        line.tax_rate = rates.find(line.package_id, country) or NO_TAX
        line.tax_amount = included_tax(line.payable_amount, line.tax_rate, currency)
