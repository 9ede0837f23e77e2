"""The names of blocks and their options, in English and Spanish."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of block: its two names and the options that it takes."""

    name: str
    spanish: str
    options: tuple[str, ...] = ()
    ready: bool = True
    """Whether this version can show it; one that is not is a clear error, never plain text."""


CALLOUTS = ("note", "tip", "warning", "key", "example", "care")
CHOICES = ("single", "multiple", "true-false")
QUESTIONS = (*CHOICES, "match", "order")
MARKS = ("points", "pool")

KINDS = {
    kind.name: kind
    for kind in (
        Kind("note", "nota"),
        Kind("tip", "consejo"),
        Kind("warning", "aviso"),
        Kind("key", "clave"),
        Kind("example", "ejemplo"),
        Kind("care", "cuidado"),
        Kind("details", "desplegable"),
        Kind("cards", "tarjetas"),
        Kind("reflection", "reflexion"),
        Kind("scenario", "escenario"),
        Kind("single", "unica", MARKS),
        Kind("multiple", "multiple", (*MARKS, "score")),
        Kind("true-false", "verdadero-falso", MARKS),
        Kind("match", "relacionar", (*MARKS, "score")),
        Kind("order", "ordenar", (*MARKS, "score")),
        Kind("short", "corta", ready=False),
        Kind("numeric", "numerica", ready=False),
        Kind("classify", "clasificar", ready=False),
        Kind("blanks", "completar", ready=False),
        Kind("poll", "encuesta", ready=False),
        Kind("scale", "escala", ready=False),
        Kind("hint", "pista", ready=False),
        Kind("explanation", "explicacion", ready=False),
        Kind("audio", "audio", ready=False),
        Kind("video", "video", ready=False),
    )
}
OPTIONS = {"points": "points", "puntos": "points", "pool": "pool", "banco": "pool", "score": "score", "nota": "score"}
SCORES = {"all": "all", "todo": "all", "partial": "partial", "parcial": "partial"}
OUTCOMES = {"good": "good", "bueno": "good", "fair": "fair", "regular": "fair", "bad": "bad", "malo": "bad"}
_BY_NAME = {kind.spanish: kind for kind in KINDS.values()} | KINDS


def kind_named(word: str) -> Kind | None:
    """The kind of block with that name in either language; accents and capitals make no difference."""
    return _BY_NAME.get(folded(word))


def block_names() -> list[str]:
    """Every name that a block may have."""
    return sorted(_BY_NAME)


def folded(word: str) -> str:
    """The word in small letters without accents (ñ loses its tilde too: no name has one)."""
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(each for each in plain if not unicodedata.combining(each)).replace("_", "-")
