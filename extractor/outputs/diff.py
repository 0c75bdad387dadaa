"""What changed between two revisions of an article, for a person to read."""

import difflib
import re
from collections.abc import Iterator

from extractor.model import Article

_FIELDS = (
    ("title", "Tiêu đề"),
    ("published_at", "Ngày đăng"),
    ("author", "Tác giả"),
    ("author_unit", "Đơn vị"),
    ("section", "Chuyên mục"),
)
_PIECES = re.compile(r"\s+|[^\w\s]|\w+")


def diff_articles(old: Article, new: Article) -> Iterator[str]:
    """The differences of two revisions, paragraph by paragraph, words put in marks: [-dropped-] {+added+}.

    Args:
        old: the earlier revision.
        new: the later one.

    Yields:
        Lines in Vietnamese: a head, the changed fields, the changed paragraphs with their number in the new text;
        unchanged ones are left out. One line that says so when nothing changed.
    """
    yield f"{new.url or new.article_id}: bản {old.revision} ({old.fetched_at or 'không rõ ngày'}) → bản {new.revision} ({new.fetched_at or 'không rõ ngày'})"
    changed = False
    for name, label in _FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            changed = True
            yield f"{label}: [-{before or '(trống)'}-] {{+{after or '(trống)'}+}}"
    lines = (old.text.split("\n")[1:], new.text.split("\n")[1:])
    matcher = difflib.SequenceMatcher(None, *lines, autojunk=False)
    for action, i, j, k, m in matcher.get_opcodes():
        if action == "equal":
            continue
        changed = True
        before, after = lines[0][i:j], lines[1][k:m]
        for at in range(max(len(before), len(after))):
            one, two = before[at] if at < len(before) else None, after[at] if at < len(after) else None
            number = k + min(at, max(len(after) - 1, 0)) + 1
            yield f"Đoạn {number}: {_words(one, two)}"
    if not changed:
        yield "Không có gì thay đổi."


def _words(old: str | None, new: str | None) -> str:
    if old is None:
        return f"{{+{new}+}}"
    if new is None:
        return f"[-{old}-]"
    a, b = _PIECES.findall(old), _PIECES.findall(new)
    parts = []
    for action, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if action == "equal":
            parts.append("".join(a[i:j]))
            continue
        if i < j:
            parts.append(f"[-{''.join(a[i:j])}-]")
        if k < m:
            parts.append(f"{{+{''.join(b[k:m])}+}}")
    return "".join(parts)
