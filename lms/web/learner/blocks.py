"""A module's blocks as HTML. What holds no state of any learner is rendered once for each release and language."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, groupby

from markupsafe import Markup, escape

from lms.content.effort import effort
from lms.content.model import Block, Edition, Heading, Module, Poll, Quiz, Scenario, Term
from lms.content.plain import plain_text
from lms.content.references import anchors_in, terms_in
from lms.i18n import Reader
from lms.storage.releases import Release
from lms.web.frame.locale import gettext, reader
from lms.web.frame.shared import plain
from lms.web.frame.templating import spoken_in

SECTION = 2
"""The level of the headings that begin a section."""
Piece = Markup | Quiz | Scenario | Poll
"""A stretch of finished HTML, or a block that a template renders with the learner's state."""
Referred = tuple[tuple[str, str], ...]
"""Places that refer to a source or a term, and the name of what each refers to."""
_REFERENCE = re.compile(
    r'<(?:sup class="ref"(?=><a href="#(fn-[a-z0-9-]+)")|a class="term"(?= href="#(g-[a-z0-9-]+)"))'
)
_BACK = re.compile(r"<!--back:([a-z0-9-]+)-->")
_REFERRED = re.compile(r' id="(r\.([a-z0-9-]+)\.[a-z0-9.-]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A step of the scroll: what stands before the first heading of level 2 (without anchor and title), or from one such
    heading to the next."""

    anchor: str
    title: Markup
    language: str
    """Of the title, where it is another one than the module's."""
    anchors: frozenset[str]
    """Of every heading in it."""
    left: float
    """About how many minutes the module takes from here to its end."""
    pieces: Sequence[Piece]


def sections(release: Release, module: Module) -> Sequence[Section]:
    """The module's body for a page, by sections."""
    return _sections(Page(release, module), reader())


def pieces(release: Release, module: Module) -> Sequence[Piece]:
    """The module's body for a page that has no sections."""
    return _pieces(Page(release, module), reader())


def about(release: Release, edition: Edition) -> Sequence[Piece]:
    """What the course is about, for its page."""
    return _pieces(Page(release, edition), reader())


def tail(release: Release, spoken: Module | Edition, edition: Edition, places: Referred = ()) -> Markup:
    """The glossary terms and the sources of the module, or of the page about the course, each with links back to where
    it is referred to."""
    return _tail(Page(release, spoken), edition.language, reader(), places)


def referred(html: str) -> Referred:
    """Where the HTML refers to a source or a term."""
    return tuple(_REFERRED.findall(html))


def referable(html: str, place: str) -> str:
    """The same with an id at each reference to a source or a term, so that these can lead back to it; `place` tells one
    stretch of a page from another."""
    number = count(1)

    def marked(found: re.Match[str]) -> str:
        return f'{found[0]} id="r.{found[1] or found[2]}.{place}.{next(number)}"'

    return _REFERENCE.sub(marked, str(html))


class Page:
    """A module of a release, or its page about the course, as the key of a cache: by name, not by its whole content."""

    __slots__ = ("_name", "release", "spoken")

    def __init__(self, release: Release, spoken: Module | Edition) -> None:
        self.release, self.spoken = release, spoken
        self._name = (release.digest, getattr(spoken, "id", None), spoken.language)

    @property
    def body(self) -> tuple[Block, ...]:
        """Its blocks."""
        return self.spoken.body if isinstance(self.spoken, Module) else self.spoken.about

    @property
    def module(self) -> Module:
        """The module that it is of. Raises TypeError for the page about the course."""
        if not isinstance(self.spoken, Module):
            raise TypeError(self.spoken)
        return self.spoken

    @property
    def is_lesson(self) -> bool:
        """Whether its sections can be marked and have notes."""
        return isinstance(self.spoken, Module) and self.spoken.kind == "module"

    def borrowed(self, block: Block) -> str:
        """The language of a block, where it is another one than the page's."""
        language = getattr(block, "language", "")
        return language if language != self.spoken.language else ""

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and self._name == other._name


@lru_cache(maxsize=512)
def _sections(page: Page, _reader: Reader) -> tuple[Section, ...]:
    runs = [list(run) for _, run in groupby(_numbered(page.body), lambda each: each[0])]
    parts = [[block for _, block in run] for run in runs]
    efforts = [effort(part) for part in parts]
    minutes = page.spoken.minutes if isinstance(page.spoken, Module) else 0
    return tuple(
        _section(page, part, minutes * sum(efforts[place:]) / sum(efforts), str(place))
        for place, part in enumerate(parts)
    )


def _numbered(body: Iterable[Block]) -> Iterator[tuple[int, Block]]:
    """Each block with the number of its section."""
    number = 0
    for block in body:
        number += isinstance(block, Heading) and block.level == SECTION
        yield number, block


def _section(page: Page, body: Sequence[Block], left: float, place: str) -> Section:
    first = body[0] if isinstance(body[0], Heading) and body[0].level == SECTION else None
    return Section(
        anchor=first.anchor if first else "",
        title=Markup(plain_text(first.html)) if first else Markup(""),  # noqa: S704 - without its tags
        language=page.borrowed(first) if first else "",
        anchors=frozenset(anchors_in(tuple(body))),
        left=left,
        pieces=_pieces_of(page, body, place),
    )


@lru_cache(maxsize=512)
def _pieces(page: Page, _reader: Reader) -> tuple[Piece, ...]:
    return _pieces_of(page, page.body, "0")


def _pieces_of(page: Page, body: Iterable[Block], place: str) -> tuple[Piece, ...]:
    made: list[Piece] = []
    for (alone, language), run in groupby(body, lambda block: (_stands_alone(block), page.borrowed(block))):
        blocks = list(run)
        if alone:
            made += [block for block in blocks if isinstance(block, Quiz | Scenario | Poll)]
        else:
            html = _render("stretch", page, language, body=blocks, borrowed=language, keeps=page.is_lesson)
            made.append(Markup(referable(html, f"{place}.{len(made)}")))  # noqa: S704 - a template's own output
    return tuple(made)


def _stands_alone(block: Block) -> bool:
    return isinstance(block, Quiz | Scenario | Poll)


@lru_cache(maxsize=512)
def _tail(page: Page, edition: str, _reader: Reader, places: Referred) -> Markup:
    spoken, words = page.spoken, page.release.course.edition(edition)
    terms = spoken.terms if isinstance(spoken, Module) else terms_in((spoken.about, spoken.footnotes))
    within = isinstance(spoken, Module)
    found = terms_in_edition(terms, words)
    html = _render(
        "tail",
        page,
        terms=found,
        within_module=within,
        footnotes=spoken.footnotes,
        sources_language=spoken.language,
    )
    back: dict[str, list[str]] = {}
    for place, name in places:
        back.setdefault(name, []).append(place)
    label = escape(gettext("Back to the text, place %(n)s"))
    links = {name: _links_back(label, there) for name, there in back.items()}
    made = _BACK.sub(lambda here: links.get(here[1], ""), html)
    return Markup(made)  # noqa: S704 - a template's own output


def _links_back(label: str, places: Sequence[str]) -> str:
    """A link to each of those places, whose names need no escaping."""
    several = len(places) > 1
    return "".join(
        f' <a class="back" href="#{place}" aria-label="{label % {"n": n}}">↩{n if several else ""}</a>'
        for n, place in enumerate(places, start=1)
    )


def terms_in_edition(names: Sequence[str], edition: Edition) -> Sequence[tuple[Term, str]]:
    """These terms, each with its language."""
    found = (edition.glossary[name] for name in names if name in edition.glossary)
    return [(term, term.language or edition.language) for term in found]


def _render(name: str, page: Page, language: str = "", **values: object) -> Markup:
    spoken = spoken_in(page.spoken, language)
    html = plain(f"learn/{name}.html", course=page.release.course, **spoken, **values)
    return Markup(html)  # noqa: S704 - a template's own output
