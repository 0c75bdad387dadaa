import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from extractor.cli import main
from extractor.dask_engine import connected, work_on_cluster
from extractor.dataset import Dataset
from extractor.engine import Cluster, run, run_batch
from extractor.errors import DatasetError, ExtractorError
from extractor.model import TABLES, Extraction
from extractor.parquet_run import run_to_parquet
from extractor.workers import Failure
from tests.clusters import cluster
from tests.test_engine import Deadly, article, dump, write_jsonl


@pytest.fixture(scope="module")
def scheduler():
    with cluster(workers=2) as address:
        yield address


def worker_pids(client):
    return client.run(os.getpid)


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def test_a_batch_on_a_cluster_is_what_one_process_gives_although_a_worker_is_killed(scheduler, rules):
    articles = [article(n) for n in range(64)]
    chunks = [articles[i : i + 4] for i in range(0, 64, 4)]
    results = []
    with connected(scheduler) as client:
        client.wait_for_workers(2, timeout=60)
        before = worker_pids(client)
        for nth, outcomes in enumerate(work_on_cluster(client, chunks, None, rules.version)):
            if nth == 2:
                os.kill(next(iter(before.values())), signal.SIGKILL)
            results += outcomes
        client.wait_for_workers(2, timeout=60)
        assert set(worker_pids(client).values()) != set(before.values())
        assert len(client.scheduler_comm.recent_message_log) <= 10, "a long run keeps nothing of what it sent"
    assert results == list(run_batch(articles))


def test_an_article_that_kills_its_workers_fails_alone(rules):
    articles = [article(n) for n in range(3)]
    articles[1] = replace(articles[1], text=Deadly(articles[1].text))
    # One death is enough to give up on a piece of work.
    with cluster(workers=1, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as address, connected(address) as client:
        outcomes = [
            o for chunk in work_on_cluster(client, [articles[:2], articles[2:]], None, rules.version) for o in chunk
        ]
    assert [type(o) for o in outcomes] == [Extraction, Failure, Extraction]
    assert outcomes[1].code == "worker_died"
    assert articles[1].article_id in outcomes[1].message
    assert [o.article.article_id for o in outcomes] == [a.article_id for a in articles]


def test_one_process_four_processes_and_dask_give_the_same_tables(tmp_path, scheduler, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    source = write_jsonl(tmp_path / "a.jsonl", range(80))
    with source.open("a", encoding="utf-8") as file:
        # An article that cannot be read, and one that came before with other words.
        file.write('{"url": "https://mau.example/none"}\n')
        file.write('{"url": "https://mau.example/3", "title": "Tin đã sửa", "body": "Ngày 5/4/2021, họp lại."}\n')
    run([source], tmp_path / "one")
    run([source], tmp_path / "four", jobs=4)
    run([source], tmp_path / "dask", cluster=Cluster(scheduler))
    reported = []
    run_to_parquet([source], tmp_path / "parquet", cluster=Cluster(scheduler), report=reported.append)
    one = dump(tmp_path / "one")
    assert len(one["articles"]) == 81
    assert len(one["problems"]) == len(reported) == 1
    assert one == dump(tmp_path / "four") == dump(tmp_path / "dask")
    archive, parquet = Dataset(tmp_path / "one"), Dataset(tmp_path / "parquet")
    for table in TABLES:
        assert archive.table(table).equals(parquet.table(table)), table
        assert (archive.table(table).dtypes == parquet.table(table).dtypes).all()


def test_a_killed_run_to_parquet_is_taken_up_and_ends_with_the_same_bytes(tmp_path, scheduler):
    inputs = [str(write_jsonl(tmp_path / f"{n}.jsonl", range(n * 40, n * 40 + 40))) for n in range(6)]

    def start(target):
        script = "import sys; from extractor.cli import main\nif __name__ == '__main__': sys.exit(main())"
        command = [
            sys.executable,
            "-c",
            script,
            "run",
            *inputs,
            "--engine",
            "dask",
            "--scheduler",
            scheduler,
            "--parquet",
        ]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([*command, str(target)], env=environment, **quiet)

    whole, cut = tmp_path / "whole", tmp_path / "cut"
    output, errors = start(whole).communicate()
    assert errors == b""
    assert b'"extracted": 240' in output
    process = start(cut)
    while process.poll() is None and not list(cut.glob("_run/*/*/done.json")):
        time.sleep(0.02)
    process.kill()
    process.communicate()
    staged = len(list(cut.glob("_run/*/*/done.json")))
    assert 1 <= staged < 6
    assert not (cut / "dataset.json").exists()
    with pytest.raises(DatasetError, match="no finished dataset"):
        Dataset(cut)
    output, _ = start(cut).communicate()
    assert tree(cut) == tree(whole)
    assert not (cut / "_run").exists()
    # And once more: nothing is left to do.
    before = {p: p.stat().st_mtime_ns for p in cut.rglob("*.parquet")}
    output, _ = start(cut).communicate()
    assert b'"extracted": 0' in output
    assert {p: p.stat().st_mtime_ns for p in cut.rglob("*.parquet")} == before


def test_a_piece_that_no_worker_survives_is_done_article_by_article(tmp_path):
    source = write_jsonl(tmp_path / "a.jsonl", range(150))

    def kill_the_worker(client):
        while not any("stage_piece" in key for keys in client.processing().values() for key in keys):
            time.sleep(0.01)
        os.kill(next(iter(worker_pids(client).values())), signal.SIGKILL)

    # One death is enough to give up on a piece of work.
    with cluster(workers=1, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as address, connected(address) as client:
        killer = Thread(target=kill_the_worker, args=(client,))
        killer.start()
        summary = run_to_parquet([source], tmp_path / "parquet", cluster=Cluster(address))
        killer.join()
    assert (summary.extracted, summary.failed) == (150, 0)
    run([source], tmp_path / "one")
    archive, parquet = Dataset(tmp_path / "one"), Dataset(tmp_path / "parquet")
    for table in TABLES:
        assert archive.table(table).equals(parquet.table(table)), table


def test_workers_of_this_machine_end_with_the_run(tmp_path, capsys):
    source = write_jsonl(tmp_path / "a.jsonl", range(6))
    assert main(["run", str(source), "--data", str(tmp_path / "data"), "--engine", "dask", "--jobs", "1"]) == 0
    assert '"extracted": 6' in capsys.readouterr().out
    run([source], tmp_path / "one")
    assert dump(tmp_path / "data") == dump(tmp_path / "one")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--scheduler", "tcp://127.0.0.1:8786"], 2, "--engine dask"),
        (["--parquet", "out"], 2, "--engine dask"),
        (["--engine", "dask", "--scheduler", "nonsense://x"], 1, "no Dask scheduler answers there"),
    ],
)
def test_wrong_use_is_one_clear_line(tmp_path, capsys, monkeypatch, arguments, code, message):
    monkeypatch.chdir(tmp_path)
    source = write_jsonl(tmp_path / "a.jsonl", range(2))
    assert main(["run", str(source), *arguments]) == code
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


def test_a_worker_with_other_rules_refuses(scheduler):
    with connected(scheduler) as client, pytest.raises(ExtractorError, match="install the same release"):
        list(work_on_cluster(client, [[article(1)]], None, "0"))
