"""Search indexes stand beside releases: made with them, made anew when their version rises."""

import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from lms.content import search as content
from lms.content.search import build, find
from lms.services.running.publish import publish, reindex
from lms.storage import search
from lms.storage.database import Database
from lms.storage.releases import Catalogue, Release
from lms.storage.tables import courses
from lms.storage.tables import search as table
from tests.conftest import NOW

SAMPLE = Path(__file__).parents[1] / "content" / "sample" / "demo-course"


@pytest.fixture
def release(database: Database) -> Release:
    publish(database, SAMPLE, position=0, now=NOW)
    with database.reading() as tx:
        found = Catalogue().live(tx, "demo-course")
    assert found
    return found


def versions(database: Database) -> list[tuple[str, int]]:
    with database.reading() as tx:
        return [(row.language, row.version) for row in tx.execute(select(table.c.language, table.c.version))]


def test_publishing_keeps_the_index_of_each_language(database: Database, release: Release) -> None:
    assert versions(database) == [("es", content.VERSION)]
    with database.reading() as tx:
        index = search.load(tx, release, "es")
        assert search.load(tx, release, "en") == index
        assert search.lacking(tx) == {}
    assert index == build(release.course.editions["es"])
    assert [hit.anchor for hit in find(index, "negritas")] == [""]
    assert reindex(database) == 0


def test_a_process_reads_an_index_once_and_keeps_a_few(
    database: Database, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    made = search.load
    monkeypatch.setattr(search, "load", lambda tx, each, language: read.append(each.digest) or made(tx, each, language))
    others = [replace(release, digest=name) for name in "ab"]
    known = search.Indexes(most=2)
    with database.reading() as tx:
        first = known.of(tx, release, "es")
        assert known.of(tx, release, "en") is first
        assert [known.of(tx, each, "es") for each in (others[0], release)] == [first, first]
        assert read == [release.digest, "a"]
        for each in (others[1], release, others[0]):  # `a` was asked for longest ago, and makes room for `b`
            known.of(tx, each, "es")
    assert read == [release.digest, "a", "b", "a"]


def test_a_missing_or_old_index_is_made_anew(database: Database, release: Release) -> None:
    good = build(release.course.editions["es"])
    old = zlib.compress(content.encode(good).replace(b'"version":2', b'"version":0'))
    for change in (delete(table), update(table).values(version=0, body=old)):
        with database.writing() as tx:
            tx.execute(change)
        with database.reading() as tx:
            assert search.load(tx, release, "es") == good
            assert list(search.lacking(tx)) == [release.digest]
        assert reindex(database) == 1
        assert versions(database) == [("es", content.VERSION)]
        with database.reading() as tx:
            assert search.load(tx, release, "es") == good


def test_a_release_that_nobody_gets_any_more_needs_no_index(database: Database, release: Release) -> None:
    with database.writing() as tx:
        tx.execute(delete(table))
        tx.execute(delete(courses))
    assert reindex(database) == 0
