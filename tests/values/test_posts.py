import pytest

from extractor.extractors._officials_tables import tables_of
from extractor.rules import load_rules
from extractor.values.posts import Post, PostIndex, parse_post, same_post


@pytest.fixture(scope="module")
def tables():
    return tables_of(load_rules()).posts


@pytest.mark.parametrize(
    ("worded", "title", "expected"),
    [
        ("PCT. UBND huyện Đắk R’lấp", "PCT",
         Post("Phó Chủ tịch", "Ủy ban nhân dân huyện", "Đắk R’lấp", "district")),
        ("Phó Bí thư Thường trực Huyện ủy", "Phó Bí thư", Post("Phó Bí thư Thường trực", "Huyện ủy", None, "district")),
        ("nguyên Chủ tịch UBND tỉnh", "nguyên Chủ tịch", Post("Chủ tịch", "Ủy ban nhân dân tỉnh", None, "province", True)),
        ("Quyền Giám đốc Sở Y tế", "Quyền Giám đốc", Post("Giám đốc", "Sở Y tế", None, "province")),
        ("Bộ trưởng Bộ Tư pháp", "Bộ trưởng", Post("Bộ trưởng", "Bộ Tư pháp", None, "central")),
        ("Bí thư Thành ủy TP.HCM", "Bí thư", Post("Bí thư", "Thành ủy", "Thành phố Hồ Chí Minh", "province")),
        ("Chủ tịch UBND phường 5", "Chủ tịch", Post("Chủ tịch", "Ủy ban nhân dân phường", "phường 5", "commune")),
        ("Trưởng ban Dân vận Huyện ủy", "Trưởng ban", Post("Trưởng ban", "Ban Dân vận Huyện ủy", None, "district")),
        ("TUV", "TUV", Post("Ủy viên", "Ban Chấp hành Đảng bộ tỉnh", None, "province")),
        ("Giám đốc Bảo hiểm xã hội huyện", "Giám đốc", Post("Giám đốc", "Bảo hiểm xã hội huyện", None, "district")),
        ("Chủ nhiệm", "Chủ nhiệm", Post("Chủ nhiệm")),
        ("Chủ tịch UBND xã nhiệm kỳ 2021-2026", "Chủ tịch", Post("Chủ tịch", "Ủy ban nhân dân xã", None, "commune")),
    ],
)  # fmt: skip
def test_normal_forms(tables, worded, title, expected):
    assert parse_post(worded, len(title), tables) == expected


def test_an_unknown_title_is_kept_as_worded(tables):
    assert parse_post("Đổng lý Văn phòng", len("Đổng lý"), tables).title == "Đổng lý"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("Chủ tịch", None, None), ("Chủ tịch", "Ủy ban nhân dân huyện", "Đầm Hà"), True),
        (("Chủ tịch", "Ủy ban nhân dân", None), ("Chủ tịch", "Ủy ban nhân dân tỉnh", None), True),
        (("Chủ tịch", None, "Hà Nội"), ("Chủ tịch", "Ủy ban nhân dân thành phố", "Hà Nội"), True),
        (("Chủ tịch", "Ủy ban nhân dân xã", "Đăk Sin"), ("Chủ tịch", "Ủy ban nhân dân xã", "Quảng Tín"), False),
        (("Chủ tịch", "Hội đồng nhân dân huyện", None), ("Chủ tịch", "Ủy ban nhân dân huyện", None), False),
        (("Phó Chủ tịch", None, None), ("Chủ tịch", None, None), False),
        (("Ủy viên", "Ban Thường vụ", None), ("Ủy viên", "Bộ Chính trị", None), False),
    ],
)
def test_same_post(one, other, expected):
    assert same_post(Post(*one), Post(*other)) is expected
    assert same_post(Post(*other), Post(*one)) is expected


def test_posts_of_two_levels_are_two():
    district = Post("Chủ tịch", "Ủy ban nhân dân huyện", None, "district")
    assert not same_post(district, Post("Chủ tịch", "Ủy ban nhân dân tỉnh", None, "province"))
    assert same_post(district, Post("Chủ tịch", "Ủy ban nhân dân", None, None))


def test_an_index_finds_what_comparing_each_with_each_finds():
    posts = [
        Post(title, organisation, place, level)
        for title in ("Chủ tịch", "Phó Chủ tịch")
        for organisation, level in (
            (None, None), ("Ủy ban nhân dân xã", "commune"), ("Ủy ban nhân dân huyện", "district"), ("Hội Nông dân", None),
        )
        for place in (None, "Đắk Song", "Song", "Ea Tu")
    ]  # fmt: skip
    index = PostIndex([*posts, posts[0]])
    for post in posts:
        assert index.same(post) == [other for other in posts if same_post(post, other)]
    assert len(index.same(posts[0])) > 1
