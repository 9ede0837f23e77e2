"""People of a group on the staff's pages: imported, given a way in, reset, deactivated; what they see of it."""

import csv
import io
import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from lms.ids import uuid7
from lms.services.common import staff_acts
from lms.services.groups import cohorts as groups
from lms.services.people import passphrases
from lms.storage import audit, cohorts, people, roll
from lms.storage.cohorts import Cohort
from lms.storage.roll import Account
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.statements import statements
from tests.web.test_fresh import confirmed

LIST = "usuario,nombre,id,institución,tipo,país\nrosa,Rosa <Ixchel>,H-1,Cruz Verde,Salud,Honduras\nzoe,Zoé,H-2,,,\n"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def group(app: Flask) -> Cohort:
    site = site_of(app)
    with site.database.writing() as tx:
        return groups.create(tx, site.pen, name="Sur", courses=["demo-course"], cap=9, days=9, now=site.clock())


@pytest.fixture
def carla(app: Flask, group: Cohort) -> Client:
    """Carla, who looks after it and has just typed her passphrase."""
    found = signed_in(app, "carla", "coordinator")
    assert found.person
    with site_of(app).database.writing() as tx:
        cohorts.assign(tx, group.id, found.person.id)
    return confirmed(app, found)


@pytest.fixture
def member(app: Flask, group: Cohort, ana: Client) -> Client:
    """Ana, in the group."""
    assert ana.person
    with site_of(app).database.writing() as tx:
        groups.join(tx, site_of(app).pen, person=ana.person.id, code=group.code, now=site_of(app).clock())
    return ana


def sent(client: Client, path: str, **fields: str) -> TestResponse:
    return client.post(path, [("csrf", client.csrf()), *fields.items()])


def upload(client: Client, group: Cohort, content: bytes | str = LIST) -> TestResponse:
    """What comes back after sending that file."""
    raw = content.encode() if isinstance(content, str) else content
    data = {"csrf": client.csrf(), "file": (io.BytesIO(raw), "lista.csv")}
    return client.browser.post(f"/staff/cohorts/{group.id}/import", data=data, headers={"Accept-Language": "es"})


def mark(answer: TestResponse) -> str:
    found = re.search(r'name="mark" value="(\w+)"', answer.get_data(as_text=True))
    assert found, words(answer)
    return found[1]


def imported(client: Client, group: Cohort, content: bytes | str = LIST) -> TestResponse:
    looked = upload(client, group, content)
    return sent(client, f"/staff/cohorts/{group.id}/import/confirm", mark=mark(looked))


def inside(app: Flask, group: Cohort) -> dict[str, Account]:
    with site_of(app).database.reading() as tx:
        return {each.username: each for each in roll.of_cohort(tx, group.id)}


def acts(app: Flask) -> list[str]:
    with site_of(app).database.reading() as tx:
        return [each.act for each in audit.lines(tx, newest=False)]


# imported


def test_a_list_is_looked_at_first_and_imported_once_it_is_confirmed(app: Flask, carla: Client, group: Cohort) -> None:
    looked = upload(carla, group, LIST + ",Sin nada,,,,\n")
    told = words(looked)
    assert (
        "Nuevas 2" in told
        and "Con errores, se omiten 1" in told
        and "Fila" in told
        and "no hay usuario ni ID" in told.lower()
    ) or "No hay usuario ni ID" in told
    assert "Rosa &lt;Ixchel&gt; (rosa)" in looked.get_data(as_text=True)
    assert inside(app, group) == {}
    done = sent(carla, f"/staff/cohorts/{group.id}/import/confirm", mark=mark(looked))
    assert done.status_code == 303
    told = words(carla.get(done.headers["Location"]))
    assert "Importado: nuevas 2, cambiadas 0, sin cambios 0, omitidas 1." in told, "the row that could not be read too"
    assert "2 personas aún no tienen cómo entrar" in told and "Salud · Honduras" in told
    again = sent(carla, f"/staff/cohorts/{group.id}/import/confirm", mark=mark(looked))
    assert again.status_code == 409 and "ya no está en espera" in words(again)
    assert set(inside(app, group)) == {"rosa", "zoe"}
    with site_of(app).database.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM drafts").scalar() == 0


def test_what_is_confirmed_is_what_was_shown_last(app: Flask, carla: Client, group: Cohort, clock: Clock) -> None:
    old = mark(upload(carla, group))
    new = mark(upload(carla, group, "usuario,nombre\nmax,Max\n"))
    path = f"/staff/cohorts/{group.id}/import/confirm"
    assert sent(carla, path, mark=old).status_code == 409
    assert sent(carla, path, mark="").status_code == 409
    clock.pass_(minutes=10)
    assert sent(carla, path, mark=new).status_code == 303
    assert set(inside(app, group)) == {"max"}


def test_changes_are_shown_and_nothing_to_do_is_said(app: Flask, carla: Client, group: Cohort) -> None:
    imported(carla, group)
    told = words(upload(carla, group, "id,institución,color\nH-1,Cruz Roja,red\n"))
    assert "Institución: Cruz Verde → Cruz Roja" in told and "se omiten: color" in told
    assert "No hay nada que importar" in words(upload(carla, group))
    assert "No hay nada que se pueda importar" in words(upload(carla, group, "usuario\nnadie\n"))
    many = "usuario,nombre\n" + "".join(f"p{n},Persona\n" for n in range(10, 20))
    full = upload(carla, group, many)
    assert "En el grupo caben 7 personas más y la lista trae 10" in words(full)
    assert 'name="mark"' not in full.get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 400, "Elija antes un archivo"),
        (b"hola\n", 400, "tiene que nombrar las columnas"),
        (b"PK\x03\x04", 400, "no se puede leer como una lista"),
        (b"ID\n" + b"1\n" * 2001, 413, "2000 filas"),
        (b"ID\n" + b"1" * 1024 * 1024, 413, "como máximo 1 MB"),
        (b"ID\n" + b"1" * 1200 * 1024, 413, "demasiado grande"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    carla: Client, group: Cohort, content: bytes, status: int, said: str
) -> None:
    answer = upload(carla, group, content)
    assert (answer.status_code, said in words(answer)) == (status, True), words(answer)


def test_only_this_form_takes_so_much(carla: Client) -> None:
    big = {"csrf": carla.csrf(), "file": (io.BytesIO(b"x" * 1024 * 1024), "x")}
    assert carla.browser.post("/staff/cohorts/new", data=big).status_code == 413


def test_the_list_that_is_downloaded_imports_without_a_change(
    app: Flask, carla: Client, group: Cohort, member: Client
) -> None:
    imported(carla, group, LIST + 'max,"\'=HYPERLINK(1)",,,,\n')
    answer = sent(carla, f"/staff/cohorts/{group.id}/people.csv", reason="Lista de llamadas")
    assert (
        answer.headers["Content-Disposition"].startswith("attachment") and answer.headers["Cache-Control"] == "no-store"
    )
    rows = list(csv.reader(answer.get_data().decode("utf-8-sig").splitlines()))
    assert rows[0][:3] == ["Nombre de usuario", "Nombre", "ID"] and len(rows) == 5
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    told = words(upload(carla, group, answer.get_data()))
    assert "Sin cambios 4" in told and "No hay nada que importar" in told
    assert acts(app)[-1] == "people-taken"
    with site_of(app).database.reading() as tx:
        assert dict(next(audit.lines(tx)).data) == {"n": 4, "reason": "Lista de llamadas"}


def test_the_list_is_not_downloaded_without_passphrase_or_reason(
    app: Flask, carla: Client, group: Cohort, member: Client, clock: Clock
) -> None:
    clock.pass_(minutes=5)
    page, path = f"/staff/cohorts/{group.id}/people", f"/staff/cohorts/{group.id}/people.csv"
    assert "Escriba de nuevo su contraseña" in words(carla.get(page)) and path not in carla.get(page).get_data(
        as_text=True
    )
    late = sent(carla, path, reason="Informe")
    assert late.status_code == 303 and late.headers["Location"].startswith("/me/confirm")
    confirmed(app, carla)
    for reason in ("", " ", "x" * 201):
        refused = sent(carla, path, reason=reason)
        assert refused.status_code == 400 and 'role="alert"' in refused.get_data(as_text=True)
    assert "people-taken" not in acts(app)
    assert carla.send(carla.form(page, path), reason="Informe").mimetype == "text/csv"


# ways in


def test_slips_are_shown_once_and_the_passphrase_is_changed_at_first(app: Flask, carla: Client, group: Cohort) -> None:
    imported(carla, group)
    path = f"/staff/cohorts/{group.id}/passphrases"
    answer = sent(carla, path, at="http://192.168.4.1:8000")
    assert answer.headers["Cache-Control"] == "no-store"
    told = words(answer)
    found = re.search(
        r"Nombre de usuario: rosa Contraseña para la primera vez: ([a-zñáéíóúü]+ [a-zñáéíóúü]+ [a-zñáéíóúü]+)", told
    )
    assert found and "http://192.168.4.1:8000" in told
    assert "Nadie de este grupo espera una contraseña" in words(sent(carla, path))
    rosa = Client(app)
    first = rosa.send(rosa.form("/login", "/login"), username="rosa", passphrase=found[1])
    assert first.status_code == 303
    assert rosa.get("/me/learning").headers["Location"] == "/me/passphrase"
    page = words(carla.get(f"/staff/cohorts/{group.id}/people"))
    assert "2 personas recibieron una contraseña y no han entrado" in page
    assert "rosa" in words(sent(carla, path, again="yes")) and acts(app)[-1] == "passphrases-given"


def test_cards_let_in_from_the_fragment_or_typed(app: Flask, carla: Client, group: Cohort) -> None:
    imported(carla, group)
    answer = sent(carla, f"/staff/cohorts/{group.id}/cards", at="http://192.168.4.1:8000")
    text, told = answer.get_data(as_text=True), words(answer)
    assert text.count('<svg class="qr"') == 2 and "slips-apart" in text
    card = re.search(r"Rosa <Ixchel> http://192.168.4.1:8000/card ((?:\w{5}-){5}\w)", told)
    pin = re.search(r"Rosa <Ixchel> PIN : (\d{6})|Rosa <Ixchel> PIN: (\d{6})", told)
    assert card and pin, told
    rosa = Client(app)
    form = rosa.form("/card", "/card")
    assert "data-card" in rosa.get("/card").get_data(as_text=True)
    wrong = rosa.send(form, card=card[1], pin="000001")
    assert wrong.status_code == 401 and f'value="{card[1]}"' in wrong.get_data(as_text=True)
    assert rosa.send(form, card=card[1].lower(), pin=pin[1] or pin[2]).status_code == 303
    assert "Mi cuenta" in words(rosa.get("/me/learning")) or rosa.get("/me/learning").status_code == 303
    assert rosa.get("/card").status_code == 303
    assert "Todas las personas de este grupo tienen tarjeta" in words(sent(carla, f"/staff/cohorts/{group.id}/cards"))


def test_nothing_that_lets_in_is_made_without_the_passphrase(
    app: Flask, carla: Client, group: Cohort, member: Client, clock: Clock
) -> None:
    imported(carla, group)
    clock.pass_(minutes=5)
    assert member.person
    here, hers = f"/staff/cohorts/{group.id}", f"/staff/people/{member.person.id}"
    done = acts(app)
    for page, paths in (
        (f"{here}/people", (f"{here}/passphrases", f"{here}/cards")),
        (hers, (f"{hers}/reset", f"{hers}/card")),
    ):
        told = carla.get(page).get_data(as_text=True)
        assert f'href="/me/confirm?next={page}"' in told and "Escribir mi contraseña" in told
        for path in paths:
            assert f'action="{path}"' not in told
            late = sent(carla, path)
            assert late.status_code == 303 and late.headers["Location"].startswith("/me/confirm")
    assert acts(app) == done
    confirmed(app, carla)
    assert f'action="{here}/passphrases"' in carla.get(f"{here}/people").get_data(as_text=True)
    assert f'action="{hers}/reset"' in carla.get(hers).get_data(as_text=True)


def test_a_code_is_given_used_and_seen(app: Flask, carla: Client, group: Cohort, member: Client) -> None:
    assert member.person
    page = f"/staff/people/{member.person.id}"
    assert "Ana" in words(carla.get(page)) and "Sur" in words(carla.get(page))
    answer = sent(carla, f"{page}/reset")
    found = re.search(r'code-box">(\w{4}-\w{4})<', answer.get_data(as_text=True))
    assert found and answer.headers["Cache-Control"] == "no-store"
    assert found[1] not in words(carla.get(page))
    other = Client(app)
    form = other.form("/recover", "/recover")
    back = other.send(form, username="ana", code=found[1], passphrase="otras palabras nuevas")
    assert back.status_code == 200 and 'href="/me/access?next=/"' in back.get_data(as_text=True)
    assert member.get("/me/learning").status_code == 303  # her other session is over
    told = words(other.get("/me/access?next=/"))
    assert "Carla le dio una nueva forma de entrar" in told and "24/11/2026" in told
    again = Client(app)
    signing = again.send(again.form("/login", "/login"), username="ana", passphrase="otras palabras nuevas")
    assert signing.headers["Location"].startswith("/me/access?next=")
    assert sent(other, "/me/access", next="/me/learning").headers["Location"] == "/me/learning"
    assert other.get("/me/access?next=/about").headers["Location"] == "/about"
    last = Client(app)
    signing = last.send(last.form("/login", "/login"), username="ana", passphrase="otras palabras nuevas")
    assert signing.headers["Location"] == "/"


def test_a_person_gets_a_card_with_her_own_pin_and_it_is_voided(
    app: Flask, carla: Client, group: Cohort, member: Client
) -> None:
    assert member.person
    page = f"/staff/people/{member.person.id}"
    wrong = sent(carla, f"{page}/card", pin="1234")
    assert (
        wrong.status_code == 400
        and "de 4 a 6 cifras" in words(wrong)
        and "<details open>" in wrong.get_data(as_text=True)
    )
    assert sent(carla, f"{page}/card", pin="2580", cohort=uuid7()).status_code == 404, "a group that she has no more"
    assert "Tiene tarjeta de acceso" not in words(carla.get(page)), "no card is made that nobody sees"
    assert "solo funciona en esta computadora" in words(carla.get(page)), "said before the card is made"
    made = words(sent(carla, f"{page}/card", pin="2580", cohort=group.id, at="http://192.168.4.1:8000"))
    assert "http://192.168.4.1:8000/card" in made and "a sí mismo" not in made
    assert "2580" in made and "Ana" in made
    assert "Tiene tarjeta de acceso" in words(carla.get(page))
    assert sent(carla, f"{page}/void").status_code == 303
    assert "Tiene tarjeta de acceso" not in words(carla.get(page))
    assert acts(app)[-2:] == ["cards-made", "cards-voided"]


def test_an_account_is_deactivated_and_active_again(app: Flask, carla: Client, group: Cohort, member: Client) -> None:
    assert member.person
    page = f"/staff/people/{member.person.id}"
    assert member.get("/me/learning").status_code == 200
    assert sent(carla, f"{page}/deactivate").status_code == 303
    assert member.get("/me/learning").status_code == 303
    assert "Desactivada" in words(carla.get(page)) and "Olvidó su contraseña" not in words(carla.get(page))
    refused = sent(carla, f"{page}/reset")
    assert refused.status_code == 409
    assert sent(carla, f"{page}/reactivate").status_code == 303
    assert "Desactivada" not in words(carla.get(page))


def test_others_reach_nobody(app: Flask, carla: Client, group: Cohort, member: Client) -> None:
    assert member.person and carla.person
    dora = signed_in(app, "dora", "coordinator")
    confirmed(app, dora)
    page, of_group = f"/staff/people/{member.person.id}", f"/staff/cohorts/{group.id}"
    assert (dora.get(page).status_code, member.get(page).status_code) == (404, 403)
    assert dora.get(f"{of_group}/import").status_code == 404
    assert upload(dora, group).status_code == 404
    for path in (
        *(f"{page}/{part}" for part in ("reset", "card", "void", "deactivate", "reactivate")),
        *(f"{of_group}/{part}" for part in ("import/confirm", "people.csv", "passphrases", "cards")),
    ):
        assert sent(dora, path).status_code == 404, path
        assert sent(member, path).status_code == 403, path
    with site_of(app).database.writing() as tx:
        groups.join(tx, site_of(app).pen, person=carla.person.id, code=group.code, now=site_of(app).clock())
    mine = f"/staff/people/{carla.person.id}"
    assert "Desactivar" not in words(carla.get(mine))
    assert sent(carla, f"{mine}/deactivate").status_code == 409
    with site_of(app).database.reading() as tx:
        assert people.by_id(tx, member.person.id).active  # type: ignore[union-attr]


def test_a_group_of_forty_costs_no_statement_each(app: Flask, carla: Client, group: Cohort) -> None:
    with site_of(app).database.writing() as tx:
        tx.exec_driver_sql("UPDATE cohorts SET cap = 100")
    path = f"/staff/cohorts/{group.id}/people"
    carla.get(path)
    with statements(app) as empty:
        carla.get(path)
    imported(carla, group, "usuario,nombre\n" + "".join(f"p{n},Persona {n}\n" for n in range(10, 50)))
    with statements(app) as full:
        assert words(carla.get(path)).count("Persona") > 40
    assert len(full) == len(empty), full


def test_every_act_has_its_sentence() -> None:
    assert all(sentence.endswith(tuple("abcdefghijklmnopqrstuvwxyz")) for sentence in staff_acts.SENTENCES.values())
