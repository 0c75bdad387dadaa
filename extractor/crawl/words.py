"""The general parser's vocabulary: rules/sites/_general.yml, checked and compiled once."""

import difflib
import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from extractor.errors import RuleError
from extractor.resources import resource

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
_LOOSE = {"title_classes": ("title", "tieude", "headline"), "date_classes": ("date", "ngay", "time", "thoigian")}
"""Names are written together in many ways ("bigtitle", "newstime"): for these lists their beginning or end is enough."""
_COUNT = re.compile(r"\s*\(\d+\)$")
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Words(BaseModel):
    """What the general parser knows of Vietnamese portals; each list is explained in the file itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    cut_classes: list[str]
    keep_classes: list[str]
    title_classes: list[str]
    site_starts: list[str]
    not_titles: list[str]
    date_classes: list[str]
    author_classes: list[str]
    section_classes: list[str]
    lead_classes: list[str]
    published_labels: list[str]
    updated_labels: list[str]
    clock_labels: list[str]
    boilerplate_lines: list[str]
    boilerplate_starts: list[str]
    cut_from: list[str]
    attachment_labels: list[str]
    footer_marks: list[str]
    contact_labels: list[str]
    author_prefixes: list[str]
    source_prefixes: list[str]
    author_names: list[str]
    not_authors: list[str]
    info_starts: list[str]
    organisation_words: list[str]
    months: dict[str, int] = Field(min_length=12)
    attachment_extensions: list[str]
    missing_page: list[str]
    skip_links: list[str]
    _memo: dict[Any, Any] = PrivateAttr(default_factory=dict)

    @cached_property
    def sets(self) -> dict[str, frozenset[str]]:
        """Every list as a set, by its name."""
        return {name: frozenset(value) for name, value in self if isinstance(value, list)}

    @cached_property
    def boilerplate(self) -> frozenset[str]:
        """The lines that are dropped, in the form of `line_key`."""
        return frozenset(line_key(line) for line in self.boilerplate_lines)

    @cached_property
    def cuts(self) -> frozenset[str]:
        """The lines after which an article is over, in the form of `line_key`."""
        return frozenset(line_key(line) for line in self.cut_from)

    @cached_property
    def attachments(self) -> frozenset[str]:
        """The labels of attachments, in the form of `line_key`."""
        return frozenset(line_key(line) for line in self.attachment_labels)

    @cached_property
    def starts(self) -> re.Pattern[str]:
        """A line that begins with one of `boilerplate_starts`."""
        return re.compile(rf"(?:{either(self.boilerplate_starts)})(?!\w)", re.IGNORECASE)

    @cached_property
    def infos(self) -> re.Pattern[str]:
        """A line that begins with one of `info_starts`."""
        return re.compile(rf"(?:{either(self.info_starts)})(?!\w)", re.IGNORECASE)

    @cached_property
    def functions(self) -> frozenset[str]:
        """The titles of pages that are no articles, in the form of `line_key`."""
        return frozenset(line_key(line) for line in self.not_titles)

    @cached_property
    def sites(self) -> re.Pattern[str]:
        """A line that begins with one of `site_starts`."""
        return re.compile(rf"(?:{either(self.site_starts)})(?!\w)", re.IGNORECASE)

    def memo(self, build: Callable[["Words"], T]) -> T:
        """What `build(self)` gives, made once for this vocabulary."""
        if build not in self._memo:
            self._memo[build] = build(self)
        return cast(T, self._memo[build])

    def hints(self, names: frozenset[str], kind: str) -> bool:
        """Whether an element's class words (see `class_words`) have one of the list `kind`."""
        if not names.isdisjoint(self.sets[kind]):
            return True
        ends = _LOOSE.get(kind)
        return ends is not None and any(name.startswith(ends) or name.endswith(ends) for name in names)


def either(terms: Iterable[str]) -> str:
    """Terms as alternatives of a regular expression, the longest first; a blank stands for any run of blanks."""
    ordered = sorted(set(terms), key=lambda term: (-len(term), term))
    return "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in ordered)


def line_key(line: str) -> str:
    """A line's form for comparison with the vocabulary: small letters, no punctuation around it, no count "(2)" behind it."""
    return _COUNT.sub("", " ".join(line.casefold().split())).strip(" .,:;…>»›<«|•+-–—[]()*/!?\"'“”#▼▶►")


@lru_cache(maxsize=20_000)
def class_words(names: str) -> frozenset[str]:
    """The words of an element's class, id and itemprop: each name whole and in pieces.

    `"news-title tinKhac"` gives newstitle, news, title, tinkhac, tin, khac.
    """
    words: set[str] = set()
    for name in names.split():
        pieces = [piece.lower() for piece in _PIECES.findall(name)]
        words.update(pieces)
        words.add("".join(pieces))
        words.update(a + b for a, b in pairwise(pieces))
    return frozenset(words)


def read_model(path: Path, model: type[M]) -> M:
    """Read a YAML file into a pydantic model.

    Args:
        path: the file.
        model: the model; it refuses unknown keys.

    Returns:
        The model.

    Raises:
        RuleError: one line that names the file, the key, the cause and the nearest right key.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RuleError(f"{path}: no such file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict):
        raise RuleError(f"{path}: the file is a mapping with the keys {', '.join(model.model_fields)}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise RuleError(f"{path}: {explain(error, model)}") from None


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """The first thing that is wrong, in one line: the key, the cause, the nearest right key."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] != "extra_forbidden":
        return f"{key}: {first['msg']}"
    known = sorted({name for m in _models(model) for name in m.model_fields})
    near = difflib.get_close_matches(str(first["loc"][-1]), known, 1, 0.5)
    return f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _models(model: type[BaseModel]) -> list[type[BaseModel]]:
    found = [model]
    for field in model.model_fields.values():
        inner: Any = [field.annotation, *getattr(field.annotation, "__args__", ())]
        found += [m for t in inner if isinstance(t, type) and issubclass(t, BaseModel) for m in _models(t)]
    return found


@lru_cache(maxsize=4)
def load_words(path: Path | None = None) -> Words:
    """The vocabulary of the package, or of another file."""
    return read_model(path or resource("rules") / "sites" / "_general.yml", Words)
