"""Every fault that a phone can meet: what it called saved is at the store once, or shown as refused with the reason."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from lms.cli.place import now, open_pen
from lms.ids import uuid7
from lms.learning.events import ATTEMPT_SUBMITTED, MODULE_COMPLETED
from lms.services.people import devices, erasing
from lms.services.pocket import mending
from lms.services.studying.desk import Desk
from lms.storage import event_log, projection
from lms.storage.releases import Catalogue
from tests import browser
from tests.browser import register
from tests.phones.conftest import COURSE, Store, copied
from tests.phones.phone import Phone
from tests.phones.wire import Fault
from tests.pocket.tour import go

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
Phones = Callable[[str], Phone]
Edit = Callable[..., None]
"""Changes files of the course, each (name, pattern, text), and publishes it."""
EVENTS, FILES = "/api/v1/events", "/pocket/files/"
RIGHT = ["Opción alfa del caso 11", "Opción beta del caso 12", "Opción gama del caso 13"]
RIGHT += [f"Opción {letter} del caso 2{n}" for n, letter in enumerate(("alfa", "beta", "gama"), start=1)]


def new_name() -> str:
    return f"u{uuid7()[-12:]}"


def taken_along(phone: Phone, name: str, username: str = "") -> str:
    """She has opened an account, and has the course on her phone; her id."""
    page = phone.page if phone.context else phone.open("/register")
    phone.forget_session()
    register(page, phone.url, username or new_name(), name)
    return joined(phone, name)


def joined(phone: Phone, name: str) -> str:
    """She is signed in, and takes the course along; her id."""
    phone.page.goto(phone.url + "/pocket")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    learner = str(phone.do("join")["learner"])
    assert phone.do("take", name, COURSE)
    return learner


def all_sent(phone: Phone, name: str, **page: Page) -> None:
    """Her lines are at the store."""
    phone.do("send", **page)
    assert phone.do("pending", name, **page)["waiting"] == 0


def test_what_is_done_in_airplane_mode_reaches_the_store(store: Store, phone: Phones) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    one.airplane()
    one.do("end", "Ana", COURSE, "m-uno")
    one.do("answer", "Ana", COURSE, "m-uno", {"q-a": ["1"]})
    one.do("send")
    assert one.do("pending", "Ana")["waiting"] == 2
    one.airplane(False)
    all_sent(one, "Ana")
    assert (store.count(ana, MODULE_COMPLETED), store.count(ana, ATTEMPT_SUBMITTED)) == (1, 1)
    store.holds(one.kept("events"))


@pytest.mark.parametrize("fault", ["lost", "unanswered"])
def test_the_store_is_killed_before_or_after_it_commits(store: Store, phone: Phones, fault: Fault) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    store.wire.next(EVENTS, fault, then=store.kill)
    one.do("end", "Ana", COURSE, "m-uno")
    one.do("send")
    assert one.do("pending", "Ana")["waiting"] == 1
    store.start()
    assert store.count(ana, MODULE_COMPLETED) == (1 if fault == "unanswered" else 0)
    all_sent(one, "Ana")
    assert store.count(ana, MODULE_COMPLETED) == 1
    store.holds(one.kept("events"))


@pytest.mark.parametrize("fault", ["portal", "cut", "busy"])
def test_nothing_but_the_stores_own_answer_counts(store: Store, phone: Phones, fault: Fault) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    one.airplane()
    one.do("end", "Ana", COURSE, "m-uno")
    store.wire.next(EVENTS, fault, times=2)  # it also sends by itself as soon as there is a network
    one.airplane(False)
    one.do("send")
    assert one.do("pending", "Ana")["waiting"] == 1
    store.wire.rules.clear()
    all_sent(one, "Ana")
    assert store.count(ana, MODULE_COMPLETED) == 1
    store.holds(one.kept("events"))


def test_the_battery_dies_while_she_works(store: Store, phone: Phones) -> None:
    one = phone("one")
    taken_along(one, "Ana")
    one.airplane()
    saved: list[str] = []
    one.page.on("console", lambda message: saved.append(message.text) if message.type == "log" else None)
    one.page.evaluate(
        """(course) => { (async () => {
            for (let n = 0; n < 500; n += 1) console.log((await window.hand.reach("Ana", course, "m-uno", "primera")).id);
        })(); }""",
        COURSE,
    )
    while len(saved) < 12:
        one.page.wait_for_timeout(5)
    one.kill()
    one.open()
    rows = one.kept("events")
    assert set(saved) <= {row["id"] for row in rows}
    assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
    all_sent(one, "Ana")
    store.holds(one.kept("events"))


def test_two_tabs_give_no_number_twice(store: Store, phone: Phones) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    assert one.context
    first, second = one.page, one.context.new_page()
    second.goto(one.url + "/pocket")
    one.airplane()
    begin = """([course, section]) => { window.done = Promise.all(Array.from({ length: 15 },
        () => window.hand.reach("Ana", course, "m-uno", section))); }"""
    for page, section in ((first, "primera"), (second, "segunda")):
        one.do("pending", "Ana", page=page)
        page.evaluate(begin, [COURSE, section])
    for page in (first, second):
        assert page.evaluate("window.done.then((rows) => rows.length)") == 15
    assert [row["n"] for row in one.kept("events")] == list(range(1, 31))
    one.airplane(False)
    second.evaluate("void window.hand.send()")
    all_sent(one, "Ana", page=first)
    store.holds(one.kept("events"))
    assert sum(ana.encode() in raw and b"section_reached" in raw for raw in store.lines().values()) == 30


def test_two_phones_of_one_person(store: Store, phone: Phones) -> None:
    one, two, username = phone("one"), phone("two"), new_name()
    ana = taken_along(one, "Ana", username)
    sign_in(two, username)
    assert joined(two, "Ana") == ana
    for each, module in ((one, "m-uno"), (two, "m-dos")):
        each.airplane()
        each.do("end", "Ana", COURSE, module)
        each.airplane(False)
        all_sent(each, "Ana")
    assert store.count(ana, MODULE_COMPLETED) == 2
    for each in (one, two):
        store.holds(each.kept("events"))
        state = each.do("refresh", "Ana")["courses"][COURSE]
        assert sorted(state["carried"]["ended"]) == ["m-dos", "m-uno"]


def sign_in(phone: Phone, username: str) -> None:
    """Somebody who has an account is signed in."""
    browser.sign_in(phone.page if phone.context else phone.open("/login"), phone.url, username)


def test_her_session_is_over_and_somebody_else_is_signed_in(store: Store, phone: Phones) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    one.airplane()
    one.do("end", "Ana", COURSE, "m-uno")
    one.airplane(False)
    store.wire.is_down = True
    one.do("send")
    store.wire.is_down = False
    beto = taken_along(one, "Beto")
    one.do("end", "Beto", COURSE, "m-dos")
    all_sent(one, "Beto")
    assert one.do("pending", "Ana")["waiting"] == 0
    assert [store.count(each, MODULE_COMPLETED) for each in (ana, beto)] == [1, 1]
    store.holds(one.kept("events"))


@pytest.mark.parametrize("clock", ["2001-01-01T00:00:00Z", "2099-12-31T23:59:59Z"])
def test_the_phones_clock_is_wrong_and_jumps_back(store: Store, phone: Phones, clock: str) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    (attempt,) = one.do("ticket", "Ana", COURSE, "m-prueba")
    one.page.clock.set_fixed_time(clock)
    one.do("sheet", "Ana", COURSE, attempt, RIGHT)
    one.page.clock.set_fixed_time("2026-01-01T00:00:00Z")
    one.do("end", "Ana", COURSE, "m-uno")
    all_sent(one, "Ana")
    assert store.count(ana, MODULE_COMPLETED) == 1
    store.holds(one.kept("events"))
    state = one.do("refresh", "Ana")["courses"][COURSE]
    assert (state["attempts"][attempt]["state"], state["attempts"][attempt]["passed"]) == ("marked", True)


def test_a_full_phone_says_so_and_saves_nothing(store: Store, phone: Phones) -> None:
    one = phone("one")
    taken_along(one, "Ana")
    one.page.evaluate(
        """() => {
            const real = IDBObjectStore.prototype.add;
            IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
            window.empty = () => { IDBObjectStore.prototype.add = real; };
        }"""
    )
    with pytest.raises(Error, match="QuotaExceededError"):
        one.do("end", "Ana", COURSE, "m-uno")
    assert one.kept("events") == []
    one.page.evaluate("window.empty()")
    one.do("end", "Ana", COURSE, "m-uno")
    all_sent(one, "Ana")
    assert [row["n"] for row in one.kept("events")] == [1]
    store.holds(one.kept("events"))


def test_the_browser_threw_everything_away(store: Store, phone: Phones) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    one.do("end", "Ana", COURSE, "m-uno")
    all_sent(one, "Ana")
    (before,) = one.kept("events")
    assert one.context
    away = {"origin": one.url, "storageTypes": "indexeddb,cache_storage"}
    one.context.new_cdp_session(one.page).send("Storage.clearDataForOrigin", away)
    one.page.reload()
    assert joined(one, "Ana") == ana
    one.do("end", "Ana", COURSE, "m-dos")
    all_sent(one, "Ana")
    (after,) = one.kept("events")
    assert (after["n"], before["n"], after["device"] != before["device"]) == (1, 1, True)
    assert store.count(ana, MODULE_COMPLETED) == 2
    store.holds([before, after])


@pytest.mark.parametrize("fault", ["cut", "portal", "lost"])
def test_half_a_download_is_not_taken_and_goes_on(store: Store, phone: Phones, fault: Fault) -> None:
    one = phone("one")
    page = one.open("/register")
    register(page, one.url, new_name(), "Ana")
    page.goto(one.url + "/pocket")
    one.do("join")
    store.wire.next("/media/", fault)
    with pytest.raises(Error):
        one.do("take", "Ana", COURSE)
    assert [row["taken"] for row in one.kept("courses")] == [None]
    store.wire.seen.clear()
    assert one.do("take", "Ana", COURSE)
    assert not any(path.startswith(FILES) for path, _ in store.wire.seen)  # its texts came before
    assert any(path.startswith("/media/") for path, _ in store.wire.seen)


def revoke(store: Store, learner: str) -> None:
    """Somebody of the staff revokes every phone of hers."""
    with_store(store, lambda tx, pen: devices.revoke_all(tx, pen, learner=learner, why="staff", by="", now=now()))


def with_desk(store: Store, work: Callable[[Any, Any], Any]) -> None:
    with_store(store, lambda tx, pen: work(tx, Desk(Catalogue(), pen, lambda *_by, **_asked: None)))


def told_by(row: Any) -> dict[str, str]:
    return {"learner": row["learner"], "device": row["device"]}


def with_store(store: Store, work: Callable[[Any, Any], Any]) -> None:
    database = store.installation.database()
    pen = open_pen(store.installation.settings, database)
    with database.writing() as tx:
        work(tx, pen)
    database.close()


def test_what_a_revoked_phone_sends_is_kept_and_she_is_told_that_it_does_not_count(store: Store, phone: Phones) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    one.airplane()
    one.do("end", "Ana", COURSE, "m-uno")
    revoke(store, ana)
    assert "m-uno" not in one.do("missing", "Ana", COURSE)
    one.airplane(False)
    all_sent(one, "Ana")
    (told,) = one.do("pending", "Ana")["unproven"]
    assert told["why"] == "revoked"
    assert "m-uno" in one.do("missing", "Ana", COURSE)  # what does not count is to be done once more
    assert store.count(ana, MODULE_COMPLETED) == 1
    database = store.installation.database()
    with database.reading() as tx:
        assert projection.of_course(tx, ana, COURSE).work == {}
    database.close()
    store.holds(one.kept("events"))
    with_desk(
        store, lambda tx, desk: mending.accept(tx, desk, told["id"], **told_by(told), why="Lo vi", by="", now=now())
    )
    joined(one, "Ana")  # on the same phone, which is another device now
    one.do("refresh", "Ana")
    assert one.do("pending", "Ana")["unproven"] == [], "the store told it in its place"
    store.holds(one.kept("events"))


def test_she_was_erased_while_her_lines_waited(store: Store, phone: Phones) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    one.airplane()
    one.do("end", "Ana", COURSE, "m-uno")
    with_store(store, lambda tx, pen: erasing.erase(tx, pen, person=ana, by="", now=now()))
    one.airplane(False)
    one.do("send")
    assert one.do("pending", "Ana")["waiting"] == 0
    assert not any(ana.encode() in raw for raw in store.lines().values() if b"module_completed" in raw)
    store.agrees()


def test_the_store_was_put_back_to_an_older_day(store: Store, phone: Phones, tmp_path: Path) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    one.do("end", "Ana", COURSE, "m-uno")
    all_sent(one, "Ana")
    store.kill()
    instance = store.installation.folder / "instance"
    backup = tmp_path / "backup"
    shutil.copytree(instance, backup)
    store.start()
    one.do("end", "Ana", COURSE, "m-dos")
    all_sent(one, "Ana")
    store.kill()
    shutil.rmtree(instance)
    shutil.copytree(backup, instance)
    store.start()
    assert store.count(ana, MODULE_COMPLETED) == 1
    one.do("reach", "Ana", COURSE, "m-dos", "")
    all_sent(one, "Ana")
    all_sent(one, "Ana")  # what the store had lost
    assert store.count(ana, MODULE_COMPLETED) == 2
    store.holds(one.kept("events"))


@pytest.fixture
def edited(store: Store, tmp_path: Path) -> Edit:
    """See `Edit`."""
    folder = tmp_path / "edited" / COURSE
    copied(folder.parent)

    def edit(*changes: tuple[str, str, str]) -> None:
        for name, pattern, text in changes:
            path = folder / name
            path.write_text(re.sub(pattern, text, path.read_text("utf-8"), flags=re.DOTALL), "utf-8")
        store.installation.lms("publish", str(folder))

    return edit


def test_the_course_is_edited_while_she_is_away(store: Store, phone: Phones, edited: Edit) -> None:
    one = phone("one")
    ana = taken_along(one, "Ana")
    (attempt,) = one.do("ticket", "Ana", COURSE, "m-prueba")
    one.airplane()
    one.do("answer", "Ana", COURSE, "m-uno", {"q-a": ["2"], "q-c": ["1"]})
    one.do("sheet", "Ana", COURSE, attempt, RIGHT)
    edited(("es/01-uno.md", r"- \[x\] La letra A(.*?)- \[ \] La letra B", r"- [ ] La letra A\1- [x] La letra B"))
    edited(("es/01-uno.md", r"::: verdadero-falso #q-c.*?:::\n", ""), ("course.yml", r"\Z", "retired: [q-c]\n"))
    edited(("es/90-prueba.md", "alfa del caso", "alfa nueva del caso"))
    one.airplane(False)
    all_sent(one, "Ana")
    store.holds(one.kept("events"))
    state = one.do("refresh", "Ana")["courses"][COURSE]
    assert state["attempts"][attempt]["passed"] is True
    database = store.installation.database()
    with database.reading() as tx:
        (row,) = [each for each in one.kept("courses") if each["learner"] == ana]
        work = projection.of_course(tx, ana, COURSE).work[row["taken"]["release"]]
        assert {name: str(result.best) for name, result in work.results.items()} == {"q-a": "0", "q-c": "1"}
        live = Catalogue().live(tx, COURSE)
        assert live
        assert live.digest != row["taken"]["release"]
        assert list(event_log.of_learner(tx, ana, COURSE))
    database.close()


NEWER = """() => navigator.serviceWorker.getRegistration("/").then(async (found) => {
    await found.update();
    while (!found.waiting) await new Promise((again) => setTimeout(again, 50));
})"""
USE = """() => navigator.serviceWorker.getRegistration("/").then((found) => new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
    found.waiting.postMessage({ vereda: "use" });
}))"""


def opened_again(page: Page, attempt: str) -> None:
    """She goes on with the attempt that she began."""
    go(page, f"module/{COURSE}/m-prueba")
    page.locator(".attempt .button").first.click()
    page.wait_for_selector("[data-do=begin], form[data-sheet]")
    if page.locator("[data-do=begin]").count():
        page.click("[data-do=begin]")
    page.wait_for_selector("form[data-sheet]")


def test_the_shell_is_updated_in_mid_attempt(store: Store, phone: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    one = phone("one")
    taken_along(one, "Ana")
    (attempt,) = one.do("ticket", "Ana", COURSE, "m-prueba")
    page = one.page
    page.reload()
    page.wait_for_selector("#pocket-view h1")
    opened_again(page, attempt)
    page.locator("form[data-sheet] input[type=radio]").first.check()
    page.locator("[data-status]", has_text="Guardado").wait_for()
    before = page.evaluate("document.documentElement.dataset.version")
    store.kill()
    monkeypatch.setenv("LMS_LANGUAGES", "en,es")
    store.start()
    page.evaluate(NEWER)
    assert page.evaluate("document.documentElement.dataset.version") == before
    assert page.locator("form[data-sheet] input[type=radio]").first.is_checked()
    page.evaluate(USE)
    page.reload()
    page.wait_for_selector("#pocket-view h1")
    assert page.evaluate("document.documentElement.dataset.version") != before
    opened_again(page, attempt)
    assert page.locator("form[data-sheet] input[type=radio]").first.is_checked()
    one.do("sheet", "Ana", COURSE, attempt, RIGHT)
    all_sent(one, "Ana")
    assert one.do("refresh", "Ana")["courses"][COURSE]["attempts"][attempt]["state"] == "marked"
    store.holds(one.kept("events"))
