"""The customer's own page of an order, behind a link that cannot be guessed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.core.public_forms import public_form
from shop.checkout.notices import notice_of
from shop.checkout.privacy import personal
from shop.checkout.progress import order_progress
from shop.checkout.views.paying import send_to_payment
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.orders.taxes import tax_included
from shop.payments.ledger import returned_text
from shop.payments.models import PaymentState
from shop.receipts.documents import pdf_of


@require_safe
@personal(has_form=True)
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the order stands. It names no health check: whoever finds the link learns nothing of that."""
    order = _find(secret)
    shipments = list(order.shipments.all())
    is_unpaid = order.status == OrderStatus.AWAITING_PAYMENT
    is_processing = is_unpaid and order.payments.filter(state=PaymentState.PROCESSING).exists()
    return render(
        request,
        "checkout/order.html",
        {
            "title": _("Order %(code)s") % {"code": order.code},
            "robots": "noindex",
            "order": order,
            "progress": order_progress(
                order, shipments, is_given_back=order.holds.standing().filter(kind=HoldKind.REFUNDED).exists()
            ),
            "returned": returned_text(order),
            "shipments": shipments,
            "people_count": order.people.count(),
            "can_pay": is_unpaid and not is_processing,
            "is_payment_processing": is_processing,
            "notice": notice_of(request),
            "tax": tax_included(order),
            "receipts": order.receipts.defer("pdf", "data"),
        },
    )


@public_form
@require_POST
@personal(has_form=True)
def pay(request: HttpRequest, secret: str) -> HttpResponse:
    """A new attempt to pay the same order at the same price."""
    order = _find(secret)
    address = reverse("checkout:order", args=[order.secret])
    return send_to_payment(request, order, cancel_url=f"{address}?notice=unpaid")


@require_safe
@personal()
def receipt(request: HttpRequest, secret: str, number: str) -> HttpResponse:
    """One of the order's own receipts as a file."""
    found = _find(secret).receipts.defer("pdf", "data").filter(number=number).first()
    if found is None:
        raise Http404
    return HttpResponse(
        pdf_of(found.pk),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.file_name}"'},
    )


def _find(secret: str) -> Order:
    order = Order.objects.filter(secret=secret).first()
    if order is None:
        raise Http404
    return order
