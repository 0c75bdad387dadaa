"""A page's bytes as a flat list of text runs, which the general parser and the profiles work on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import charset_normalizer
from lxml import etree, html

from extractor.crawl.words import Words, class_words
from extractor.errors import ParseError
from extractor.text import canonical_text

Element = Any
"""An lxml element; lxml's own stubs do not describe `lxml.html`."""

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "marquee",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "button",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "input",
        "map",
        "audio",
        "video",
        "xml",
        "math",
        "dialog",
    ]
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DATED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}[\d :h]*\W*$")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """A page's text. UTF-8 that is valid is UTF-8, whatever the header says; old portals often name a wrong charset.

    Args:
        body: the page as it came.
        content_type: the Content-Type header.

    Returns:
        The text, with U+FFFD where bytes fit no encoding.
    """
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A cut in the middle of a letter, or a few bad bytes, do not make a page any less UTF-8.
        text = body.decode("utf-8", "replace")
        if error.start > len(body) - 4 or text.count("�") * 200 < len(text):
            return text
    declared = [m[1] for m in [_META_CHARSET.search(body[:4096])] if m]
    names = [name.decode("ascii", "replace") for name in declared]
    names += [m[1] for m in [_HEADER_CHARSET.search(content_type)] if m]
    for name in [n for n in names if n.lower().replace("-", "") != "utf8"]:
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    best = charset_normalizer.from_bytes(body[:200_000]).best()
    return body.decode(best.encoding if best else "windows-1258", "replace")


def parse_tree(text: str) -> Element:
    """An lxml tree of a page's text.

    Raises:
        ParseError: with code "not_html" when there is nothing to read as HTML.
    """
    # A document that declares an encoding is refused by lxml when given as str; as UTF-8 bytes it is not.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise ParseError("the page holds no HTML; nothing to read", code="not_html") from None
    return tree


@dataclass(slots=True)
class Run:
    """A stretch of text between two block boundaries or line breaks.

    `link_chars` counts the characters inside links, `links` their addresses; `owner` is the innermost block element,
    `marks` the words of the classes of the inline elements in it.
    """

    index: int
    text: str
    owner: Element
    link_chars: int = 0
    links: list[str] = field(default_factory=list)
    cut: bool = False
    bold: bool = False
    marks: frozenset[str] = frozenset()

    @property
    def plain_chars(self) -> int:
        """Characters outside links."""
        return len(self.text) - self.link_chars

    @property
    def is_link(self) -> bool:
        """Whether nearly all of it is a link, perhaps with a date or a number behind it."""
        plain = len(self.text) - self.link_chars
        return plain < 0.2 * len(self.text) or (
            plain <= 20 and self.link_chars >= 8 and _DATED.search(self.text) is not None
        )


@dataclass(slots=True)
class Picture:
    """An image and the run before which it stands."""

    at: int
    url: str
    alt: str
    cut: bool


@dataclass(slots=True)
class Page:
    """A page flattened: `runs` in reading order; `spans[element]` is the half-open range of runs inside a block."""

    tree: Element
    url: str
    runs: list[Run]
    spans: dict[Element, tuple[int, int]]
    pictures: list[Picture]
    words: Words
    inline: dict[Element, tuple[int, int]] = field(default_factory=dict)

    def span(self, element: Element) -> tuple[int, int]:
        """The runs inside an element (empty where it is hidden or empty)."""
        return self.spans.get(element) or self.inline.get(element, (0, 0))

    def ancestors(self, element: Element) -> Iterator[Element]:
        """The element and its ancestors that are blocks, innermost first."""
        node = element
        while node is not None:
            if node in self.spans:
                yield node
            node = node.getparent()


def names_of(element: Element) -> frozenset[str]:
    """The words of an element's class, id and itemprop."""
    get = element.get
    joined = " ".join(filter(None, (get("class"), get("id"), get("itemprop"))))
    return class_words(joined[:300]) if joined else frozenset()


_HIDDEN_CLASSES = frozenset(
    ("hidden", "hide", "d-none", "sr-only", "visually-hidden", "screen-reader-text", "ms-hide", "noprint-hidden")
)


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    return not _HIDDEN_CLASSES.isdisjoint((element.get("class") or "").lower().split())


_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|font\s*:\s*bold", re.IGNORECASE)
_BOLD_TAGS = HEADINGS | {"b", "strong", "th"}


def _is_bold(element: Element) -> bool:
    return element.tag in _BOLD_TAGS or (
        element.get("style") is not None and _BOLD.search(element.get("style")) is not None
    )


class _Flattener:
    """Walks the tree once and collects runs; iterative, since portals nest tables hundreds deep."""

    def __init__(self, tree: Element, base: str, words: Words) -> None:
        self.page = Page(tree, base, [], {}, [], words)
        self.words = words
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.marks: list[str] = []
        self.link_chars = self.bold_chars = self.cut_depth = 0
        self.opened: dict[Element, int] = {}
        self.blocks: list[Element] = []
        self.anchors: list[str] = []
        self.bold_depth = 0

    def text(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            size = len(" ".join(text.split()))
            self.link_chars += size if self.anchors else 0
            self.bold_chars += size if self.bold_depth else 0

    def flush(self) -> None:
        if not self.pieces:
            self.marks = []
            return
        text = canonical_text(" ".join("".join(self.pieces).split()))
        if text:
            run = Run(len(self.page.runs), text, self.blocks[-1] if self.blocks else self.page.tree)
            run.link_chars = min(self.link_chars, len(text))
            run.links, run.cut = self.links, self.cut_depth > 0
            run.marks = class_words(" ".join(self.marks)[:300]) if self.marks else frozenset()
            run.bold = self.bold_chars > 0.8 * len(text)
            self.page.runs.append(run)
        self.marks = []
        self.pieces, self.links = [], list(self.anchors[-1:])
        self.link_chars = self.bold_chars = 0

    def walk(self) -> Page:
        walker = etree.iterwalk(self.page.tree, events=("start", "end", "comment"))
        for event, element in walker:
            if event == "comment":
                self.text(element.tail)
            elif event == "start":
                if element.tag in _SKIPPED or _is_hidden(element):
                    walker.skip_subtree()
                    self.opened[element] = -1
                else:
                    self.start(element)
            else:
                self.end(element)
        self.flush()
        return self.page

    def start(self, element: Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.flush()
            self.blocks.append(element)
            self.opened[element] = len(self.page.runs)
            if self.is_cut(element):
                self.cut_depth += 1
        elif tag == "br":
            self.flush()
        elif tag == "span":
            # ASP.NET puts whole articles into a span.
            self.opened[element] = len(self.page.runs)
            before = element.getprevious()
            if (
                element.get("class")
                and before is not None
                and before.tag == "span"
                and before.get("class")
                and not before.tail
            ):
                # Labels set apart by style only: "16/05/2024 14:20" and "215" views are two words.
                self.pieces.append(" ")
        if tag not in _BLOCKS and (element.get("class") or element.get("id") or element.get("itemprop")):
            self.marks += filter(None, (element.get("class"), element.get("id"), element.get("itemprop")))
        if tag == "a" and element.get("href"):
            self.anchors.append(element.get("href"))
            self.links.append(element.get("href"))
        elif tag == "img":
            self.picture(element)
        self.bold_depth += _is_bold(element)
        self.text(element.text)

    def end(self, element: Element) -> None:
        tag = element.tag
        opened = self.opened.pop(element, None)
        if opened != -1:
            if tag in _BLOCKS:
                self.flush()
                self.blocks.pop()
                self.page.spans[element] = (opened or 0, len(self.page.runs))
                if self.is_cut(element):
                    self.cut_depth -= 1
            elif tag == "span":
                self.page.inline[element] = (opened or 0, len(self.page.runs) + bool(self.pieces))
            elif tag == "a" and element.get("href"):
                self.anchors.pop()
            self.bold_depth -= _is_bold(element)
        self.text(element.tail)

    def is_cut(self, element: Element) -> bool:
        """Whether its tag or class says that it is a menu, a footer and the like."""
        if element.tag in ("nav", "footer", "aside"):
            return True
        if element.tag in ("body", "html", "form"):
            return False
        names = names_of(element)
        return bool(names) and self.words.hints(names, "cut_classes") and not self.words.hints(names, "keep_classes")

    def picture(self, element: Element) -> None:
        source = next(
            (element.get(k) for k in ("data-src", "data-original", "data-lazy-src", "src") if element.get(k)), ""
        )
        if source and not source.startswith("data:"):
            alt = canonical_text((element.get("alt") or "").replace("\n", " "))
            self.page.pictures.append(
                Picture(len(self.page.runs), join(self.page.url, source), alt, self.cut_depth > 0)
            )


def join(base: str, link: str) -> str:
    """An absolute address, or the link as it is where it cannot be joined."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link


def flatten(tree: Element, url: str, words: Words) -> Page:
    """A page's tree as runs of text.

    Args:
        tree: the tree of `parse_tree`.
        url: the page's address, for relative links.
        words: the vocabulary that says which classes are menus.

    Returns:
        The page.
    """
    base = next((b for b in tree.xpath("//base/@href") if b.strip()), "")
    return _Flattener(tree, join(url, base) if base else url, words).walk()
