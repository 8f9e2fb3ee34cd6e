"""How old somebody is for a rule: by the stricter day, whatever the clock says where they live.

At every moment two or three dates are today somewhere on earth. Whether a person is old enough is judged by
the earliest of them and whether they are still young enough by the latest, so nobody is sold a package before
their birthday or after it, wherever buyer, tested person and laboratory are. See docs/adr/0016.
"""

from datetime import UTC, date, datetime, timedelta

# The time zones farthest west (Baker Island) and east (Line Islands).
WESTERNMOST, EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)


def age_on(date_of_birth: date, day: date) -> int:
    """Return completed years on that day; who is born on 29 February turns on 1 March of a common year."""
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not had_birthday)


def earliest_day(moment: datetime) -> date:
    """Return the date where the day begins last: no place on earth has an earlier one at this moment."""
    return (_in_utc(moment) + WESTERNMOST).date()


def latest_day(moment: datetime) -> date:
    """Return the date where the day begins first: whatever lies after it is in the future everywhere."""
    return (_in_utc(moment) + EASTERNMOST).date()


def lowest_age(date_of_birth: date, moment: datetime) -> int:
    """Return completed years that somebody has everywhere on earth."""
    return age_on(date_of_birth, earliest_day(moment))


def highest_age(date_of_birth: date, moment: datetime) -> int:
    """Return completed years that somebody has anywhere on earth."""
    return age_on(date_of_birth, latest_day(moment))


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
