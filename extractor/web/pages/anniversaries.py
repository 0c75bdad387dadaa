"""Commemorated days that return in the next days, round counts first, lunar ones on their solar day."""

from typing import Any

from extractor.dataset.upcoming import upcoming_anniversaries
from extractor.web.base import PAGE_SIZE, iso_day, page_number, paging, read, render, today

CHOICES = (30, 90, 180, 365)
MOST = 60
"""Entries a page."""


async def view(datasette: Any, request: Any) -> Any:
    """GET /anniversaries?days=90"""
    asked = request.args.get("days") or ""
    days = int(asked) if asked.isdecimal() and int(asked[:6]) in CHOICES else 90
    start = iso_day(request.args.get("day"))
    now = today() if start is None else today().fromisoformat(start)
    found = await read(datasette, lambda connection: upcoming_anniversaries(connection, now, days))
    offset = (page_number(request) - 1) * MOST
    pages = paging(request, PAGE_SIZE + 1 if len(found) > offset + MOST else 0)
    context = {
        "paging": pages,
        "found": len(found),
        "anniversaries": found[offset : offset + MOST],
        "days": days,
        "choices": CHOICES,
        "now": now,
    }
    return await render(datasette, request, "explorer_anniversaries.html", context)
