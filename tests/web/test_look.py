"""How pages look to a reader: chosen without JavaScript, kept with the account or else on the device."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from lms.storage import people
from lms.web.frame import look
from tests.web.client import Client
from tests.web.conftest import signed_in, site_of


def words(client: Client, path: str = "/") -> str:
    found = re.search(r'<html lang="\w+" data-look="([^"]*)">', client.get(path).get_data(as_text=True))
    return found[1] if found else ""


def test_a_visitors_choice_is_kept_on_her_device(anybody: Client) -> None:
    assert words(anybody) == ""
    answer = anybody.send(
        anybody.form("/about", "/look"), size="huge", theme="dark", space="", contrast="", motion="still"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/about")
    assert words(anybody) == "huge dark still"


def test_a_learners_choice_is_kept_with_her_account_and_leaves_nothing_on_the_device(app: Flask, ana: Client) -> None:
    answer = ana.send(
        ana.form("/about", "/look"), size="large", theme="light", space="wide", contrast="more", motion=""
    )
    assert "look=" not in answer.headers.get("Set-Cookie", "")
    assert words(ana) == "large wide light more"
    with site_of(app).database.reading() as tx:
        kept = people.by_username(tx, "ana")
    assert kept is not None
    assert kept.preferences.look == "large wide light more"
    assert words(signed_in(app, "beto")) == ""


def test_as_the_device_has_it_is_a_choice_too(ana: Client) -> None:
    ana.browser.set_cookie("look", "dark")  # whoever was here before her
    assert words(ana) == "dark"
    ana.send(ana.form("/about", "/look"), size="", theme="", space="", contrast="", motion="")
    assert words(ana) == ""


def test_what_is_no_look_is_passed_over(anybody: Client) -> None:
    anybody.send(
        anybody.form("/about", "/look"), size='" onload="x', theme="dark", space="large", contrast="", motion=""
    )
    assert words(anybody) == "large dark"


def test_a_script_gets_a_short_answer(anybody: Client) -> None:
    form = anybody.form("/about", "/look")
    answer = anybody.send(form, headers={"X-Fragment": "1"}, theme="dark")
    assert (answer.status_code, answer.data) == (204, b"")


def test_every_choice_is_a_word_of_its_own() -> None:
    chosen = [word for _, values in look.CHOICES.values() for word in values if word]
    assert len(chosen) == len(set(chosen))


@pytest.mark.parametrize("development", [False, True])
def test_the_styleguide_is_for_those_who_develop(make_app: Callable[..., Flask], development: bool) -> None:
    answer = Client(make_app(development=development)).get("/styleguide")
    assert answer.status_code == (200 if development else 404)
