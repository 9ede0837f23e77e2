"""The file of countries published: all or nothing, and nothing when nothing changed."""

import shutil
from pathlib import Path

import pytest

from lms.services.running.publish import publish_all
from lms.storage import countries, people, preferences
from lms.storage.database import Database
from lms.storage.people import Person
from tests.conftest import NOW
from tests.services.conftest import SAMPLE

TWO = """format: 1
countries:
  - code: CR
    trafficking_law: {text: {es: Ley 1}}
  - code: BZ
"""


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    folder = tmp_path / "courses"
    shutil.copytree(SAMPLE, folder / "demo-course")
    (folder / "countries.yml").write_text(TWO, "utf-8")
    return folder


def outcomes(database: Database, folder: Path, *, dry: bool = False) -> list[tuple[str, str]]:
    return [(each.folder.name, each.outcome) for each in publish_all(database, folder, now=NOW, dry=dry)]


def known(database: Database) -> list[str]:
    with database.reading() as tx:
        return [each.code for each in countries.all_(tx)]


def test_it_is_published_with_the_courses_in_its_order(database: Database, courses: Path) -> None:
    assert outcomes(database, courses, dry=True)[1:] == [("countries.yml", "ready")]
    assert known(database) == []
    assert outcomes(database, courses) == [("demo-course", "published"), ("countries.yml", "published")]
    assert known(database) == ["CR", "BZ"]
    assert outcomes(database, courses) == [("demo-course", "unchanged"), ("countries.yml", "unchanged")]
    (courses / "countries.yml").write_text("format: 1\ncountries:\n  - code: BZ\n", "utf-8")
    assert outcomes(database, courses)[1:] == [("countries.yml", "published")]
    assert known(database) == ["BZ"]


def test_with_an_error_what_there_was_stays(database: Database, courses: Path) -> None:
    outcomes(database, courses)
    (courses / "countries.yml").write_text(TWO.replace("Ley 1}", 'Ley 1}, source_url: "http://x.org"'), "utf-8")
    refused = publish_all(database, courses, now=NOW)[1]
    assert (refused.outcome, [each.line for each in refused.diagnostics]) == ("refused", [4])
    assert known(database) == ["CR", "BZ"]


def test_a_course_alone_or_a_folder_without_the_file_leaves_them(database: Database, courses: Path) -> None:
    outcomes(database, courses)
    (courses / "countries.yml").write_text("format: 1\ncountries:\n  - code: BZ\n", "utf-8")
    assert outcomes(database, courses / "demo-course") == [("demo-course", "unchanged")]
    (courses / "countries.yml").unlink()
    assert outcomes(database, courses) == [("demo-course", "unchanged")]
    assert known(database) == ["CR", "BZ"]


def test_choices_stand_beside_each_other(database: Database, ana: Person) -> None:
    person = ana.id
    with database.writing() as tx:
        preferences.change(tx, person, country="CR")
        preferences.read_in(tx, person, course="one", language="en")
        preferences.read_in(tx, person, course="two", language="es")
        preferences.read_in(tx, person, course="one", language="mam")
    with database.reading() as tx:
        found = people.by_id(tx, person)
    assert found
    held = found.preferences
    assert (held.country, held.course_languages) == ("CR", {"one": "mam", "two": "es"})
