"""A module from its crumbs to its end. What is the same for every learner is made once for each release and language; to its
places come the blocks as she sees them, where she stands, and what she keeps there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_hex

from flask import render_template
from markupsafe import Markup

from lms.content.model import Module, Quiz
from lms.i18n import Reader
from lms.learning.standing import ModuleStanding, Standing
from lms.services.studying.looking import View
from lms.services.studying.notes import Place
from lms.web.frame.locale import asked_language, reader
from lms.web.frame.session import signed_in
from lms.web.frame.shared import plain
from lms.web.learner import patterns
from lms.web.learner.blocks import Page, Referred, Section, referred, sections, tail

_SEAM = f"§{token_hex(6)}"
"""On both sides of a place's name. A block's place is called by its id; the others, in capitals, by nobody's."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """The page with its places: what stands between them, and the references in that."""

    between: Sequence[str]
    places: Sequence[str]
    referred: Referred

    def fill(self, own: Mapping[str, str]) -> Markup:
        """The page as one learner sees it."""
        made = [self.between[0]]
        for place, after in zip(self.places, self.between[1:], strict=True):
            made += [own[place], after]
        return Markup("".join(made))  # noqa: S704 - our own templates


class _Stands:
    """Where a learner stands, as the key of a cache: by what the end of a module tells of it."""

    __slots__ = ("_told", "here", "whole")

    def __init__(self, whole: Standing, module: Module) -> None:
        self.whole, self.here = whole, whole.of(module.id)
        missing = tuple(each.module.id for each in whole.missing)
        self._told = (self.here.done, self.here.missing, self.here.share, whole.complete, missing)

    def __hash__(self) -> int:
        return hash(self._told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Stands) and self._told == other._told


def lesson(
    view: View, module: Module, blocks: Mapping[str, str], kept: Sequence[Place], ended: Module | None = None
) -> Markup:
    """The module's page, with these blocks as she sees them and what she keeps; `ended` is what she has just finished."""
    page, language, asked = Page(view.release, module), view.edition.language, asked_language()
    made = _lesson(page, language, reader(), asked, signed_in().is_staff)
    here, parts = view.standing.of(module.id), sections(view.release, module)
    places = {
        **blocks,
        "ENDED": render_template("learn/ended.html", ended=ended, standing=view.standing) if ended else "",
        "CONTENTS": _contents(page, reader(), _reached(view, here, parts), here.done, here.next_anchor, len(kept)),
        "TAIL": tail(view.release, module, view.edition, made.referred + referred("".join(blocks.values()))),
        "FINISH": finish(view, module),
        "KEPT": render_template("learn/kept.html", kept=kept) if kept else _nothing_kept(reader()),
    }
    return made.fill(places)


def finish(view: View, module: Module) -> Markup:
    """What the module still asks for, the button that ends it, and where to go on."""
    page, stands = Page(view.release, module), _Stands(view.standing, module)
    return _finish(page, view.edition.language, reader(), asked_language(), stands)


@lru_cache(maxsize=128)
def _lesson(page: Page, edition: str, _reader: Reader, _asked: str | None, staff: bool) -> _Lesson:
    module = page.module
    html = patterns.framed(
        "lesson",
        page,
        edition,
        number=list(page.release.course.edition(edition).modules).index(module.id) + 1,
        sections=sections(page.release, module),
        place=lambda name: Markup(f"{_SEAM}{name}{_SEAM}"),  # noqa: S704 - a block's id is a plain word
        staff=staff,
        words=patterns.words(reader()),
    )
    pieces = html.split(_SEAM)
    return _Lesson(between=pieces[::2], places=pieces[1::2], referred=referred(html))


@lru_cache(maxsize=1024)
def _contents(page: Page, _reader: Reader, reached: int, done: bool, next_anchor: str, kept: int) -> str:
    parts = sections(page.release, page.module)
    named = [(part, number < reached) for number, part in enumerate(parts) if part.anchor]
    own = {"named": named, "done": done, "next_anchor": next_anchor, "kept": kept}
    return patterns.framed("contents", page, page.module.language, **own)


@lru_cache(maxsize=512)
def _finish(page: Page, edition: str, _reader: Reader, _asked: str | None, stands: _Stands) -> Markup:
    modules = list(page.release.course.edition(edition).modules.values())
    names = [each.id for each in modules]
    place, then = names.index(page.module.id), stands.whole.after(page.module.id)
    quizzes = [each.id for each in page.module.body if isinstance(each, Quiz)] if "quiz" in stands.here.missing else []
    html = patterns.framed(
        "finish",
        page,
        edition,
        standing=stands.here,
        whole=stands.whole,
        then=then,
        back=then is not None and names.index(then.module.id) < place,
        quiz=next(iter(quizzes), ""),
        before=modules[place - 1] if place else None,
        after=modules[place + 1] if place + 1 < len(modules) else None,
    )
    return Markup(html)  # noqa: S704 - our own template


@lru_cache(maxsize=64)
def _nothing_kept(_reader: Reader) -> str:
    return plain("learn/kept.html", kept=())


def _reached(view: View, here: ModuleStanding, parts: Sequence[Section]) -> int:
    """How many of the sections she has come to: all that stand before where she is, and that one."""
    if here.done:
        return len(parts)
    place = view.progress.place
    section = place.section if place and place.module == here.module.id else ""
    return next((number for number, part in enumerate(parts, start=1) if section in part.anchors), 0)
