"""Who chaired, spoke and attended: the roles of an article's people, each at its gathering."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extractor.extractors._meetings_cues import NAMES_A_BODY, Cue, governing_cue, predicates_of
from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_leads import leads_of, opens_below, role_cues
from extractor.extractors._meetings_text import Mention, Person, View
from extractor.extractors._meetings_where import Part, Where

_ACCORDING_TO = re.compile(r"(?<!\w)(?<!tiếp )theo(?: lời)?\s+(?:\w{1,6}\s+){0,2}$")
_QUOTED = re.compile(r"\s*(?:\([^()]{1,60}\))?\s*:\s*[“\"]")
"""Behind a name: somebody's own words, as interviews and discussions give them."""
_HEARD = re.compile(r"(?<!\w)(?:nghe|được)\s+(?:\w{1,4}\s+){0,3}$")
_TOLD_BEHIND = (" về ", " tại ", " tới ", " đến ", " nhanh ", " thêm ")
_VERB_AT_END = re.compile(r"\s(?:đến |tới |về )?(dự|tham dự|chủ trì|thông tin)$")
_GROUP = re.compile(r"(?<!\w)(?:các đồng chí|các ông|các bà|các vị)(?!\w)")
_CAUSED = re.compile(
    r"(?<!\w)(?:do|dưới sự|với sự|theo sự|có sự|(?:ủy|uỷ) quyền(?: cho)?)(?: (?:đồng chí|đ/c|ông|bà))?\s*$"
)
_LEADS_A_GROUP = re.compile(r"dẫn đầu|làm (?:phó )?(?:trưởng (?:đoàn|nhóm)|tổ trưởng)(?: công tác)?")
_AT_IT = re.compile(
    r"\s(?:hội nghị|cuộc họp|kỳ họp|phiên họp|đại hội|lễ|buổi \w+(?: \w+)?|cuộc làm việc|hội thảo|tọa đàm|toạ đàm)(?P<joint>\s?,?(?: và| đã)*)\s"
)
_TOPICS = NAMES_A_BODY | {"công bố", "triển khai", "quán triệt", "phổ biến", "phát động", "truyền đạt", "lấy ý kiến"}
"""What right behind "hội nghị" tells what it is about: "chủ trì hội nghị thông tin báo chí"."""
_AND_SPOKE = re.compile(r"(?:,| và)(?: có)?\s")
"""Between "dự" and "phát biểu" behind a list, whose members all did both."""
_VISITS = re.compile(r".*chúc mừng")
_MEETS = ("working_session", "gathering", "voter_meeting", "dialogue")
_FESTIVE = ("ceremony", "congress", "gathering")
_STOPS = ".;:!?…"
_ACCORDING = ("theo", "cũng theo", "còn theo")
_OF_A_SPEECH = re.compile(
    r"[\"“]?(?:(?:trong|qua|bằng|mở đầu) (?:bài |lời )?"
    r"(?P<speech>diễn văn|phát biểu|tham luận|lời khai mạc|lời chào mừng|báo cáo)[^,.;:]{0,60},|(?P<according>theo))"
    r"\s*(?:(?:\w{1,4}\.)+ ?|\w{1,4} ){0,3}"
)
"""What leads, up to a name and its titles, a sentence whose subject spoke, whatever its verb is: "Trong diễn văn khai giảng, cô giáo …"."""
_MEMBERS = re.compile(r"(?:đoàn|tổ|nhóm|tổ công tác)(?!\w)[^.;:]{0,90}?\s(?:gồm|gồm có|bao gồm)(?: các)?:? ")
_ANY_VERB = re.compile(
    r" (?:(?:đã|cũng|còn|đồng thời|tiếp tục|thẳng thắn|xúc động|vui mừng)\s)*(?P<verb>[a-zà-ỹđ]+)(?!\w)"
)
_SAID = re.compile(r"(?:\w+\s){0,3}?\w+(?:\srằng(?!\w)|\s?:\s)")
_LED_SPEAKER = re.compile(
    r"[,:]\s*(?:\w+ )?$|(?:hội nghị|buổi lễ|đại hội|kỳ họp|buổi làm việc|cuộc họp|hội thảo|lễ|có|là)\s*$"
)
_LEAD_REACH = 200
_SEPARATOR = re.compile(r"[\s,;)–—-]*(?:và|cùng)?[\s,;–—-]*$")
_JOINS = re.compile(r"[\s,;)–—-]*(?:và|cùng)?[\s,;–—-]*(?:(?:đồng chí|đ/c|ông|bà)\s)?")
_SPEAKERS = re.compile(r" viên(?!\w)")
"""Behind a word of speaking that opens a sentence: several people follow ("Báo cáo viên là …")."""
_LIST_LINE = re.compile(r"\s*[-–+•*]\s*")


def roles(view: View, events: list[Event], planned: list[Event]) -> Iterator[tuple[Event, Part]]:
    """The roles of named people, each with its gathering; one for each person and role.

    Args:
        view: the article.
        events: its gatherings.
        planned: those of them that lie ahead; nobody has spoken there while another one is reported.

    Yields:
        The gathering and the person's part in it.
    """
    if not events or not view.people:
        return
    chosen: dict[tuple[int, str, str], tuple[Event, Part]] = {}
    where = Where(view, events, planned if len(planned) < len(events) else [])
    open_role: Cue | None = None
    for number, (left, sentence_end) in enumerate(view.sentences):
        people = view.people_in(left, sentence_end)
        right = _over_broken_line(view, number, sentence_end) if people else sentence_end
        if not people:
            open_role = opens_below(view, left, right) or (open_role if _LIST_LINE.match(view.text, left) else None)
            continue
        parts, open_role = _parts(view, left, right, people, open_role)
        for part in parts:
            if part.person.post_only and part.role == "attendee":
                continue
            event = where.event(number, part)
            if event is None:
                continue
            if part.guessed and (event.fullest.kind in _FESTIVE or event.start > left):
                continue
            words = view.low[part.start : part.end]
            took_part = (id(event), part.person.person_id) in where.present
            if words.strip() in _ACCORDING and not (took_part or where.discussed(event, left)):
                continue
            if _LEADS_A_GROUP.fullmatch(words) and event.fullest.kind not in _MEETS:
                continue
            if part.role == "attendee" and _VISITS.fullmatch(words) and event.fullest.kind not in _FESTIVE:
                continue
            key = (id(event), part.person.person_id, part.role)
            chosen.setdefault(key, (event, part))
            if part.role != "speaker":
                where.present.add(key[:2])
    yield from _one_of_each(view, events, chosen)


def _over_broken_line(view: View, number: int, right: int) -> int:
    """Where a caption ends that the page broke in two: "Đồng chí A, Phó Chủ tịch UBND tỉnh ¶ thông tin tại Hội nghị"."""
    if number + 1 == len(view.sentences) or view.text[right - 1] in _STOPS:
        return right
    left, following = view.sentences[number + 1]
    goes_on = view.text[left - 1] == "\n" and view.text[left].islower() and view.tables.role_cue.match(view.low, left)
    return following if goes_on and not view.people_in(left, following) else right


def _one_of_each(
    view: View, events: list[Event], chosen: dict[tuple[int, str, str], tuple[Event, Part]]
) -> Iterator[tuple[Event, Part]]:
    """Who chairs does not attend besides; whoever meets somebody attends."""
    for event in events:
        for part in _met(view, event):
            chosen.setdefault((id(event), part.person.person_id, part.role), (event, part))
    for (event_id, person, role), (event, part) in chosen.items():
        if role == "attendee" and (event_id, person, "chair") in chosen:
            continue
        yield event, part


def _met(view: View, event: Event) -> Iterator[Part]:
    """Both sides of "X gặp mặt Y", "X làm việc với Y"."""
    for mention in (*event.namings, *event.later):
        if (
            mention.kind not in _MEETS
            or (mention.kind == "dialogue" and not mention.verb)
            or not mention.evidence
            or mention.only_named
            or (mention.bare and not _received(view, mention))
        ):
            continue
        left, right = view.sentences[mention.sentence]
        end = max(mention.end, mention.head_end)
        members = _MEMBERS.search(view.low, left, mention.start)
        for person in view.people_in(left, right):
            subject = (
                person.end <= mention.start
                and (mention.start - person.end < 120 or (members is not None and members.end() < person.end))
                and mention.evidence in ("verb", "organise", "title")
            )
            partner = mention.head_end <= person.start <= end + 2
            if (
                subject
                and (
                    members is not None
                    or not view.tables.object_before.search(view.low, max(left, person.start - 16), person.start)
                )
            ) or partner:
                yield Part(person, "attendee", mention.start, mention.head_end, mention.rule_id)


def _received(view: View, mention: Mention) -> bool:
    """Whether a bare mention is the deed "Phó Thủ tướng A đã tiếp Đại sứ B", which a later "tại buổi tiếp" is about."""
    return mention.evidence == "verb" and view.low[mention.start : mention.end] == "tiếp"


def _leads(view: View, person: Person, until: int) -> bool:
    """Whether somebody leads the group that does what follows: "do ông A … làm Tổ trưởng đã tiếp xúc cử tri"."""
    return bool(_LEADS_A_GROUP.search(view.low, person.start, until))


def _parts(
    view: View, left: int, right: int, people: list[Person], open_role: Cue | None
) -> tuple[list[Part], Cue | None]:
    """The roles of a sentence's people, and the cue under which a list goes on in the next sentence."""
    cues = role_cues(view, left, right)
    people = [_without_verb(view, person, cues) for person in people]
    found: list[Part] = []
    leads = leads_of(view, left, people, cues, open_role)
    leading = {cue for lead in leads for cue in lead}
    inside = set()
    for index, person in enumerate(people):
        following = people[index + 1].start if index + 1 < len(people) else right
        before = governing_cue(view, left, person, cues) or _governed_with(view, people, index, found)
        if before:
            found.append(Part(person, before.role, before.start, before.end, before.rule_id))
            inside.add(index)
        if leader := _LEADS_A_GROUP.search(view.low, person.start, person.end):
            attends = view.tables.roles["tham dự"].rule_id
            found.append(Part(person, "attendee", leader.start(), leader.end(), attends))
        elif _QUOTED.match(view.low, person.end):
            found.append(Part(person, "speaker", person.start, person.end, view.tables.roles["phát biểu"].rule_id))
            inside.add(index)
        object_of = view.tables.object_before.search(view.low, max(left, person.start - 24), person.start)
        if (
            object_of
            and not _CAUSED.search(view.low, max(left, person.start - 24), person.start)
            and not _HEARD.search(view.low, max(left, person.start - 16), person.start)
        ) or _ACCORDING_TO.search(view.low, max(left, person.start - 24), person.start):
            continue
        for cue in predicates_of(view, person, following, right, cues, people[index + 1 :]):
            if cue.role and cue not in leading:
                found.extend(
                    Part(person, c.role, c.start, c.end, c.rule_id) for c in (cue, *_next_verb(view, cue, cues))
                )
                inside.add(index)
    for number, lead in enumerate(leads):
        until = leads[number + 1][0].start if number + 1 < len(leads) else right
        led = [person for person in people if person.start < until and person.end > lead[0].start]
        for cue in lead:
            found.extend(_led(view, left, led, cues, cue))
    if 0 not in inside and (words := _OF_A_SPEECH.fullmatch(view.low, left, people[0].start)):
        group = "speech" if words["speech"] else "according"
        found.append(
            Part(people[0], "speaker", words.start(group), words.end(group), view.tables.roles["phát biểu"].rule_id)
        )
    elif 0 not in inside and not leads and (spoken := _spoken(view, left, people[0], cues)):
        found.append(spoken)
    attending = next((lead[0] for lead in reversed(leads) if lead[0].role == "attendee"), None)
    found = _co_chairs(view, left, people, found)
    return _spread(view, people, found, attending), attending


def _spoken(view: View, left: int, person: Person, cues: list[Cue]) -> Part | None:
    """The part of somebody who opens a clause with a verb that no list knows: "Tại hội nghị, ông A mổ xẻ …".

    Whoever is the subject behind "Tại hội nghị, …" or before "rằng" speaks, unless the verb is one of another deed; without
    such a frame it is a guess, which holds where people come to talk.
    """
    verb = _ANY_VERB.match(view.text, person.end)
    if not verb or left < view.title_end or view.tables.no_speech.match(view.low, verb.start("verb")):
        return None
    start, end = verb.span("verb")
    if any(not c.role and c.start <= start < c.end for c in cues):
        return None
    frame = view.low[left : person.start].rstrip()
    if frame and not frame.endswith(","):
        return None
    framed = bool(frame) and (view.tables.speech_frame.match(frame) or view.tables.kind_word.search(frame))
    guessed = not framed and not _SAID.match(view.low, start)
    if guessed and (frame or person.post_only):
        return None
    return Part(person, "speaker", start, end, view.tables.roles["phát biểu"].rule_id, guessed)


def _governed_with(view: View, people: list[Person], index: int, found: list[Part]) -> Part | None:
    """The cue of the person named right before that somebody shares: "ý kiến của ông A và bà B", "sự chủ trì của các ông: A; B"."""
    if not index or not _JOINS.fullmatch(view.low, people[index - 1].end, people[index].start):
        return None
    return next((f for f in found if f.person is people[index - 1] and f.end <= f.person.start), None)


def _led(view: View, left: int, people: list[Person], cues: list[Cue], lead: Cue) -> Iterator[Part]:
    """The people, of those behind a cue that opens a clause, whom it belongs to."""
    low = view.low
    if not people:
        return
    if lead.role == "speaker":
        person = people[0]
        gap = low[lead.end : person.start]
        governed = view.tables.object_before.search(low, max(left, person.start - 16), person.start)
        if _LED_SPEAKER.search(gap) and len(gap) < _LEAD_REACH and (not governed or gap.endswith("là ")):
            yield Part(person, lead.role, lead.start, lead.end, lead.rule_id)
            if _SPEAKERS.match(gap) and not any(cue.start > person.end for cue in cues):
                for other in people[1:]:
                    yield Part(other, lead.role, lead.start, lead.end, lead.rule_id)
        return
    for index, person in enumerate(people):
        own = next(
            (
                c
                for c in cues
                if c.start > person.end and c.start < (people[index + 1].start if index + 1 < len(people) else 10**9)
            ),
            None,
        )
        if index and own and own.role == "speaker" and ";" not in low[person.end : own.start]:
            return
        if lead.start >= person.start:
            continue
        if re.search(r"(?<!\w)(?:của|cho|bởi)\s*$", low[max(left, person.start - 6) : person.start]) and not re.search(
            r"sự|của\s*$", low[max(left, lead.start - 4) : person.start]
        ):
            continue
        yield Part(person, lead.role, lead.start, lead.end, lead.rule_id)
        if own and own.role and lead.role == "chair":
            return


def _without_verb(view: View, person: Person, cues: list[Cue]) -> Person:
    """A person whose post does not run into the verb behind it: "Phó Chủ tịch Hội đồng | dự", "Hiệu trưởng nhà trường | ôn lại"."""
    name_at = view.text.rfind(person.name.rsplit(" ", 1)[-1], person.start, person.end)
    for cue in cues:
        if cue.start >= person.end:
            break
        swallowed = cue.end == person.end or cue.role == "chair"
        if cue.start > name_at >= 0 and (cue.end > person.end or (swallowed and " " in view.low[cue.start : cue.end])):
            return replace(person, end=cue.start)
    verb = _VERB_AT_END.search(view.text, person.start, person.end)
    if verb and verb[1] == "thông tin" and not view.low.startswith(_TOLD_BEHIND, person.end):
        return person
    return replace(person, end=verb.start()) if verb else person


def _next_verb(view: View, cue: Cue, cues: list[Cue]) -> list[Cue]:
    """What somebody who chairs or attends says there: "chủ trì cuộc họp, yêu cầu …"."""
    after = next((c for c in cues if c.start >= cue.end), None)
    if after is None or cue.role == "speaker" or after.role != "speaker":
        return []
    gap = _AT_IT.fullmatch(view.low, cue.end, after.start)
    names_it = gap and gap["joint"] == "" and view.low[after.start : after.end] in _TOPICS
    return [after] if gap and not names_it else []


def _co_chairs(view: View, left: int, people: list[Person], found: list[Part]) -> list[Part]:
    """Give "đồng chủ trì" behind the last of a list to its whole group, which "các đồng chí" begins."""
    chairs = [f for f in found if f.role == "chair" and f.start > f.person.end and view.low.startswith("đồng", f.start)]
    for part in chairs:
        index = next(n for n, person in enumerate(people) if person is part.person)
        while index and _SEPARATOR.search(view.low, people[index - 1].end, people[index].start):
            gap = view.low[people[index - 1].end : people[index].start + 14]
            if _GROUP.search(gap):
                break
            index -= 1
            if not any(f.person is people[index] and f.role in ("chair", "speaker") for f in found):
                found.append(Part(people[index], "chair", part.start, part.end, part.rule_id))
    return found


def _attended_and_spoke(view: View, behind: list[Part]) -> bool:
    """Whether one predicate tells both: "các đồng chí A; B đến dự, phát biểu chỉ đạo"."""
    if len(behind) < 2 or behind[0].role != "attendee" or behind[1].role != "speaker":
        return False
    return _AND_SPOKE.fullmatch(view.low, behind[0].end, behind[1].start) is not None


def _spread(view: View, people: list[Person], found: list[Part], attending: Cue | None) -> list[Part]:
    """Give a predicate behind the last of several joined people to all of them: "A và B đồng chủ trì"."""
    by_person = {id(p): [f for f in found if f.person is p] for p in people}
    for index in range(len(people) - 1, 0, -1):
        person, before = people[index], people[index - 1]
        gap = view.low[before.end : person.start]
        joined = (len(gap) <= 60 and " và " in gap) or _SEPARATOR.fullmatch(gap)
        behind = [f for f in by_person[id(person)] if f.start >= person.end]
        own = known = by_person[id(before)]
        if _attended_and_spoke(view, behind) and all(f.start == behind[0].start for f in own):
            behind, own = behind[len(own) :], []
        elif not joined:
            behind = [f for f in behind if f.role in ("chair", "attendee")]
        if not behind or own or (attending and attending.start < before.start):
            continue
        if joined and view.tables.object_before.search(view.low, max(0, before.start - 20), before.start):
            continue
        if (
            _SEPARATOR.search(gap)
            and not any(c in gap for c in ("trao", "tặng", "bầu"))
            and not re.search(r"\.\s", gap)
        ):
            shared = [Part(before, f.role, f.start, f.end, f.rule_id) for f in behind]
            found.extend(shared)
            by_person[id(before)] = known + shared
    return found
