"""Courses as they travel to a phone: a release's pack is a text for each language and the media that these show. Packs are made
when somebody asks for them, from the release alone, and kept in memory; none is ever written to disk."""

import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from lms.content.model import Course, Media
from lms.i18n import spoken
from lms.storage import packs as stored
from lms.storage.releases import Release
from lms.web.frame.nobody import for_nobody
from lms.web.frame.packing import Packed, packed
from lms.web.frame.site import site
from lms.web.learner.carried import rules_of_test, text

FORMAT = "pack 1"
KEPT = 12
"""Packs, of about two megabytes each."""
_MEDIA = re.compile(r"/media/([0-9a-f]{64})")
log = logging.getLogger("lms.packs")


@dataclass(frozen=True, slots=True)
class File:
    """A text of a pack, by its content."""

    language: str
    sha256: str
    content: Packed


@dataclass(frozen=True, slots=True)
class Pack:
    """A release as it travels."""

    manifest: Mapping[str, Any]
    files: Mapping[str, File]
    """By SHA-256."""


class _Key:
    """A release with what its pack depends on beside it, as the key of a cache: by name."""

    __slots__ = ("_name", "release")

    def __init__(self, release: Release) -> None:
        self.release = release
        self._name = (release.digest, site().settings, site().assets.digest)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._name == other._name


def manifest(release: Release) -> Mapping[str, Any]:
    """What a phone has to fetch to take the release along. Not within a transaction: this may write which release its files
    are of, so that they are found after a restart too."""
    return pack(release).manifest


def pack(release: Release) -> Pack:
    """The release as it travels; as for `manifest`."""
    return _made(_Key(release))


def file(tx: Connection, sha256: str) -> Release | None:
    """The release that a text is of, if a pack with it was ever asked for here. The text is in the pack that is made of it
    now, unless the program has made other ones of it since."""
    digest = stored.release_of(tx, sha256)
    return site().desk.catalogue.release(tx, digest) if digest else None


@lru_cache(maxsize=KEPT)
def _made(key: _Key) -> Pack:
    release, course = key.release, key.release.course
    files = [_file(release, language) for language in course.editions]
    _remember(release, files)
    texts = {
        each.language: {"sha256": each.sha256, "bytes": len(each.content.plain), "packed": each.content.travels}
        for each in files
    }
    media = list(_media(course, files))
    made = {
        "vereda": FORMAT,
        "course": course.id,
        "release": release.digest,
        "major": course.major,
        "title": {language: edition.title for language, edition in course.editions.items()},
        "languages": list(course.editions),
        "texts": texts,
        "media": media,
        "tests": {test.id: rules_of_test(test) for test in release.key.tests.values()},
        "bytes_text": sum(each.content.travels for each in files),
        "bytes_media": sum(each["bytes"] for each in media),
    }
    return Pack(manifest=made, files={each.sha256: each for each in files})


def _file(release: Release, language: str) -> File:
    with for_nobody(spoken(language, site().settings.catalogues)):
        plain = json.dumps(text(release, language), ensure_ascii=False, separators=(",", ":")).encode()
    return File(language=language, sha256=hashlib.sha256(plain).hexdigest(), content=packed(plain, quality=7))


def _media(course: Course, files: list[File]) -> Iterator[dict[str, Any]]:
    """Every file that a text shows, with the languages that do; what only a test would show is in none."""
    known: dict[str, Media] = {each.sha256: each for each in course.media.values()}
    shown = {each.language: set(_MEDIA.findall(each.content.plain.decode())) for each in files}
    for sha256, each in known.items():
        languages = [language for language, found in shown.items() if sha256 in found]
        if languages:
            yield {"sha256": sha256, "bytes": each.size, "type": each.type, "languages": languages}


def _remember(release: Release, files: list[File]) -> None:
    names = [each.sha256 for each in files]
    try:
        with site().database.reading() as tx:
            missing = [sha256 for sha256 in names if stored.release_of(tx, sha256) is None]
        if missing:
            with site().database.writing() as tx:
                stored.keep(tx, missing, release.digest)
    except DBAPIError as error:  # they are found as long as this process runs
        log.warning("files of a pack not noted", extra={"kind": type(error).__name__, "release": release.digest})
