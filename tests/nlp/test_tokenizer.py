import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from underthesea import sent_tokenize, word_tokenize

from extractor.nlp.tokenizer import sentence_spans, word_spans
from extractor.text import canonical_text, fold_tones

SENTENCES = [
    "Sáng ngày 9/1, Thường trực Huyện ủy đã tổ chức hội nghị.",
    "Đồng chí Lê Thị Hoà – Uỷ viên Ban Thường vụ, Chủ tịch HĐND huyện chủ trì hội nghị.",
    "Tổng thu ngân sách đạt 1.250,5 tỷ đồng (tăng 12% so với cùng kỳ); xem https://damha.example/tin?id=3.",
    "Ông K'Choi, bà H'Yim Kđoh và anh Điểu K’Ré dự “Ngày hội Đại đoàn kết”…",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_words_are_those_of_underthesea(sentence):
    words = [sentence[start:end] for start, end in word_spans(sentence)]
    assert [fold_tones(w) for w in words] == [fold_tones(w) for w in word_tokenize(sentence)]


def test_sentences_are_those_of_underthesea_within_a_line(nlp):
    text = "Tiêu đề không có dấu chấm\nCâu một. Câu hai! TP. Huế có 1.500 hộ.\nĐoạn cuối"
    spans = sentence_spans(text)
    assert [text[s:e] for s, e in spans] == [s for line in text.split("\n") for s in sent_tokenize(line)]
    assert [s.text.strip() for s in nlp.tokenizer(text).sents] == [text[s:e] for s, e in spans]


PIECES = st.sampled_from(["TP", "ông", "Huế", "1", "t", ".", "..", "...", "?", "!", "…", " ", "  ", ",", "\t", "x."])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_line_is_cut_where_underthesea_cuts_it(line):
    line = line.replace("\n", " ")
    assert [line[s:e] for s, e in sentence_spans(line)] == sent_tokenize(line)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=80) | st.lists(st.sampled_from(SENTENCES)).map("\n".join))
def test_a_doc_holds_exactly_its_text(nlp_tokenizer, text):
    text = canonical_text(text)
    assert nlp_tokenizer(text).text == text


@pytest.fixture(scope="module")
def nlp_tokenizer(nlp):
    return nlp.tokenizer
