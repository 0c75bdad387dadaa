import random

import pytest

from extractor.dataset.gatherings import Telling, group, same_gathering


def telling(n, title, **columns):
    return Telling(f"m{n}", columns.pop("article", f"a{n}"), "conference", "2023-01-09", title, **columns)


SAME = telling(1, "hội nghị triển khai nhiệm vụ năm 2023"), telling(2, "Hội nghị triển khai nhiệm vụ công tác năm 2023")


def test_one_meeting_in_two_articles_is_one_gathering():
    groups = group(SAME)
    assert groups["m1"] == groups["m2"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (telling(1, "hội nghị giao ban"), telling(2, "Hội nghị giao ban"), True),
        (telling(1, "hội nghị giao ban", article="a"), telling(2, "hội nghị giao ban", article="a"), False),
        (telling(1, "hội nghị giao ban lần thứ 5"), telling(2, "hội nghị giao ban lần thứ 6"), False),
        (
            telling(1, "hội nghị giao ban", part_of_day="morning"),
            telling(2, "hội nghị giao ban", part_of_day="afternoon"),
            False,
        ),
        (telling(1, "hội nghị tổng kết xã Tân Lập"), telling(2, "hội nghị tổng kết xã Tân Bình"), False),
        (telling(1, "hội nghị tổng kết Mặt trận"), telling(2, "hội nghị về công tác Mặt trận"), False),
        (
            telling(1, "hội nghị tổng kết Mặt trận", host="UBND"),
            telling(2, "hội nghị về công tác Mặt trận", host="UBND"),
            True,
        ),
        (telling(1, "hội nghị a b c"), telling(2, "hội nghị d e f", chairs=frozenset({"Lê Văn A"})), False),
    ],
)
def test_the_rule(first, second, same):
    assert same_gathering(first, second) is same_gathering(second, first) is same


def test_the_groups_do_not_depend_on_the_order():
    rows = [
        telling(n, title) for n, title in enumerate(["hội nghị a", "hội nghị a b", "hội nghị b", "hội nghị a", "lễ x"])
    ]
    wanted = group(rows)
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert group(rows) == wanted
