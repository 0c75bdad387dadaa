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
        self.summed_up = re.compile(rf"(?<!\w){words('year_sums_up')}(?!\w)[^.;\n]*$")
        self.set_out = re.compile(rf"(?<!\w){words('year_sets_out')}(?!\w)[^.;\n]*$")
        self.opening = re.compile(rf"(?<!\w){words('term_openings')}(?!\w)")
        self.before_opening = re.compile(rf"(?<!\w){words('before_opening')}(?!\w)[^.;\n]{{0,60}}$")
        self.looks_back = re.compile(rf"(?<!\w){words('after_opening')}(?!\w)[^.,;\n]{{0,25}}$")
        self.known_years = reader.known_years
        self.counted = re.compile(
            rf"(?<![\d.,/])(?P<years>[1-9]\d{{0,2}}) ?năm(?: ngày)? "
            rf"(?P<name>{alternation(self.known_years, either_case=False)})(?!\w)"
        )


NOT_ITS_TIME = re.compile(
    r"(?:đến|tới|trước|từ|hết|hạn|so với|sinh|kể từ|sau|luật|cùng kỳ|hiệu lực)(?: hết| cùng kỳ| ngày)* $"
)
HISTORY = re.compile(
    r"(?<!\w)(?:lập|ra đời|sinh|nhập ngũ|tham gia|xây dựng|khởi công|vào đảng|nghỉ hưu|về hưu|tập kết|tốt nghiệp|qua đời|mất|giải phóng|chiến thắng|tách|hy sinh|mục tiêu"
    r"|tầm nhìn|hướng tới)(?!\w)[^.;,\n]{0,20}$"
)
"""Before a year: it tells when something began, or is aimed at, not when the article was written."""

_YEAR = re.compile(
    r"[12](?<![\d.,].)(?<!\d[–-].)(?<!\d [–-] .)(?:(?<=1)9|(?<=2)0)\d\d(?![\d.,]\d|\d|/[a-zđ]| ?[–-] ?[12]\d{3})"
)
"""A year that is no end of a span such as "nhiệm kỳ 2021 - 2026"."""

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


_DOCUMENT = re.compile(
    r"(?:\d+[/-][\w/-]*[a-zđ]{2,}[\w/-]*|(?:số|nghị quyết|nghị định|quyết định|chỉ thị|kế hoạch|kết luận) \d+),? ?$"
)
_LAW = re.compile(
    r"(?:luật|pháp lệnh|nghị định|nghị quyết|thông tư|chỉ thị|chính phủ|thủ tướng|bộ trưởng)(?!\w)[^.;\n]*$"
)


def of_document(low: str, start: int) -> bool:
    """Whether a day that begins at `start` is that of a document: its number stands right before it."""
    return _DOCUMENT.search(low, max(0, start - 30), start) is not None


def of_law(low: str, start: int) -> bool:
    """Whether the document before a day is one of the state, which may be older than the article's matter."""
    return _LAW.search(low, max(0, start - 70), start) is not None
