"""Keeps the unguessable order links out of the logs: who reads a log must not be able to open an order."""

import logging
import re

_ORDER_LINK = re.compile(r"(/orders/)[^/\s\"']+")


class HideOrderLinks(logging.Filter):
    """Shortens every order link in a record's words; the traceback below them names files, not addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/orders/" in message:
            record.msg, record.args = _ORDER_LINK.sub(r"\1…", message), None
        return True
