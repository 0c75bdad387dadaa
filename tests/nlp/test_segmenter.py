import random
from os.path import dirname, join

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from underthesea.models.fast_crf_sequence_tagger import FastCRFSequenceTagger
from underthesea.pipeline import word_tokenize
from underthesea.pipeline.text_normalize import token_normalize
from underthesea.pipeline.word_tokenize.regex_tokenize import patterns

from extractor.inputs import read_articles
from extractor.nlp.segmenter import MODEL, load
from extractor.nlp.tokenizer import _syllables, sentence_spans
from extractor.resources import resource


@pytest.fixture(scope="module")
def tagger():
    """underthesea's own tagger of the same model."""
    found = FastCRFSequenceTagger()
    found.load(join(dirname(word_tokenize.__file__), "models", MODEL))
    return found


@pytest.fixture(scope="module")
def sentences(rules):
    articles = read_articles([resource("corpus") / "gold" / "corpus.jsonl"], rules, print)
    return [a.text[start:end] for a in articles for start, end in sentence_spans(a.text)]


def wanted(tagger, syllables):
    return [tag != "I-W" for tag in tagger.predict([[token_normalize(s)] for s in syllables])]


def test_the_labels_are_those_of_underthesea(tagger, sentences):
    segmenter = load()
    split = [[m.group() for m in patterns.finditer(sentence)] for sentence in sentences]
    assert len(split) > 500
    for syllables in split:
        assert segmenter.begins(syllables) == wanted(tagger, syllables)
    # Any syllables beside each other, so that pairs and triples of all kinds come up, edges included.
    rng = random.Random(7)
    known = sorted({s for syllables in split for s in syllables})
    inside = 0
    for _ in range(3000):
        syllables = [rng.choice(known) for _ in range(rng.randint(1, 9))]
        labels = segmenter.begins(syllables)
        assert labels == wanted(tagger, syllables)
        inside += labels.count(False)
    assert inside > 100
    assert segmenter.begins([]) == []


def test_what_is_kept_stays_bounded_and_changes_nothing(tagger, monkeypatch):
    from extractor.nlp import segmenter as module

    segmenter = module.load.__wrapped__()
    monkeypatch.setattr(module, "_KEPT", {1: 3, 2: 3})
    syllables = "Hội đồng nhân dân huyện họp phiên thường kỳ bàn kế hoạch".split()
    assert segmenter.begins(syllables) == segmenter.begins(syllables) == wanted(tagger, syllables)
    assert len(segmenter._words) <= 3
    assert len(segmenter._pairs) <= 3


PIECES = [
    *"aAĐđ.,:;()-–/&'’%=><+_@1230:D♥‿3vTưỞ",
    "TP.",
    "v.v",
    "NĐ-CP",
    "Th.S",
    "https://",
    "www.a.vn",
    "(a(b)c)",
    "T.Ư",
    " ",
    " ",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join) | st.text(min_size=1, max_size=20))
def test_syllables_are_those_of_the_pattern_over_the_whole_sentence(text):
    sentence = " ".join(text.split())
    texts, spans = _syllables(sentence)
    found = list(patterns.finditer(sentence))
    assert spans == [m.span() for m in found]
    assert texts == [m.group() for m in found]
