import logging

import pytest

from cms.core.log_privacy import HideOrderLinks


@pytest.mark.parametrize(
    ("message", "arguments", "expected"),
    [
        ("Internal Server Error: %s", ("/orders/s3cr3t-Link_1/",), "Internal Server Error: /orders/…/"),
        (
            "mail holds https://checkup.example/orders/s3cr3t",
            (),
            "mail holds https://checkup.example/orders/…",
        ),
        ("nothing to hide in %s", ("/articles/",), "nothing to hide in /articles/"),
    ],
)
def test_an_order_link_is_shortened(message: str, arguments: tuple, expected: str) -> None:
    record = logging.LogRecord("site", logging.ERROR, __file__, 1, message, arguments, None)
    assert HideOrderLinks().filter(record)
    assert record.getMessage() == expected
