"""Registering, signing in, getting back in, joining: as people do it."""

import re
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask

from lms.services.groups import cohorts
from lms.services.people import passphrases
from lms.storage import people
from tests.web.client import Client, page, words
from tests.web.conftest import Clock, signed_in, site_of

PASSPHRASE = "tres palabras sueltas"
FACTS = {"username": "ana", "display_name": "Ana Pérez", "passphrase": PASSPHRASE, "consent": "yes"}


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def register(client: Client, **changes: str) -> object:
    return client.send(client.form("/register", "/register"), **{**FACTS, **changes})


def sign_in(client: Client, username: str = "ana", passphrase: str = PASSPHRASE, path: str = "/login") -> object:
    return client.send(client.form(path, "/login"), username=username, passphrase=passphrase)


def test_somebody_registers_and_is_shown_a_code_once(anybody: Client) -> None:
    answer = register(anybody)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "Anote este código" in words(answer)  # type: ignore[arg-type]
    assert anybody.get("/me/learning").status_code == 200
    assert anybody.get("/register").status_code == 303
    assert anybody.get("/login").status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "part", "status"),
    [
        ("username", "a b", "El nombre de usuario tiene", 400),
        ("passphrase", "corta", "La contraseña tiene", 400),
        ("passphrase", "12345678", "fácil de adivinar", 400),
        ("display_name", " ", "Escriba el nombre", 400),
        ("consent", "", "necesitamos su permiso", 400),
        ("code", "AAAAA-BBBBB", "Este código no existe", 400),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    anybody: Client, field: str, value: str, part: str, status: int
) -> None:
    answer = register(anybody, **{field: value})
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert part in words(answer)  # type: ignore[arg-type]
    kept = dict(page(answer).form("/register").fields)  # type: ignore[arg-type]
    assert kept["passphrase"] == ""
    assert kept["username"] == (value if field == "username" else "ana")


def test_a_username_taken_is_told(app: Flask, anybody: Client) -> None:
    register(anybody)
    answer = register(Client(app))
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "Alguien ya tiene" in words(answer)  # type: ignore[arg-type]


def test_she_goes_on_to_where_she_was_going(app: Flask, anybody: Client) -> None:
    register(anybody)
    other = Client(app)
    asked = other.get("/courses/demo-course/m-uno").headers["Location"]
    answer = sign_in(other, path=asked)
    assert answer.headers["Location"] == "/courses/demo-course/m-uno"  # type: ignore[attr-defined]
    third = Client(app)
    away = sign_in(third, path="/login?next=//evil.test")
    assert away.headers["Location"] == "/"  # type: ignore[attr-defined]


def test_a_wrong_passphrase_and_an_unknown_name_are_told_alike(app: Flask, anybody: Client) -> None:
    register(anybody)
    answers = [sign_in(Client(app), username, "wrong wrong") for username in ("ana", "eva")]
    assert {answer.status_code for answer in answers} == {401}  # type: ignore[attr-defined]
    assert len({words(answer) for answer in answers}) == 1  # type: ignore[arg-type]
    assert len({len(answer.get_data()) for answer in answers}) == 1  # type: ignore[attr-defined]


def test_a_thousand_wrong_passphrases_are_held_up(app: Flask, anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    register(anybody)
    reached: list[str] = []
    monkeypatch.setattr(passphrases, "is_right", lambda _h, secret: reached.append(secret) or False)
    other = Client(app)
    form = other.form("/login", "/login")
    statuses = [other.send(form, username="ana", passphrase=f"wrong {n}").status_code for n in range(1000)]
    assert len(reached) == 6
    assert set(statuses[6:]) == {429}


def test_the_new_session_has_a_new_cookie(app: Flask, anybody: Client) -> None:
    register(anybody)
    other = Client(app)
    other.get("/login")
    before = other.browser.get_cookie("s")
    sign_in(other)
    after = other.browser.get_cookie("s")
    assert before and after and before.value != after.value


def test_the_printed_code_lets_her_back_in(app: Flask, anybody: Client) -> None:
    text = words(register(anybody))  # type: ignore[arg-type]
    code = next(word for word in text.split() if len(word) == 19 and word.count("-") == 3)
    other = Client(app)
    form = other.form("/recover", "/recover")
    wrong = other.send(form, username="ana", code="AAAA-BBBB-CCCC-DDDD", passphrase="otras palabras nuevas")
    assert wrong.status_code == 401
    assert 'value="AAAA' not in wrong.get_data(as_text=True)
    short = other.send(form, username="ana", code=code, passphrase="corta")
    assert f'value="{code}"' in short.get_data(as_text=True), "only the passphrase is to be typed again"
    done = other.send(form, username="ana", code=code, passphrase="otras palabras nuevas")
    assert "Anote este código" in words(done)
    assert other.get("/me/learning").status_code == 200
    assert anybody.get("/me/learning").status_code == 303


def test_a_passphrase_is_changed(app: Flask, anybody: Client) -> None:
    register(anybody)
    form = anybody.form("/me/passphrase", "/me/passphrase")
    assert anybody.send(form, old="wrong wrong", passphrase="otras palabras nuevas").status_code == 401
    assert anybody.send(form, old=PASSPHRASE, passphrase="12345678").status_code == 400
    assert "Anote este código" in words(anybody.send(form, old=PASSPHRASE, passphrase="otras palabras nuevas"))
    assert anybody.get("/me/learning").status_code == 200
    assert sign_in(Client(app), passphrase="otras palabras nuevas").status_code == 303  # type: ignore[attr-defined]


def test_a_given_passphrase_is_changed_first(app: Flask, anybody: Client) -> None:
    register(anybody)
    with site_of(app).database.writing() as tx:
        person = people.by_username(tx, "ana")
        assert person
        people.set_passphrase(tx, person.id, passphrases.hash_(PASSPHRASE), must_change=True)
    assert "Otra persona le dio su contraseña" in words(anybody.get("/me/passphrase"))
    form = anybody.form("/me/passphrase", "/me/passphrase")
    anybody.send(form, old=PASSPHRASE, passphrase="otras palabras nuevas")
    assert anybody.get("/me/learning").status_code == 200


def test_a_profile_is_changed(app: Flask, ana: Client) -> None:
    form = ana.form("/me/profile", "/me/profile")
    assert ana.send(form, display_name="").status_code == 400
    assert ana.send(form, display_name="Ana Lucía", language="en").headers["Location"] == "/me/profile?saved=1"
    told = ana.get("/me/profile?saved=1")
    assert 'lang="en"' in told.get_data(as_text=True)
    assert "Saved." in words(told)
    with site_of(app).database.reading() as tx:
        person = people.by_username(tx, "ana")
    assert person
    assert (person.display_name, person.language) == ("Ana Lucía", "en")


def code_of(app: Flask, clock: Clock) -> str:
    with site_of(app).database.writing() as tx:
        return cohorts.create(tx, site_of(app).pen, name="g", courses=["demo-course"], cap=5, days=5, now=clock()).code


def test_a_link_with_a_code_leads_to_registering_without_it_in_the_address(
    app: Flask, anybody: Client, clock: Clock
) -> None:
    code = code_of(app, clock)
    followed = anybody.get(f"/join/{code}")
    assert followed.headers["Location"] == "/register"
    form = anybody.form("/register", "/register")
    assert dict(form.fields)["code"] == code
    assert anybody.send(form, **FACTS).status_code == 200
    assert "Curso de muestra" in words(anybody.get("/me/learning"))


def test_somebody_signed_in_confirms_that_she_joins(app: Flask, ana: Client, clock: Clock) -> None:
    code = code_of(app, clock)
    assert ana.get(f"/join/{code}").headers["Location"] == "/me/join"
    form = ana.form("/me/join", "/me/join")
    assert ana.send(form, code="AAAAA-AAAAA").status_code == 400
    assert ana.send(form).headers["Location"] == "/me/learning"
    assert "Curso de muestra" in words(ana.get("/me/learning"))


def test_somebody_with_an_account_joins_by_a_link_too(app: Flask, anybody: Client, clock: Clock) -> None:
    register(anybody)
    code, other = code_of(app, clock), Client(app)
    other.get(f"/join/{code}")
    links = re.findall(r'href="(/login[^"]*)"', other.get("/register").get_data(as_text=True))
    assert links[-1] == "/login?next=/me/join"
    assert sign_in(other, path="/login").headers["Location"] == "/me/join"  # type: ignore[attr-defined]
    assert other.get("/login").headers["Location"] == "/me/join"
    form = other.form("/me/join", "/me/join")
    assert dict(form.fields)["code"] == code
    assert other.send(form).headers["Location"] == "/me/learning"
    assert "Curso de muestra" in words(other.get("/me/learning"))
    assert other.get("/login").headers["Location"] == "/"


def test_registering_with_the_code_of_a_link_needs_no_second_joining(app: Flask, anybody: Client, clock: Clock) -> None:
    anybody.get(f"/join/{code_of(app, clock)}")
    answer = anybody.send(anybody.form("/register?next=/me/join", "/register"), **FACTS)
    assert 'href="/me/learning"' in answer.get_data(as_text=True).split("code-box")[1]


@pytest.mark.parametrize("typed", ["jose\u0301", "JOSÉ", " josé ", "ｊｏｓé"])
def test_a_name_is_the_same_however_it_is_typed(app: Flask, anybody: Client, typed: str) -> None:
    told = register(anybody, username="jose\u0301")
    code = next(word for word in words(told).split() if len(word) == 19 and word.count("-") == 3)  # type: ignore[arg-type]
    assert sign_in(Client(app), username=typed).status_code == 303  # type: ignore[attr-defined]
    other = Client(app)
    back = other.send(other.form("/recover", "/recover"), username=typed, code=code, passphrase="otras palabras nuevas")
    assert back.status_code == 200


def test_codes_are_not_found_by_trying(app: Flask, ana: Client) -> None:
    form = ana.form("/me/join", "/me/join")
    statuses = [ana.send(form, code=f"{n:010}").status_code for n in range(64)]
    assert statuses[:60] == [400] * 60
    assert 429 in statuses[60:]


def test_registration_may_be_closed(make_app: Callable[..., Flask]) -> None:
    app = make_app(registration="closed")
    client = Client(app)
    assert "Aquí solo la persona encargada abre cuentas" in words(client.get("/register"))
    fields = [("csrf", client.csrf()), *FACTS.items()]
    assert client.post("/register", fields).status_code == 403


def test_leaving_signs_out_and_shows_nothing(app: Flask) -> None:
    ana = signed_in(app, "ana")
    form = ana.form("/about", "/language")
    answer = ana.post("/exit", [("csrf", dict(form.fields)["csrf"])])
    assert answer.headers["Location"] == "/exit"
    assert "Vereda" not in words(ana.get("/exit"))
    assert ana.get("/me/learning").status_code == 303
    nobody = Client(app)
    assert nobody.post("/exit", [("csrf", nobody.csrf())]).status_code == 303


def test_signing_out_says_so(ana: Client) -> None:
    answer = ana.send(ana.form("/me/learning", "/logout"))
    assert "Cerró su sesión" in words(ana.get(answer.headers["Location"]))
