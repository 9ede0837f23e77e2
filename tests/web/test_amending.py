"""What the staff does with certificates: handed out, replaced, revoked, erased."""

import csv
import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from pypdf import PdfReader
from werkzeug.test import TestResponse

from lms.services.common.registers import shelf_of
from lms.services.groups import cohorts as groups
from lms.storage import certificates, cohorts
from lms.storage.cohorts import Cohort
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.learner import number_of
from tests.web.test_fresh import cheap_hash, confirmed  # noqa: F401

NAME = "Ana Lucía"


@pytest.fixture
def group(app: Flask, holder: Client) -> Cohort:
    """A group with Ana in it."""
    site = site_of(app)
    assert holder.person
    with site.database.writing() as tx:
        made = groups.create(
            tx, site.pen, name="Frontera Sur", courses=["demo-course"], cap=5, days=9, now=site.clock()
        )
        groups.join(tx, site.pen, person=holder.person.id, code=made.code, now=site.clock())
    return made


@pytest.fixture
def carla(app: Flask, group: Cohort) -> Client:
    """Carla, who looks after it."""
    found = signed_in(app, "carla", "coordinator")
    assert found.person
    with site_of(app).database.writing() as tx:
        cohorts.assign(tx, group.id, found.person.id)
    return found


def sent(client: Client, path: str, **fields: str) -> TestResponse:
    """What comes back after sending these fields in a form of this browser's."""
    return client.post(path, [("csrf", client.csrf()), *fields.items()])


def page_of(app: Flask, client: Client) -> str:
    return f"/staff/certificates/{number_of(app, client)}"


def state(app: Flask, number: str) -> str:
    with site_of(app).database.reading() as tx:
        found = certificates.by_number(tx, number)
    assert found
    return found.state


def test_a_coordinator_sees_her_groups_and_their_certificates(app: Flask, group: Cohort, carla: Client) -> None:
    assert "Frontera Sur" in words(carla.get("/staff/cohorts"))
    told = words(carla.get(f"/staff/cohorts/{group.id}/certificates"))
    assert "Ana" in told and "Válido" in told and "Entregar 1 certificado" in told


def test_others_see_neither_group_nor_certificate(app: Flask, group: Cohort, holder: Client) -> None:
    other = signed_in(app, "dora", "coordinator")
    assert "Aún no se ocupa de ningún grupo" in words(other.get("/staff/cohorts"))
    path = page_of(app, holder)
    for address in (f"/staff/cohorts/{group.id}/certificates", path):
        assert other.get(address).status_code == 404
        assert holder.get(address).status_code == 403
    for address in (f"{path}/revoke", f"{path}/replace"):
        assert sent(other, address, reason="mistake", sure="yes", name="X").status_code == 404
    assert sent(other, f"{path}/erase", sure="yes").status_code == 403
    confirmed(app, other)
    for kind in ("zip", "pdf"):
        assert sent(other, f"/staff/cohorts/{group.id}/certificates.{kind}").status_code == 404
    assert state(app, number_of(app, holder)) == "issued"
    assert signed_in(app, "eva", "administrator").get(path).status_code == 200


def test_all_are_taken_as_files_with_a_list(app: Flask, group: Cohort, carla: Client, holder: Client) -> None:
    page = f"/staff/cohorts/{group.id}/certificates"
    late = sent(carla, f"{page}.zip")
    assert late.status_code == 303 and late.headers["Location"].startswith("/me/confirm")
    assert f"{page}.zip" not in carla.get(page).get_data(as_text=True)
    confirmed(app, carla)
    answer = carla.send(carla.form(page, f"{page}.zip"))
    assert answer.headers["Cache-Control"] == "no-store"
    number = number_of(app, holder)
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as made:
        assert made.testzip() is None
        assert sorted(made.namelist()) == [f"{number}.pdf", "lista.csv"]
        assert made.read(f"{number}.pdf") == holder.get(f"/me/certificates/{number}.pdf").get_data()
        rows = list(csv.reader(made.read("lista.csv").decode("utf-8-sig").splitlines()))
    assert rows[1] == ["Ana", "Curso de muestra", number, "2026-11-24", f"{number}.pdf"]


def test_all_are_taken_as_one_file_to_print(app: Flask, group: Cohort, carla: Client, holder: Client) -> None:
    path = f"/staff/cohorts/{group.id}/certificates.pdf"
    assert sent(carla, path).status_code == 303
    made = PdfReader(io.BytesIO(sent(confirmed(app, carla), path).get_data()))
    (page,) = made.pages
    assert number_of(app, holder) in page.extract_text()
    assert "/AcroForm" not in made.root_object and not made.attachments and "/Annots" not in page
    assert page.mediabox.width > page.mediabox.height


def test_she_downloads_it_for_paper_and_for_machines(app: Flask, holder: Client) -> None:
    number = number_of(app, holder)
    told = holder.get("/me/certificates").get_data(as_text=True)
    for name, begins in (("-paper.pdf", b"%PDF"), (".json", b"{")):
        path = f"/me/certificates/{number}{name}"
        assert path in told
        assert holder.get(path).get_data().startswith(begins)
        assert signed_in(app, "beto" + name.strip("-.")[:3]).get(path).status_code == 404
    assert b"credential.json" not in holder.get(f"/me/certificates/{number}-paper.pdf").get_data()


def test_a_name_changed_is_seen_and_makes_a_new_certificate_that_replaces_the_old(
    app: Flask,
    carla: Client,
    group: Cohort,
    holder: Client,
    work: Callable[[], int],
    clock: Clock,
    anybody: Client,
) -> None:
    sent(holder, "/me/profile", display_name=NAME, language="es")
    assert f"En la cuenta: {NAME}" in words(carla.get(f"/staff/cohorts/{group.id}/certificates"))
    assert f"su nombre es «{NAME}»" in words(holder.get("/me/certificates"))
    old, path = number_of(app, holder), page_of(app, holder)
    assert f'value="{NAME}"' in carla.get(path).get_data(as_text=True)
    clock.pass_(minutes=2)
    form = {"name": NAME, "reason": "name", "note": "Lo pidió.", "event": "01a20000-0000-7000-8000-000000000001"}
    for _ in range(2):
        assert sent(carla, f"{path}/replace", **form).status_code == 303
    assert "en preparación" in words(carla.get(f"{path}?done=replace"))
    assert state(app, old) == "issued"
    assert work() == 1
    new = number_of(app, holder)
    assert (state(app, old), state(app, new)) == ("replaced", "issued")
    assert f"Reemplazado por {new}" in words(carla.get(path))
    told = words(carla.get(f"/staff/certificates/{new}"))
    assert "El nombre es otro" in told and "Lo pidió." in told and "Carla" in told and f"En lugar de {old}" in told
    mine = words(holder.get("/me/certificates"))
    assert f"otro tomó su lugar: {new}" in mine
    found = shelf_of(site_of(app).settings).load().state(old)
    assert (found.kind, found.by, str(found.on)) == ("replaced", new, "2026-11-24")
    assert sent(carla, f"{path}/replace", name="Otra", reason="name").status_code == 409
    assert sent(carla, f"{path}/revoke", reason="mistake", sure="yes").status_code == 409


def test_one_is_revoked_for_a_reason_and_stays_so(
    app: Flask,
    carla: Client,
    holder: Client,
    work: Callable[[], int],
) -> None:
    path, number = page_of(app, holder), number_of(app, holder)
    for form in (
        {"reason": "mistake"},
        {"sure": "yes"},
        {"reason": "other", "sure": "yes"},
        {"reason": "x", "sure": "yes"},
    ):
        refused = sent(carla, f"{path}/revoke", **form)
        assert refused.status_code == 400
        assert "<details open>" in refused.get_data(as_text=True)
    assert sent(carla, f"{path}/revoke", reason="mistake", sure="yes", note="x" * 501).status_code == 400
    assert state(app, number) == "issued"
    assert sent(carla, f"{path}/revoke", reason="other", sure="yes", note="Copió las respuestas.").status_code == 303
    assert state(app, number) == "revoked"
    told = words(carla.get(f"{path}?done=revoke"))
    assert "Revocado" in told and "Copió las respuestas." in told
    assert "Se revocó el 24 de noviembre de 2026" in words(holder.get("/me/certificates"))
    assert "Copió" not in words(holder.get("/me/certificates"))
    work()
    assert shelf_of(site_of(app).settings).load().state(number).kind == "revoked"
    assert sent(carla, f"{path}/revoke", reason="mistake", sure="yes").status_code == 409


def test_one_revoked_by_mistake_is_issued_anew_and_the_old_stays_revoked(
    app: Flask,
    carla: Client,
    holder: Client,
    work: Callable[[], int],
) -> None:
    path, old = page_of(app, holder), number_of(app, holder)
    sent(carla, f"{path}/revoke", reason="mistake", sure="yes")
    assert "Emitirlo de nuevo" in words(carla.get(path))
    assert sent(carla, f"{path}/replace", name="Ana", reason="error").status_code == 303
    assert work() == 1
    assert (state(app, old), state(app, number_of(app, holder))) == ("revoked", "issued")


def test_its_holders_name_is_erased_and_nothing_is_left(app: Flask, carla: Client, holder: Client) -> None:
    path, number = page_of(app, holder), number_of(app, holder)
    eva = signed_in(app, "eva", "administrator")
    assert "Borrar el nombre de su titular" not in words(carla.get(path))
    assert "Borrar el nombre de su titular" in words(eva.get(path))
    assert sent(eva, f"{path}/erase").status_code == 400
    for _ in range(2):
        assert sent(eva, f"{path}/erase", sure="yes").status_code == 303
    told = words(eva.get(f"{path}?done=erase"))
    assert "se borraron aquí" in told and "El nombre de su titular se borró" in told
    assert carla.get(path).status_code == 404
    assert holder.get(f"/me/certificates/{number}.pdf").status_code == 404
    with site_of(app).database.reading() as tx:
        rows = [
            *tx.exec_driver_sql("SELECT * FROM certificates"),
            *tx.exec_driver_sql("SELECT * FROM certificate_files"),
        ]
    assert holder.person
    assert rows and not any("Ana" in str(row) or holder.person.id in str(row) for row in rows)


def test_one_is_found_by_its_number(app: Flask, carla: Client, holder: Client) -> None:
    number = number_of(app, holder)
    answer = carla.get(f"/staff/certificates?number={number.lower()}")
    assert answer.headers["Location"] == f"/staff/certificates/{number}"
    assert "no es un número de certificado" in words(carla.get("/staff/certificates?number=hola"))
    assert signed_in(app, "dora", "coordinator").get(f"/staff/certificates?number={number}").status_code == 404


def test_the_name_that_it_will_carry_is_told_before(app: Flask, ana: Client) -> None:
    for path in ("/courses/demo-course", "/me/certificates"):
        assert "llevará el nombre «Ana»" in words(ana.get(path))
