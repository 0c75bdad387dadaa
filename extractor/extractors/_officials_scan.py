"""One pass over a text: words of address, titles, names, posts."""

from collections.abc import Callable

from extractor.extractors._officials_names import find_honorifics, find_names
from extractor.extractors._officials_parts import Scan
from extractor.extractors._officials_posts import find_posts
from extractor.extractors._officials_tables import Tables, plain


def scan(text: str, tables: Tables, starts_word: Callable[[int], bool] = lambda at: True) -> Scan:
    """Find names and posts in a canonical text.

    Args:
        text: the text.
        tables: the compiled rules.
        starts_word: whether a word begins at a place, if that is known; the rest of a word ("chính" in "Nội chính") ends no
            post.

    Returns:
        The text with what was found.
    """
    found = Scan(text, plain(text), starts_word)
    find_honorifics(found, tables)
    found.titles = {m.start(): m.end() for m in tables.title.finditer(found.low)}
    found.title_ends = frozenset(found.titles.values())
    find_names(found, tables)
    find_posts(found, tables)
    return found
