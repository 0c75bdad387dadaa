"""underthesea's word-segmentation model, run without making its features as strings.

The model is a linear-chain CRF of two labels, B-W (a word begins) and I-W (it goes on), over features of up to three
neighbouring syllables. With two labels only the difference of their weights matters, and the weights of one syllable,
of one pair and of one triple can be summed once and kept. So the same model that takes 20 µs a syllable through lists of
feature strings takes 3. The weights are read from underthesea's own file, which is in CRFsuite's format
(N. Okazaki, CRFsuite, "lib/crf/src/crf1d_model.c"). The words are the same ones; only where two ways to cut unknown signs
weigh exactly the same may rounding choose another.
"""

import struct
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from os.path import dirname
from pathlib import Path

Vector = tuple[float, ...]

MODEL = "ws_crf_vlsp2013_20230727"
"""The folder of the model that `underthesea.word_tokenize` uses."""
_WINDOW = {1: ("-2", "-1", "0", "1", "2"), 2: ("-2,-1", "-1,0", "0,1", "1,2"), 3: ("-2,0", "-1,1", "0,2")}
"""The places, by size, of what a feature looks at; 0 is the syllable that gets the label."""
_FEATURES = frozenset(
    [f"T[{place}]" for places in _WINDOW.values() for place in places]
    + [f"T[{place}].{f}" for place in _WINDOW[1] for f in ("lower", "istitle", "is_in_dict")]
    + [f"T[{place}].isdigit" for place in _WINDOW[1][1:4]]
    + [f"T[{place}].{f}" for place in _WINDOW[2] for f in ("lower", "is_in_dict")]
    + [f"T[{place}].is_in_dict" for place in _WINDOW[3]]
    + ["T[0,1].istitle", "T[0,2].istitle"]
)
"""What the model asks, in underthesea's templates: `T[-1,0].lower` is the small form of the syllable before with this one."""
_FUNCTIONS = ("lower", "isdigit", "istitle", "is_in_dict")
_KEPT = {1: 20_000, 2: 60_000}
"""How many sums are kept; when so many are, they are made anew, so that memory stays bounded over any number of texts."""


class Word:
    """What the model looks at in one syllable, and the sum of its weights at each of the five places."""

    __slots__ = ("lower", "text", "title", "weights")

    def __init__(self, text: str, lower: str, title: bool, weights: Vector) -> None:
        self.text = text
        self.lower = lower
        self.title = title
        self.weights = weights


class Segmenter:
    """The model, ready to segment; see `load`.

    Args:
        weights: the weight of I-W less that of B-W, by feature.
        transitions: the weights of B→B, B→I, I→B, I→I.
        dictionary: the words that `is_in_dict` knows.
        normalize: underthesea's normal form of a syllable.
        look: what underthesea takes for the small form of a syllable, and whether it is made of digits or a title
            ("True", "False"); its idea of these differs from Python's for rare letters.
    """

    def __init__(
        self,
        weights: dict[str, float],
        transitions: tuple[float, float, float, float],
        dictionary: frozenset[str],
        normalize: Callable[[str], str],
        look: Callable[[str], tuple[str, str, str]],
    ) -> None:
        self.transitions = transitions
        self.dictionary = dictionary
        self.normalize = normalize
        self.look = look
        self._weights = {size: _tables(weights, places) for size, places in _WINDOW.items()}
        self._words: dict[str, Word] = {}
        self._pairs: dict[str, Vector] = {}
        self._edges = {
            (size, edge): self._sum(size, edge, edge, edge, edge, edge) for size in _WINDOW for edge in ("BOS", "EOS")
        }
        # Of three syllables most are in no feature by themselves; what is left depends on two questions only.
        self._triples = {
            (title, known): self._sum(3, "", "", "", str(title), str(known))
            for title in (False, True)
            for known in (False, True)
        }
        self._triple_weights = self._weights[3][""]

    def begins(self, syllables: Sequence[str]) -> list[bool]:
        """Whether each syllable of a sentence begins a word.

        Args:
            syllables: the sentence's syllables as written.

        Returns:
            True for B-W, False for I-W, as underthesea's tagger says after normalising the syllables.
        """
        if not syllables:
            return []
        return self._best(self._scores([self._words.get(s) or self._word(s) for s in syllables]))

    def _scores(self, words: list[Word]) -> list[float]:
        """How much more the features of each place speak for I-W than for B-W."""
        edges, pairs = self._edges, self._pairs
        begin, end = edges[1, "BOS"], edges[1, "EOS"]
        ones = [begin, begin, *[w.weights for w in words], end, end]
        begin, end = edges[2, "BOS"], edges[2, "EOS"]
        twos = [begin, begin]
        for a, b in pairwise(words):
            key = f"{a.text} {b.text}"
            twos.append(pairs.get(key) or self._pair(key, a, b))
        twos += [end, end]
        begin, end = edges[3, "BOS"], edges[3, "EOS"]
        known, special, plain = self.dictionary, self._triple_weights, self._triples
        threes = [begin, begin]
        for a, b, c in zip(words, words[1:], words[2:], strict=False):
            found = plain[a.title and b.title and c.title, f"{a.lower} {b.lower} {c.lower}" in known]
            own = special.get(f"{a.text} {b.text} {c.text}")
            threes.append(found if own is None else tuple(x + y for x, y in zip(found, own, strict=True)))
        threes += [end, end]
        return [
            a[0] + b[1] + c[2] + d[3] + e[4] + f[0] + g[1] + h[2] + i[3] + j[0] + k[1] + m[2]
            for a, b, c, d, e, f, g, h, i, j, k, m in zip(
                ones, ones[1:], ones[2:], ones[3:], ones[4:],
                twos, twos[1:], twos[2:], twos[3:],
                threes, threes[1:], threes[2:], strict=False,
            )
        ]  # fmt: skip

    def _best(self, scores: list[float]) -> list[bool]:
        """The likeliest labels (Viterbi), where only the lead of I over B is kept."""
        bb, bi, ib, ii = self.transitions
        lead = scores[0]
        back: list[tuple[bool, bool]] = []
        for score in scores[1:]:
            to_b, to_i = lead + ib, lead + ii
            back.append((to_b > bb, to_i > bi))
            lead = (to_i if to_i > bi else bi) - (to_b if to_b > bb else bb) + score
        inside = lead > 0
        labels = [not inside]
        for from_b, from_i in reversed(back):
            inside = from_i if inside else from_b
            labels.append(not inside)
        labels.reverse()
        return labels

    def _word(self, written: str) -> Word:
        text = self.normalize(written)
        lower, digits, title = self.look(text)
        weights = self._sum(1, text, lower, digits, title, str(lower in self.dictionary))
        if len(self._words) >= _KEPT[1]:
            self._words.clear()
        return self._words.setdefault(written, Word(text, lower, title == "True", weights))

    def _pair(self, key: str, a: Word, b: Word) -> Vector:
        lower = f"{a.lower} {b.lower}"
        found = self._sum(2, key, lower, "", str(a.title and b.title), str(lower in self.dictionary))
        if len(self._pairs) >= _KEPT[2]:
            self._pairs.clear()
        return self._pairs.setdefault(key, found)

    def _sum(self, size: int, text: str, *values: str) -> Vector:
        """The weights of all features over the same syllables, at each place."""
        tables = self._weights[size]
        nothing = (0.0,) * len(_WINDOW[size])
        parts = [
            tables[name].get(value, nothing) for name, value in zip(("", *_FUNCTIONS), (text, *values), strict=True)
        ]
        return tuple(map(sum, zip(*parts, strict=True)))


def _tables(weights: dict[str, float], places: Sequence[str]) -> dict[str, dict[str, Vector]]:
    """function ("" for the words themselves) → value → the weights at each place."""
    tables: dict[str, dict[str, Vector]] = {name: {} for name in ("", *_FUNCTIONS)}
    nothing = (0.0,) * len(places)
    for feature, weight in weights.items():
        head, _, value = feature.partition("=")
        place, _, function = head.removeprefix("T[").partition("]")
        if place in places:
            table, at = tables[function.removeprefix(".")], places.index(place)
            row = table.get(value, nothing)
            table[value] = (*row[:at], weight, *row[at + 1 :])
    return tables


@cache
def load() -> Segmenter | None:
    """underthesea's word-segmentation model, loaded once.

    Returns:
        The segmenter; None if the installed model asks for other features or labels than the ones known here, so that
        the caller must go through underthesea's own tagger.
    """
    import joblib
    from underthesea.pipeline import word_tokenize
    from underthesea.pipeline.text_normalize import token_normalize
    from underthesea_core import CRFFeaturizer

    folder = Path(dirname(word_tokenize.__file__), "models", MODEL)
    if set(joblib.load(folder / "features.bin")) != _FEATURES:
        return None
    read = _read_model((folder / "models.bin").read_bytes())
    if read is None:
        return None
    own = [f"T[0].{function}" for function in _FUNCTIONS[:3]]
    featurizer = CRFFeaturizer(own, set())

    def look(text: str) -> tuple[str, str, str]:
        lower, digits, title = (f.partition("=")[2] for f in featurizer.process([[[text]]])[0][0])
        return lower, digits, title

    return Segmenter(*read, frozenset(joblib.load(folder / "dictionary.bin")), token_normalize, look)


def _read_model(data: bytes) -> tuple[dict[str, float], tuple[float, float, float, float]] | None:
    """Weights by feature and the transitions from a CRFsuite file; None if it is none of the labels B-W and I-W."""
    import numpy as np

    magic, *_, labels_at, attributes_at, _, _ = header = struct.unpack_from("<4sI4s9I", data)
    if magic != b"lCRF":
        return None
    labels = _strings(data, labels_at)
    if sorted(labels) != ["B-W", "I-W"]:
        return None
    features_at = header[7]
    layout = np.dtype([("kind", "<u4"), ("source", "<u4"), ("label", "<u4"), ("weight", "<f8")])
    (count,) = struct.unpack_from("<I", data, features_at + 8)
    features = np.frombuffer(data, layout, count, features_at + 12)
    attributes = _strings(data, attributes_at)
    inside = labels.index("I-W")
    state, transition = features[features["kind"] == 0], features[features["kind"] == 1]
    sums = np.zeros(len(attributes))
    np.add.at(sums, state["source"], np.where(state["label"] == inside, state["weight"], -state["weight"]))
    moves = {(int(t["source"]) == inside, int(t["label"]) == inside): float(t["weight"]) for t in transition}
    bb, bi, ib, ii = (moves.get((a, b), 0.0) for a in (False, True) for b in (False, True))
    return dict(zip(attributes, sums.tolist(), strict=True)), (bb, bi, ib, ii)


def _strings(data: bytes, at: int) -> list[str]:
    """The strings of a constant database (CQDB) of the file, by their number."""
    count, table = struct.unpack_from("<II", data, at + 16)
    found = []
    for offset in struct.unpack_from(f"<{count}I", data, at + table):
        (size,) = struct.unpack_from("<I", data, at + offset + 4)
        found.append(data[at + offset + 8 : at + offset + 7 + size].decode())
    return found
