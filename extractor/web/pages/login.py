"""Signing in and out."""

import asyncio
from pathlib import Path
from typing import Any

from datasette import Response

from extractor.web.base import DATABASE, render
from extractor.web.editors import editors, is_editor


def _next(address: str | None) -> str:
    """Where to go after signing in: a page of ours, never another site."""
    return address if address and address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


async def view(datasette: Any, request: Any) -> Any:
    """GET and POST /login"""
    data_dir = Path(datasette.get_database(DATABASE).path).parent
    context = {"next": _next(request.args.get("next")), "wrong": False, "has_editors": bool(editors(data_dir))}
    if request.method == "POST":
        form = await request.post_vars()
        name, password = form.get("name", ""), form.get("password", "")
        right = await asyncio.get_running_loop().run_in_executor(None, is_editor, data_dir, name, password)
        if right:
            response = Response.redirect(_next(form.get("next")))
            response.set_cookie(
                "ds_actor", datasette.sign({"a": {"id": name.strip()}}, "actor"), httponly=True, samesite="lax"
            )
            return response
        context |= {"wrong": True, "next": _next(form.get("next"))}
        return await render(datasette, request, "explorer_login.html", context, status=403)
    return await render(datasette, request, "explorer_login.html", context)


async def view_out(datasette: Any, request: Any) -> Any:
    """POST /sign-out"""
    response = Response.redirect("/")
    if request.method == "POST":
        response.set_cookie("ds_actor", "", expires=0, max_age=0)
    return response
