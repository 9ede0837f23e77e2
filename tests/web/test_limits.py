"""How often an address may try: a class is never held up, a machine is."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask

from lms.services.groups import cohorts
from lms.services.people import entrance, passphrases
from lms.storage.throttles import Limit
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.test_auth import FACTS, register


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every secret that was hashed."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    done: list[str] = []
    monkeypatch.setattr(passphrases, "HASHER", cheap)
    monkeypatch.setattr(passphrases, "hash_", lambda secret: done.append(secret) or cheap.hash(secret))
    return done


def cohort_code(app: Flask, clock: Clock, cap: int = 500) -> str:
    with site_of(app).database.writing() as tx:
        made = cohorts.create(tx, site_of(app).pen, name="g", courses=["demo-course"], cap=cap, days=5, now=clock())
    return made.code


def status(answer: object) -> int:
    return int(answer.status_code)  # type: ignore[attr-defined]


def test_two_classes_register_with_a_code_from_one_address(app: Flask, clock: Clock, hashes: list[str]) -> None:
    code = cohort_code(app, clock)
    for number in range(80):
        somebody = Client(app)
        if number % 2:
            assert status(register(somebody, username=f"n{number}", code=code, passphrase="corta")) == 400
        assert status(register(somebody, username=f"persona{number}", code=code)) == 200


def test_two_classes_join_from_one_address(app: Flask, clock: Clock) -> None:
    code = cohort_code(app, clock)
    for number in range(80):
        somebody = signed_in(app, f"persona{number}")
        assert somebody.send(somebody.form("/me/join", "/me/join"), code=code).status_code == 303


def test_names_are_not_found_out_by_trying(app: Flask, anybody: Client, hashes: list[str]) -> None:
    register(anybody)
    other = Client(app)
    form = other.form("/register", "/register")
    statuses = [other.send(form, **FACTS).status_code for _ in range(205)]
    assert statuses[:200] == [409] * 200
    assert 429 in statuses[200:]


def test_accounts_are_not_made_by_the_hundred(
    app: Flask, clock: Clock, hashes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "ACCOUNTS", Limit(free=45, most=60))
    statuses = [status(register(Client(app), username=f"persona{number}")) for number in range(50)]
    assert statuses[:45] == [200] * 45
    assert 429 in statuses[45:]
    clock.pass_(days=1)
    assert status(register(Client(app), username="manana")) == 200


def test_codes_are_not_found_by_registering(app: Flask, anybody: Client, hashes: list[str]) -> None:
    form = anybody.form("/register", "/register")
    statuses = [anybody.send(form, **FACTS, code=f"{number:010}").status_code for number in range(64)]
    assert statuses[:60] == [400] * 60
    assert 429 in statuses[60:]
    assert hashes == []


@pytest.mark.parametrize(
    ("policy", "part"), [("closed", "persona encargada abre cuentas"), ("code", "el código de su grupo")]
)
def test_where_nobody_may_register_nothing_is_hashed(
    make_app: Callable[..., Flask], hashes: list[str], policy: str, part: str
) -> None:
    client = Client(make_app(registration=policy))
    answer = client.post("/register", [("csrf", client.csrf()), *FACTS.items()])
    assert answer.status_code == 403
    assert part in words(answer)
    assert hashes == []


def test_nobody_waits_long_for_a_hash() -> None:
    assert passphrases.PATIENCE <= 2
