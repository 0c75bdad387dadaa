"""How long the explorer takes to start and to answer each of its pages over an archive of a given size.

    python -m benchmarks.explorer_speed --articles 100000 [--data DIR] [--rounds 5]

Makes such an archive (a minute for each 20,000 articles; `--data` keeps it for another time), starts `extractor serve` on it and
asks for each page several times. Prints the milliseconds of the first answer and of the middle one, and exits with 1 where a
middle one is over 300 ms or the start over 3 s.
"""

import argparse
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.big_archive import build
from extractor.dataset.connect import FILE_NAME

PAGE_MS, START_S = 300, 3.0


def pages(data: Path) -> dict[str, str]:
    """The addresses to ask for, by what they show."""
    connection = sqlite3.connect(data / FILE_NAME)

    def one(sql: str) -> tuple[str, ...]:
        return connection.execute(sql).fetchone() or ("", "")

    person, name = one("SELECT person_id, name FROM people ORDER BY n_articles DESC, person_id LIMIT 1")
    article = one("SELECT article_id FROM articles ORDER BY length(text) DESC, article_id LIMIT 1")[0]
    meeting = one("SELECT gathering_id FROM gatherings ORDER BY n_articles DESC, gathering_id LIMIT 1")[0]
    day = one("SELECT start_date FROM gatherings WHERE start_date < '2024' ORDER BY start_date DESC LIMIT 1")[0]
    source = one("SELECT source FROM articles ORDER BY source DESC LIMIT 1")[0]
    connection.close()

    def at(path: str, **query: object) -> str:
        return f"{path}?{urlencode({k.rstrip('_'): v for k, v in query.items()})}" if query else path

    common, rare = "hội nghị", "nhà văn hoá thôn"
    return {
        "home": "/",
        "search: none": "/search",
        "search: none, deep": at("/search", page=200),
        "search: common": at("/search", q=common),
        "search: common, bare": at("/search", q="hoi nghi uy ban nhan dan"),
        "search: common, deep": at("/search", q=common, page=200),
        "search: rare": at("/search", q=rare),
        "search: rare, bare": at("/search", q="nha van hoa thon"),
        "search: phrase": at("/search", q='"hội nghị tổng kết"'),
        "search: no hit": at("/search", q="xylophone quốc tế"),
        "search: source": at("/search", q=common, source=source),
        "search: time": at("/search", q=common, from_="2020-01-01", to="2020-01-31"),
        "search: time alone": at("/search", from_="2020-01-01", to="2020-01-31"),
        "search: person": at("/search", q=common, person=name),
        "search: person alone": at("/search", person="nguyen van"),
        "search: person id": at("/search", person=person),
        "search: kind": at("/search", q=common, kind="voter_meeting"),
        "search: kind alone": at("/search", kind="voter_meeting"),
        "search: all filters": at("/search", q="hoi nghi", source=source, from_="2018-01-01", kind="conference", person="van"),
        "article": f"/article/{article}",
        "people": "/people",
        "people: deep": at("/people", page=500),
        "people: name": at("/people", q="nguyễn văn"),
        "people: no such name": at("/people", q="xyz"),
        "person: most frequent": f"/people/{person}",
        "holders": at("/people", post="chủ tịch ubnd huyện Sơn Động", day="2019-06-01"),
        "holders: vague": at("/people", post="chủ tịch", day="2019-06-01"),
        "meetings": "/meetings",
        "meetings: deep": at("/meetings", page=200),
        "meetings: words": at("/meetings", q="tiep xuc cu tri"),
        "meetings: no such words": at("/meetings", q="xyz"),
        "meetings: kind": at("/meetings", kind="congress"),
        "meetings: planned": at("/meetings", status="planned"),
        "meetings: source": at("/meetings", source=source),
        "meetings: time": at("/meetings", from_="2020-01-01", to="2020-01-31"),
        "meetings: all filters": at("/meetings", q="hoi nghi", kind="conference", status="held", source=source, from_="2018-01-01"),
        "meeting": f"/meetings/{meeting}",
        "calendar": "/meetings/calendar",
        "calendar: month": at("/meetings/calendar", month=(day or "2020-01")[:7]),
        "targets": "/targets",
        "targets: deep": at("/targets", page=200),
        "targets: due": at("/targets", due="due"),
        "targets: overdue": at("/targets", due="overdue"),
        "targets: owner": at("/targets", owner="huyen"),
        "targets: words": at("/targets", q="ho ngheo"),
        "targets: no such words": at("/targets", q="xyz"),
        "targets: source": at("/targets", source=source),
        "anniversaries": "/anniversaries",
        "anniversaries: a year": at("/anniversaries", days=365),
        "problems": "/problems",
        "problems: one kind": at("/problems", code="post_taken"),
        "problems: deep": at("/problems", page=200),
        "corrections": "/corrections",
    }  # fmt: skip


def serve(data: Path) -> tuple[subprocess.Popen[bytes], str, float]:
    """Start the explorer; returns the process, its address and the seconds until the first page came."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "extractor", "serve", "--data", str(data), "--port", str(port)],
        stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    while time.perf_counter() - began < 60 and process.poll() is None:
        try:
            urllib.request.urlopen(address + "/login", timeout=30).read()
            return process, address, time.perf_counter() - began
        except OSError:
            time.sleep(0.02)
    process.kill()
    raise SystemExit("the explorer did not start")


def measure(data: Path, rounds: int, only: str = "") -> bool:
    """Print all times; returns whether all are within the limits."""
    process, address, started = serve(data)
    good = started <= START_S
    try:
        print(f"{'start':26}{started:8.2f} s{'' if good else '  SLOW'}", flush=True)
        print(f"{'page':26}{'first ms':>10}{'middle ms':>11}{'kB':>7}")
        for name, path in pages(data).items():
            if only not in name:
                continue
            taken, size = [], 0
            for _ in range(rounds):
                began = time.perf_counter()
                size = len(urllib.request.urlopen(address + path, timeout=120).read())
                taken.append((time.perf_counter() - began) * 1000)
            middle = statistics.median(taken)
            good &= middle <= PAGE_MS
            slow = "  SLOW" if middle > PAGE_MS else ""
            print(f"{name:26}{taken[0]:10.0f}{middle:11.0f}{size / 1000:7.0f}{slow}", flush=True)
    finally:
        process.terminate()
        process.wait(10)
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--data", type=Path, help="where the archive is kept, or stands already")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="only pages whose name holds these words")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = args.data or Path(folder)
        if not (data / FILE_NAME).exists():
            began = time.perf_counter()
            build(data, args.articles)
            print(f"{args.articles} articles made in {time.perf_counter() - began:.0f} s", flush=True)
        connection = sqlite3.connect(data / FILE_NAME)
        text, size = connection.execute("SELECT sum(length(CAST(text AS BLOB))) FROM articles").fetchone()[0], 0
        connection.close()
        size = (data / FILE_NAME).stat().st_size
        print(f"archive {size / 1e6:.0f} MB, {size / text:.1f} times the text")
        raise SystemExit(0 if measure(data, args.rounds, args.only) else 1)


if __name__ == "__main__":
    main()
