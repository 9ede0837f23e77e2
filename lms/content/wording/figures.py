"""What a course comes to in one language, in figures."""

from collections.abc import Iterable
from dataclasses import dataclass

from lms.content.model import Edition
from lms.content.names import KINDS
from lms.content.units import kind_of, named
from lms.content.wording.ease import ease
from lms.content.wording.sentences import too_long, words
from lms.content.wording.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`words` are those of its prose, `ease` that of its prose (None where there is no formula or too little text)."""

    course: str
    language: str
    words: int
    minutes: int
    questions: int
    kinds: tuple[str, ...]
    """Of questions, polls, stories, cards and reflections, by their English names."""
    ease: int | None
    long_sentences: int


def figures(course: str, edition: Edition, texts: Iterable[Text]) -> Figures:
    """The figures of an edition with these texts."""
    texts = list(texts)
    prose = [text.words for text in texts if text.role == "prose"]
    modules = edition.modules.values()
    kinds = {kind_of(block) for module in modules for block in named(module.body)}
    easy = ease(prose, edition.language)
    return Figures(
        course=course,
        language=edition.language,
        words=sum(len(words(each)) for each in prose),
        minutes=sum(module.minutes for module in modules),
        questions=sum(1 for module in modules for _ in module.questions()),
        kinds=tuple(name for name in KINDS if name in kinds),
        ease=None if easy is None else round(easy),
        long_sentences=sum(1 for text in texts if is_read(text) for _ in too_long(text.words)),
    )


def is_read(text: Text) -> bool:
    """Whether the text is made of sentences to be read on."""
    return text.role in ("prose", "asked", "meaning")
