"""Raw pages as WARC 1.1 (ISO 28500:2017), which web archives and warcio read back."""

import uuid
from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractor import __version__
from extractor.model import RawPage
from extractor.outputs.files import opened

_SPACE = uuid.UUID("6f1c1d6e-4a7b-5d0e-9a53-0d3f1b8a2c11")
_FRAMING = ("content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive")


def write_warc(pages: Iterable[RawPage], path: Path | str) -> int:
    """Write pages to a WARC file: one `warcinfo` record, then one `response` record a page.

    The archive keeps bodies decompressed, so headers that describe the transfer are left out and Content-Length is
    that of the body as stored. Ids are made of address and time: the same pages give the same file.

    Args:
        pages: the pages, in the order in which they are to stand.
        path: the file, "-" for standard output; a name that ends in ".gz" is compressed, each record by itself.

    Returns:
        How many pages were written.
    """
    count = 0
    with opened(str(path)) as stream:
        writer = WARCWriter(stream, gzip=str(path).endswith(".gz"), warc_version="WARC/1.1")
        first = True
        for page in pages:
            if first:
                writer.write_record(_info(writer, page.fetched_at, Path(str(path)).name))
                first = False
            writer.write_record(_response(writer, page))
            count += 1
        if first:
            writer.write_record(_info(writer, "1970-01-01T00:00:00Z", Path(str(path)).name))
    return count


def _record_id(*parts: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_SPACE, ' '.join(parts))}>"


def _info(writer: WARCWriter, date: str, name: str) -> object:
    fields = f"software: extractor/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
    headers = {"WARC-Record-ID": _record_id("info", date), "WARC-Date": date, "WARC-Filename": name}
    return writer.create_warc_record(
        "",
        "warcinfo",
        payload=BytesIO(fields),
        length=len(fields),
        warc_headers_dict=headers,
        warc_content_type="application/warc-fields",
    )


def _response(writer: WARCWriter, page: RawPage) -> object:
    known = HTTPStatus(page.status).phrase if page.status in HTTPStatus._value2member_map_ else ""
    kept = [(name, value) for name, value in page.headers if name.lower() not in _FRAMING]
    http = StatusAndHeaders(
        f"{page.status} {known}".strip(), [*kept, ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1"
    )
    headers = {"WARC-Record-ID": _record_id(page.url, page.fetched_at), "WARC-Date": page.fetched_at}
    return writer.create_warc_record(
        page.url, "response", payload=BytesIO(page.body), http_headers=http, warc_headers_dict=headers
    )
