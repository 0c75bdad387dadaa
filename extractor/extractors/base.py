"""What all extractors share: finding them, making records, the spaCy component around them."""

import importlib
import pkgutil
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from sys import maxsize
from typing import Any, Protocol, TypeVar

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from extractor.errors import RuleError
from extractor.model import Article, Record, content_id, make_record
from extractor.rules import RuleSet, load_rules
from extractor.text import is_canonical

R = TypeVar("R", bound=Record)


class ExtractorModule(Protocol):
    """A module of this package that is an extractor."""

    TABLES: tuple[str, ...]
    REQUIRES: tuple[str, ...]
    RULES: tuple[str, ...]

    def extract(self, doc: Doc, rules: RuleSet) -> Iterable[Record]:
        """Extract the module's records from one document."""


@cache
def ordered_extractors() -> dict[str, ExtractorModule]:
    """All extractors of the package by name, each after the ones it requires."""
    package = importlib.import_module("extractor.extractors")
    found: dict[str, Any] = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.ispkg or info.name in ("base",):
            continue
        module = importlib.import_module(f"extractor.extractors.{info.name}")
        if hasattr(module, "extract"):
            found[module.TABLES[0]] = module
    ordered: dict[str, Any] = {}

    def add(name: str, needed_by: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name not in found or name in needed_by:
            raise RuleError(f"extractor {needed_by[-1]!r} requires {name!r}, which is missing or requires it in turn")
        for needed in found[name].REQUIRES:
            add(needed, (*needed_by, name))
        ordered[name] = found[name]

    for name in sorted(found):
        add(name, ())
    return ordered


def with_required(names: Iterable[str]) -> set[str]:
    """These extractors and all that they require, directly or through others."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ordered_extractors()[name].REQUIRES
    return found


def tables_of(names: Iterable[str]) -> set[str]:
    """The tables that these extractors write."""
    return {table for name in names for table in ordered_extractors()[name].TABLES}


def rules_version(name: str, rules: RuleSet) -> str:
    """The version of all rules that can change an extractor's rows, those of the extractors it requires with them."""

    def build(r: RuleSet) -> str:
        return r.version_of(file for needed in with_required([name]) for file in ordered_extractors()[needed].RULES)

    return rules.memo(f"version:{name}", build)


def article_of(doc: Doc) -> Article:
    """The article of a Doc; a Doc that a spaCy user made from bare text gets one without metadata."""
    article = doc.user_data.get("article")
    if article is None:
        title = doc.text.split("\n", 1)[0]
        article = Article(
            article_id=content_id(doc.text),
            url=None,
            title=title,
            text=doc.text,
            content_sha256=content_id(doc.text, length=64),
        )
        doc.user_data["article"] = article
    return article


def records_of(doc: Doc, table: str) -> list[Any]:
    """The records that earlier extractors made for a table, in text order."""
    return doc.user_data.setdefault("records", {}).get(table, [])  # type: ignore[no-any-return]


def sentences_of(doc: Doc) -> list[tuple[int, int]]:
    """The character spans of the Doc's sentences, none of which crosses a line."""
    found = doc.user_data.get("sentences")
    if found is None:
        found = [(s.start_char, s.end_char) for s in doc.sents]
        doc.user_data["sentences"] = found
    return found  # type: ignore[no-any-return]


def word_at(doc: Doc, at: int) -> str:
    """The word, as segmented, that begins at a character of the text; "" if none does."""
    segment = doc.user_data.get("segment")
    if segment is None and "words" not in doc.user_data:
        # Somebody else's Doc: its tokens are the words.
        doc.user_data["words"] = {token.idx: token.text for token in doc}
    words: dict[int, str] = doc.user_data.setdefault("words", {})
    if segment is not None:
        done: set[int] = doc.user_data.setdefault("segmented", set())
        sentences = sentences_of(doc)
        nth = bisect_right(sentences, (at, maxsize)) - 1
        if nth >= 0 and nth not in done:
            done.add(nth)
            begin, end = sentences[nth]
            sentence = article_of(doc).text[begin:end]
            words.update((begin + start, sentence[start:stop]) for start, stop in segment(sentence))
    return words.get(at, "")


def record(
    record_type: type[R], doc: Doc, rules: RuleSet, extractor: str, start: int, end: int, rule_id: str, **values: Any
) -> R:
    """Make a record over `doc.text[start:end]`; see `model.make_record` for what is checked and raised."""
    return make_record(
        record_type,
        article_of(doc),
        start,
        end,
        rule_id=rule_id,
        rules_version=rules_version(extractor, rules),
        **values,
    )


class component:  # noqa: N801 - reads as the spaCy component it is
    """A spaCy component around one extractor: puts records into `doc.user_data` and spans into `doc.spans`.

    A span's label is the record's kind or role, its `id_` the record's id, `span._.record` the record itself.
    """

    def __init__(self, nlp: Language, name: str, rules: RuleSet) -> None:
        self.name = name
        self.module = ordered_extractors()[name]
        self.rules = rules
        if not Span.has_extension("record"):
            Span.set_extension("record", getter=_record_of_span)

    def __call__(self, doc: Doc) -> Doc:
        """Run the extractor over a Doc whose text is canonical."""
        if not doc.user_data.get("canonical"):
            if not is_canonical(article_of(doc).text):
                raise ValueError("The text is not canonical: pass it through extractor.text.canonical_text first.")
            doc.user_data["canonical"] = True
        tables: dict[str, list[Any]] = {table: [] for table in self.module.TABLES}
        for made in self.module.extract(doc, self.rules):
            tables[made.TABLE].append(made)
        store = doc.user_data.setdefault("records", {})
        for table, rows in tables.items():
            # Two rules may find the same row; the first one made is the row.
            unique = {getattr(r, r.ID): r for r in reversed(rows)}
            store[table] = sorted(unique.values(), key=lambda r: (r.start, r.end, getattr(r, r.ID)))
            if doc.user_data.get("spans", True):
                doc.spans[table] = _span_group(doc, table, store[table])
        return doc


def _span_group(doc: Doc, table: str, records: list[Any]) -> SpanGroup:
    spans = []
    for made in records:
        label = getattr(made, "kind", None) or getattr(made, "role", None) or table
        span = doc.char_span(made.start, made.end, label=label, span_id=getattr(made, made.ID), alignment_mode="expand")
        if span is not None:
            spans.append(span)
    return SpanGroup(doc, name=table, spans=spans)


def _record_of_span(span: Span) -> Record | None:
    for records in span.doc.user_data.get("records", {}).values():
        for made in records:
            if getattr(made, made.ID) == span.id_:
                return made  # type: ignore[no-any-return]
    return None


def create_component(nlp: Language, name: str, rules_folder: str | None) -> component:
    """Make the component of an extractor, its rules read once for each pipeline and folder."""
    cache_key = f"extractor_rules:{rules_folder}"
    shared: dict[str, RuleSet] = nlp.__dict__.setdefault("_extractor_rules", {})
    if cache_key not in shared:
        shared[cache_key] = load_rules(rules_folder)
    return component(nlp, name, shared[cache_key])
