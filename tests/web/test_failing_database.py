"""A disk that is full or a database that does not answer: pages are still shown where they can be, errors always are."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from lms.storage import sessions
from lms.web.frame.headers import FIXED
from tests.web.client import Client, words
from tests.web.conftest import Clock, site_of
from tests.web.learner import UNO


def fill_disk(app: Flask) -> None:
    """From now on every write fails as SQLite's do on a full disk."""

    def refuse(*arguments: object) -> None:
        if str(arguments[2]).split()[0] in ("INSERT", "UPDATE", "DELETE"):
            raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    event.listen(site_of(app).database.engine, "before_cursor_execute", refuse)


def unplug(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no connection can be made."""

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError(None, None, Exception("connection failed: Connection refused"))

    monkeypatch.setattr(site_of(app).database.engine, "connect", refuse)


def test_a_full_disk_keeps_nobody_from_reading(
    app: Flask, ana: Client, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.pass_(minutes=2)
    fill_disk(app)
    answer = ana.get(UNO)
    assert answer.status_code == 200
    assert "Cerrar sesión" in words(answer)
    assert [record.message for record in caplog.records] == ["session not touched"]


def test_with_a_full_disk_an_act_says_so_in_a_whole_page(app: Flask, ana: Client, clock: Clock) -> None:
    form = ana.form(UNO, "/finish")
    clock.pass_(minutes=2)
    fill_disk(app)
    answer = ana.send(form)
    assert answer.status_code == 507
    assert "El disco del servidor está lleno" in words(answer)


@pytest.mark.parametrize("path", ["/", "/me/learning", "/about", "/nothing-here", UNO])
def test_without_a_database_there_is_one_clear_page(
    app: Flask, ana: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    unplug(app, monkeypatch)
    answer = ana.get(path)
    assert answer.status_code == (404 if path == "/nothing-here" else 503)
    text = answer.get_data(as_text=True)
    assert '<html lang="es">' in text
    assert ("El servidor está ocupado" if answer.status_code == 503 else "Esta página no existe") in words(answer)
    for name, value in FIXED.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_plain_page_speaks_the_browsers_language(app: Flask, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    unplug(app, monkeypatch)
    ana.browser.set_cookie("lang", "en")
    answer = ana.get("/me/learning", headers={"Accept-Language": "es"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The server is busy" in words(answer)


def test_an_error_page_that_fails_is_still_a_page(
    ana: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Ana " + "lucía".title())

    monkeypatch.setattr("lms.web.frame.templating.person", broken)
    answer = ana.get("/about")
    assert answer.status_code == 500
    assert "Algo falló de nuestro lado" in words(answer)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Ana Lucía" not in caplog.text


def test_a_database_error_tells_no_values(app: Flask) -> None:
    with pytest.raises(IntegrityError) as failed, site_of(app).database.writing() as tx:
        for _ in range(2):
            sessions.open_(tx, "the-cookie", "ana-canary", now=site_of(app).clock())
            tx.exec_driver_sql("UPDATE sessions SET hash = ?", ("the-canary",))
    assert "canary" not in str(failed.value)


def test_postgresql_that_is_down_is_not_a_bug(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from lms.storage.database import Database

    app = make_app()
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(site_of(app).database, "engine", nowhere.engine)
    with caplog.at_level(logging.ERROR):
        answer = Client(app).get("/")
    assert answer.status_code == 503
    assert {record.message for record in caplog.records} == {"database refused"}
