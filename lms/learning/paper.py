"""Questions on paper, lettered and the same for everybody with a sheet of one code; and the key to mark them by hand.

What learners get is made of `PaperQuestion`s, which hold nothing of what is right. The key stands apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape

from lms.content.model import Block, Module, Quiz, Scenario
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    Gap,
    Matching,
    MatchQuestion,
    OrderQuestion,
    Question,
    Scoring,
    TextQuestion,
)
from lms.content.story import Story, told
from lms.content.written import fold
from lms.learning.attempts import PracticeWiring, Shown, draw, drawn_questions
from lms.learning.forms import Filled, Form, read
from lms.learning.today import Record
from lms.learning.written import with_words_of

PLAIN = "0000"
"""The code of the order in which a printed module shows its questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettered:
    """An option, a target, an item to put in order, or a word for a gap, under its letter."""

    letter: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGap:
    """A gap in a text: `words` to choose from, none where it is to be written."""

    number: int
    words: tuple[Lettered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperQuestion:
    """A question as it is printed: what has letters is in `options`, what a match gives letters to in `items`."""

    number: int
    id: str
    kind: str
    title: str
    vignette: str
    prompt: str
    points: int
    hints: tuple[str, ...]
    language: str
    options: tuple[Lettered, ...] = ()
    items: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    gaps: tuple[PaperGap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A quiz as it is printed."""

    questions: tuple[PaperQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPart:
    """What the key says of one option, item, place, gap or foreseen answer. `mark` is how the sheet calls it; `letter` what
    belongs there where that is a letter, `wanted` the same in words (HTML, one for each that counts)."""

    mark: str
    html: str = ""
    letter: str = ""
    wanted: tuple[str, ...] = ()
    right: bool = True
    feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A question with its key. `pieces` is how many things its points are shared among."""

    asked: PaperQuestion
    parts: tuple[KeyPart, ...]
    explanation: str
    scoring: Scoring
    match: Matching | None
    """How what is written is compared; None where nothing is to be written."""
    pieces: int
    also: tuple[str, ...] = ()
    """What counts as well in the course's other languages (HTML)."""

    @property
    def piece(self) -> Fraction:
        """What one piece is worth, in points."""
        return Fraction(self.asked.points, self.pieces)


def paper_questions(module: Module, code: str) -> tuple[PaperQuestion, ...]:
    """The questions of the sheet with that code: all of a lesson, of a test those that it draws."""
    wiring = _wiring(code)
    return tuple(_asked(each, number, wiring) for number, each in enumerate(sheet_questions(module, code), start=1))


def paper_key(module: Module, code: str, translations: Sequence[Module] = ()) -> tuple[Keyed, ...]:
    """The key of the sheet with that code, with what is right as written in the module's translations."""
    wiring, whole = _wiring(code), with_words_of(module, translations)
    everything = {each.id: _words(each) for each in whole.questions()}
    return tuple(
        replace(_keyed(each, number, wiring), also=_beside(everything[each.id], each))
        for number, each in enumerate(sheet_questions(module, code), start=1)
    )


def paper_body(module: Module) -> tuple[Block | Story | Exercise, ...]:
    """A module's body as it is printed: stories as numbered paragraphs, quizzes as exercises in the order `PLAIN`; nothing
    of a test's questions."""
    asked = {each.id: each for each in paper_questions(module, PLAIN)} if module.test is None else {}
    made: list[Block | Story | Exercise] = []
    for block in module.body:
        if isinstance(block, Quiz) and module.test is None:
            made.append(Exercise(questions=tuple(asked[each.id] for each in block.questions)))
        elif not isinstance(block, Quiz):
            made.append(told(block) if isinstance(block, Scenario) else block)
    return tuple(made)


def sheet_questions(module: Module, code: str) -> list[Question]:
    """The questions of the sheet with that code, in its order."""
    if module.test is None:
        return list(module.questions())
    return drawn_questions(module, draw(module, sheet_seed(code)))


def sheet_seed(code: str) -> str:
    """What decides the order of everything on the sheet."""
    return f"sheet/{code}"


def read_sheet(module: Module, code: str, form: Form) -> Filled:
    """What somebody wrote on the sheet with that code, entered by its letters: fields as `forms.read` has them, A being 1;
    in an order `<question>.p<place>`, its value the letter's. What can't be marked is `unfinished`, and earns nothing.

    Raises UnknownAnswer for what the sheet does not have, AnswerTooLong.
    """
    questions = sheet_questions(module, code)
    given = {name: [value for value in values if value] for name, values in form.items()}
    for question in questions:
        if isinstance(question, OrderQuestion):
            for place in range(1, len(question.items) + 1):
                chosen = next(iter(given.pop(f"{question.id}.p{place}", [])), "")
                if chosen:
                    given[f"{question.id}.{chosen}"] = [str(place)]
    return read(questions, _wiring(code), {name: values for name, values in given.items() if values})


def is_entered(event: str) -> bool:
    """Whether the act with that id was entered from paper: nothing else has a UUID of version 8."""
    return event[14:15] == "8"


def entered_at(record: Record, module: Module) -> str:
    """When answers in that module were last entered from paper, as an event says it; empty where her last ones are her own."""
    found = [record.results[each.id].last for each in module.questions() if each.id in record.results]
    return max((each.at for each in found if is_entered(each.event)), default="")


def _wiring(code: str) -> PracticeWiring:
    return PracticeWiring(sheet_seed(code))


def _asked(question: Question, number: int, wiring: PracticeWiring) -> PaperQuestion:
    match question:
        case ChoiceQuestion() | OrderQuestion():
            lettered: Sequence[Shown] = wiring.choices(question)
        case _:
            lettered = wiring.targets(question)
    items = wiring.choices(question) if isinstance(question, MatchQuestion) else ()
    gaps = question.gaps if isinstance(question, BlanksQuestion) else ()
    return PaperQuestion(
        number=number,
        id=question.id,
        kind=question.kind,
        title=question.title,
        vignette=question.vignette,
        prompt=question.prompt,
        points=question.points,
        hints=question.hints,
        language=question.language,
        options=_lettered(lettered),
        items=tuple(shown.html for shown in items),
        texts=question.texts if isinstance(question, BlanksQuestion) else (),
        gaps=tuple(_gap(question, gap, place, wiring) for place, gap in enumerate(gaps, start=1)),
    )


def _gap(question: Question, gap: Gap, number: int, wiring: PracticeWiring) -> PaperGap:
    words = [Shown(shown.wire, shown.key, escape(shown.html)) for shown in wiring.words(question, gap)]
    return PaperGap(number=number, words=_lettered(words))


def _lettered(shown: Sequence[Shown]) -> tuple[Lettered, ...]:
    letters = _letters(shown)
    return tuple(Lettered(letter=letters[each.key], html=each.html) for each in shown)


def _letters(shown: Sequence[Shown]) -> dict[str, str]:
    """The letter of each author's key: A for what is shown first."""
    return {each.key: chr(ord("A") + place) for place, each in enumerate(shown)}


def _keyed(question: Question, number: int, wiring: PracticeWiring) -> Keyed:
    written: Matching | None = None
    match question:
        case ChoiceQuestion():
            parts = _choice_key(question, wiring)
        case MatchQuestion():
            parts = _match_key(question, wiring)
        case OrderQuestion():
            parts = _order_key(question, wiring)
        case BlanksQuestion():
            parts = [_gap_key(question, gap, place, wiring) for place, gap in enumerate(question.gaps, start=1)]
            written = question.match if any(not gap.options for gap in question.gaps) else None
        case TextQuestion():
            parts = [
                KeyPart(mark="", html=escape(each.text), right=each.right, feedback=each.feedback)
                for each in question.expected
            ]
            written = question.match if question.kind == "short" else None
    whole = isinstance(question, TextQuestion) or question.kind in ("single", "true-false")
    return Keyed(
        asked=_asked(question, number, wiring),
        parts=tuple(parts),
        explanation=question.explanation,
        scoring=question.scoring,
        match=written,
        pieces=1 if whole else sum(part.right for part in parts),
    )


def _words(question: Question) -> list[str]:
    """What may be written as a right answer, or in a gap."""
    match question:
        case TextQuestion():
            return [each.text for each in question.expected if each.right]
        case BlanksQuestion():
            return [word for gap in question.gaps for word in gap.accepted]
    return []


def _beside(words: Sequence[str], question: Question) -> tuple[str, ...]:
    """Those of the words that the question does not say itself."""
    known = {fold(word, "exact") for word in _words(question)}
    return tuple(escape(word) for word in dict.fromkeys(words) if fold(word, "exact") not in known)


def _choice_key(question: ChoiceQuestion, wiring: PracticeWiring) -> list[KeyPart]:
    options: Mapping[str, tuple[bool, str]] = {each.key: (each.right, each.feedback) for each in question.options}
    shown = wiring.choices(question)
    letters = _letters(shown)
    return [
        KeyPart(mark=letters[each.key], html=each.html, right=options[each.key][0], feedback=options[each.key][1])
        for each in shown
    ]


def _match_key(question: MatchQuestion, wiring: PracticeWiring) -> list[KeyPart]:
    pairs = {pair.key: pair for pair in question.pairs}
    targets = {target.key: target.html for target in question.targets}
    letters = _letters(wiring.targets(question))
    return [
        KeyPart(
            mark=str(place),
            html=shown.html,
            letter=letters[pairs[shown.key].target],
            wanted=(targets[pairs[shown.key].target],),
            feedback=pairs[shown.key].feedback,
        )
        for place, shown in enumerate(wiring.choices(question), start=1)
    ]


def _order_key(question: OrderQuestion, wiring: PracticeWiring) -> list[KeyPart]:
    letters = _letters(wiring.choices(question))
    return [
        KeyPart(mark=str(place), letter=letters[item.key], wanted=(item.html,), feedback=item.feedback)
        for place, item in enumerate(question.items, start=1)
    ]


def _gap_key(question: BlanksQuestion, gap: Gap, place: int, wiring: PracticeWiring) -> KeyPart:
    if not gap.options:
        return KeyPart(mark=str(place), wanted=tuple(escape(word) for word in dict.fromkeys(gap.accepted)))
    letters = _letters(wiring.words(question, gap))
    right = next(option for option in gap.options if option.right)
    return KeyPart(mark=str(place), letter=letters[right.key], wanted=(escape(right.text),))
