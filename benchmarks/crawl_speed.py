"""How fast the crawler is and what it needs: a made-up portal of 10,000 pages on loopback, pause 0.

    python benchmarks/crawl_speed.py [PAGES]

The portal runs in a process of its own. Memory is the crawler's peak, noted on the way, so that one sees it stay flat.
"""

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from extractor.crawl.crawler import Options, SiteCrawl, crawl
from extractor.crawl.fetch import Fetcher
from extractor.dataset.archive import Archive
from extractor.dataset.pages import PageStore

PER_LIST = 50
SYLLABLES = "an bà cao dân đất gia hà hội huyện kinh làng mới năm nông ông phát quê rừng sông tế thôn trường ủy văn xã xây đường cầu chợ lúa".split()
MENU = "".join(f'<li><a href="/muc/{n}">Chuyên mục thứ {n}</a></li>' for n in range(40))
FRAME = '<div id="top"><ul class="menu">{menu}</ul></div>{body}<div class="footer">Bản quyền thuộc UBND xã Lạc Thủy. Điện thoại: 0218 000 555</div>'


def sentence(rng: random.Random) -> str:
    words = [rng.choice(SYLLABLES) for _ in range(rng.randint(14, 30))]
    return " ".join(words).capitalize() + f" {rng.randint(2, 900)} hộ."


def article(n: int) -> str:
    rng = random.Random(n)
    paragraphs = "".join(f"<p>{' '.join(sentence(rng) for _ in range(4))}</p>" for _ in range(6))
    others = "".join(f'<li><a href="/tin/{rng.randrange(n + 1)}.html">{sentence(rng)[:60]}</a></li>' for _ in range(8))
    return f"<h1>{sentence(rng)[:80]}</h1><p class='date'>Ngày đăng: {n % 28 + 1:02d}/{n % 12 + 1:02d}/2023</p><div class='noidung'>{paragraphs}</div><h3>Tin khác</h3><ul>{others}</ul>"


def page(path: str, total: int) -> str | None:
    if path == "/":
        body = '<a href="/tin?page=1">Tin tức</a>'
    elif path.startswith("/tin?page="):
        at = int(path.rpartition("=")[2])
        numbers = range((at - 1) * PER_LIST, min(at * PER_LIST, total))
        body = "".join(f'<li><a href="/tin/{n}.html">Tin hoạt động của xã số {n}</a></li>' for n in numbers)
        body += f'<a href="/tin?page={at + 1}">Trang sau</a>' if at * PER_LIST < total else ""
    elif path.startswith("/tin/"):
        body = article(int(path[5:-5]))
    elif path.startswith("/muc/"):
        body = "<p>Đang cập nhật</p>"
    else:
        return None
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>UBND xã Lạc Thủy</title></head><body>{FRAME.format(menu=MENU, body=body)}</body></html>"


def portal(total: int, ready: "multiprocessing.Queue[int]") -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            text = page(self.path, total)
            body = (text or "").encode()
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.put(server.server_port)
    server.serve_forever()


class Watched(SiteCrawl):
    """Notes the peak of memory on the way."""

    def step(self, now: float) -> float | None:
        moment = super().step(now)
        if self.result.fetched in self.marks:
            self.peaks[self.result.fetched] = peak_mb()
        return moment


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(total: int = 10_000) -> None:
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=portal, args=(total, ready), daemon=True)
    server.start()
    start = f"http://127.0.0.1:{ready.get()}/"
    with tempfile.TemporaryDirectory() as folder, Archive(folder) as archive:
        one = Watched(start, PageStore(archive), Fetcher(private=True), Options(pause=0), report=print)
        one.marks = {total // 10, total // 4, total // 2}
        one.peaks = {}
        begun = time.perf_counter()
        result = crawl([one])[0]
        took = time.perf_counter() - begun
        archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = Path(folder, "archive.sqlite").stat().st_size
        plain = archive.connection.execute("SELECT count(*), sum(length(body)) FROM crawl_pages").fetchone()
        begun = time.perf_counter()
        crawl([SiteCrawl(start, PageStore(archive), Fetcher(private=True), Options(pause=0), report=print)])
        second = time.perf_counter() - begun
    server.terminate()
    rows = [
        ("pages fetched", f"{result.fetched:,}"), ("articles", f"{result.articles:,}"), ("seconds", f"{took:.0f}"),
        ("pages per second (fetched, stored and parsed)", f"{result.fetched / took:.0f}"),
        *[(f"peak memory after {n:,} pages", f"{mb:.0f} MB") for n, mb in sorted(one.peaks.items())],
        ("peak memory at the end", f"{peak_mb():.0f} MB"), ("archive", f"{size / 1e6:.1f} MB"), ("of it compressed pages", f"{plain[1] / 1e6:.1f} MB"),
        ("archive per page", f"{size / plain[0] / 1000:.1f} kB"), ("next run with nothing new, seconds", f"{second:.1f}"),
    ]  # fmt: skip
    for name, value in rows:
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
