"""Sends an order's link to who has lost it.

The page only writes down what was asked and says the same to everybody. A worker looks whether there is such
an order, so neither the words nor the time of the answer tell.
"""

import logging
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

from shop.checkout import tasks
from shop.checkout.models import LinkRequest

logger = logging.getLogger(__name__)


def ask_for_link(code: str, email: str) -> None:
    """Keeps the request until a worker has answered it."""
    with transaction.atomic():
        asked = LinkRequest.objects.create(code=code, email=email)
        transaction.on_commit(partial(_nudge, asked.pk))


def _nudge(request_id: int) -> None:
    try:
        tasks.answer_link_request.delay(request_id)
    except (OperationalError, OSError) as error:
        logger.warning("The broker took no nudge for a link, beat will find it: %s", error)
