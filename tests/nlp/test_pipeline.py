import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

import extractor
from extractor.extractors.base import word_at
from extractor.inputs import read_articles
from extractor.nlp import extract_article, extract_text
from extractor.resources import resource
from extractor.rules import load_rules
from extractor.workers import work

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


def test_a_batch_that_segments_on_demand_gives_the_same_rows(nlp, rules):
    articles = list(read_articles([resource("corpus") / "gold" / "corpus.jsonl"], rules, print))
    assert work(articles, None, rules.version) == [extract_article(nlp, article) for article in articles]


def test_the_word_at_a_place_is_the_one_of_the_whole_document(nlp):
    doc = nlp(TEXT)
    words, spaces = [t.text for t in doc], [bool(t.whitespace_) for t in doc]
    # Somebody else's Doc, with words and sentences only.
    other = Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=[t.is_sent_start for t in doc])
    for made in (doc, other):
        assert [word_at(made, t.idx) for t in doc if not t.is_space] == [t.text for t in doc if not t.is_space]
        assert word_at(made, TEXT.index("ội nghị")) == ""


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
