"""Scores of extracted rows against gold articles.

Three things are measured. Whether a thing is found at all: its span overlaps that of the gold (the same span, for
"dates strict"). Whether its attributes, the slots, are right, where those of a missed thing count as missed and those
of an invented one as invented. And whether every row's quote stands where its offsets say; a row for which it does not
counts as an invention.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from extractor.evaluate.gold import GoldArticle, locate
from extractor.evaluate.measures import (
    Count,
    Same,
    Span,
    day,
    is_null,
    joined_words,
    like_text,
    likeness,
    overlap,
    pair,
    same_day,
    same_number,
    same_text,
    starts_same,
)

Row = Mapping[str, Any]

SCORED_TABLES = ("dates", "officials", "positions", "meetings", "participations", "targets", "anniversaries")
MAIN = (
    "dates", "dates value", "officials", "positions", "meetings", "meetings slots", "participations", "targets",
    "targets slots", "anniversaries", "anniversaries slots",
)  # fmt: skip
"""The eleven measures whose mean F1 is the one figure for everything."""

SLOTS: dict[str, dict[str, Same]] = {
    "meetings": {
        "kind": same_text, "host": like_text, "start_date": same_day, "end_date": same_day, "part_of_day": same_text,
        "location": like_text, "status": same_text,
    },
    "targets": {
        "comparator": same_text, "value": same_number, "value_max": same_number, "unit": like_text,
        "subject": like_text, "deadline": same_day,
    },
    "anniversaries": {"years": same_number, "origin_date": starts_same, "anniversary_date": starts_same},
}  # fmt: skip


class ScoreError(NamedTuple):
    """One thing that is wrong: in which article and table, of what kind ("missed", "invented", "differs" …), what."""

    url: str
    table: str
    kind: str
    text: str


@dataclass
class Scorer:
    """Adds up the counts and errors of articles, one at a time."""

    counts: defaultdict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    errors: list[ScoreError] = field(default_factory=list)

    def add(self, article: GoldArticle, rows: Mapping[str, Sequence[Row]], text: str | None = None) -> None:
        """Score one article.

        Args:
            article: the gold article.
            rows: the extracted rows of each table, as `Extraction.as_json` gives them.
            text: the text that the rows' offsets are of, if not the gold article's own.
        """
        one = _ArticleScore(self, article, rows, article.article.text if text is None else text)
        one.dates()
        one.officials()
        one.meetings()
        one.targets()
        one.anniversaries()


class _ArticleScore:
    def __init__(self, total: Scorer, article: GoldArticle, rows: Mapping[str, Sequence[Row]], text: str) -> None:
        self.counts = total.counts
        self._errors = total.errors
        self.url = article.key
        self.gold = article.gold
        self._text = article.article.text
        if text != self._text:
            self.error("article", "text differs from the canonical text", "")
        self.rows = {table: self._located(table, rows.get(table) or (), text) for table in SCORED_TABLES}

    def _located(self, table: str, rows: Sequence[Row], text: str) -> list[Row]:
        true = [row for row in rows if text[int(row["start"]) : int(row["end"])] == row["quote"]]
        self.counts["offsets"].add(tp=len(true), fp=len(rows) - len(true))
        if len(true) < len(rows):
            self.error(table, "offsets", f"{len(rows) - len(true)} rows")
        return true

    def error(self, table: str, kind: str, text: str) -> None:
        self._errors.append(ScoreError(self.url, table, kind, text))

    def wanted(self, table: str) -> list[Row]:
        return list(self.gold.get(table, ()))

    def gold_span(self, item: Row) -> Span:
        return locate(item, self._text)

    def overlap(self, gold: Row, predicted: Row) -> float:
        return overlap(self.gold_span(gold), _span(predicted))

    def tally(self, table: str, pairs: int, lost: Sequence[Row], invented: Sequence[Row]) -> None:
        self.counts[table].add(pairs, len(invented), len(lost))
        for item in lost:
            self.error(table, "missed", item["quote"])
        for item in invented:
            self.error(table, "invented", item["quote"])

    def dates(self) -> None:
        wanted, found = self.wanted("dates"), self.rows["dates"]
        pairs, lost, invented = pair(wanted, found, self.overlap)
        self.tally("dates", len(pairs), lost, invented)
        exact = sum(self.gold_span(g) == _span(p) for g, p in pairs)
        self.counts["dates strict"].add(exact, len(found) - exact, len(wanted) - exact)
        right = 0
        for g, p in pairs:
            if _days(g) == _days(p):
                right += 1
            else:
                said, got = ("…".join(str(d) for d in (x.get("start_date"), x.get("end_date"))) for x in (g, p))
                self.error("dates", "value", f"{g['quote']!r} gold {said} got {got}")
        self.counts["dates value"].add(right, len(found) - right, len(wanted) - right)

    def officials(self) -> None:
        names: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.rows["officials"]:
            names[joined_words(row["name"])] += [post for post in (row.get("positions") or ()) if post]
        wanted = {joined_words(item["name"]): item["positions"] for item in self.wanted("officials")}
        hit = set(names) & set(wanted)
        lost, invented = sorted(set(wanted) - hit), sorted(set(names) - hit)
        self.tally("officials", len(hit), [{"quote": n} for n in lost], [{"quote": n} for n in invented])
        for name in sorted(set(names) | set(wanted)):
            self._positions(name, names.get(name, []), wanted.get(name, []))

    def _positions(self, name: str, found: Sequence[str], wanted: Sequence[str | list[str]]) -> None:
        """One person's posts: each gold post is a list of its wordings, any of which may be found."""
        said = list({joined_words(post): post for post in found}.values())
        posts = [post if isinstance(post, list) else [post] for post in wanted]

        def nearest(wordings: list[str], post: str) -> float:
            best = max(likeness(wording, post) for wording in wordings)
            return best if best >= 0.6 else 0.0

        pairs, lost, extra = pair(posts, said, nearest)
        # A second wording of a post that gold words in several ways is no invention.
        invented = [post for post in extra if not any(len(g) > 1 and nearest(g, post) for g, _ in pairs)]
        self.counts["positions"].add(len(pairs), len(invented), len(lost))
        for wordings in lost:
            self.error("positions", "missed", f"{name}: {wordings[0]}")
        for post in invented:
            self.error("positions", "invented", f"{name}: {post}")

    def meetings(self) -> None:
        pairs, lost, invented = pair(self.wanted("meetings"), self.rows["meetings"], self._meeting_likeness)
        self.tally("meetings", len(pairs), lost, invented)
        got: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for row in self.rows["participations"]:
            got[row["meeting_id"]].add((joined_words(row["official"]), row["role"]))
        for g, p in _with_unpaired(pairs, lost, invented):
            said = {(joined_words(x["official"]), x["role"]) for x in g.get("participations", ())} if g else set()
            found = got[p["meeting_id"]] if p else set()
            self.counts["participations"].add(len(said & found), len(found - said), len(said - found))
            for kind, missing in (("missed", said - found), ("invented", found - said)):
                for role in sorted(missing):
                    self.error("participations", kind, " · ".join(role))
            self._slots("meetings", g, p)

    def _meeting_likeness(self, gold: Row, predicted: Row) -> float:
        alike = self.overlap(gold, predicted) + likeness(gold["quote"], predicted["quote"])
        start = gold.get("start_date")
        same = bool(start) and gold["kind"] == predicted.get("kind") and same_day(start, predicted.get("start_date"))
        return alike + same if alike >= 0.5 or same else 0.0

    def targets(self) -> None:
        goals = [row for row in self.rows["targets"] if row.get("status", "target") == "target"]
        wanted = self.wanted("targets")
        pairs, lost, invented = pair(
            [g for g in wanted if g["kind"] == "quantity"],
            [p for p in goals if p.get("kind") == "quantity"],
            self._target_likeness,
        )
        self.tally("targets", len(pairs), lost, invented)
        for g, p in _with_unpaired(pairs, lost, invented):
            self._slots("targets", g, p)
        pairs, lost, invented = pair(
            [g for g in wanted if g["kind"] == "level"], [p for p in goals if p.get("kind") == "level"], self.overlap
        )
        self.counts["targets level"].add(len(pairs), len(invented), len(lost))

    def _target_likeness(self, gold: Row, predicted: Row) -> float:
        shared = self.overlap(gold, predicted)
        known = not is_null(predicted.get("value")) and gold.get("value") is not None
        same = known and same_number(gold["value"], predicted["value"])
        return shared + same if shared and (same or shared >= 0.5) else 0.0

    def anniversaries(self) -> None:
        def alike(gold: Row, predicted: Row) -> float:
            score = self.overlap(gold, predicted) + likeness(gold["event"], predicted.get("event"))
            return score if score >= 0.5 else 0.0

        pairs, lost, invented = pair(self.wanted("anniversaries"), self.rows["anniversaries"], alike)
        self.tally("anniversaries", len(pairs), lost, invented)
        for g, p in _with_unpaired(pairs, lost, invented):
            self._slots("anniversaries", g, p)

    def _slots(self, table: str, gold: Row | None, predicted: Row | None) -> None:
        for name, same in SLOTS[table].items():
            left, right = (gold or {}).get(name), (predicted or {}).get(name)
            said, got = not is_null(left), not is_null(right)
            hit = said and got and same(left, right)
            for measure in (f"{table} slots", f"{table}.{name}"):
                self.counts[measure].add(int(hit), int(got and not hit), int(said and not hit))
            if gold and predicted and (said or got) and not hit:
                self.error(f"{table}.{name}", "differs", f"{gold['quote'][:50]!r} gold {left!r} got {right!r}")


def _span(row: Row) -> Span:
    return int(row["start"]), int(row["end"])


def _days(row: Row) -> tuple[str | None, str | None]:
    return day(row.get("start_date")), day(row.get("end_date"))


def _with_unpaired(
    pairs: Sequence[tuple[Row, Row]], lost: Sequence[Row], invented: Sequence[Row]
) -> list[tuple[Row | None, Row | None]]:
    missed: list[tuple[Row | None, Row | None]] = [(item, None) for item in lost]
    return [*pairs, *missed, *((None, item) for item in invented)]
