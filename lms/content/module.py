"""One Markdown file of a course: a module, the about page or the glossary."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from lms.content.blocks import scan
from lms.content.body import Builder
from lms.content.fields import Fields
from lms.content.markdown import Leaves
from lms.content.media import MediaFolder
from lms.content.model import Block, Footnote, Module, Quiz, Term, TestRules
from lms.content.names import SOURCE_MARKS, folded
from lms.content.question_model import answer_size, shown_texts
from lms.content.report import Report
from lms.content.source import Document, Line, read_document
from lms.i18n import N_

TAKEN = frozenset({"evaluation", "knowledge", "language", "print", "review"})
"""Where pages about a whole course are, beside its modules: no module may have one as its id."""
RULES = ("kind", "completion", "pass", "attempts", "wait", "draw", "review", "shuffle", "offline")
"""The keys of a front matter that mean the same in every language."""
_DEFINITION = re.compile(r"\[\^(?P<name>[^\]\s]*)\]:\s*(?P<text>.*)$")
_ABBREVIATION = re.compile(r"\*\[[^\]]{1,40}\]:\s*\S")
_SOURCE_MARK = re.compile(r"\s*\{(?P<word>[^\W\d_]+)\}\s*$")
_TERM = re.compile(r"(?P<term>.+?)\s*\{#(?P<id>[^}\s]*)\}\s*$")
_MEANING = re.compile(r":\s+(?P<text>.*)$")


_INNER_LINK = re.compile(r'href="#')
MAX_ANSWERS = 9_000
"""Characters of answers in one form: what is sent is kept in one event of 16 kB."""


@dataclass(slots=True)
class Page:
    """A file's body with what it refers to."""

    blocks: tuple[Block, ...]
    footnotes: tuple[Footnote, ...]
    terms: dict[str, int]
    """Glossary terms used, in order, each with the line of its first use."""
    links: Mapping[str, int] = field(default_factory=dict)
    """Headings of the page that are linked to and not there, each with the line of its first use."""
    undefined: Mapping[str, int] = field(default_factory=dict)
    """Sources that are referred to and not defined, likewise."""
    unused: Mapping[str, int] = field(default_factory=dict)
    """Sources that nothing refers to, each with its line."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """The lines of the keys of the front matter that later checks speak of."""


@dataclass(slots=True)
class _Note:
    line: int
    text: list[str] = field(default_factory=list)
    html: str = ""
    verify: bool = False


def read_page(document: Document, language: str, report: Report, media: MediaFolder) -> Page:
    """The body of a document; whatever is wrong with it is reported, but for what may be borrowed (`check_page`)."""
    lines, notes, abbreviations = apart(document.lines, report)
    for note in notes.values():
        _take_mark(note, report)
    leaves = Leaves(report, abbreviations)
    builder = Builder(language=language, report=report, leaves=leaves, media=media)
    blocks = builder.blocks(scan(lines, report))
    used = _follow(notes, leaves)
    footnotes = _footnotes(notes, leaves)
    return Page(
        blocks=blocks,
        footnotes=footnotes,
        terms=leaves.uses.terms,
        links={name: line for name, line in leaves.uses.anchors.items() if name not in builder.anchors},
        undefined={name: line for name, line in leaves.uses.footnotes.items() if name not in notes},
        unused={name: note.line for name, note in notes.items() if name not in used},
    )


def check_page(page: Page, footnotes: Collection[str], anchors: Collection[str], report: Report) -> None:
    """Reports what the page refers to and is not there; `footnotes` and `anchors` are what it has beside its own."""
    for anchor, line in page.links.items():
        if anchor not in anchors:
            message = N_("No heading of this file has the id “%(id)s”.")
            report.error(line, "no-anchor", message, id=anchor)
    for name, line in page.undefined.items():
        if name not in footnotes:
            _unknown_note(name, line, {note.name for note in page.footnotes}, report)
    for name, line in page.unused.items():
        if name not in footnotes:
            message = N_("The reference “[^%(name)s]” is never used. Delete it, or write [^%(name)s] where it belongs.")
            report.error(line, "unused-reference", message, name=name)


def read_module(
    path: Path, language: str, report: Report, media: MediaFolder, *, translated: bool = False
) -> tuple[Module, Page] | None:
    """A module with its page, or None with the reason reported; a translation may lack what the source has."""
    document = read_document(path, report)
    if document is None:
        return None
    if document.front is None:
        message = N_("A module begins with its front matter: “---”, “id: …”, “title: …”, “---”.")
        report.error(1, "no-front-matter", message)
        return None
    front = Fields(document.front, report)
    kind: Literal["module", "test"] = (
        "test" if front.one_of("kind", ("module", "test"), "module") == "test" else "module"
    )
    page = read_page(document, language, report, media)
    page.lines = {name: front.line_of(name) for name in RULES}
    module = _module(path.name, language, front, kind, page)
    picture = media.picture(front.text("picture"), language, report, front.line_of("picture"))
    if not translated:
        _check_whole(module, front)
    front.end()
    return replace(module, picture=picture), page


def read_glossary(path: Path, report: Report, known: Collection[str] = ()) -> dict[str, Term]:
    """The terms of a glossary file by id; `known` are those that another language has."""
    document = read_document(path, report)
    leaves = Leaves(report)
    terms: dict[str, Term] = {}
    waiting: tuple[Line, re.Match[str]] | None = None
    for line in document.lines if document else ():
        meaning, term = _MEANING.match(line.text), _TERM.match(line.text)
        if not line.text.strip():
            continue
        if meaning and waiting:
            _add_term(terms, waiting, leaves.inline(meaning["text"], line.number), report)
            waiting = None
        elif term and not waiting:
            waiting = (line, term)
        else:
            message = N_("A glossary entry is “Term {#g-term}” and, on the next line, “: its meaning”.")
            report.error(line.number, "glossary", message)
    if waiting:
        report.error(waiting[0].number, "glossary", N_("This term has no meaning. Add a line “: its meaning”."))
    _check_glossary(leaves, {*terms, *known}, report)
    return terms


def _check_glossary(leaves: Leaves, terms: Collection[str], report: Report) -> None:
    """Meanings may link to other terms, and to nothing else of the course: they are shown in every module."""
    for name, line in leaves.uses.terms.items():
        if name not in terms:
            report.error(line, "no-term", N_("The glossary has no term “%(name)s”. Add it to glossary.md."), name=name)
    for line in (*leaves.uses.anchors.values(), *leaves.uses.footnotes.values()):
        message = N_("A meaning is shown in every module: it can't link to a section or a reference of one of them.")
        report.error(line, "glossary-link", message)


def _add_term(terms: dict[str, Term], found: tuple[Line, re.Match[str]], html: str, report: Report) -> None:
    line, match = found
    name = match["id"]
    if not re.fullmatch(r"g-[a-z0-9-]{1,60}", name):
        report.error(line.number, "term-id", N_("The id of a term begins with “g-”: “%(id)s” does not."), id=name)
    if name in terms:
        report.error(line.number, "same-term", N_("Another term has the id “%(id)s”."), id=name)
    terms[name] = Term(line=line.number, id=name, term=match["term"], html=html)


def apart(lines: Sequence[Line], report: Report) -> tuple[tuple[Line, ...], dict[str, _Note], str]:
    """The lines of the body, the footnotes' definitions and the abbreviations, which hold for the whole file."""
    body: list[Line] = []
    notes: dict[str, _Note] = {}
    abbreviations: list[str] = []
    note: _Note | None = None
    fence = False
    for line in lines:
        fence ^= line.text.lstrip().startswith(("```", "~~~"))
        found = None if fence else _DEFINITION.match(line.text)
        kept = ""  # what is taken out leaves an empty line, so that later lines keep their numbers
        if found:
            note = _Note(line.number, [found["text"]])
            _add_note(notes, found["name"], note, report)
        elif note and line.text.startswith("  ") and line.text.strip():
            note.text.append(line.text.strip())
        elif not fence and _ABBREVIATION.match(line.text):
            abbreviations.append(line.text)
        else:
            note, kept = None, line.text
        body.append(Line(line.number, kept))
    return tuple(body), notes, "\n".join(abbreviations)


def _add_note(notes: dict[str, _Note], name: str, note: _Note, report: Report) -> None:
    if not re.fullmatch(r"[a-z0-9-]{1,64}", name):
        message = N_("“[^%(name)s]”: the name of a reference has small letters without accents, digits and hyphens.")
        report.error(note.line, "reference-name", message, name=name)
    elif name in notes:
        report.error(note.line, "same-reference", N_("Another reference is called “%(name)s”."), name=name)
    notes[name] = note


def _take_mark(note: _Note, report: Report) -> None:
    """Takes the mark `{verify}` off the end of a note that has one."""
    found = _SOURCE_MARK.search(note.text[-1])
    if not found:
        return
    note.text[-1], note.verify = note.text[-1][: found.start()], True
    if folded(found["word"]) not in SOURCE_MARKS:
        plain = N_(
            "A source has no mark “%(name)s”: {verify} after it says that it depends on the country or the date."
        )
        guess = N_("A source has no mark “%(name)s”. Did you mean “%(guess)s”?")
        report.unknown(note.line, "source-mark", found["word"], SOURCE_MARKS, plain=plain, guess=guess)


def _follow(notes: Mapping[str, _Note], leaves: Leaves) -> set[str]:
    """The names that are used, also by one another's notes, which are then rendered."""
    used = leaves.uses.footnotes
    read = 0
    while read < len(used):
        note = notes.get(list(used)[read])
        if note:
            note.html = _html(note, leaves)
        read += 1
    return set(used)


def _footnotes(notes: Mapping[str, _Note], leaves: Leaves) -> tuple[Footnote, ...]:
    """The notes in the order of their first use, then those that are not used: a borrowed block may refer to them."""
    for name, note in notes.items():
        if name not in leaves.uses.footnotes:
            leaves.note_footnote(name)
            note.html = _html(note, leaves)
    numbers = enumerate(leaves.uses.footnotes, start=1)
    return tuple(
        Footnote(line=notes[name].line, name=name, number=number, html=notes[name].html, verify=notes[name].verify)
        for number, name in numbers
        if name in notes
    )


def _html(note: _Note, leaves: Leaves) -> str:
    text = "\n".join(note.text)
    return leaves.inline(text, note.line) if text.strip() else ""


def _unknown_note(name: str, line: int, notes: Collection[str], report: Report) -> None:
    report.unknown(
        line,
        "no-reference",
        name,
        notes,
        plain=N_("The reference “[^%(name)s]” is not defined. Add a line “[^%(name)s]: its source”."),
        guess=N_("The reference “[^%(name)s]” is not defined. Did you mean “[^%(guess)s]”?"),
    )


def _module(file: str, language: str, front: Fields, kind: Literal["module", "test"], page: Page) -> Module:
    completion = front.inner("completion")
    made = Module(
        id=front.identifier("id"),
        file=file,
        language=language,
        title=front.text("title", required=True),
        minutes=front.whole("minutes", 0, 0, 600),
        objectives=front.texts("objectives"),
        kind=kind,
        quiz_mark=completion.whole("quiz", 0, 0, 100),
        quiz_attempts=completion.whole("attempts", 0, 0, 100),
        reviewed=front.text("reviewed"),
        translators=front.texts("translators"),
        test=_rules(front, page) if kind == "test" else None,
        body=page.blocks,
        footnotes=page.footnotes,
        terms=tuple(page.terms),
    )
    completion.end()
    if made.id in TAKEN:
        message = N_("“%(id)s” is where a page of the program's own is. Choose another id, such as “m-%(id)s”.")
        front.report.error(front.line_of("id"), "reserved-id", message, id=made.id)
    _check_questions(made, front)
    return made


def _rules(front: Fields, page: Page) -> TestRules:
    rules = TestRules(
        pass_mark=front.whole("pass", 80, 1, 100),
        attempts=front.whole("attempts", 0, 0, 100),
        wait=front.whole("wait", 0, 0, 10_080),
        draw=front.numbers("draw"),
        review=front.mapping("review"),
        shuffle=front.flag("shuffle", True),
        offline=front.flag("offline", False),
    )
    _check_pools(rules, front, page)
    return rules


def _check_pools(rules: TestRules, front: Fields, page: Page) -> None:
    questions = [question for block in page.blocks if isinstance(block, Quiz) for question in block.questions]
    for question in questions:
        if not question.pool:
            message = N_("A question of a test needs its pool: “pool=m1” on the line that opens it.")
            front.report.error(question.line, "no-pool", message)
        elif question.pool not in rules.draw:
            message = N_("The pool “%(name)s” is not drawn from. Add it to “draw” in the front matter.")
            front.report.error(question.line, "pool-not-drawn", message, name=question.pool)
    if not rules.draw:
        front.error("draw", N_("A test needs “%(name)s”: how many questions of each pool, such as {m1: 2, m2: 2}."))
    for pool in rules.review:
        if pool not in rules.draw:
            front.error("review", N_("“%(name)s” names the pool “%(pool)s”, which is not drawn from."), pool=pool)


def _check_whole(module: Module, front: Fields) -> None:
    """What a translation leaves to its source: as many questions as the front matter asks for."""
    if module.quiz_mark and module.kind == "module" and not any(True for _ in module.questions()):
        front.error("completion", N_("“%(name)s” asks for a quiz mark, and the module has no question."))
    there = Counter(question.pool for question in module.questions())
    for pool, count in module.test.draw.items() if module.test else ():
        if count > there[pool]:
            message = N_("“%(name)s” asks the pool “%(pool)s” for %(count)s questions; it has %(there)s.")
            front.error("draw", message, pool=pool, count=count, there=there[pool])


def _check_questions(module: Module, front: Fields) -> None:
    for block in module.body:
        if isinstance(block, Quiz) and module.kind == "module" and sum(map(answer_size, block.questions)) > MAX_ANSWERS:
            message = N_("These questions are too many for one form. Put text or a heading between them.")
            front.report.error(block.line, "form-too-long", message)
    if module.kind == "test":
        _check_test(module, front)
        return
    for question in module.questions():
        if question.pool:
            message = N_("Only a test has pools: take “pool” away, or write “kind: test” in the front matter.")
            front.report.error(question.line, "pool-outside-test", message)


def _check_test(module: Module, front: Fields) -> None:
    for scenario in module.scenarios():
        message = N_("A test holds text and questions: put the scenario in a module of its own.")
        front.report.error(scenario.line, "scenario-place", message)
    for poll in module.polls():
        message = N_("A test holds text and questions: put the poll in a module.")
        front.report.error(poll.line, "poll-place", message)
    for question in module.questions():
        if _INNER_LINK.search(" ".join(shown_texts(question))):
            message = N_(
                "On a test's page there are no sources, terms or sections to go to: keep links to them for the reasons."
            )
            front.report.error(question.line, "link-in-test", message)
    largest = 0
    for pool, count in module.test.draw.items() if module.test else ():
        sizes = sorted((answer_size(each) for each in module.questions() if each.pool == pool), reverse=True)
        largest += sum(sizes[:count])
    if largest > MAX_ANSWERS:
        front.error("draw", N_("“%(name)s” asks for more questions than one sheet can hold. Draw fewer."))
