"""A course's search index: the stems of its words with the passages that they stand in.

As JSON, for the server and for a phone alike:

    {"version": 2, "language": "es",
     "passages": [[module, anchor, title], …],
     "stems": {stem: [forms, passage, weight, passage, weight, …], …}}

An empty `module` is the page about the course, an empty `anchor` the top of a page. `forms` are the folded words of that
stem with blanks between: each what follows the stem, or the whole word after a `=` where it does not begin with the
stem. `passage` is a place in the list. The texts are not in it: they are the release's own, and `passages` of the same
edition gives them in the same order. A reader without a stemmer takes a word's stem from the forms.

What a stem weighs in a passage is how often it is in the text, 3 at most, and 8 more when it is in the title of its page or
the term, 4 more when it is in its heading. A query's word counts for log(1 + passages / passages that have it) × weight.
Passages with more of its words come first, whatever they weigh. The same holds between courses: a word is rare or common
within its own course, so that points can be compared.
"""

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from lms.content.model import Course, Edition
from lms.content.passages import Passage, passages
from lms.content.snippet import Snippet, snippet
from lms.content.stems import folded_words, stemmer, stop_words

VERSION = 2
"""Rises with every change of passages, folding, stems or weights: an index of another version is made anew."""
MAX_QUERY = 200  # characters; what comes after is not read
MAX_WORDS = 12
MAX_HITS = 20
IN_TITLE, IN_HEADING, MOST_IN_TEXT = 8, 4, 3
BEGUN = 0.5
"""What a word that only begins as the last one of the query counts, beside that word itself."""

Rank = tuple[int, float, int]


@dataclass(frozen=True, slots=True)
class Stem:
    """What is known of a stem: the folded words that have it, and its weight in each passage by the passage's place."""

    forms: tuple[str, ...]
    weights: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What can be found in an edition."""

    language: str
    passages: tuple[Passage, ...]
    stems: Mapping[str, Stem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place found; its snippet has the ranges to mark."""

    module: str
    anchor: str
    title: str
    snippet: Snippet
    words: int
    """How many of the query's words it has."""
    points: float
    """How well it has them: the more the better, among hits with as many words."""


def build(edition: Edition) -> Index:
    """The index of an edition."""
    found = passages(edition)
    stem_of = _stems_of(found, edition.language)
    forms: dict[str, list[str]] = {}
    for word, stem in sorted(stem_of.items()):
        forms.setdefault(stem, []).append(word)
    weights: dict[str, dict[int, int]] = {stem: {} for stem in forms}
    for place, passage in enumerate(found):
        for stem, weight in _weights(passage, stem_of).items():
            weights[stem][place] = weight
    stems = {stem: Stem(tuple(forms[stem]), weights[stem]) for stem in sorted(forms)}
    return Index(language=edition.language, passages=found, stems=stems)


def indexes(course: Course) -> dict[str, bytes]:
    """The index of each of a course's editions as JSON, by language."""
    return {language: encode(build(edition)) for language, edition in course.editions.items()}


def find(index: Index, query: str) -> list[Hit]:
    """The places that a reader's words lead to, the best first: those with all the words before those with some."""
    words = _asked(query, index.language)
    stems = [_stems(index, word, begun=begun) for word, begun in words]
    forms = frozenset(form for each in stems for stem in each for form in index.stems[stem].forms)
    ranks = _ranks([_points(index, each) for each in stems])
    found: dict[tuple[str, str, str], int] = {}
    for place in sorted(ranks, key=ranks.__getitem__):
        passage = index.passages[place]
        found.setdefault((passage.module, passage.anchor, passage.title), place)
    return [_hit(index.passages[place], forms, ranks[place]) for place in list(found.values())[:MAX_HITS]]


def is_common(query: str, language: str) -> bool:
    """Whether the query has words, and each is so common in that language that searching leaves it out."""
    return bool(folded_words(query)) and not _asked(query, language)


def encode(index: Index) -> bytes:
    """The index as JSON, without its texts."""
    plain = {
        "version": VERSION,
        "language": index.language,
        "passages": [[each.module, each.anchor, each.title] for each in index.passages],
        "stems": {name: [_short(name, stem.forms), *_flat(stem.weights)] for name, stem in index.stems.items()},
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def decode(raw: bytes, edition: Edition) -> Index | None:
    """The index in such JSON with the texts of its edition, or None where another version wrote it."""
    plain = json.loads(raw)
    if plain["version"] != VERSION:
        return None
    stems = {
        name: Stem(tuple(_long(name, forms)), dict(zip(flat[::2], flat[1::2], strict=True)))
        for name, (forms, *flat) in plain["stems"].items()
    }
    return Index(language=plain["language"], passages=passages(edition), stems=stems)


def _stems_of(found: Sequence[Passage], language: str) -> dict[str, str]:
    """The stem of every folded word of the passages but the commonest."""
    cut, stop = stemmer(language), stop_words(language)
    words = {word for passage in found for word in folded_words(f"{passage.title} {passage.text}")}
    return {word: cut(word) for word in words - stop}


def _weights(passage: Passage, stem_of: Mapping[str, str]) -> dict[str, int]:
    """What each stem weighs in a passage."""
    text = Counter(stem_of[word] for word in folded_words(passage.text) if word in stem_of)
    title = {stem_of[word] for word in folded_words(passage.title) if word in stem_of}
    above = IN_HEADING if passage.section else IN_TITLE
    return {stem: min(text[stem], MOST_IN_TEXT) + above * (stem in title) for stem in {*text, *title}}


def _asked(query: str, language: str) -> list[tuple[str, bool]]:
    """The folded words of a query, each with whether it is the last one and may not be whole yet."""
    text = unicodedata.normalize("NFC", query[:MAX_QUERY])
    words = folded_words(text)
    begun = bool(words) and text[-1].isalnum()
    wanted = dict.fromkeys(word for word in words if word not in stop_words(language))
    return [(word, begun and word == words[-1]) for word in list(wanted)[:MAX_WORDS]]


def _stems(index: Index, word: str, *, begun: bool) -> dict[str, float]:
    """The stems that a word of a query asks for, with what each counts."""
    counts: dict[str, float] = {}
    if begun and len(word) > 1:
        counts = {
            name: BEGUN for name, stem in index.stems.items() if any(form.startswith(word) for form in stem.forms)
        }
    whole = stemmer(index.language)(word)
    return {**counts, whole: 1} if whole in index.stems else counts


def _points(index: Index, stems: Mapping[str, float]) -> dict[int, float]:
    """What a word of a query gives each passage: the best of its stems there."""
    points: dict[int, float] = {}
    for name, counts in stems.items():
        weights = index.stems[name].weights
        rarity = math.log(1 + len(index.passages) / len(weights))
        for place, weight in weights.items():
            points[place] = max(points.get(place, 0), counts * rarity * weight)
    return points


def _ranks(words: Sequence[Mapping[int, float]]) -> dict[int, Rank]:
    """The places of the passages found, each with what to sort it by: how many words it has, its points, its place."""
    return {
        place: (-sum(place in each for each in words), -sum(each.get(place, 0) for each in words), place)
        for place in set().union(*words)
    }


def _hit(passage: Passage, forms: frozenset[str], rank: Rank) -> Hit:
    shown = snippet(passage.text, forms)
    here = {"module": passage.module, "anchor": passage.anchor, "title": passage.title}
    return Hit(words=-rank[0], points=-rank[1], snippet=shown, **here)


def _short(stem: str, forms: Sequence[str]) -> str:
    return " ".join(form[len(stem) :] if form.startswith(stem) else f"={form}" for form in forms)


def _long(stem: str, forms: str) -> Iterator[str]:
    for form in forms.split(" "):
        yield form[1:] if form.startswith("=") else stem + form


def _flat(weights: Mapping[int, int]) -> Iterator[int]:
    for place, weight in sorted(weights.items(), key=itemgetter(0)):
        yield from (place, weight)
