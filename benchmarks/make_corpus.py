"""Makes a corpus of any size from the sample corpus, by varying names, dates and numbers and mixing paragraphs.

    python -m benchmarks.make_corpus 10000 --output big.jsonl [--seed 1]

Article i depends on the seed and i alone, so a larger corpus begins with the smaller one. The articles are nonsense as
news, but they have the length, the words and the density of names, dates and figures of the sample, which is twice that of the
articles of a real portal. Each of the sites has its own person for each name of the sample, so that a person keeps the
same posts through all articles, as the office-holders of a district do.
"""

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from extractor.resources import resource

FAMILIES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Trịnh",
    "Mai",
    "Lương",
    "Cao",
    "Hà",
]
MIDDLES = ["Văn", "Thị", "Hữu", "Đức", "Minh", "Thanh", "Ngọc", "Quang", "Xuân", "Thu", "Hồng", "Anh"]
GIVENS = [
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiếu",
    "Hòa",
    "Hùng",
    "Hương",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Nga",
    "Phong",
    "Sơn",
    "Thảo",
    "Trung",
    "Tuấn",
    "Vân",
    "Yến",
]
SITES = 50
_DAY = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?=/\d{4}|(?![\d/]))")
_NUMBER = re.compile(r"(?<![\d/.,-])([1-9]\d?)(?=(?:,\d+)?(?:%| tỷ| triệu| ha\b| hộ\b))")


@cache
def office_holder(seed: int, site: int, name: str) -> str:
    """Who bears a name of the sample on one site."""
    rng = random.Random(f"{seed}:{site}:{name}")
    return f"{rng.choice(FAMILIES)} {rng.choice(MIDDLES)} {rng.choice(GIVENS)}"


def templates_of(source: Path) -> list[dict[str, Any]]:
    """The annotated articles of a file, or of all files of a folder."""
    files = sorted(source.glob("*.jsonl")) if source.is_dir() else [source]
    return [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def vary(paragraph: str, names: list[str], holder: Callable[[str], str], rng: random.Random) -> str:
    """A paragraph with other people, days and figures."""
    for name in names:
        if name in paragraph:
            paragraph = paragraph.replace(name, holder(name))
    paragraph = _DAY.sub(lambda m: f"{rng.randint(1, 28)}/{rng.randint(1, 12)}", paragraph)
    return _NUMBER.sub(lambda m: str(rng.randint(1, 99)), paragraph)


def articles(count: int, source: Path, seed: int = 1) -> Iterator[dict[str, str]]:
    """`count` articles in the form of an input line: url, title, published_at, body; `source` is a file or a folder."""
    templates = templates_of(source)
    bodies = [t["body"].split("\n") for t in templates]
    names = sorted({o["name"] for t in templates for o in t["gold"]["officials"]}, key=lambda n: (-len(n), n))
    known = [[n for n in names if n in t["title"] + t["body"]] for t in templates]
    for i in range(count):
        rng = random.Random(f"{seed}:{i}")
        first = rng.randrange(len(templates))
        holder = partial(office_holder, seed, i % SITES)
        paragraphs = [vary(p, known[first], holder, rng) for p in bodies[first]]
        for at in range(1, len(paragraphs)):
            if rng.random() < 0.5:
                other = rng.randrange(len(templates))
                paragraphs[at] = vary(rng.choice(bodies[other]), known[other], holder, rng)
        yield {
            "url": f"https://bench{i % SITES:02}.example/tin/{i:07}",
            "title": vary(templates[first]["title"], known[first], holder, rng),
            "published_at": (date(2015, 1, 1) + timedelta(days=rng.randrange(4200))).isoformat(),
            "body": "\n".join(paragraphs),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    source = resource("corpus") / "gold"
    with args.output.open("w", encoding="utf-8") as stream:
        for article in articles(args.count, source, args.seed):
            stream.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
