"""The words that bound a goal's clause, compiled: connectives, verbs, copulas, stops, agents."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractor.rules import RuleSet, alternation

FILE = "targets"

TRIM = " ,;:.-–—…“\"'("
"""What hangs on at the ends of a clause without belonging to it."""

DASH = (
    r" [-–—] (?![Xx]ã hội|[Aa]n ninh|[Tt]hể thao|[Dd]u lịch|nghề nghiệp|[Kk]ế hoạch|thương mại|dịch vụ|xây dựng|văn hó|văn hoá"
    r"|kỹ thuật|\d)"
)
"""A dash that parts two clauses, not the two halves of one name."""


HAVING = re.compile(r"có (?:bằng|chứng chỉ|trình độ|việc làm|thu nhập|hợp đồng)\b")
""" "Có" that belongs to what is measured: "có bằng cấp, chứng chỉ đạt 30%"."""

RANK = r"(?!cấp (?:tỉnh|huyện|xã|thành phố|quốc gia|trên|dưới|uỷ|ủy|cơ sở|trường|bộ|ngành|quận|thị xã|trung ương)\b)"
"""Not "cấp" of an administrative level, which is no verb."""


@dataclass(frozen=True, slots=True)
class ClauseTables:
    """Compiled patterns for the borders of a clause."""

    border: re.Pattern[str]
    opens: re.Pattern[str]
    lead: re.Pattern[str]
    copula: re.Pattern[str]
    whole: re.Pattern[str]
    act_tail: re.Pattern[str]
    act_head: re.Pattern[str]
    act: re.Pattern[str]
    directed: re.Pattern[str]
    named: re.Pattern[str]
    joined: re.Pattern[str]
    agent: re.Pattern[str]
    nominal: frozenset[str]
    says: re.Pattern[str]
    pair: re.Pattern[str]
    fixed: re.Pattern[str]
    manner: re.Pattern[str]


def led_by(terms: Iterable[str]) -> str:
    """A class of the terms' first letters to stand before them: a search passes over all other places at once."""
    initials = sorted({letter for term in terms for letter in (term[0].lower(), term[0].upper())})
    return rf"(?=[{''.join(initials)}])"


def any_of(terms: Iterable[str], *, either_case: bool = True) -> str:
    """`alternation(terms)`, led by their first letters."""
    words = list(terms)
    return led_by(words) + alternation(words, either_case=either_case)


def build_clauses(rules: RuleSet) -> ClauseTables:
    """The clause tables of a rule set."""

    def terms(name: str) -> str:
        return any_of(rules.lexicon(FILE, name), either_case=name != "stops")

    acts = any_of([*rules.lexicon(FILE, "action_verbs"), *rules.lexicon(FILE, "deeds")])
    deeds = alternation(rules.lexicon(FILE, "deeds"), either_case=False)
    agents = [*rules.lexicon(FILE, "owner_heads"), *rules.lexicon(FILE, "agents")]
    copulas, leads = terms("copulas"), terms("leads")
    joined = alternation([*rules.lexicon(FILE, "joined_nouns"), *rules.lexicon(FILE, "paired_nouns")])
    indicators, comparators = terms("indicators"), terms("comparators")
    return ClauseTables(
        border=re.compile(
            rf"(?P<hard>[;:()!?…]|{DASH}|\.(?=\s|$))|(?P<quote>[”\"’])|(?P<comma>,(?!\d) ?)|(?P<join> và )"
            rf"|(?P<whole>\b{terms('inseparable')}\b)|(?P<stop>\b{terms('stops')}\b|\bvới (?=(?:(?:khoảng|trên|hơn|gần) )?\d))"
        ),
        opens=re.compile(
            rf"(?:[“\"'(]|\d|{acts}\b|{comparators}\b|{leads}\b|{copulas}\b|không\b|mỗi\b|nhất\b|chú trọng\b"
            r"|số còn lại\b)"
        ),
        lead=re.compile(rf"(?:{leads})(?!\w)\s*"),
        copula=re.compile(rf"(?<!\w)(?:{copulas})$"),
        whole=re.compile(rf"\b{terms('inseparable')}$"),
        act_tail=re.compile(rf"(?<!\w)(?:{acts})$"),
        act=re.compile(rf"(?:^|(?<= ))(?:(?:[Mm]ỗi|[Hh]ằng|[Hh]àng) năm )?{RANK}{acts}(?!\w)"),
        act_head=re.compile(rf"(?:(?:[Mm]ỗi|[Hh]ằng|[Hh]àng) năm )?{RANK}{acts}(?!\w)"),
        agent=re.compile(
            rf"(?:(?:toàn|các|mỗi|từng) )?{alternation(agents)}\b(?! (?:dân|nghèo)\b)[^,;:()–—-]{{0,60}}?"
            rf" (?=(?:{deeds}|duy trì|giữ vững|giữ|nâng|đưa)(?: \w|$))"
        ),
        joined=re.compile(rf"{joined}\b"),
        says=re.compile(
            rf"\b{alternation(rules.lexicon(FILE, 'says'), either_case=False)}\b(?! (?:trên|chung|riêng))(?: rằng| là)?"
            r"(?=[,:]? (?:[“\"]|(?:đến|tới|trong|từ nay|hết|cuối|vào|trước|năm|quý|tháng|giai đoạn|nhiệm kỳ|phải|sẽ|cần)\b))"
        ),
        pair=re.compile(rf"\b{joined}(?: \w+)?$"),
        fixed=re.compile(rf"\b{alternation([t for t in rules.lexicon(FILE, 'inseparable') if ',' in t])}\b"),
        manner=re.compile(rf"{terms('manners')}"),
        nominal=frozenset(rules.lexicon(FILE, "nominal_verbs")),
        named=re.compile(rf"(?:[Tt]ổng |[Cc]hỉ tiêu |{indicators}\b)"),
        directed=re.compile(
            r"(?:[Tt]hực hiện|[Xx]ây dựng|[Tt]ổ chức|[Cc]ó(?: thêm| được)?|[Dd]uy trì|[Pp]hấn đấu|[Đđ]ảm bảo"
            r"|[Bb]ảo đảm)$"
        ),
    )
