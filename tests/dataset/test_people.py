import random

import pytest

from extractor.dataset import Archive, people, people_rows
from extractor.dataset.corrections import decide, take_back
from extractor.dataset.people import link_people, local_id
from extractor.dataset.people_names import nearness
from extractor.model import (
    Article,
    Extraction,
    OfficialRecord,
    ParticipationRecord,
    PositionRecord,
    content_id,
    make_record,
)
from extractor.workers import spread


def add(archive, number, name, posts=(), *, source="a.example", published="2021-05-01", attends=False):
    """Store an article that names one person; posts are (title, organisation, place, level)."""
    text = f"Tin {number}\n{name}, " + ", ".join(p[0] for p in posts) + " dự."
    article = Article(
        article_id=f"n{number}", url=f"https://{source}/{number}", source=source, title=f"Tin {number}", text=text,
        published_at=published, content_sha256=content_id(text),
    )  # fmt: skip
    stored = archive.add_article(article)
    common = {"rule_id": "r", "rules_version": "v"}
    person = local_id(stored.article_id, name)
    at = text.index(name)
    official = make_record(
        OfficialRecord,
        stored,
        at,
        at + len(name),
        name=name,
        positions=tuple(p[0] for p in posts),
        person_id=person,
        **common,
    )
    positions = []
    for title, organisation, place, level in posts:
        at = text.index(title)
        positions.append(
            make_record(
                PositionRecord,
                stored,
                at,
                at + len(title),
                official_id=official.official_id,
                person_id=person,
                title=title,
                organisation=organisation,
                place=place,
                level=level,
                **common,
            )
        )
    tables = {"officials": (official,), "positions": tuple(positions)}
    if attends:
        at = text.index("dự")
        tables["participations"] = (
            make_record(
                ParticipationRecord,
                stored,
                at,
                at + 2,
                meeting_id="m",
                official=name,
                person_id=person,
                role="attendee",
                **common,
            ),
        )
    archive.store(Extraction(stored, tables))


def persons(archive):
    link_people(archive)
    return archive.connection.execute(
        "SELECT name, n_articles FROM people ORDER BY first_seen, name, n_articles"
    ).fetchall()


CHAIR = ("Chủ tịch UBND huyện", "Ủy ban nhân dân huyện")
SECRETARY = ("Bí thư Huyện ủy", "Huyện ủy")


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        # The same post in the same district, told by the same site: one.
        ([("Sùng A Páo", [(*CHAIR, "Mường Lý", "district")], "a"), ("Sùng A Páo", [(*CHAIR, None, "district")], "a")], [2]),
        # The same post in two districts: two.
        ([("Sùng A Páo", [(*CHAIR, "Mường Lý", "district")], "a"), ("Sùng A Páo", [(*CHAIR, "Na Hang", "district")], "b")], [1, 1]),
        # Another post in the same district: one.
        ([("Sùng A Páo", [(*CHAIR, "Mường Lý", "district")], "a"), ("Sùng A Páo", [(*SECRETARY, "Mường Lý", "district")], "b")], [2]),
        # Another organisation elsewhere: two.
        ([("Sùng A Páo", [(*CHAIR, "Mường Lý", "district")], "a"), ("Sùng A Páo", [("Hiệu trưởng", "Trường Tiểu học", "Na Hang", "other")], "b")], [1, 1]),
        # A national post, told by two sites: one.
        ([("Lý Thị Máy", [("Bộ trưởng", "Bộ Y tế", None, "central")], "a"), ("Lý Thị Máy", [("Bộ trưởng", "Bộ Y tế", None, "central")], "b")], [2]),
        # Without a post nothing contradicts.
        ([("Lý Thị Máy", [(*SECRETARY, "Mường Lý", "district")], "a"), ("Lý Thị Máy", [], "a")], [2]),
        # A site of its own names a person without a post: nobody knows whether it is that one.
        ([("Lý Thị Máy", [(*SECRETARY, "Mường Lý", "district")], "a"), ("Lý Thị Máy", [], "b")], [1, 1]),
        # A given name alone says nothing across articles, unless the post is the same.
        ([("Máy", [], "a"), ("Máy", [], "a")], [1, 1]),
        ([("Máy", [(*CHAIR, "Mường Lý", "district")], "a"), ("Máy", [(*CHAIR, "Mường Lý", "district")], "a")], [2]),
        # A tone tells names apart; where it is written, and i for y, does not.
        ([("Lý Thị Thúy", [], "a"), ("Lý Thị Thủy", [], "a")], [1, 1]),
        ([("Lý Thị Máy", [], "a"), ("Lí Thị Máy", [], "a")], [2]),
        ([("LÝ THỊ MÁY", [], "a"), ("Lý Thị Máy", [], "a")], [2]),
        ([("H'Lan Niê", [], "a"), ("H’Lan Niê", [], "a")], [2]),
        # Tone marks may be placed either way; other letters tell names apart.
        ([("Hoàng Thị Thuý", [], "a"), ("Hoàng Thị Thúy", [], "a")], [2]),
        ([("Đàm Văn Bế", [], "a"), ("Dam Văn Bế", [], "a")], [1, 1]),
    ],
)  # fmt: skip
def test_linking(tmp_path, mentions, expected):
    with Archive(tmp_path) as archive:
        for number, (name, posts, source) in enumerate(mentions):
            add(archive, number, name, posts, source=f"{source}.example")
        assert sorted(n for _, n in persons(archive)) == sorted(expected)


def test_a_short_mention_does_not_join_what_contradicts(tmp_path):
    with Archive(tmp_path) as archive:
        add(archive, 1, "Sùng A Páo", [(*CHAIR, "Mường Lý", "district")], source="a.example")
        add(archive, 2, "Sùng A Páo", [(*CHAIR, "Na Hang", "district")], source="b.example")
        add(archive, 3, "Sùng A Páo", [], source="b.example")
        assert sorted(n for _, n in persons(archive)) == [1, 2]
        joined = archive.connection.execute(
            "SELECT article_id FROM officials WHERE person_id = (SELECT person_id FROM people WHERE n_articles = 2)"
        )
        assert {row[0] for row in joined} == {"n2", "n3"}


def test_all_tables_carry_the_person_and_people_tell_the_span(tmp_path):
    with Archive(tmp_path) as archive:
        add(archive, 1, "Lý Thị Máy", [(*SECRETARY, "Mường Lý", "district")], published="2019-02-03", attends=True)
        add(
            archive,
            2,
            "Lý Thị Máy",
            [("Trưởng ban", "Ban Dân vận", "Mường Lý", "district")],
            published="2022-07-08T09:00:00+07:00",
        )
        link_people(archive)
        connection = archive.connection
        (row,) = connection.execute("SELECT person_id, first_seen, last_seen, n_articles, latest_positions FROM people")
        assert row[1:] == ("2019-02-03", "2022-07-08", 2, '["Trưởng ban"]')
        for table in ("officials", "positions", "participations"):
            assert {r[0] for r in connection.execute(f"SELECT person_id FROM {table}")} == {row[0]}


def test_persons_do_not_depend_on_the_order_of_storing_and_linking(tmp_path):
    mentions = [
        (1, "Sùng A Páo", [(*CHAIR, "Mường Lý", "district")], "a.example", "2020-01-01"),
        (2, "Sùng A Páo", [(*CHAIR, "Na Hang", "district")], "b.example", "2020-02-01"),
        (3, "Sùng A Páo", [], "b.example", None),
        (4, "Sùng A Páo", [(*SECRETARY, "Mường Lý", "district")], "a.example", "2023-02-01"),
    ]
    results = []
    for nth, order in enumerate((mentions, mentions[::-1])):
        with Archive(tmp_path / str(nth)) as archive:
            for number, name, posts, source, published in order:
                add(archive, number, name, posts, source=source, published=published)
                if nth:
                    link_people(archive)
            link_people(archive)
            link_people(archive)
            rows = archive.connection.execute("SELECT article_id, person_id FROM officials ORDER BY 1").fetchall()
            results.append((rows, archive.connection.execute("SELECT * FROM people ORDER BY 1").fetchall()))
    assert results[0] == results[1]
    assert len(results[0][1]) == 2


def test_a_row_put_back_by_taking_a_decision_back_is_linked_again(tmp_path):
    with Archive(tmp_path) as archive:
        add(archive, 1, "Sùng A Páo", [(*CHAIR, "Mường Lý", "district")])
        before = persons(archive)
        (row,) = archive.connection.execute("SELECT official_id FROM officials").fetchone()
        made = decide(archive.connection, "officials", row, "reject", "Mùa Thị Chá")
        assert persons(archive) == []
        take_back(archive.connection, made.correction_id)
        assert persons(archive) == before != []


def dated(*days, name, post, source="a.example", place="Mường Lý"):
    """One mention on each day."""
    return [(name, [(*post, place, "district")], source, day) for day in days]


def linked(folder, mentions):
    """Link mentions; the persons as sets of article ids, and the pairs that may be one."""
    with Archive(folder) as archive:
        for number, (name, posts, source, day) in enumerate(mentions):
            add(archive, number, name, posts, source=source, published=day)
        link_people(archive)
        return read(archive)


def read(archive):
    found = {}
    for article, person in archive.connection.execute("SELECT article_id, person_id FROM officials"):
        found.setdefault(person, set()).add(article)
    maybe = archive.connection.execute("SELECT person_id, other_id, reason FROM people_maybe").fetchall()
    return found, sorted((sorted(found[a]), sorted(found[b]), reason) for a, b, reason in maybe)


PRESIDENT = ("Chủ tịch", "Ủy ban nhân dân huyện")
CHIEF = ("Trưởng Công an", "Công an huyện")
HEAD = ("Hiệu trưởng", "Trường THPT số 1")


def test_full_time_posts_held_in_turns_are_two_persons(tmp_path):
    days = ("2020-01-05", "2020-03-05"), ("2020-02-05", "2020-04-05")
    in_turns = [*dated(*days[0], name="Lò Văn Ói", post=CHIEF), *dated(*days[1], name="Lò Văn Ói", post=HEAD)]
    assert len(linked(tmp_path / "two", in_turns)[0]) == 2
    one_after_the_other = [
        *dated("2018-01-05", "2019-03-05", name="Lò Văn Ói", post=CHIEF),
        *dated("2020-02-05", "2021-04-05", name="Lò Văn Ói", post=HEAD),
    ]
    assert len(linked(tmp_path / "one", one_after_the_other)[0]) == 1


@pytest.mark.parametrize("slip", ["Vi Thanh Huân", "Vi Thanh Huấm", "Vi Huấn", "Huấn"])
def test_a_rare_slip_joins_the_holder_of_the_post(tmp_path, slip):
    usual = dated("2021-01-05", "2021-04-05", "2021-09-05", name="Vi Thanh Huấn", post=PRESIDENT)
    found, maybe = linked(tmp_path, [*usual, *dated("2021-06-01", name=slip, post=PRESIDENT)])
    assert list(found.values()) == [{"n0", "n1", "n2", "n3"}]
    assert maybe == []


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        # As common as the other: nobody can know which is right.
        (dated("2021-06-01", "2021-07-01", name="Vi Thanh Huân", post=PRESIDENT), True),
        # Years apart: the next holder.
        (dated("2014-06-01", name="Vi Thanh Huân", post=PRESIDENT), False),
        # In another district.
        (dated("2021-06-01", name="Vi Thanh Huân", post=PRESIDENT, place="Na Hang"), False),
        # A post that several hold at a time.
        (dated("2021-06-01", name="Vi Thanh Huân", post=("Phó Chủ tịch", "Ủy ban nhân dân huyện")), False),
        # Two letters.
        (dated("2021-06-01", name="Vi Thanh Tuân", post=("Chánh Văn phòng", "Huyện ủy")), False),
    ],
)
def test_what_is_not_sure_merges_nothing(tmp_path, other, shown):
    usual = dated("2021-01-05", "2021-04-05", "2021-09-05", name="Vi Thanh Huấn", post=PRESIDENT)
    found, maybe = linked(tmp_path, [*usual, *other])
    assert {frozenset(a) for a in found.values()} == {
        frozenset({"n0", "n1", "n2"}), frozenset(f"n{3 + i}" for i in range(len(other))),
    }  # fmt: skip
    assert [reason for *_, reason in maybe] == (["marks"] if shown else [])


def test_a_district_officer_after_the_districts_is_shown(tmp_path):
    mentions = [
        *dated("2024-05-01", name="Đinh Thị Mận", post=PRESIDENT, place="Đầm Hà"),
        *dated("2025-08-01", name="Đinh Thị Mận", post=("Bí thư", "Đảng ủy xã"), place="Quảng Tân", source="b.example"),
    ]
    found, maybe = linked(tmp_path, mentions)
    assert len(found) == 2
    assert maybe == [(["n1"], ["n0"], "moved")]


def test_a_province_goes_over_into_its_successor(tmp_path):
    post = ("Giám đốc", "Sở Y tế")
    mentions = [
        *dated("2024-05-01", name="Trần Văn Mừng", post=post, place="Đắk Nông"),
        *dated(
            "2025-08-01", name="Trần Văn Mừng", post=("Phó Giám đốc", "Sở Y tế"), place="Lâm Đồng", source="b.example"
        ),
    ]
    assert len(linked(tmp_path / "after", mentions)[0]) == 1
    mentions[1] = (*mentions[1][:3], "2024-08-01")
    assert len(linked(tmp_path / "before", mentions)[0]) == 2


def test_linking_night_by_night_or_in_batches_gives_what_linking_at_once_gives(tmp_path, monkeypatch):
    names = ["Vi Thanh Huấn", "Vi Thanh Huân", "Sùng A Páo", "Vi Huấn", "Huấn", "VI THANH HUẤN"]
    posts = [
        [(*PRESIDENT, "Mường Lý", "district")],
        [("Bí thư", "Huyện ủy", "Na Hang", "district")],
        [(*CHIEF, None, "district")],
        [],
    ]
    chosen = random.Random(7)
    mentions = [
        (n, chosen.choice(names), chosen.choice(posts), f"{chosen.choice('ab')}.example", f"20{chosen.randint(18, 22)}-0{chosen.randint(1, 9)}-11")
        for n in range(90)
    ]  # fmt: skip
    results = []
    monkeypatch.setattr(people, "_WORTH_SPREADING", 2)
    used = []

    def in_two(function, calls):
        used.append(function)
        return spread(function, calls, jobs=2)

    for nth, (every, batch, where) in enumerate(
        ((1000, 5000, None), (7, 5000, in_two), (1000, 4, None), (1000, 4, in_two))
    ):
        monkeypatch.setattr(people_rows, "_BATCH", batch)
        chosen.shuffle(mentions)
        with Archive(tmp_path / str(nth)) as archive:
            for at, (number, name, held, source, published) in enumerate(mentions):
                add(archive, number, name, held, source=source, published=published, attends=bool(held))
                if at % every == every - 1:
                    link_people(archive, where)
            link_people(archive, where)
            results.append(
                [
                    archive.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
                    for table in ("people", "people_parts", "people_maybe", "officials", "positions", "participations")
                ]
            )
    assert all(result == results[0] for result in results)
    assert len(used) == 1, "few names are not worth other processes"
    assert len(results[0][0]) > 4


def test_a_row_that_goes_or_changes_is_linked_again(tmp_path):
    with Archive(tmp_path) as archive:
        add(archive, 1, "Sùng A Páo", [(*PRESIDENT, "Mường Lý", "district")])
        add(archive, 2, "Sùng A Páo", [(*PRESIDENT, "Mường Lý", "district")])
        assert persons(archive) == [("Sùng A Páo", 2)]
        with archive.transaction() as connection:
            connection.execute("UPDATE officials SET name = 'Sùng A Chống' WHERE article_id = 'n2'")
        assert sorted(persons(archive)) == [("Sùng A Chống", 1), ("Sùng A Páo", 1)]
        with archive.transaction() as connection:
            connection.execute("DELETE FROM positions WHERE article_id = 'n2'")
            connection.execute("DELETE FROM officials WHERE article_id = 'n2'")
        assert persons(archive) == [("Sùng A Páo", 1)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Vi Thanh Huấn", "Vi Thanh Huân", "marks"),
        ("Đàm Quang Dần", "Đàm Quang Đần", "marks"),
        ("Dam Quang Dan", "Đàm Quang Dần", "marks"),
        ("Vi Thanh Huấn", "Vi Thanh Huấm", "letter"),
        ("Vi Thanh Huấn", "Vi Thnah Huấn", "letter"),
        ("Vi Thanh Huấn", "Vi Huấn", "syllable"),
        ("Vi Thanh Huấn", "Thanh Huấn", "short"),
        ("Vi Thanh Huấn", "Huấn", "short"),
        ("Vi Thanh Huấn", "Vi Thanh Toàn", None),
        ("Vi Thanh Huấn", "Vy Thanh Huấn", None),
        ("Vi Thanh Huấn", "Ma Quang Huấn", None),
        ("Đào Văn Huân", "Đao Văn Huấn", None),
    ],
)
def test_how_near_names_are(one, other, expected):
    assert nearness(one, other) == nearness(other, one) == expected
