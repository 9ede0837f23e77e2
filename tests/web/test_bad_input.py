"""Whatever is sent: one clear message, the right status, nothing half done."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from lms.certificates.keys import BadKey
from lms.config import Settings
from lms.ids import uuid7
from lms.storage import event_log
from lms.storage.tables import events
from tests.web.client import Client, words
from tests.web.conftest import site_of
from tests.web.learner import COURSE, UNO, right_answers


def count(app: Flask) -> int:
    with site_of(app).database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(events)).scalar_one())


def told(answer: object, status: int, part: str) -> None:
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert part in words(answer)  # type: ignore[arg-type]


def test_an_unknown_question_or_option(app: Flask, ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    before = count(app)
    told(ana.send(form, ("act", "check"), **{"q-zz": "1"}), 400, "Esta respuesta no corresponde a esta página")
    told(ana.send(form, ("act", "check"), **{"q-a": "99"}), 400, "Esta respuesta no corresponde a esta página")
    assert count(app) == before


def test_nothing_answered(ana: Client) -> None:
    told(ana.send(ana.form(UNO, "/quiz/q-a"), ("act", "check")), 400, "Responda al menos una pregunta")


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        (f"http://localhost{UNO}?lang=en", f"{UNO}?lang=en"),
        ("http://evil.test/x", ""),
        ("http://localhost//evil.test", ""),
        ("", ""),
    ],
)
def test_a_page_that_refuses_leads_back(ana: Client, referer: str, expected: str) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    answer = ana.send(form, ("act", "check"), headers={"Referer": referer} if referer else None)
    links = re.findall(r'class="button" href="([^"]*)"', answer.get_data(as_text=True))
    assert links[0] == (expected or "/")
    assert ("Volver a la página anterior" in words(answer)) == bool(expected)


def test_an_answer_of_a_megabyte(app: Flask, ana: Client) -> None:
    form, before = ana.form(UNO, "/quiz/q-a"), count(app)
    told(ana.send(form, ("act", "check"), **{"q-a": "x" * 1024 * 1024}), 413, "demasiado grande")
    told(ana.send(form, ("act", "check"), **{"q-a": "x" * 100_000}), 400, "no corresponde")
    assert count(app) == before


def test_thousands_of_fields(ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    answer = ana.send(form, ("act", "check"), **{f"f{n}": "1" for n in range(2000)})
    assert answer.status_code in (400, 413)


def test_an_answer_to_a_test_that_is_over(app: Flask, ana: Client) -> None:
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    form = ana.form(path, "/attempts/")
    ana.send(form, ("act", "send"))
    before = count(app)
    late = ana.send(form, ("act", "send"), event=uuid7())
    told(late, 409, "Esta prueba ya se envió")
    assert count(app) == before


def test_a_form_used_for_something_else(ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    event = dict(form.fields)["event"]
    ana.send(form, ("act", "check"), **right_answers(ana, form))
    told(ana.send(ana.form(UNO, "/finish"), event=event), 409, "Este formulario ya se usó para otra cosa")


def test_a_stale_form(app: Flask, ana: Client) -> None:
    told(Client(app).send(ana.form(UNO, "/quiz/q-a")), 400, "Esta página estuvo abierta demasiado tiempo")


def test_a_forged_event_or_release_or_language(ana: Client) -> None:
    form = ana.form(UNO, "/finish")
    told(ana.send(form, release="f" * 64), 404, "Esta página no existe")
    assert ana.send(form, event="not a uuid", language="xx").status_code == 303


@pytest.mark.parametrize(
    "path",
    ["/nada", "/courses/nada", f"{COURSE}/nada", "/attempts/nada", "/me/certificates/x.pdf", "/media/x", "/s/x/y"],
)
def test_a_page_that_does_not_exist(ana: Client, path: str) -> None:
    told(ana.get(path), 404, "Esta página no existe")


@pytest.mark.parametrize("referer", ["http://[", "http://[::1", "//[", "\\\\[", "http://localhost//evil.test/"])
def test_a_referer_that_is_no_address(ana: Client, anybody: Client, referer: str) -> None:
    told(ana.get("/nada", headers={"Referer": referer}), 404, "Esta página no existe")
    late = anybody.post(f"{UNO}/finish", [("csrf", anybody.csrf())], headers={"Referer": referer})
    told(late, 401, "Su sesión terminó")


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "localhost", "http://localhost/x", "x" * 3000])
def test_an_origin_that_is_none(ana: Client, origin: str) -> None:
    fields = [("csrf", ana.csrf()), ("language", "en")]
    told(ana.post("/language", fields, headers={"Origin": origin}), 400, "Esta página estuvo abierta")


@pytest.mark.parametrize(
    "path", ["/courses/%00", "/courses/demo-course/m%00", "/attempts/%00", "/media/%00", "/s/%00/x", "/%00"]
)
def test_no_address_holds_the_character_nul(ana: Client, path: str) -> None:
    told(ana.get(path), 404, "Esta página no existe")


@pytest.mark.parametrize("path", ["/verify?number=%00", "/?lang=e%00s", "/login?next=/%00", "/?%00=1"])
def test_no_query_holds_it(ana: Client, path: str) -> None:
    told(ana.get(path), 400, "No se pudo entender")


def test_no_form_holds_it(ana: Client, anybody: Client) -> None:
    told(ana.send(ana.form(UNO, "/finish"), release="\0"), 400, "No se pudo entender")
    told(ana.send(ana.form(UNO, "/quiz/q-a"), **{"q-a": "1", "a\0": "x"}), 400, "No se pudo entender")
    wrong = anybody.send(anybody.form("/login", "/login"), username="an\0a", passphrase="tres palabras sueltas")
    told(wrong, 400, "No se pudo entender")


def test_a_method_that_is_not_meant(ana: Client) -> None:
    assert ana.browser.delete("/about").status_code == 405


def test_a_full_disk(app: Flask, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    form, before = ana.form(UNO, "/quiz/q-a"), count(app)
    values = right_answers(ana, form)
    real = event_log.append

    def full(*args: object, **kwargs: object) -> object:
        real(*args, **kwargs)  # type: ignore[arg-type]
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(event_log, "append", full)
        told(ana.send(form, ("act", "check"), **values), 507, "El disco del servidor está lleno")
    assert count(app) == before
    assert ana.send(form, ("act", "check"), **values).status_code == 303


def test_a_disk_that_is_really_full(app: Flask, ana: Client) -> None:
    site, form = site_of(app), ana.form(UNO, "/quiz/q-a")
    values = right_answers(ana, form)
    with site.database.reading() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
    site.database.close()
    before = count(app)
    with site.database.reading() as tx:
        tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        tx.exec_driver_sql("CREATE TEMP TABLE hold (x)")
    statuses = set()
    for _ in range(60):
        fresh = ana.form(f"{UNO}?again=q-a", "/quiz/q-a")
        statuses.add(ana.send(fresh, ("act", "check"), **values).status_code)
    assert statuses <= {303, 507}
    assert 507 in statuses
    site.database.close()
    assert ana.send(form, ("act", "check"), **values).status_code == 303
    assert count(app) > before
    with site.database.reading() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_locked_database_asks_for_patience(ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    form = ana.form(UNO, "/finish")
    monkeypatch.setattr(event_log, "append", locked)
    answer = ana.send(form)
    told(answer, 503, "El servidor está ocupado")
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_two_transactions_in_each_others_way_ask_for_patience(
    ana: Client, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    from psycopg import errors

    def stopped(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, errors.lookup(state)("the other one went first"))

    form = ana.form(UNO, "/finish")
    monkeypatch.setattr(event_log, "append", stopped)
    told(ana.send(form), 503, "El servidor está ocupado")


def test_a_bug_tells_a_code_and_logs_no_name(
    ana: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Ana " + "Lucía".title())

    form = ana.form(UNO, "/finish")
    monkeypatch.setattr(event_log, "append", broken)
    answer = ana.send(form)
    told(answer, 500, "Algo falló de nuestro lado")
    code = next(record.code for record in caplog.records if record.message == "bug")  # type: ignore[attr-defined]
    assert code in words(answer)
    assert "Ana Lucía" not in caplog.text


def test_an_unknown_database_error_is_a_bug(ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("no such table"))

    form = ana.form(UNO, "/finish")
    monkeypatch.setattr(event_log, "append", broken)
    assert ana.send(form).status_code == 500


def test_an_installation_that_is_not_ready_says_so(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    from lms.web.app import NotReadyError

    with pytest.raises(NotReadyError, match="lms init"):
        make_app(database_url=f"sqlite:///{tmp_path / 'other.sqlite'}")


@pytest.mark.parametrize("content", [b"", b"x" * 31])
def test_a_secret_that_was_cut_short_starts_nothing(
    make_app: Callable[..., Flask], settings: Settings, content: bytes
) -> None:
    (settings.keys / "web.secret").write_bytes(content)
    with pytest.raises(BadKey, match="lms init"):
        make_app()
