"""Searching what is published, for one reader: passages of the courses that she may read, best first.

Courses come in the order of their best passage: the one with most of her words, then with most points (a word counts by how
rare it is in its own course, see `lms.content.search`), then the catalogue's order. So do the modules within a course.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from lms.content.model import Edition, Module
from lms.content.search import MAX_HITS, Hit, find
from lms.content.stems import folded_words
from lms.services.studying.looking import NotEnrolled, UnknownPage
from lms.storage import cohorts
from lms.storage.releases import Catalogue, Release
from lms.storage.search import Indexes

FEW = 5
"""How many passages of each course are shown where all are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InModule:
    """Passages of one module, the best first; of the page about the course where there is no module."""

    module: Module | None
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InCourse:
    """What was found in one course: how many passages, and those to show."""

    release: Release
    edition: Edition
    count: int
    modules: tuple[InModule, ...]

    @property
    def more(self) -> bool:
        """Whether there are passages that are not shown."""
        return self.count > sum(len(each.hits) for each in self.modules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a query leads to; `within` is the course that was searched, where it was one alone."""

    courses: tuple[InCourse, ...]
    within: Release | None

    @property
    def count(self) -> int:
        """How many passages in all."""
        return sum(each.count for each in self.courses)

    @property
    def at_most(self) -> int:
        """How many passages of one course are counted, where some course has that many; else 0."""
        return MAX_HITS if any(each.count == MAX_HITS for each in self.courses) else 0

    @property
    def sensitive(self) -> bool:
        """Whether it shows anything of a sensitive course."""
        shown = [each.release for each in self.courses] + ([self.within] if self.within else [])
        return any(each.course.sensitive for each in shown)


def search(
    tx: Connection,
    catalogue: Catalogue,
    indexes: Indexes,
    *,
    learner: str | None,
    query: str,
    language: str,
    chosen: Mapping[str, str] | None = None,
    course: str = "",
) -> Found:
    """What the query leads to in that language, in one course or in all that this person (None: a visitor) may read;
    `chosen` are the languages of single courses.

    Raises UnknownPage, NotEnrolled for a course that is named.
    """
    within = _named(tx, catalogue, course, learner) if course else None
    if not folded_words(query):
        return Found(courses=(), within=within)
    readable = [within] if within else _readable(tx, catalogue.all_live(tx), learner)
    spoken = {each.course.id: (chosen or {}).get(each.course.id, language) for each in readable}
    found = [(release, find(indexes.of(tx, release, spoken[release.course.id]), query)) for release in readable]
    found = sorted([each for each in found if each[1]], key=lambda each: _best(each[1]))
    most = MAX_HITS if within else FEW
    courses = tuple(_in_course(release, hits, spoken[release.course.id], most) for release, hits in found)
    return Found(courses=courses, within=within)


def _named(tx: Connection, catalogue: Catalogue, course: str, learner: str | None) -> Release:
    release = catalogue.live(tx, course)
    if release is None:
        raise UnknownPage
    if not _readable(tx, [release], learner):
        raise NotEnrolled
    return release


def _readable(tx: Connection, releases: Iterable[Release], learner: str | None) -> list[Release]:
    """The releases of open courses, and of those that she is enrolled in."""
    known = list(releases)
    closed = any(each.course.access != "open" for each in known)
    mine = cohorts.courses_of(tx, learner) if learner and closed else ()
    return [each for each in known if each.course.access == "open" or each.course.id in mine]


def _best(hits: Sequence[Hit]) -> tuple[int, float]:
    return -hits[0].words, -hits[0].points


def _in_course(release: Release, hits: Sequence[Hit], language: str, most: int) -> InCourse:
    edition = release.course.edition(language)
    by_module: dict[str, list[Hit]] = {}
    for hit in hits[:most]:
        by_module.setdefault(hit.module, []).append(hit)
    modules = (InModule(module=edition.modules.get(name), hits=tuple(inside)) for name, inside in by_module.items())
    return InCourse(release=release, edition=edition, count=len(hits), modules=tuple(modules))
