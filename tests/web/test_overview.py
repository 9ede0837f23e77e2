"""A group at a glance: progress, who needs a call, the list to print and the messages to copy."""

import html
import re
import shutil
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from flask import Flask

from lms.i18n import Reader
from lms.learning.progress import Progress
from lms.learning.standing import Standing
from lms.learning.stuck import Facts, outlook
from lms.services.groups import cohorts as groups
from lms.services.reporting.overview import Row
from lms.services.running.publish import publish
from lms.storage import cohorts, people, projection
from lms.storage.cohorts import Cohort
from lms.storage.members import Member
from lms.web.staff import outreach
from tests.conftest import NOW
from tests.phone import granted
from tests.web import learner
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, Clock, again, join, signed_in, site_of
from tests.web.statements import statements
from tests.web.test_fresh import cheap_hash, confirmed  # noqa: F401


def here(cohort: Cohort, page: str = "") -> str:
    return f"/staff/cohorts/{cohort.id}{page}"


def test_a_coordinator_comes_from_her_groups_to_one_at_a_glance(cohort: Cohort, coordinator: Client) -> None:
    told = coordinator.get("/staff/cohorts").get_data(as_text=True)
    assert f'href="{here(cohort)}"' in told
    answer = coordinator.get(here(cohort))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Frontera Sur" in words(answer) and "Nadie necesita una llamada" in words(answer)
    assert "1 no ha empezado" in words(answer) and "avanza" not in words(answer), "nobody goes on who has not begun"
    assert "1 persona no necesita una llamada por ahora" in words(answer)
    for path in (here(cohort), here(cohort, "/certificates")):
        page = coordinator.get(path).get_data(as_text=True)
        assert re.findall(r'href="([^"]+)" aria-current="page"', page) == [path]


def test_others_do_not_see_it(app: Flask, cohort: Cohort, ana: Client) -> None:
    other = confirmed(app, signed_in(app, "dora", "coordinator"))
    for page in ("", "/calls", "/messages"):
        assert other.get(here(cohort, page)).status_code == 404
        assert ana.get(here(cohort, page)).status_code == 403
        eva = confirmed(app, signed_in(app, "eva" + page[1:3], "administrator"))
        assert eva.get(here(cohort, page)).status_code == 200


def test_lists_that_bear_names_and_telephones_ask_for_the_passphrase(
    app: Flask, cohort: Cohort, coordinator: Client
) -> None:
    for page in ("/calls", "/messages"):
        asked = coordinator.get(here(cohort, f"{page}?course=demo-course"))
        assert asked.status_code == 303
        assert asked.headers["Location"] == f"/me/confirm?next={here(cohort, page)}?course%3Ddemo-course"
    confirmed(app, coordinator)
    assert "Nadie necesita una llamada" in words(coordinator.get(here(cohort, "/calls")))


def test_a_large_group_is_shown_a_page_at_a_time_and_whoever_needs_a_call_first(
    app: Flask, cohort: Cohort, coordinator: Client, ana: Client, clock: Clock
) -> None:
    for n in range(60):
        join(app, cohort, signed_in(app, f"persona{n:02}"))
    clock.pass_(days=12)
    for n in range(55):
        person = people_of(app, f"persona{n:02}")
        with site_of(app).database.writing() as tx:
            projection.save(tx, person, "demo-course", Progress(enrolled=True, first=said(clock), last=said(clock)))
    confirmed(app, again(app, coordinator))
    page = coordinator.get(here(cohort)).get_data(as_text=True)
    matrix = re.findall(r'<th scope="row">(\w+)', page.partition("<tbody>")[2].partition("</tbody>")[0])
    assert len(matrix) == 50 and matrix[:6] == ["Ana", *(f"Persona{n}" for n in range(55, 60))]
    assert "61 personas" in words(coordinator.get(here(cohort))) and "6 personas necesitan una llamada" in page
    second = coordinator.get(here(cohort, "?number=2")).get_data(as_text=True)
    assert "Persona54" in second and "Ana" not in second.partition("<tbody>")[2]
    assert all("55 personas no necesitan una llamada por ahora" in each for each in (page, second)), (
        "on whatever page they are"
    )
    assert "6 personas necesitan una llamada" in second and "Están en las páginas anteriores" in second
    calls = words(coordinator.get(here(cohort, "/calls")))
    assert "Ana" in calls and "Persona59" in calls
    assert len(messages(coordinator.get(here(cohort, "/messages")).get_data(as_text=True))) == 51
    assert len(messages(coordinator.get(here(cohort, "/messages?number=2")).get_data(as_text=True))) == 12
    with statements(app) as one:
        coordinator.get(here(cohort))
    assert len(one) <= 12


def people_of(app: Flask, username: str) -> str:
    with site_of(app).database.reading() as tx:
        found = people.by_username(tx, username)
    assert found
    return found.id


def said(clock: Clock) -> str:
    return clock().isoformat()


def test_who_is_stuck_and_why_until_she_goes_on(
    app: Flask, cohort: Cohort, coordinator: Client, ana: Client, clock: Clock
) -> None:
    clock.pass_(days=12)
    told = words(again(app, coordinator).get(here(cohort)))
    assert "1 persona necesita una llamada Ana no ha empezado (se unió hace 12 días)" in told
    learner.finish(again(app, ana), "m-dos")
    told = words(coordinator.get(here(cohort)))
    assert "Nadie necesita una llamada" in told and "Ana falta 1 módulo y la prueba final" in told


def test_each_module_has_its_mark_in_words(app: Flask, cohort: Cohort, coordinator: Client, ana: Client) -> None:
    learner.finish(ana, "m-dos")
    rows = re.findall(r"<tr.*?</tr>", coordinator.get(here(cohort)).get_data(as_text=True), re.DOTALL)
    mine = next(row for row in rows if ">Ana<" in row)
    assert re.findall(r'<span class="hidden">(.*?)</span>', mine) == ["Todavía no", "Terminado", "Todavía no"]


def test_as_many_statements_for_forty_people_as_for_one(
    app: Flask, cohort: Cohort, coordinator: Client, ana: Client
) -> None:
    def asked() -> dict[str, int]:
        counts = {}
        for page in ("", "/calls", "/messages"):
            with statements(app) as said:
                assert coordinator.get(here(cohort, page)).status_code == 200
            counts[page] = len(said)
        return counts

    learner.finish(ana, "m-dos")
    confirmed(app, coordinator)
    asked()
    one = asked()
    for n in range(39):
        who = signed_in(app, f"persona{n}")
        join(app, cohort, who)
        if n % 3 == 0:
            learner.finish(who, "m-dos")
    assert "40 personas" in words(coordinator.get(here(cohort)))
    assert asked() == one


def test_the_list_of_calls_has_what_is_needed_to_call(
    app: Flask, cohort: Cohort, coordinator: Client, clock: Clock
) -> None:
    confirmed(app, coordinator)
    assert "Nadie necesita una llamada" in words(coordinator.get(here(cohort, "/calls")))
    with site_of(app).database.writing() as tx:
        tx.exec_driver_sql(
            "UPDATE people SET institution = 'Consulado', phone = '+502 5555 0101' WHERE username = 'ana'"
        )
    clock.pass_(days=8)
    told = words(confirmed(app, again(app, coordinator)).get(here(cohort, "/calls")))
    assert "Ana Consulado +502 5555 0101 no ha empezado (se unió hace 8 días)" in told


def test_of_whoever_has_a_phone_it_says_that_nothing_came_and_asks_for_it(
    app: Flask, cohort: Cohort, coordinator: Client, ana: Client, clock: Clock
) -> None:
    granted(app, ana)
    confirmed(app, coordinator)
    clock.pass_(days=8)
    coordinator = confirmed(app, again(app, coordinator))
    told = words(coordinator.get(here(cohort)))
    assert "Ana lleva cursos en un teléfono que todavía no ha enviado nada" in told
    assert "no ha empezado (" not in told and "pueden haber avanzado más" in told
    (_common, to_ana) = messages(coordinator.get(here(cohort, "/messages")).get_data(as_text=True))
    assert "abra una vez la página de los cursos donde haya red" in to_ana
    assert "falta" not in to_ana, "what is left by what has come may be done already"


def messages(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]


def test_messages_are_in_each_persons_language_and_name_no_sensitive_course(
    app: Flask, cohort: Cohort, coordinator: Client, ana: Client, tmp_path: Path
) -> None:
    folder = shutil.copytree(SAMPLE, tmp_path / "demo-course")
    with (folder / "course.yml").open("a", encoding="utf-8") as file:
        file.write("sensitive: true\npublic_title: {es: Curso 7, en: Course 7}\n")
    publish(site_of(app).database, folder, position=0, now=NOW)
    beto = signed_in(app, "beto")
    join(app, cohort, beto)
    assert beto.send(beto.form("/me/profile", "/me/profile"), language="en").status_code == 303
    page = confirmed(app, coordinator).get(here(cohort, "/messages")).get_data(as_text=True)
    common_es, common_en, to_ana, to_beto = messages(page)
    assert "solo funciona en esta computadora" in page
    assert "Curso 7" in common_es and "Course 7" in common_en
    assert "Hola, Ana" in to_ana and "Curso 7" in to_ana and "Hello, Beto" in to_beto and "Course 7" in to_beto
    for text in (common_es, common_en, to_ana, to_beto):
        assert "muestra" not in text and "ample" not in text and "demo-course" not in text
        assert text.endswith("http://localhost/")
    assert "Ana" not in common_es
    assert "Curso de muestra" not in words(coordinator.get(here(cohort, "/calls")))


def test_nobody_is_asked_to_go_on_whose_account_is_closed(app: Flask, cohort: Cohort, coordinator: Client) -> None:
    path = here(cohort, "/messages")
    assert "Hola, Ana" in words(confirmed(app, coordinator).get(path))
    with site_of(app).database.writing() as tx:
        people.set_active(tx, people_of(app, "ana"), False)
    told = coordinator.get(path)
    assert told.status_code == 200 and "Hola, Ana" not in words(told)


@pytest.mark.parametrize("certified", [True, False])
def test_whoever_has_completed_it_is_told_of_a_certificate_where_there_is_one(app: Flask, certified: bool) -> None:
    with site_of(app).database.reading() as tx:
        release = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert release
    course = release.course if certified else replace(release.course, certificate="")
    member = Member(
        id="x", name="Ana", institution="", phone="", language="es", active=True, consent="", joined_at=NOW
    )  # fmt: skip
    complete = Standing(modules=(), complete=True, met=True)
    done = Row(
        member=member, standing=complete, cells=(), last=NOW, outlook=outlook(Facts(standing=complete, joined=NOW, last=NOW), now=NOW)
    )  # fmt: skip
    text = outreach.personal(done, course, Reader("es", UTC), program="Vereda", url="http://here/").text
    assert "Ya lo completó: ¡felicitaciones!" in text and ("Su certificado está en su cuenta." in text) is certified


def test_a_group_without_people_or_without_a_published_course_says_so(app: Flask, coordinator: Client) -> None:
    site = site_of(app)
    assert coordinator.person
    with site.database.writing() as tx:
        made = groups.create(tx, site.pen, name="Nuevo", courses=["demo-course"], cap=5, days=9, now=site.clock())
        cohorts.assign(tx, made.id, coordinator.person.id)
        gone = replace(made, id="x" * 36, code="OTHER", name="Otro", courses=("gone",))
        cohorts.add(tx, gone, now=site.clock())
        cohorts.assign(tx, gone.id, coordinator.person.id)
    assert "Nadie se ha unido todavía a este grupo" in words(coordinator.get(here(made)))
    assert "Ninguno de los cursos de este grupo" in words(coordinator.get(here(gone)))
    confirmed(app, coordinator)
    for page in ("/calls", "/messages"):
        for cohort in (made, gone):
            assert coordinator.get(here(cohort, page)).status_code == 200
