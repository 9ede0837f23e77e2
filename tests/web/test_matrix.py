"""Every address × everybody, from the map of addresses: nobody gets what is not hers, and no address was forgotten."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from lms.services.groups import cohorts as groups
from lms.storage import cohorts
from lms.storage.cohorts import Cohort
from tests.web.client import Client
from tests.web.conftest import join, signed_in, site_of
from tests.web.learner import number_of
from tests.web.test_gate import VALUES

OF_ONE = ("cohort", "person", "number")
"""The parts of an address that name somebody's group, somebody, or her certificate."""
ROLES: dict[str, tuple[str, ...]] = {
    "learner": (),
    "author": ("author",),
    "hers": ("coordinator",),
    "another's": ("coordinator",),
    "administrator": ("administrator",),
}


@pytest.fixture
def everybody(app: Flask, holder: Client) -> dict[str, Client]:
    """Somebody of each kind: `hers` looks after Ana's group, `another's` after another one."""
    site, found = site_of(app), {}
    for place, (name, roles) in enumerate(ROLES.items()):
        found[name] = signed_in(app, f"somebody-{place}", *roles)
    for name, who in (("hers", found["hers"]), ("another's", found["another's"])):
        assert who.person
        with site.database.writing() as tx:
            made = groups.create(tx, site.pen, name=name, courses=["demo-course"], cap=9, days=9, now=site.clock())
            cohorts.assign(tx, made.id, who.person.id)
        if name == "hers":
            join(app, made, holder)
    return found


@pytest.fixture
def fill(app: Flask, holder: Client, everybody: dict[str, Client]) -> Callable[[str], str]:
    """A rule with Ana, her group and her certificate in it."""
    assert holder.person
    group = group_of(app)
    real = {**VALUES, "cohort": group.id, "person": holder.person.id, "number": number_of(app, holder)}
    return lambda rule: re.sub(r"<(?:\w+:)?(\w+)>", lambda found: real[found[1]], rule)


def group_of(app: Flask) -> Cohort:
    with site_of(app).database.reading() as tx:
        return next(each for each in cohorts.every(tx) if each.name == "hers")


def rules(app: Flask, method: str) -> Iterator[tuple[str, str, frozenset[str], frozenset[str]]]:
    """Each address: its endpoint, its rule, what it names, and the roles that it is for."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        roles = frozenset({view.access, *getattr(view, "others", ())})  # type: ignore[attr-defined]
        if method in (rule.methods or ()):
            yield rule.endpoint, rule.rule, frozenset(rule.arguments), roles


def allowed(name: str, roles: frozenset[str]) -> bool:
    return not roles.isdisjoint({"public", "learner", *ROLES[name]})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", list(ROLES))
def test_who_has_not_the_role_gets_nothing(
    app: Flask, everybody: dict[str, Client], fill: Callable[[str], str], name: str, method: str
) -> None:
    who = everybody[name]
    token = who.csrf()
    asked = 0
    for endpoint, rule, _arguments, roles in rules(app, method):
        if not allowed(name, roles):
            path = fill(rule)
            answer = who.get(path) if method == "GET" else who.post(path, [("csrf", token)])
            assert answer.status_code == 403, (endpoint, answer.status_code)
            asked += 1
    assert asked > 3 or name == "administrator"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_coordinator_of_another_group_finds_nothing_of_this_one(
    app: Flask, everybody: dict[str, Client], fill: Callable[[str], str], method: str
) -> None:
    other, asked = everybody["another's"], 0
    token = other.csrf()
    for endpoint, rule, arguments, roles in rules(app, method):
        if "coordinator" in roles and arguments.intersection(OF_ONE):
            path = fill(rule)
            answer = other.get(path) if method == "GET" else other.post(path, [("csrf", token)])
            # A page that asks for the passphrase again first shows nothing yet.
            fresh = answer.status_code == 303 and "/me/confirm" in answer.headers["Location"]
            assert answer.status_code == 404 or fresh, (endpoint, answer.status_code)
            asked += 1
    assert asked > 5


def test_who_looks_after_the_group_sees_its_pages(
    app: Flask, everybody: dict[str, Client], fill: Callable[[str], str]
) -> None:
    seen = 0
    for endpoint, rule, arguments, roles in rules(app, "GET"):
        if "coordinator" in roles and arguments and arguments <= {"cohort", "person", "number"}:
            for name in ("hers", "administrator"):
                status = everybody[name].get(fill(rule)).status_code
                assert status in (200, 303), (endpoint, name, status)
            seen += 1
    assert seen > 5


def test_nobody_gets_anothers_own(app: Flask, everybody: dict[str, Client], fill: Callable[[str], str]) -> None:
    for endpoint, rule, arguments, roles in rules(app, "GET"):
        if roles == {"learner"} and "number" in arguments:
            for name, who in everybody.items():
                assert who.get(fill(rule)).status_code == 404, (endpoint, name)
