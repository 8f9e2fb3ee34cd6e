from datetime import date


def age_on(date_of_birth: date, day: date) -> int:
    """Completed years on that day. Who is born on 29 February is a year older on 1 March of a common year."""
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not had_birthday)
