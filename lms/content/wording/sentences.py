"""The sentences of a text, and its words."""

import re
from collections.abc import Iterator

MOST_WORDS = 25
"""Words that a sentence may have. Authors aim at 20; a quarter more is told, what lies between is a matter of taste."""
WORD = re.compile(r"\w+(?:[-'’.,/]\w+)*")
"""A word or number (`6.3`, `bien-estar`, `A/RES/73`)."""
_END = re.compile(r"(?<![^\W\d_])(?P<last>[^\W\d_]*)[.!?…][.!?…»”’\")\]]*\s+(?=[¿¡«“‘\"'(\[—–-]*[^\W_a-zß-öø-ÿ])")
_ABBREVIATIONS = frozenset(
    "art arts p pp pág págs párr párrs núm núms n no nos cap caps vol ed fig ej sr sra dr dra lic ee uu vs cf para paras"
    " mr mrs ms st e g i".split()
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph: each ends with a full stop, `?`, `!` or `…` before a capital letter or a digit."""
    start = 0
    for end in _END.finditer(text):
        if not (end["last"].lower() in _ABBREVIATIONS and text[end.end("last")] == "."):
            yield text[start : end.end()].strip()
            start = end.end()
    if text[start:].strip():
        yield text[start:].strip()


def words(text: str) -> list[str]:
    """The words and numbers of a text."""
    return WORD.findall(text)


def too_long(text: str) -> Iterator[tuple[str, int]]:
    """Each sentence of a paragraph that has more than `MOST_WORDS` words, with how many."""
    for sentence in sentences(text):
        count = len(words(sentence))
        if count > MOST_WORDS:
            yield sentence, count


def opening(sentence: str) -> str:
    """A sentence's first words, to know it by."""
    return " ".join(sentence.split()[:6])
