import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.text import canonical_text, fold, fold_tones, is_canonical


@given(st.text())
def test_canonical_text_is_a_fixed_point(text):
    once = canonical_text(text)
    assert canonical_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert all(line and line == line.strip() for line in once.split("\n")) or not once


SIGNS = st.sampled_from(
    ["\t", "\r", "\xa0", "\xad", "\u2028", "\ue000", "\u0378", "\x85", " ", "\n", "  ", " \n", "\n ", "\n\n", "e\u0302"]
)


@given(st.tuples(st.sampled_from(["a", "", "đ"]), SIGNS, st.sampled_from(["b", "", "\u1ebf"])).map("".join) | st.text())
def test_a_text_is_told_to_be_canonical_just_where_it_is(text):
    # An invisible sign in front is always taken out, so that the whole way is gone.
    assert is_canonical(text) == (canonical_text("\u200b" + text) == text)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("  Sáng\u00a0ngày\t9/1 \r\n\r\n\u200bHọp\u00ad ", "Sáng ngày 9/1\nHọp"),
        (unicodedata.normalize("NFD", "Uỷ ban huyện Đầm Hà"), "Uỷ ban huyện Đầm Hà"),
        ("\ufeffmột\u2028hai\x0bba", "một\nhai\nba"),
        ("a\x00b\x07", "ab"),
    ],
)
def test_canonical_text(raw, canonical):
    assert canonical_text(raw) == canonical


@given(st.text(st.sampled_from("Hoà đĐ\u0301\u0323\u0591\u05d0\u20dd\u3099かﬁßα\u1dfc")) | st.text())
def test_folding_takes_every_mark_off(text):
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    assert fold(text) == " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def test_folding():
    assert fold("Chủ tịch  HĐND Đầm Hà") == "chu tich hdnd dam ha"
    assert fold_tones("Uỷ ban hoá") == fold_tones("ủy  ban hóa") != fold_tones("ùy ban hoa đ")
    assert fold_tones("Đàm") != fold_tones("Dam")
