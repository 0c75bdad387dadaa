"""The dates table: every calendar expression of an article with the days it covers.

Reading (what the words say), composing (which words belong together), judging (what is no date) and resolving (which
days are meant) are four steps in four modules, `_dates_read`, `_dates_compose`, `_dates_filter` and `_dates_resolve`.
"""

from collections.abc import Iterable

from spacy.tokens import Doc

from extractor.extractors._dates_compose import merge_ranges, merge_times, share_fields, split_anniversaries
from extractor.extractors._dates_filter import Judge, judged
from extractor.extractors._dates_marks import Cues
from extractor.extractors._dates_read import Reader
from extractor.extractors._dates_resolve import Resolver
from extractor.extractors.base import article_of, record, sentences_of
from extractor.model import DateRecord
from extractor.rules import RuleSet

TABLES = ("dates",)
REQUIRES: tuple[str, ...] = ()
RULES: tuple[str, ...] = ("dates", "gazetteers/commemorated_days")


def extract(doc: Doc, rules: RuleSet) -> Iterable[DateRecord]:
    """Extract the dates of one document, in text order.

    Args:
        doc: a document whose text is canonical; its article's `published_at` completes what the words leave out.
        rules: the rule set; rules/dates.yml and the commemorated days are read.

    Yields:
        One record for each calendar expression; see docs/data-model.md.
    """
    reader, judge, cues = rules.memo("dates:tables", _tables)
    text = article_of(doc).text
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    atoms = split_anniversaries(low, merge_ranges(low, merge_times(low, reader.scan(low)), reader), reader.anniversary)
    share_fields(low, atoms)
    atoms = judged(low, text, atoms, judge)
    resolver = Resolver(low, article_of(doc).published_date, sentences_of(doc), cues)
    resolver.note_explicit(atoms)
    for atom in atoms:
        yield record(DateRecord, doc, rules, "dates", atom.start, atom.end, atom.rule_id, **resolver.resolve(atom))


def _tables(rules: RuleSet) -> tuple[Reader, Judge, Cues]:
    reader = Reader(rules)
    return reader, Judge(reader), Cues(reader)
