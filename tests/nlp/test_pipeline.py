import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor.nlp import extract_text
from extractor.rules import load_rules

TEXT = (
    "Hội nghị triển khai nhiệm vụ năm 2024\n"
    "Sáng ngày 5/1, Huyện ủy tổ chức hội nghị triển khai nhiệm vụ năm 2024. Đồng chí Lê Văn Bình, Bí thư Huyện ủy chủ trì."
    " Phấn đấu 95% người dân tham gia bảo hiểm y tế, hướng tới kỷ niệm 60 năm Ngày thành lập huyện (10/2/1964-10/2/2024)."
)


def test_every_row_holds_its_quote(nlp):
    extraction = extract_text(nlp, TEXT, "2024-01-06")
    assert all(
        extraction.tables[table]
        for table in ("dates", "officials", "positions", "meetings", "targets", "anniversaries")
    )
    for rows in extraction.tables.values():
        for row in rows:
            assert extraction.article.text[row.start : row.end] == row.quote


def test_the_same_text_gives_the_same_rows(nlp):
    assert extract_text(nlp, TEXT, "2024-01-06").as_json() == extract_text(nlp, TEXT, "2024-01-06").as_json()


def test_spans_stand_under_the_tables_names(nlp):
    doc = nlp(TEXT)
    assert "Sáng ngày 5/1" in [span.text for span in doc.spans["dates"]]
    span = doc.spans["meetings"][0]
    assert span.label_ == span._.record.kind == "conference"
    assert span._.record.meeting_id == span.id_


def test_components_come_by_entry_point_to_a_bare_spacy_language():
    config = {"nlp": {"tokenizer": {"@tokenizers": "extractor.UndertheseaTokenizer.v1"}}}
    nlp = spacy.blank("vi", config=config)
    nlp.add_pipe("dates")
    doc = nlp("Sáng ngày 5/1/2024, họp.")
    assert [span.text for span in doc.spans["dates"]] == ["Sáng ngày 5/1/2024"]


def test_a_folder_of_rules_can_be_given(tmp_path):
    assert load_rules().version != load_rules(tmp_path).version
    assert extractor.create_nlp.__module__ == "extractor.nlp.pipeline"


PIECES = st.sampled_from(
    [*TEXT.replace("\n", " ").split(" "), "\n", "30/4", "nay", "100%", "(", ")", "–", "đ/c", "K'Choi", "Y", ":", ";"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=60).map(" ".join) | st.text(max_size=60))
def test_any_text_gives_true_offsets(nlp, text):
    extraction = extract_text(nlp, text, "2024-01-06")
    for rows in extraction.tables.values():
        for row in rows:
            assert extraction.article.text[row.start : row.end] == row.quote
