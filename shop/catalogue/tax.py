"""The tax that a price includes. Prices are shown and charged with tax; the tax is worked out from them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import F, Q

from cms.core.currencies import currency_of
from shop.catalogue.models import Package, TaxRate

NO_TAX = Decimal(0)


def rate_for(package: Package, country: str, day: date) -> Decimal:
    """The rate in percent for this package, sent to this country, on this day; 0 where none is kept.

    A rate of the package's own goes before one for all packages; of several the newest valid one counts.
    """
    valid = TaxRate.objects.filter(Q(package=package) | Q(package=None), country=country, valid_from__lte=day)
    newest = valid.order_by(F("package").asc(nulls_last=True), "-valid_from").first()
    return newest.rate if newest else NO_TAX


def included_tax(payable_amount: int, rate: Decimal, currency: str) -> int:
    """The tax inside an amount that includes it, in minor units, rounded half up: 12000 at 20% holds 2000."""
    return currency_of(currency).rounded(Decimal(payable_amount) * rate / (100 + rate))


def add_tax(lines: Iterable, country: str, day: date, currency: str) -> None:
    """Writes rate and tax into new order lines, from what is paid for each after its discount.

    Each line is rounded for itself, so that the lines of a receipt add up to its tax.
    """
    for line in lines:
        line.tax_rate = rate_for(line.package, country, day)
        line.tax_amount = included_tax(line.payable_amount, line.tax_rate, currency)
