"""Questions, quizzes and scenarios as HTML. What is the same for every learner is made once for each release and language, as
a pattern with holes; into these go her names and order, what she filled in, and her session's token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import lru_cache, partial
from secrets import token_hex

from flask import current_app, request
from markupsafe import Markup, escape

from lms.content.model import Edition, Module, Poll, Scenario
from lms.content.question_model import BlanksQuestion, Question, TextQuestion
from lms.i18n import Reader
from lms.learning.attempts import AttemptWiring, Shown
from lms.learning.feedback import Feedback, Told
from lms.services.studying.polls import PollState
from lms.storage.releases import Release
from lms.web.frame.locale import asked_language, gettext, reader
from lms.web.frame.shared import plain
from lms.web.frame.templating import spoken_in
from lms.web.learner.blocks import Page, referable
from lms.web.learner.shown import QuestionShown, QuizShown, question_shown

_RUN = token_hex(6)
"""In every hole's name, so that nobody can have written one."""
SEAM, STITCH, NAME, PLACE, WIRE, CHECKED, VALUE, OPTION, SELECTED, QUESTIONS = (
    f"§{_RUN}{letter}" for letter in "abcdefghij"
)


class _Pattern(QuestionShown):
    """A question with a hole for everything that is a learner's own."""

    __slots__ = ()

    def checked(self, choice: Shown) -> str:
        """A hole."""
        return CHECKED

    def selected(self, choice: Shown, option: Shown) -> str:
        """A hole."""
        return SELECTED

    def value(self, choice: Shown) -> str:
        """A hole."""
        return VALUE

    @property
    def written(self) -> str:
        """A hole."""
        return VALUE


@dataclass(frozen=True, slots=True)
class _Row:
    """A part of a question: an option, an item or a gap. `offered` is what may be chosen for it, by key."""

    before: str
    offered: Mapping[str, str]
    after: str

    def fill(self, shown: QuestionShown, choice: Shown) -> str:
        """The part as that learner sees it."""
        made = self.before
        if self.offered:
            made += "".join(
                self.offered[each.key].replace(OPTION, each.wire).replace(SELECTED, shown.selected(choice, each))
                for each in shown.offered[choice.key]
            )
        made = (made + self.after).replace(WIRE, choice.wire).replace(CHECKED, shown.checked(choice))
        return made.replace(VALUE, escape(shown.value(choice))) if VALUE in made else made


@dataclass(frozen=True, slots=True)
class _Whole:
    """A question: what stands before, between and after its parts, and these by key."""

    between: Sequence[str]
    rows: Mapping[str, _Row]

    def fill(self, shown: QuestionShown, place: str) -> Markup:
        """The question as that learner sees it."""
        made = [self.between[0]]
        for choice, after in zip(shown.choices if self.rows else (), self.between[1:], strict=True):
            made += [self.rows[choice.key].fill(shown, choice), after]
        html = "".join(made).replace(PLACE, place)
        return Markup(html.replace(VALUE, escape(shown.written)).replace(NAME, shown.name))  # noqa: S704 - our own templates


class _Key:
    """A question on a page in the reader's language, as the key of a cache: by name."""

    __slots__ = ("_name", "module", "page", "question")

    def __init__(self, release: Release, module: Module, question: Question) -> None:
        self.page, self.module, self.question = Page(release, module), module, question
        self._name = (self.page, question.id, reader())

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._name == other._name


def ask(release: Release, module: Module, shown: QuestionShown, *, place: str = "") -> Markup:
    """The question's part of a form, with the HTML `place` above it."""
    whole = _asked(_Key(release, module, shown.question), shown.unfinished, shown.changed)
    return whole.fill(shown, place)


def tell(release: Release, module: Module, shown: QuestionShown, *, place: str = "", again: bool = True) -> Markup:
    """The same with what is told of its answer; `again`: whether she may answer it again."""
    key, told = _Key(release, module, shown.question), shown.told
    about = (told.share, tuple(told.parts.values())) if told else None
    make = _told.__wrapped__ if _has_her_words(shown.question) else _told
    return make(key, about, shown.changed, again).fill(shown, place)


def quiz(release: Release, module: Module, edition: Edition, shown: QuizShown) -> Markup:
    """A quiz: its form, or the feedback to what was answered last."""
    count = len(shown.questions)
    make = partial(tell, release, module, again=shown.left != 0) if shown.told else partial(ask, release, module)
    html = _quiz(
        Page(release, module),
        edition.language,
        reader(),
        replace(shown, questions=()),
        (shown.right, count),
        asked_language(),
        just_saved=request.args.get("saved") == shown.id,
    )
    questions = "".join(
        make(each, place=place(number, count) if count > 1 else "")
        for number, each in enumerate(shown.questions, start=1)
    )
    return Markup(html.replace(QUESTIONS, questions))  # noqa: S704 - our own templates


def place(number: int, count: int) -> Markup:
    """Which of how many questions it is, to stand above it."""
    return _place(reader(), number, count)


def scenario(
    release: Release,
    module: Module,
    edition: Edition,
    block: Scenario,
    ended: frozenset[str] = frozenset(),
    *,
    carried: bool = False,
) -> Markup:
    """A scenario, with what she reached of it; `carried`: as a phone takes it along, which sends no forms."""
    page, asked = Page(release, module), asked_language()
    made = _scenario(page, block.id, edition.language, reader(), asked, ended, carried=carried)
    return Markup(made)  # noqa: S704 - our own templates


def poll(release: Release, module: Module, edition: Edition, block: Poll, state: PollState) -> Markup:
    """A poll or a scale, with how the answers fell."""
    made = _poll(Page(release, module), block.id, edition.language, reader(), asked_language(), state)
    return Markup(made)  # noqa: S704 - our own templates


def framed(name: str, page: Page, edition: str, **values: object) -> str:
    """The template of a part of a module's page, with what those have in common and these values."""
    known = {
        "course": page.release.course,
        "edition": page.release.course.edition(edition),
        "module": page.spoken,
        "release": page.release.digest,
    }
    return plain(f"learn/{name}.html", **{**known, **spoken_in(page.spoken), **values})


@lru_cache(maxsize=64)
def words(_reader: Reader) -> Markup:
    """What the scripts of a page say, in that reader's language."""
    return Markup(plain("learn/words.html"))  # noqa: S704 - our own template


def _has_her_words(question: Question) -> bool:
    """Whether an answer to it holds what somebody wrote: that is kept for nobody else."""
    return isinstance(question, TextQuestion | BlanksQuestion)


@lru_cache(maxsize=4096)
def _asked(key: _Key, unfinished: bool, changed: bool) -> _Whole:
    return _whole(key, "ask", replace(_pattern(key), unfinished=unfinished, changed=changed))


@lru_cache(maxsize=2048)
def _told(key: _Key, about: tuple[Fraction, tuple[Told, ...]] | None, changed: bool, again: bool) -> _Whole:
    told = Feedback(share=about[0], parts={part.key: part for part in about[1]}) if about else None
    return _whole(key, "told", replace(_pattern(key), told=told, changed=changed), again)


def _pattern(key: _Key) -> _Pattern:
    plain = question_shown(key.question, AttemptWiring(""), {}, None)
    shown = {each.name: getattr(plain, each.name) for each in fields(plain)}
    shown |= {
        "name": NAME,
        "place": PLACE,
        "choices": [replace(each, wire=WIRE) for each in plain.choices],
        "offered": {name: [replace(each, wire=OPTION) for each in some] for name, some in plain.offered.items()},
        "seam": SEAM,
        "stitch": STITCH,
    }
    return _Pattern(**shown)


def _whole(key: _Key, macro: str, shown: _Pattern, *more: object) -> _Whole:
    values = {"reader": reader(), **spoken_in(key.module)}
    made = current_app.jinja_env.get_template("learn/questions.html").make_module(values)
    html = referable(getattr(made, macro)(shown, *more), key.question.id)
    pieces = html.split(SEAM)
    rows = [_row(shown, choice, html) for choice, html in zip(shown.choices, pieces[1::2], strict=False)]
    return _Whole(between=pieces[::2], rows=dict(rows))


def _row(shown: _Pattern, choice: Shown, html: str) -> tuple[str, _Row]:
    before, *offered = html.split(STITCH)
    after = offered.pop() if offered else ""
    keys = [each.key for each in shown.offered.get(choice.key, ())]
    return choice.key, _Row(before=before, offered=dict(zip(keys, offered, strict=False)), after=after)


@lru_cache(maxsize=512)
def _quiz(
    page: Page,
    edition: str,
    _reader: Reader,
    shown: QuizShown,
    score: tuple[int, int],
    _asked: str | None,
    *,
    just_saved: bool,
) -> str:
    return framed("quiz", page, edition, quiz=shown, score=score, questions=QUESTIONS, just_saved=just_saved)


@lru_cache(maxsize=512)
def _scenario(
    page: Page, name: str, edition: str, _reader: Reader, _asked: str | None, ended: frozenset[str], *, carried: bool
) -> str:
    block = next(each for each in page.body if isinstance(each, Scenario) and each.id == name)
    spoken = spoken_in(page.spoken)
    own = {"course_lang": spoken["said_in"](block), "reader_lang": spoken["read_in"](block)}
    return referable(framed("scenario", page, edition, block=block, ended=ended, carried=carried, **own), name)


@lru_cache(maxsize=512)
def _poll(page: Page, name: str, edition: str, _reader: Reader, _asked: str | None, state: PollState) -> str:
    block = next(each for each in page.module.polls() if each.id == name)
    return framed("poll", page, edition, block=block, state=state)


@lru_cache(maxsize=512)
def _place(_reader: Reader, number: int, count: int) -> Markup:
    said = gettext("Question %(n)s of %(all)s") % {"n": number, "all": count}
    return Markup('<p class="eyebrow">{}</p>').format(said)
