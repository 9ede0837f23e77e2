"""The interface in each language, and in one that needs no code."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from lms.content.release import digest, encode
from lms.storage import releases
from tests.web.client import Client, page, words
from tests.web.conftest import signed_in, site_of
from tests.web.test_learn import COURSE, UNO, finish

TRANSLATIONS = Path(__file__).parents[2] / "translations"
PAGES = ["/", COURSE, UNO, f"{COURSE}/m-dos", f"{COURSE}/m-prueba", "/me/learning", "/me/certificates", "/me/profile", "/me/passphrase",
         "/me/join", "/about", "/privacy", "/accessibility", "/exit", "/verify", "/verify?number=zz", "/nada"]  # fmt: skip
STRANGERS = ["/", "/login", "/register", "/recover", COURSE]


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


class Texts(HTMLParser):
    """Every text of a page with the language that its element says it is in."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        language = values.get("lang") or (self.languages[-1] if self.languages else "")
        for name in ("aria-label", "data-saved", "data-failed"):
            if values.get(name):
                self.found.append((language, values[name] or ""))
        if tag in ("input", "meta", "link", "img", "br", "hr"):
            return
        self.languages.append(language)
        self.skipped += tag in ("script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        if self.languages and tag not in ("path", "circle", "line", "rect", "polyline"):
            self.languages.pop()
        self.skipped -= tag in ("script", "style", "svg")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.skipped:
            self.found.append((self.languages[-1], " ".join(data.split())))


def texts(text: str) -> list[tuple[str, str]]:
    reader = Texts()
    reader.feed(text)
    return reader.found


@pytest.fixture
def pseudo(tmp_path: Path, make_app: Callable[..., Flask]) -> Flask:
    """An installation in a language that nobody speaks: each sentence is its source between brackets."""
    with (TRANSLATIONS / "messages.pot").open("rb") as file:
        template = read_po(file)
    catalogue = Catalog(locale="eo")
    for message in template:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = tuple(f"⟦{each}⟧" for each in ids)
            catalogue.add(message.id, strings if isinstance(message.id, tuple) else strings[0])
    folder = tmp_path / "catalogues" / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return make_app(languages=("eo", "es"), catalogues=tmp_path / "catalogues")


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


OURS = re.compile(r"⟦[^⟧]*⟧")
NEUTRAL = re.compile(
    r"[\W\d]*|Vereda|Vereda \(demonstration\)|Español|Esperanto|ana|Ana|[\d.,]+ (km|m|kg|L|mi|ft|lb|gal)|\d+ °[CF]|CC-BY-SA-4.0|Esperanto"
)


def test_a_language_needs_no_code_and_every_sentence_is_translated(pseudo: Flask) -> None:
    ana = signed_in(pseudo, "ana")
    finish(ana, "m-dos")
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    form = page(ana.get(UNO)).form("/quiz/q-a")
    ana.send(form, ("act", "check"), **{"q-a": form.options["q-a"][0]})
    seen = [ana.get(each) for each in (*PAGES, path, f"{path}?review=1")]
    ana.send(ana.form(path, "/attempts/"), ("act", "send"))
    seen += [ana.get(path)] + [Client(pseudo).get(each) for each in STRANGERS]
    for answer in seen:
        for language, text in texts(answer.get_data(as_text=True)):
            if language == "eo":
                rest = OURS.sub("", text).strip(" .:·,;()›")
                assert NEUTRAL.fullmatch(rest), (answer.request.path, text)
            else:
                assert language == "es", (answer.request.path, language, text)
                assert "⟦" not in text, (answer.request.path, text)


@pytest.mark.parametrize("language", ["es", "en"])
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
        assert not any(re.search(r"%(?!\(\w+\)s)", each) for each in (*ids, *strings)), message.id
