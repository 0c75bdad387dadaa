"""A digest as a Word document with real footnotes.

The page is that of Decree 30/2020/NĐ-CP on official documents: A4, Times New Roman, margins 20 mm, 30 mm at the left.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from extractor.outputs.report_blocks import Block, Run, words
from extractor.outputs.report_data import Note
from extractor.outputs.report_html import explorer_link, link_of, note_words

_MOMENT = datetime(2020, 1, 1)
"""Creation time of every document: the same archive gives the same bytes."""
_FONT = "Times New Roman"
_STYLES = {"section": "Heading 1", "day": "Heading 2", "meeting": "Heading 3", "item": "List Bullet"}
_MAX_URL = 2000


def docx_report(blocks: Iterable[Block], lang: str, explorer: str | None = None) -> bytes:
    """The document; the same blocks give the same bytes.

    Args:
        blocks: the digest's paragraphs.
        lang: "vi" or "en".
        explorer: the explorer's address, for links from the footnotes to their rows.
    """
    document = docx.Document()
    _set_page(document)
    _set_styles(document, lang)
    notes = _Footnotes(document, lang, explorer)
    title = ""
    for block in blocks:
        title = title or "".join(run.text for run in block.runs)
        paragraph = document.add_paragraph(style=_STYLES.get(block.kind, "Normal"))
        _shape(paragraph, block.kind)
        for run in block.runs:
            _add_run(paragraph, run, block.kind, notes)
    notes.finish()
    _set_properties(document, title, lang)
    return _same_bytes(document)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _set_font(style: Any, size: float, *, bold: bool = False, color: RGBColor | None = None) -> None:
    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = color or RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [n for n in fonts.attrib if n.endswith("Theme")]:
        del fonts.attrib[name]
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), _FONT)


def _set_styles(document: Any, lang: str) -> None:
    styles = document.styles
    for name, size, bold, before in (
        ("Normal", 13, False, 0), ("Heading 1", 13.5, True, 14), ("Heading 2", 13, True, 10), ("Heading 3", 13, True, 8),
        ("List Bullet", 13, False, 0),
    ):  # fmt: skip
        _set_font(styles[name], size, bold=bold, color=RGBColor(0x7A, 0x14, 0x14) if name == "Heading 2" else None)
        styles[name].paragraph_format.space_before = Pt(before)
        styles[name].paragraph_format.space_after = Pt(3)
    note = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, True)
    note.base_style = styles["Normal"]
    note.font.size = Pt(10)
    note.paragraph_format.space_after = Pt(0)
    mark = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, True)
    mark.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, True)
    link.font.color.rgb, link.font.underline = RGBColor(0x05, 0x63, 0xC1), True
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN" if lang == "vi" else "en-GB")


def _shape(paragraph: Any, kind: str) -> None:
    if kind in ("title", "subtitle"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if kind in ("label", "title"):
        paragraph.paragraph_format.keep_with_next = True


def _add_run(paragraph: Any, run: Run, kind: str, notes: "_Footnotes") -> None:
    if run.text:
        made = paragraph.add_run(run.text)
        made.bold = True if run.bold or kind == "title" else None
        made.italic = True if run.italic or kind in ("label", "empty") else None
        if kind == "title":
            made.font.size = Pt(17)
    for nth, note in enumerate(run.notes):
        if nth:
            comma = paragraph.add_run(",")
            comma.font.superscript = True
        notes.add(paragraph, note)


class _Footnotes:
    """The footnotes part, for which python-docx has no API: its notes are gathered here and written at the end."""

    def __init__(self, document: Any, lang: str, explorer: str | None) -> None:
        self.document, self.lang, self.explorer = document, lang, explorer
        styles = document.styles
        self.text_style = styles["footnote text"].style_id if "footnote text" in styles else "FootnoteText"
        self.mark_style = next(s.style_id for s in styles if s.name.lower() == "footnote reference")
        self.link_style = styles["Hyperlink"].style_id
        self.root = etree.Element(qn("w:footnotes"), nsmap={"w": nsmap["w"], "r": nsmap["r"]})
        self.part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, b"", document.part.package)
        self.links: dict[str, str] = {}
        self.count = 0
        self.seen: set[str] = set()
        for number, kind, element in (
            (-1, "separator", "separator"),
            (0, "continuationSeparator", "continuationSeparator"),
        ):
            note = self._element(self.root, "footnote", type=kind, id=str(number))
            self._element(self._element(self._element(note, "p"), "r"), element)

    def _element(self, parent: Any, tag: str, **attributes: str) -> Any:
        made = etree.SubElement(parent, qn(f"w:{tag}"))
        for name, value in attributes.items():
            made.set(qn(f"w:{name}"), value)
        return made

    def add(self, paragraph: Any, note: Note) -> None:
        """Put a footnote's mark at the end of a paragraph."""
        self.count += 1
        run = paragraph.add_run()._r
        properties = run.get_or_add_rPr()
        self._element(properties, "rStyle", val=self.mark_style)
        self._element(run, "footnoteReference", id=str(self.count))
        made = self._element(self.root, "footnote", id=str(self.count))
        body = self._element(made, "p")
        self._element(self._element(body, "pPr"), "pStyle", val=self.text_style)
        own = self._element(body, "r")
        self._element(self._element(own, "rPr"), "rStyle", val=self.mark_style)
        self._element(own, "footnoteRef")
        quoted, title, place = note_words(note, self.lang, self.seen)
        self._text(body, f" {quoted} – ")
        self._linked(body, title, link_of(note))
        self._text(body, f" ({place})" if place else "")
        row = explorer_link(note, self.explorer)
        if row:
            self._text(body, " · ")
            self._linked(body, words(self.lang)["explorer"], row)

    def _text(self, parent: Any, text: str, style: str | None = None) -> None:
        if not text:
            return
        run = self._element(parent, "r")
        if style:
            self._element(self._element(run, "rPr"), "rStyle", val=style)
        made = self._element(run, "t")
        made.text = text
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def _linked(self, parent: Any, text: str, url: str | None) -> None:
        address = _address(url)
        if address is None:
            self._text(parent, text)
            return
        if address not in self.links:
            self.links[address] = self.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = self._element(parent, "hyperlink")
        link.set(qn("r:id"), self.links[address])
        self._text(link, text, self.link_style)

    def finish(self) -> None:
        """Write the part and tell the document of it."""
        self.part._blob = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        self.document.part.relate_to(self.part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = self.document.settings.element
        properties = OxmlElement("w:footnotePr")
        for number in ("-1", "0"):
            self._element(properties, "footnote", id=number)
        # The schema wants it before w:endnotePr and w:compat.
        after = next((e for e in settings if e.tag in (qn("w:endnotePr"), qn("w:compat"))), None)
        if after is None:
            settings.append(properties)
        else:
            after.addprevious(properties)


def _address(url: str | None) -> str | None:
    """An address that a document's relationships can hold, or None."""
    if url is None or len(url) > _MAX_URL or any(ord(c) < 33 or 0xD800 <= ord(c) <= 0xDFFF or c in '<>"' for c in url):
        return None
    return url


def _set_properties(document: Any, title: str, lang: str) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, "extractor", "extractor"
    properties.created = properties.modified = _MOMENT
    properties.comments, properties.language, properties.revision = "", "vi-VN" if lang == "vi" else "en-GB", 1


def _same_bytes(document: Any) -> bytes:
    """The document's file with the same time on each of its members, whenever it is written."""
    first, second = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)
    return second.getvalue()
