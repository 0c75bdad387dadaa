"""Publication days as people and programs write them, in the form the dataset keeps."""

import re
from datetime import date, datetime, timedelta, timezone

VIETNAM_OFFSET = timezone(timedelta(hours=7))
"""Vietnam's time zone, the same the whole year."""
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_TIME = re.compile(r"(?<!\d)(\d{1,2})(?::|[hg])(\d{2})(?::(\d{2}))?(?!\d)")


def published_iso(value: object) -> str | None:
    """A publication time in the dataset's form.

    Args:
        value: ISO 8601 day or instant; day first as in "10/01/2023 08:51" or "Thứ ba, 10/01/2023 | 08:51 GMT+7"; a
            `date` or `datetime`; None or empty. A time without a zone is Vietnam's.

    Returns:
        "2023-01-10", or "2023-01-10T08:51:00+07:00" when a time is given, or None if nothing is given.

    Raises:
        ValueError: it is no day.
    """
    if value is None or value != value or not str(value).strip() or str(value).strip() in ("NaT", "None", "null"):
        return None
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text).isoformat()
        return _instant(datetime.fromisoformat(text))
    except ValueError:
        pass
    found = _DAY.search(text)
    if not found:
        raise ValueError(f"{text[:40]!r} is no day; write it as 2023-01-10")
    day = date(int(found[3]), int(found[2]), int(found[1]))
    clock = _TIME.search(text[: found.start()] + " " + text[found.end() :])
    if not clock:
        return day.isoformat()
    return _instant(datetime(day.year, day.month, day.day, int(clock[1]), int(clock[2]), int(clock[3] or 0)))


def _instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
            # A bare midnight is how tables write a day.
            return moment.date().isoformat()
        moment = moment.replace(tzinfo=VIETNAM_OFFSET)
    return moment.astimezone(VIETNAM_OFFSET).replace(microsecond=0).isoformat()
