"""The interface in each language, and each catalogue whole."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from lms.content.release import digest, encode
from lms.storage import releases
from tests.web.client import Client, words
from tests.web.conftest import site_of
from tests.web.learner import COURSE

TRANSLATIONS = Path(__file__).parents[2] / "translations"


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [
        ("", "en-US,en;q=0.8", "en"),
        ("", "fr", "es"),
        ("", "es-GT", "es"),
        ("en", "es", "en"),
        ("xx", "es", "es"),
        ("", "", "es"),
    ],
)
def test_a_language_is_agreed_on(anybody: Client, cookie: str, header: str, expected: str) -> None:
    if cookie:
        anybody.browser.set_cookie("lang", cookie)
    text = anybody.get("/", headers={"Accept-Language": header}).get_data(as_text=True)
    assert f'<html lang="{expected}">' in text


def test_a_chosen_language_is_kept_for_the_person(app: Flask, ana: Client) -> None:
    form = ana.form("/about", "/language")
    answer = ana.send(form, language="en")
    assert answer.headers["Location"] == "/about"
    ana.browser.delete_cookie("lang")
    assert '<html lang="en">' in ana.get("/about").get_data(as_text=True)
    nobody = Client(app)
    nobody.send(nobody.form("/about", "/language"), language="en")
    assert '<html lang="en">' in nobody.get("/about").get_data(as_text=True)
    nobody.send(nobody.form("/about", "/language"), language="xx")
    assert '<html lang="en">' in nobody.get("/about").get_data(as_text=True)


def test_a_course_in_a_language_that_babel_does_not_know_is_shown(app: Flask, ana: Client) -> None:
    site = site_of(app)
    with site.database.writing() as tx:
        live = site.desk.catalogue.live(tx, "demo-course")
        assert live
        editions = {**live.course.editions, "mam": replace(live.course.editions["es"], language="mam")}
        course = replace(live.course, languages=("es", "mam", "cak"), editions=editions)
        raw = encode(course)
        releases.keep(tx, digest=digest(raw), course=course, body=raw, files={}, now=site.clock())
        releases.make_live(tx, course=course.id, digest=digest(raw), source=digest(raw), position=0)
    for path in ("/", COURSE, f"{COURSE}?lang=mam"):
        told = words(ana.get(path))
        assert "Español, Mam" in told
        assert "Kaqchikel" not in told  # announced, and not there yet
    assert "Este curso está escrito en Mam." in words(ana.get(f"{COURSE}?lang=mam"))


@pytest.mark.parametrize(
    "language", sorted(path.parents[1].name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
)
def test_the_catalogue_is_complete_and_of_today(language: str, tmp_path: Path) -> None:
    import subprocess
    import sys

    root = TRANSLATIONS.parent
    fresh = tmp_path / "messages.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "translations/babel.cfg",
        "-k",
        "N_",
        "-k",
        "NN_:1,2",
        "-k",
        "_",
        "--no-location",
        "-o",
        str(fresh),
        "lms",
    ]
    subprocess.run(command, cwd=root, check=True)
    with fresh.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        kept = [message for message in read_po(file, locale=language) if message.id]
    assert {message.id for message in kept} == wanted, "run `make messages` and translate what is new"
    for message in kept:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        names = {name for each in ids for name in re.findall(r"%\((\w+)\)s", each)}
        assert all(set(re.findall(r"%\((\w+)\)s", each)) <= names for each in strings), message.id
        if names:  # only then is it a format
            assert not any(re.search(r"%(?!\(\w+\)s)", each) for each in (*ids, *strings)), message.id
