"""The words of an article that place its dates in time: cues of future and past, and the years that it tells."""

import re
from bisect import bisect_right

from extractor.extractors._dates_read import Reader
from extractor.rules import alternation


class Cues:
    """The words that tell future from past."""

    def __init__(self, reader: Reader) -> None:
        def words(name: str) -> str:
            return alternation(reader.lexicon[name], either_case=False)

        self.review = re.compile(rf"(?<!\w)(?:{words('review_words')})(?!\w)")
        # "sắp xếp" and "sắp đặt" are no future. The separator before a word leads the pattern, which makes it quick.
        self.regex = re.compile(
            rf"\W(?:(?P<future>{words('future_words')})|(?:{words('past_words')}))(?!\w| (?:xếp|đặt)(?!\w))"
        )


_YEAR = re.compile(r"[12](?<![\d.,].)(?:(?<=1)9|(?<=2)0)\d\d(?![\d.,]\d|\d|/[a-zđ])")

_SCOPE = re.compile(r"năm (20\d\d)(?![\w%]|[.,/–-]\d| ?[–-] ?\d)")
_NO_SCOPE = re.compile(r"(?:so với |cùng kỳ |hơn |tháng \d\d? |(?<!\w)từ |\w)$")


class Marks:
    """Where an article has words that tell future from past, and years: found in one pass, looked up by position."""

    def __init__(self, low: str, cues: Cues) -> None:
        found = [(m.start(), m.end() - 1, 1 if m["future"] else -1) for m in cues.regex.finditer("\n" + low)]
        self._cues = found
        self._starts = [start for start, _, _ in found]
        years = [(m.start(), int(m.group())) for m in _YEAR.finditer(low)]
        scopes = [
            (m.start(), int(m[1]))
            for m in _SCOPE.finditer(low)
            if not _NO_SCOPE.search(low, max(0, m.start() - 10), m.start())
        ]
        self._scope_starts = [start for start, _ in scopes]
        self._scopes = [year for _, year in scopes]
        self._year_starts = [start for start, _ in years]
        self._years = [year for _, year in years]

    def lean(self, start: int, end: int, at: int) -> int:
        """1 where the cue nearest to `at` between `start` and `end` is one of the future, -1 of the past, 0 without cue."""
        behind = bisect_right(self._starts, at)
        near = [
            (abs(begin - at), lean)
            for begin, finish, lean in self._cues[max(0, behind - 1) : behind + 1]
            if start <= begin and finish <= end
        ]
        return min(near, key=lambda cue: cue[0])[1] if near else 0

    def scope_before(self, at: int, start: int) -> int | None:
        """The last year between `start` and `at` that its words are about ("năm 2025", not "so với năm 2024"), or None."""
        last = bisect_right(self._scope_starts, at - 8) - 1
        return self._scopes[last] if last >= 0 and self._scope_starts[last] >= start else None

    def year_before(self, at: int, start: int) -> int | None:
        """The last year told outright between `start` and `at`, or None."""
        last = bisect_right(self._year_starts, at - 4) - 1
        return self._years[last] if last >= 0 and self._year_starts[last] >= start else None
