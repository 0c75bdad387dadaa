"""Small web sites served for real on loopback, with a log of what was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from extractor.crawl.crawler import Options, SiteCrawl, crawl
from extractor.crawl.fetch import Fetcher, Limits
from extractor.crawl.parsing import Result
from extractor.crawl.profiles import Profile
from extractor.dataset.archive import Archive
from extractor.dataset.pages import PageStore

FAST = Options(pause=0, back_off=0.01, patience=10)
LIMITS = Limits(connect=2, silence=1, total=2, size=400_000)


@dataclass
class Reply:
    """What the server answers. `body` may be a stream of chunks, sent as they come until the client leaves."""

    body: str | bytes | Iterator[bytes] = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"


Answer = Callable[["Served", str], Reply | None]


@dataclass
class Served:
    """A running server: its address, and (path, status, headers) of every request in their order."""

    base: str
    host: str
    log: list[tuple[str, int]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    state: dict[str, int] = field(default_factory=dict)

    def count(self, path: str) -> int:
        """How many times a path was asked for."""
        return sum(p == path for p, _ in self.log)

    def times(self, key: str) -> int:
        """A counter: how many times it was called with this key before."""
        self.state[key] = self.state.get(key, 0) + 1
        return self.state[key] - 1


@contextmanager
def serve(answer: Answer, address: str = "127.0.0.1", tls: Path | None = None) -> Iterator[Served]:
    """Serve until the end of the block; what `answer` returns None for is a 404."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            reply = answer(served, self.path) or Reply("<h1>Không có</h1>", 404)
            served.log.append((self.path, reply.status))
            served.asked.append({k.lower(): v for k, v in self.headers.items()})
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if isinstance(body, bytes):
                if "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if reply.status != 304:
                    with suppress(OSError):
                        self.wfile.write(body)
                return
            self.send_header("Connection", "close")
            self.close_connection = True
            self.end_headers()
            with suppress(OSError):
                for chunk in body:
                    self.wfile.write(chunk)
                    self.wfile.flush()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((address, 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that was killed or that left is what is tested
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "cert.pem", tls / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    served = Served(f"http{'s' if tls else ''}://{address}:{server.server_port}", f"{address}:{server.server_port}")
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def crawl_into(
    data: Path, start: str, options: Options = FAST, profile: Profile | None = None, **fetcher: object
) -> Result:
    """Crawl one site into an archive."""
    asks = Fetcher(limits=LIMITS, **{"private": True, **fetcher})  # type: ignore[arg-type]
    with Archive(data) as archive:
        result = crawl([SiteCrawl(start, PageStore(archive), asks, options, profile, report=lambda message: None)])[0]
    asks.close()
    return result


def rows(data: Path, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query over an archive."""
    with Archive(data) as archive:
        return archive.connection.execute(sql).fetchall()


NAMES = ("Vân", "Hạnh", "Quý", "Thắng", "Lụa", "Bền", "Sơn", "Điệp", "Khuê", "Mạnh", "Nhàn", "Tiến")
WORKS = (
    "kè chống sạt lở",
    "nhà văn hóa thôn",
    "trạm bơm",
    "đường liên xã",
    "trường mầm non",
    "chợ trung tâm",
    "cầu treo",
    "sân thể thao",
)


def article_page(n: int, *, date: str | None = None, extra: str = "", links: str = "", title: str | None = None) -> str:
    """An article of a made-up commune; each number gives other words and figures."""
    work, name = WORKS[n % len(WORKS)], NAMES[n % len(NAMES)]
    day, month = n % 27 + 1, n % 12 + 1
    shown = date or f"{day:02d}/{month:02d}/2023 08:{n % 60:02d}"
    heading = title or f"Xã Lạc Thủy khởi công {work} số {n}"
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>UBND xã Lạc Thủy</title></head><body>
<div id="menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul></div>
<div class="main"><h1>{heading}</h1><p class="date">Ngày đăng: {shown}</p>
<div class="noidung"><p>Sáng {day}/{month}, Ủy ban nhân dân xã Lạc Thủy tổ chức lễ khởi công {work} tại thôn {name} với tổng vốn {n + 3} tỷ đồng.</p>
<p>Ông Đặng Văn {name}, Chủ tịch Ủy ban nhân dân xã đề nghị nhà thầu hoàn thành hạng mục thứ {n % 9 + 1} trước mùa mưa, bảo đảm {n * 7 + 11} hộ dân đi lại thuận lợi.</p>
<p>Dự kiến {work} đưa vào sử dụng sau {n % 14 + 4} tháng thi công, phục vụ nhân dân {n % 6 + 2} thôn phía nam của xã và vùng lân cận. {extra}</p></div>{links}</div>
<div id="footer">Bản quyền thuộc UBND xã Lạc Thủy. Điện thoại: 0218 000 555</div></body></html>"""


def list_page(links: list[tuple[str, str]], more: str = "") -> str:
    """A page that only lists others."""
    items = "".join(f'<li><a href="{url}">{text}</a> <span>(10/01/2023)</span></li>' for url, text in links)
    return f"<!DOCTYPE html><html><head><title>UBND xã Lạc Thủy</title></head><body><div id='menu'><a href='/'>Trang chủ</a></div><ul>{items}</ul>{more}</body></html>"
