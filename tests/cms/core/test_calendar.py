"""One moment has one date, whoever looks at it and whatever time zone is active."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from cms.core.calendar import site_day, site_time

EVENING = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time_zone", "day"),
    [
        ("UTC", date(2026, 11, 28)),
        ("Europe/Berlin", date(2026, 11, 29)),
        ("America/New_York", date(2026, 11, 28)),
    ],
)
def test_a_moment_has_the_sites_date(settings, time_zone, day):
    settings.TIME_ZONE = time_zone
    for active in ("Pacific/Auckland", "Pacific/Honolulu"):
        with timezone.override(active):
            assert site_day(EVENING) == site_time(EVENING).date() == day
