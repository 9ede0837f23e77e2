"""Searching over all published courses: what a reader may read, best first."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from lms.content.model import Course, Heading, Prose
from lms.content.search import MAX_HITS
from lms.services.studying import finding
from lms.services.studying.finding import FEW, Found
from lms.services.studying.looking import NotEnrolled, UnknownPage
from lms.storage import cohorts
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from lms.storage.search import Indexes
from tests.conftest import NOW
from tests.learning import course as made
from tests.services.conftest import publish


def course(name: str, *texts: str, language: str = "es", **values: Any) -> Course:
    """A course of one module `m-1` with a section for each of these texts (`heading: prose`)."""
    body: list[object] = []
    for place, text in enumerate(texts, start=1):
        heading, _, prose = text.partition(": ")
        body.append(Heading(line=0, level=2, anchor=f"s{place}", html=heading))
        body.append(Prose(line=0, html=f"<p>{prose}</p>"))
    whole = made.course(made.module("m-1", *body), id=name, source=language, languages=(language,), **values)
    return replace(whole, editions={language: replace(whole.editions["es"], language=language, title=name)})


BOTH = [
    course("primero", "Otra cosa: El albergue abre de noche.", "Nada: Y el teléfono también."),
    course("segundo", "Un teléfono: Llame al albergue."),
]


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    for each in BOTH:
        publish(database, each)
    return Catalogue()


def search(database: Database, catalogue: Catalogue, query: str, who: Person | None = None, **where: str) -> Found:
    learner = who.id if who else None
    with database.reading() as tx:
        return finding.search(
            tx, catalogue, Indexes(), learner=learner, query=query, **{"language": "es", "course": "", **where}
        )


def places(found: Found) -> list[tuple[str, str]]:
    return [
        (each.release.course.id, hit.anchor) for each in found.courses for part in each.modules for hit in part.hits
    ]


def test_words_are_found_in_every_course_whatever_their_form(database: Database, catalogue: Catalogue) -> None:
    for query in ("albergue", "ALBERGUES", "albérgue", "alberg", "el albergue"):
        assert sorted(places(search(database, catalogue, query))) == [("primero", "s1"), ("segundo", "s1")], query


def test_the_course_whose_best_passage_has_most_of_the_words_comes_first(
    database: Database, catalogue: Catalogue
) -> None:
    found = search(database, catalogue, "telefono albergue")
    assert places(found) == [("segundo", "s1"), ("primero", "s1"), ("primero", "s2")]
    assert found.count == 3


def test_what_is_found_stands_by_module_and_a_few_of_each_course(database: Database, catalogue: Catalogue) -> None:
    publish(database, course("largo", *[f"Parte {n}: El albergue {n}." for n in range(30)]))
    by_id = {each.release.course.id: each for each in search(database, catalogue, "albergue").courses}
    assert (by_id["largo"].count, by_id["largo"].more) == (MAX_HITS, True)
    assert [len(part.hits) for part in by_id["largo"].modules] == [FEW]
    assert [part.module.id for part in by_id["largo"].modules if part.module] == ["m-1"]
    assert not by_id["primero"].more
    alone = search(database, catalogue, "albergue", course="largo")
    assert len(places(alone)) == alone.at_most == MAX_HITS
    assert not alone.courses[0].more
    assert alone.within
    assert search(database, catalogue, "teléfono").at_most == 0


def test_a_course_for_the_enrolled_is_searched_by_the_enrolled(
    database: Database, catalogue: Catalogue, ana: Person
) -> None:
    publish(database, course("cerrado", "Secreto: El albergue escondido.", access="enrolled"))
    for who in (None, ana):
        assert places(search(database, catalogue, "escondido", who)) == []
        assert "cerrado" not in {name for name, _ in places(search(database, catalogue, "albergue", who))}
        with pytest.raises(NotEnrolled):
            search(database, catalogue, "escondido", who, course="cerrado")
    with database.writing() as tx:
        cohorts.enrol(tx, person=ana.id, course="cerrado", cohort="", now=NOW)
    assert places(search(database, catalogue, "escondido", ana)) == [("cerrado", "s1")]
    assert places(search(database, catalogue, "escondido", ana, course="cerrado")) == [("cerrado", "s1")]
    assert places(search(database, catalogue, "escondido")) == []


def test_only_what_is_published_now_is_found(database: Database, catalogue: Catalogue) -> None:
    publish(database, course("primero", "Otra cosa: El refugio abre de noche.", version="2"))
    assert places(search(database, catalogue, "albergue")) == [("segundo", "s1")]
    assert places(search(database, catalogue, "refugio")) == [("primero", "s1")]
    with pytest.raises(UnknownPage):
        search(database, catalogue, "albergue", course="no-hay")


def test_a_course_without_the_readers_language_is_searched_in_its_own(database: Database, catalogue: Catalogue) -> None:
    publish(database, course("english", "A shelter: The shelters are open.", language="en"))
    for language in ("es", "en", "fr"):
        assert places(search(database, catalogue, "shelter", language=language)) == [("english", "s1")]
        assert ("primero", "s1") in places(search(database, catalogue, "albergues", language=language))


def test_what_leads_nowhere_finds_nothing(database: Database, catalogue: Catalogue) -> None:
    for query in ("", "   ", "¿?", "de la", "e", "inexistente"):
        assert search(database, catalogue, query) == Found(courses=(), within=None), query


def test_a_search_asks_no_more_of_the_database_with_more_courses(
    database: Database, catalogue: Catalogue, ana: Person
) -> None:
    for n in range(5):
        publish(database, course(f"c{n}", f"Parte {n}: Albergue.", access="enrolled"))
        with database.writing() as tx:
            cohorts.enrol(tx, person=ana.id, course=f"c{n}", cohort="", now=NOW)
    indexes, said = Indexes(), []
    for _ in range(2):
        said.clear()
        with database.reading() as tx:
            event.listen(tx, "before_cursor_execute", lambda *told: told[2] == "BEGIN" or said.append(told[2]))
            found = finding.search(tx, catalogue, indexes, learner=ana.id, query="albergue", language="es")
        assert len(found.courses) == 7
    assert len(said) == 2, said
