"""An order's receipts on its screen, and each as a file."""

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.core.money import format_money
from cms.users.models import User
from shop.backoffice.permissions import VIEW_RECEIPT
from shop.orders.models import Order
from shop.receipts.documents import pdf_of
from shop.receipts.models import Receipt, ReceiptKind


def receipts_panel(order: Order, user: User) -> dict | None:
    """Return the documents with their sums, and the order's tax; None for who may not see them."""
    if not user.has_perm(VIEW_RECEIPT):
        return None
    return {
        "tax": order.tax_included,
        "rows": [
            {
                "pk": receipt.pk,
                "number": receipt.number,
                "kind": _kind_display(receipt),
                "issued_at": receipt.issued_at,
                "total": format_money(receipt.data["total_amount"], receipt.data["currency"]),
            }
            for receipt in _receipts_of(order)
        ],
    }


def _receipts_of(order: Order) -> QuerySet[Receipt]:
    return order.receipts.select_related("corrects").defer("pdf", "corrects__pdf", "corrects__data")


def _kind_display(receipt: Receipt) -> str:
    """Return what the document is; a reversal says of which one."""
    if receipt.kind != ReceiptKind.REVERSAL or receipt.corrects is None:
        return receipt.get_kind_display()
    return _("Takes back correction %(number)s") % {"number": receipt.corrects.number}


@require_safe
@permission_required(VIEW_RECEIPT, raise_exception=True)
def receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the document as a file."""
    receipt = get_object_or_404(Receipt.objects.defer("pdf", "data"), pk=pk)
    return HttpResponse(
        pdf_of(receipt.pk),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{receipt.file_name}"',
            "Cache-Control": "no-store, private",
        },
    )
