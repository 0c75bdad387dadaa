"""underthesea's words and sentences as a spaCy tokenizer, with exact offsets to the canonical text.

underthesea's `word_tokenize` returns words without offsets, normalised and joined by single spaces. The same two steps
(its syllable pattern, its word-segmentation CRF) are run here on the original string, so that each word is a slice of it.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from os.path import dirname, join
from typing import Any

from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from extractor.nlp.segmenter import MODEL, load

Span = tuple[int, int]
_KEPT = 50_000
"""How many pieces of text between blanks are kept."""


@cache
def _models() -> tuple[Any, Callable[[list[str]], list[bool]], Any]:
    """underthesea's syllable pattern, what tells which syllables begin a word, and the sentence tokenizer, loaded once."""
    from underthesea.pipeline import sent_tokenize
    from underthesea.pipeline.word_tokenize import regex_tokenize

    segmenter = load()
    sent_tokenize._load_model()
    begins = segmenter.begins if segmenter is not None else _tagger()
    return regex_tokenize.patterns, begins, sent_tokenize.sentence_tokenizer


def _tagger() -> Callable[[list[str]], list[bool]]:
    """underthesea's own tagger, for a model that `segmenter` does not know."""
    from underthesea.models.fast_crf_sequence_tagger import FastCRFSequenceTagger
    from underthesea.pipeline import word_tokenize
    from underthesea.pipeline.text_normalize import token_normalize

    tagger = FastCRFSequenceTagger()
    tagger.load(join(dirname(word_tokenize.__file__), "models", MODEL))
    return lambda syllables: [tag != "I-W" for tag in tagger.predict([[token_normalize(s)] for s in syllables])]


def sentence_spans(text: str) -> list[Span]:
    """The sentences of a canonical text, none longer than its line.

    Args:
        text: canonical text, one paragraph a line.

    Returns:
        (start, end) of each sentence, in order, without blanks at either end.
    """
    spans, at = [], 0
    for line in text.split("\n"):
        for start, end in _cuts(line):
            sentence = line[start:end].strip()
            if sentence:
                start = at + line.index(sentence, start)
                spans.append((start, start + len(sentence)))
        at += len(line) + 1
    return spans


_SIGNS = re.compile(r"\.{3,}|[.?!]")


def _cuts(line: str) -> Iterator[Span]:
    """The pieces into which underthesea's `sent_tokenize` cuts a line.

    It walks through all characters, and asks at each sign that may end a sentence whether it does. Here the walk goes from
    sign to sign.
    """
    splitter = _models()[2]
    start = at = 0
    while found := _SIGNS.search(line, at):
        at = found.end()
        if len(found.group()) >= 3:
            # Three dots end a sentence only before a capital or nothing.
            following = line[at:].lstrip(" \t")[:1]
            if following and not following.isupper():
                continue
        elif not splitter._is_sentence_boundary(line, found.start()):
            continue
        else:
            while line[at : at + 1] in splitter.SENT_END_CHARS:
                at += 1
        yield start, at
        start = at
    yield start, len(line)


def word_spans(sentence: str) -> list[Span]:
    """The words of one sentence as underthesea segments it.

    Args:
        sentence: one sentence.

    Returns:
        (start, end) of each word in the sentence; a word of several syllables holds the blanks between them.
    """
    texts, spans = _syllables(sentence)
    words: list[Span] = []
    for begin, (start, end) in zip(_models()[1](texts), spans, strict=True):
        # A word never spans anything but blanks between its syllables.
        if not begin and words and not sentence[words[-1][1] : start].strip():
            words[-1] = (words[-1][0], end)
        else:
            words.append((start, end))
    return words


@cache
def _pieces() -> dict[str, tuple[tuple[str, int, int], ...]]:
    """What stands between two blanks → its syllables with their places, as met so far."""
    return {}


def _syllables(sentence: str) -> tuple[list[str], list[Span]]:
    """The syllables and signs that underthesea's pattern finds, and where.

    No part of the pattern matches a blank, and only the end of the sentence changes what it finds beside one; so what
    stands between two blanks gives the same syllables wherever it comes again, and the pattern runs only over the last
    piece and new ones.
    """
    pattern, known = _models()[0], _pieces()
    texts: list[str] = []
    spans: list[Span] = []
    at = 0
    *inner, _ = sentence.split(" ")
    for piece in inner:
        found = known.get(piece)
        if found is None:
            if len(known) >= _KEPT:
                known.clear()
            # A blank and a letter after it, so that it is not the end.
            found = known[piece] = tuple((m.group(), m.start(), m.end()) for m in pattern.finditer(piece + " x"))[:-1]
        for text, start, end in found:
            texts.append(text)
            spans.append((at + start, at + end))
        at += len(piece) + 1
    for match in pattern.finditer(sentence, at):
        texts.append(match.group())
        spans.append(match.span())
    return texts, spans


class UndertheseaTokenizer:
    """Makes a Doc of a canonical text: words and sentence starts from underthesea.

    `doc.user_data["sentences"]` keeps the sentences' character spans, so that rules need not walk the tokens. A batch may set
    `on_demand`: its Docs hold the text as one token, and a sentence is segmented when a rule asks for its words
    (`extractors.base.word_at`), which few do; the rows are the same.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.on_demand = False

    def __call__(self, text: str) -> Doc:
        """Tokenize a text; `doc.text == text` for any text."""
        sentences = sentence_spans(text)
        doc = (
            Doc(self.vocab, words=[text] if text else [], spaces=[False] if text else [])
            if self.on_demand
            else self._whole(text, sentences)
        )
        doc.user_data["sentences"] = sentences
        doc.user_data["segment"] = word_spans
        return doc

    def _whole(self, text: str, sentences: list[Span]) -> Doc:
        """A Doc of all words."""
        words: list[str] = []
        spaces: list[bool] = []
        starts: list[bool | int | None] = []
        at = 0

        def gap(upto: int) -> None:
            """What lies between two words: one blank belongs to the word before it, anything else is a token."""
            between = text[at:upto]
            if between.startswith(" ") and words and not spaces[-1] and between != "":
                spaces[-1], between = True, between[1:]
            if between:
                words.append(between)
                spaces.append(False)
                starts.append(False)

        for sentence_start, sentence_end in sentences:
            first = True
            for start, end in word_spans(text[sentence_start:sentence_end]):
                start, end = sentence_start + start, sentence_start + end
                if start == at + 1 and text[at] == " " and words and not spaces[-1]:
                    spaces[-1] = True
                elif start != at:
                    gap(start)
                words.append(text[start:end])
                spaces.append(False)
                starts.append(first)
                first, at = False, end
        gap(len(text))
        return Doc(self.vocab, words=words, spaces=spaces, sent_starts=starts or None)

    def to_bytes(self, **kwargs: Any) -> bytes:
        """Nothing to save: the models come with underthesea."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> "UndertheseaTokenizer":
        """Nothing to load."""
        return self

    def to_disk(self, path: Any, **kwargs: Any) -> None:
        """Nothing to save."""

    def from_disk(self, path: Any, **kwargs: Any) -> "UndertheseaTokenizer":
        """Nothing to load."""
        return self


@registry.tokenizers("extractor.UndertheseaTokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Any], UndertheseaTokenizer]:
    """The tokenizer for a spaCy config: `{"nlp": {"tokenizer": {"@tokenizers": "extractor.UndertheseaTokenizer.v1"}}}`."""
    return lambda nlp: UndertheseaTokenizer(nlp.vocab)
