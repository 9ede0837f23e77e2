"""“My devices”: what each has sent, and taking away from one what it may do."""

from flask import Flask

from lms.ids import uuid7
from lms.learning import events as types
from lms.services.people import devices
from lms.storage import devices as stored
from lms.storage import preferences
from tests.phone import granted
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.test_device import why
from tests.web.test_state import send

PAGE = "/me/devices"


def test_it_says_what_each_device_has_sent(app: Flask, ana: Client, clock: Clock) -> None:
    assert "Ningún dispositivo puede enviar nada" in words(ana.get(PAGE))
    assert PAGE not in ana.get("/me/learning").get_data(as_text=True)
    phone = granted(app, ana, name="El <b>teléfono</b> de mi hermana")
    assert PAGE in ana.get("/me/learning").get_data(as_text=True)
    told = words(ana.get(PAGE))
    assert "El <b>teléfono</b> de mi hermana" in told
    assert "Todavía no ha enviado nada." in told
    send(app, *(phone.line(types.MODULE_COMPLETED, item=each) for each in ("m-uno", "m-dos")))
    told = words(ana.get(PAGE))
    assert "Actos que llegaron 2" in told
    assert "todavía no cuentan" not in told
    send(app, phone.line(types.MODULE_COMPLETED, item="m-uno", n=1))
    assert "dos actos distintos con el mismo número" in words(ana.get(PAGE))
    clock.pass_(days=181)
    send(app, phone.line(types.MODULE_COMPLETED, item="m-dos"))
    ana.browser.set_cookie("s", site_of(app).entrance.open_session(ana.person, now=clock()))  # type: ignore[arg-type]
    told = words(ana.get(PAGE))
    assert "sin uso durante medio año" in told
    assert "1 acto suyo no cuenta" in told


def test_one_is_removed_after_it_was_said_what_that_means(app: Flask, ana: Client) -> None:
    lost, kept = granted(app, ana, name="Perdido"), granted(app, ana, name="Otro")
    page = f"{PAGE}/{lost.device}"
    assert page in ana.get(PAGE).get_data(as_text=True)
    assert "Lo que todavía no envió no cuenta." in words(ana.get(page))
    answer = ana.send(ana.form(page, page))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?revoked=1")
    assert "ya no envía nada a nombre suyo" in words(ana.get(answer.headers["Location"]))
    assert why(lost.ask("state")) == (403, "revoked")
    assert kept.ask("state").status_code == 200
    assert "quitado el" in words(ana.get(PAGE))
    assert not [form for form in ana.forms(page) if form.action == page]
    assert ana.post(page, [("csrf", ana.csrf())]).status_code == 303  # a double click


def test_nobody_sees_or_removes_another_ones(app: Flask, ana: Client) -> None:
    phone, eva = granted(app, ana, name="De Ana"), signed_in(app, "eva")
    assert "De Ana" not in words(eva.get(PAGE))
    for device in (phone.device, uuid7(), "x"):
        assert eva.get(f"{PAGE}/{device}").status_code == 404
        assert eva.post(f"{PAGE}/{device}", [("csrf", eva.csrf())]).status_code == 404
    with site_of(app).database.reading() as tx:
        assert all(each.is_good(site_of(app).clock()) for each in devices.of_learner(tx, phone.learner))


def test_who_has_withdrawn_still_removes_hers(app: Flask, ana: Client) -> None:
    phone = granted(app, ana)
    with site_of(app).database.writing() as tx:
        preferences.change(tx, phone.learner, consent="withdrawn")
    page = f"{PAGE}/{phone.device}"
    assert ana.send(ana.form(page, page)).status_code == 303
    assert ana.get("/pocket/me").get_json()["why"] == "refused"
    with site_of(app).database.reading() as tx:
        found = stored.one(tx, phone.device, phone.learner)
    assert found
    assert found.revoked_why == "self"


def test_my_data_and_my_account_lead_there(app: Flask, ana: Client) -> None:
    granted(app, ana)
    for page in ("/me/data", "/me/profile", "/me/learning"):
        assert f'href="{PAGE}"' in ana.get(page).get_data(as_text=True)
    assert "seed" not in ana.get("/me/data.json").get_json()["tables"]
