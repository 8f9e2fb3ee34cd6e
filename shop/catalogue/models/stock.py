from django.db import models

from shop.catalogue.models.packages import Package
from shop.references import MAX_REFERENCE_LENGTH


class StockReservation(models.Model):
    """What an order that can be cancelled holds of a limited stock. Only shop.catalogue.stock writes it.

    It goes with the payment, with the parcel of a free order, or with the order's end: nothing here tells
    what somebody bought for long.
    """

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="+")
    order_reference = models.CharField(max_length=MAX_REFERENCE_LENGTH)
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_reference", "package"], name="one_stock_reservation_of_an_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_reference} {self.quantity}"
