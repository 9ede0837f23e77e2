"""Bookmarks and notes on both databases: kept, limited, found again after edits, and each learner's own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lms.content.model import Course
from lms.ids import uuid7
from lms.services.common.record import Pen
from lms.services.studying import notes
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import NotEnrolled, UnknownPage, look
from lms.services.studying.notes import EmptyNote, NoteTooLong, TooManyNotes, UnknownNote
from lms.storage.database import Database
from lms.storage.people import Person
from tests.conftest import NOW
from tests.services.conftest import add_person, at, publish


def kept(database: Database, desk: Desk, person: Person) -> list[tuple[str, str, bool, list[str]]]:
    """(module, anchor, marked, texts) of every place of hers."""
    with database.reading() as tx:
        found = notes.of_learner(tx, desk.catalogue, learner=person.id, language="es")
    return [
        (module.id, place.anchor, place.marked, [note.body for note in place.notes])
        for course in found
        for module in course.modules
        for place in module.places
    ]


def write(database: Database, desk: Desk, where: Where, text: str = "Una nota", section: str = "primera") -> str:
    with database.writing() as tx:
        return notes.write(tx, desk, where, section=section, text=text, now=NOW).id


def mark(database: Database, desk: Desk, where: Where, section: str, **options: bool) -> None:
    with database.writing() as tx:
        notes.mark(tx, desk, where, section=section, now=NOW, **options)


def test_what_she_keeps_stands_in_the_order_of_reading(database: Database, desk: Desk, ana: Person) -> None:
    write(database, desk, at(ana, "m-dos"), "Otra", "")
    write(database, desk, at(ana, "m-uno"), " Una\r\nnota \r\n", "segunda")
    for section in ("segunda", "", "segunda"):
        mark(database, desk, at(ana, "m-uno"), section)
    assert kept(database, desk, ana) == [
        ("m-uno", "", True, []),
        ("m-uno", "segunda", True, ["Una\nnota"]),
        ("m-dos", "", False, ["Otra"]),
    ]


def test_the_same_form_is_one_note_and_its_last_text_counts(database: Database, desk: Desk, ana: Person) -> None:
    where = at(ana, "m-uno", event=uuid7())
    for text in ("Una", "Una", "Una nota"):
        assert write(database, desk, where, text) == where.event
    assert kept(database, desk, ana) == [("m-uno", "primera", False, ["Una nota"])]


def test_a_changed_note_stays_where_it_is_and_keeps_its_day(database: Database, desk: Desk, ana: Person) -> None:
    made = write(database, desk, at(ana, "m-uno"))
    with database.writing() as tx:
        later = NOW + timedelta(days=1)
        notes.write(tx, desk, at(ana, "m-dos", event=made), section="", text="Cambiada", now=later)
        note = notes.note(tx, learner=ana.id, note=made)
    assert (note.module, note.anchor, note.body) == ("m-uno", "primera", "Cambiada")
    assert (note.made_at, note.changed_at) == (NOW, later)


def test_limits(database: Database, desk: Desk, ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    where = at(ana, "m-uno", event=uuid7())
    write(database, desk, where, "ñ" * 4000)
    for text, refusal in (("ñ" * 4001, NoteTooLong), (" \n", EmptyNote)):
        with pytest.raises(refusal):
            write(database, desk, where, text)
    monkeypatch.setattr(notes, "MAX_NOTES", 1)
    with pytest.raises(TooManyNotes):
        write(database, desk, at(ana, "m-uno"))
    assert write(database, desk, where, "Cambiada") == where.event


def test_a_note_is_its_learners_own(database: Database, desk: Desk, pen: Pen, ana: Person) -> None:
    made, beto = write(database, desk, at(ana, "m-uno")), add_person(database, pen, "beto")
    with pytest.raises(UnknownNote):
        write(database, desk, at(beto, "m-uno", event=made), "robada")
    with database.writing() as tx:
        notes.delete(tx, learner=beto.id, note=made)
        notes.unmark(tx, desk.catalogue, at(beto, "m-uno"), section="primera")
        with pytest.raises(UnknownNote):
            notes.note(tx, learner=beto.id, note=made)
    assert kept(database, desk, beto) == []
    assert kept(database, desk, ana) == [("m-uno", "primera", False, ["Una nota"])]
    with database.writing() as tx:
        notes.delete(tx, learner=ana.id, note=made)
    assert kept(database, desk, ana) == []


def test_only_where_she_may_study(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    with pytest.raises(UnknownPage):
        write(database, desk, at(ana, "m-nada"))
    publish(database, replace(sample, access="enrolled"))
    for act in (write, mark):
        with pytest.raises(NotEnrolled):
            act(database, desk, at(ana, "m-uno"), section="primera")  # type: ignore[operator]


def test_a_section_that_no_module_has_is_its_top(database: Database, desk: Desk, ana: Person) -> None:
    write(database, desk, at(ana, "m-uno"), section="no-hay")
    mark(database, desk, at(ana, "m-uno"), "<script>")
    assert kept(database, desk, ana) == [("m-uno", "", True, ["Una nota"])]


def test_the_first_press_marks_only_where_nothing_is_kept(database: Database, desk: Desk, ana: Person) -> None:
    write(database, desk, at(ana, "m-uno"))
    mark(database, desk, at(ana, "m-uno"), "primera", only_first=True)
    mark(database, desk, at(ana, "m-uno"), "segunda", only_first=True)
    assert [each[1:3] for each in kept(database, desk, ana)] == [("primera", False), ("segunda", True)]


def test_a_renamed_module_has_what_was_kept_under_both_names(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    mark(database, desk, at(ana, "m-uno"), "primera")
    write(database, desk, at(ana, "m-uno"), "Vieja")
    edition = sample.editions["es"]
    modules = {("m-primero" if name == "m-uno" else name): each for name, each in edition.modules.items()}
    modules["m-primero"] = replace(modules["m-primero"], id="m-primero")
    named = replace(sample, renamed={"m-uno": "m-primero"}, editions={"es": replace(edition, modules=modules)})
    publish(database, named)
    mark(database, desk, at(ana, "m-primero"), "primera")
    write(database, desk, at(ana, "m-primero"), "Nueva")
    assert kept(database, desk, ana) == [("m-primero", "primera", True, ["Vieja", "Nueva"])]
    with database.reading() as tx:
        view = look(tx, desk.catalogue, learner=ana.id, course="demo-course", language="es")
        (place,) = notes.in_module(tx, view, view.module("m-primero"), learner=ana.id)
    assert (place.title, place.is_here, len(place.notes)) == ("Primera sección", True, 2)
    with database.writing() as tx:
        notes.unmark(tx, desk.catalogue, at(ana, "m-primero"), section="primera")
    assert kept(database, desk, ana) == [("m-primero", "primera", False, ["Vieja", "Nueva"])]


def test_a_section_of_another_language_is_called_as_it_is_there(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    edition = sample.editions["es"]
    uno = edition.modules["m-uno"]
    body = tuple(
        replace(each, anchor="first") if getattr(each, "anchor", "") == "primera" else each for each in uno.body
    )
    english = replace(
        edition, language="en", modules={**edition.modules, "m-uno": replace(uno, language="en", body=body)}
    )
    publish(database, replace(sample, languages=("es", "en"), editions={"es": edition, "en": english}))
    write(database, desk, replace(at(ana, "m-uno"), language="en"), section="first")
    with database.reading() as tx:
        (course,) = notes.of_learner(tx, desk.catalogue, learner=ana.id, language="es")
    (place,) = course.modules[0].places
    assert (place.anchor, place.title, place.language, place.is_here) == ("first", "Primera sección", "en", False)
