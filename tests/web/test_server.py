import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from extractor.errors import DatasetError
from extractor.web.editors import editors, is_editor, remove_editor, set_editor
from extractor.web.server import create_explorer, is_loopback
from tests.web.conftest import start


def answer(address):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        return urllib.request.build_opener(Stay).open(address, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


def test_off_loopback_every_page_asks_for_sign_in(data):
    process, address = start(data, "--host", "0.0.0.0")
    try:
        assert answer(address + "/login") == 200
        for path in (
            "/",
            "/search",
            "/people",
            "/archive",
            "/archive.json",
            "/archive/articles.csv",
            "/archive.json?sql=select+1",
        ):
            assert answer(address + path) == 302, path
    finally:
        process.terminate()
        process.wait(10)


def test_off_loopback_without_editors_it_does_not_start(data):
    for name in editors(data):
        remove_editor(data, name)
    command = [sys.executable, "-m", "extractor", "serve", "--data", str(data), "--host", "0.0.0.0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "extractor editors add NAME" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said(data, explorer):
    port = explorer.rpartition(":")[2]
    command = [sys.executable, "-m", "extractor", "serve", "--data", str(data), "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "choose another --port" in done.stderr


def test_no_archive_is_said(tmp_path):
    with pytest.raises(DatasetError, match="no such archive"):
        create_explorer(tmp_path)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("damha.example", False)],
)
def test_what_is_loopback(host, loopback):
    assert is_loopback(host) is loopback


def test_editors_have_salted_hashes(tmp_path):
    set_editor(tmp_path, "An", "mat-khau-1")
    set_editor(tmp_path, "Bình", "mat-khau-1")
    stored = (tmp_path / "editors.json").read_text(encoding="utf-8")
    assert "mat-khau" not in stored
    assert is_editor(tmp_path, "An", "mat-khau-1")
    assert not is_editor(tmp_path, "An", "mat-khau-2")
    assert not is_editor(tmp_path, "Không", "mat-khau-1")
    with pytest.raises(DatasetError, match="too short"):
        set_editor(tmp_path, "An", "ngan")
    remove_editor(tmp_path, "An")
    assert editors(tmp_path) == ["Bình"]
