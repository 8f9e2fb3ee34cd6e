"""Receipts as attachments of mails (settings.MAIL_ATTACHMENTS)."""

from shop.orders.models import Order
from shop.receipts.documents import pdf_of
from shop.receipts.issuing import issue_receipt
from shop.receipts.models import Receipt

Attachment = tuple[str, bytes, str]


def receipt_by_number(number: str) -> Attachment:
    """Return name, bytes and type of this receipt. Raise Receipt.DoesNotExist."""
    return _attachment(Receipt.objects.get(number=number))


def receipt_of_order(code: str) -> Attachment:
    """Return the same for a paid order, by its code. Raise Order.DoesNotExist and issuing.OrderIsUnpaid."""
    return _attachment(issue_receipt(Order.objects.get(code=code)))


def _attachment(receipt: Receipt) -> Attachment:
    return receipt.file_name, pdf_of(receipt.pk), "application/pdf"
