"""Pictures and recordings of a course: found, checked, named by their content."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from lms.content.drawing import MOST, drawing
from lms.content.model import Media
from lms.content.pictures import size_of
from lms.content.report import Report
from lms.content.svg import plain_svg
from lms.i18n import N_

MB = 1024 * 1024
SVG = "image/svg+xml"
Purpose = Literal["picture", "audio", "video", "captions"]


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of file: the media type of each name's end, how large it may be, and what is said when it is another."""

    types: Mapping[str, str]
    most: int
    another: str
    larger: str


SORTS: Mapping[Purpose, Sort] = {
    "picture": Sort(
        {
            ".svg": SVG,
            ".png": "image/png",
            ".jpg": "image/jpeg",
            ".jpeg": "image/jpeg",
            ".webp": "image/webp",
        },
        2 * MB,
        N_("A picture is an SVG, PNG, JPEG or WebP file."),
        N_("A picture is a file of its own of 2 MB at most. Make it smaller."),
    ),
    "audio": Sort(
        {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg"},
        10 * MB,
        N_("A sound is an MP3, M4A, OGG or Opus file."),
        N_("A sound is a file of its own of 10 MB at most. Make it smaller: speech is well heard at 32 kbit/s."),
    ),
    "video": Sort(
        {".mp4": "video/mp4", ".webm": "video/webm"},
        30 * MB,
        N_("A video is an MP4 or WebM file."),
        N_("A video is a file of its own of 30 MB at most. Make it smaller: learners have slow networks."),
    ),
    "captions": Sort(
        {".vtt": "text/vtt"},
        MB // 4,
        N_("Captions are a WebVTT file, whose name ends in .vtt."),
        N_("Captions are a file of their own of 250 kB at most."),
    ),
}
TYPES = {end: kind for sort in SORTS.values() for end, kind in sort.types.items()}
"""The media type of every file that may lie in `media/`, by the end of its name."""
BEGINNINGS: Mapping[str, re.Pattern[bytes]] = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "audio/mpeg": re.compile(rb"ID3|\xff[\xe2-\xff]"),
    "audio/mp4": re.compile(rb"....ftyp", re.DOTALL),
    "audio/ogg": re.compile(rb"OggS"),
    "video/mp4": re.compile(rb"....ftyp", re.DOTALL),
    "video/webm": re.compile(rb"\x1a\x45\xdf\xa3"),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


@dataclass(slots=True)
class MediaFolder:
    """The folder `media/` of one course; remembers what was used."""

    folder: Path
    used: dict[str, Media] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    """The pictures of the course and of its modules."""

    def find(self, name: str, language: str, report: Report, line: int, purpose: Purpose = "picture") -> str:
        """The name of the file for that language (`x.en.svg` before `x.svg`), or empty with the reason reported."""
        if not _NAME.fullmatch(name):
            message = N_("“%(name)s”: a file's name has small letters without accents, digits, hyphens and dots.")
            report.error(line, "file-name", message, name=name)
            return ""
        stem, _, suffix = name.rpartition(".")
        chosen = next((each for each in (f"{stem}.{language}.{suffix}", name) if (self.folder / each).is_file()), "")
        if not chosen:
            self._missing(name, report, line)
            return ""
        media = self.used.get(chosen) if self._is(chosen, SORTS[purpose]) else None
        media = media or self._check(chosen, report, line, SORTS[purpose])
        if media is None:
            return ""
        self.used[chosen] = media
        return chosen

    def picture(self, name: str, language: str, report: Report, line: int) -> str:
        """As `find`, for the picture of the course or of a module: a small SVG is kept as a part of the page too."""
        chosen = self.find(name.removeprefix("../").removeprefix("media/"), language, report, line) if name else ""
        media = self.used.get(chosen)
        if media is None or chosen in self.shown:
            return chosen
        self.shown.add(chosen)
        if media.type != SVG:
            return chosen
        if media.size > MOST:
            message = N_(
                "“%(name)s” is larger than 8 kB: it is loaded apart and keeps its colours in the dark. Draw it with fewer points."
            )
            report.warning(line, "large-drawing", message, name=chosen)
        self.used[chosen] = replace(media, drawing=drawing((self.folder / chosen).read_bytes()))
        return chosen

    def _is(self, name: str, sort: Sort) -> bool:
        return Path(name).suffix.lower() in sort.types

    def _missing(self, name: str, report: Report, line: int) -> None:
        there = [each.name for each in self.folder.glob("*")] if self.folder.is_dir() else []
        report.unknown(
            line,
            "no-file-in-media",
            name,
            there,
            plain=N_("There is no file “%(name)s” in the folder “media” of the course."),
            guess=N_("There is no file “%(name)s” in the folder “media” of the course. Did you mean “%(guess)s”?"),
        )

    def _check(self, name: str, report: Report, line: int, sort: Sort) -> Media | None:
        path = self.folder / name
        if not self._is(name, sort):
            report.error(line, "file-type", sort.another)
            return None
        kind = sort.types[path.suffix.lower()]
        if path.is_symlink() or path.stat().st_size > sort.most:
            report.error(line, "file-size", sort.larger)
            return None
        content = path.read_bytes()
        if not is_harmless(kind, content):
            message = N_(
                "“%(name)s” is not what its name says (it holds scripts, links or another kind of file). Export it again."
            )
            report.error(line, "file-content", message, name=name)
            return None
        width, height = size_of(kind, content)
        sha256 = hashlib.sha256(content).hexdigest()
        return Media(name=name, sha256=sha256, type=kind, size=len(content), width=width, height=height)


def is_harmless(kind: str, content: bytes) -> bool:
    """Whether the bytes are what the type says, and an SVG neither runs nor fetches anything."""
    if kind == "text/vtt":
        return _is_captions(content)
    return bool(BEGINNINGS[kind].match(content)) if kind in BEGINNINGS else plain_svg(content) is not None


def _is_captions(content: bytes) -> bool:
    """WebVTT in UTF-8 with a cue at least (https://www.w3.org/TR/webvtt1/)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(re.match(r"WEBVTT(?=[ \t\r\n])", text)) and " --> " in text and "\0" not in text
