"""Everybody and their roles, the same person twice, and erasing, on the staff's pages."""

import re
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import insert
from werkzeug.test import TestResponse

from lms.ids import uuid7
from lms.services.groups import cohorts as groups
from lms.services.people import passphrases
from lms.storage import audit, cohorts, links, people, roll
from lms.storage.cohorts import Cohort
from lms.storage.people import Person
from lms.storage.roll import Work
from lms.storage.tables import notes
from tests.web.client import Client, words
from tests.web.conftest import Clock, add_person, join, signed_in, site_of
from tests.web.statements import statements
from tests.web.test_fresh import PASSPHRASE, confirm, confirmed, with_passphrase

LONG = "tres palabras largas"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def eva(app: Flask) -> Client:
    """Eva, an administrator, who has just typed her passphrase."""
    return confirmed(app, signed_in(app, "eva", "administrator"))


def sent(client: Client, path: str, *more: tuple[str, str], **fields: str) -> TestResponse:
    return client.post(path, [("csrf", client.csrf()), *fields.items(), *more])


def give(client: Client, person: Person, *roles: str) -> TestResponse:
    return sent(client, f"/staff/people/{person.id}/roles", *(("role", each) for each in roles))


def roles_of(app: Flask, person: Person) -> set[str]:
    with site_of(app).database.reading() as tx:
        found = people.by_id(tx, person.id)
    return set(found.roles) if found else set()


def acts(app: Flask) -> list[str]:
    with site_of(app).database.reading() as tx:
        return [each.act for each in audit.lines(tx, newest=False)]


# everybody


def test_the_way_to_every_room(app: Flask, eva: Client) -> None:
    page = eva.get("/staff").get_data(as_text=True)
    for path in re.findall(r'href="(/(?:staff|author)[^"]*)"', page):
        assert eva.get(path).status_code == 200, path
    assert "Administración" in words(eva.get("/"))
    carla = signed_in(app, "carla", "coordinator")
    assert "Administración" not in words(carla.get("/staff/cohorts")) and carla.get("/staff").status_code == 403


def test_everybody_is_found_a_page_at_a_time(app: Flask, eva: Client) -> None:
    add_person(app, "zoé", "coordinator")
    with statements(app) as few:
        assert "2 personas" in words(eva.get("/staff/people"))
    for n in range(60):
        add_person(app, f"persona-{n}")
    with statements(app) as many:
        told = words(eva.get("/staff/people"))
    assert len(many) == len(few) and "62 personas" in told and "1 de 2" in told
    assert "Zoé" in words(eva.get("/staff/people?number=2"))
    found = words(eva.get("/staff/people?q=ZOE&role=coordinator&state=active"))
    assert "1 persona" in found and "Zoé" in found and "Persona-1" not in found
    assert "Nadie coincide con estos filtros" in words(eva.get("/staff/people?q=zoe&role=author"))


# roles


def test_roles_are_given_and_her_session_is_over(app: Flask, eva: Client, ana: Client) -> None:
    assert ana.person
    form = eva.form(f"/staff/people/{ana.person.id}", "/roles")
    assert ("role", "author") not in form.fields
    answer = give(eva, ana.person, "author", "coordinator")
    assert "se cerraron todas las sesiones" in words(eva.get(answer.headers["Location"]))
    assert roles_of(app, ana.person) == {"learner", "author", "coordinator"}
    assert ana.get("/me/profile").status_code == 303
    assert acts(app) == ["role-given", "role-given"]
    assert "No cambió nada" in words(eva.get(give(eva, ana.person, "author", "coordinator").headers["Location"]))
    assert "Autoría" in words(eva.get("/staff/people?q=ana"))


def test_they_take_the_passphrase_first(app: Flask, clock: Clock, ana: Client) -> None:
    assert ana.person
    eva = with_passphrase(app, signed_in(app, "eva", "administrator"))
    assert give(eva, ana.person, "author").headers["Location"].startswith("/me/confirm")
    path = f"/staff/people/{ana.person.id}?open=roles"
    assert all("/roles" not in each.action for each in eva.forms(path))
    answer = confirm(eva, path)
    assert answer.headers["Location"] == f"{path}#page-roles"  # type: ignore[attr-defined]
    assert roles_of(app, ana.person) == {"learner"}


def test_the_last_administrator_stays_and_another_may_go(app: Flask, eva: Client) -> None:
    assert eva.person
    refused = give(eva, eva.person, "author")
    assert refused.status_code == 409 and "Nadie más que pueda entrar administra" in words(refused)
    olga = add_person(app, "olga", "administrator")
    assert give(eva, eva.person, "author").headers["Location"] == "/login"
    assert eva.get("/staff").status_code == 303 and roles_of(app, eva.person) == {"learner", "author"}
    assert roles_of(app, olga) == {"learner", "administrator"}


def test_what_a_second_factor_means_is_said(app: Flask, eva: Client, ana: Client) -> None:
    assert ana.person
    told = words(eva.get(f"/staff/people/{ana.person.id}"))
    assert "Salvo en esta misma computadora" in told and "al menos 12 caracteres" in told


def test_an_account_for_the_staff_is_opened_with_a_code(app: Flask, eva: Client, anybody: Client) -> None:
    path = "/staff/people/new"
    assert "Elija al menos un rol" in words(sent(eva, path, username="olga", display_name="Olga"))
    made = sent(eva, path, ("role", "coordinator"), username="olga", display_name="Olga Ñ")
    code = re.search(r'class="code-box">([\w-]{9})<', made.get_data(as_text=True))
    assert code and made.headers["Cache-Control"] == "no-store"
    again = sent(eva, path, ("role", "coordinator"), username="olga", display_name="Olga Ñ")
    assert again.status_code == 409 and "Ver la cuenta de olga" in words(again)
    form = anybody.form("/recover", "/recover")
    short = anybody.send(form, username="olga", code=code[1], passphrase="ocho1234")
    assert "al menos 12 caracteres" in words(short)
    assert anybody.send(form, username="olga", code=code[1], passphrase=LONG).status_code == 200
    assert anybody.get("/staff/cohorts").status_code in (200, 303)
    assert "account-made" in acts(app)


def test_signed_out_everywhere(app: Flask, eva: Client, ana: Client) -> None:
    assert ana.person and eva.person
    assert ana.get("/me/profile").status_code == 200
    assert sent(eva, f"/staff/people/{ana.person.id}/sign-out").status_code == 303
    assert ana.get("/me/profile").status_code == 303 and acts(app) == ["person-signed-out"]
    assert sent(eva, f"/staff/people/{eva.person.id}/sign-out").status_code == 409


def test_a_coordinator_sees_no_roles(app: Flask, coordinator: Client, ana: Client) -> None:
    assert ana.person
    page = coordinator.get(f"/staff/people/{ana.person.id}").get_data(as_text=True)
    assert "/roles" not in page and "/erase" not in page and "/sign-out" in page and "/same" in page


# the same person twice


@pytest.fixture
def twin(app: Flask, ana: Client) -> Person:
    """Ana again, at her institution, in no group."""
    found = add_person(app, "ána")
    with site_of(app).database.writing() as tx:
        roll.set_work(tx, found.id, Work(institution="Cruz Verde", phone="+502 5555 0101"))
    return found


def test_two_accounts_are_held_side_by_side_linked_and_unlinked(
    app: Flask, eva: Client, ana: Client, cohort: Cohort, twin: Person
) -> None:
    assert ana.person
    assert "ána" in words(eva.get("/staff/same"))
    here = f"/staff/people/{ana.person.id}/same"
    assert f"{here}/{twin.id}" in eva.get(here).get_data(as_text=True), "it is likely"
    assert f"{here}/{twin.id}" in eva.get(f"{here}?q=ANA").get_data(as_text=True)
    told = words(eva.get(f"{here}/{twin.id}"))
    assert "Cruz Verde" in told and "Frontera Sur" in told and "+502 5555 0101" in told
    answer = sent(eva, f"{here}/{twin.id}", counts=twin.id)
    assert "cuentan como una sola persona" in words(eva.get(answer.headers["Location"]))
    with site_of(app).database.reading() as tx:
        assert links.all_of(tx, ana.person.id) == (twin.id, ana.person.id)
    for path in (f"{here}/{twin.id}", f"/staff/people/{twin.id}/same/{ana.person.id}"):
        assert eva.get(path).status_code == 409 and sent(eva, path).status_code == 409
    assert "No hay dos cuentas" in words(eva.get("/staff/same"))
    unlink = eva.form(f"/staff/people/{twin.id}/same", "/unlink")
    assert eva.send(unlink).headers["Location"] == f"/staff/people/{twin.id}/same?done=unlinked"
    assert eva.send(unlink).status_code == 409
    assert acts(app)[-2:] == ["people-linked", "people-unlinked"]


def test_a_coordinator_links_only_whom_she_looks_after(
    app: Flask, coordinator: Client, ana: Client, cohort: Cohort, twin: Person
) -> None:
    assert ana.person
    here = f"/staff/people/{ana.person.id}/same"
    assert "ána" not in words(coordinator.get(f"{here}?q=ana"))
    for path in (f"{here}/{twin.id}", f"/staff/people/{twin.id}/same"):
        assert coordinator.get(path).status_code == 404
    assert sent(coordinator, f"{here}/{twin.id}").status_code == 404
    join(app, cohort, Client(app, twin))
    assert "ána" in words(coordinator.get("/staff/same"))
    assert sent(coordinator, f"{here}/{twin.id}").status_code == 303
    hidden = add_person(app, "hidden")
    with site_of(app).database.writing() as tx:
        links.add(tx, person=ana.person.id, same_as=hidden.id, now=site_of(app).clock())
    page = coordinator.get(here)
    assert "Hay 1 cuenta más" in words(page) and "Hidden" not in words(page)
    assert sent(coordinator, f"/staff/people/{ana.person.id}/unlink").status_code == 409
    third = add_person(app, "third")
    join(app, cohort, Client(app, third))
    refused = sent(coordinator, f"{here}/{third.id}")
    assert refused.status_code == 409 and "no está en ninguno de sus grupos" in words(refused)


def test_only_what_belongs_to_her_groups_stands_beside(
    app: Flask, coordinator: Client, holder: Client, cohort: Cohort
) -> None:
    assert holder.person
    site = site_of(app)
    beto = add_person(app, "beto")
    join(app, cohort, Client(app, beto))
    path = f"/staff/people/{beto.id}/same/{holder.person.id}"
    assert "completado el" in words(coordinator.get(path))
    with site.database.writing() as tx:
        other = groups.create(tx, site.pen, name="Secreto", courses=["demo-course"], cap=9, days=9, now=site.clock())
        cohorts.change(tx, replace(cohort, courses=("another",)))
    join(app, other, holder)
    told = words(coordinator.get(path))
    assert "Secreto" not in told and "completado el" not in told and "-E" not in told.replace("E-", "")


def test_suggestions_take_as_many_statements_for_many(app: Flask, eva: Client) -> None:
    with statements(app) as few:
        eva.get("/staff/same")
    for n in range(8):
        one, other = add_person(app, f"doble{n}"), add_person(app, f"otra{n}")
        with site_of(app).database.writing() as tx:
            for each in (one, other):
                people.set_profile(tx, each.id, display_name=f"Rosa {n}", language=None)
    with statements(app) as many:
        assert "Rosa 7" in words(eva.get("/staff/same"))
    assert len(many) == len(few)


# erased


def test_somebody_is_erased_at_her_wish(app: Flask, eva: Client, holder: Client, cohort: Cohort, clock: Clock) -> None:
    assert holder.person
    path, site = f"/staff/people/{holder.person.id}/erase", site_of(app)
    with site.database.writing() as tx:
        people.set_profile(tx, holder.person.id, display_name="Canaria Ñuñez Única", language=None)
        kept = {
            "id": uuid7(),
            "learner": holder.person.id,
            "body": "canario",
            "made_at": clock(),
            "changed_at": clock(),
        }
        tx.execute(insert(notes).values(course="demo-course", module="m-uno", anchor="", **kept))
    told = words(eva.get(path))
    assert "1 certificado pierde aquí el nombre" in told and "1 cosa que solo esa persona ve" in told
    assert "Su lugar en 1 grupo" in told and "canario" not in told
    refused = sent(eva, path, username="eva")
    assert refused.status_code == 400 and "No se borró nada" in words(refused)
    answer = sent(eva, path, username=" ANA ")
    assert answer.headers["Location"] == "/staff/people?erased=yes"
    assert "copias de seguridad" in words(eva.get(answer.headers["Location"]))
    assert eva.get(path).status_code == 404 and sent(eva, path, username="ana").status_code == 404
    assert holder.get("/me/profile").status_code == 303 and acts(app)[-1] == "person-erased"
    file = site.settings.instance / "vereda.sqlite"
    content = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert not [text for text in ("Canaria", "canaria nunez", "canario") if text.encode() in content]


def test_it_takes_the_passphrase_and_nobody_of_the_staff_is(app: Flask, ana: Client) -> None:
    assert ana.person
    eva = with_passphrase(app, signed_in(app, "eva", "administrator"))
    assert eva.person
    path = f"/staff/people/{ana.person.id}/erase"
    assert sent(eva, path, username="ana").headers["Location"].startswith("/me/confirm")
    confirm(eva, path)
    hers = f"/staff/people/{eva.person.id}/erase"
    assert all("/erase" not in form.action for form in eva.forms(hers))
    assert sent(eva, hers, username="eva").status_code == 409
    assert roles_of(app, ana.person) == {"learner"} and PASSPHRASE
