from datetime import date

import pytest

from shop.orders.ages import age_on


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 6, 15), date(2026, 6, 14), 17),
        (date(2008, 6, 15), date(2026, 6, 15), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 1, 1), date(2025, 12, 31), -1),
    ],
)
def test_years_are_counted_on_the_birthday(born, day, age):
    assert age_on(born, day) == age
