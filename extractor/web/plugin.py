"""The Datasette plugin: routes to our pages, the SQL function they need, who may see them."""

import json
import sqlite3
from typing import Any

from datasette import Response, hookimpl

from extractor.text import fold
from extractor.web.base import render
from extractor.web.pages import (
    anniversaries,
    article,
    corrections,
    home,
    login,
    meetings,
    people,
    problems,
    search,
    targets,
)

OPEN_PATHS = ("/login", "/-/static", "/static")
"""What a visitor may see before signing in, where signing in is asked for."""


def _guarded(page: Any) -> Any:
    async def guarded(datasette: Any, request: Any) -> Any:
        if not await datasette.permission_allowed(request.actor, "view-instance", default=True):
            return Response.redirect(f"/login?next={request.path}")
        return await page(datasette, request)

    return guarded


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Our pages; Datasette's own stay under /archive, for SQL, facets, CSV and JSON."""
    routes = [
        (r"^/$", home.view),
        (r"^/search$", search.view),
        (r"^/article/(?P<article>[0-9a-f]+)$", article.view),
        (r"^/article/(?P<article>[0-9a-f]+)/page$", article.view_page),
        (r"^/people$", people.view),
        (r"^/people/(?P<person>[0-9a-f]+)$", people.view_one),
        (r"^/meetings$", meetings.view),
        (r"^/meetings/calendar$", meetings.view_calendar),
        (r"^/meetings/(?P<gathering>[0-9a-f]+)$", meetings.view_one),
        (r"^/targets$", targets.view),
        (r"^/anniversaries$", anniversaries.view),
        (r"^/problems$", problems.view),
        (r"^/corrections$", corrections.view),
        (r"^/corrections/take-back$", corrections.view_take_back),
        (r"^/corrections/(?P<table>[a-z]+)/(?P<row>[0-9a-f]+)$", corrections.view_row),
    ]
    return [(path, _guarded(page)) for path, page in routes] + [
        (r"^/login$", login.view),
        (r"^/sign-out$", login.view_out),
    ]


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """`fold(text)`: the search form of a text, so that "đ" and "d" are alike in SQL too."""
    conn.create_function("fold", 1, lambda text: fold(text) if isinstance(text, str) else text, deterministic=True)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Filters of our templates: `pairs` (a value as its own label), `from_json` (a list column), `sentence` (a capital first)."""
    env.filters["pairs"] = lambda values: [(value, value) for value in values]
    env.filters["sentence"] = lambda text: text[:1].upper() + text[1:] if isinstance(text, str) else text
    env.filters["from_json"] = lambda text: json.loads(text) if text else []


@hookimpl
def forbidden(datasette: Any, request: Any) -> Any:
    """A page that asks for signing in leads there."""
    return Response.redirect(f"/login?next={request.path}")


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """A missing page in our own clothes; everything else is Datasette's to report."""
    if getattr(exception, "status", None) == 404 and not request.path.endswith((".json", ".csv")):

        async def missing() -> Any:
            return await render(datasette, request, "explorer_missing.html", {}, status=404)

        return missing
    return None
