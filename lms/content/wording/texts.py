"""Every text of an edition that somebody reads, one paragraph, item, option or reason at a time, with where it stands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lms.content.model import (
    Block,
    Callout,
    Cards,
    Details,
    Edition,
    Figure,
    Footnote,
    Heading,
    Module,
    Poll,
    Prose,
    Quiz,
    Recording,
    Reflection,
    Scenario,
)
from lms.content.plain import plain_words
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)
from lms.content.translation import ABOUT_FILE, GLOSSARY_FILE
from lms.content.units import ABOUT, begins_section

Role = Literal["prose", "asked", "label", "meaning", "source"]
"""`prose` is what a module tells, `asked` all that a question says, `label` a title or the like, which is no sentence."""
_LEAF = re.compile(r"</?(?:p|li|[uo]l|table|thead|tbody|t[rdh]|d[ldt]|blockquote|div|hr)\b[^>]*>")
_CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that is read at once, and where: its file within the course's folder, a line at or before it, its unit."""

    file: str
    line: int
    unit: str
    html: str
    role: Role
    beside: str = ""
    """HTML that whoever reads the text has before her: its own block."""

    @property
    def words(self) -> str:
        """The text without its markup."""
        return plain_words(self.html)


def top_of(page: Module | Edition) -> Text:
    """The title of a module, or of the page about the course: where it stands as a whole."""
    name = page.id if isinstance(page, Module) else ABOUT
    file = page.file if isinstance(page, Module) else ABOUT_FILE
    return Text(file=f"{page.language}/{file}", line=1, unit=name, html=_escaped(page.title), role="label")


def at_question(question: Question, module: Module) -> Text:
    """Where a question stands as a whole."""
    return Text(file=f"{module.language}/{module.file}", line=question.line, unit=question.id, html="", role="asked")


def page_texts(page: Module | Edition) -> list[Text]:
    """The texts of a module, or of the page about the course."""
    top = top_of(page)
    head = page.objectives if isinstance(page, Module) else (page.summary, page.audience)
    found = [top, *(replace(top, html=_escaped(each), role="meaning") for each in head)]
    start = replace(top, role="prose")
    for block in page.body if isinstance(page, Module) else page.about:
        if begins_section(block):
            start = replace(start, unit=f"{top.unit}#{block.anchor}")
        found += _of(block, start)
    return [each for each in (*found, *_sources(page.footnotes, top)) if each.html]


def glossary_texts(edition: Edition) -> list[Text]:
    """The terms with their meanings."""
    file = f"{edition.language}/{GLOSSARY_FILE}"
    found: list[Text] = []
    for term in edition.glossary.values():
        name = Text(file=file, line=term.line, unit=term.id, html=_escaped(term.term), role="label")
        found += [name, replace(name, html=term.html, role="meaning")]
    return found


def setting_texts(texts: Iterable[Mapping[str, str]], language: str, file: str) -> list[Text]:
    """What course.yml, which is that file, says in that language."""
    return [
        Text(file=file, line=1, unit=ABOUT, html=_escaped(each[language]), role="meaning")
        for each in texts
        if language in each
    ]


def question_texts(question: Question, at: Text) -> list[Text]:
    """All that a question says; beside a reason stands what is asked."""
    own = replace(at, line=question.line, unit=question.id, role="asked")
    asked = f"{question.vignette} {question.prompt} {question.explanation}"
    found = [*_leaves(question.vignette, own, asked), replace(own, html=question.prompt, beside=asked)]
    if isinstance(question, BlanksQuestion):
        found += _leaves(" … ".join(question.texts), own, asked)
    for line, html, reason in _entries(question):
        found += [replace(own, line=line, html=html), replace(own, line=line, html=reason, beside=f"{reason} {asked}")]
    for aside in (*question.hints, question.explanation):
        found += _leaves(aside, own, asked)
    if question.title:
        found.append(replace(own, html=_escaped(question.title), role="label"))
    return [each for each in found if each.html]


def _entries(question: Question) -> Iterator[tuple[int, str, str]]:
    """The line, the text and the reason of each thing to choose or to place."""
    match question:
        case ChoiceQuestion():
            yield from ((option.line, option.html, option.feedback) for option in question.options)
        case MatchQuestion():
            yield from ((pair.line, pair.html, pair.feedback) for pair in question.pairs)
            yield from ((question.line, target.html, "") for target in question.targets)
        case OrderQuestion():
            yield from ((item.line, item.html, item.feedback) for item in question.items)
        case TextQuestion():
            yield from ((each.line, "", each.feedback) for each in question.expected)


def _of(block: Block, at: Text) -> list[Text]:
    at = replace(at, line=getattr(block, "line", at.line), unit=getattr(block, "id", at.unit))
    found: list[Text] = []
    match block:
        case Prose():
            found = _leaves(block.html, at, block.html)
        case Heading():
            found = [replace(at, html=block.html, role="label")]
        case Figure():
            found = [replace(at, html=_escaped(each), role="label") for each in (block.alt, block.caption) if each]
        case Callout() | Details():
            found = [*_label(block.title, at), *_all(block.body, at)]
        case Reflection() | Recording():
            inner = block.body if isinstance(block, Reflection) else block.transcript
            found = [*_label(_escaped(block.title), at), *_all(inner, at)]
        case Cards():
            found = [
                replace(at, line=card.line, html=side, beside=f"{card.front} {card.back}")
                for card in block.cards
                for side in (card.front, card.back)
            ]
        case Scenario():
            found = _scenario(block, at)
        case Quiz():
            found = [text for question in block.questions for text in question_texts(question, at)]
        case Poll():
            htmls = (block.prompt, *(option.html for option in block.options))
            found = [*_leaves(block.vignette, at, ""), *(replace(at, html=html) for html in htmls)]
            found = [replace(each, role="asked") for each in found]
    return found


def _scenario(block: Scenario, at: Text) -> list[Text]:
    found = [*_label(_escaped(block.title), at), *_all(block.intro, at)]
    for step in block.steps:
        own = replace(at, line=step.line)
        found += [*_label(_escaped(step.title), own), *_all(step.body, own)]
        for way in step.ways:
            both = f"{way.html} {way.consequence}"
            pair = (way.html, way.consequence)
            found += [replace(at, line=way.line, html=html, beside=both) for html in pair if html]
    return found


def _all(blocks: Iterable[Block], at: Text) -> list[Text]:
    return [text for block in blocks for text in _of(block, at)]


def _label(html: str, at: Text) -> list[Text]:
    return [replace(at, html=html, role="label")] if html else []


def _leaves(html: str, at: Text, beside: str) -> list[Text]:
    """The paragraphs, items and cells of a stretch of HTML; code is none of them."""
    leaves = _LEAF.split(_CODE.sub("<p>", html))
    return [replace(at, html=each.strip(), beside=beside) for each in leaves if each.strip()]


def _sources(notes: Iterable[Footnote], at: Text) -> list[Text]:
    return [replace(at, line=note.line, unit=f"{at.unit}^{note.name}", html=note.html, role="source") for note in notes]


def _escaped(plain: str) -> str:
    """Plain text as HTML."""
    return plain.replace("&", "&amp;").replace("<", "&lt;")
