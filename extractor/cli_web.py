"""The explorer's commands: `serve`, `editors` and `corrections`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from extractor import terminal
from extractor.errors import ExtractorError

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of the archive.")]
DATA = Path("data")
editors_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Who may sign in to the explorer and correct rows.",
    epilog="Example: extractor editors add 'Thu Hiền' --data data",
)


def mount(app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.command(epilog="Example: extractor serve --data data --port 8001")(serve)
    app.add_typer(editors_app, name="editors")
    app.command(epilog="Example: extractor corrections --data data --gold corpus/gold/corrected.jsonl")(corrections)


def serve(
    data: Data = DATA,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; any but loopback asks for sign-in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8001,
) -> None:
    """Open the archive in the browser: search, articles, people, meetings, targets, anniversaries, corrections."""
    try:
        from extractor.web.server import serve as start
    except ModuleNotFoundError as error:
        raise ExtractorError(f"the explorer needs {error.name}; install it: pip install 'extractor[web]'") from None
    shown = f"[{host}]" if ":" in host else host
    start(data, host, port, ready=lambda: terminal.say(f"http://{shown}:{port}/ – stop with Ctrl+C"))


@editors_app.command(epilog="Example: extractor editors add 'Thu Hiền' --data data")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name that decisions will carry.")],
    data: Data = DATA,
    password: Annotated[
        str,
        typer.Option(
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            envvar="EXTRACTOR_PASSWORD",
            help="Asked for when not given.",
        ),
    ] = "",
) -> None:
    """Add an editor, or give one a new password."""
    from extractor.web.editors import set_editor

    _archive(data)
    set_editor(data, name, password)
    terminal.say(f"{name} may now sign in")


@editors_app.command(epilog="Example: extractor editors remove 'Thu Hiền' --data data")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The editor's name.")],
    data: Data = DATA,
) -> None:
    """Remove an editor; decisions already made stay."""
    from extractor.web.editors import remove_editor

    remove_editor(data, name)
    terminal.say(f"{name} may no longer sign in")


@editors_app.command("list", epilog="Example: extractor editors list --data data")
def list_(data: Data = DATA) -> None:
    """List the editors."""
    from extractor.web.editors import editors

    for name in editors(data):
        typer.echo(name)


def corrections(
    data: Data = DATA,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="FILE", help="Add the corrected articles to a gold file.", show_default=False),
    ] = None,
) -> None:
    """List the editors' decisions, one JSON object a line, or add the corrected articles to a gold file."""
    import sys

    from extractor.dataset.corrections import corrections as decided
    from extractor.dataset.reader import Reader
    from extractor.evaluate.from_archive import add_to_gold
    from extractor.outputs.export import json_line

    if gold is not None:
        added, replaced = add_to_gold(data, gold)
        typer.echo(f"{gold}: {added} articles added, {replaced} replaced")
        return
    with Reader(data) as reader:
        for correction in decided(reader.connection):
            sys.stdout.buffer.write(json_line(asdict(correction)))


def _archive(data: Path) -> None:
    """The folder must hold an archive: an editor of a mistyped folder could never sign in."""
    from extractor.dataset.connect import FILE_NAME, connect_reader

    connect_reader(data / FILE_NAME).close()
