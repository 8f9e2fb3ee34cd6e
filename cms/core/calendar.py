"""The site's calendar: which date and hour a moment has, the same for readers, staff and every process.

Dates that decide or are written down come from here. `django.utils.timezone.localdate` and `localtime` would
take the time zone that happens to be active.
"""

from datetime import date, datetime

from django.utils import timezone


def site_time(moment: datetime) -> datetime:
    """Return the moment in the site's time zone (settings.TIME_ZONE)."""
    return timezone.localtime(moment, timezone.get_default_timezone())


def wall_clock(moment: datetime) -> datetime:
    """Return the site's time to the second and without its zone, which no spreadsheet knows."""
    return site_time(moment).replace(tzinfo=None, microsecond=0)


def site_day(moment: datetime) -> date:
    """Return the date that the moment has on the site."""
    return site_time(moment).date()


def site_today() -> date:
    """Return the date that it is on the site now."""
    return site_day(timezone.now())
