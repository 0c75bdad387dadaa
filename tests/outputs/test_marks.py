from hypothesis import given
from hypothesis import strategies as st

from extractor.outputs.marks import pieces


def test_spans_that_nest_and_cross():
    found = list(pieces("abcdef", [(0, 4, "long"), (1, 2, "short"), (3, 5, "cross")]))
    assert [(p.text, p.spans, p.begins) for p in found] == [
        ("a", ("long",), ("long",)),
        ("b", ("short", "long"), ("short",)),
        ("c", ("long",), ()),
        ("d", ("cross", "long"), ("cross",)),
        ("e", ("cross",), ()),
        ("f", (), ()),
    ]


@given(st.text(max_size=20), st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=8), st.integers(0, 20))
def test_the_pieces_joined_are_the_text(text, spans, start):
    marks = [(s, min(s + n, len(text)), i) for i, (s, n) in enumerate(spans) if s < len(text)]
    start = min(start, len(text))
    found = list(pieces(text, marks, start))
    assert "".join(p.text for p in found) == text[start:]
    for _s, _e, i in marks:
        covered = "".join(p.text for p in found if i in p.spans)
        assert covered == text[max(_s, start) : max(_e, start)]
