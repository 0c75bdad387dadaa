import re
import shlex
from pathlib import Path

import pytest
import typer.main

from extractor import engine
from extractor.cli import app
from extractor.model import RECORD_TYPES, Article, Person, Problem, columns
from extractor.outputs.labels import column_label
from extractor.resources import resource

README = Path(__file__).parent.parent / "README.md"
DOCS = Path(__file__).parent.parent / "docs"
COMMON = {"article_id", "revision", "quote", "start", "end", "rule_id", "rules_version"}


@pytest.mark.parametrize("record_type", [Article, *RECORD_TYPES.values(), Person, Problem])
def test_every_column_is_documented(record_type):
    page = (DOCS / "data-model.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {record_type.TABLE}\b.*?(?=^## |\Z)", page, re.M | re.S)[0]
    documented = set(re.findall(r"\w+", " ".join(re.findall(r"^\| ([^|]+) \|", section, re.M))))
    assert set(columns(record_type)) - documented <= (COMMON if record_type in RECORD_TYPES.values() else set())


@pytest.mark.parametrize("record_type", [Article, *RECORD_TYPES.values(), Person, Problem])
def test_every_column_has_a_vietnamese_header(record_type):
    for name in columns(record_type):
        assert column_label(name, table=record_type.TABLE) != name


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A folder with the archive of the sample corpus in data/, as the README's first command makes it."""
    folder = tmp_path_factory.mktemp("readme")
    engine.run([str(resource("corpus") / "gold" / "corpus.jsonl")], folder / "data")
    return folder


@pytest.mark.parametrize("block", re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S))
def test_the_readmes_python_runs(block, sample, monkeypatch):
    monkeypatch.chdir(sample)
    exec(compile(block, "README.md", "exec"), {})


def test_the_readmes_commands_and_options_exist():
    text = "\n".join([README.read_text(encoding="utf-8"), *(p.read_text(encoding="utf-8") for p in DOCS.glob("*.md"))])
    lines = re.findall(r"^    (?:.*&& )?(?:\.venv/bin/)?extractor (.+?)(?: >>.*)?$", text, re.M)
    assert len(lines) >= 10
    for line in lines:
        command, words = typer.main.get_command(app), shlex.split(line)
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line
