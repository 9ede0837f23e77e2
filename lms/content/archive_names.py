"""The names in an archive: which are safe on every system, and which have a place in a course."""

import re
from collections.abc import Callable, Iterable, Mapping
from unicodedata import category, normalize

from lms.content.archive_refusals import Stop, shown
from lms.content.course_file import LANGUAGE
from lms.content.lock import LOCK_FILE
from lms.content.media import TYPES

_MAX_NAME, _MAX_PATH, _MAX_DEPTH = 100, 240, 4
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(COM|LPT)[0-9])", re.IGNORECASE)
_STEM = r"\w[\w .,()&+'-]*"
_PLACES = re.compile(
    rf"course\.yml|{re.escape(LOCK_FILE)}|{LANGUAGE.pattern}/{_STEM}\.md|media/{_STEM}(?i:{'|'.join(map(re.escape, TYPES))})"
)
"""Every file that a course may have. Whoever adds a kind of file to courses adds it here."""
_FOLDERS = re.compile(rf"({LANGUAGE.pattern}|media)/")
_ARCHIVES = re.compile(r"\.(zip|jar|7z|rar|tar|gz|tgz|bz2|xz|zst|epub|docx|pptx|odt|odp|h5p)$", re.IGNORECASE)
_LEFTOVERS = re.compile(r"__MACOSX/.*|(.*/)?(\.DS_Store|Thumbs\.db|desktop\.ini)")
"""What the systems themselves put into folders and archives: checked like the rest, and not kept."""


def places(names: Iterable[bytes]) -> dict[bytes, str]:
    """Where in the course's folder each name goes; what is left out goes to an empty place. Raises Stop."""
    texts = {}
    for raw in names:
        if raw in texts:
            raise Stop("twin", name=shown(raw))
        texts[raw] = readable(raw)
    _refuse_twins(texts.values())
    kept = {raw: text for raw, text in texts.items() if not _LEFTOVERS.fullmatch(text)}
    top = _top(kept.values())
    return {raw: _place(text, top) if raw in kept else "" for raw, text in texts.items()}


def readable(raw: bytes) -> str:
    """The name in NFC; raises Stop for one that some system would read as another path, or could not keep."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Stop("encoding", name=shown(raw)) from None
    for code, is_so in _WRONG.items():
        if is_so(text):
            raise Stop(code, name=shown(text))
    return normalize("NFC", text)


def _parts(text: str) -> list[str]:
    """The folders and the name, with look-alike letters as the plain ones (`．．` is `..` somewhere)."""
    return [normalize("NFKC", each) for each in text.removesuffix("/").split("/")]


_WRONG: Mapping[str, Callable[[str], bool]] = {
    "no-name": lambda text: not text,
    "control": lambda text: any(category(each) == "Cc" for each in text),
    "hidden": lambda text: not text.isprintable(),
    "backslash": lambda text: "\\" in text,
    "absolute": lambda text: text.startswith("/"),
    "drive": lambda text: text[1:2] == ":" and text[0].isalpha(),
    "traversal": lambda text: ".." in _parts(text),
    "dot": lambda text: any(each in ("", ".") for each in _parts(text)),
    "character": lambda text: any(set(each) & set('<>:"|?*/\\') for each in _parts(text)),
    "trailing": lambda text: any(each[0] == " " or each[-1] in ". " for each in _parts(text)),
    "device": lambda text: any(_DEVICE.fullmatch(each.partition(".")[0].rstrip()) for each in _parts(text)),
    "deep": lambda text: len(_parts(text)) > _MAX_DEPTH,
    "long": lambda text: len(text.encode()) > _MAX_PATH or any(len(each) > _MAX_NAME for each in _parts(text)),
}


def _refuse_twins(texts: Iterable[str]) -> None:
    """Raises Stop where two files or folders are one to a system that folds capitals or accents."""
    spelled: dict[str, str] = {}
    whole = set()
    for text in texts:
        parts = text.removesuffix("/").split("/")
        paths = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        if paths[-1] in whole or any(spelled.setdefault(_folded(each), each) != each for each in paths):
            raise Stop("twin", name=shown(text))
        whole.add(paths[-1])


def _folded(text: str) -> str:
    return normalize("NFKC", normalize("NFKC", text).casefold())


def _top(texts: Iterable[str]) -> str:
    """The one folder that holds the course, with its slash; empty where the course lies at the top."""
    known = set(texts)
    if "course.yml" in known:
        return ""
    tops = {text.partition("/")[0] for text in known}
    if not any(f"{top}/course.yml" in known for top in tops):
        raise Stop("no-course")
    if len(tops) > 1:
        raise Stop("several")
    return f"{tops.pop()}/"


def _place(text: str, top: str) -> str:
    place = text.removeprefix(top)
    if _ARCHIVES.search(place):
        raise Stop("nested", name=shown(text))
    if place and not (_FOLDERS if place.endswith("/") else _PLACES).fullmatch(place):
        raise Stop("place", name=shown(text))
    return place
