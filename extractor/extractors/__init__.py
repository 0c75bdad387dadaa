"""The extractors, one module a table: found by listing this package, run in the order of their needs.

A module of this package that defines `extract(doc, rules)` is an extractor:

    TABLES = ("dates",)          the tables it makes, its own first; the first names its spaCy component
    REQUIRES = ()                the extractors that must have run before
    RULES = ("dates", ...)       the rule files and "gazetteers/NAME" that it reads, the source of `rules_version`
    def extract(doc, rules): ... an iterable of records, made by `extractors.base.record`
"""

from extractor.extractors.base import ExtractorModule, component, ordered_extractors

__all__ = ["ExtractorModule", "component", "ordered_extractors"]
