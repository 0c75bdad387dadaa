"""Starts the explorer: Datasette over the archive with our plugin, on loopback unless asked otherwise."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extractor.dataset.connect import FILE_NAME, connect_reader
from extractor.errors import DatasetError
from extractor.web.editors import editors, session_secret

_HERE = Path(__file__).parent


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def create_explorer(data_dir: Path | str, *, sign_in: bool = False) -> Any:
    """The explorer as a Datasette instance, ready to serve.

    Args:
        data_dir: the folder of the archive.
        sign_in: show nothing before a visitor has signed in.

    Returns:
        The Datasette instance; `.app()` is its ASGI application.

    Raises:
        DatasetError: there is no archive, or `sign_in` is asked for and there is no editor who could.
    """
    from datasette import handle_exception
    from datasette.app import Datasette
    from datasette.plugins import pm

    from extractor.web import plugin

    path = Path(data_dir) / FILE_NAME
    connect_reader(path).close()
    if sign_in and not editors(data_dir):
        raise DatasetError(
            f"{data_dir}: nobody could sign in; add an editor first: extractor editors add NAME --data {data_dir}"
        )
    # Datasette prints a traceback with all local values for every wrong address when rich is installed.
    handle_exception.rich = None
    if not pm.is_registered(plugin):
        pm.register(plugin, name="extractor")
    return Datasette(
        files=[str(path)],
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static", str(_HERE / "static"))],
        secret=session_secret(data_dir),
        metadata={"allow": {"id": "*"}} if sign_in else {},
        settings={"sql_time_limit_ms": 3000, "default_page_size": 50, "allow_download": False, "suggest_facets": True},
    )


def serve(
    data_dir: Path | str, host: str = "127.0.0.1", port: int = 8001, ready: Callable[[], None] | None = None
) -> None:
    """Serve the explorer until interrupted.

    Args:
        data_dir: the folder of the archive.
        host: an address of this machine; any but loopback asks every visitor to sign in.
        port: the port.
        ready: called once before the server takes its first visitor.

    Raises:
        DatasetError: see `create_explorer`; or the port is taken.
    """
    import socket

    import uvicorn

    explorer = create_explorer(data_dir, sign_in=not is_loopback(host))
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DatasetError(
                f"{host}:{port}: cannot listen there ({error.strerror}); choose another --port"
            ) from None
    if ready is not None:
        ready()
    uvicorn.run(explorer.app(), host=host, port=port, log_level="warning", lifespan="on")
