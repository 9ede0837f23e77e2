"""The sample course in two languages, with every kind of unit, and ways to take units out of the translation."""

import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
MORE = """
## Tercera sección {#tercera}

Ver [el principio](#que-mas) y [la primera](#primera).

### ¿Qué más?

::: corta #q-f
¿Cómo se llama lo que deja ver el todo?

- [x] Muestra
  > Así se llama.[^tres]
:::

::: numerica #q-g
¿Cuántas letras hay?

- [x] 3
  > Tres.
:::

::: completar #q-h
La [[muestra]] es [[(pequeña) | grande]].
:::

::: clasificar #q-i
Clasifique.

- Uno -> Impar
- Dos -> Par
:::

Antes de la encuesta.[^dos]

::: encuesta #p-uno
¿Qué prefiere?

- Leer
- Oír
:::

::: escala #s-uno low="Nada" high="Mucho"
¿Cuánto le gustó?
:::

Después de la escala.

[^dos]: *Otra fuente*, 2026.
[^tres]: *Una más*, 2026.[^dos]
"""
WORDS = {
    "letra": "letter",
    "letras": "letters",
    "Módulo": "Module",
    "camino": "path",
    "Muestra": "Sample",
    "muestra": "sample",
    "Pregunta": "Question",
    "fuente": "source",
    "sección": "section",
    "Un término": "A term",
    "Opción": "Option",
    "¿Qué": "What",
    "Este curso": "This course",
    "Una": "One",
    "Frente": "Front",
    "Clasifique": "Sort them",
    "¿Cuánto": "How much",
    "Abecedario": "Alphabet",
    "Parte": "Part",
    "Manual de pruebas": "Test manual",
    "Cuatro": "Four",
    "Trae": "Has",
    "primera letra": "first letter",
    "es [[": "is [[",
    "historia": "story",
    "trae": "has",
    "Letter": "letter",
    "término](": "term](",
}
FILES = {"m-uno": "01-uno.md", "m-dos": "02-dos.md", "m-prueba": "90-prueba.md", "about": "course.md"}
_ID = re.compile(r":::\s+\S+\s+#(\S+)")
_SECTION = re.compile(r"## .*\{#(\S+)\}")
_NOTE = re.compile(r"\[\^(\S+)\]: ")


def two_languages(folder: Path) -> Path:
    """The course in that folder in Spanish, its source, and in English."""
    made = Path(shutil.copytree(SAMPLE, folder / "demo-course"))
    settings = made / "course.yml"
    settings.write_text(settings.read_text("utf-8").replace("languages: [es]", "languages: [es, en]"), "utf-8")
    first = made / "es/01-uno.md"
    first.write_text(first.read_text("utf-8") + MORE, "utf-8")
    shutil.copytree(made / "es", made / "en")
    for path in (made / "en").glob("*.md"):
        path.write_text(in_english(path.read_text("utf-8")), "utf-8")
    return made


def in_english(text: str) -> str:
    """Such text in what passes for English here; ids and links stay."""
    for old, new in WORDS.items():
        text = re.sub(rf"(?<![-#\w]){re.escape(old)}(?!\w)", new, text)
    return text.replace("(#que-mas)", "(#what-mas)")


def without(text: str, page: str, units: Collection[str]) -> str:
    """A page's text without those units."""
    front, body = _parted(text)
    return front + "".join(piece for unit, piece in _pieces(body, page) if unit not in units)


def take_out(course: Path, page: str, *units: str, language: str = "en") -> None:
    """Those units are no longer in that page's translation."""
    path = course / language / FILES[page]
    path.write_text(without(path.read_text("utf-8"), page, units), "utf-8")


def change(course: Path, file: str, old: str, new: str) -> int:
    """`old` is `new` in that file; the line where that is."""
    path = course / file
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def _parted(text: str) -> tuple[str, str]:
    end = text.index("\n---\n") + 5
    return text[:end], text[end:]


def _pieces(body: str, page: str) -> Iterator[tuple[str, str]]:
    """Each line with the unit that it belongs to; a block's lines belong to the block."""
    section, block, depth = page, "", 0
    for line in body.splitlines(keepends=True):
        opened, heading, note = _ID.match(line), _SECTION.match(line), _NOTE.match(line)
        if line.startswith(":::"):
            closing = line.strip() == ":::"
            if not depth and not closing:
                block = opened[1] if opened else section
            depth += -1 if closing else 1
            yield block, line
        elif depth:
            yield block, line
        elif note:
            yield f"{page}^{note[1]}", line
        else:
            section = f"{page}#{heading[1]}" if heading else section
            yield section, line
