"""Where the packaged rules and the sample corpus are: beside the package in a checkout, inside it once installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The folder of a packaged resource.

    Args:
        name: `"rules"` or `"corpus"`.

    Returns:
        The folder inside the installed package, or else the one beside it in a checkout.
    """
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
