"""Lists of people: read from files of any kind, held against those who are here, taken."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select

from lms.i18n import Reader
from lms.services.common import cells, places, spreadsheets
from lms.services.common.record import Act, Pen, record
from lms.services.common.spreadsheets import EmptyFile, NoTable, Suspicious, TooLarge
from lms.services.groups import cohort_care, cohorts
from lms.services.groups.cohorts import Plan
from lms.services.people import accounts, importing, people_file, people_list
from lms.services.people.importing import NoRoom, Taken
from lms.services.people.people_file import NoColumns, TwoColumns
from lms.services.studying.desk import Desk
from lms.storage import cohorts as stored
from lms.storage import event_log, members, preferences, roll
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.storage.roll import Account, Work
from lms.storage.tables import audit, events
from tests.conftest import NOW
from tests.statements import statements_to

SPANISH = Reader("es", UTC)
LIST = """Usuario;Nombre;ID;Institución;Tipo;País;Teléfono;Idioma
rosa;Rosa Ixchel;H-1;Cruz Verde;Salud;Honduras;+504 1234;es
;José Ñandú Pérez;H-2;Cruz Verde;health;HN;;
"""


def workbook(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def read(text: str | bytes) -> people_file.File:
    return people_file.read(text.encode() if isinstance(text, str) else text, languages=["es", "en"])


@pytest.fixture
def cohort(database: Database, pen: Pen, desk: Desk) -> Cohort:
    with database.writing() as tx:
        return cohorts.create(tx, pen, name="Consulados", courses=["demo-course"], cap=10, days=9, now=NOW)


@pytest.fixture
def carla(database: Database, pen: Pen, cohort: Cohort) -> Person:
    """A coordinator who looks after the cohort."""
    with database.writing() as tx:
        found = person(tx, pen, "carla", "coordinator")
        stored.assign(tx, cohort.id, found.id)
    return found


def person(tx: object, pen: Pen, username: str, *roles: str, **values: object) -> Person:
    return accounts.add(
        tx,  # type: ignore[arg-type]
        pen,
        username=username,
        display_name=username.title(),
        secrets=Secrets("x", None),
        roles=frozenset(roles),
        now=NOW,
        **values,  # type: ignore[arg-type]
    )


@pytest.fixture
def take(database: Database, pen: Pen, cohort: Cohort, carla: Person) -> Callable[..., Taken]:
    def taken(text: str | bytes, **changes: object) -> Taken:
        values = {"cohort": cohort, "staff": carla, "now": NOW} | changes
        return importing.take(database, pen, read(text).entries, **values)  # type: ignore[arg-type]

    return taken


def inside(database: Database, cohort: Cohort) -> dict[str, Account]:
    with database.reading() as tx:
        return {each.username: each for each in roll.of_cohort(tx, cohort.id)}


def why(taken: Taken) -> list[str]:
    return [each.message % each.values if each.values else each.message for each in taken.wrong]


# reading


def test_columns_are_known_by_their_names_in_two_languages() -> None:
    file = read(LIST)
    assert [dict(each.said) for each in file.entries] == [
        {
            "username": "rosa",
            "name": "Rosa Ixchel",
            "external_id": "H-1",
            "institution": "Cruz Verde",
            "institution_type": "health",
            "country": "HN",
            "phone": "+504 1234",
            "language": "es",
        },
        {
            "name": "José Ñandú Pérez",
            "external_id": "H-2",
            "institution": "Cruz Verde",
            "institution_type": "health",
            "country": "HN",
        },
    ]
    english = read("USERNAME,Full name,Kind of institution,Country,Favourite colour\nana,Ana,Police,Mexico,red\n")
    assert english.entries[0].said == {
        "username": "ana",
        "name": "Ana",
        "institution_type": "police",
        "country": "MX",
    }
    assert english.unknown == ("Favourite colour",)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_is_read_however_a_spreadsheet_wrote_it(coding: str, separator: str) -> None:
    said = read(LIST.replace(";", separator).replace("\n", "\r\n").encode(coding)).entries[1].said
    assert said["name"] == "José Ñandú Pérez"


def test_a_workbook_is_read_with_its_numbers_and_days() -> None:
    rows: list[list[object]] = [
        ["Nombre", "ID", "Teléfono", "Institución"],
        ["Rosa", 1234.0, 50412345678, datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)],
        [],
        ["Ana", "H-2", None, "=1+1"],
    ]
    first, second = read(workbook(rows)).entries
    assert (first.line, second.line) == (2, 4)
    assert first.said == {"name": "Rosa", "external_id": "1234", "phone": "50412345678", "institution": "2026-01-02"}
    assert second.said == {"name": "Ana", "external_id": "H-2"}  # a formula has no value here


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"", EmptyFile),
        (b"\n\n ,,\n", EmptyFile),
        (b"Nombre\nAna\n", NoColumns),
        (b"ID,id\n1,2\n", TwoColumns),
        (b'ID,Nombre\n1,"Ana\n', NoTable),
        (b"ID,Nombre\n1,A\0na\n", NoTable),
        (b"ID,Nombre\n1," + b"a" * 501, TooLarge),
        (b"ID" + b",x" * 20, TooLarge),
        (b"ID\n" + b"1\n" * 2001, TooLarge),
        (b"ID\n" + b"1" * 1024 * 1024, TooLarge),
        (b"PK\x03\x04 no zip", NoTable),
        (zipped({"a": b"x"}), NoTable),
        (zipped({"xl/vbaProject.bin": b"x"}), Suspicious),
        (zipped({"xl/externalLinks/1.xml": b"x"}), Suspicious),
        (zipped({"xl/workbook.xml": b"<a/>" * 20000 + b'<!DOCTYPE a [<!ENTITY b "c">]>'}), Suspicious),
        (zipped({"xl/workbook.xml": "<!DOCTYPE a>".encode("utf-16")}), Suspicious),
        (zipped({f"{n}": b"" for n in range(201)}), TooLarge),
        (zipped({"xl/bomb.xml": b"0" * 30 * 1024 * 1024}), TooLarge),
        (workbook([["ID"], *[[n] for n in range(2001)]]), TooLarge),
        (workbook([["ID", *["x"] * 20]]), TooLarge),
    ],
)
def test_what_is_no_list_of_people_is_refused(text: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text)


def test_a_workbook_that_lies_about_where_its_rows_are_costs_nothing() -> None:
    made = zipfile.ZipFile(io.BytesIO(workbook([["ID"], ["1"]])))
    parts = {name: made.read(name) for name in made.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    for claim in (b'<row r="99999999999"', b'<row r="2000000"'):
        with pytest.raises((TooLarge, NoTable)):
            read(zipped(parts | {"xl/worksheets/sheet1.xml": sheet.replace(b'<row r="2"', claim)}))
    far = sheet.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert len(read(zipped(parts | {"xl/worksheets/sheet1.xml": far})).entries) == 1


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"ID,Nombre\n", b"\xff\xfe"]))
def test_no_bytes_are_too_strange(content: bytes, begins: bytes) -> None:
    try:
        read(begins + content)
    except spreadsheets.Refusal as refusal:
        assert refusal.sentence(SPANISH.gettext)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",Ana,,,,,", "neither a username nor an ID"),
        ("a b,Ana,,,,,", "3 to 40 letters"),
        ("ana,A\u202ena,,,,,", "at most 200 characters"),
        ("ana,Ana,,circus,,,", "no kind of institution"),
        ("ana,Ana,,,Atlantis,,", "no country"),
        ("ana,Ana,,,,,xx", "don't speak"),
        ("ana,Ana,,,," + "1" * 41 + ",", "too long"),
        ("rosa,Otra,,,,,", "Row 2 has the same"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(row: str, said: str) -> None:
    file = read(f"usuario,nombre,id,tipo,pais,telefono,idioma\nrosa,Rosa,,,,,\n{row}\n")
    (wrong,) = file.wrong
    assert wrong.line == 3 and said in wrong.message % wrong.values if wrong.values else said in wrong.message
    assert len(file.entries) == 1


def test_every_country_is_known_by_its_name() -> None:
    for language in ("es", "en"):
        reader = Reader(language, UTC)
        assert [code for code in places.codes() if places.code_of(reader.country(code), language) != code] == []
    assert 240 < len(places.codes()) < 260


@given(st.text(max_size=20))
def test_a_cell_is_no_formula_and_means_what_was_written(text: str) -> None:
    cell = cells.plain_cell(text)
    assert not cell.startswith(cells.MEANS_MORE)
    assert cells.meant(cell) == text


@given(st.text("=;\t\n\"',a", max_size=10))
def test_nor_is_one_for_a_program_that_parts_cells_otherwise(text: str) -> None:
    line = cells.csv_line(["Ana", text, "Ixchel"])
    for separator in ";\t":
        told = csv.reader(io.StringIO(line, newline=""), delimiter=separator)
        assert not [cell for row in told for cell in row if cell.lstrip('"').startswith(cells.SIGNS)]
    assert next(csv.reader(io.StringIO(line, newline="")))[1] == cells.plain_cell(text)
    assert cells.meant(cells.plain_cell(text)) == text


# taking


def test_people_come_into_the_group_and_a_second_time_nothing_changes(
    database: Database, cohort: Cohort, take: Callable[..., Taken]
) -> None:
    told: list[int] = []
    taken = take(LIST, told=told.append)
    assert [each.username for each in taken.made] == ["rosa", "jose.nandu"]
    assert told == [2]
    here = inside(database, cohort)
    assert here["rosa"].work == Work(
        external_id="H-1", institution="Cruz Verde", institution_type="health", country="HN", phone="+504 1234"
    )
    assert here["rosa"].must_change and not here["rosa"].has_way_in
    again = take(LIST)
    assert (len(again.made), again.changed, again.same, again.wrong) == (0, 0, 2, ())
    with database.reading() as tx:
        lines = tx.execute(select(audit.c.act, audit.c.data).order_by(audit.c.seq)).all()
        written = b"".join(tx.execute(select(events.c.raw)).scalars())
    assert [row.act for row in lines if row.act == "people-imported"] == ["people-imported"] * 2
    assert '"new":2' in lines[-2].data and "Rosa" not in lines[-2].data
    assert b"Cruz Verde" in written and b"504 1234" not in written


def test_our_own_list_changes_nothing(database: Database, cohort: Cohort, take: Callable[..., Taken]) -> None:
    take(LIST)
    take("usuario,nombre,institucion,telefono\nzoe,'=Zoé,\"-5, o así\",@x\nmax,''+Max,'a,=b\n")
    here = inside(database, cohort)
    assert here["zoe"].display_name == "=Zoé" and here["max"].display_name == "'+Max"
    for reader in (SPANISH, Reader("en", UTC), Reader("quc", UTC)):
        made = b"".join(people_list.table(here.values(), reader))
        assert made.startswith(b"\xef\xbb\xbf") and b"\r\n" in made
        again = take(made)
        assert (len(again.made), again.changed, again.same, again.wrong) == (0, 0, 4, ())
    assert inside(database, cohort) == here


def test_a_list_changes_what_it_says_and_nothing_else(
    database: Database, cohort: Cohort, take: Callable[..., Taken]
) -> None:
    take(LIST)
    taken = take("ID,Institución,Teléfono\nH-1,Cruz Roja,\n")
    assert (taken.changed, taken.same) == (1, 0)
    here = inside(database, cohort)
    assert here["rosa"].work.institution == "Cruz Roja" and here["rosa"].work.phone == "+504 1234"
    assert here["jose.nandu"].active  # and who is absent is as she was


def test_the_name_of_whoever_has_come_in_is_hers(
    database: Database, pen: Pen, cohort: Cohort, take: Callable[..., Taken]
) -> None:
    take(LIST)
    assert take("usuario,nombre\nrosa,Rosa María\n").changed == 1
    rosa = inside(database, cohort)["rosa"]
    assert rosa.display_name == "Rosa María"
    with database.writing() as tx:
        accounts.change_passphrase(tx, person=rosa.id, hashed="hers")
    with database.reading() as tx:
        (step,) = importing.plan(
            tx, read("usuario,nombre,idioma\nrosa,Roberto,en\n").entries, cohort=cohort, staff=None
        ).steps
    assert step.kind == "same" and set(step.keeps) == {"name", "language"}
    assert take("usuario,nombre,idioma\nrosa,Roberto,en\n").same == 1
    assert inside(database, cohort)["rosa"].display_name == "Rosa María"


def test_whom_a_row_is_about_is_never_guessed(
    database: Database, pen: Pen, cohort: Cohort, take: Callable[..., Taken]
) -> None:
    take(LIST)
    assert why(take("usuario,id\nrosa,H-2\n")) == ["The username and the ID belong to two different people."]
    assert "another username" in why(take("usuario,id\notra,H-1\n"))[0]
    assert "another ID" in why(take("usuario,id\nrosa,H-9\n"))[0]
    assert "needs a name" in why(take("usuario\nnadie\n"))[0]
    take("usuario,nombre\nana.li,Ana Li\n")
    assert take("usuario,id\nana.li,H-3\n").changed == 1
    assert inside(database, cohort)["ana.li"].work.external_id == "H-3"


def test_a_coordinator_reaches_nobody_by_a_list_whom_she_does_not_see(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, take: Callable[..., Taken]
) -> None:
    with database.writing() as tx:
        beto = person(tx, pen, "beto")
        dora = person(tx, pen, "dora", "coordinator")
        cohorts.join(tx, pen, person=dora.id, code=cohort.code, now=NOW)
    assert "in no group of yours" in why(take("usuario,nombre\nbeto,Otro\n"))[0]
    assert "somebody of the staff" in why(take("usuario,institucion\ndora,X\n"))[0]
    assert "beto" not in inside(database, cohort)
    taken = take("usuario\nbeto\n", staff=None)
    assert taken.changed == 1 and "beto" in inside(database, cohort)
    with database.writing() as tx:
        preferences.change(tx, beto.id, consent="withdrawn")
    assert "withdrawn their consent" in why(take("usuario,institucion\nbeto,X\n"))[0]


def test_more_people_than_places_are_refused_before_anything_is_done(
    database: Database, cohort: Cohort, take: Callable[..., Taken]
) -> None:
    rows = "".join(f"p{n},Persona {n}\n" for n in range(100, 111))
    with pytest.raises(NoRoom, match="room for 10 more, and the list brings 11"):
        take("usuario,nombre\n" + rows)
    assert inside(database, cohort) == {}


def test_usernames_are_made_that_nobody_has(database: Database, cohort: Cohort, take: Callable[..., Taken]) -> None:
    rows = "".join(f"N-{n},María del Carmen López Díaz\n" for n in range(7))
    names = [each.username for each in take("id,nombre\n" + rows + "N-x,李\nN-y,☺ ☺\n").made]
    assert names[:5] == ["maria.lopez", "maria.lopez2", "maria.lopez3", "maria.lopez4", "maria.lopez5"]
    assert all(each.startswith("maria.lopez-") for each in names[5:7])
    assert names[7:] == ["李00", "persona"]
    assert all(accounts.fold_username(each) == each for each in names)
    assert len(inside(database, cohort)) == 9


def test_a_username_that_a_later_row_says_is_made_for_nobody(
    database: Database, cohort: Cohort, take: Callable[..., Taken]
) -> None:
    """However far down that row is: else it would be about whoever was given the name before it."""
    roomy = replace(cohort, cap=100)
    with database.writing() as tx:
        stored.change(tx, roomy)
    between = "".join(f"N-{n},,Persona {n}\n" for n in range(importing.STEP))
    text = f"id,usuario,nombre\nH-1,,Rosa Ixchel\n{between},rosa.ixchel,Rosa Ixchel Cux\n"
    with database.reading() as tx:
        shown = importing.plan(tx, read(text).entries, cohort=cohort, staff=None)
    found = take(text, cohort=roomy)
    assert [each.username for each in found.made] == [each.username for each in shown.of("new")]
    assert (len(found.made), found.changed, why(found)) == (importing.STEP + 2, 0, [])
    assert inside(database, cohort)["rosa.ixchel"].display_name == "Rosa Ixchel Cux"


def test_people_and_groups_stand_by_name_whatever_the_accent_or_capital(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, take: Callable[..., Taken]
) -> None:
    with database.writing() as tx:
        for name in ("zona norte", "Ámbar"):
            made = cohorts.create(tx, pen, name=name, courses=["demo-course"], cap=10, days=9, now=NOW)
            stored.assign(tx, made.id, carla.id)
    take("id,nombre\nN-1,Zoe\nN-2,beatriz\nN-3,Álvaro\nN-4,Ana\n")
    with database.reading() as tx:
        listed = [each.display_name for each in roll.of_cohort(tx, cohort.id)]
        assert listed == ["Álvaro", "Ana", "beatriz", "Zoe"]
        assert list(stored.members(tx, cohort.id).values()) == listed
        assert [each.name for each in members.of_cohort(tx, cohort.id, "demo-course")] == listed
        assert [each.name for each in stored.of_coordinator(tx, carla.id)] == ["Ámbar", "Consulados", "zona norte"]


def test_a_hundred_people_cost_no_statement_each_to_look_at(database: Database, cohort: Cohort) -> None:
    entries = read("id,nombre\n" + "".join(f"N-{n},Persona {n}\n" for n in range(100))).entries
    with statements_to(database) as said, database.reading() as tx:
        assert len(importing.plan(tx, entries, cohort=cohort, staff=None).steps) == 100
    assert len(said) <= 6, said


@pytest.mark.parametrize("by_list", [True, False])
def test_a_group_and_one_of_its_learners_do_not_wait_for_each_other(
    database: Database, pen: Pen, cohort: Cohort, take: Callable[..., Taken], by_list: bool
) -> None:
    """The learner writes while everybody is put into a course: whoever holds her may wait for the log, not the other way
    round."""
    with database.writing() as tx:
        beto = person(tx, pen, "beto", "learner")
        before = replace(cohort, courses=("another-course",))
        if not by_list:
            stored.change(tx, before)
            for each in (person(tx, pen, "abel", "learner"), beto):
                cohorts.join(tx, pen, person=each.id, code=cohort.code, now=NOW)

    def put() -> None:
        if by_list:
            take("usuario,nombre\nabel,Abel\nbeto,Beto\n", staff=None)
            return
        courses = (*before.courses, *cohort.courses)
        plan = Plan(name="Consulados", courses=courses, cap=10, expires_at=cohort.expires_at)
        with database.writing() as tx:
            cohort_care.change(tx, pen, before, plan, by="", now=NOW)

    with ThreadPoolExecutor() as pool:
        with database.writing() as tx:
            event_log.hold(tx, beto.id)
            other = pool.submit(put)
            time.sleep(0.3)  # as far as it comes; however far that is, it ends well
            record(tx, pen, Act(type="learner.unknown", learner=beto.id), now=NOW)
        other.result()
    assert set(inside(database, cohort)) == {"abel", "beto"}
