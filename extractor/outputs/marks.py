"""A text cut where its marked spans begin and end, for showing records in the text they came from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text over which the same spans lie.

    `spans` are the caller's objects, the shortest first; `begins` are those of them that begin here.
    """

    text: str
    spans: tuple[Any, ...]
    begins: tuple[Any, ...]


def pieces(text: str, spans: Iterable[tuple[int, int, Any]], start: int = 0, end: int | None = None) -> Iterator[Piece]:
    """Cut a text at the edges of spans, which may nest and cross.

    Args:
        text: the text.
        spans: (start, end, anything) with offsets into the text.
        start: where to begin.
        end: where to stop; by default the text's end.

    Yields:
        The pieces, whose texts joined are `text[start:end]`.
    """
    end = len(text) if end is None else end
    inside = sorted(
        ((max(s, start), min(e, end), s, mark) for s, e, mark in spans if s < end and e > start), key=lambda x: x[:2]
    )
    edges = sorted({start, end, *(s for s, *_ in inside), *(e for _, e, *_ in inside)})
    open_spans: list[tuple[int, int, int, Any]] = []
    following = 0
    for left, right in pairwise(edges):
        open_spans = [span for span in open_spans if span[1] > left]
        begun = []
        while following < len(inside) and inside[following][0] == left:
            open_spans.append(inside[following])
            if inside[following][2] == left:
                begun.append(inside[following])
            following += 1
        by_length = sorted(open_spans, key=lambda span: (span[1] - span[2], span[2]))
        yield Piece(text[left:right], tuple(s[3] for s in by_length), tuple(s[3] for s in begun))
