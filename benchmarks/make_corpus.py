"""Makes a corpus of any size from the sample corpus, by varying names, dates and numbers and mixing paragraphs.

    python -m benchmarks.make_corpus 10000 --output big.jsonl [--seed 1]

Article i depends on the seed and i alone, so a larger corpus begins with the smaller one. The articles are nonsense as
news, but they have the length, the words and the density of names, dates and figures of the sample.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

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
SITES, PEOPLE = 50, 60
_DAY = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?=/\d{4}|(?![\d/]))")
_NUMBER = re.compile(r"(?<![\d/.,-])([1-9]\d?)(?=(?:,\d+)?(?:%| tỷ| triệu| ha\b| hộ\b))")


@cache
def office_holders(seed: int, site: int) -> list[str]:
    """The people that one site writes about, as a district's portal comes back to the same ones for years."""
    rng = random.Random(f"{seed}:site:{site}")
    return [f"{rng.choice(FAMILIES)} {rng.choice(MIDDLES)} {rng.choice(GIVENS)}" for _ in range(PEOPLE)]


def vary(paragraph: str, names: list[str], people: list[str], rng: random.Random) -> str:
    """A paragraph with other people, days and figures."""
    for name in names:
        if name in paragraph:
            paragraph = paragraph.replace(name, rng.choice(people))
    paragraph = _DAY.sub(lambda m: f"{rng.randint(1, 28)}/{rng.randint(1, 12)}", paragraph)
    return _NUMBER.sub(lambda m: str(rng.randint(1, 99)), paragraph)


def articles(count: int, source: Path, seed: int = 1) -> Iterator[dict[str, str]]:
    """`count` articles in the form of an input line: url, title, published_at, body."""
    templates = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    bodies = [t["body"].split("\n") for t in templates]
    names = sorted({o["name"] for t in templates for o in t["gold"]["officials"]}, key=lambda n: (-len(n), n))
    known = [[n for n in names if n in t["title"] + t["body"]] for t in templates]
    for i in range(count):
        rng = random.Random(f"{seed}:{i}")
        first = rng.randrange(len(templates))
        people = office_holders(seed, i % SITES)
        paragraphs = [vary(p, known[first], people, rng) for p in bodies[first]]
        for at in range(1, len(paragraphs)):
            if rng.random() < 0.5:
                other = rng.randrange(len(templates))
                paragraphs[at] = vary(rng.choice(bodies[other]), known[other], people, rng)
        yield {
            "url": f"https://bench{i % SITES:02}.example/tin/{i:07}",
            "title": vary(templates[first]["title"], known[first], people, rng),
            "published_at": (date(2015, 1, 1) + timedelta(days=rng.randrange(4200))).isoformat(),
            "body": "\n".join(paragraphs),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    source = resource("corpus") / "gold" / "corpus.jsonl"
    with args.output.open("w", encoding="utf-8") as stream:
        for article in articles(args.count, source, args.seed):
            stream.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
