import logging
import sys

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
        (
            "GET /checkout/return/?session_id=cs_test_a1B2c3D4e5F6g7H8&look=1 %s",
            (200,),
            "GET /checkout/return/?session_id=cs_…F6g7H8&look=1 200",
        ),
        (
            '"GET /search/?q=kill+myself&kind=article HTTP/1.1" 200 "https://checkup.example/questions/?q=a%%20b"',
            (),
            '"GET /search/?q=…&kind=article HTTP/1.1" 200 "https://checkup.example/questions/?q=…"',
        ),
        ('GET /search/?kind=page&q=i%20want%27s"x', (), 'GET /search/?kind=page&q=…"x'),
        ("nothing to hide in %s", ("/articles/",), "nothing to hide in /articles/"),
    ],
)
def test_what_opens_an_order_is_shortened(message: str, arguments: tuple, expected: str) -> None:
    record = logging.LogRecord("site", logging.ERROR, __file__, 1, message, arguments, None)
    assert HideOrderLinks().filter(record)
    assert record.getMessage() == expected


def test_what_an_exception_says_is_shortened_below_the_traceback() -> None:
    try:
        raise ConnectionError("no answer from https://checkup.example/orders/s3cr3t/")
    except ConnectionError:
        record = logging.LogRecord("site", logging.ERROR, __file__, 1, "Failed", (), sys.exc_info())
    HideOrderLinks().filter(record)

    text = logging.Formatter().format(record)
    assert text.splitlines()[-1] == "ConnectionError: no answer from https://checkup.example/orders/…/"
    assert "Traceback" in text
