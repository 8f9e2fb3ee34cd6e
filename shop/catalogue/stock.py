"""How many of a package can still be sold, counted under its row's lock.

Rows are changed by QuerySet.update, so that an order does not purge every public page; only when a package
is sold out, or can be had again, do the pages say something else.
"""

from collections.abc import Mapping

from django.db.models import F

from cms.page_cache.versions import purge
from shop.catalogue.models import Package, StockReservation


class OutOfStock(Exception):
    """Fewer are left than were asked for."""

    def __init__(self, package: Package, left: int) -> None:
        super().__init__(package.sku)
        self.package = package
        self.left = left


def take(quantities: Mapping[int, int]) -> dict[int, int]:
    """Take as many of each package (by primary key) out of its stock; return what was limited.

    The packages' rows stay locked, in the order of their keys, until the transaction ends. Raises OutOfStock.
    """
    limited = (
        Package.objects.select_for_update(no_key=True)
        .filter(pk__in=quantities, stock_quantity__isnull=False)
        .order_by("pk")
    )
    taken = {}
    for package in list(limited):
        left = package.stock_quantity or 0
        if left < quantities[package.pk]:
            raise OutOfStock(package, left)
        taken[package.pk] = quantities[package.pk]
        _change(package.pk, -taken[package.pk])
        if left == taken[package.pk]:
            purge()
    return taken


def reserve(order_reference: str, taken: Mapping[int, int]) -> None:
    """Note that this order holds what was taken."""
    StockReservation.objects.bulk_create(
        StockReservation(order_reference=order_reference, package_id=pk, quantity=quantity)
        for pk, quantity in taken.items()
    )


def confirm(order_reference: str) -> None:
    """End the reservation of an order that is paid, or left without a payment: what it held is sold."""
    StockReservation.objects.filter(order_reference=order_reference).delete()


def give_back(order_reference: str) -> None:
    """Put what an ended order held, and no more, back on sale. Doing it again changes nothing."""
    held = StockReservation.objects.filter(order_reference=order_reference).order_by("package_id")
    for reservation in list(held):
        deleted, _by_model = StockReservation.objects.filter(pk=reservation.pk).delete()
        if deleted:
            _put_back(reservation.package_id, reservation.quantity)


def lift_limit(package_id: int) -> None:
    """Forget what orders hold: any number can be sold, and a later limit counts what it says."""
    locked_quantity(package_id)
    StockReservation.objects.filter(package_id=package_id).delete()


def locked_quantity(package_id: int) -> int | None:
    """Return how many are left, with the package locked until the transaction ends; None without a limit."""
    package = Package.objects.select_for_update(no_key=True).filter(pk=package_id).first()
    return package.stock_quantity if package else None


def held_by(order_reference: str) -> dict[int, int]:
    """Return how many of each package (by primary key) this order holds."""
    held = StockReservation.objects.filter(order_reference=order_reference)
    return dict(held.values_list("package_id", "quantity"))


def _put_back(package_id: int, quantity: int) -> None:
    package = Package.objects.select_for_update(no_key=True).filter(pk=package_id).first()
    _change(package_id, quantity)
    if package and package.stock_quantity == 0:
        purge()


def _change(package_id: int, quantity: int) -> None:
    # Without a limit there is nothing to count: nothing plus something stays nothing.
    Package.objects.filter(pk=package_id).update(stock_quantity=F("stock_quantity") + quantity)
