"""Reads the marked-up sentences of tests/cases and compares them with what the pipeline makes of them."""

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path

TABLES = {
    "date": "dates",
    "official": "officials",
    "position": "positions",
    "meeting": "meetings",
    "participation": "participations",
    "target": "targets",
    "anniversary": "anniversaries",
}
_PUBLISHED = re.compile(r"^\[published=(\d{4}-\d\d-\d\d)\]\s*")
_TAG = re.compile(r"</(?P<close>\w+)>|<(?P<open>[a-z]+)(?P<attributes>(?:\s+\w+=(?:\"[^\"]*\"|[^\s>\"]*))*)\s*>")
_ATTRIBUTE = re.compile(r"(\w+)=(?:\"([^\"]*)\"|([^\s>\"]*))")


@dataclass
class Mark:
    """One marked span and the columns it must have."""

    table: str
    start: int
    end: int
    columns: dict[str, str]


@dataclass
class Case:
    """One line of a case file."""

    where: str
    table: str
    text: str
    published: str | None
    marks: list[Mark] = field(default_factory=list)


def parse_case(line: str, table: str, where: str) -> Case:
    """Read one marked-up line; an unknown or unclosed tag is an error."""
    published = _PUBLISHED.match(line)
    line = line[published.end() :] if published else line
    line = line.replace(" ¶ ", "\n")
    case = Case(where, table, "", published[1] if published else None)
    opened: list[Mark] = []
    text, at = "", 0
    for tag in _TAG.finditer(line):
        text += line[at : tag.start()]
        at = tag.end()
        name = tag["close"] or tag["open"]
        if name not in TABLES:
            raise ValueError(f"{where}: unknown tag {tag.group()}")
        if tag["open"]:
            columns = {k: quoted or bare for k, quoted, bare in _ATTRIBUTE.findall(tag["attributes"])}
            opened.append(Mark(TABLES[name], len(text), -1, columns))
        else:
            if not opened or opened[-1].table != TABLES[name]:
                raise ValueError(f"{where}: {tag.group()} closes nothing")
            mark = opened.pop()
            mark.end = len(text)
            case.marks.append(mark)
    if opened:
        raise ValueError(f"{where}: a <{opened[-1].table}> tag is not closed")
    case.text = text + line[at:]
    case.marks.sort(key=lambda m: (m.start, m.end))
    return case


def read_cases(path: Path) -> list[Case]:
    """All cases of a file; the table is the file name's beginning."""
    table = next(t for t in TABLES.values() if path.stem.startswith(t))
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        parse_case(line.strip(), table, f"{path.name}:{n}")
        for n, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]


def cell(value: object) -> str:
    """A record's value in the notation of the case files."""
    if value is None or value == ():
        return "null"
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:.10g}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def differences(case: Case, tables: dict) -> list[str]:
    """What the records of a case's text differ in from its marks; empty when all is right."""
    wanted_tables = {case.table} | {m.table for m in case.marks}
    found: list[str] = []
    for table in sorted(wanted_tables):
        marks = [m for m in case.marks if m.table == table]
        rows = tables.get(table, ())
        if table == "participations":
            wanted = {(m.columns.get("official", case.text[m.start : m.end]), m.columns["role"]) for m in marks}
            got = {(r.official, r.role) for r in rows}
            found += [f"missed {w}" for w in sorted(wanted - got)] + [f"invented {g}" for g in sorted(got - wanted)]
            continue
        by_span = {}
        for row in rows:
            by_span.setdefault((row.start, row.end), []).append(row)
        for mark in marks:
            if (mark.start, mark.end) not in by_span:
                found.append(f"{table}: missed {case.text[mark.start : mark.end]!r}")
                continue
            candidates = [_unlike(mark, row) for row in by_span[mark.start, mark.end]]
            found += [f"{table}: {case.text[mark.start : mark.end]!r} {d}" for d in min(candidates, key=len)]
        spans = {(m.start, m.end) for m in marks}
        found += [f"{table}: invented {r.quote!r}" for r in rows if (r.start, r.end) not in spans]
    return found


def _unlike(mark: Mark, row: object) -> list[str]:
    found = []
    for name, wanted in mark.columns.items():
        column = {"start": "start_date", "end": "end_date"}.get(name, name)
        got = cell(getattr(row, column))
        if got != wanted:
            found.append(f"{name}={got}, wanted {wanted}")
    return found
