"""What a list of people says: its columns recognised by name, each row somebody, or what is wrong with it."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lms.content.stems import fold
from lms.i18n import DEFAULT_LANGUAGE, N_, SOURCE_LANGUAGE, translations
from lms.refusals import Refusal
from lms.services.common import places, spreadsheets
from lms.services.common.institutions import TYPES
from lms.services.common.spreadsheets import Row
from lms.services.people import accounts

LANGUAGES = (DEFAULT_LANGUAGE, SOURCE_LANGUAGE)
"""In which lists name columns, countries and kinds of institutions."""
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "username": N_("Username"),
        "name": N_("Name"),
        "external_id": N_("ID"),
        "institution": N_("Institution"),
        "institution_type": N_("Kind of institution"),
        "country": N_("Country"),
        "phone": N_("Phone"),
        "language": N_("Language"),
    }
)
"""What a list says of somebody, in the order in which ours are written, each with its heading."""
OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "username": ("usuario", "user", "nombre de usuario", "username"),
        "name": ("nombre", "nombre completo", "nombre y apellidos", "full name", "display name"),
        "external_id": ("id", "identificador", "identificacion", "codigo", "external id", "external_id"),
        "institution": ("institucion", "organizacion", "organization", "organisation"),
        "institution_type": ("tipo", "type", "tipo institucion", "institution type", "institution_type"),
        "country": ("pais",),
        "phone": ("telefono", "telephone", "movil", "celular", "mobile"),
        "language": ("idioma", "lengua"),
    }
)
CLEANERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"username": accounts.fold_username, "name": accounts.clean_name}
)
UNSEEN = N_("“%(text)s” is too long, or has characters that can't be seen.")
LENGTHS: Mapping[str, int] = MappingProxyType({"external_id": 64, "institution": 200, "phone": 40})


class NoColumns(Refusal):
    """Nothing to know somebody by."""

    message = N_("The first row has to name the columns: at least “Username” or “ID”, and “Name” for who is new.")


class TwoColumns(Refusal):
    """One thing twice."""

    message = N_("Two columns are called “%(name)s”. Leave one.")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of somebody, by the names of COLUMNS; what is missing or empty changes nothing."""

    line: int
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that can't be taken, whom it is about, and why."""

    line: int
    whom: str
    message: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A list of people: its rows, and the headings that mean nothing here."""

    entries: tuple[Entry, ...]
    wrong: tuple[Wrong, ...]
    unknown: tuple[str, ...]


class _Bad(Exception):
    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.values = message, values


def read(content: bytes, *, languages: Sequence[str]) -> File:
    """The list in the file; `languages` are those that the interface speaks.

    Raises NoColumns, TwoColumns, and what `spreadsheets.read` does.
    """
    head, *rows = spreadsheets.read(content)
    columns, unknown = _columns(head)
    entries: list[Entry] = []
    wrong: list[Wrong] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        cells = {name: row.cells[place] for place, name in columns.items() if place < len(row.cells)}
        said = {name: text for name, text in cells.items() if text}
        if not said:
            continue
        try:
            entry = Entry(row.line, dict(_checked(said, languages)))
            _check_once(entry, seen)
            entries.append(entry)
        except _Bad as bad:
            whom = said.get("name") or said.get("username") or said.get("external_id", "")
            wrong.append(Wrong(row.line, whom, bad.message, bad.values))
    return File(tuple(entries), tuple(wrong), unknown)


def heading(name: str, language: str) -> str:
    """The heading of a column in a list of ours."""
    return translations(language).gettext(COLUMNS[name])


def _columns(head: Row) -> tuple[dict[int, str], tuple[str, ...]]:
    """What each column says, by its place, and the headings that mean nothing."""
    known = _headings()
    found: dict[int, str] = {}
    for place, text in enumerate(head.cells):
        name = known.get(_key(text))
        if name in found.values():
            raise TwoColumns(name=text)
        if name:
            found[place] = name
    if not {"username", "external_id"} & set(found.values()):
        raise NoColumns
    return found, tuple(text for place, text in enumerate(head.cells) if text and place not in found)


def _headings() -> dict[str, str]:
    known = {_key(other): name for name, others in OTHER_NAMES.items() for other in others}
    return known | {_key(heading(name, language)): name for name in COLUMNS for language in LANGUAGES}


def _key(text: str) -> str:
    return " ".join(fold(unicodedata.normalize("NFC", text)).replace("_", " ").split()).rstrip(":*. ")


def _checked(said: Mapping[str, str], languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the row says, as it is kept. Raises _Bad."""
    if not said.keys() & {"username", "external_id"}:
        raise _Bad(N_("There is neither a username nor an ID: nobody could tell whom it is about."))
    for name, text in said.items():
        yield name, _value(name, " ".join(unicodedata.normalize("NFC", text).split()), languages)


def _value(name: str, text: str, languages: Sequence[str]) -> str:
    if name in CLEANERS:
        return _of(CLEANERS[name], text)
    if name == "country":
        return places.code_of(text, *LANGUAGES) or _refuse(N_("“%(text)s” is no country that we know."), text)
    if name == "institution_type":
        return _kinds().get(_key(text)) or _refuse(N_("“%(text)s” is no kind of institution that we know."), text)
    if name == "language":
        found = next((each for each in languages if each.lower() == text.lower()), "")
        return found or _refuse(N_("The pages don't speak the language “%(text)s”."), text)
    seen = not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co") for each in text)
    return (text if seen and len(text) <= LENGTHS[name] else "") or _refuse(UNSEEN, text)


def _of(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except Refusal as refusal:
        raise _Bad(refusal.message) from refusal


def _refuse(message: str, text: str) -> str:
    raise _Bad(message, text=text if len(text) <= 60 else f"{text[:60]}…")


def _kinds() -> dict[str, str]:
    """Each kind of institution, by its name in the database and as it is called in each language."""
    called = {
        _key(translations(language).gettext(label)): name for name, label in TYPES.items() for language in LANGUAGES
    }
    return called | {_key(name): name for name in TYPES}


def _check_once(entry: Entry, seen: dict[tuple[str, str], int]) -> None:
    """Raises _Bad where an earlier row is about the same person."""
    keys = [(name, entry.said[name]) for name in ("username", "external_id") if name in entry.said]
    for key in keys:
        if key in seen:
            raise _Bad(N_("Row %(line)s has the same username or ID."), line=str(seen[key]))
    seen.update(dict.fromkeys(keys, entry.line))
