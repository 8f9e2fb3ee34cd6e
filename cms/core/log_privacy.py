"""Keeps out of the logs what opens an order (its unguessable link, the ids of its payment pages), and what
people search for.

The address of the return page holds such an id, and that page leads to the order.
"""

import logging
import re

_ORDER_LINK = re.compile(r"(/orders/)[^/\s\"']+")
# The end stays, by which staff find the session at Stripe.
_SESSION_ID = re.compile(r"\bcs_\w+(\w{6})\b")
# A reader's worry, or a buyer's name that staff look for. In an access log it stands twice: as the address,
# and at the next request as where the reader came from.
_SEARCH = re.compile(r"([?&](?:amp;)?q=)[^&\s\"'#]*")
_TRACEBACKS = logging.Formatter()


class HideOrderLinks(logging.Filter):
    """Shortens them in a record's words and in its traceback, which ends with what the exception says."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _hide(message)
        if hidden != message:
            record.msg, record.args = hidden, None
        if record.exc_info:
            # Every formatter takes the text that stands here already.
            record.exc_text = _hide(record.exc_text or _TRACEBACKS.formatException(record.exc_info))
        return True


def _hide(text: str) -> str:
    return _SEARCH.sub(r"\1…", _SESSION_ID.sub(r"cs_…\1", _ORDER_LINK.sub(r"\1…", text)))
