"""The names of blocks and their options, in English and Spanish."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of block: its two names and the options that it takes."""

    name: str
    spanish: str
    options: tuple[str, ...] = ()


CALLOUTS = ("note", "tip", "warning", "key", "example", "care")
CHOICES = ("single", "multiple", "true-false")
WRITTEN = ("short", "numeric")
QUESTIONS = (*CHOICES, *WRITTEN, "match", "classify", "order", "blanks")
POLLS = ("poll", "scale")
RECORDINGS = ("audio", "video")
WITHIN_QUESTIONS = ("hint", "explanation")
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
        Kind("short", "corta", (*MARKS, "match")),
        Kind("numeric", "numerica", MARKS),
        Kind("classify", "clasificar", (*MARKS, "score")),
        Kind("blanks", "completar", (*MARKS, "score", "match")),
        Kind("hint", "pista"),
        Kind("explanation", "explicacion"),
        Kind("poll", "encuesta"),
        Kind("scale", "escala", ("steps", "low", "high")),
        Kind("audio", "audio", ("src", "captions")),
        Kind("video", "video", ("src", "captions")),
    )
}
OPTIONS = {
    "points": "points",
    "puntos": "points",
    "pool": "pool",
    "banco": "pool",
    "score": "score",
    "nota": "score",
    "match": "match",
    "comparar": "match",
    "steps": "steps",
    "pasos": "steps",
    "low": "low",
    "minimo": "low",
    "high": "high",
    "maximo": "high",
    "src": "src",
    "archivo": "src",
    "captions": "captions",
    "subtitulos": "captions",
}
SCORES = {"all": "all", "todo": "all", "partial": "partial", "parcial": "partial"}
MATCHES = {"exact": "exact", "exacta": "exact", "loose": "loose", "flexible": "loose"}
SOURCE_MARKS = ("verify", "verifique")
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
