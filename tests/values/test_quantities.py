import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.values.quantities import parse_base, parse_number, parse_range, scale, split_unit

BASES = {
    "đồng": (1.0, "đồng"),
    "ha": (10000.0, "m²"),
    "tấn": (1000.0, "kg"),
    "người": (1.0, "people"),
    "lượt khách": (1.0, "visits"),
}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1.200", 1200),
        ("12.086", 12086),
        ("1.234.567", 1234567),
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("41,85", 41.85),
        ("01", 1),
        ("1.234,5", 1234.5),
        ("1,234,567", 1234567),
        ("12 000", 12000),
        ("2,5 triệu", 2500000),
        ("1.620 ngàn", 1620000),
        ("hai", 2),
        ("mười", 10),
        ("mười lăm", 15),
        ("hai mươi mốt", 21),
        ("ba mươi tư", 34),
        ("hai chục", 20),
        ("một trăm", 100),
        ("một trăm linh năm", 105),
        ("hai trăm ba mươi lăm", 235),
        ("một nghìn rưỡi", 1500),
        ("một tỷ rưỡi", 1.5e9),
        ("một triệu hai trăm nghìn", 1200000),
        ("năm nghìn tỷ", 5e12),
        ("nửa", 0.5),
    ],
)
def test_numbers_in_figures_and_words(words, value):
    assert parse_number(words) == pytest.approx(value)


@pytest.mark.parametrize("words", ["", "xã", "1.2.3", "12.34.567", "5 xã", "mươi", "rưỡi", "trăm"])
def test_what_is_no_number(words):
    assert parse_number(words) is None


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("1,5 - 2", (1.5, 2)),
        ("15-20%", (15, 20)),
        ("từ 80% đến 90%", (80, 90)),
        ("Từ 11,5 – 12,4%", (11.5, 12.4)),
        ("2 tới 3", (2, 3)),
        ("1.000 - 1.500", (1000, 1500)),
    ],
)
def test_ranges(words, ends):
    assert parse_range(words) == pytest.approx(ends)


@pytest.mark.parametrize("words", ["5-3", "5", "5-5", "1.2.3 - 4", "từ nay đến 5"])
def test_what_is_no_range(words):
    assert parse_range(words) is None


@pytest.mark.parametrize(
    ("unit", "parts"),
    [
        ("nghìn tỷ đồng", (1e12, "đồng")),
        ("triệu lượt khách", (1e6, "lượt khách")),
        ("ha", (1.0, "ha")),
        ("tỷ", (1e9, "")),
    ],
)
def test_units_taken_apart(unit, parts):
    assert split_unit(unit) == parts


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [
        (1.2, "tỷ đồng", (1.2e9, "đồng")),
        (10, "nghìn tỷ đồng", (1e13, "đồng")),
        (1500, "tỷ", (1.5e12, "đồng")),
        (45, "triệu đồng/người/năm", (4.5e7, "đồng/người/năm")),
        (3, "ha/huyện", (30000, "m²/huyện")),
        (2.5, "Tấn", (2500, "kg")),
        (2, "triệu lượt khách quốc tế", (2e6, "visits")),
        (12, "người", (12, "people")),
        (7, "công trình", (None, None)),
        (5, "triệu", (None, None)),
        (100, "%", (None, None)),
        (3, None, (None, None)),
    ],
)
def test_values_in_base_units(value, unit, base):
    assert scale(value, unit, BASES) == base


def test_a_base_as_the_rules_write_it():
    assert parse_base("10000 m²") == (10000.0, "m²")
    with pytest.raises(ValueError, match="factor and a base unit"):
        parse_base("10000")


@given(st.integers(min_value=0, max_value=10**12))
def test_points_group_thousands(number):
    assert parse_number(f"{number:,}".replace(",", ".")) == number


@given(st.decimals(min_value=0, max_value=999, places=2))
def test_a_comma_is_decimal(number):
    assert parse_number(f"{number:.2f}".replace(".", ",")) == pytest.approx(float(number))


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_none(text):
    value = parse_number(text)
    assert value is None or value >= 0
