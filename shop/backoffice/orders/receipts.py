"""An order's receipts on its screen, and each as a file."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.core.money import format_money
from cms.users.models import User
from shop.orders.models import Order
from shop.orders.taxes import tax_included
from shop.receipts.documents import pdf_of
from shop.receipts.models import Receipt, ReceiptKind

VIEW_RECEIPT = "receipts.view_receipt"


def receipts_panel(order: Order, user: User) -> dict | None:
    """The documents with their sums, and the tax in the order's total; None for who may not see them."""
    if not user.has_perm(VIEW_RECEIPT):
        return None
    return {
        "tax": tax_included(order),
        "rows": [
            {
                "pk": receipt.pk,
                "number": receipt.number,
                "kind": _kind_of(receipt),
                "issued_at": receipt.issued_at,
                "total": format_money(receipt.data["total_amount"], receipt.data["currency"]),
            }
            for receipt in _receipts_of(order)
        ],
    }


def _receipts_of(order: Order) -> QuerySet[Receipt]:
    return order.receipts.select_related("corrects").defer("pdf", "corrects__pdf", "corrects__data")


def _kind_of(receipt: Receipt) -> str:
    """What the document is; a reversal says of which one."""
    if receipt.kind != ReceiptKind.REVERSAL or receipt.corrects is None:
        return receipt.get_kind_display()
    return _("Takes back correction %(number)s") % {"number": receipt.corrects.number}


@require_safe
def receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as a file. Raises PermissionDenied for who may not see receipts."""
    if not request.user.has_perm(VIEW_RECEIPT):
        raise PermissionDenied
    receipt = get_object_or_404(Receipt.objects.defer("pdf", "data"), pk=pk)
    return HttpResponse(
        pdf_of(receipt.pk),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{receipt.file_name}"',
            "Cache-Control": "no-store, private",
        },
    )
