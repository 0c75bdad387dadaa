"""The spaCy factories of the extractors, made by listing the package; `pyproject.toml` names them as entry points."""

from typing import Any

from spacy.language import Language

from extractor.extractors.base import component, create_component, ordered_extractors


def _register(extractor: str) -> Any:
    def create(nlp: Language, name: str, rules: str | None) -> component:
        return create_component(nlp, extractor, rules)

    Language.factory(
        extractor,
        default_config={"rules": None},
        assigns=["doc.spans"],
        func=create,
    )
    return create


FACTORIES = {name: _register(name) for name in ordered_extractors()}


def __getattr__(name: str) -> Any:
    """Each factory is an attribute of its extractor's name, for the entry points."""
    if name in FACTORIES:
        return FACTORIES[name]
    raise AttributeError(name)
