"""Addresses: one canonical form for each page, so that nothing is fetched or stored twice under two spellings."""

import ipaddress
import re
import socket
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_cid|mc_eid|igshid|yclid|_ga|_gl|zarsrc|zanpid|ref_src|ref_url|spm)$",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"^(?:phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|sessionid|session_id|sessid|sid|cfid|cftoken|zenid|oscsid)$",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_ASP_SESSION = re.compile(r"/\([sSaAfF]\([\w-]{10,}\)\)(?=/)")
_INDEX = re.compile(r"/(?:index\.(?:html?|php|aspx?|jsp)|default\.(?:aspx?|html?))$", re.IGNORECASE)
_SAFE_PATH = "/:@!$&'()*+,;=~-._"


def canonical_url(url: str) -> str:
    """One spelling of an address.

    Scheme and host in small letters (host as IDNA); default ports, fragments, user names, session ids and tracking
    parameters dropped; dot segments resolved; percent-encoding of UTF-8 in NFC; a trailing index.html dropped; the
    parameters' order kept, since some portals read them by position.

    Args:
        url: an absolute http or https address.

    Returns:
        The canonical address; a fixed point. What cannot be read as an address is returned stripped.
    """
    try:
        parts = urlsplit(url.strip().replace("\n", "").replace("\r", "").replace("\t", ""))
        port = parts.port
    except ValueError:
        return url.strip()
    scheme = parts.scheme.lower()
    host = ascii_host(parts.hostname or "")
    if not host:
        return url.strip()
    if port and port != _DEFAULT_PORTS.get(scheme):
        host += f":{port}"
    path = _ASP_SESSION.sub("", _PATH_SESSION.sub("", parts.path))
    path = _INDEX.sub("/", quoted(remove_dots(path), _SAFE_PATH) or "/")
    pairs = [
        (nfc(k), nfc(v)) for k, v in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(k) and not _SESSION.match(k)
    ]  # fmt: skip
    return urlunsplit(
        (
            scheme,
            host,
            path,
            urlencode(pairs, quote_via=quote, safe=_SAFE_PATH.replace("&", "").replace("+", "").replace("=", "")),
            "",
        )
    )


def nfc(text: str) -> str:
    """Unicode NFC: "hoà" typed as one letter or as a letter and a mark is one word."""
    return unicodedata.normalize("NFC", text)


def quoted(text: str, safe: str) -> str:
    """Percent-encoding in one form: decoded as UTF-8, normalised to NFC, encoded again."""
    try:
        plain = unquote(text, errors="strict")
    except UnicodeDecodeError:
        return quote(text, safe=safe + "%")
    if "%" in plain or ("/" in unquote(text.replace("%2F", "").replace("%2f", "")) and "%2f" in text.lower()):
        # A quoted slash or per cent sign is part of a name: decoding it would make another address.
        return quote(nfc(text), safe=safe + "%")
    return quote(nfc(plain), safe=safe)


def remove_dots(path: str) -> str:
    """A path without "." and ".." segments (RFC 3986, 5.2.4) and without doubled slashes."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/" + "/".join(parts) + ("/" if parts and path.endswith(("/", "/.", "/..")) else "")


def ascii_host(host: str) -> str:
    """A host name in small ASCII letters, without a final dot."""
    host = host.lower().rstrip(".")
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""


def host_of(url: str) -> str:
    """An address's host with its port where that is not the default."""
    return urlsplit(canonical_url(url)).netloc


def is_private(address: str) -> bool:
    """Whether an IP address is none of the public internet: loopback, private, link-local, reserved."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return not (mapped or ip).is_global


def addresses_of(url: str) -> list[str]:
    """The IP addresses of an address's host; empty if its name is not known."""
    host = urlsplit(url).hostname or ""
    try:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None)})
    except (OSError, UnicodeError):
        return []
