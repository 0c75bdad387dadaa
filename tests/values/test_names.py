import pytest

from extractor.values.names import (
    family_strength,
    given_name,
    in_name_case,
    is_short_for,
    is_vietnamese_syllable,
    name_likelihood,
    split_place_and_name,
)

FAMILIES = {
    "nguyễn": 3,
    "lê": 3,
    "trần": 3,
    "hà": 2,
    "thái": 3,
    "đinh": 2,
    "y": 2,
    "điểu": 2,
    "lò": 2,
    "a": 1,
    "đồng": 2,
}
PLACES = frozenset({"đầm hà", "hà nội", "lê lợi", "đồng nai", "nguyễn huân", "a ting"})


@pytest.mark.parametrize("word", ["Nguyễn", "Út", "Thuỷ", "Thủy", "Khuyên", "Quyết", "Giàng", "Hoà", "ý"])
def test_vietnamese_syllables(word):
    assert is_vietnamese_syllable(word)


@pytest.mark.parametrize("word", ["Martini", "Kđoh", "H'Yim", "Byă", "Trump", "Ksor", "Sa-ma"])
def test_other_words_are_no_vietnamese_syllables(word):
    assert not is_vietnamese_syllable(word)


@pytest.mark.parametrize(
    ("word", "strength"), [("Nguyễn", 3), ("NGUYỄN", 3), ("K’Choi", 2), ("H'Yim", 2), ("K'", 0), ("Huyện", 0)]
)
def test_family_strength(word, strength):
    assert family_strength(word, FAMILIES) == strength


def test_given_name():
    assert given_name("Đặng Văn Tuấn") == "Tuấn"
    assert given_name("K’Choi") == "K’Choi"


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("Tuấn", "Đặng Văn Tuấn", True),
        ("Văn Tuấn", "Đặng Văn Tuấn", True),
        ("Thuỷ", "Lê Thị Thủy", True),
        ("K'Lung", "Điểu K'Lung", True),
        ("Đặng", "Đặng Văn Tuấn", False),
        ("Đặng Văn Tuấn", "Đặng Văn Tuấn", False),
        ("Tuân", "Tuân", False),
    ],
)
def test_short_mentions(short, full, expected):
    assert is_short_for(short, full) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ĐẶNG VĂN TUẤN", "Đặng Văn Tuấn"),
        ("Y THANH HÀ NIÊ KDĂM", "Y Thanh Hà Niê Kdăm"),
        ("ĐIỂU K'RÉ", "Điểu K'Ré"),
        ("Đặng Văn Tuấn", "Đặng Văn Tuấn"),
        ("K’Choi", "K’Choi"),
    ],
)
def test_name_case(name, expected):
    assert in_name_case(name) == expected


def test_likelihood_orders_names():
    usual = name_likelihood(["Nguyễn", "Văn", "An"], FAMILIES)
    short = name_likelihood(["Hà", "An"], FAMILIES)
    assert usual > short > 0
    assert name_likelihood(["Huyện", "Văn", "An"], FAMILIES) == 0
    assert name_likelihood(["Nguyễn"], FAMILIES) == 0
    assert name_likelihood(["Nguyễn"] * 6, FAMILIES) == 0


@pytest.mark.parametrize(
    ("run", "expects_place", "expected"),
    [
        ("Đầm Hà Nguyễn Văn An", True, "Nguyễn Văn An"),
        ("Hà Nội Đinh Thị Lài", False, "Đinh Thị Lài"),
        ("Quảng Tín Lê Văn Bền", True, "Lê Văn Bền"),
        ("Nguyễn Văn An", True, "Nguyễn Văn An"),
        ("A Ting Lê Văn Bền", True, "Lê Văn Bền"),
        ("Lê Lợi", True, None),
        ("Nguyễn Huân", True, None),
        ("Đầm Hà", False, None),
        ("Công Thương Đồng Nai", False, None),
        ("Hà Lâu", True, None),
        ("Bình Phước", False, None),
    ],
)
def test_split_place_and_name(run, expects_place, expected):
    words = run.split()
    index = split_place_and_name(words, FAMILIES, PLACES, expects_place=expects_place)
    assert (None if index is None else " ".join(words[index:])) == expected


def test_words_that_cannot_belong_to_the_name():
    words = "Trần Phú Lê Văn Bền".split()
    assert split_place_and_name(words, FAMILIES, PLACES, expects_place=False, least=1) == 2
