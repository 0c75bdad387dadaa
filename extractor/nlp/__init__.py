"""The spaCy Language for Vietnamese news and the pipeline over it."""

from extractor.nlp.pipeline import create_nlp, extract_article, extract_text

__all__ = ["create_nlp", "extract_article", "extract_text"]
