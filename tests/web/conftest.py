"""A real explorer over the sample corpus, served by the command line, and a real Chromium to drive it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

from extractor import engine
from extractor.resources import resource
from extractor.web.editors import set_editor

EDITOR, PASSWORD = "Thu Hiền", "mat-khau-dai"
HOSTILE = {
    "url": "https://xau.example/1",
    "title": "Hội nghị <script>document.title='hacked'</script> năm 2024",
    "published_at": "2024-03-05",
    "body": (
        'Sáng ngày 4/3/2024, UBND huyện tổ chức hội nghị =HYPERLINK("http://evil.example","x") <img src=x onerror=alert(1)>.\n'
        'Chữ \u202eđảo ngược\u202c và "nháy" \' OR 1=1; DROP TABLE articles; --\n'
        + "Đoạn rất dài không ngắt. "
        * 30_000
    ),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def archive_folder(tmp_path_factory):
    """An archive of the sample corpus and one hostile article."""
    folder = tmp_path_factory.mktemp("explorer")
    hostile = folder / "hostile.jsonl"
    hostile.write_text(json.dumps(HOSTILE, ensure_ascii=False), encoding="utf-8")
    engine.run([str(resource("corpus") / "gold" / "corpus.jsonl"), str(hostile)], folder / "data")
    set_editor(folder / "data", EDITOR, PASSWORD)
    return folder / "data"


@pytest.fixture
def data(archive_folder, tmp_path):
    """A copy of the archive that a test may change."""
    shutil.copytree(archive_folder, tmp_path / "data")
    return tmp_path / "data"


def start(data, *arguments):
    """Start `extractor serve`; returns the process and its address once it answers."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "extractor", "serve", "--data", str(data), "--port", str(port), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(process.stdout.read().decode())
        try:
            urllib.request.urlopen(address + "/login", timeout=5).read()
            return process, address
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError("the explorer did not answer within 30 s")


@pytest.fixture(scope="session")
def explorer(archive_folder):
    """The address of an explorer that no test changes."""
    process, address = start(archive_folder)
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture
def own_explorer(data):
    """The address of an explorer over `data`."""
    process, address = start(data)
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium; a machine without it cannot run these tests, which is an error and not a skip."""
    path = next((p for p in ("chromium", "chromium-browser", "google-chrome") if shutil.which(p)), None)
    assert path, "no Chromium found; on Debian: apt-get install chromium"
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(path), args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page that fails its test when the browser's console shows an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors = []
    # Chromium also logs every answer of 400 or 403; whether those are right is each test's own business.
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type == "error" and "status of 40" not in message.text else None
        ),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
