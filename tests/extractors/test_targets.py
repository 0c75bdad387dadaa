import re

import pytest

from extractor.nlp import extract_text
from extractor.rules import check_rules, load_rules

PLAN = (
    "Mặt trận huyện Hòa An duyệt chương trình công tác năm 2024\n"
    "Sáng 5/1, Huyện ủy Hòa An tổ chức hội nghị duyệt chương trình công tác năm 2024 của khối đoàn thể.\n"
    "Khối đoàn thể huyện đã xây dựng Chương trình công tác năm 2024 với các chỉ tiêu cụ thể: 100% cán bộ hoàn "
    "thành tốt nhiệm vụ; 90% chi đoàn có công trình thanh niên. Xây dựng Chi bộ HTTNV trở lên, Công đoàn cơ quan đạt "
    "HTXSNV. Vận động giúp xã Đức Long, Bế Triều xây dựng nông thôn mới nâng cao, xã Dân Chủ nông thôn mới kiểu mẫu. Các "
    "đoàn thể xây dựng ít nhất 02 công trình chào mừng ngày lễ lớn. Tổ chức 01 cuộc giám sát việc thu các loại quỹ."
)


def targets(nlp, text, published=None):
    return extract_text(nlp, text, published).tables["targets"]


def test_a_yearly_programme(nlp):
    rows = targets(nlp, PLAN, "2024-01-06")
    figures = [(r.comparator, r.value, r.unit) for r in rows if r.kind == "quantity"]
    assert figures == [("eq", 100, "%"), ("eq", 90, "%"), ("ge", 2, "công trình"), ("eq", 1, "cuộc")]
    levels = {(r.subject, r.level) for r in rows if r.kind == "level"}
    assert levels == {
        ("Chi bộ", "HTTNV trở lên"),
        ("Công đoàn cơ quan", "HTXSNV"),
        ("xã Đức Long, Bế Triều", "nông thôn mới nâng cao"),
        ("xã Dân Chủ", "nông thôn mới kiểu mẫu"),
    }
    assert {str(r.deadline) for r in rows} == {"2024-12-31"}
    assert {r.owner for r in rows if r.kind == "quantity"} == {"Khối đoàn thể huyện"}
    assert {r.status for r in rows} == {"target"}


def test_offsets_and_ids_are_true(nlp):
    extraction = extract_text(nlp, PLAN, "2024-01-06")
    rows = extraction.tables["targets"]
    assert rows
    assert all(extraction.article.text[r.start : r.end] == r.quote for r in rows)
    assert len({r.target_id for r in rows}) == len(rows)
    again = extract_text(nlp, PLAN, "2024-01-06").tables["targets"]
    assert again == rows


@pytest.mark.parametrize(
    ("words", "comparator", "value", "value_max"),
    [
        ("đạt 95%", "eq", 95, None),
        ("đạt ít nhất 95%", "ge", 95, None),
        ("đạt tối thiểu 95%", "ge", 95, None),
        ("không dưới 95%", "ge", 95, None),
        ("đạt từ 95% trở lên", "ge", 95, None),
        ("đạt 95% trở lên", "ge", 95, None),
        ("đạt ≥ 95%", "ge", 95, None),
        ("đạt trên 95%", "gt", 95, None),
        ("đạt hơn 95%", "gt", 95, None),
        ("không quá 5%", "le", 5, None),
        ("tối đa 5%", "le", 5, None),
        ("còn dưới 5%", "lt", 5, None),
        ("đạt khoảng 95%", "approx", 95, None),
        ("đạt gần 95%", "approx", 95, None),
        ("đạt 90-95%", "between", 90, 95),
        ("đạt từ 90% đến 95%", "between", 90, 95),
        ("đạt từ 90 – 95%", "between", 90, 95),
    ],
)
def test_comparators(nlp, words, comparator, value, value_max):
    (row,) = targets(nlp, f"Phấn đấu đến năm 2025 tỷ lệ hộ dùng nước sạch {words}.", "2023-01-10")
    assert (row.comparator, row.value, row.value_max) == (comparator, value, value_max)
    assert row.subject == "tỷ lệ hộ dùng nước sạch"


@pytest.mark.parametrize(
    ("goal", "unit", "base"),
    [
        ("thu ngân sách đạt 1,2 nghìn tỷ đồng", "nghìn tỷ đồng", (1.2e12, "đồng")),
        ("thu ngân sách đạt 394 tỷ 500 triệu đồng", "tỷ đồng", (3.945e11, "đồng")),
        ("kim ngạch xuất khẩu đạt 85 triệu USD", "triệu USD", (8.5e7, "USD")),
        ("trồng mới 1.500 ha rừng", "ha", (1.5e7, "m²")),
        ("đón 1,5 triệu lượt khách", "triệu lượt khách", (1.5e6, "visits")),
        ("giải quyết việc làm cho 1.200 lao động", "lao động", (1200, "people")),
        ("bê tông hóa 35 km đường", "km", (35000, "m")),
        ("sản lượng lương thực đạt 60.000 tấn", "tấn", (6e7, "kg")),
        ("năng suất lúa đạt 65 tạ/ha", "tạ/ha", (6500, "kg/ha")),
    ],
)
def test_units(nlp, goal, unit, base):
    (row,) = targets(nlp, f"Năm 2024, huyện phấn đấu {goal}.", "2024-01-10")
    assert row.unit == unit
    assert row.base_value == pytest.approx(base[0])
    assert row.base_unit == base[1]


def test_the_deadline_comes_from_item_sentence_or_plan(nlp):
    text = (
        "Kế hoạch phát triển du lịch giai đoạn 2021 - 2025\n"
        "Huyện ban hành kế hoạch phát triển du lịch giai đoạn 2021 - 2025.\n"
        "Mục tiêu: đón 500.000 lượt khách; doanh thu đạt 300 tỷ đồng, trong đó năm 2022 đạt 120 tỷ đồng."
    )
    rows = targets(nlp, text, "2021-03-01")
    assert [(r.value, str(r.deadline)) for r in rows] == [
        (500000, "2025-12-31"),
        (300, "2025-12-31"),
        (120, "2022-12-31"),
    ]


def test_without_any_period_the_deadline_is_empty(nlp):
    (row,) = targets(nlp, "Xã phấn đấu 100% hộ có nhà tiêu hợp vệ sinh.")
    assert row.deadline is None


def test_a_share_of_a_plan_is_a_result(nlp):
    text = "Sơ kết công tác quý I\nĐến nay, thu ngân sách đạt 45 tỷ đồng, bằng 31% kế hoạch năm."
    (row,) = targets(nlp, text, "2023-04-04")
    assert (row.status, row.value) == ("result", 31)
    assert row.unit.startswith("%")


def test_a_goal_told_twice_is_one_row(nlp):
    text = (
        "Huyện phấn đấu trồng 2.000 ha rừng\n"
        "Năm 2023, huyện phấn đấu trồng 2.000 ha rừng. Để trồng 2.000 ha rừng, các xã phải chuẩn bị cây giống."
    )
    rows = targets(nlp, text, "2023-02-02")
    assert [r.value for r in rows] == [2000]
    assert rows[0].start > text.index("\n")


def test_the_rules_hold_their_examples():
    rules = load_rules()
    assert [line for line in check_rules(rules) if "targets" in line] == []
    assert all(
        re.compile(r"[a-zà-ỹ0-9%≥≤<>~]", re.IGNORECASE).match(t) for t in rules.lexicon("targets", "comparators")
    )


@pytest.mark.parametrize(
    "words",
    [
        "Phấn đấu đạt 95% số hộ, ",
        "phấn đấu 95% số hộ 20 ha rừng ",
        "(20 ha mục tiêu ",
        "TP. Huế phấn đấu 5 xã. ",
        "phấn đấu xã đạt chuẩn nông thôn mới, ",
        "sẽ xây 3 cầu đến 31/12, ",
    ],
)
def test_a_line_without_end_takes_time_in_proportion(rules, words):
    from time import perf_counter

    from spacy.vocab import Vocab

    from extractor.extractors import targets as extractor
    from extractor.nlp.tokenizer import UndertheseaTokenizer

    def seconds(length):
        doc = UndertheseaTokenizer(Vocab())(words * (length // len(words)))
        begin = perf_counter()
        for _ in extractor.extract(doc, rules):
            pass
        return perf_counter() - begin

    seconds(1000)
    # Eight times the text: eight times the work, with room for a busy machine; quadratic work would be 64 times.
    assert seconds(64000) < 24 * seconds(8000) + 0.5


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("1/ Trồng mới 120 ha rừng", [120]),
        ("a/ Trồng mới 120 ha rừng", [120]),
        ("2- Trồng mới 120 ha rừng", [120]),
        ("(3) Trồng mới 120 ha rừng", [120]),
        ("+ Trồng mới 120 ha rừng", [120]),
    ],
)
def test_a_list_under_a_heading_goes_on_whatever_its_numbering(nlp, line, values):
    text = f"Nghị quyết năm 2024\nCác chỉ tiêu chủ yếu năm 2024:\n{line}.\n{line.replace('120 ha rừng', '35 ha chè')}."
    assert [r.value for r in targets(nlp, text, "2024-01-05")] == [*values, 35]


@pytest.mark.parametrize(
    ("words", "comparator"),
    [
        ("giải ngân 95% vốn trở lên", "ge"),
        ("95% người từ 60 tuổi trở lên được khám", "eq"),
        ("95% học sinh xếp loại khá trở lên", "eq"),
        ("không để quá 5% hộ tái nghèo", "le"),
    ],
)
def test_what_trails_or_denies_a_number(nlp, words, comparator):
    (row,) = targets(nlp, f"Năm 2024, huyện phấn đấu {words}.", "2024-01-05")
    assert row.comparator == comparator


def test_the_same_figure_of_two_places_is_two_rows(nlp):
    text = "Chỉ tiêu trồng cây năm 2024\nChỉ tiêu giao năm 2024: thôn Đông: 500 cây; thôn Đoài: 500 cây."
    assert [r.subject for r in targets(nlp, text, "2024-01-05")] == ["thôn Đông", "thôn Đoài"]


@pytest.mark.parametrize(
    ("words", "deadline"),
    [
        ("năm nay", "2024-12-31"),
        ("trước 30/9", "2024-09-30"),
        ("đến 15/2", "2024-02-15"),
    ],
)
def test_a_period_without_a_year_follows_publication(nlp, words, deadline):
    (row,) = targets(nlp, f"Huyện phấn đấu {words} hoàn thành 120 căn nhà.", "2024-01-20")
    assert str(row.deadline) == deadline
