"""Putting neighbouring date atoms together: hour + part + weekday + day, ranges, lists that share month and year."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from extractor.extractors._dates_make import Atom
from extractor.extractors._dates_read import Reader
from extractor.values.dates import PartialDate

_TIME_GAP = re.compile(r"(?: |, ?| \(|\(|, ngày | ngày |, vào | - | – |)\Z")
_LIST_GAP = re.compile(r"(?:,|;| và| &| hoặc|, và) ?\Z|/\Z")
_RANGE_GAP = re.compile(r"(?: ?[-–—−] ?| ?-> ?|,? (?:cho )?(?:đến|tới)(?: hết| khoảng| tận)? )\Z")
_FROM = re.compile(r"(?:(?:các|những) ngày )?từ (?:khoảng |lúc |hồi )?$")
_FROM_NOW = re.compile(r"từ (?:nay|hôm nay|bây giờ)(?: cho)? (?:đến|tới) (?:hết |khoảng |trước )?$")
_SPAN_OF_YEARS = re.compile(r"(?<!\w)(?:qua|sau|trong|suốt|hơn|gần) (?:hơn |gần )?\d+ năm[^.;:\n]*\($")
_FROM_AMOUNT = re.compile(r"(?<!\w)từ (?:gần |hơn |khoảng |chỗ |mức )?\d[^;:.\n]*[^\W\d][^;:.\n]* $")
_TO_NOW = re.compile(r"(?: ?[-–] ?|,? (?:cho )?(?:đến|tới) (?:hết )?)(?:nay|hôm nay|thời điểm hiện tại)(?!\w)")

_SINCE = re.compile(r"(?<!\w)từ (?:khi|lúc|ngày|thời điểm|thuở|dạo|sau khi|sau)(?!\w)[^.;,:\n\d]+$")
_NEXT_DAY = re.compile(r" (?:ngày |mùng |mồng )?\d{1,2}[/.\- ]")
_SEASONAL = re.compile(r"mùa (?:mưa|khô|lũ|nước nổi)[^.\d]*$")

_CATEGORY = {
    "hour": "hour", "part": "part", "part_shift": "part", "weekday": "weekday", "day": "day", "day_shift": "day",
    "day_anaphor": "day", "lunar_day": "day", "tet_day": "day", "day_span": "day",
}  # fmt: skip


def merge_times(low: str, atoms: Iterable[Atom]) -> list[Atom]:
    """Join the hour, the part of the day, the weekday and the day of one expression into one atom.

    An apposition in brackets belongs to it, with the brackets: "chiều nay (3/4)". "Ngày 9/1, buổi sáng" stays two.
    """
    merged: list[Atom] = []
    said: set[str] = set()
    for atom in atoms:
        category = _CATEGORY.get(atom.kind)
        before = merged[-1] if merged else None
        if before is None or category is None or not said or not _joins(low, before, atom, said, category):
            merged.append(atom)
            said = {category} if category else set()
            if category == "part" and atom.first.shift is not None:
                said.add("shift")
            continue
        opened = "(" in low[before.end : atom.start]
        merged[-1] = _joined(before, atom)
        if opened:
            merged[-1].end += 1
        said.add(category)
        if atom.kind == "part_shift":
            said |= {"day", "shift"}
    return merged


def _joins(low: str, before: Atom, atom: Atom, said: set[str], category: str) -> bool:
    gap = low[before.end : atom.start]
    told_again = category == "day" and ("shift" in said or (before.kind == "day_shift" and atom.kind != "day_shift"))
    if category in said and not told_again:
        return False
    if "day" in said and category in ("part", "hour") and gap != " ":
        return False
    if "day" in said and category == "hour" and before.kind == "day":
        return False
    if not _TIME_GAP.match(gap):
        return False
    if "(" in gap and not (low.startswith(")", atom.end) and category in ("day", "weekday")):
        return False
    if gap in (" - ", " – ") and not (category == "day" and before.kind == "weekday"):
        return False
    if gap == "" and before.kind not in ("hour", "part"):
        return False
    if "day" in said and category == "part" and _NEXT_DAY.match(low, atom.end):
        # "ngày 30/4 rạng sáng 1/5": the part belongs to the day after it.
        return False
    # A bare fraction or year does not complete a time; a day does.
    return not (category == "day" and atom.kind == "day" and atom.first.month is None and gap.startswith(","))


def _joined(first: Atom, second: Atom) -> Atom:
    a, b = first.first, second.first
    main, other = (b, a) if b.day is not None or b.shift is not None or b.last else (a, b)
    if a.day is None and b.day is None and a.shift is None and b.shift is not None:
        main, other = b, a
    date = main._replace(
        hour=main.hour if main.hour is not None else other.hour,
        minute=main.minute if main.minute is not None else other.minute,
        part_of_day=main.part_of_day or other.part_of_day,
        weekday=main.weekday if main.weekday is not None else other.weekday,
        every=main.every or other.every,
    )
    if date.day is not None and date.month is not None and date.unit == "day" and main.day is not None:
        date = date._replace(shift=main.shift)
    last = second.last or first.last
    if last is not None:
        last = (
            date._replace(hour=last.hour, minute=last.minute, day=last.day, month=last.month)
            if last.day
            else date._replace(hour=last.hour, minute=last.minute)
        )
    return Atom(
        first.start, second.end, second.rule_id if second.kind != "part" else first.rule_id, "time", date, last,
        strong=True, lean=first.lean or second.lean,
        anaphor=second.anaphor if second.anaphor is not None else first.anaphor,
        is_range=first.is_range or second.is_range,
    )  # fmt: skip


def _reaches_now(low: str, atom: Atom, words: str, led: bool) -> bool:
    """Whether "… đến nay" belongs to an atom; "(2011) đến nay", "từ khi … năm 2011 đến nay", written apart, does not."""
    if not led and _SINCE.search(low, max(0, atom.start - 80), atom.start):
        return False
    return (
        led
        or words.lstrip()[:1] in "-–"
        or (words[:1] != "," and (atom.strong or atom.kind == "month_bare") and low[atom.start - 1 : atom.start] != "(")
    )


def split_anniversaries(low: str, atoms: list[Atom], anniversary: re.Pattern[str]) -> list[Atom]:
    """Take apart "(1948 - 2023)" after "75 năm", "kỷ niệm … thành lập": an origin and its return are two dates."""
    found: list[Atom] = []
    for atom in atoms:
        first, last = atom.first.year, atom.first.year_end
        if (
            atom.rule_id not in ("dates.years.bare", "dates.years.early")
            or not first
            or not last
            or low[atom.start - 1 : atom.start] != "("
        ):
            found.append(atom)
            continue
        before = low[max(low.rfind("\n", max(0, atom.start - 120), atom.start) + 1, atom.start - 120, 0) : atom.start]
        said = [] if _SPAN_OF_YEARS.search(before) else re.findall(r"(\d+) năm", before)
        if str(last - first) not in said and (said or not anniversary.search(before)):
            found.append(atom)
            continue
        for start, end, year in ((atom.start, atom.start + 4, first), (atom.end - 4, atom.end, last)):
            date = atom.first._replace(year=year, year_end=None)
            found.append(replace(atom, start=start, end=end, kind="year", first=date, is_range=False))
    return found


def merge_ranges(low: str, atoms: list[Atom], reader: Reader) -> list[Atom]:
    """Join two ends of a range; extend an end to "từ …", "từ nay đến …" and "… đến nay"."""
    found: list[Atom] = []
    at = 0
    while at < len(atoms):
        atom = atoms[at]
        following = atoms[at + 1] if at + 1 < len(atoms) else None
        lead = _FROM.search(low, max(0, atom.start - 25), atom.start)
        if (
            following is not None
            and not atom.is_range
            and not following.is_range
            and _ranges(low, atom, following, lead is not None, reader)
        ):
            joined = Atom(
                lead.start() if lead else atom.start, following.end, "dates.range", "range", atom.first,
                following.first,
                lean=atom.lean or following.lean, anaphor=atom.anaphor, last_anaphor=following.anaphor or 0, is_range=True,
            )  # fmt: skip
            if joined.first.unit == "month" and _SEASONAL.search(low, max(0, joined.start - 40), joined.start):
                joined.first, joined.last = joined.first._replace(every=True), following.first._replace(every=True)
            found.append(joined)
            at += 2
            continue
        at += 1
        found.append(_with_now(low, atom, lead))
    return found


def _with_now(low: str, atom: Atom, lead: re.Match[str] | None) -> Atom:
    """An atom with the "từ …", "từ nay đến …" or "… đến nay" around it."""
    if atom.is_range:
        # "từ năm 2020-2023" is a span of time, "từ năm học 2025-2026" the beginning of one.
        kept = lead is None or atom.kind in ("range", "hour") or atom.rule_id in _NAMED_SPANS
        return atom if kept or lead is None else replace(atom, start=lead.start(), strong=True)
    to_now = _TO_NOW.match(low, atom.end)
    from_now = _FROM_NOW.search(low, max(0, atom.start - 35), atom.start)
    if from_now:
        start = from_now.start()
        return replace(
            atom, start=start, rule_id="dates.range.from_now", kind="range", strong=True, open_start=True, is_range=True
        )
    if to_now and _reaches_now(low, atom, to_now[0], lead is not None):
        start, end = lead.start() if lead else atom.start, to_now.end()
        rule = "dates.range.to_now"
        return replace(
            atom, start=start, end=end, rule_id=rule, kind="range", strong=True, open_end=True, is_range=True
        )
    return atom


_NAMED_SPANS = frozenset({"dates.year.school", "dates.year.term", "dates.year.crop"})
_UNIT_GROUP = {"day": 0, "week": 0, "month": 1, "months": 2, "year": 3, "decade": 3, "century": 3}


def _ranges(low: str, a: Atom, b: Atom, led: bool, reader: Reader) -> bool:
    gap = low[a.end : b.start]
    if gap == " " and a.first.day and a.first.month is None and b.first.day and low.startswith("rạng", b.start):
        # "đêm 19 rạng sáng 20/10" is one night; "đêm 19/10 rạng sáng 20/10" tells two days.
        return True
    if len(gap) > 20 or not _RANGE_GAP.match(gap):
        return False
    left, right = a.first, b.first
    if not led and _FROM_AMOUNT.search(low, max(0, a.start - 60), a.start):
        # "giảm từ 120 hộ năm 2019 đến năm 2023 còn …": "đến" answers a "từ" that stands elsewhere.
        return False
    if (
        (a.anaphor is not None and a.kind == "day_anaphor")
        or a.kind == "part"
        or b.kind == "part"
        or a.kind == "named_day"
    ):
        return led
    same = _UNIT_GROUP[left.unit] == _UNIT_GROUP[right.unit]
    if gap.startswith(",") and not (led and same and left.lunar == right.lunar):
        return False
    if led:
        return same or (left.unit != "day" or right.unit != "day")
    if not same:
        return False
    if left.unit == right.unit == "month" and left.month == right.month and left.year and right.year:
        # "10/1963 - 10/2023" is an origin and its return, after "qua 5 năm" a span of time.
        before = low[max(0, a.start - 60) : a.start]
        return _SPAN_OF_YEARS.search(before) is not None and not reader.anniversary.search(before)
    if left.unit != "day" or "-" not in gap.replace("–", "-").replace("—", "-").replace("−", "-"):
        return True
    # Two days joined by a dash: an origin and its return, or two feasts, are two entries.
    if left.year and right.year:
        return (left.day, left.month) != (right.day, right.month) and right.year - left.year <= 1
    if left.year and not right.year:
        return False
    famous = reader.solar_days
    return not ((left.day, left.month) in famous and (right.day, right.month) in famous) or left.part_of_day is not None


def share_fields(low: str, atoms: list[Atom]) -> None:
    """Give the members of a list, and the ends of a range, the month and year that another of them tells."""
    for atom in atoms:
        if atom.last is not None:
            atom.first, atom.last = _fill_ends(atom.first, atom.last)
    for at in range(len(atoms) - 2, -1, -1):
        left, right = atoms[at], atoms[at + 1]
        gap = low[left.end : right.start]
        if len(gap) > 6 or not _LIST_GAP.match(gap) or left.is_range:
            continue
        if left.first.weekday is not None and right.first.weekday is not None:
            _share_week(left, right)
            continue
        if left.first.day and left.first.month is None and right.first.lunar:
            left.first = left.first._replace(lunar=True)
        if left.first.unit == right.first.unit == "month" and low.endswith("âm lịch", right.start, right.end):
            left.first = left.first._replace(lunar=True)
        a, b = left.first, right.first
        if a.unit != b.unit or a.relative or b.relative or a.lunar != b.lunar or b.every:
            continue
        if a.unit == "day" and a.day is not None and b.day is not None:
            month = a.month or b.month
            year = a.year if a.year is not None else b.year if gap != "/" else None
            left.first = a._replace(month=month, year=year)
            left.strong = left.strong or right.strong
        elif a.unit in ("month", "months") and a.year is None and a.shift is None:
            left.first = a._replace(year=b.year)
    for left, right in pairwise(atoms):
        gap = low[left.end : right.start]
        if (
            len(gap) <= 6
            and (_LIST_GAP.match(gap) or (_RANGE_GAP.match(gap) and not left.is_range))
            and gap != "/"
            and left.first.unit == right.first.unit
            and left.strong
        ):
            a, b = left.first, right.first
            if a.unit == "day" and b.day is not None and b.month is None and a.month is not None:
                right.first = b._replace(month=a.month, year=a.year)
            if b.unit == "year" and right.kind == "year_bare" and left.kind in ("year", "year_bare"):
                right.strong = True
            if b.unit == "day" and a.day is not None and right.kind == "day":
                right.strong = True


def _share_week(left: Atom, right: Atom) -> None:
    """Of two weekdays named together the one tells the other's week: "thứ Hai, thứ Ba tuần sau"."""
    for one, other in ((left, right), (right, left)):
        bare = one.first.unit == "day" and one.first.day is None and not one.lean and not one.first.every
        if bare and other.first.unit == "week":
            one.first = one.first._replace(unit="week", shift=other.first.shift)
            one.strong = True
        elif bare and other.lean:
            one.lean, one.strong = other.lean, True


def _fill_ends(a: PartialDate, b: PartialDate) -> tuple[PartialDate, PartialDate]:
    if b.lunar and not a.lunar and a.unit == b.unit == "day" and a.day and a.year is None:
        # "từ 30/4 đến 4/5 âm lịch": the calendar is told once, for both ends.
        a = a._replace(lunar=True)
    if a.relative or b.relative or a.lunar != b.lunar:
        if b.unit == "day" and b.day is None and b.shift is None and b.hour is None:
            return a, b
        if not (a.unit == "day" and a.day is None and a.hour is not None):
            return a, b
    if a.unit == b.unit == "day":
        if a.day is None and a.shift is None and b.day is not None:
            # "từ 7h30 đến 11h ngày 5/3": the day is told with the end.
            a = b._replace(hour=a.hour, minute=a.minute, part_of_day=a.part_of_day or b.part_of_day)
        if b.day is None and b.shift is None and a.day is not None:
            b = a._replace(hour=b.hour, minute=b.minute, part_of_day=b.part_of_day)
        if a.month is None and b.month is not None and a.day is not None:
            earlier = b.day is not None and a.day > b.day
            month = b.month - 1 if earlier else b.month
            a = a._replace(month=month or 12, year=b.year - 1 if b.year and not month else b.year)
        if b.month is None and a.month is not None and b.day is not None:
            b = b._replace(month=a.month, year=a.year)
    late_a, late_b = (a.month or 0, a.day or 0), (b.month or 0, b.day or 0)
    every = a.every or b.every
    a, b = a._replace(every=every), b._replace(every=every)
    if a.year is None and b.year is not None and a.shift is None and a.month is not None:
        a = a._replace(year=b.year - 1 if late_a > late_b and b.month is not None else b.year)
    elif b.year is None and a.year is not None and b.shift is None and b.month is not None:
        b = b._replace(year=a.year + 1 if late_a > late_b and a.month is not None else a.year)
    return a, b
