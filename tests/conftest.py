import pytest

from extractor.nlp import create_nlp
from extractor.rules import load_rules


@pytest.fixture(scope="session")
def nlp():
    """The whole pipeline, made once."""
    return create_nlp()


@pytest.fixture(scope="session")
def rules():
    """The packaged rules, read once."""
    return load_rules()
