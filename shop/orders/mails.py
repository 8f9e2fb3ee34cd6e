"""The mails about an order. None names a package: what somebody buys can tell what they suffer from.

An order whose personal data are erased has no address, so its customer gets none.
"""

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from cms.core.models import SiteSettings
from shop.mail.models import OutboxMail
from shop.mail.outbox import cancel_unsent, enqueue
from shop.orders.models import Kit, Order, Shipment
from shop.references import ReferenceKind, build_reference


def order_received(order: Order) -> OutboxMail | None:
    """Queue the mail to the customer: the order is kept and can be paid."""
    return _to_customer(order, "order_received", total=order.total)


def order_paid(order: Order) -> OutboxMail | None:
    """Queue the mail to the customer: the money is here."""
    return _to_customer(
        order,
        "order_paid",
        attachment=build_reference(ReferenceKind.RECEIPT_OF, order.code),
        total=order.total,
    )


def order_accepted(order: Order) -> OutboxMail | None:
    """Queue the mail to the customer: the order is accepted, and nothing is to be paid."""
    return _to_customer(order, "order_accepted", total=order.total)


def payment_retry(order: Order, *, attempt: int, has_failed: bool) -> OutboxMail | None:
    """Queue the mail to the customer: a payment failed or expired; once for each attempt."""
    return _to_customer(
        order, "payment_retry", occasion=f"payment-{attempt}", total=order.total, has_failed=has_failed
    )


def withdraw_payment_retry(order: Order) -> None:
    """Withdraw what says that an order can still be paid, because it is paid or has ended."""
    cancel_unsent(order.reference, "payment_retry")


def withdraw_order_received(order: Order) -> None:
    """Withdraw what says that an order can be paid, because it has ended."""
    cancel_unsent(order.reference, "order_received")


def order_dispatched(shipment: Shipment) -> OutboxMail | None:
    """Queue the mail to the customer: a parcel left, without the kits whose money goes back."""
    return _to_customer(
        shipment.order,
        "order_dispatched",
        occasion=f"shipment-{shipment.pk}",
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        **_kits_of(shipment.order),
    )


def order_refunded(order: Order, *, occasion: str, amount: str) -> OutboxMail | None:
    """Queue the mail to the customer: how much was returned, and the kits that stay; once for each refund."""
    return _to_customer(order, "order_refunded", occasion=occasion, amount=amount, **_kits_of(order))


def order_link(order: Order, *, occasion: str) -> OutboxMail | None:
    """Queue the mail to the customer: the link to the order, because they asked or it is a new one."""
    return _to_customer(order, "order_link", occasion=occasion)


def new_order(order: Order) -> OutboxMail | None:
    """Queue the mail to the staff: dispatch something. Return None when the settings name no address."""
    recipient = staff_email()
    if not recipient:
        return None
    context = {
        "order_code": order.code,
        "total": order.total,
        "admin_url": admin_url("orders:inspect", order.pk),
    }
    return enqueue(reference=order.reference, kind="new_order", recipient=recipient, context=context)


def staff_email() -> str:
    """Return the address for notices to the staff; empty when nobody gets any."""
    site_settings = SiteSettings.objects.filter(site__is_default_site=True).only("staff_email").first()
    return site_settings.staff_email if site_settings else ""


def admin_url(url_name: str, *args: int) -> str:
    """Return the whole address of an admin view, by the name that its viewset or Wagtail gives it."""
    return settings.WAGTAILADMIN_BASE_URL + reverse(url_name, args=args)


def order_url(order: Order) -> str:
    """Return the whole address of the customer's own order page."""
    return settings.PUBLIC_BASE_URL + order.get_absolute_url()


def _kits_of(order: Order) -> dict:
    """Return how many kits have left or may leave, and how many are void."""
    void = Q(voided_at__isnull=False)
    kits = Kit.objects.filter(line__order=order)
    return kits.aggregate(kits=Count("pk", filter=~void), void_kits=Count("pk", filter=void))


def _to_customer(
    order: Order, kind: str, *, occasion: str = "", attachment: str = "", **details: str | bool | int
) -> OutboxMail | None:
    if order.erased_at:
        return None  # nobody knows any more whose it was
    context = {
        "order_code": order.code,
        "order_url": order_url(order),
        "buyer_name": order.buyer_name,
        **details,
    }
    return enqueue(
        reference=order.reference,
        kind=kind,
        recipient=order.email,
        context=context,
        occasion=occasion,
        attachment=attachment,
    )
