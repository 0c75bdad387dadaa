"""Reads and checks rules/ into a RuleSet with a version.

A rule file `rules/NAME.yml` holds `lexicons` (terms, perhaps with a value each), `fragments` (pieces of patterns) and
`rules` (patterns or terms with an id, examples and counterexamples). `{name}` inside a pattern stands for the lexicon
or fragment of that name, from the same file or, as `{file.name}`, from another. `rules/gazetteers/NAME.csv` are tables.
"""

import csv
import difflib
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from extractor import __version__
from extractor.errors import RuleError
from extractor.resources import resource

Scalar = str | int | float | bool | None
T = TypeVar("T")


class Rule(BaseModel):
    """One rule as written: a `pattern` or a list of `terms`, what it sets, and sentences it must and must not match.

    An example marks what the rule matches in square brackets: `"Sáng [ngày 9/1], huyện ủy họp"`. A counterexample is
    a sentence in which the pattern matches nothing.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    description: str = ""
    pattern: str | None = None
    terms: list[str] | None = None
    ignore_case: bool = False
    set: dict[str, Scalar] = Field(default_factory=dict)
    examples: list[str] = Field(min_length=1)
    counterexamples: list[str] = Field(default_factory=list)


class RuleFile(BaseModel):
    """One file of rules as written."""

    model_config = ConfigDict(extra="forbid")

    description: str = ""
    lexicons: dict[str, dict[str, Scalar]] = Field(default_factory=dict)
    fragments: dict[str, str] = Field(default_factory=dict)
    rules: list[Rule] = Field(default_factory=list)

    @field_validator("lexicons", mode="before")
    @classmethod
    def _lists_are_terms(cls, lexicons: Any) -> Any:
        if not isinstance(lexicons, dict):
            return lexicons
        return {k: {str(t): None for t in v} if isinstance(v, list) else v for k, v in lexicons.items()}


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to use: `regex` has the lexicons put in; `set` is what a match says."""

    id: str
    regex: re.Pattern[str]
    set: Mapping[str, Scalar]
    source: Rule


GAZETTEERS: dict[str, tuple[str, ...]] = {}
"""Columns of each gazetteer, in order; a file in rules/gazetteers that is not named here may have any columns."""


def alternation(terms: Iterable[str], *, either_case: bool = True) -> str:
    """One regular expression for many terms, built as a prefix tree so that it stays fast for thousands.

    Args:
        terms: literal terms; the longest one that fits is matched.
        either_case: let the first letter be small or capital.

    Returns:
        A non-capturing group.
    """
    tree: dict[str, Any] = {}
    for term in sorted(set(terms)):
        node = tree
        for letter in term:
            node = node.setdefault(letter, {})
        node[""] = {}

    def write(node: dict[str, Any], first: bool) -> str:
        branches = []
        groups: dict[str, list[str]] = {}
        for letter, child in node.items():
            if letter:
                groups.setdefault(write(child, False), []).append(letter)
        for tail, letters in groups.items():
            if first and either_case:
                letters = sorted({c for x in letters for c in (x.lower(), x.upper()) if len(c) == 1} | set(letters))
            branches.append((_letters(letters)) + tail)
        body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else ""
        if "" in node and body:
            return f"(?:{body})?" if len(branches) == 1 else body + "?"
        return body

    if either_case:
        # Both cases of a first letter share one branch, or the tree would try only one of them.
        merged: dict[str, Any] = {}
        for letter, child in tree.items():
            _merge(merged.setdefault(letter.lower() if len(letter.lower()) == 1 else letter, {}), child)
        tree = merged
    return f"(?:{write(tree, True)})"


def _merge(into: dict[str, Any], other: dict[str, Any]) -> None:
    for letter, child in other.items():
        _merge(into.setdefault(letter, {}), child)


def _letters(letters: list[str]) -> str:
    escaped = [re.escape(x) for x in letters]
    return escaped[0] if len(letters) == 1 else f"[{''.join(escaped)}]"


@dataclass
class RuleSet:
    """All rules of a folder, checked and compiled.

    `version` is a hash of every file and of the package's version: the same rules, the same version.
    """

    folder: Path
    files: dict[str, RuleFile]
    gazetteers: dict[str, tuple[dict[str, str], ...]]
    hashes: dict[str, str]
    compiled: dict[str, CompiledRule] = field(default_factory=dict)
    _memo: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Version of the whole set: 12 hex digits."""
        return self.version_of(self.hashes)

    def version_of(self, names: Iterable[str]) -> str:
        """Version of some files ("dates", "gazetteers/organisations"), the package's version with them."""
        joined = "\n".join(f"{n} {self.hashes[n]}" for n in sorted(set(names)))
        return hashlib.sha256(f"{__version__}\n{joined}".encode()).hexdigest()[:12]

    def lexicon(self, file: str, name: str) -> dict[str, Scalar]:
        """A lexicon's terms with their values (None where a term has none), as written."""
        try:
            return self.files[file].lexicons[name]
        except KeyError:
            known = self.files[file].lexicons if file in self.files else self.files
            raise RuleError(f"rules/{file}.yml: no lexicon {name!r}{_nearest(name, known)}") from None

    def gazetteer(self, name: str) -> tuple[dict[str, str], ...]:
        """A gazetteer's rows as dicts of strings."""
        if name not in self.gazetteers:
            raise RuleError(f"rules/gazetteers/{name}.csv is missing{_nearest(name, self.gazetteers)}")
        return self.gazetteers[name]

    def rules(self, file: str) -> list[CompiledRule]:
        """A file's rules in the order in which they are written."""
        return [self.compiled[rule.id] for rule in self.files[file].rules]

    def rule(self, rule_id: str) -> CompiledRule:
        """One rule by its id."""
        if rule_id not in self.compiled:
            raise RuleError(f"rules: no rule {rule_id!r}{_nearest(rule_id, self.compiled)}")
        return self.compiled[rule_id]

    def regex(self, file: str, pattern: str, flags: int = 0) -> re.Pattern[str]:
        """A pattern compiled with a file's lexicons and fragments put in for `{name}`."""
        return re.compile(self._expand(file, pattern, file, ()), flags)

    def memo(self, key: str, build: Callable[["RuleSet"], T]) -> T:
        """What `build(self)` gives, made once for this set: an extractor's own compiled tables."""
        if key not in self._memo:
            self._memo[key] = build(self)
        return cast(T, self._memo[key])

    def _expand(self, file: str, pattern: str, where: str, within: tuple[str, ...]) -> str:
        def put_in(match: re.Match[str]) -> str:
            name = match[1]
            home, _, short = name.rpartition(".")
            source = self.files.get(home or file)
            if source and short in source.lexicons:
                return alternation(source.lexicons[short])
            if source and short in source.fragments and name not in within:
                return "(?:" + self._expand(home or file, source.fragments[short], where, (*within, name)) + ")"
            known = [*source.lexicons, *source.fragments] if source else list(self.files)
            raise RuleError(f"{where}: no lexicon or fragment {{{name}}}{_nearest(short if source else home, known)}")

        return re.sub(r"\{([a-z_][a-z_0-9.]*)\}", put_in, pattern)


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), [str(k) for k in known], 1, 0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""LibYAML's safe loader where PyYAML was built with it: ten times as fast."""


def _read_file(path: Path) -> RuleFile:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict):
        raise RuleError(f"{path}: a rule file is a mapping with the keys {', '.join(RuleFile.model_fields)}")
    try:
        return RuleFile.model_validate(data)
    except ValidationError as error:
        raise RuleError(_explain(path, data, error)) from None


def _explain(path: Path, data: dict[str, Any], error: ValidationError) -> str:
    """The first thing that is wrong with a rule file, in one line."""
    first = error.errors()[0]
    location = list(first["loc"])
    where = str(path)
    if location[:1] == ["rules"] and len(location) > 1 and isinstance(location[1], int):
        rule = data["rules"][location[1]]
        rule_id = rule.get("id", location[1]) if isinstance(rule, dict) else location[1]
        where += f", rule {rule_id!r}"
        location = location[2:]
        known: Iterable[str] = Rule.model_fields
    else:
        known = RuleFile.model_fields
    key = ".".join(str(part) for part in location)
    if first["type"] == "extra_forbidden":
        return f"{where}: unknown key {key!r}{_nearest(key, known)}"
    return f"{where}: {key}: {first['msg']}"


def _read_gazetteer(path: Path) -> tuple[dict[str, str], ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            header = tuple(reader.fieldnames or ())
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    raise RuleError(f"{path}, line {reader.line_num}: {len(header)} cells expected, as in the header")
                rows.append({k: v.strip() for k, v in row.items()})
    except (UnicodeDecodeError, csv.Error) as error:
        raise RuleError(f"{path}: not readable as UTF-8 CSV: {error}") from None
    wanted = GAZETTEERS.get(path.stem, header)
    for name in header:
        if name not in wanted:
            raise RuleError(f"{path}: unknown column {name!r}{_nearest(name, wanted)}")
    for name in wanted:
        if name not in header:
            raise RuleError(f"{path}: column {name!r} is missing; the columns are {', '.join(wanted)}")
    return tuple(rows)


def load_rules(folder: Path | str | None = None) -> RuleSet:
    """Read, check and compile a folder of rules.

    Args:
        folder: the folder; by default the one that comes with the package.

    Returns:
        The rule set.

    Raises:
        RuleError: a file is wrong; the message names file, rule, cause and the nearest right key.
    """
    base = Path(folder) if folder is not None else resource("rules")
    if not base.is_dir():
        raise RuleError(f"{base}: no such folder of rules")
    paths = [*sorted(base.glob("*.yml")), *sorted((base / "gazetteers").glob("*.csv"))]
    return _load(base, tuple((path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths))


@lru_cache(maxsize=4)
def _load(base: Path, paths: tuple[tuple[Path, str], ...]) -> RuleSet:
    """Read a folder whose files have these hashes; the same files are compiled once in a process."""
    files, gazetteers, hashes = {}, {}, {}
    for path, digest in paths:
        if path.suffix == ".yml":
            files[path.stem] = _read_file(path)
            hashes[path.stem] = digest
        else:
            gazetteers[path.stem] = _read_gazetteer(path)
            hashes[f"gazetteers/{path.stem}"] = digest
    rules = RuleSet(base, files, gazetteers, hashes)
    for name, file in files.items():
        for rule in file.rules:
            where = f"{base / name}.yml, rule {rule.id!r}"
            if rule.id in rules.compiled:
                raise RuleError(f"{where}: another rule has this id")
            rules.compiled[rule.id] = _compile(rules, name, rule, where)
    return rules


def _compile(rules: RuleSet, file: str, rule: Rule, where: str) -> CompiledRule:
    if (rule.pattern is None) == (rule.terms is None):
        raise RuleError(f"{where}: give either 'pattern' or 'terms'")
    pattern = rule.pattern if rule.pattern is not None else rf"\b{alternation(rule.terms or [])}\b"
    expanded = rules._expand(file, pattern, where, ())
    try:
        regex = re.compile(expanded, re.IGNORECASE if rule.ignore_case else 0)
    except re.error as error:
        raise RuleError(f"{where}: the pattern is not a regular expression: {error}") from None
    return CompiledRule(rule.id, regex, rule.set, rule)


def check_rules(rules: RuleSet) -> Iterator[str]:
    """Run every rule's examples and counterexamples.

    Yields:
        One line for each sentence that is not matched as it says: file, rule, sentence and what was found.
    """
    for name, file in rules.files.items():
        for rule in file.rules:
            regex = rules.compiled[rule.id].regex
            where = f"rules/{name}.yml, rule {rule.id!r}"
            for example in rule.examples:
                wanted = re.findall(r"\[([^\[\]]*)\]", example)
                found = [m.group() for m in regex.finditer(re.sub(r"[\[\]]", "", example))]
                if not wanted:
                    yield f"{where}: the example marks nothing with [ ]: {example}"
                elif found != wanted:
                    yield f"{where}: example {example!r} gave {found}"
            for example in rule.counterexamples:
                found = [m.group() for m in regex.finditer(example)]
                if found:
                    yield f"{where}: counterexample {example!r} gave {found}"
