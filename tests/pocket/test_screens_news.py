"""What the pocket's pages tell of what comes from elsewhere: a newer release, a newer version of the page, a receipt, a refusal."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lms.learning.events import MODULE_COMPLETED, decode
from tests.browser import confirm, new_page
from tests.installation import Installation, free_port, install
from tests.phones.conftest import COURSE, copied
from tests.phones.wire import Wire
from tests.pocket.test_screens import all_sent, unsent, with_course
from tests.pocket.tour import go

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
VERSION = "document.documentElement.dataset.version"
LOOK = "() => navigator.serviceWorker.getRegistration('/').then((found) => found.update()).then(() => null)"
FORBIDDEN = """async (course) => {
    const { log, profile } = await import(document.querySelector("script[type=module][src*='/js/pocket/']").src);
    const [mine] = await profile.list();
    await log.record(mine, { type: "store.enrolled", course });
}"""
"""An act that a phone has no right to tell of."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation of its own, whose course is edited."""
    folder = tmp_path_factory.mktemp("news")
    made = install(folder, copied(folder / "courses"))
    with made.serving():
        yield made


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a phone that nobody has used."""
    page = new_page(browser)
    yield page
    page.context.close()


def finish(phone: Page) -> None:
    """She says that she has finished the second module."""
    go(phone, f"module/{COURSE}/m-dos")
    phone.click("[data-end] button")
    phone.locator("#pocket-view .notice-good").wait_for()


def test_a_newer_release_is_offered_and_waits_for_what_was_begun(place: Installation, phone: Page) -> None:
    with_course(phone, place, course=COURSE)
    finish(phone)
    go(phone, f"module/{COURSE}/m-uno")
    phone.locator(".quiz input[type=radio]").first.check()
    phone.locator("[data-status]", has_text="Guardado").wait_for()
    lesson = place.courses / COURSE / "es" / "01-uno.md"
    lesson.write_text(lesson.read_text("utf-8").replace("Un párrafo con", "Otro párrafo, ya corregido, con"), "utf-8")
    place.lms("publish")
    phone.goto(f"{place.url}/pocket#/")
    phone.locator(".resume a", has_text="una versión más nueva").click()
    phone.locator("h1", has_text="La versión más nueva de").wait_for()
    phone.click("#pocket-view form button[type=submit]")
    phone.locator(".notice", has_text="termina con esa").wait_for()
    go(phone, f"course/{COURSE}")
    assert phone.locator("[data-do=change]").count() == 0
    go(phone, f"module/{COURSE}/m-uno")
    assert "ya corregido" not in phone.locator(".lesson").inner_text()
    quiz = phone.locator(".quiz", has=phone.locator("input[type=radio]:checked"))
    quiz.locator("[type=submit]").click()
    phone.locator(".quiz .result").first.wait_for()
    go(phone, f"course/{COURSE}")
    phone.click("[data-do=change]")
    phone.locator("[data-slot=banners]:empty").wait_for(state="attached")
    assert phone.locator(".modules .done").count() == 1
    go(phone, f"module/{COURSE}/m-uno")
    assert "ya corregido" in phone.locator(".lesson").inner_text()


def test_a_newer_version_of_the_page_comes_when_she_says_so(
    place: Installation, phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(place.port)
    with_course(phone, replace(place, port=wire.port), course=COURSE)
    before = phone.evaluate(VERSION)
    go(phone, "")
    monkeypatch.setenv("LMS_LANGUAGES", "en,es")
    updated = replace(place, port=free_port())
    with updated.serving():
        wire.target = updated.port
        phone.evaluate(LOOK)
        phone.locator("[data-do=renew]").wait_for()
        assert phone.evaluate(VERSION) == before
        finish(phone)
        assert phone.evaluate(VERSION) == before
        go(phone, "")
        phone.click("[data-do=renew]")
        phone.wait_for_function(f"(before) => {VERSION} !== before", arg=before)
        phone.locator(".progress .done").first.wait_for()
        assert phone.locator("[data-do=renew]").count() == 0
        all_sent(phone)
    wire.close()


def test_a_receipt_is_taken_in_and_what_it_names_is_sent_all_the_same(
    place: Installation, phone: Page, browser: Browser, tmp_path: Path
) -> None:
    with_course(phone, place, course=COURSE)
    phone.context.set_offline(True)
    finish(phone)
    waiting = unsent(phone)
    go(phone, "save")
    with phone.expect_download() as saved:
        phone.click("[data-do=file]")
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    desk = new_page(browser)
    desk.goto(f"{place.url}/pocket/hand-in")
    desk.set_input_files("[name=file]", file)
    desk.click("main form button[type=submit]")
    with desk.expect_download() as given:
        desk.click("main a[download]")
    receipt = tmp_path / "receipt.json"
    given.value.save_as(receipt)
    desk.context.close()
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"vereda": "receipt 1"}), "utf-8")
    for chosen, told in ((other, "[role=alert]"), (receipt, ".notice-good")):
        phone.set_input_files("[name=receipt]", chosen)
        phone.click("#pocket-view [data-form] button[type=submit]")
        phone.locator(f"[data-slot=receipt] {told}").wait_for()
    count = waiting.split()[0]
    assert f"tiene {count} cosa" in phone.locator("[data-slot=receipt]").inner_text()
    assert unsent(phone) == waiting
    go(phone, "sent")
    assert f"ya tiene {count} de ellas" in phone.locator("[data-slot=sending]").inner_text()
    phone.context.set_offline(False)
    all_sent(phone)
    assert "ya tiene" not in phone.locator("[data-slot=sending]").inner_text()


def test_what_is_refused_or_does_not_count_is_shown_with_its_reason_and_saved(
    place: Installation, phone: Page, tmp_path: Path
) -> None:
    with_course(phone, place, course=COURSE)
    phone.evaluate(FORBIDDEN, COURSE)
    all_sent(phone)
    phone.goto(f"{place.url}/me/devices")
    phone.click("main a[href*='/me/devices/']")
    if "/me/confirm" in phone.url:
        confirm(phone)
    phone.click("main form button[type=submit]")
    phone.locator(".notice-good").wait_for()
    phone.goto(f"{place.url}/pocket#/")
    phone.locator(".resume").wait_for()
    finish(phone)
    all_sent(phone)
    go(phone, "")
    banner = phone.locator("[data-slot=banners] .notice-warm")
    assert "2 cosas" in banner.inner_text()
    banner.locator("a").click()
    bad = phone.locator("[data-slot=refused] li")
    bad.first.wait_for()
    said = " ".join(bad.all_inner_texts())
    assert "no recibe esta clase de cosa" in said
    assert "se quitó de sus dispositivos" in said
    phone.locator("section[aria-labelledby=page-refused] .button").click()
    with phone.expect_download() as saved:
        phone.click("[data-do=file]")
    file = tmp_path / "progress.ndjson"
    saved.value.save_as(file)
    lines = [json.loads(each) for each in file.read_text("utf-8").splitlines()]
    types = [decode(each["raw"].encode()).type for each in lines if "raw" in each]
    assert {"store.enrolled", MODULE_COMPLETED} <= set(types)
    assert lines[-1] == {"end": len(types)}
