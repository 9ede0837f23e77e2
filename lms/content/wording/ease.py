"""How easy a text is to read: the formulas, and the names of the steps of a scale."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lms.content.stems import base
from lms.content.wording.sentences import sentences
from lms.content.wording.syllables import english, spanish

FEWEST = 100
"""Words that a text needs before its ease says anything: the formulas were made on samples of a hundred."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Formula:
    """`base` less so much for each syllable of the mean word and each word of the mean sentence."""

    name: str
    base: float
    by_syllable: float
    by_word: float
    syllables: Callable[[str], int]
    hard: int
    """Under this a module is told to be hard to read; 0 for never."""


FORMULAS = {
    "es": Formula("INFLESZ", 206.835, 62.3, 1.0, spanish, 55),
    "en": Formula("Flesch", 206.835, 84.6, 1.015, english, 0),
}
"""Spanish: Szigriszt Pazos' perspicuity, P = 206.835 − 62.3 · syllables/words − words/sentences (F. Szigriszt Pazos,
*Sistemas predictivos de legibilidad del mensaje escrito: fórmula de perspicuidad*, Universidad Complutense de Madrid,
1992), on the INFLESZ scale (I. M. Barrio-Cantalejo and others, *Validación de la Escala INFLESZ para evaluar la
legibilidad de los textos dirigidos a pacientes*, Anales del Sistema Sanitario de Navarra 31, 2008): under 40 very
hard, 40–55 somewhat hard, 55–65 normal, 65–80 quite easy, above very easy. It is the older formula of Fernández Huerta
(206.84 − 60 · syllables/words − 1.02 · words/sentences, 1959) with its weights found anew, and two to four points lower.

English: R. Flesch, *A new readability yardstick*, Journal of Applied Psychology 32, 1948. Its syllables are counted by
rule of thumb, so it stands among the figures and warns of nothing.
"""


def formula(language: str) -> Formula | None:
    """The formula for a language, None where there is none."""
    return FORMULAS.get(base(language))


def ease(paragraphs: Iterable[str], language: str) -> float | None:
    """How easy these paragraphs are to read, about 0 to 100; None for fewer than `FEWEST` words, or without a formula.

    Words are what is written in letters: numbers count for nothing. Every paragraph and every item of a list ends a
    sentence; a colon or semicolon ends none.
    """
    rule = formula(language)
    words = spoken = said = 0
    for sentence in (each for paragraph in paragraphs for each in sentences(paragraph)):
        found = _WORD.findall(sentence)
        words += len(found)
        said += bool(found)
        spoken += sum(map(rule.syllables, found)) if rule else 0
    if rule is None or words < FEWEST:
        return None
    return rule.base - rule.by_syllable * spoken / words - rule.by_word * words / said
