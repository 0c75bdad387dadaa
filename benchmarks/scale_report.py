"""The table and the plot of `benchmarks.scale`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
RUNS = ("1 process", "2 processes", "Dask, 2 workers")


def write_report(measures: Sequence[Row], folder: Path, command: str, machine: str) -> None:
    """Write scale.md and scale.png.

    Args:
        measures: one dict a measure, as `scale.Measure` with its `rate`.
        folder: where they go.
        command: what made them.
        machine: what it ran on, in words.
    """
    text = "\n".join(lines(measures, command, machine))
    (folder / "scale.md").write_text(text + "\n", encoding="utf-8")
    plot(measures, folder / "scale.png")
    print(text)


def lines(measures: Sequence[Row], command: str, machine: str) -> Iterator[str]:
    counts = sorted({m["count"] for m in measures})
    yield "# Speed and scale"
    yield ""
    yield f"Made by `{command}` on {machine}."
    yield ""
    yield (
        "A run is everything from the file of articles to the finished archive: reading, extraction, storing, linking of"
        " persons, search index; the loading of the pipeline is counted in. Memory is the peak resident size of the main"
        " process and of the largest worker. What was measured on the first articles only is told by the text they hold. Sizes up to 10,000 were measured before the largest and after it; the mean is told."
    )
    yield ""
    yield "| articles | | seconds | articles/s | words/s | × word_tokenize | main MB | worker MB | archive / text |"
    yield "|---:|---|---:|---:|---:|---:|---:|---:|---:|"
    for count in counts:
        own = [m for m in measures if m["count"] == count]
        words = next(m for m in own if m["name"] == "underthesea.word_tokenize")
        for m in own:
            yield _line(m, words["seconds"] / words["of"])
    yield ""
    yield from _ratios(measures, counts)
    yield ""
    yield "![articles a second, memory](scale.png)"


def _line(m: Row, reference: float) -> str:
    sampled = m["measured"] != m["count"]
    seconds = m["seconds"] / m["of"] * m["count"]
    return "| " + " | ".join(
        [
            f"{m['count']:,}",
            m["name"] + (f" (measured on {m['measured']:,})" if sampled else ""),
            ("≈ " if sampled else "") + f"{seconds:,.1f}",
            f"{m['rate']:,.1f}",
            f"{m['words'] / seconds * (m['count'] / m['of'] if m['name'] not in RUNS else 1):,.0f}" if m["words"] else "",
            f"{m['seconds'] / m['of'] / reference:.2f}",
            _mega(m["main_memory"]),
            _mega(m["worker_memory"]) if m["name"] != RUNS[0] else "",
            f"{m['archive_bytes'] / m['text_bytes']:.2f}" if m["text_bytes"] else "",
        ]
    ) + " |"  # fmt: skip


def _mega(size: int) -> str:
    return f"{size / 2**20:,.0f}" if size else ""


def _ratios(measures: Sequence[Row], counts: Sequence[int]) -> Iterator[str]:
    by = {(m["count"], m["name"]): m for m in measures}
    for count in counts:
        one = by[count, RUNS[0]]
        others = [name for name in RUNS[1:] if (count, name) in by]
        told = [f"{name} {by[count, name]['rate'] / one['rate']:.2f} times one process" for name in others]
        if told:
            yield f"- {count:,} articles: {'; '.join(told)}."
    first, last = by[counts[0], RUNS[0]], by[counts[-1], RUNS[0]]
    if first is not last:
        yield (
            f"- Cost of an article at {counts[-1]:,} against {counts[0]:,}: {first['rate'] / last['rate']:.2f} times"
            f" ({_working_rate(first) / _working_rate(last):.2f} without the loading of the pipeline);"
            f" peak memory of the main process: {last['main_memory'] / first['main_memory']:.2f} times."
        )
    for name in ("underthesea.ner", "HeidelTime"):
        times = [
            f"{_working_rate(one) / other['rate']:,.1f} (of {count:,}; {one['rate'] / other['rate']:,.1f} if our loading counts)"
            for count in counts
            if (other := by.get((count, name))) and (one := by[count, RUNS[0]])
        ]
        if times:
            yield f"- One process does {' and '.join(times)} times the articles of {name} in the same time; loading counts for neither."


def _working_rate(m: Row) -> float:
    """Articles a second after the pipeline is loaded."""
    return m["of"] / (m["seconds"] - m["loading"])


def plot(measures: Sequence[Row], path: Path) -> None:
    """Articles a second and peak memory by number of articles."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, (speed, memory) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    for number, name in enumerate((*RUNS, "underthesea.word_tokenize")):
        own = [m for m in measures if m["name"] == name]
        style = "--" if name not in RUNS else "-"
        speed.plot(
            [m["count"] for m in own], [m["rate"] for m in own], style, color=f"C{number}", marker="o", label=name
        )
        if name in RUNS:
            sizes = [m["main_memory"] / 2**20 for m in own]
            memory.plot([m["count"] for m in own], sizes, color=f"C{number}", marker="o", label=f"{name}: main process")
    for axes, label in ((speed, "articles a second"), (memory, "peak memory, MB")):
        axes.set(xscale="log", xlabel="articles", ylabel=label)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    # Without the version of the library the same figures give the same file.
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)
