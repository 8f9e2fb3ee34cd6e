import pytest

from shop.orders.models import TimelineEntry
from shop.orders.timeline import SENTENCES, TimelineKind, sentence

MONEY = {"amount": 9950, "currency": "USD"}


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (TimelineKind.PAID, MONEY, "$99.50 was paid."),
        (
            TimelineKind.DISPATCHED,
            {"carrier": "UPS", "tracking_number": "1Z9"},
            "Dispatched with UPS, tracking number 1Z9.",
        ),
        (
            TimelineKind.PAYMENT_MISMATCH,
            {"differences": ["amount", "currency"]},
            "A payment did not match this order (amount, currency), so nothing was settled.",
        ),
    ],
)
def test_an_entry_is_said_in_words(kind, data, words):
    assert sentence(TimelineEntry(kind=kind, data=data)) == words


def test_every_kind_has_words():
    assert set(SENTENCES) == set(TimelineKind)


def test_a_kind_of_an_older_release_still_reads():
    assert sentence(TimelineEntry(kind="parcel_came_back")) == "parcel came back"


def test_an_entry_that_lacks_a_figure_still_reads():
    assert sentence(TimelineEntry(kind=TimelineKind.PAID)) == " was paid."
