"""The whole pipeline beside underthesea.word_tokenize and underthesea.ner alone, over the same sentences in the same run.

    python -m benchmarks.pipeline_speed [INPUT.jsonl] [--rounds 5] [--ner]

Prints seconds, articles/s, words/s and the ratio to word_tokenize; each figure is the best of the rounds, which are
interleaved so that a slow moment of the machine hits all of them. "whole run" is everything from the file of articles to the
finished archive, persons linked and searchable; models are loaded before anything is timed.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import underthesea

from extractor.engine import run
from extractor.inputs import read_articles
from extractor.nlp import create_nlp
from extractor.nlp.tokenizer import sentence_spans
from extractor.resources import resource
from extractor.rules import load_rules
from extractor.workers import work


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", nargs="?", type=Path, default=resource("corpus") / "gold" / "corpus.jsonl")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ner", action="store_true", help="time underthesea.ner too, which takes minutes")
    args = parser.parse_args()
    rules = load_rules()
    articles = list(read_articles([args.input], rules, print))
    work(articles[:1], None, rules.version)
    sentences = [a.text[s:e] for a in articles for s, e in sentence_spans(a.text)]
    nlp = create_nlp()
    words = sum(len(underthesea.word_tokenize(s)) for s in sentences)
    candidates: dict[str, Callable[[], object]] = {
        "underthesea.word_tokenize": lambda: [underthesea.word_tokenize(s) for s in sentences],
        "tokenizer only": lambda: [nlp.tokenizer(a.text) for a in articles],
        "whole pipeline": lambda: work(articles, None, rules.version),
        "whole run": lambda: _run(args.input),
    }
    if args.ner:
        underthesea.ner("Tải mô hình trước.")
        candidates["underthesea.ner"] = lambda: [underthesea.ner(s) for s in sentences]
    best = {name: float("inf") for name in candidates}
    for _ in range(args.rounds):
        for name, do in candidates.items():
            best[name] = min(best[name], timed(do))
    reference = best["underthesea.word_tokenize"]
    print(f"{len(articles)} articles, {len(sentences)} sentences, {words} words")
    print(f"{'':28}{'seconds':>10}{'articles/s':>12}{'words/s':>12}{'x word_tokenize':>17}")
    for name, seconds in best.items():
        print(
            f"{name:28}{seconds:10.3f}{len(articles) / seconds:12.1f}{words / seconds:12.0f}{seconds / reference:17.2f}"
        )
    if args.ner:
        times = best["underthesea.ner"] / best["whole run"]
        print(f"\nThe whole run is {times:.1f} times as fast as underthesea.ner.")


def _run(source: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        summary = run([source], data)
    if summary.failed or summary.problems:
        raise SystemExit(f"the run is not clean: {summary}")


if __name__ == "__main__":
    main()
