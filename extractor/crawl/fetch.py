"""One HTTP request with its limits: time, size, redirects, private addresses. It never follows a redirect by itself."""

import email.utils
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from extractor import __version__
from extractor.crawl.urls import is_private
from extractor.errors import CrawlError
from extractor.model import RawPage

CONTACT = "https://github.com/vietnam-local-news/extractor"
_READ = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_PAGE_TYPES = ("html", "xml", "json", "text/plain", "rss", "atom", "gzip", "octet-stream")
PAUSING = frozenset((429, 500, 502, 503, 504, 520, 521, 522, 523, 524))
"""Statuses after which a request is worth repeating later."""


def user_agent(contact: str = CONTACT) -> str:
    """The honest name under which the crawler asks, with the address of who runs it."""
    return f"extractor/{__version__} (+{contact})"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: seconds to connect, seconds of silence, seconds in all, bytes after decompression."""

    connect: float = 15.0
    silence: float = 20.0
    total: float = 60.0
    size: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: a page, "not modified", or where else to look."""

    page: RawPage
    not_modified: bool = False
    redirect: str | None = None


class FetchError(CrawlError):
    """A request that failed.

    Args:
        message: one line.
        code: the cause.
        again: whether it is worth repeating.
        wait: seconds that the server asked to wait before (Retry-After).
        status: the HTTP status if there was an answer.
    """

    def __init__(
        self, message: str, *, code: str, again: bool = False, wait: float | None = None, status: int | None = None
    ):
        super().__init__(message, code=code)
        self.again, self.wait, self.status = again, wait, status


class _PrivateAddressError(OSError):
    """The host's name leads to a private address."""


class Fetcher:
    """Asks for pages, one at a time.

    Args:
        agent: the User-Agent.
        limits: what one request may cost.
        ca_bundle: a file of certificates to trust beside the system's, for portals that send a broken chain. There is
            no way to switch verification off.
        private: whether private addresses may be asked; only right when the start address is one.
        is_private: tells private addresses from public ones.
    """

    def __init__(
        self, *, agent: str | None = None, limits: Limits | None = None, ca_bundle: Path | None = None, private: bool = False,
        is_private: Callable[[str], bool] = is_private,
    ) -> None:  # fmt: skip
        self.limits = limits or Limits()
        self.private, self.is_private = private, is_private
        self.current: Any = None
        if ca_bundle is not None and not ca_bundle.is_file():
            raise CrawlError(f"{ca_bundle}: no such file of certificates", code="ca_bundle")
        self.session = requests.Session()
        self.session.headers.update({
            "User-Agent": agent or user_agent(), "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,*/*;q=0.1",
            "Accept-Language": "vi,en;q=0.5", "Accept-Encoding": "gzip, deflate",
        })  # fmt: skip
        adapter = _Adapter(self, ca_bundle)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)

    def close(self) -> None:
        """Close all connections."""
        self.session.close()

    def fetch(
        self, url: str, *, etag: str | None = None, modified: str | None = None, size: int | None = None
    ) -> Answer:
        """Ask for a page once.

        Args:
            url: an http or https address.
            etag: the ETag it had when it was stored.
            modified: the Last-Modified it had.
            size: another limit of bytes than the usual one.

        Returns:
            The answer: a page with any status below 400, or 304, or a redirect.

        Raises:
            FetchError: everything else; its code is "timeout", "too_large", "unreachable", "tls", "private_address",
                "not_a_page", "gone", or "http_" and the status.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise FetchError(f"{url}: only http and https addresses are fetched", code="scheme")
        headers = {k: v for k, v in (("If-None-Match", etag), ("If-Modified-Since", modified)) if v}
        with self._deadline() as expired:
            try:
                response = self.session.get(
                    url,
                    headers=headers,
                    timeout=(self.limits.connect, self.limits.silence),
                    stream=True,
                    allow_redirects=False,
                )
                try:
                    return self._answer(url, response, size or self.limits.size)
                finally:
                    response.close()
            except FetchError:
                raise
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, zlib.error, ValueError) as error:
                raise self._explain(url, error, expired.is_set()) from None

    @contextmanager
    def _deadline(self) -> Iterator[threading.Event]:
        """Cut the connection when the whole request takes too long, in whatever phase it is."""
        expired = threading.Event()

        def cut() -> None:
            expired.set()
            sock = getattr(self.current, "sock", None)
            if sock is not None:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self.limits.total, cut)
        timer.daemon = True
        timer.start()
        try:
            yield expired
        finally:
            timer.cancel()

    def _answer(self, url: str, response: requests.Response, size: int) -> Answer:
        status = response.status_code
        headers = tuple((str(k), str(v)) for k, v in response.headers.items())
        fetched = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        page = RawPage(url=url, final_url=url, status=status, headers=headers, body=b"", fetched_at=fetched)
        if status == 304:
            return Answer(page, not_modified=True)
        if status in _REDIRECTS and response.headers.get("Location"):
            return Answer(page, redirect=urljoin(url, _location(response.headers["Location"])))
        if status >= 400:
            raise _refusal(url, status, response.headers.get("Retry-After"))
        kind = response.headers.get("Content-Type", "").lower()
        if kind and not any(k in kind for k in _PAGE_TYPES):
            raise FetchError(f"{url}: {kind} is no page", code="not_a_page")
        body = self._body(url, response, size)
        return Answer(RawPage(url=url, final_url=url, status=status, headers=headers, body=body, fetched_at=fetched))

    def _body(self, url: str, response: requests.Response, size: int) -> bytes:
        """The decompressed body, never more than `size` bytes of it in memory."""
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        inflater = _inflater(coding)
        chunks, total = [], 0
        deadline = time.monotonic() + self.limits.total
        while True:
            data = response.raw.read1(_READ, decode_content=False)
            if not data:
                break
            while data:
                plain = inflater.decompress(data, _READ * 4) if inflater else data
                data = inflater.unconsumed_tail if inflater else b""
                total += len(plain)
                chunks.append(plain)
                if total > size:
                    raise FetchError(f"{url}: longer than {size:,} bytes; the rest was left", code="too_large")
            if time.monotonic() > deadline:
                raise FetchError(f"{url}: not finished after {self.limits.total:g} s", code="timeout", again=True)
        if inflater and not inflater.eof:
            raise FetchError(f"{url}: the compressed page breaks off", code="unreachable", again=True)
        announced = response.headers.get("Content-Length", "")
        if not inflater and announced.isdigit() and total < int(announced):
            raise FetchError(
                f"{url}: the connection broke after {total:,} of {int(announced):,} bytes",
                code="unreachable",
                again=True,
            )
        return b"".join(chunks)

    def _explain(self, url: str, error: Exception, expired: bool) -> FetchError:
        chain: list[BaseException] = []
        step: BaseException | None = error
        while step is not None and len(chain) < 10:
            chain.append(step)
            inner = (
                step.args[0] if step.args and isinstance(step.args[0], BaseException) else getattr(step, "reason", None)
            )
            step = inner if isinstance(inner, BaseException) else step.__context__
        if any(isinstance(e, _PrivateAddressError) for e in chain):
            return FetchError(f"{url}: leads to a private address; not followed", code="private_address")
        if expired:
            return FetchError(f"{url}: not finished after {self.limits.total:g} s", code="timeout", again=True)
        if isinstance(error, requests.exceptions.SSLError):
            return FetchError(
                f"{url}: the site's certificate cannot be verified ({_short(error)}); give its chain with --ca-bundle FILE",
                code="tls",
            )
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
            return FetchError(f"{url}: no answer within {self.limits.silence:g} s", code="timeout", again=True)
        if isinstance(error, zlib.error):
            return FetchError(f"{url}: the compressed page is damaged", code="unreachable", again=True)
        return FetchError(f"{url}: cannot be reached ({_short(error)})", code="unreachable", again=True)


def _refusal(url: str, status: int, retry_after: str | None) -> FetchError:
    if status in (404, 410):
        return FetchError(f"{url}: no longer there (HTTP {status})", code="gone", status=status)
    again = status in PAUSING
    return FetchError(
        f"{url}: the site answers HTTP {status}",
        code=f"http_{status}",
        again=again,
        wait=parse_wait(retry_after),
        status=status,
    )


def parse_wait(value: str | None) -> float | None:
    """A Retry-After header's seconds: a number of them, or until a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _location(value: str) -> str:
    """A Location header's address: requests reads headers as Latin-1, portals write UTF-8 into them."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _inflater(coding: str) -> Any:
    if coding in ("gzip", "x-gzip"):
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    if coding == "deflate":
        return zlib.decompressobj()
    return None


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160].replace("<", "").replace(">", "")


class _Watched:
    """A connection that tells the fetcher of itself and refuses private addresses."""

    fetcher: Fetcher
    sock: Any

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.fetcher.current = self
        if not self.fetcher.private and self.fetcher.is_private(self.sock.getpeername()[0]):
            self.sock.close()
            raise _PrivateAddressError("private address")

    def request(self, *args: Any, **kwargs: Any) -> Any:
        self.fetcher.current = self
        return super().request(*args, **kwargs)  # type: ignore[misc]


class _Adapter(HTTPAdapter):
    def __init__(self, fetcher: Fetcher, ca_bundle: Path | None) -> None:
        self.fetcher, self.ca_bundle = fetcher, ca_bundle
        super().__init__(pool_connections=8, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        if self.ca_bundle is not None:
            context = ssl.create_default_context(cafile=requests.utils.DEFAULT_CA_BUNDLE_PATH)
            try:
                context.load_verify_locations(str(self.ca_bundle))
            except (ssl.SSLError, OSError):
                raise CrawlError(f"{self.ca_bundle}: no certificates in PEM form", code="ca_bundle") from None
            kwargs["ssl_context"] = context
        super().init_poolmanager(*args, **kwargs)  # type: ignore[no-untyped-call]
        plain = type("Plain", (_Watched, HTTPConnection), {"fetcher": self.fetcher})
        secure = type("Secure", (_Watched, HTTPSConnection), {"fetcher": self.fetcher})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
