from celery import shared_task

from shop.receipts import documents


@shared_task
def draw_receipt(receipt_id: int) -> None:
    documents.pdf_of(receipt_id)
