"""A phone that several people use: after signing out, leaving in a hurry or going away, nothing of the last one is left."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from lms.cli.place import open_pen
from lms.content.course import load
from lms.services.certifying import certify
from lms.services.groups import cohorts
from lms.storage import people
from lms.storage.releases import Catalogue
from tests.browser import PHONE, QUIET, sign_in
from tests.installation import Installation
from tests.tools import chromium
from tests.tour.steps import COURSE, COURSES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
USERNAME, NAME, PASSPHRASE = "canusuario", "Canaria Nombrada", "can frase secreta"
ANSWER, GAP, DRAFT, LAST, LATER, GROUP = (
    "canrespuesta",
    "canhueco",
    "canborrador",
    "canultimo",
    "candespues",
    "Can Grupo",
)
NOTE, SOUGHT = "canapunte", "canbusqueda"
OUT = "form[action='/logout'] button"
PRACTICE = "/courses/muestrario/m-preguntas"
NOTHING = {"local": [], "session": [], "cookie": "", "caches": [], "databases": [], "state": None, "name": ""}
STORED = """async () => ({
    local: Object.entries(localStorage), session: Object.entries(sessionStorage), cookie: document.cookie,
    caches: await caches.keys(), databases: await indexedDB.databases(), state: history.state, name: window.name})"""
ASKED = {"Login Data": {USERNAME}}
"""What the browser notes by itself: for whom it offered to keep the passphrase. No page can keep it from that."""


@contextmanager
def phone(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A browser whose folder stays, and which keeps pages in memory for "Back", as phones do."""
    context = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=chromium(),
        args=QUIET,
        ignore_default_args=["--disable-back-forward-cache"],
        viewport=PHONE,
        locale="es-GT",
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.mark.timeout(180)
def test_nothing_of_the_last_person_is_left(served: Installation, browser: Browser, tmp_path: Path) -> None:
    course, _ = load(COURSES / "trata-de-personas")
    assert course
    titles = {course.edition("es").title, course.edition("es").modules["m-que-es"].title}
    canaries = {USERNAME, NAME, PASSPHRASE, ANSWER, GAP, DRAFT, LAST, LATER, GROUP, NOTE, SOUGHT, *titles}
    with phone(browser, tmp_path) as context:
        page = context.pages[0]
        canaries |= everything(page, served)
        assert len(canaries) >= 12

        write(page, "q-etiqueta", LAST)
        page.click(OUT)
        page.wait_for_url("**/login**")
        assert found(page, canaries, titles) == []

        sign_in(page, served.url, USERNAME, PASSPHRASE)
        page.goto(served.url + PRACTICE)
        assert page.locator("[name=q-etiqueta]").input_value() == LAST
        page.goto(f"{served.url}{COURSE}/m-que-es")
        page.click("form[data-exit] button")
        page.get_by_role("heading", name="Tabla de medidas").wait_for()
        assert found(page, canaries, titles) == []

        sign_in(page, served.url, USERNAME, PASSPHRASE)
        page.clock.install()
        page.goto(served.url + PRACTICE)
        write(page, "q-etiqueta", LATER)
        page.clock.fast_forward("14:30")
        page.wait_for_url("**/login**")
        assert "Sus respuestas están guardadas" in page.locator("main").inner_text()
        assert found(page, canaries, titles) == []

        sign_in(page, served.url, USERNAME, PASSPHRASE)
        page.goto(served.url + PRACTICE)
        assert page.locator("[name=q-etiqueta]").input_value() == LATER
        page.click(OUT)
        page.wait_for_url("**/login**")
    assert on_disk(tmp_path, canaries) == []
    assert [path for path in kept_pages(tmp_path) if not path.startswith(("/s/", "/media/"))] == []


def everything(page: Page, served: Installation) -> set[str]:
    """She registers, joins a group, answers, begins an answer, looks at her certificate; what she was given on the way."""

    def go(path: str) -> None:
        page.goto(served.url + path)

    go("/register")
    for name, value in (("username", USERNAME), ("display_name", NAME), ("passphrase", PASSPHRASE)):
        write(page, name, value)
    page.check("[name=consent]")
    page.click("main form button[type=submit]")
    recovery = page.locator(".code-box").inner_text()
    code, number = prepare(served)
    go("/me/join")
    write(page, "code", code)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/me/learning")
    go(PRACTICE)
    write(page, "q-tela", ANSWER)
    page.click("#quiz-q-tela button[value=check]")
    page.locator("#quiz-q-tela .result").first.wait_for()
    page.locator("#quiz-q-uso .gapped input").first.press_sequentially(GAP)
    page.click("#quiz-q-uso button[value=save]")
    page.wait_for_url("**saved=**")
    for path in (COURSE, f"{COURSE}/m-que-es", "/me/profile"):
        go(path)
    go("/me/notes/here?course=muestrario&module=m-preguntas&section=")
    write(page, "text", NOTE)
    page.click("form[action='/me/notes/write'] button")
    page.locator(".note-text", has_text=NOTE).wait_for()
    go("/search")
    write(page, "q", SOUGHT)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**q={SOUGHT}**")
    go("/me/certificates")
    page.get_by_text(number).wait_for()
    go(f"{PRACTICE}?again=q-tela")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        write(page, "q-tela", DRAFT)
    return {recovery, code, number}


def write(page: Page, name: str, text: str) -> None:
    """Key by key, as a person does: what is typed may be remembered by the browser, what a script sets is not."""
    field = page.locator(f"main [name={name}]")
    field.fill("")
    field.press_sequentially(text)


def prepare(served: Installation) -> tuple[str, str]:
    """A group's code to join with, and the number of a certificate of hers."""
    database, now = served.database(), datetime.now(UTC)
    pen = open_pen(served.settings, database)
    with database.writing() as tx:
        group = cohorts.create(tx, pen, name=GROUP, courses=["muestrario"], cap=9, days=9, now=now)
        person = people.by_username(tx, USERNAME)
        release = Catalogue().live(tx, "muestrario")
        assert person
        assert release
        number = certify.request(
            tx, pen, learner=person.id, release=release, language="es", now=now, settings=served.settings
        )
    assert number
    return group.code, number


def found(page: Page, canaries: set[str], titles: set[str]) -> list[tuple[str, str]]:
    """What of them a person who takes the phone now sees or digs out: here, with Back and Forward, in storage."""
    assert page.evaluate(STORED) == NOTHING
    seen = [(page.url, page.content())]
    for go in (*[page.go_back] * 5, page.reload, *[page.go_forward] * 5):
        with suppress(Error):  # a page that was the answer to a form is not asked for again
            go()
        seen.append((page.url, page.content()))
    assert page.evaluate(STORED) == NOTHING
    return [(url, each) for url, text in seen for each in canaries - _public(url, titles) if each in text]


def _public(url: str, titles: set[str]) -> set[str]:
    """The catalogue is everybody's, and courses have titles there."""
    return titles if urlsplit(url).path == "/" else set()


def on_disk(folder: Path, canaries: set[str]) -> list[tuple[str, str]]:
    """The files of the browser that hold one of them, in either of the two ways in which it writes text. The words that
    were looked for stand in an address, which its history keeps; nowhere else."""
    return [
        (path.name, each)
        for path in folder.rglob("*")
        if path.is_file() and (content := path.read_bytes())
        for each in sorted(canaries - ASKED.get(path.name, set()))
        for encoding in ("utf-8", "utf-16-le")
        if content.count(each.encode(encoding)) > content.count(f"q={SOUGHT}".encode(encoding)) * (each == SOUGHT)
    ]


def kept_pages(folder: Path) -> list[str]:
    """The paths of what is in the browser's cache: its files begin with them, what they hold is packed."""
    files = [path.read_bytes()[:600] for path in folder.glob("Default/Cache/Cache_Data/*_0")]
    kept = [match[1].decode() for each in files for match in re.finditer(rb"http://127\.0\.0\.1:\d+(/[\w./-]*)", each)]
    assert any(path.endswith("vereda.css") for path in kept), "the cache is read as it is no longer written"
    return kept
