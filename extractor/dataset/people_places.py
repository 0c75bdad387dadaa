"""Which places are one, lie in one another, or took over from one another on 1 July 2025."""

from collections import defaultdict
from dataclasses import dataclass

from extractor.dataset.people_names import name_key
from extractor.rules import RuleSet, load_rules

MERGED = "2025-07-01"
"""The day on which districts were abolished and provinces merged (Resolutions 202/2025/QH15 and 203/2025/QH15)."""


@dataclass(frozen=True)
class Places:
    """Administrative units by key: the provinces that a name lies in, and the province that took over from one."""

    provinces: dict[str, frozenset[str]]
    successor: dict[str, str]

    def within(self, place: str) -> frozenset[str]:
        """The provinces, as they are today, that a place is or lies in; empty where it is not known."""
        return self.provinces.get(place, frozenset())

    def in_one(self, one: str, other: str) -> bool:
        """Whether two places can lie in one province of today."""
        return bool(self.within(one) & self.within(other))

    def contains(self, one: str, other: str) -> bool:
        """Whether one of two places is the province of the other."""
        return other in self.within(one) or one in self.within(other) or other == self.successor.get(one, "")


def place_key(place: str) -> str:
    """A place's name for comparing."""
    key = name_key(place)
    return key.removeprefix("thanh1 phô2 ")


def places_of(rules: RuleSet | None = None) -> Places:
    """The places of the gazetteer `admin_units`."""
    return (rules or load_rules()).memo("people.places", _build)


def _build(rules: RuleSet) -> Places:
    rows = rules.gazetteer("admin_units")
    successor = {
        place_key(r["name"]): place_key(r["successor"]) for r in rows if r["level"] == "province" and r["successor"]
    }
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        own = place_key(row["name"])
        province = own if row["level"] == "province" else place_key(row["province"])
        if province:
            found[own].add(successor.get(province, province))
    return Places({name: frozenset(provinces) for name, provinces in found.items()}, successor)
