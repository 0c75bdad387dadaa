"""The officials and positions tables: who is named with a post, a rank or a role, and which posts.

The text is scanned once for names, words of address and posts (`_officials_scan`); posts are linked to names and
names to persons (`_officials_link`); here records are made of them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import itemgetter

from spacy.tokens import Doc

from extractor.extractors._officials_link import Linked, Mention, Person, link
from extractor.extractors._officials_scan import scan
from extractor.extractors._officials_tables import tables_of
from extractor.extractors.base import article_of, record, word_at
from extractor.model import OfficialRecord, PositionRecord, Record, content_id
from extractor.rules import RuleSet
from extractor.text import fold
from extractor.values.posts import Post, PostIndex

TABLES = ("officials", "positions")
REQUIRES: tuple[str, ...] = ()
RULES: tuple[str, ...] = (
    "officials", "gazetteers/admin_units", "gazetteers/family_names", "gazetteers/organisations", "gazetteers/titles",
)  # fmt: skip
_LINKED = "officials.linked"
_START = itemgetter(0)


def extract(doc: Doc, rules: RuleSet) -> Iterable[Record]:
    """Extract the office-holders of one document, a row for each mention, and their positions."""
    for person in linked_of(doc, rules).persons:
        for mention in person.mentions:
            yield from _records(doc, rules, person, mention)


def linked_of(doc: Doc, rules: RuleSet) -> Linked:
    """What the document's text says about office-holders, found once for a document."""
    if _LINKED not in doc.user_data:
        tables, text = tables_of(rules), article_of(doc).text
        doc.user_data[_LINKED] = link(scan(text, tables, lambda at: word_at(doc, at) != ""), tables)
    linked: Linked = doc.user_data[_LINKED]
    return linked


def person_id(doc: Doc, person: Person) -> str:
    """The article-local id of a person; the dataset links these across articles."""
    return content_id("person", article_of(doc).article_id, fold(person.name))


def _records(doc: Doc, rules: RuleSet, person: Person, mention: Mention) -> Iterator[Record]:
    identity = person_id(doc, person)
    worded = tuple(dict.fromkeys(person.fullest(held) for held in mention.held))
    official = record(
        OfficialRecord, doc, rules, "officials", mention.start, mention.end, mention.rule,
        name=person.name, honorific=mention.honorific, positions=worded, person_id=identity,
    )  # fmt: skip
    yield official
    for held in mention.held:
        yield record(
            PositionRecord, doc, rules, "officials", held.start, held.end, held.rule,
            official_id=official.official_id, person_id=identity, title=held.post.title,
            organisation=held.post.organisation, place=held.post.place, level=held.post.level, status=held.status,
            as_of=article_of(doc).published_date,
        )  # fmt: skip


def post_mentions(doc: Doc, rules: RuleSet) -> list[tuple[int, int, str, str]]:
    """Mentions of a named person by post alone: "đồng chí Chủ tịch UBND huyện nhấn mạnh".

    Args:
        doc: a document that the officials extractor has seen or will see.
        rules: the rules.

    Returns:
        (start, end, person_id, name) of each, in text order; the span includes the word of address. A post that
        fits several persons is the one's who was named last before it.
    """
    linked, tables, text = linked_of(doc, rules), tables_of(rules), article_of(doc).text
    mentions = []
    holders: dict[Post, list[Person]] = {}
    for person in linked.persons if linked.loose else ():
        for held in dict.fromkeys(held.post for held in person.held):
            holders.setdefault(held, []).append(person)
    known = PostIndex(holders)
    fitting_to: dict[Post, list[tuple[int, Person]]] = {}
    for worded in linked.loose:
        if worded.shared_head:
            continue
        wording = text[worded.start : worded.end]
        post = tables.parse(wording, worded.title_length)
        if post not in fitting_to:
            fitting = {id(p): p for held in known.same(post) for p in holders[held]}
            fitting_to[post] = sorted(((m.start, p) for p in fitting.values() for m in p.mentions), key=_START)
        named = fitting_to[post]
        at = bisect_left(named, worded.start, key=_START)
        if not at and len({id(p) for _, p in named}) != 1:
            continue
        chosen = named[max(0, at - 1)][1]
        address = linked.found.honorifics.get(worded.start)
        start = address.start if address and not address.form.startswith("các") else worded.start
        mentions.append((start, worded.end, person_id(doc, chosen), chosen.name))
    return mentions
