"""The goals of an article, each once, and what two of them that stand together share."""

import re
from itertools import pairwise
from typing import Any

from extractor.extractors._targets_goals import Goal
from extractor.text import fold_tones

ALIKE = 24
"""How many goals of the same figure, the first ones and the last ones, a goal is compared with."""

LISTED = 300
"""Characters within which two goals are taken for items of one list."""

_PREDICATE = re.compile(r" (?:đạt|được|có|sử dụng|tham gia|hoàn thành|dùng) .*")
_COMMON = re.compile(r" (?:đạt|được|hoàn thành)\b")


def distinct(found: list[Goal]) -> list[Goal]:
    """The goals in text order, those left out that only repeat another."""
    alike: dict[Any, list[Goal]] = {}
    for goal in sorted(found, key=lambda g: (g.title, g.start)):
        others = alike.setdefault((goal.values["kind"], goal.values["status"], goal.values.get("value")), [])
        near = others if len(others) <= 2 * ALIKE else [*others[:ALIKE], *others[-ALIKE:]]
        if not any(_same(goal, other) for other in near):
            others.append(goal)
    return sorted((goal for goals in alike.values() for goal in goals), key=lambda g: (g.start, g.end))


def share_deadline(kept: list[Goal]) -> None:
    """Where all goals that have a day have the same one, those told after the first of them are for that day too.

    Goals whose own words settle that they have no day, and results, keep none.
    """
    aimed = [goal for goal in kept if goal.values["status"] == "target" and not goal.title]
    days = {goal.values["deadline"] for goal in aimed} - {None}
    if len(days) != 1:
        return
    day, begun = days.pop(), False
    for goal in aimed:
        begun = begun or goal.values["deadline"] is not None
        if begun and goal.values["settled"] is False:
            goal.values["deadline"] = day


def share_predicates(text: str, kept: list[Goal]) -> None:
    """ "70 huyện và 50% số xã đạt chuẩn": what the second subject is to do, the first is to do as well."""
    for first, second in pairwise(kept):
        subject, other = first.values["subject"] or "", second.values["subject"] or ""
        predicate = _PREDICATE.search(other)
        joint = text[first.end : second.start].strip()
        alike = predicate and _COMMON.match(predicate[0]) and first.share and second.share
        bare = predicate and _COMMON.match(predicate[0]) and subject and subject == first.unit != "%"
        shared = joint == "và" or (joint == "," and (alike or bare))
        rate = "/" in (first.unit or "")
        if predicate and shared and not rate and len(subject.split()) <= 3:
            first.values["subject"] = f"{subject}{predicate[0]}"


def _same(goal: Goal, other: Goal) -> bool:
    """Whether a goal only repeats one that is already kept.

    In one list the same figure may stand for several things ("thôn 1: 500 cây; thôn 2: 500 cây"); far from each other,
    or in the title, it is more likely the same goal in other words.
    """
    a, b = goal.values, other.values
    if a["kind"] != b["kind"] or a["status"] != b["status"]:
        return False
    if a["kind"] == "level":
        return (a["level"], a["subject"]) == (b["level"], b["subject"])
    units = [re.sub(r" ?/ ?năm$", "", v["unit"] or "").split() for v in (a, b)]
    if a["value"] != b["value"] or a["value_max"] != b["value_max"] or a["status"] == "result":
        return False
    if units[0][:1] != units[1][:1] and all(units):
        return False
    near = abs(goal.start - other.start) < LISTED
    if near and a["deadline"] and b["deadline"] and a["deadline"] != b["deadline"] and a["settled"] and b["settled"]:
        return False  # "năm 2024 xóa 30 nhà tạm, năm 2025 xóa 30 nhà tạm"
    left, right = (set(fold_tones(v["subject"] or "").casefold().split()) for v in (a, b))
    if goal.title != other.title:
        return 2 * len(left & right) >= min(len(left), len(right))
    if near and a["comparator"] != b["comparator"] and left != right:
        return False  # "duy trì sĩ số: … THCS 99%; tỷ lệ tốt nghiệp THCS 99% trở lên"
    if near:
        return left <= right or right <= left
    if a["unit"] != "%" and a["value"] >= 100:
        return True
    return len(left & right) >= 0.6 * max(1, len(left | right))
