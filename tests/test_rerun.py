import hashlib
import json
import shutil
from pathlib import Path

import pytest
import yaml

from extractor.cli import main
from extractor.dataset import Archive
from extractor.dataset.outdated import outdated
from extractor.engine import rerun, rule_versions, run
from extractor.extractors import ordered_extractors
from extractor.nlp import create_nlp, extract_text
from extractor.resources import resource
from extractor.rules import RuleSet, load_rules
from extractor.rules_diff import changes
from tests.test_engine import BODY, dump

GOALS = [
    "Phấn đấu đến hết năm 2025, xã Chiềng Ngần có ít nhất 12 hộ thoát nghèo.",
    "Phấn đấu đến hết năm 2025, phường Chiềng Sinh đạt chuẩn đô thị văn minh.",
    "Phấn đấu đến hết năm 2025, xã Chiềng Đen đạt chuẩn xã xanh.",
    "Sáng 5/4, Ban Chỉ huy Quân sự xã Hua La tổ chức hội nghị rút kinh nghiệm huấn luyện.",
]


@pytest.fixture(scope="module")
def other_rules(tmp_path_factory):
    """The package's rules with one grade less, one more, and another meaning of "ít nhất"."""
    folder = tmp_path_factory.mktemp("rules") / "rules"
    shutil.copytree(resource("rules"), folder)
    path = folder / "targets.yml"
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    lexicons = rules["lexicons"]
    lexicons["grades"] = [g for g in lexicons["grades"] if "đô thị văn minh" not in g] + ["chuẩn xã xanh"]
    assert lexicons["comparators"]["ít nhất"] == "ge"
    lexicons["comparators"]["ít nhất"] = "gt"
    path.write_text(yaml.safe_dump(rules, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@pytest.fixture
def source(tmp_path):
    rows = [
        {
            "url": f"https://mau.example/{n}",
            "title": f"Tin số {n}",
            "published_at": "2024-05-0" + str(n + 1),
            "body": goal,
        }
        for n, goal in enumerate([*GOALS, BODY.format(day=7)])
    ]
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def test_a_changed_rule_reruns_what_it_can_change_and_nothing_else(tmp_path, source, other_rules):
    run([source], tmp_path / "old")
    run([source], tmp_path / "new", rules=str(other_rules))
    with Archive(tmp_path / "old") as archive:
        ((names, keys),) = outdated(archive, rule_versions(load_rules(other_rules)))
        assert (names, len(keys)) == ({"targets"}, 5)
        # A mark on a row that nobody has a reason to write again, and one on a row that must be.
        archive.connection.execute("UPDATE dates SET modifier = 'untouched'")
        archive.connection.execute("UPDATE targets SET unit = 'stale'")
    summary = rerun(tmp_path / "old", rules_changed=True, rules=str(other_rules))
    assert summary.extracted == 5
    old, new = dump(tmp_path / "old"), dump(tmp_path / "new")
    assert {row["modifier"] for row in old["dates"]} == {"untouched"}
    assert old["targets"] == new["targets"]
    assert [row["comparator"] for row in new["targets"] if row["comparator"]].count("gt") >= 1
    for table in ("articles", "officials", "positions", "people", "meetings", "participations", "anniversaries"):
        assert old[table] == new[table]
    assert rerun(tmp_path / "old", rules_changed=True, rules=str(other_rules)).extracted == 0
    assert rerun(tmp_path / "old", rules=str(other_rules)).extracted == 5
    assert dump(tmp_path / "old") == new


def test_an_article_that_came_later_is_not_run_again(tmp_path, source, other_rules):
    run([source], tmp_path / "data")
    late = tmp_path / "late.txt"
    late.write_text("Sơ kết quý I\n\n" + BODY.format(day=9), encoding="utf-8")
    rules = str(other_rules)
    with Archive(tmp_path / "data") as archive:
        before = rule_versions(load_rules())
        assert outdated(archive, before) == []
    run([late], tmp_path / "data", rules=rules)
    # `run` did the rest as well: all have rows by these rules now.
    assert rerun(tmp_path / "data", rules_changed=True, rules=rules).extracted == 0
    assert rerun(tmp_path / "data", rules_changed=True).extracted == 6


def test_dates_pull_along_the_extractors_that_build_upon_them(tmp_path, source):
    run([source], tmp_path)
    versions = rule_versions(load_rules())
    # As when the file of dates alone is another: all that require dates have other versions too.
    changed = {n: "0" if n != "officials" else v for n, v in versions.items()}
    with Archive(tmp_path) as archive:
        ((names, _),) = outdated(archive, changed)
        assert names == {"dates", "anniversaries", "meetings", "targets"}


class Watched(RuleSet):
    """A rule set that notes which files are asked."""

    def _note(self, name):
        self.__dict__.setdefault("asked", set()).add(name)

    def lexicon(self, file, name):
        self._note(file)
        return super().lexicon(file, name)

    def gazetteer(self, name):
        self._note(f"gazetteers/{name}")
        return super().gazetteer(name)

    def rules(self, file):
        self._note(file)
        return super().rules(file)

    def rule(self, rule_id):
        found = super().rule(rule_id)
        self._note(next(name for name, file in self.files.items() if found.source in file.rules))
        return found

    def regex(self, file, pattern, flags=0):
        self._note(file)
        return super().regex(file, pattern, flags)


@pytest.mark.parametrize("name", list(ordered_extractors()))
def test_an_extractor_declares_the_rules_it_reads(name):
    """Else a change of a file it reads in silence would not run it again."""
    modules = ordered_extractors()
    nlp = create_nlp()
    loaded = load_rules()
    text = "Tin mẫu\n" + "\n".join(
        [*GOALS, BODY.format(day=3), "Kỷ niệm 60 năm Ngày thành lập huyện (10/2/1964-10/2/2024)."]
    )
    for pipe in nlp.pipeline:
        pipe[1].rules = Watched(loaded.folder, loaded.files, loaded.gazetteers, loaded.hashes, loaded.compiled)
    extract_text(nlp, text, "2024-05-01")
    asked = dict(nlp.pipeline)[name].rules.__dict__["asked"]
    allowed = set(modules[name].RULES).union(*(modules[n].RULES for n in modules[name].REQUIRES))
    assert asked
    assert asked <= allowed


def digest(folder):
    # A reader makes an empty log beside it.
    assert not any(p.stat().st_size for p in Path(folder).glob("*-wal"))
    return hashlib.sha256((Path(folder) / "archive.sqlite").read_bytes()).hexdigest()


def test_the_diff_shows_added_lost_and_altered_cells_and_writes_nothing(tmp_path, source, other_rules, capsys):
    data = tmp_path / "data"
    run([source], data)
    before = digest(data)
    found = list(changes(data, None, str(other_rules)))
    assert {c.table for c in found} == {"targets"}
    kinds = {c.kind: c for c in found}
    assert "chuẩn xã xanh" in kinds["added"].quote
    assert "chuẩn đô thị văn minh" in kinds["lost"].quote
    assert kinds["lost"].cells["level"][1] is None
    altered = [c for c in found if c.kind == "altered"]
    assert altered
    assert all(c.cells == {"comparator": ("ge", "gt")} for c in altered)
    for change in found:
        assert change.article.text[change.start : change.end] == change.quote
    assert digest(data) == before

    arguments = ["rules", "diff", str(resource("rules")), str(other_rules), "--data", str(data)]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "comparator: ge → gt" in text
    assert text.splitlines()[-1] == f"targets: 1 added, 1 lost, {len(altered)} altered"
    assert main([*arguments, "--format", "jsonl", "--jobs", "2"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows == [json.loads(json.dumps(c.as_json())) for c in found]
    assert digest(data) == before


def test_the_same_rules_change_nothing(tmp_path, source, capsys):
    run([source], tmp_path / "data")
    rules = str(resource("rules"))
    assert main(["rules", "diff", rules, rules, "--data", str(tmp_path / "data")]) == 0
    assert capsys.readouterr().out == "nothing changes\n"


def test_rerun_on_the_command_line(tmp_path, source, other_rules, capsys):
    data = str(tmp_path / "data")
    assert main(["rerun", "--rules-changed", "--data", data]) == 1
    assert "no such archive" in capsys.readouterr().err
    run([source], data)
    assert main(["rerun", "--rules-changed", "--data", data, "--rules", str(other_rules)]) == 0
    assert json.loads(capsys.readouterr().out)["extracted"] == 5
