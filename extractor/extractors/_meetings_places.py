"""Where a gathering takes place, as worded."""

import re

from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_slots import SCENE_TAIL
from extractor.extractors._meetings_text import LABELS_WITHIN, Mention, View, day_like

_PLACE = re.compile(r"(?<!\w)(?:tại|ở)\s+")
_SHORTENED = re.compile(r"(?<!\w)(?:tp|tx|tt|q|p|h|x|đ|kp)$")
_BESIDE = re.compile(r"(?:đồng thời|song song|kết hợp|cùng lúc|sau đó|tiếp đó|trước đó)(?!\w)")
_NAMED_UNITS = re.compile(
    r"(?:các |những |\d+ |hai |ba |bốn )(?:địa điểm|điểm|xã|phường|thị trấn|huyện|thôn|bản|buôn|bon|ấp|khu phố|tổ dân phố)[:\s]+(?=[A-ZĐ])"
)
_COUNT = re.compile(
    r"\d+ (?!(?:xã|phường|thị trấn|huyện|thôn|xóm|bản|buôn|bon|ấp|khu phố|tổ dân phố|địa điểm)(?!\w))(?![A-ZĐ])"
)
_WENT_TO = re.compile(
    r"(?<!\w)(?:đến|về|tới|xuống) (?P<place>(?:các |\d+ )?(?:xã|phường|thị trấn|huyện|thôn|bản|ấp|khu phố|tổ dân phố)\s(?:(?!\. )[^\n]){2,110}?)(?: (?:để|nhằm|và))?(?: tổ chức)? $"
)
_POSTED_AT = re.compile(
    r"(?:Đại sứ|Tổng [Ll]ãnh sự|Trưởng đại diện|Tham tán|[Vv]ăn phòng đại diện|[Cc]hi nhánh|[Cc]ơ quan (?:thường trú|đại diện))(?: quán)?(?: \w+){0,6} $"
)
"""Before "tại Việt Nam": part of a post, or of the name of an office."""
_LOOSE_GAP = 16
_LONGEST_PLACE = 140
_LINK = re.compile(r"(?<!\w)tại (?=điểm cầu \w)")
_LINKED_WITHIN = 2500


def location(view: View, event: Event) -> str | None:
    """Where it took place, as worded, without "tại"; None where the article does not tell."""
    telling = {id(m) for m in event.telling}
    for mention in [*event.by_evidence, *(m for m in event.later if m.evidence != "place")]:
        left, right = view.sentences[mention.sentence]
        beside_it = mention.sentence == event.fullest.sentence and _BESIDE.search(
            view.low, event.fullest.end, max(event.fullest.end, mention.start)
        )
        if mention.only_named or beside_it:
            continue
        worked_at = mention is event.fullest and view.low.endswith(" tại", mention.start, mention.head_end)
        if worked_at and not _no_place(view, mention.head_end + 1):
            return _place(view, mention.head_end + 1, right, None)
        for place in _PLACE.finditer(view.low, mention.end, min(right, mention.end + 140)):
            if ";" in view.low[mention.end : place.start()] or _no_place(view, place.end()):
                continue
            if _of_an_office(view, mention, place.start(), place.end()):
                continue
            gap = view.low[mention.end : place.start()]
            beside = _BESIDE.search(gap)
            if beside and view.tables.kind_word.search(gap, beside.end()):
                # The place of another gathering: "…, đồng thời theo dõi Lễ … tổ chức tại …".
                break
            if (
                len(gap) > 25
                and mention.evidence == "subject"
                and not _happens_before(view, mention.end, place.start())
            ):
                break
            explicit = len(gap) < 100 and re.match(r"[\s,]*(?:\w+\s+){0,4}?(?:diễn ra|tổ chức|khai mạc)(?!\w)", gap)
            if (mention.bare and len(gap) > 30 and not explicit) or (
                not explicit and re.search(r",[^,]*,", gap) and mention.evidence != "list"
            ):
                break
            if view.people_in(mention.end, place.start()):
                break
            return _place(view, place.end(), right, None)
        if mention.evidence in ("organise", "subject", "take_part", "verb") and (
            not mention.bare or id(mention) in telling
        ):
            for place in view.tables.beside_place.finditer(view.low, left, mention.clause):
                opens = view.low[left : place.start()].rstrip()
                after_date = any(d.end == left + len(opens) for d in view.dates_in(left, place.start()))
                if (not opens or opens.endswith(",") or after_date) and not _no_place(view, place.end()):
                    return _place(view, place.end(), mention.clause, mention.clause)
            if gone := _gone_to(view, left, mention):
                return gone
    return _linked_place(view, event) or _labelled(view, event) or _scene(view, event)


def _scene(view: View, event: Event) -> str | None:
    """The place of the sentence right before that only tells day and place, cut off by a full stop."""
    number = event.by_evidence[0].sentence
    if not number or event.by_evidence[0].evidence not in ("organise", "verb"):
        return None
    start, end = view.sentences[number - 1]
    if view.tables.kind_word.search(view.low, start, end):
        return None
    for row in reversed(view.dates_in(start, end)):
        tail = SCENE_TAIL.fullmatch(view.text, row.end, end) if day_like(row) else None
        if tail and tail["place"]:
            return tail["place"].strip(" ,")
    return None


def _no_place(view: View, at: int) -> bool:
    """Whether no place is named behind "tại": a gathering, a document, some places without a name."""
    if _NAMED_UNITS.match(view.text, at):
        return False
    return bool(view.tables.not_a_place.match(view.low, at)) or bool(_COUNT.match(view.text, at))


def _of_an_office(view: View, mention: Mention, at: int, place: int) -> bool:
    """Whether "tại …" tells where a guest works: "Hiệp hội Doanh nghiệp Nhật Bản tại Việt Nam", "Trưởng đại diện … tại Huế"."""
    if _POSTED_AT.search(view.text, mention.start, at):
        return True
    return view.low.startswith("việt nam", place) and not view.tables.words["happens"].search(view.low, mention.end, at)


def _gone_to(view: View, left: int, mention: Mention) -> str | None:
    """Where somebody went to hold it: "đã đến các xã Hòa Bắc, Nậm Cắn để tiếp xúc cử tri"."""
    if not mention.verb and mention.kind != "voter_meeting":
        return None
    went = _WENT_TO.search(view.text, left, mention.start)
    return went["place"] if went else None


def _labelled(view: View, event: Event) -> str | None:
    """The place behind a label of an invitation: "Địa điểm: Hội trường tầng 3, trụ sở UBND xã"."""
    label = view.tables.place_label.search(view.low, event.start, event.start + LABELS_WITHIN)
    if not label:
        return None
    stop = re.search(r"[.;]?(?:\n|$)|;|\. |\(", view.text[label.end() : label.end() + _LONGEST_PLACE + 2])
    words = view.text[label.end() : label.end() + stop.start()].strip(" ,") if stop else ""
    return words if 2 <= len(words) <= _LONGEST_PLACE else None


def _linked_place(view: View, event: Event) -> str | None:
    """The place from which an online gathering was followed: "Tại điểm cầu huyện … có lãnh đạo các phòng"."""
    if event.fullest.kind not in ("conference", "session", "meeting", "seminar", "training"):
        return None
    for found in _LINK.finditer(view.low, event.start, event.start + _LINKED_WITHIN):
        if not view.tables.not_a_place.match(view.low, found.end()):
            return _place(view, found.end(), view.sentences[view.sentence_at(found.end())][1], None)
    return None


def _happens_before(view: View, start: int, at: int) -> bool:
    """Whether "diễn ra", perhaps with a day, stands right before a place."""
    verbs = [verb.end() for verb in view.tables.words["happens"].finditer(view.low, start, at)]
    if not verbs:
        return False
    return at - verbs[-1] - sum(d.end - d.start for d in view.dates_in(verbs[-1], at)) <= _LOOSE_GAP


def _place(view: View, start: int, right: int, clause: int | None) -> str | None:
    """The place's words from `start`: up to a clause, a date, or, before a verb, the comma behind which its subject stands."""
    low = view.low
    end = right
    for row in view.dates_in(start, right):
        if day_like(row):
            end = min(end, row.start)
            break
    stop = view.tables.place_stop.search(low, start, end)
    while stop and "(" in low[start : stop.start()] and ")" not in low[start : stop.start()]:
        stop = view.tables.place_stop.search(low, stop.end(), end)
    while stop and _in_a_name(view, stop.start(), stop.group()):
        stop = view.tables.place_stop.search(low, stop.end(), end)
    if stop:
        end = min(end, stop.start())
    pieces = pieces_of(low, start, end)
    keep = 1
    for begin, finish in pieces[1:]:
        if not view.tables.place_goes_on.match(low, begin) or (clause is not None and finish >= clause - 1):
            break
        if clause is not None and (begin, finish) == pieces[-1]:
            break
        keep += 1
    begin, finish = pieces[0][0], pieces[keep - 1][1]
    words = view.text[begin:finish].strip(" ,-–")
    if words.endswith(")") is False and "(" in words and ")" not in words:
        words = words.split("(")[0].strip()
    return words if 2 <= len(words) <= _LONGEST_PLACE else None


def _in_a_name(view: View, at: int, token: str) -> bool:
    """Whether a stop is part of a place's name: "Văn hóa - Thể thao", "đường Hai Bà Trưng"."""
    if token.strip() in ("-", "–", "—"):
        return view.text[at + len(token) : at + len(token) + 1].isupper()
    if token == ".":
        # "TP. Bến Tre", "P. Hòa An": the stop of an abbreviation before a name.
        return (
            bool(_SHORTENED.search(view.low, max(0, at - 5), at)) and view.text[at + 1 : at + 3].strip()[:1].isupper()
        )
    return token.isalpha() and view.text[at].isupper()


def pieces_of(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a span between commas that are not inside brackets."""
    pieces, at, depth = [], start, 0
    for i in range(start, end):
        if low[i] == "(":
            depth += 1
        elif low[i] == ")":
            depth = max(0, depth - 1)
        elif low[i] == "," and not depth:
            pieces.append((at, i))
            at = i + 1
    pieces.append((at, end))
    return pieces
