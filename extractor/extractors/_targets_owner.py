"""Who set a goal: the person or organisation that the sentence says sets, asks for or works towards it."""

import re
from dataclasses import dataclass

from extractor.extractors._targets_cues import Sentence
from extractor.rules import RuleSet, alternation

FILE = "targets"

_TRAIL = re.compile(r"(?:,? (?:cũng|đã|sẽ|phải|cần|tiếp tục|còn|vừa|đều|cùng|và|mà|để|là|thì|chủ động))+$")
_LEAD = re.compile(
    r"(?:[Tt]heo đó|[Dd]o đó|[Tt]rong đó|[Rr]iêng|[Đđ]ồng thời|[Nn]goài ra|[Tt]heo|[Cc]ụ thể|[Bb]ên cạnh đó|[Vv]ới"
    r"|[Đđ]ể|[Vv]ề phía)[ ,]+"
    r"|(?:[Nn]ăm|[Đđ]ến năm|[Gg]iai đoạn|[Nn]hiệm kỳ) [\d –-]+[ ,]+"
)
_CLAUSE = re.compile(r"\d%|\b(?:đã|sẽ|phải|cần|được|nhằm|có|khi)\b|[:;]")


REACH = 240
"""Characters before a verb of setting in which its owner may be named."""


@dataclass(frozen=True, slots=True)
class OwnerTables:
    """The pattern of an owner before a verb of setting."""

    sets: re.Pattern[str]
    heads: re.Pattern[str]


def build_owner(rules: RuleSet) -> OwnerTables:
    """The owner table of a rule set."""
    heads = alternation(rules.lexicon(FILE, "owner_heads"))
    verbs = alternation(rules.lexicon(FILE, "setting_verbs"), either_case=False)
    return OwnerTables(
        re.compile(rf"(?<=\s)(?:đã |cũng |sẽ |tiếp tục |phải |vừa )*{verbs}\b"), re.compile(rf"{heads}\b")
    )


def owner_of(text: str, sentence: Sentence, tables: OwnerTables) -> str | None:
    """The owner as worded, or None where the sentence names none before its verb."""
    for match in tables.sets.finditer(text, sentence.start, sentence.end):
        before = text[max(sentence.start, match.start() - REACH) : match.start()].rstrip()
        part = re.split(
            r"\bcho (?:rằng|hay|biết)\b,?|\bnhấn mạnh\b|[;:()“”\"]|"
            r"(?:^|, )(?:ngày|năm|đến năm|trong năm|tại|theo|căn cứ) [^,]*(?:,|$)",
            before,
            flags=re.IGNORECASE,
        )[-1]
        part = part.strip(" ,-–")
        part = _TRAIL.sub("", part)
        pieces = [p.strip() for p in re.split(r", ", part)]
        for index, piece in enumerate(pieces):
            piece = _LEAD.sub("", piece)
            if tables.heads.match(piece):
                name = ", ".join([piece, *pieces[index + 1 :]])
                if len(name) <= 140 and not _CLAUSE.search(name):
                    return name
                break
    return None
