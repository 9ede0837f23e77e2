"""Pictures of a course: found, checked, named by their content."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from lms.content.model import Media
from lms.content.report import Report
from lms.i18n import N_

MAX_BYTES = 2 * 1024 * 1024
TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_SVG = "{http://www.w3.org/2000/svg}"
_SVG_TAGS = set(
    "svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan textPath style"
    " linearGradient radialGradient stop clipPath mask pattern marker filter metadata switch".split()
)
_FETCHES = re.compile(r"javascript:|data:|@import|expression\(|url\(\s*[\"']?(?!#)|[\"'(]\s*//", re.IGNORECASE)


@dataclass(slots=True)
class MediaFolder:
    """The folder `media/` of one course; remembers what was used."""

    folder: Path
    used: dict[str, Media] = field(default_factory=dict)

    def find(self, name: str, language: str, report: Report, line: int) -> str:
        """The name of the file for that language (`x.en.svg` before `x.svg`), or empty with the reason reported."""
        if not _NAME.fullmatch(name):
            message = N_("“%(name)s”: a picture's name has small letters without accents, digits, hyphens and dots.")
            report.error(line, "picture-name", message, name=name)
            return ""
        stem, _, suffix = name.rpartition(".")
        chosen = next((each for each in (f"{stem}.{language}.{suffix}", name) if (self.folder / each).is_file()), "")
        if not chosen:
            self._missing(name, report, line)
            return ""
        if chosen not in self.used:
            media = self._check(chosen, report, line)
            if media is None:
                return ""
            self.used[chosen] = media
        return chosen

    def _missing(self, name: str, report: Report, line: int) -> None:
        there = [each.name for each in self.folder.glob("*")] if self.folder.is_dir() else []
        report.unknown(
            line,
            "no-picture",
            name,
            there,
            plain=N_("There is no file “%(name)s” in the folder “media” of the course."),
            guess=N_("There is no file “%(name)s” in the folder “media” of the course. Did you mean “%(guess)s”?"),
        )

    def _check(self, name: str, report: Report, line: int) -> Media | None:
        path = self.folder / name
        kind = TYPES.get(path.suffix.lower())
        if kind is None:
            report.error(line, "picture-type", N_("A picture is an SVG, PNG, JPEG or WebP file."))
            return None
        if path.is_symlink() or path.stat().st_size > MAX_BYTES:
            report.error(line, "picture-size", N_("A picture is a file of its own of 2 MB at most. Make it smaller."))
            return None
        content = path.read_bytes()
        if not is_harmless(kind, content):
            message = N_(
                "“%(name)s” is not a plain picture (it holds scripts, links or another kind of file). Export it again."
            )
            report.error(line, "picture-content", message, name=name)
            return None
        return Media(name=name, sha256=hashlib.sha256(content).hexdigest(), type=kind, size=len(content))


def is_harmless(kind: str, content: bytes) -> bool:
    """Whether the bytes are what the type says, and an SVG neither runs nor fetches anything."""
    return content.startswith(BEGINNINGS[kind]) if kind in BEGINNINGS else _is_plain_svg(content)


def _is_plain_svg(content: bytes) -> bool:
    """An allow-list: shapes and text only, references only within the file, no document type (entities) at all."""
    if b"<!DOCTYPE" in content.upper() or b"<?xml-stylesheet" in content:
        return False
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no document type, so no entity to expand
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
    return root.tag == f"{_SVG}svg" and all(_is_plain_element(each) for each in root.iter())


def _is_plain_element(element: ElementTree.Element) -> bool:
    tag = str(element.tag)
    if not tag.startswith(_SVG):  # an editor's own notes, which no browser acts on
        return not tag.startswith("{http://www.w3.org/") and not _FETCHES.search(element.text or "")
    if tag.removeprefix(_SVG) not in _SVG_TAGS and not tag.startswith(f"{_SVG}fe"):
        return False
    if tag in (f"{_SVG}feImage", f"{_SVG}style") and (tag.endswith("feImage") or _FETCHES.search(element.text or "")):
        return False
    return all(_is_plain_attribute(name.rpartition("}")[2].lower(), value) for name, value in element.items())


def _is_plain_attribute(name: str, value: str) -> bool:
    if name in ("href", "src"):
        return value.startswith("#")
    return not name.startswith("on") and not _FETCHES.search(value)
