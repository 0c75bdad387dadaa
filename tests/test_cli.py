import csv
import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from extractor.cli import app, main
from extractor.dataset import Archive
from extractor.dataset.reader import Reader
from extractor.errors import DatasetError
from extractor.model import TABLES

NEWS = (
    "Thị trấn Pác Miầu ra quân làm vệ sinh\n\nSáng ngày 3/6/2022, UBND thị trấn Pác Miầu tổ chức lễ ra quân tổng vệ sinh môi trường. "
    "Đồng chí Nông Văn Lạng, Chủ tịch UBND thị trấn dự và phát biểu.\n\nPhấn đấu đến năm 2025 có 100% hộ dân dùng nước sạch.\n"
)


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.txt"
    path.write_text(NEWS, encoding="utf-8")
    return path


@pytest.fixture
def cli(capfdbinary):
    def run(*args):
        code = main([str(a) for a in args])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "news.txt").write_text(NEWS, encoding="utf-8")
    assert main(["run", str(folder / "news.txt"), "--data", str(folder / "data"), "--published", "2022-06-04"]) == 0
    return folder / "data"


def commands(group=None, path=()):
    import typer.main

    group = group or typer.main.get_command(app)
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize(("path", "command"), [pytest.param(p, c, id=" ".join(p)) for p, c in commands()])
def test_every_command_has_help_with_an_example(cli, path, command):
    code, out, _ = cli(*path, "--help")
    assert code == 0
    assert f"extractor {' '.join(path)}" in " ".join(command.epilog.split())
    assert "Example" in out
    assert len(command.help or command.callback.__doc__) > 10


def test_the_command_starts_without_heavy_imports():
    script = (
        "import sys; from extractor.cli import main; main(['--help']); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'spacy', 'pandas', 'numpy', 'underthesea', 'pyarrow', 'yaml', 'pydantic'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_help_starts_within_300_ms_of_typer():
    def fastest(script):
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - started)
        return min(times)

    assert fastest("from extractor.cli import main; main(['--help'])") - fastest("import typer") < 0.3


def test_extract_writes_one_object_an_article(cli, news, tmp_path):
    code, out, err = cli("extract", news, "--published", "2022-06-04")
    assert code == 0
    assert err == ""
    (line,) = out.splitlines()
    row = json.loads(line)
    assert row["published_at"] == "2022-06-04"
    assert row["text"].startswith(row["title"])
    assert row["dates"][0]["start_date"] == "2022-06-03"
    for table in ("dates", "officials", "positions", "meetings", "participations", "targets", "anniversaries"):
        assert all(row["text"][r["start"] : r["end"]] == r["quote"] for r in row[table])
    assert cli("extract", news, "--published", "2022-06-04", "--output", tmp_path / "o.jsonl")[0] == 0
    assert (tmp_path / "o.jsonl").read_text(encoding="utf-8") == out


def test_a_missing_publication_day_is_said_once(cli, news):
    code, out, err = cli("extract", news, news)
    assert code == 0
    assert len(out.splitlines()) == 2
    assert err.count("\n") == 1
    assert "2 articles have no publication day" in err
    assert "--published" in err


def test_run_prints_a_summary_that_a_program_can_read(cli, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "empty.txt").touch()
    (folder / "news.txt").write_text(NEWS, encoding="utf-8")
    code, out, err = cli("run", folder, "--data", tmp_path / "data", "--published", "2022-06-04")
    assert code == 0
    summary = json.loads(out)
    assert (summary["read"], summary["new"], summary["problems"]) == (1, 1, 1)
    assert set(summary["tables"]) == set(TABLES)
    assert summary["tables"]["dates"] >= 2
    assert "empty.txt: the file is empty" in err
    again = json.loads(cli("run", folder, "--data", tmp_path / "data", "--published", "2022-06-04")[1])
    assert (again["new"], again["extracted"], again["tables"]) == (0, 0, summary["tables"])


def test_nothing_readable_is_an_error(cli, tmp_path):
    code, _, err = cli("run", tmp_path / "missing.txt", "--data", tmp_path / "data")
    assert code == 1
    assert "no such file" in err
    code, _, err = cli("extract", tmp_path / "missing.txt")
    assert code == 1
    assert err.startswith("extractor: ")


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_query(cli, data, form):
    code, out, _ = cli("query", "SELECT kind, quote FROM targets", "--data", data, "--format", form)
    assert code == 0
    assert "nước sạch" in out
    if form == "csv":
        assert out.startswith("\ufeffkind,quote\r\n")
    if form == "json":
        assert json.loads(out)[0]["kind"] == "quantity"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("query", "SELECT * FROM nowhere"), "no such table: nowhere"),
        (("query", "DELETE FROM articles"), "only read"),
        (("export", "--format", "csv", "--table", "meeting", "--output", "x"), "the tables are"),
        (("export", "--format", "xlsx", "--output", "-"), "--output"),
    ],
)
def test_wrong_requests_are_one_line(cli, data, args, words):
    code, out, err = cli(*args, "--data", data)
    assert code == 1
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


@pytest.mark.parametrize(
    "args", [(), ("nothing",), ("run",), ("run", "x", "--jobs", "0"), ("export", "--format", "pdf", "--output", "x")]
)
def test_wrong_usage_is_code_2(cli, args):
    code, _, err = cli(*args)
    assert code == 2
    assert "Traceback" not in err


def test_a_wrong_day_is_refused(cli, news):
    code, _, err = cli("extract", news, "--published", "hôm qua")
    assert code == 1
    assert "--published" in err


def test_a_second_writer_gets_code_3(news, tmp_path):
    script = "import sys; from extractor.cli import main; sys.exit(main())"
    with Archive(tmp_path / "data"):
        done = subprocess.run(
            [sys.executable, "-c", script, "run", news, "--data", tmp_path / "data"], capture_output=True, text=True
        )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "is writing to this archive" in done.stderr


def test_a_full_disk_is_one_line(cli, data):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    code, _, err = cli("export", "--data", data, "--format", "csv", "--table", "articles", "--output", "/dev/full")
    assert code == 1
    assert err.count("\n") == 1
    assert "disk is full" in err


def test_an_output_that_fails_leaves_nothing(cli, data, tmp_path):
    (tmp_path / "file").touch()
    code, _, err = cli(
        "export", "--data", data, "--format", "csv", "--table", "dates", "--output", tmp_path / "file" / "a.csv"
    )
    assert code == 1
    assert err.count("\n") == 1
    code, _, err = cli("export", "--data", data, "--format", "csv", "--table", "dates", "--output", tmp_path)
    assert code == 1
    assert "is a folder" in err
    assert list(tmp_path.rglob("*.part")) == []


def test_a_closed_pipe_is_quiet(news, tmp_path):
    row = json.dumps({"title": "Tin", "body": "Nội dung.", "url": "https://x.example/{}"}, ensure_ascii=False)
    source = tmp_path / "many.jsonl"
    source.write_text("".join(row.replace("{}", str(i)) + "\n" for i in range(3000)), encoding="utf-8")
    script = "import sys; from extractor.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", script, "extract", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read().decode()
    process.wait(60)
    assert errors == ""


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_ends_cleanly(tmp_path, jobs):
    source = tmp_path / "many.jsonl"
    # A piece of work is larger than the pipe by which it goes to a worker, as it is with real articles.
    body = NEWS + "Không có gì khác.\n" * 80
    rows = [{"url": f"https://x.example/{i}", "title": f"Tin {i}", "body": body} for i in range(2000)]
    source.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    process = _started(source, tmp_path / "data", jobs)
    while process.poll() is None and not _extracted(tmp_path / "data"):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert 0 < _extracted(tmp_path / "data") < 2000
    for _ in range(100):
        if not _group_lives(process.pid):
            break
        time.sleep(0.1)
    assert not _group_lives(process.pid), "no worker is left behind"


def test_a_run_interrupted_while_its_workers_start_ends_cleanly(tmp_path):
    source = tmp_path / "many.jsonl"
    source.write_text(
        "".join(json.dumps({"title": f"Tin {i}", "body": NEWS}) + "\n" for i in range(500)), encoding="utf-8"
    )
    process = _started(source, tmp_path / "data", 2)
    while process.poll() is None and not (tmp_path / "data" / "archive.sqlite").exists():
        time.sleep(0.01)
    time.sleep(0.4)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err


def _started(source, data, jobs):
    """A run in a session of its own, where the interrupt reaches all of its processes, as it does in a terminal."""
    # Started from a shell's background, as these tests may be, a process ignores the signal.
    script = (
        "import signal, sys; from extractor.cli import main\n"
        "if __name__ == '__main__': signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main())"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script, "run", source, "--data", data, "--jobs", str(jobs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _group_lives(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _extracted(folder):
    try:
        with Reader(folder) as reader:
            return next(reader.query("SELECT count(*) FROM extractions")[1])[0]
    except DatasetError:
        return 0


def test_rules_check(cli, tmp_path):
    code, out, _ = cli("rules", "check")
    assert code == 0
    assert "rules in" in out
    (tmp_path / "dates.yml").write_text(
        "rules:\n- id: dates.x\n  pattern: ngày\n  examples: ['Hôm [nay]']\n", encoding="utf-8"
    )
    code, _, err = cli("rules", "check", "--rules", tmp_path)
    assert code == 1
    assert "dates.x" in err
    (tmp_path / "dates.yml").write_text(
        "rules:\n- id: dates.x\n  patern: ngày\n  examples: ['[ngày]']\n", encoding="utf-8"
    )
    code, _, err = cli("rules", "check", "--rules", tmp_path)
    assert code == 1
    assert "did you mean 'pattern'?" in err


def test_csv_export_of_all_tables(cli, data, tmp_path):
    code, out, _ = cli("export", "--data", data, "--format", "csv", "--output", tmp_path / "csv")
    assert code == 0
    counts = json.loads(out)["rows"]
    for table in TABLES:
        raw = (tmp_path / "csv" / f"{table}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        assert len(rows) == counts[table]


def test_show_writes_a_page_and_prints_an_article(cli, news, tmp_path):
    code, out, err = cli("show", news, "--published", "2022-06-04")
    assert (code, err) == (0, "")
    assert "Chỉ tiêu" in out
    assert "Thị trấn Pác Miầu ra quân làm vệ sinh" in out
    code, out, _ = cli("show", news, "--published", "2022-06-04", "--html", tmp_path / "page.html")
    assert (code, out) == (0, "")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count('<a class="m targets"') >= 2


def test_evaluate_prints_scores(cli, tmp_path):
    gold = {
        "id": "x-1", "url": "https://mau.example/x-1", "source": "mau.example", "title": "Họp giao ban", "published_at": "2022-06-04",
        "body": "Sáng ngày 3/6/2022, UBND thị trấn họp giao ban.",
        "gold": {
            "dates": [{"quote": "Sáng ngày 3/6/2022", "kind": "time", "start_date": "2022-06-03", "end_date": "2022-06-03"}],
            "officials": [], "meetings": [], "targets": [], "anniversaries": [],
        },
    }  # fmt: skip
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold, ensure_ascii=False) + "\n", encoding="utf-8")
    code, out, err = cli("evaluate", tmp_path / "gold.jsonl")
    assert (code, err) == (0, "")
    assert "dates" in out
    code, _, err = cli("evaluate", tmp_path / "none.jsonl")
    assert code == 1
    assert "no such file" in err


def test_processes_do_not_change_what_is_extracted(cli, news, tmp_path):
    rows = [
        {"url": f"https://x.example/{i}", "title": f"Tin {i}", "body": NEWS, "published_at": "2022-06-04"}
        for i in range(40)
    ]
    source = tmp_path / "many.jsonl"
    source.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    one = cli("extract", source)
    assert one == cli("extract", source, "--jobs", 2)
    assert len(one[1].splitlines()) == 40
