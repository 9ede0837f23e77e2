"""`make language LANG=fr`: the catalogue of a new language, empty, and what there is left to do (docs/languages.md)."""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
CODE = re.compile(r"[a-z]{2,3}")
NEXT = """\
{file}: {done} of {all} messages are translated.
Plural forms: {forms}{sure}
1. Translate the file (Poedit, or any editor). What stands in %(…)s and {{…}} stays as it is.
2. make assets                       compiles it
3. make test                         tells what is missing or no longer fits
4. In instance/settings.toml: languages = ["es", "en", "{language}"]
"""


def begin(language: str, folder: Path = HERE) -> str:
    """What is left to do for the language, whose catalogue is in that folder now; one that was there stays as it is.

    Raises ValueError for what is no language's code.
    """
    if not CODE.fullmatch(language):
        raise ValueError(f"{language!r} is no language: write a code such as fr or mam")
    file = folder / language / "LC_MESSAGES" / "messages.po"
    if not file.exists():
        file.parent.mkdir(parents=True)
        _write_new(file, language, folder)
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    return NEXT.format(
        file=file,
        done=sum(_is_translated(message.string) for message in catalogue if message.id),
        all=len(catalogue),
        forms=catalogue.plural_forms.rstrip(";"),
        sure="" if catalogue.locale else " (as in English: Babel does not know this language)",
        language=language,
    )


def _write_new(file: Path, language: str, folder: Path) -> None:
    with (folder / "messages.pot").open("rb") as source:
        template = read_po(source)
    made = Catalog(language, project="Vereda", copyright_holder="Vereda", fuzzy=False)
    for message in template:
        if message.id:
            made[message.id] = message
    with file.open("wb") as target:
        write_po(target, made, width=76, sort_output=True)


def _is_translated(string: str | tuple[str, ...] | list[str]) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string)


if __name__ == "__main__":
    try:
        print(begin(sys.argv[1]), end="")  # noqa: T201 - its one output
    except ValueError as error:
        sys.exit(str(error))
