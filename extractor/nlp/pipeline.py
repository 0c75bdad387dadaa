"""The pipeline: article in, records out."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from spacy.lang.vi import Vietnamese
from spacy.language import Language

from extractor.extractors import ordered_extractors
from extractor.extractors.base import tables_of, with_required
from extractor.model import Article, Extraction, content_id
from extractor.nlp.tokenizer import create_tokenizer
from extractor.text import canonical_text


def create_nlp(rules: Path | str | None = None) -> Language:
    """The spaCy Language for Vietnamese news with all extractors in their order.

    Args:
        rules: a folder of rules; by default the one that comes with the package.

    Returns:
        A Language; `nlp(canonical_text(text)).spans["dates"]` are the dates of a text.
    """
    from extractor.extractors import factories  # noqa: F401 - registers the factories

    config: dict[str, Any] = {"nlp": {"tokenizer": {"@tokenizers": "extractor.UndertheseaTokenizer.v1"}}}
    assert create_tokenizer  # registered by its import
    nlp = Vietnamese.from_config(config)
    for name in ordered_extractors():
        nlp.add_pipe(name, config={"rules": str(rules) if rules is not None else None})
    return nlp


def extract_article(
    nlp: Language, article: Article, *, spans: bool = False, only: Collection[str] | None = None
) -> Extraction:
    """Extract one article's records.

    Args:
        nlp: the pipeline, from `create_nlp`.
        article: an article whose text is canonical.
        spans: also fill `doc.spans`, which a batch has no use for.
        only: the names of the extractors whose tables are wanted, by default all; those that they require run too.

    Returns:
        The article with its tables; the same article and rules always give the same records.

    Raises:
        OffsetError: an extractor gave a span that does not hold its quote.
    """
    doc = nlp.tokenizer(article.text)
    doc.user_data["article"] = article
    doc.user_data["spans"] = spans
    needed = None if only is None else with_required(only)
    for name, pipe in nlp.pipeline:
        if needed is None or name in needed:
            doc = pipe(doc)
    wanted = None if only is None else tables_of(only)
    records = doc.user_data.get("records", {})
    return Extraction(article, {t: tuple(rows) for t, rows in records.items() if wanted is None or t in wanted})


def extract_text(nlp: Language, text: str, published_at: str | None = None) -> Extraction:
    """Extract from bare text: canonical form first, the first line taken as the title.

    Args:
        nlp: the pipeline, from `create_nlp`.
        text: any text.
        published_at: the publication day (ISO), from which year-less dates are completed.

    Returns:
        The extraction; its article has no URL.
    """
    text = canonical_text(text)
    digest = content_id(text, length=64)
    article = Article(
        article_id=digest[:16],
        url=None,
        title=text.split("\n", 1)[0],
        text=text,
        published_at=published_at,
        content_sha256=digest,
    )
    return extract_article(nlp, article)
