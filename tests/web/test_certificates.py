"""A learner's certificates, and the page where anybody checks one."""

import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.event import listen

from lms.content.release import digest, encode
from lms.services.running.rebuild import differences
from lms.storage import certificates, releases
from lms.storage.releases import Catalogue
from tests.web.client import Client, words
from tests.web.conftest import signed_in, site_of
from tests.web.learner import COURSE, answer, finish, number_of, pass_test


def held(app: Flask, client: Client) -> int:
    assert client.person
    with site_of(app).database.reading() as tx:
        return len(certificates.of_learner(tx, client.person.id))


def pdf_of(app: Flask, client: Client) -> bytes:
    return client.get(f"/me/certificates/{number_of(app, client)}.pdf").get_data()


def check_file(client: Client, content: bytes) -> object:
    token = dict(client.forms("/verify")[-1].fields).get("csrf") or client.csrf()
    data = {"csrf": token, "file": (io.BytesIO(content), "c.pdf")}
    return client.browser.post("/verify", data=data, headers={"Accept-Language": "es"})


def test_its_holder_downloads_it(app: Flask, holder: Client) -> None:
    path = f"/me/certificates/{number_of(app, holder)}.pdf"
    assert path in holder.get("/me/certificates").get_data(as_text=True)
    answer = holder.get(path)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="certificado-{number_of(app, holder)}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_data().startswith(b"%PDF")
    assert signed_in(app, "beto").get(path).status_code == 404


def test_a_number_is_checked_by_anybody(app: Flask, holder: Client, anybody: Client) -> None:
    number = number_of(app, holder)
    told = words(anybody.get(f"/verify?number={number.lower().replace('-', '+')}"))
    for part in ("Este certificado es auténtico", "Ana", "Curso de muestra", number, "24 de noviembre de 2026"):
        assert part in told
    assert "no se emitió" not in told


def test_a_number_not_issued_here_or_none_at_all(anybody: Client) -> None:
    from lms.certificates import number

    assert "Aquí no se emitió ningún certificado" in words(anybody.get(f"/verify?number={number.new('ZZ')}"))
    wrong = anybody.get("/verify?number=hola")
    assert wrong.status_code == 400
    assert "Esto no es un número de certificado" in words(wrong)


def test_a_number_asked_for_and_not_made_yet_is_not_told(app: Flask, ana: Client, anybody: Client) -> None:
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    finish(ana, "m-uno")
    finish(ana, "m-dos")
    pass_test(app, ana)
    assert "Aquí no se emitió" in words(anybody.get(f"/verify?number={number_of(app, ana)}"))


def test_a_file_is_checked_by_anybody(app: Flask, holder: Client, anybody: Client) -> None:
    pdf = pdf_of(app, holder)
    assert "Este certificado es auténtico" in words(check_file(anybody, pdf))  # type: ignore[arg-type]
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    for broken in (bytes(changed), pdf + b"\n", b"%PDF-1.7 hello"):
        assert "Este archivo no es un certificado auténtico" in words(check_file(anybody, broken))  # type: ignore[arg-type]


def test_a_genuine_file_that_the_register_has_lost_is_not_called_a_forgery(
    app: Flask, holder: Client, anybody: Client
) -> None:
    pdf, number = pdf_of(app, holder), number_of(app, holder)
    with site_of(app).database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM certificates")
    told = words(check_file(anybody, pdf))  # type: ignore[arg-type]
    assert "La firma de este archivo es auténtica" in told
    assert "este registro no lo tiene, o ya no" in told
    assert number in told
    assert "no es un certificado auténtico" not in told


def test_a_file_too_large_or_none_is_told(anybody: Client) -> None:
    assert check_file(anybody, b"x" * 1024 * 1024).status_code == 413  # type: ignore[attr-defined]
    assert check_file(anybody, b"").status_code == 400  # type: ignore[attr-defined]


def test_a_certificate_of_another_issuer_is_told(app: Flask, holder: Client, anybody: Client, tmp_path: object) -> None:
    from lms.certificates import keys

    pdf = pdf_of(app, holder)
    folder = site_of(app).settings.instance / "other"
    folder.mkdir()
    keys.create(folder, issuer_code="ZZ", organisation="Another", now=site_of(app).clock())
    (site_of(app).settings.keys / "root.pem").write_bytes((folder / "root.pem").read_bytes())
    assert "Aquí no se conoce a quien lo emitió" in words(check_file(anybody, pdf))  # type: ignore[arg-type]


def publish_without_test(app: Flask) -> None:
    """A release whose completion no longer asks for the final test; it gives no less a certificate."""
    site = site_of(app)
    with site.database.writing() as tx:
        live = site.desk.catalogue.live(tx, "demo-course")
        assert live
        course = replace(live.course, version="2", required=("m-uno", "m-dos"))
        raw = encode(course)
        releases.keep(tx, digest=digest(raw), course=course, body=raw, files={}, now=site.clock())
        releases.make_live(tx, course=course.id, digest=digest(raw), source=digest(raw), position=0)


@pytest.mark.parametrize("path", [COURSE, "/me/learning", "/me/certificates"])
def test_a_course_that_asks_for_less_gives_its_certificate_when_she_looks(app: Flask, ana: Client, path: str) -> None:
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    finish(ana, "m-uno")
    finish(ana, "m-dos")
    beto = signed_in(app, "beto")
    finish(beto, "m-dos")
    publish_without_test(app)
    written: list[bool] = []
    listen(
        site_of(app).database.engine,
        "begin",
        lambda tx: written.append(tx.get_execution_options().get("lms_writes", False)),
    )
    for client, writes, certificates_ in ((beto, 0, 0), (ana, 1, 1), (ana, 0, 1)):
        written.clear()
        assert client.get(path).status_code == 200
        assert (sum(written), held(app, client)) == (writes, certificates_)
    assert "Se está preparando" in words(ana.get("/me/certificates"))
    with site_of(app).database.reading() as tx:
        assert differences(tx, Catalogue()) == []


def test_the_root_is_there_to_be_trusted(anybody: Client) -> None:
    assert anybody.get("/verify/root.pem").get_data().startswith(b"-----BEGIN CERTIFICATE-----")
