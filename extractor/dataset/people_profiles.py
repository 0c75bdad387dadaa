"""What is told about a person, in one article or pooled from several, and whether two such profiles contradict."""

import re
from collections import Counter
from dataclasses import dataclass, field

from extractor.dataset.people_names import name_key
from extractor.dataset.people_places import MERGED, Places, place_key

Post = tuple[str, str]
"""Keys of title and organisation."""
Span = tuple[str, str]
"""First and last day of evidence, ISO; "" where it has no day."""
_NATIONAL = "central"
_EXCLUSIVE = re.compile(
    r"\b(?:công an|trương|trung tâm|sơ|phong|bênh viên|bô chi huy|ban chi huy|uy ban nhân dân|toa an|viên kiêm sat"
    r"|kho bac|ngân hang|chi cuc|cuc|hôi nông dân|hôi liên hiêp phu nư|măt trân|hat kiêm lâm|công ty)\b"
)
"""Organisations (tones dropped) in which a post fills a person's time, so that nobody holds posts in two of them."""
_TONE = re.compile(r"\d")


@dataclass
class Profile:
    """Posts, organisations and places with the sources that tell of them."""

    posts: dict[Post, dict[str, Span]] = field(default_factory=dict)
    """The places of each post, "" where none is told, with the span of their evidence."""
    national: set[Post] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    places: dict[str, Span] = field(default_factory=dict)
    full_time: dict[tuple[str, str], Span] = field(default_factory=dict)
    """(place, or "@" and the site; organisation) of the posts that fill a person's time."""
    sources: set[str] = field(default_factory=set)
    span: Span = ("", "")

    def add(self, other: "Profile") -> None:
        """Pool another profile into this one."""
        for post, places in other.posts.items():
            mine = self.posts.setdefault(post, {})
            for place, span in places.items():
                mine[place] = widened(mine.get(place), span)
        for place, span in other.places.items():
            self.places[place] = widened(self.places.get(place), span)
        for key, span in other.full_time.items():
            self.full_time[key] = widened(self.full_time.get(key), span)
        self.national |= other.national
        self.organisations |= other.organisations
        self.sources |= other.sources
        self.span = widened(self.span, other.span)

    def add_post(
        self, title: str, organisation: str | None, place: str | None, level: str | None, *, day: str, former: bool
    ) -> None:
        """Note one post as the extractor read it; a former one tells nothing about the time of its article."""
        body, where = name_key(organisation or ""), place_key(place or "")
        span = ("", "") if former else (day, day)
        if body or level == _NATIONAL:
            post = (name_key(title), body)
            mine = self.posts.setdefault(post, {})
            mine[where] = widened(mine.get(where), span)
            if body:
                self.organisations.add(body)
            if level == _NATIONAL:
                self.national.add(post)
            elif not former and day and _EXCLUSIVE.search(_TONE.sub("", body)):
                for scope in {where, f"@{min(self.sources, default='')}"} - {""}:
                    self.full_time[scope, body] = widened(self.full_time.get((scope, body)), span)
        if where:
            self.places[where] = widened(self.places.get(where), span)


def widened(one: Span | None, other: Span) -> Span:
    """The span that covers two; one without days adds none."""
    if one is None or not one[0]:
        return other
    return (min(one[0], other[0]), max(one[1], other[1])) if other[0] else one


@dataclass
class Local:
    """A person in one article: the ids of its rows by table, and what they tell."""

    article_id: str
    published: str = ""
    names: Counter[str] = field(default_factory=Counter)
    profile: Profile = field(default_factory=Profile)
    latest: list[str] = field(default_factory=list)
    rows: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Number and person id of each row, by table."""

    @property
    def order(self) -> tuple[bool, str, str]:
        """Earliest publication first, undated last."""
        return (not self.published, self.published, self.article_id)


@dataclass
class Cluster:
    """Local persons of one name that are one person."""

    members: list[Local]
    profile: Profile


def shared_posts(a: Profile, b: Profile, places: Places) -> int:
    """How many posts are the same in both: title and organisation, and the place, or a national one."""
    one_source = bool(a.sources & b.sources)
    shared = 0
    for post in a.posts.keys() & b.posts.keys():
        if post in a.national or post in b.national:
            shared += 1
            continue
        here, there = a.posts[post], b.posts[post]
        same = bool((here.keys() & there.keys()) - {""}) or _handed_over(here, there, places)
        shared += same or (("" in here or "" in there) and one_source)
    return shared


def _handed_over(here: dict[str, Span], there: dict[str, Span], places: Places) -> bool:
    """Whether one names a province and the other, after the merger, the province that it became part of."""
    return any(
        (places.successor.get(p) == q and there[q][0] >= MERGED)
        or (places.successor.get(q) == p and here[p][0] >= MERGED)
        for p in here
        for q in there
    )


def _places_agree(a: Profile, b: Profile, places: Places) -> bool:
    if a.places.keys() & b.places.keys() or _handed_over(a.places, b.places, places):
        return True
    # A district's officer and the province's: one where one site tells both.
    return bool(a.sources & b.sources) and any(places.contains(p, q) for p in a.places for q in b.places)


def contradict(a: Profile, b: Profile, places: Places, clashing: frozenset[frozenset[tuple[str, str]]]) -> bool:
    """Whether two profiles of one name cannot be of one person.

    Args:
        a: a profile.
        b: another one of the same name.
        places: the gazetteer's places.
        clashing: pairs of full-time posts of that name that overlap in time (see `clashes`).
    """
    if clashing and any(frozenset((x, y)) in clashing for x in a.full_time for y in b.full_time):
        return True
    if shared_posts(a, b, places) or not (a.posts and b.posts):
        return False
    local_a, local_b = _is_local(a), _is_local(b)
    if not (local_a or local_b):
        return False
    if a.places and b.places:
        return not _places_agree(a, b, places)
    return not a.sources & b.sources and not _one_national_body(a, b)


def _is_local(profile: Profile) -> bool:
    return bool(profile.places) or any(post not in profile.national for post in profile.posts)


def _one_national_body(a: Profile, b: Profile) -> bool:
    return bool({p[1] for p in a.national} & b.organisations or {p[1] for p in b.national} & a.organisations)


def clashes(locals_: list[Local]) -> frozenset[frozenset[tuple[str, str]]]:
    """Pairs of full-time posts in one place or on one site that one name is seen to hold in turns: two persons of one name.

    A change of post leaves the spans of evidence apart; where one begins within the other and both go on, or one lies wholly
    inside the other, the posts were held at once. An article that gives both to one mention is no clash.
    """
    spans: dict[tuple[str, str], Span] = {}
    together: set[frozenset[tuple[str, str]]] = set()
    for local in locals_:
        held = list(local.profile.full_time)
        for key in held:
            spans[key] = widened(spans.get(key), local.profile.full_time[key])
        together.update(frozenset((x, y)) for x in held for y in held if x != y)
    if len(spans) < 2:
        return frozenset()
    by_place: dict[str, list[tuple[str, str]]] = {}
    for key in spans:
        by_place.setdefault(key[0], []).append(key)
    found = set()
    for keys in by_place.values():
        for i, x in enumerate(keys):
            for y in keys[i + 1 :]:
                pair = frozenset((x, y))
                if pair not in together and not _alike(x[1], y[1]) and _overlap(spans[x], spans[y]):
                    found.add(pair)
    return frozenset(found)


def _alike(one: str, other: str) -> bool:
    """Whether two organisations may be one, worded more and less fully."""
    a, b = set(one.split()), set(other.split())
    return a <= b or b <= a


def _overlap(a: Span, b: Span) -> bool:
    inside = (a[0] < b[0] and b[1] < a[1]) or (b[0] < a[0] and a[1] < b[1])
    return inside or max(a[0], b[0]) < min(a[1], b[1])


def cluster(locals_: list[Local], places: Places, *, short: bool = False) -> list[Cluster]:
    """The local persons of one name as persons, the earliest first.

    Args:
        locals_: the persons of that name, one an article.
        places: the gazetteer's places.
        short: the name is only a given name; then two are one only where they share a post.
    """
    if len(locals_) == 1:
        return [Cluster(locals_, locals_[0].profile)]
    clashing = clashes(locals_)
    clusters: list[Cluster] = []
    by_feature: dict[tuple[str, str], set[int]] = {}
    for local in sorted(locals_, key=lambda x: (not x.profile.posts, x.order)):
        best, most = None, None
        has, wants = _features(local.profile, places)
        near = sorted({nth for feature in wants for nth in by_feature.get(feature, ())})
        for nth in near:
            candidate = clusters[nth]
            if contradict(candidate.profile, local.profile, places, clashing):
                continue
            common = _common(candidate.profile, local.profile, places)
            if (short and not common[0]) or not _fits(candidate.profile, local.profile, common):
                continue
            if most is None or common > most:
                best, most = nth, common
        if best is None:
            best = len(clusters)
            clusters.append(Cluster([], Profile()))
        clusters[best].members.append(local)
        clusters[best].profile.add(local.profile)
        for feature in has:
            by_feature.setdefault(feature, set()).add(best)
    for made in clusters:
        made.members.sort(key=lambda m: m.order)
    return sorted(clusters, key=lambda c: c.members[0].order)


def _features(profile: Profile, places: Places) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What a profile has, and of what another must have something for the two to be of one person.

    That is a site, a place or a national post; a district's committee by name alone is none.
    """
    has = {("source", source) for source in profile.sources} or {("nothing", "")}
    for place in profile.places:
        has.add(("place", place))
        has.add(("place", places.successor.get(place, place)))
    if profile.national:
        has.add(("national", ""))
    wants = has | {("national body", body) for body in profile.organisations}
    wants |= {("body", body) for _, body in profile.national}
    has |= {("national body", body) for _, body in profile.national}
    has |= {("body", body) for body in profile.organisations}
    return has, wants


def _fits(a: Profile, b: Profile, common: tuple[int, int, int, int]) -> bool:
    """Whether something speaks for it: without any post a name joins only what its own site tells, or a national figure."""
    if a.posts and b.posts:
        return True
    return any(common) or bool(a.national or b.national)


def _common(a: Profile, b: Profile, places: Places) -> tuple[int, int, int, int]:
    return (
        shared_posts(a, b, places),
        len(a.organisations & b.organisations),
        len(a.places.keys() & b.places.keys()),
        len(a.sources & b.sources),
    )
