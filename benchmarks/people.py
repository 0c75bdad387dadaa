"""How well mentions are linked to persons, on the gold in corpus/people.

python -m benchmarks.people [GOLD.jsonl] [--errors]
"""

import argparse
from pathlib import Path

from extractor.evaluate.people import evaluate_people
from extractor.resources import resource


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=Path, default=resource("corpus") / "people" / "gold.jsonl")
    parser.add_argument("--errors", action="store_true", help="list the pairs that are wrongly one, and those missed")
    args = parser.parse_args()
    found = evaluate_people(args.gold)
    print(f"{found.items} mentions of {found.persons} persons, {found.unseen} not found by the extractor")
    print(f"{'':12}{'precision':>10}{'recall':>8}{'F1':>8}")
    print(f"{'B-cubed':12}{found.precision:10.3f}{found.recall:8.3f}{found.f1:8.3f}")
    print(f"{'pairs':12}{found.pair_precision:10.3f}{found.pair_recall:8.3f}{found.pair_f1:8.3f}")
    print(
        f"wrongly one: {len(found.wrong)} pairs; missed: {len(found.missed)}, of which {found.maybe} are shown as maybe one"
    )
    if args.errors:
        for what, pairs in (("wrongly one", found.wrong), ("missed", found.missed)):
            for one, other in pairs:
                print(f"{what}: {' '.join(one)} | {' '.join(other)}")


if __name__ == "__main__":
    main()
