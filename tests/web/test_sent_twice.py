"""A form that lets somebody in, sent twice (a double click, a reply that was lost): the same as sent once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from flask import Flask

from lms.services.people import passphrases
from lms.storage import people
from tests.visitor import Form
from tests.web.client import Client, words
from tests.web.conftest import Clock, site_of
from tests.web.test_auth import FACTS, PASSPHRASE, register, sign_in

NEW = "otras palabras nuevas"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def code_in(answer: object) -> str:
    """The recovery code that the page shows."""
    text = words(answer)  # type: ignore[arg-type]
    assert "Anote este código" in text, text
    return next(word for word in text.split() if len(word) == 19 and word.count("-") == 3)


def twice(client: Client, form: Form, **values: str) -> tuple[object, object]:
    """Both answers to a form whose first answer never reached the browser."""
    before = client.browser.get_cookie("s")
    assert before
    first = client.send(form, **values)
    client.browser.set_cookie("s", before.value)
    return first, client.send(form, **values)


def opens(app: Flask, code: str, username: str = "ana") -> bool:
    """Whether the recovery code is the one that lets her back in."""
    with site_of(app).database.reading() as tx:
        person = people.by_username(tx, username)
        secrets = people.secrets_of(tx, person.id) if person else None
    return passphrases.is_right(secrets.recovery if secrets else None, code)


def test_registering_twice_is_registering_once(app: Flask, anybody: Client) -> None:
    first, second = twice(anybody, anybody.form("/register", "/register"), **FACTS)
    assert opens(app, code_in(second))
    assert code_in(first) == code_in(second)
    assert anybody.get("/me/learning").status_code == 200
    with site_of(app).database.reading() as tx:
        assert len(people.everyone(tx)) == 1
        assert tx.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 1


def test_getting_back_in_twice_is_once(app: Flask, anybody: Client) -> None:
    code = code_in(register(anybody))
    other = Client(app)
    first, second = twice(other, other.form("/recover", "/recover"), username="ana", code=code, passphrase=NEW)
    assert opens(app, code_in(second))
    assert code_in(first) == code_in(second) != code
    assert other.get("/me/learning").status_code == 200


def test_changing_the_passphrase_twice_is_once(app: Flask, anybody: Client) -> None:
    register(anybody)
    form = anybody.form("/me/passphrase", "/me/passphrase")
    first, second = twice(anybody, form, old=PASSPHRASE, passphrase=NEW)
    assert opens(app, code_in(second))
    assert code_in(first) == code_in(second)
    assert anybody.get("/me/learning").status_code == 200
    assert sign_in(Client(app), passphrase=NEW).status_code == 303  # type: ignore[attr-defined]


def at_once(app: Flask, client: Client, form: Form, **values: str) -> set[str]:
    """The codes that a form shows which is sent four times at the same moment."""
    cookie = client.browser.get_cookie("s")
    assert cookie

    def send(_: int) -> str:
        same = Client(app)
        same.browser.set_cookie("s", cookie.value)
        return code_in(same.send(form, **values))

    with ThreadPoolExecutor(4) as pool:
        return set(pool.map(send, range(4)))


def test_a_double_click_is_one_click(app: Flask, anybody: Client) -> None:
    (code,) = at_once(app, anybody, anybody.form("/register", "/register"), **FACTS)
    assert opens(app, code)
    other = Client(app)
    back = {"username": "ana", "code": code, "passphrase": NEW}
    (code,) = at_once(app, other, other.form("/recover", "/recover"), **back)
    assert opens(app, code)
    third = Client(app)
    sign_in(third, passphrase=NEW)
    (code,) = at_once(app, third, third.form("/me/passphrase", "/me/passphrase"), old=NEW, passphrase=PASSPHRASE)
    assert opens(app, code)


def test_a_form_sent_again_with_another_name_is_another_account(app: Flask, anybody: Client) -> None:
    form, before = anybody.form("/register", "/register"), anybody.browser.get_cookie("s")
    assert before
    one = code_in(anybody.send(form, **FACTS))
    anybody.browser.set_cookie("s", before.value)
    other = code_in(anybody.send(form, **{**FACTS, "username": "ana2"}))
    assert one != other
    assert opens(app, one)
    assert opens(app, other, "ana2")


def test_another_browser_gets_nothing_by_the_same_form(app: Flask, anybody: Client) -> None:
    form = anybody.form("/register", "/register")
    once = dict(form.fields)["once"]
    anybody.send(form, **FACTS)
    other = Client(app)
    assert other.send(other.form("/register", "/register"), **{**FACTS, "once": once}).status_code == 409
    code = {"username": "ana", "code": "AAAA-BBBB-CCCC-DDDD", "passphrase": PASSPHRASE}
    assert other.send(other.form("/recover", "/recover"), **{**code, "once": once}).status_code == 401


def test_nor_does_another_form_or_another_passphrase(anybody: Client) -> None:
    form, before = anybody.form("/register", "/register"), anybody.browser.get_cookie("s")
    fresh = anybody.form("/register", "/register")
    assert before
    anybody.send(form, **FACTS)
    for again, values in ((fresh, FACTS), (form, {**FACTS, "passphrase": NEW})):
        anybody.browser.set_cookie("s", before.value)
        assert anybody.send(again, **values).status_code == 409


def test_after_signing_out_the_form_is_worth_nothing(app: Flask, anybody: Client) -> None:
    form, before = anybody.form("/register", "/register"), anybody.browser.get_cookie("s")
    assert before
    anybody.send(form, **FACTS)
    anybody.send(anybody.form("/me/learning", "/logout"))
    anybody.browser.set_cookie("s", before.value)
    assert anybody.send(form, **FACTS).status_code == 409
    assert anybody.get("/me/learning").status_code == 303


def test_nor_is_it_after_the_session_went_idle(anybody: Client, clock: Clock) -> None:
    form, before = anybody.form("/register", "/register"), anybody.browser.get_cookie("s")
    assert before
    anybody.send(form, **FACTS)
    clock.pass_(minutes=20)
    anybody.browser.set_cookie("s", before.value)
    assert anybody.send(form, **FACTS).status_code == 409


def test_a_form_without_its_number_still_works(anybody: Client) -> None:
    answer = anybody.send(anybody.form("/register", "/register"), **FACTS, once="no uuid")
    assert code_in(answer)
    assert anybody.get("/me/learning").status_code == 200
