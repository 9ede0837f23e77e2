"""A course as its authors wrote it: frozen values with the line each came from.

`html` fields hold sanitised HTML of one leaf (see `lms.content.markdown`); everything else is plain text. `line` is the
1-based line in the source file, 0 in a release read back from the database. `language` is set on what is borrowed from
the source language (see `lms.content.fallback`), else empty: the language of its module. Nothing here holds a person's
state.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lms.content.question_model import Question, Target

CalloutKind = Literal["note", "tip", "warning", "key", "example", "care"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Paragraphs, lists, tables: a stretch of leaves without blocks."""

    line: int
    html: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of level 2 to 4; `anchor` is its `{#id}` (`named`) or one made from its text, unique in the module."""

    line: int
    level: int
    anchor: str
    html: str
    named: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An image alone on its line. `media` is a name in `Course.media`; `alt` is empty only when decorative."""

    line: int
    media: str
    alt: str
    caption: str
    decorative: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A box that stands out; `title` is HTML, empty for the kind's own name."""

    line: int
    kind: CalloutKind
    title: str
    body: tuple["Block", ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """An accordion."""

    line: int
    title: str
    body: tuple["Block", ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card: both sides are HTML."""

    line: int
    front: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Cards that turn."""

    line: int
    id: str
    title: str
    cards: tuple[Card, ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """A prompt to think about; never graded, kept only where she puts it in her notes."""

    line: int
    id: str
    title: str
    body: tuple["Block", ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A choice in a scenario: its text, where it leads, what follows and how good it was (2, 1, 0)."""

    line: int
    target: str
    html: str
    consequence: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A moment of a scenario: an ending when `outcome` is set, else it has ways on."""

    line: int
    id: str
    title: str
    body: tuple["Block", ...]
    ways: tuple[Way, ...]
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A branching story; `steps[0]` is where it starts."""

    line: int
    id: str
    title: str
    intro: tuple["Block", ...]
    steps: tuple[Step, ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question without a right answer, counted without names: options to choose from, or a scale between two ends."""

    line: int
    id: str
    kind: Literal["poll", "scale"]
    title: str
    vignette: str
    prompt: str
    options: tuple[Target, ...]
    """A scale's are `1`, `2` … with their number as HTML."""
    low: str = ""
    high: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Sound or film. `media` and `captions` are names in `Course.media`; the transcript says the same in words."""

    line: int
    kind: Literal["audio", "video"]
    title: str
    media: str
    captions: str
    language: str
    """Of the captions and the words: its own edition's, or the source's where it is borrowed."""
    transcript: tuple["Block", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """A run of questions with nothing between them: one form. `id` is its first question's id."""

    line: int
    id: str
    questions: tuple[Question, ...]


Block = Prose | Heading | Figure | Callout | Details | Cards | Reflection | Recording | Scenario | Quiz | Poll


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A source: its number in the module, its name and its HTML. `verify`: what it says depends on the country or the
    date, and learners are told so."""

    line: int
    name: str
    number: int
    html: str
    language: str = ""
    verify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A glossary entry; `html` is its definition."""

    line: int
    id: str
    term: str
    html: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRules:
    """How a final test is drawn and judged. `draw` maps a pool to how many; `review` a pool to a module id."""

    pass_mark: int
    attempts: int
    wait: int
    draw: Mapping[str, int]
    review: Mapping[str, str]
    shuffle: bool
    offline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file of one language. `quiz_mark` (percent, 0 = none asked) is what its questions must reach."""

    id: str
    file: str
    language: str
    """Its edition's language, or the source language where it is not translated yet."""
    title: str
    minutes: int
    objectives: tuple[str, ...]
    kind: Literal["module", "test"]
    quiz_mark: int
    quiz_attempts: int
    reviewed: str
    translators: tuple[str, ...]
    test: TestRules | None
    body: tuple[Block, ...]
    footnotes: tuple[Footnote, ...]
    terms: tuple[str, ...]
    """Ids of the glossary terms that the module uses, in order of first use."""
    picture: str = ""
    """A name in `Course.media`, or empty; it says nothing that the words do not."""
    borrowed: bool = False
    """Whether some of its blocks, sources or terms are the source language's."""

    def questions(self) -> Iterator[Question]:
        """Every question of the module, in the author's order."""
        for block in self.body:
            if isinstance(block, Quiz):
                yield from block.questions

    def scenarios(self) -> Iterator[Scenario]:
        """Every scenario of the module."""
        return (block for block in self.body if isinstance(block, Scenario))

    def polls(self) -> Iterator[Poll]:
        """Every poll and scale of the module."""
        return (block for block in self.body if isinstance(block, Poll))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A course in one language; `modules` by id, in the course's order, each there in some language."""

    language: str
    title: str
    summary: str
    audience: str
    about: tuple[Block, ...]
    footnotes: tuple[Footnote, ...]
    modules: Mapping[str, Module]
    glossary: Mapping[str, Term]
    cover: str = ""
    """A name in `Course.media`, or empty; likewise."""
    borrowed: bool = False
    """Whether any of it is the source language's."""
    knowledge: Module | None = None
    """The questions before and after the course, if all are in this language: no module, nothing prints or counts it."""

    def form(self, name: str) -> tuple[Question, ...]:
        """The questions of one of the two forms, in the author's order."""
        return tuple(each for each in (self.knowledge.questions() if self.knowledge else ()) if each.pool == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file of the course, by content: `sha256` of its bytes and its media type."""

    name: str
    sha256: str
    type: str
    size: int
    width: int = 0
    """Of a picture, in CSS pixels, as its height; 0 where it does not say."""
    height: int = 0
    drawing: str = ""
    """Of the small SVG of a course or module: it as HTML (see `lms.content.drawing`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A whole course in every language: what a release freezes."""

    format: int
    id: str
    version: str
    source: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    code: str
    public_title: Mapping[str, str]
    minutes: int
    hours: float
    level: str
    audience: tuple[str, ...]
    access: Literal["open", "enrolled"]
    content_warning: Mapping[str, str]
    help_note: str
    """`general` or `own` (see `help_text`) where the course has a note about where to turn, else empty."""
    license: str
    credits: tuple[Mapping[str, str], ...]
    review: Mapping[str, str]
    sensitive: bool
    major: int
    required: tuple[str, ...]
    """Ids of the modules that completion asks for, in order."""
    certificate: str
    """Id of the test module whose pass earns the certificate, or empty for none."""
    retired: tuple[str, ...]
    renamed: Mapping[str, str]
    editions: Mapping[str, Edition]
    help_text: Mapping[str, str] = field(default_factory=dict)
    """What the help note says first, by language; it then says what every one says."""
    media: Mapping[str, Media] = field(default_factory=dict)
    """Every media file used, by the name that figures carry (`tres-elementos.svg`)."""
    reviewers: Mapping[str, str] = field(default_factory=dict)
    """The roles of the specialists who have reviewed it, by language."""

    @property
    def is_draft(self) -> bool:
        """Whether no specialist has signed for its content yet."""
        return self.review.get("status", "draft") == "draft"

    def help_language(self, language: str) -> str:
        """The language in which the help note's own text is shown to whoever reads the course in that one."""
        return language if language in self.help_text else self.source

    def warning(self, language: str) -> tuple[str, str] | None:
        """The content warning for whoever asks for that language, as (language, text); None where there is none."""
        there = (language, self.edition(language).language, self.source)
        return next(((each, self.content_warning[each]) for each in there if each in self.content_warning), None)

    def discreet_title(self, language: str) -> str:
        """Its title where somebody may look over a shoulder: in that language, or the source's; a neutral one where the
        course is sensitive."""
        if self.sensitive:
            return self.public_title.get(language) or self.public_title[self.source]
        return self.edition(language).title

    def edition(self, language: str) -> Edition:
        """The course in that language, or in its source language where there is no such edition."""
        return self.editions.get(language) or self.editions[self.source]
