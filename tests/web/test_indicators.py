"""The figures on their page and in their files; the goals; what is asked of sex and what becomes of it."""

import io
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update

from lms.learning.progress import Progress
from lms.services.reporting import sexes
from lms.storage import audit, polls, projection
from lms.storage import goals as stored
from lms.storage.cohorts import Cohort
from lms.storage.tables import certificates, events, metadata, tallies, voters
from lms.storage.tables import people as people_table
from tests.conftest import COMPLETED
from tests.web import test_amending
from tests.web.client import Client, page, words
from tests.web.conftest import Clock, add_person, signed_in, site_of
from tests.web.learner import COURSE
from tests.web.statements import statements
from tests.web.test_amending import sent

PAGE = "/staff/indicators"
FORM = f"{COURSE}/evaluation"
group, carla = test_amending.group, test_amending.carla


def works(app: Flask, username: str, country: str, kind: str) -> None:
    with site_of(app).database.writing() as tx:
        place = {"country": country, "institution_type": kind}
        tx.execute(update(people_table).where(people_table.c.username == username).values(**place))


def trained(app: Flask, username: str) -> None:
    """Somebody else who has completed the course, in no group."""
    person = add_person(app, username)
    with site_of(app).database.writing() as tx:
        projection.save(tx, person.id, "demo-course", Progress(completed=COMPLETED))


@pytest.fixture
def eva(app: Flask) -> Client:
    return signed_in(app, "eva", "administrator")


def figures(client: Client, path: str = PAGE) -> list[str]:
    return re.findall(r'class="big">([^<]+)<', client.get(path).get_data(as_text=True))


def test_a_coordinator_counts_her_own_and_an_administrator_everybody(
    app: Flask, group: Cohort, carla: Client, eva: Client, ana: Client
) -> None:
    trained(app, "beto")
    assert figures(carla) == ["1", "1"]
    assert figures(eva) == ["2", "1"]
    assert figures(signed_in(app, "dora", "coordinator")) == ["0", "0"]
    assert figures(carla, f"{PAGE}?cohort={group.id}") == ["1", "1"]
    assert signed_in(app, "fer", "coordinator").get(f"{PAGE}?cohort={group.id}").status_code == 404
    assert ana.get(PAGE).status_code == 403


def test_each_number_leads_to_the_people_behind_it(app: Flask, group: Cohort, carla: Client) -> None:
    works(app, "ana", "GT", "police")
    text = (
        carla.get(f"{PAGE}?cohort={group.id}&from=2026-11-01&to=2026-12-31")
        .get_data(as_text=True)
        .replace("&amp;", "&")
    )
    period = f"cohort={group.id}"
    assert f"/staff/roster?{period}&since=2026-11-01&until=2026-12-31&state=completed" in text
    assert f"/staff/roster?{period}&country=GT&since=2026-11-01&until=2026-12-31&state=completed" in text
    assert f"/staff/roster?course=demo-course&{period}&since=2026-11-01&until=2026-12-31&state=completed" in text
    assert f"/staff/roster?{period}&type=police&since=2026-11-01&until=2026-12-31&state=completed" in text


def test_the_page_says_how_many_certificates_have_no_row(app: Flask, group: Cohort, carla: Client, eva: Client) -> None:
    assert "no tiene fila" not in words(eva.get(PAGE))
    with site_of(app).database.writing() as tx:
        tx.execute(update(certificates).values(learner=None))
    assert figures(eva) == ["1", "1"]
    assert "1 de ellos no tiene fila allí: se borró el nombre de su titular." in words(eva.get(PAGE))
    assert figures(carla) == ["1", "0"] and "no tiene fila" not in words(carla.get(PAGE))


def test_a_quarter_leads_to_its_days_within_the_period(app: Flask, group: Cohort, carla: Client) -> None:
    text = carla.get(f"{PAGE}?from=2026-11-01&to=").get_data(as_text=True).replace("&amp;", "&")
    assert "/staff/roster?since=2026-11-01&until=2026-12-31&state=completed" in text


def test_filters_narrow(app: Flask, group: Cohort, carla: Client) -> None:
    works(app, "ana", "GT", "police")
    for query, people_ in {
        "country=GT": "1",
        "country=none": "0",
        "type=police": "1",
        "type=health": "0",
        "course=demo-course": "1",
        "course=nothing": "1",
        "from=2025-01-01&to=2025-12-31": "0",
        "from=2026-12-31&to=2026-01-01": "1",
        "from=nonsense&to=": "1",
    }.items():
        assert figures(carla, f"{PAGE}?{query}")[0] == people_, query
    told = words(carla.get(f"{PAGE}?type=health"))
    assert "Nadie ha completado un curso con estos filtros" in told


def test_it_speaks_and_draws_for_everybody(app: Flask, group: Cohort, carla: Client) -> None:
    works(app, "ana", "GT", "police")
    text = carla.get(PAGE).get_data(as_text=True)
    assert "style=" not in text and "<style" not in text
    assert text.count('role="img" aria-label="') == 4
    told = words(carla.get(PAGE))
    for part in ("Guatemala", "Policía", "2026, trimestre 4", "Curso de muestra", "Cómo se cuenta"):
        assert part in told, part
    carla.language = "en"
    assert "People trained" in words(carla.get(PAGE))


def test_it_costs_as_many_statements_for_many_people_as_for_one(app: Flask, group: Cohort, eva: Client) -> None:
    eva.get(PAGE)
    with statements(app) as few:
        eva.get(PAGE)
    for n in range(15):
        trained(app, f"persona{n}")
    with statements(app) as many:
        assert figures(eva)[0] == "16"
    assert len(many) == len(few) <= 15, many


def test_the_spreadsheet_has_numbers_and_says_what_it_is(app: Flask, group: Cohort, carla: Client, eva: Client) -> None:
    works(app, "ana", "GT", "police")
    answer = sent(carla, f"{PAGE}.xlsx", cohort=group.id, country="GT")
    assert answer.headers["Cache-Control"] == "no-store"
    book = load_workbook(io.BytesIO(answer.get_data()))
    about = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert about["País"] == "Guatemala" and about["Grupos"] == "Frontera Sur"
    assert isinstance(about["Hecho el"], datetime)
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    assert rows["En total"][1:] == [("Personas capacitadas", 1), ("Certificados", 1)]
    assert rows["Por país"][1:] == [("Guatemala", 1, 1)]
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    with site_of(app).database.reading() as tx:
        line = next(audit.lines(tx))
    assert (line.act, line.subject, line.data["form"]) == ("indicators-taken", group.id, "xlsx")
    assert "Ana" not in str(rows) + str(line)
    assert sent(signed_in(app, "dora", "coordinator"), f"{PAGE}.xlsx", cohort=group.id).status_code == 404


def test_a_donor_gets_one_page(app: Flask, group: Cohort, carla: Client, eva: Client) -> None:
    works(app, "ana", "GT", "police")
    sent(eva, "/staff/goals", measure="people", target="500", year="2026", quarter="0")
    made = PdfReader(io.BytesIO(sent(eva, f"{PAGE}.pdf").get_data()))
    (only,) = made.pages
    told = " ".join(only.extract_text().split())
    for part in (
        "1 de 500",
        "Guatemala",
        "Policía",
        "Personas capacitadas",
        "Curso de muestra",
        "24 de noviembre de 2026",
    ):
        assert part in told, part
    assert made.root_object["/Lang"] == "es"
    (hers,) = PdfReader(io.BytesIO(sent(carla, f"{PAGE}.pdf").get_data())).pages
    assert "Los grupos de una persona que coordina" in " ".join(hers.extract_text().split()), (
        "a donor reads it, not she"
    )


def goal_of(app: Flask) -> stored.Goal:
    with site_of(app).database.reading() as tx:
        (found,) = stored.every(tx)
    return found


@pytest.mark.parametrize("path", [PAGE, "/staff/roster"])
def test_countries_stand_by_name_whatever_the_accent(app: Flask, eva: Client, path: str) -> None:
    for n, country in enumerate(("MX", "MZ", "MA")):
        trained(app, f"persona{n}")
        works(app, f"persona{n}", country, "police")
    found = re.findall(r'<option value="(M[A-Z])"', eva.get(path).get_data(as_text=True))
    assert found == ["MA", "MX", "MZ"], "Marruecos, México, Mozambique"


def test_goals_are_set_held_against_what_there_is_changed_and_deleted(
    app: Flask, group: Cohort, eva: Client, carla: Client
) -> None:
    trained(app, "beto")
    works(app, "ana", "GT", "police")
    assert "500" in eva.get("/staff/goals").get_data(as_text=True), "what the programme wants is proposed"
    form = {"measure": "people", "target": "500", "year": "2026", "quarter": "0", "course": "demo-course"}
    assert sent(eva, "/staff/goals", **form).status_code == 303
    assert "Personas capacitadas · 2026 · Curso de muestra 2 de 500" in words(eva.get("/staff/goals"))
    assert "1 de 500" in words(carla.get(PAGE)), "of the goal what comes from her groups"
    assert sent(eva, "/staff/goals", **{**form, "target": "9" * 5000}).status_code == 400
    path = f"/staff/goals/{goal_of(app).id}"
    changed = page(eva.get(path)).form("/staff/goals/")
    assert eva.send(changed, target="4", quarter="4", type="police", measure="certificates").status_code == 303
    assert "Certificados · 2026, trimestre 4 · Curso de muestra · Policía 1 de 4 · 25 %" in words(
        eva.get("/staff/goals")
    )
    assert sent(eva, f"{path}/delete").status_code == 400
    assert goal_of(app).target == 4
    assert sent(eva, f"{path}/delete", sure="yes").status_code == 303
    assert "Todavía no hay ninguna meta" in words(eva.get("/staff/goals?done=delete"))
    assert sent(eva, f"{path}/delete", sure="yes").status_code == 404
    assert sent(eva, path, **form).status_code == 404
    with site_of(app).database.reading() as tx:
        assert [line.act for line in audit.lines(tx)][:3] == ["goal-deleted", "goal-changed", "goal-set"]
    assert carla.get("/staff/goals").status_code == 403
    assert sent(carla, "/staff/goals", **form).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "x"},
        {"target": "0"},
        {"target": "99999999999"},
        {"target": "-1"},
        {"target": "²"},
        {"year": "1999"},
        {"year": ""},
        {"quarter": "5"},
        {"course": "nothing"},
        {"country": "ZZ"},
        {"type": "x"},
    ],
)
def test_a_goal_that_can_not_be_counted_is_refused(app: Flask, eva: Client, wrong: dict[str, str]) -> None:
    form = {"measure": "people", "target": "500", "year": "2026", "quarter": "0"} | wrong
    answer = sent(eva, "/staff/goals", **form)
    assert answer.status_code == 400
    assert "Elija qué se cuenta" in words(answer)
    with site_of(app).database.reading() as tx:
        assert stored.every(tx) == []


@pytest.fixture
def asking(make_app: object, clock: Clock) -> Flask:
    """The program where a donor needs to know."""
    return make_app(ask_sex=True)  # type: ignore[operator, no-any-return]


def completed(app: Flask, username: str, country: str = "") -> Client:
    client = signed_in(app, username)
    works(app, username, country, "")
    assert client.person
    with site_of(app).database.writing() as tx:
        projection.save(tx, client.person.id, "demo-course", Progress(completed=COMPLETED))
    return client


def test_sex_is_not_asked_unless_it_is_wanted(app: Flask) -> None:
    beto = completed(app, "beto")
    assert 'name="sex"' not in beto.get(FORM).get_data(as_text=True)
    assert sent(beto, FORM, useful="5", sex="man").status_code == 303
    with site_of(app).database.reading() as tx:
        assert polls.beginning(tx, "sex:") == {}
    assert "sexo o género: nadie se los pide" in words(beto.get("/privacy"))


def test_it_is_asked_once_and_not_to_say_comes_first(asking: Flask) -> None:
    beto = completed(asking, "beto", "GT")
    form = beto.form(FORM, "/evaluation")
    assert form.options["sex"] == ["untold", "woman", "man", "other"]
    assert ("sex", "untold") in form.fields
    assert beto.send(form).status_code == 400, "nothing was said"
    assert beto.send(form, sex="man").status_code == 303, "that alone is something"
    with site_of(asking).database.reading() as tx:
        assert polls.beginning(tx, "sex:") == {
            ("demo-course", "sex:2026:course:"): {"woman": 0, "man": 1},
            ("", "sex:2026:quarter:4"): {"woman": 0, "man": 1},
            ("", "sex:2026:country:GT"): {"woman": 0, "man": 1},
            ("", "sex:2026:type:"): {"woman": 0, "man": 1},
        }
        assert not sexes.is_asked(tx, learner=beto.person.id, today=datetime(2026, 12, 31, tzinfo=UTC).date())  # type: ignore[union-attr]
        assert sexes.is_asked(tx, learner=beto.person.id, today=datetime(2027, 1, 1, tzinfo=UTC).date())  # type: ignore[union-attr]
    beto.send(form, sex="woman")
    with site_of(asking).database.reading() as tx:
        assert {(each["woman"], each["man"]) for each in polls.beginning(tx, "sex:").values()} == {(0, 1)}
    assert "Su sexo puede preguntarse" in words(beto.get("/privacy"))


@pytest.mark.parametrize("answer", ["untold", "other"])
def test_what_is_not_said_leaves_no_trace(asking: Flask, answer: str) -> None:
    beto = completed(asking, "beto")
    form = beto.form(FORM, "/evaluation")
    assert beto.send(form, sex=answer, useful="4").status_code == 303
    with site_of(asking).database.reading() as tx:
        assert {tuple(each.values()) for each in polls.beginning(tx, "sex:").values()} == {(0, 0)}
    assert sent(completed(asking, "celia"), FORM, sex="x", useful="5").status_code == 400


def test_no_row_says_what_a_person_answered(asking: Flask) -> None:
    beto = completed(asking, "beto", "GT")
    beto.send(beto.form(FORM, "/evaluation"), sex="man")
    with site_of(asking).database.reading() as tx:
        for table in metadata.sorted_tables:
            if table is not tallies:
                said = " ".join(map(str, tx.execute(select(table)).all()))
                assert not re.search(r"\b(woman|man)\b", said.replace("/", " ")) or table is events, table.name
        assert "woman" not in str(tx.execute(select(events.c.raw)).all())
        assert {row.poll for row in tx.execute(select(voters))} == {"evaluation:1", "sex:2026"}
    assert set(tallies.c.keys()) == {"course", "poll", "option", "n"}


def test_no_column_is_of_anybodys_sex() -> None:
    words_ = re.compile(r"sex|gender|genero|orientation|pronoun|lgbt", re.I)
    assert [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if words_.search(column.name)
    ] == []


def answered(app: Flask, year: int, places: dict[str, tuple[int, int]]) -> None:
    """So many women and men in each country, one course and quarter."""
    total = tuple(map(sum, zip(*places.values(), strict=True)))
    rows = {
        ("demo-course", f"sex:{year}:course:"): total,
        ("", f"sex:{year}:quarter:2"): total,
        ("", f"sex:{year}:type:health"): total,
    }
    rows |= {("", f"sex:{year}:country:{code}"): cells for code, cells in places.items()}
    with site_of(app).database.writing() as tx:
        polls.add_all(
            tx,
            {
                (*place, name): n
                for place, cells in rows.items()
                for name, n in zip(("woman", "man"), cells, strict=True)
            },
        )


def test_a_year_is_published_once_it_is_over_and_nobody_can_be_found(asking: Flask, clock: Clock) -> None:
    eva = signed_in(asking, "eva", "administrator")
    answered(asking, 2026, {"GT": (40, 30), "HN": (12, 21), "SV": (1, 14), "CR": (0, 0)})
    assert "No hay nada que publicar todavía" in words(eva.get(PAGE))
    clock.pass_(days=60)
    eva = signed_in(asking, "eva2", "administrator")
    told = words(eva.get(PAGE))
    assert "Mujeres y hombres, 2026" in told
    assert "Guatemala 40 30 Todos los demás juntos 13 35" in told
    for secret in ("Honduras", "El Salvador"):
        assert secret not in told.partition("Para publicación")[2].partition("Para llevar")[0]
    answered(asking, 2027, {"GT": (9, 90)})
    clock.pass_(days=365)
    assert "Mujeres y hombres, 2027" not in words(signed_in(asking, "eva3", "administrator").get(PAGE))
