import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.dataset import Archive
from extractor.dataset.corrections import decide
from extractor.dataset.reader import Reader
from extractor.dataset.search import search
from extractor.engine import run, run_batch
from extractor.model import RECORD_TYPES, TABLES, Article, Extraction, content_id
from extractor.workers import Failure, spread, work_in_processes

BODY = (
    "Ngày {day}/4/2021, UBND xã Chiềng Ngần tổ chức hội nghị sơ kết công tác quý I. Đồng chí Tòng Văn Hặc, Chủ tịch UBND xã "
    "chủ trì hội nghị. Phấn đấu đến hết năm 2021 có ít nhất {day} hộ thoát nghèo."
)


def article(number):
    text = f"Sơ kết quý I, tin {number}\n" + BODY.format(day=number % 28 + 1)
    return Article(
        article_id=content_id(number), url=f"https://mau.example/{number}", title=text.split("\n")[0], text=text,
        published_at="2021-04-30", content_sha256=content_id(text, length=64),
    )  # fmt: skip


def write_jsonl(path, numbers):
    rows = [
        {"url": a.url, "title": a.title, "published_at": a.published_at, "text": a.text} for a in map(article, numbers)
    ]
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def dump(folder):
    with Reader(folder) as reader:
        return {table: list(reader.rows(table)) for table in TABLES}


class Deadly(str):
    """A text that kills the process that unpickles it, as running out of memory would."""

    __slots__ = ()

    def __reduce__(self):
        return os._exit, (9,)


def test_a_batch_comes_back_in_order():
    articles = [article(n) for n in range(20)]
    outcomes = list(run_batch(iter(articles)))
    assert [o.article for o in outcomes] == articles
    assert all(isinstance(o, Extraction) and o.tables["dates"] for o in outcomes)


def test_processes_give_what_one_gives_although_one_is_killed(rules):
    articles = [article(n) for n in range(40)]
    chunks = [articles[i : i + 4] for i in range(0, 40, 4)]
    results = []
    for nth, outcomes in enumerate(work_in_processes(chunks, 2, None, rules.version)):
        if nth == 2:
            os.kill(_children_of_the_pool()[0], signal.SIGKILL)
        results += outcomes
    assert results == list(run_batch(articles))


def _children_of_the_pool():
    """The worker processes: the children of this process's fork server."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    mine = {pid for pid, parent in parents.items() if parent == os.getpid()}
    workers = sorted(pid for pid, parent in parents.items() if parent in mine)
    assert workers
    return workers


def test_an_article_that_kills_its_process_fails_alone(rules):
    articles = [article(n) for n in range(6)]
    articles[3] = replace(articles[3], text=Deadly(articles[3].text))
    outcomes = [
        o
        for chunk in work_in_processes([articles[:2], articles[2:4], articles[4:]], 2, None, rules.version)
        for o in chunk
    ]
    assert [type(o) for o in outcomes] == [Extraction] * 3 + [Failure] + [Extraction] * 2
    assert outcomes[3].code == "worker_died"
    assert articles[3].article_id in outcomes[3].message


def test_an_article_that_breaks_an_extractor_is_a_problem_and_the_rest_is_done(tmp_path):
    broken = replace(article(1), text=article(1).text + "\n\n not canonical ")
    with Archive(tmp_path) as archive:
        archive.add_article(broken)
        archive.add_article(article(2))
    reported, steps = [], []
    summary = run([], tmp_path, report=reported.append, progress=lambda *told: steps.append(told))
    assert ("extract", 2, 2) in steps
    assert (summary.extracted, summary.failed) == (1, 1)
    (problem,) = dump(tmp_path)["problems"]
    assert problem["article_id"] == broken.article_id
    assert problem["stage"] == "extract"
    assert reported[0].message == problem["message"]
    run([], tmp_path)
    assert len(dump(tmp_path)["problems"]) == 1


def test_running_again_changes_nothing(tmp_path):
    source = write_jsonl(tmp_path / "a.jsonl", range(5))
    (tmp_path / "empty.txt").touch()
    inputs = [source, tmp_path / "empty.txt", source]
    first = run(inputs, tmp_path / "data")
    once = dump(tmp_path / "data")
    second = run(inputs, tmp_path / "data")
    assert (first.read, first.new, first.extracted, first.problems) == (10, 5, 5, 1)
    assert (second.read, second.new, second.extracted, second.problems) == (10, 0, 0, 1)
    assert dump(tmp_path / "data") == once
    assert {t: len(rows) for t, rows in once.items()} == second.tables
    assert len(once["officials"]) >= 5


def test_the_number_of_processes_changes_nothing(tmp_path):
    source = write_jsonl(tmp_path / "a.jsonl", range(150))
    run([source], tmp_path / "one", jobs=1)
    run([source], tmp_path / "two", jobs=2)
    assert dump(tmp_path / "one") == dump(tmp_path / "two")


def test_a_changed_article_is_extracted_as_a_new_revision(tmp_path):
    source = write_jsonl(tmp_path / "a.jsonl", [1])
    run([source], tmp_path / "data")
    source.write_text(source.read_text(encoding="utf-8").replace("quý I.", "quý I năm 2021."), encoding="utf-8")
    summary = run([source], tmp_path / "data")
    assert (summary.new, summary.revised, summary.extracted) == (1, 1, 1)
    rows = dump(tmp_path / "data")
    assert {r["revision"] for r in rows["dates"]} == {1, 2}
    texts = {r["revision"]: r["text"] for r in rows["articles"]}
    for table in RECORD_TYPES:
        for row in rows[table]:
            assert texts[row["revision"]][row["start"] : row["end"]] == row["quote"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_is_taken_up_and_ends_with_the_same_rows(tmp_path, jobs):
    source = write_jsonl(tmp_path / "a.jsonl", range(400))
    script = "import sys; from extractor.cli import main\nif __name__ == '__main__': sys.exit(main())"
    command = [sys.executable, "-c", script, "run", str(source), "--data", str(tmp_path / "cut"), "--jobs", str(jobs)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    extracted = 0
    while process.poll() is None and not extracted:
        time.sleep(0.05)
        if (tmp_path / "cut" / "archive.sqlite").exists():
            extracted = _extracted(tmp_path / "cut")
    process.kill()
    process.wait()
    assert 0 < _extracted(tmp_path / "cut") < 400
    run([source], tmp_path / "cut")
    run([source], tmp_path / "whole")
    assert dump(tmp_path / "cut") == dump(tmp_path / "whole")


def _extracted(folder):
    from extractor.errors import DatasetError

    try:
        with Reader(folder) as reader:
            return next(reader.query("SELECT count(*) FROM extractions")[1])[0]
    except DatasetError:
        return 0


def test_what_is_derived_is_made_again_only_when_rows_were_stored(tmp_path):
    source = write_jsonl(tmp_path / "a.jsonl", range(3))
    run([source], tmp_path / "data")
    with Archive(tmp_path / "data") as archive:
        assert archive.derived_is_current
        archive.connection.execute("DELETE FROM people")
    run([source], tmp_path / "data")
    assert dump(tmp_path / "data")["people"] == [], "nothing was stored, so nothing was linked"
    write_jsonl(source, range(4))
    run([source], tmp_path / "data")
    with Archive(tmp_path / "data") as archive:
        assert archive.derived_is_current
        assert archive.counts()["people"] >= 1
        stored = archive.add_article(article(9))
        assert not archive.derived_is_current
        archive.mark_derived()
        archive.store(Extraction(stored, {}), {})
        assert not archive.derived_is_current
        archive.mark_derived()
        row_id = archive.connection.execute("SELECT official_id FROM officials").fetchone()[0]
        decide(archive.connection, "officials", row_id, "confirm", "Mùa Thị Chá")
        assert not archive.derived_is_current


def test_what_a_dead_process_leaves_is_done_here():
    assert list(spread(_square_or_die, ((os.getpid(), n) for n in range(12)), jobs=2)) == [n * n for n in range(12)]


def _square_or_die(home, n):
    if n == 5 and os.getpid() != home:
        os._exit(9)
    return n * n


def test_a_script_without_a_main_guard_is_told_so(tmp_path):
    source = write_jsonl(tmp_path / "a.jsonl", range(40))
    script = tmp_path / "script.py"
    script.write_text(f"from extractor.engine import run\nrun([{str(source)!r}], {str(tmp_path / 'data')!r}, jobs=2)\n")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert 'under `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


def test_new_articles_are_searchable_before_a_run_ends_and_revisions_after_it(tmp_path):
    source = write_jsonl(tmp_path / "a.jsonl", range(3))
    seen = []

    def watch(step, done, total):
        if step == "extract":
            with Reader(tmp_path / "data") as reader:
                seen.append(next(reader.query("SELECT count(*) FROM indexed_articles")[1])[0])

    run([source], tmp_path / "data", progress=watch)
    assert seen == [3]
    source.write_text(source.read_text(encoding="utf-8").replace("quý I.", "quý Ất Mùi."), encoding="utf-8")
    run([source], tmp_path / "data")
    with Archive(tmp_path / "data") as archive:
        assert len(search(archive.connection, "quý Ất Mùi")) == 3
