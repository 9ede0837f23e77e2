"""The second factor: nobody who has one is let in without it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.services.people import accounts, passphrases, second_factor
from lms.storage import people, second_factors
from lms.storage.tables import audit, recovery_codes, sessions
from lms.storage.tables import second_factors as kept
from tests.web.client import Client, page, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.test_fresh import PASSPHRASE, confirm, with_passphrase

PATH = "/me/second-factor"
AWAY = {"REMOTE_ADDR": "192.168.4.20"}


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def eva(app: Flask) -> Client:
    """Eva, of the staff, whose passphrase is known."""
    return with_passphrase(app, signed_in(app, "eva", "coordinator"))


class App:
    """Her app, and the recovery codes that she wrote down."""

    def __init__(self, letters: str, clock: Clock) -> None:
        self.letters, self.clock, self.codes = letters, clock, [""]

    def code(self, later: int = 0) -> str:
        return pyotp.TOTP(self.letters).at(self.clock() + timedelta(seconds=30 * later))


def begun(eva: Client, clock: Clock) -> App:
    """The letters on the page for setting it up."""
    confirm(eva)
    assert eva.send(act(eva, "begin")).status_code == 303
    told = eva.get(PATH).get_data(as_text=True)
    assert '<svg class="qr"' in told
    found = re.search(r"\b[A-Z2-7]{32}\b", told)
    assert found
    return App(found[0], clock)


def act(client: Client, name: str) -> object:
    return next(each for each in client.forms(PATH) if dict(each.fields).get("act") == name)


def set_up(eva: Client, clock: Clock) -> App:
    """It is on."""
    app = begun(eva, clock)
    answer = eva.send(act(eva, "confirm"), code=app.code())  # type: ignore[arg-type]
    app.codes = written(answer)
    clock.pass_(minutes=2)
    return app


def written(answer: TestResponse) -> list[str]:
    found = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", answer.get_data(as_text=True))
    assert len(set(found)) == 10
    return found


@pytest.fixture
def phone(eva: Client, clock: Clock) -> App:
    return set_up(eva, clock)


def first_step(app: Flask, next_: str = "/staff/cohorts") -> Client:
    """Another browser in which her passphrase was right."""
    browser = Client(app)
    answer = browser.send(browser.form(f"/login?next={next_}", "/login"), username="eva", passphrase=PASSPHRASE)
    assert answer.headers["Location"] == f"/login/second?next={next_}"
    return browser


def second(browser: Client, code: str, **changes: str) -> TestResponse:
    return browser.send(browser.form("/login/second?next=/staff/cohorts", "/login/second"), code=code, **changes)


def is_in(browser: Client) -> bool:
    return browser.get("/staff/cohorts").status_code == 200


def test_the_code_lets_in_after_the_passphrase(app: Flask, phone: App) -> None:
    browser = first_step(app)
    assert not is_in(browser)
    assert second(browser, phone.code()).headers["Location"] == "/staff/cohorts"
    assert is_in(browser)


def test_before_the_code_there_is_no_session(app: Flask, phone: App) -> None:
    site = site_of(app)
    with site.database.reading() as tx:
        before = tx.execute(select(sessions.c.hash)).all()
    browser = first_step(app)
    with site.database.reading() as tx:
        assert tx.execute(select(sessions.c.hash)).all() == before
    for path in ("/staff/cohorts", PATH, "/me/profile", "/me/learning", "/me/confirm"):
        assert browser.get(path).status_code == 303
        assert browser.get(path).headers["Location"].startswith("/login?")
    assert browser.send(browser.form("/about", "/language"), language="en").status_code == 303  # open to all
    token = browser.csrf()
    assert browser.post(PATH, [("csrf", token), ("act", "off")]).status_code == 401
    with site.database.reading() as tx:
        assert second_factors.is_on(tx, person(app))


def person(app: Flask) -> str:
    with site_of(app).database.reading() as tx:
        found = people.by_username(tx, "eva")
    assert found
    return found.id


@pytest.mark.parametrize(("later", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(app: Flask, phone: App, later: int, right: bool) -> None:
    browser = first_step(app)
    assert second(browser, phone.code(later)).status_code == (303 if right else 401)
    assert is_in(browser) is right


def test_a_code_is_taken_once(app: Flask, phone: App, clock: Clock) -> None:
    code, before = phone.code(), phone.code(-1)
    assert second(first_step(app), f" {code[:3]} {code[3:]} ").status_code == 303
    for used in (code, before):
        thief = first_step(app)
        assert "ya se usó" in words(second(thief, used))
        assert not is_in(thief)
    clock.pass_(seconds=30)
    assert second(first_step(app), phone.code()).status_code == 303


def test_the_code_that_set_it_up_is_used(app: Flask, eva: Client, clock: Clock) -> None:
    found = begun(eva, clock)
    eva.send(act(eva, "confirm"), code=found.code())  # type: ignore[arg-type]
    assert second(first_step(app), found.code()).status_code == 401


def test_a_recovery_code_works_once_and_is_hashed(app: Flask, phone: App, eva: Client) -> None:
    code = phone.codes[3]
    browser = first_step(app)
    form = browser.form("/login/second?recovery=1", "/login/second")
    assert browser.send(form, code=code.lower().replace("-", " ")).status_code == 303
    assert is_in(browser)
    assert "9 códigos" in words(browser.get(PATH))
    thief = first_step(app)
    answer = thief.send(thief.form("/login/second?recovery=1", "/login/second"), code=code)
    assert answer.status_code == 401
    assert "16 letras" in words(answer)
    with site_of(app).database.reading() as tx:
        rows = str(tx.execute(select(recovery_codes)).all()) + str(tx.execute(select(kept)).all())
    assert not [each for each in (*phone.codes, phone.letters) if each in rows or each.replace("-", "") in rows]


@pytest.mark.parametrize("code", ["", "0", "000000", "no", "½½½½½½", "٣٣٣٣٣٣", "0" * 500, "1234-5678-9ABC-DEFG"])
def test_what_is_no_code_lets_nobody_in(app: Flask, phone: App, code: str) -> None:
    browser = first_step(app)
    assert second(browser, code).status_code == 401
    assert not is_in(browser)


def test_tries_are_counted_by_account_and_not_by_browser(app: Flask, phone: App, clock: Clock) -> None:
    for n in range(6):
        assert second(first_step(app), f"{n}").status_code == 401
    assert second(first_step(app), phone.code()).status_code == 429
    clock.pass_(seconds=2)
    assert second(first_step(app), phone.code()).status_code == 303
    clock.pass_(seconds=60)
    assert second(first_step(app), "1").status_code == 401  # what was right has forgiven what was wrong


def test_the_second_step_lasts_five_minutes(app: Flask, phone: App, clock: Clock) -> None:
    browser = first_step(app)
    form = browser.form("/login/second", "/login/second")
    clock.pass_(minutes=5)
    assert browser.send(form, code=phone.code()).headers["Location"] == "/login?next=/&late=1"
    assert browser.get("/login/second").headers["Location"] == "/login?next=/&late=1"
    assert "cinco minutos" in words(browser.get("/login?late=1"))
    assert not is_in(browser)


def test_a_cookie_from_before_is_never_let_in(app: Flask, phone: App) -> None:
    victim = Client(app)
    victim.browser.set_cookie("s", "chosen by somebody else")
    victim.send(victim.form("/login", "/login"), username="eva", passphrase=PASSPHRASE)
    held = victim.browser.get_cookie("s")
    assert held and held.value != "chosen by somebody else"
    second(victim, phone.code())
    inside = victim.browser.get_cookie("s")
    assert inside and inside.value != held.value
    for value, lets_in in (("chosen by somebody else", False), (held.value, False), (inside.value, True)):
        thief = Client(app)
        thief.browser.set_cookie("s", value)
        assert is_in(thief) is lets_in
        assert thief.get("/login/second").headers["Location"] != "/staff/cohorts"


def test_what_was_held_is_used_up(app: Flask, phone: App, clock: Clock) -> None:
    browser = first_step(app)
    held = browser.browser.get_cookie("s")
    assert held
    second(browser, phone.code())
    clock.pass_(seconds=60)
    thief = Client(app)
    thief.browser.set_cookie("s", held.value)
    fields = [("csrf", thief.csrf()), ("code", phone.code())]
    assert thief.post("/login/second", fields).headers["Location"].startswith("/login?")
    assert not is_in(thief)


def test_nobody_is_asked_who_typed_no_passphrase(app: Flask, phone: App, anybody: Client, ana: Client) -> None:
    assert anybody.get("/login/second?next=/about").headers["Location"] == "/login?next=/about&late=1"
    answer = anybody.post("/login/second", [("csrf", anybody.csrf()), ("code", phone.code())])
    assert answer.headers["Location"] == "/login?next=/&late=1"
    assert ana.get("/login/second?next=https://evil.test").headers["Location"] == "/"


def test_a_double_click_signs_in_once(app: Flask, phone: App) -> None:
    browser = first_step(app)
    form, cookie = browser.form("/login/second", "/login/second"), browser.browser.get_cookie("s")
    assert cookie
    assert browser.send(form, code=phone.code()).status_code == 303
    browser.browser.set_cookie("s", cookie.value)
    assert browser.send(form, code=phone.code()).headers["Location"] == "/"
    assert is_in(browser)


def test_a_new_passphrase_ends_what_is_held(app: Flask, phone: App) -> None:
    browser = first_step(app)
    form = browser.form("/login/second", "/login/second")
    with site_of(app).database.writing() as tx:
        accounts.change_passphrase(tx, person=person(app), hashed="another")
    assert browser.send(form, code=phone.code()).headers["Location"].startswith("/login?")


def test_a_way_back_in_is_not_a_way_around(app: Flask, phone: App) -> None:
    code = passphrases.new_recovery_code()
    with site_of(app).database.writing() as tx:
        people.set_recovery(tx, person(app), passphrases.hash_(code))
    browser, new = Client(app), "otras palabras nuevas"
    answer = browser.send(browser.form("/recover", "/recover"), username="eva", code=code, passphrase=new)
    assert answer.status_code == 200
    assert 'href="/login"' in answer.get_data(as_text=True)
    assert not is_in(browser)
    browser.send(browser.form("/login", "/login"), username="eva", passphrase=new)
    assert second(browser, phone.code()).status_code == 303
    assert is_in(browser)


def test_setting_up_needs_the_passphrase_and_a_right_code(app: Flask, eva: Client, clock: Clock) -> None:
    assert "Primero confirme" in words(eva.get(PATH))
    fields = [("csrf", eva.csrf()), ("act", "begin")]
    assert eva.post(PATH, fields).headers["Location"].startswith("/me/confirm")
    found = begun(eva, clock)
    assert eva.send(act(eva, "confirm"), code="000000").status_code == 401  # type: ignore[arg-type]
    with site_of(app).database.reading() as tx:
        assert not second_factors.is_on(tx, person(app))
    clock.pass_(minutes=5)
    assert found.letters not in eva.get(PATH).get_data(as_text=True)


def test_setting_up_ends_her_other_sessions(app: Flask, eva: Client, clock: Clock) -> None:
    other = Client(app)
    other.browser.set_cookie("s", site_of(app).entrance.open_session(eva.person, now=clock()))  # type: ignore[arg-type]
    assert is_in(other)
    set_up(eva, clock)
    assert is_in(eva)
    assert not is_in(other)


def test_a_double_click_sets_it_up_once(app: Flask, eva: Client, clock: Clock) -> None:
    found = begun(eva, clock)
    form, cookie = act(eva, "confirm"), eva.browser.get_cookie("s")
    assert cookie
    codes = written(eva.send(form, code=found.code()))  # type: ignore[arg-type]
    eva.browser.set_cookie("s", cookie.value)
    assert written(eva.send(form, code=found.code())) == codes  # type: ignore[arg-type]
    assert is_in(eva)


def test_new_recovery_codes_void_the_old_ones(app: Flask, phone: App, eva: Client) -> None:
    confirm(eva)
    new = written(eva.send(act(eva, "codes")))  # type: ignore[arg-type]
    assert not set(new) & set(phone.codes)
    assert second(first_step(app), phone.codes[0]).status_code == 401
    assert second(first_step(app), new[0]).status_code == 303


def test_it_is_turned_off_with_the_passphrase_only(app: Flask, phone: App, eva: Client, clock: Clock) -> None:
    clock.pass_(minutes=5)
    eva.post(PATH, [("csrf", eva.csrf()), ("act", "off")])
    with site_of(app).database.reading() as tx:
        assert second_factors.is_on(tx, person(app))
    confirm(eva)
    assert eva.send(act(eva, "off")).headers["Location"] == f"{PATH}?done=off"  # type: ignore[arg-type]
    assert "desactivado" in words(eva.get(f"{PATH}?done=off"))
    browser = Client(app)
    browser.send(browser.form("/login", "/login"), username="eva", passphrase=PASSPHRASE)
    assert is_in(browser)
    with site_of(app).database.reading() as tx:
        assert tx.execute(select(audit.c.act).order_by(audit.c.seq)).scalars().all() == [
            "second-factor-on",
            "second-factor-off",
        ]
        assert tx.execute(select(recovery_codes)).all() == []


def test_a_clock_that_is_behind_is_told(app: Flask, phone: App, clock: Clock) -> None:
    browser = first_step(app)
    assert "El reloj" not in words(browser.get("/login/second"))
    clock.pass_(days=-9000)
    browser = first_step(app)
    assert "El reloj" in words(browser.get("/login/second"))
    assert second(browser, phone.codes[0]).status_code == 303


def test_a_secret_sealed_with_a_lost_key_lets_nobody_in(app: Flask, phone: App) -> None:
    with site_of(app).database.writing() as tx:
        assert not second_factor.take(tx, b"another", person(app), phone.code(), now=phone.clock())
        assert second_factor.take(tx, b"another", person(app), phone.codes[0], now=phone.clock())


def test_learners_have_none(ana: Client) -> None:
    assert ana.get(PATH).status_code == 403
    assert PATH not in ana.get("/me/profile").get_data(as_text=True)


@pytest.mark.parametrize(
    ("settings_", "away", "needed"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"https": True}, True, False),
        ({"staff_needs_second_factor": True}, False, True),
        ({"staff_needs_second_factor": True, "https": True}, True, True),
        ({"staff_needs_second_factor": False}, True, False),
    ],
)
def test_where_staff_pages_need_it(
    make_app: Callable[..., Flask], clock: Clock, settings_: dict[str, bool], away: bool, needed: bool
) -> None:
    app = make_app(**settings_)
    eva = with_passphrase(app, signed_in(app, "eva", "coordinator"))
    if settings_.get("https"):
        cookie = eva.browser.get_cookie("s")
        assert cookie
        eva.browser.set_cookie("__Host-s", cookie.value, secure=True)
    options = {
        "environ_base": AWAY if away else {},
        "base_url": "https://localhost" if settings_.get("https") else None,
    }
    answer = eva.get("/staff/cohorts", **options)
    assert answer.status_code == (303 if needed else 200)
    if needed:
        assert answer.headers["Location"] == f"{PATH}?needed=1"
        assert "solo se abren con un segundo factor" in words(eva.get(f"{PATH}?needed=1", **options))
        assert eva.get("/me/learning", **options).status_code == 200


def test_with_one_the_staff_pages_open_from_anywhere(app: Flask, phone: App, eva: Client) -> None:
    assert eva.get("/staff/cohorts", environ_base=AWAY).status_code == 200
    other = signed_in(app, "other", "coordinator")
    for address in ("::1", "::ffff:127.0.0.1", "127.8.8.8"):
        assert other.get("/staff/cohorts", environ_base={"REMOTE_ADDR": address}).status_code == 200
    for address in ("", "no address", "::ffff:192.168.4.2", "fe80::1"):
        assert other.get("/staff/cohorts", environ_base={"REMOTE_ADDR": address}).status_code == 303


def test_pages_of_the_second_step_say_what_went_wrong(app: Flask, phone: App) -> None:
    browser = first_step(app)
    answer = second(browser, "0")
    assert page(answer).form("/login/second")
    assert "Este código no es correcto" in words(answer)
