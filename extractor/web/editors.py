"""Who may sign in to the explorer: names and salted scrypt hashes in a file of the data folder."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from extractor.errors import DatasetError

_FILE = "editors.json"
_SECRET = "explorer.secret"
_COST = {"n": 2**14, "r": 8, "p": 1}
MIN_PASSWORD = 8


def _hash(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_COST).hex()


def _read(data_dir: Path) -> dict[str, dict[str, str]]:
    path = data_dir / _FILE
    try:
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (ValueError, OSError) as error:
        raise DatasetError(f"{path}: not readable ({error}); remove it and add the editors again") from None
    return found


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)


def editors(data_dir: Path | str) -> list[str]:
    """The names of a data folder's editors."""
    return sorted(_read(Path(data_dir)))


def set_editor(data_dir: Path | str, name: str, password: str) -> None:
    """Add an editor, or give one a new password.

    Raises:
        DatasetError: the name is empty, or the password shorter than `MIN_PASSWORD` characters.
    """
    folder, name = Path(data_dir), name.strip()
    if not name:
        raise DatasetError("an editor needs a name")
    if len(password) < MIN_PASSWORD:
        raise DatasetError(f"the password is too short; use at least {MIN_PASSWORD} characters")
    salt = secrets.token_hex(16)
    found = _read(folder)
    found[name] = {"salt": salt, "scrypt": _hash(password, salt)}
    _write_private(folder / _FILE, json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def remove_editor(data_dir: Path | str, name: str) -> None:
    """Remove an editor; decisions already made stay under the name.

    Raises:
        DatasetError: there is no such editor.
    """
    found = _read(Path(data_dir))
    if name not in found:
        raise DatasetError(f"{name}: no such editor; there are {', '.join(sorted(found)) or 'none'}")
    del found[name]
    _write_private(Path(data_dir) / _FILE, json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def is_editor(data_dir: Path | str, name: str, password: str) -> bool:
    """Whether name and password are an editor's."""
    entry = _read(Path(data_dir)).get(name.strip())
    # An unknown name costs the same time as a wrong password.
    salt = entry["salt"] if entry else "00" * 16
    return hmac.compare_digest(_hash(password, salt), entry["scrypt"] if entry else "") and entry is not None


def session_secret(data_dir: Path | str) -> str:
    """The key that signs the explorer's cookies, made once, so that a restart signs nobody out."""
    path = Path(data_dir) / _SECRET
    if not path.exists():
        _write_private(path, secrets.token_hex(32))
    return path.read_text(encoding="utf-8").strip()
