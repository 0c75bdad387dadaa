"""What all pages share: language, reading the archive, rendering, paging."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from datasette import Response

from extractor.dataset.connect import FILE_NAME
from extractor.outputs.labels import column_label, table_label, value_label
from extractor.web.words import WEEKDAYS, day_text, word

T = TypeVar("T")
DATABASE = FILE_NAME.removesuffix(".sqlite")
PAGE_SIZE = 30
LANG_COOKIE = "lang"


def language(request: Any) -> str:
    """The page's language: what the address asks for, else the cookie's, else Vietnamese."""
    wanted = request.args.get(LANG_COOKIE) or request.cookies.get(LANG_COOKIE)
    return "en" if wanted == "en" else "vi"


def today() -> date:
    """The day on which the explorer stands."""
    return date.today()


async def read(datasette: Any, load: Callable[[sqlite3.Connection], T]) -> T:
    """Run a function over a read-only connection to the archive, outside the event loop."""
    result: T = await datasette.get_database(DATABASE).execute_fn(load)
    return result


def rows(connection: sqlite3.Connection, sql: str, values: Any = ()) -> list[dict[str, Any]]:
    """A query's rows as dicts."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list: `number` counts from 1; `more` says whether another follows."""

    number: int
    more: bool
    query: str

    @property
    def offset(self) -> int:
        """How many entries stand before the page."""
        return (self.number - 1) * PAGE_SIZE

    def href(self, number: int) -> str:
        """The address of another page of the same list."""
        return f"?{self.query}&page={number}" if self.query else f"?page={number}"


def page_number(request: Any) -> int:
    """The page that the address asks for; 1 where it asks for none or for nonsense."""
    wanted = request.args.get("page") or "1"
    return min(max(int(wanted), 1), 100_000) if wanted.isdecimal() and len(wanted) < 8 else 1


def paging(request: Any, found: int) -> Paging:
    """The paging of a list of which `found` entries were read, one more than a page to see whether there are more."""
    kept = [(k, v) for k in request.args for v in request.args.getlist(k) if k != "page" and v]
    return Paging(page_number(request), found > PAGE_SIZE, urlencode(kept))


def iso_day(text: str | None) -> str | None:
    """A day from an address, ISO, or None when it is none."""
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        return None


async def render(datasette: Any, request: Any, template: str, context: Mapping[str, Any], status: int = 200) -> Any:
    """Answer with one of our templates.

    The templates get `lang`, `t(key)` for the explorer's words, `table_label`, `column_label`, `value_label`, `day(iso)`
    and `actor` besides the context; the language asked for in the address is kept in a cookie.
    """
    lang = language(request)
    query = urlencode([(k, v) for k in request.args for v in request.args.getlist(k) if k != LANG_COOKIE])
    other = "en" if lang == "vi" else "vi"
    everywhere = {
        "lang": lang,
        "other_lang": other,
        "other_lang_href": f"?{query}&{LANG_COOKIE}={other}" if query else f"?{LANG_COOKIE}={other}",
        "t": lambda key, **values: word(key, lang, **values),
        "table_label": lambda table: table_label(table, lang),
        "column_label": lambda table, column: column_label(column, lang, table),
        "value_label": lambda column, value: value_label(value, lang, column) if isinstance(value, str) else value,
        "day": lambda text: day_text(text, lang),
        "weekdays": WEEKDAYS[lang],
        "actor": request.actor,
        "path": request.path,
        "args": request.args,
    }
    body = await datasette.render_template(template, {**everywhere, **context}, request=request)
    response = Response.html(body, status=status)
    if request.args.get(LANG_COOKIE) in ("vi", "en"):
        response.set_cookie(LANG_COOKIE, request.args[LANG_COOKIE], max_age=365 * 86400, samesite="lax")
    return response
