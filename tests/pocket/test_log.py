"""What she did is on the phone once it is called saved, signed, under a number that no other line has."""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from lms.learning.events import FIELDS, decode
from tests.browser import QUIET
from tests.pocket.phone import ANA, BETO, COURSE, Phone, record, refusal, rows
from tests.pocket.store import Store, is_signed
from tests.tools import chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
START = "([who, act, times]) => { window.done = (async () => { const all = []; for (let n = 0; n < times; n += 1) all.push(pocket.log.record(who, act)); return Promise.all(all); })(); }"
ON_AND_ON = (
    "([who, act]) => { (async () => { for (;;) await window.saved((await pocket.log.record(who, act)).id); })(); }"
)
ACT = {"type": "learner.module_completed", **COURSE, "item": "m-1"}


def check(store: Store, found: list[dict[str, object]], count: int) -> None:
    """So many lines, numbered from 1, each as the server reads it and rightly signed."""
    assert [row["n"] for row in found] == list(range(1, count + 1))
    assert len({row["id"] for row in found}) == count
    for row in found:
        raw = str(row["raw"])
        assert list(json.loads(raw)) == list(FIELDS)
        event = decode(raw.encode())
        assert (event.n, event.id, event.by, event.store) == (row["n"], row["id"], event.learner, None)
        assert is_signed(store.keys[event.device], str(row["signature"]), raw)


def test_two_tabs_never_give_one_number_twice(phone: Phone, store: Store) -> None:
    one, other = phone.tab(), phone.tab()
    phone.add(one)
    for page in (one, other):
        page.evaluate(START, [ANA, ACT, 25])
    for page in (one, other):
        page.evaluate("() => window.done")
    check(store, rows(one), 50)


def test_a_double_click_is_one_line_and_what_goes_with_it_goes_in_one_step(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    page.evaluate("(who) => pocket.db.put('drafts', { learner: who.learner, course: 'curso', item: 'q-1' })", ANA)
    both = page.evaluate(
        """async (who) => {
          const act = { id: pocket.uuid7.uuid7(), type: 'learner.attempt_submitted', course: 'curso', release: 'r1', item: 'q-1', data: { answers: { 'q-1': 'half \\ud83d' } } };
          const more = { stores: ['drafts'], also: ({ drafts }) => drafts.drop([who.learner, 'curso', 'q-1']) };
          const first = await Promise.all([pocket.log.record(who, act, more), pocket.log.record(who, act, more)]);
          return [...first, await pocket.log.record(who, act)].map(({ n }) => n);
        }""",
        ANA,
    )
    assert both == [1, 1, 1]
    assert page.evaluate("() => pocket.db.all('drafts')") == []
    assert json.loads(rows(page)[0]["raw"])["data"] == {"answers": {"q-1": "half \ufffd"}}
    undone = refusal(
        page, "(act) => pocket.log.record(act[0], act[1], { also: () => { throw new Error('no'); } })", [ANA, ACT]
    )
    assert undone == "Error: no"
    check(store, rows(page), 1)


def test_two_people_count_apart(phone: Phone, store: Store) -> None:
    page = phone.tab()
    devices = {phone.add(page, who)["device"] for who in (ANA, BETO)}
    assert len(devices) == 2
    record(page, ANA, 2)
    record(page, BETO, 3)
    check(store, rows(page, ANA), 2)
    check(store, rows(page, BETO), 3)
    assert {row["learner"] for row in rows(page, BETO)} == {BETO["learner"]}


@pytest.mark.parametrize("year", ["2001", "2099"])
def test_a_wrong_clock_decides_nothing(phone: Phone, store: Store, year: str) -> None:
    page = phone.tab()
    phone.add(page)
    record(page)
    page.clock.set_fixed_time(f"{year}-05-05T12:00:00Z")
    assert record(page)[0]["at"].startswith(f"{year}-05-05T12:00")
    page.clock.set_fixed_time("2026-05-05T12:00:00Z")
    record(page)
    check(store, rows(page), 3)


FAILING = """(name) => {
  const add = IDBObjectStore.prototype.add;
  window.tries = 0;
  IDBObjectStore.prototype.add = function () { window.tries += 1; throw new DOMException('no', name); };
  window.mend = () => { IDBObjectStore.prototype.add = add; };
}"""


@pytest.mark.parametrize(
    ("name", "tries", "kind"),
    [("QuotaExceededError", 1, "Full"), ("UnknownError", 2, "Full"), ("InvalidStateError", 2, "Gone")],
)
def test_what_can_not_be_kept_is_not_called_saved(phone: Phone, store: Store, name: str, tries: int, kind: str) -> None:
    page = phone.tab()
    phone.add(page)
    record(page)
    page.evaluate(FAILING, name)
    assert refusal(page, "([who, act]) => pocket.log.record(who, act)", [ANA, ACT]) == kind
    assert page.evaluate("() => window.tries") == tries
    page.evaluate("() => window.mend()")
    record(page)
    check(store, rows(page), 2)


ABORTING = """() => {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (row) {
    const request = put.call(this, row);
    request.addEventListener('success', () => this.transaction.abort());
    return request;
  };
  window.mend = () => { IDBObjectStore.prototype.put = put; };
}"""


def test_what_was_written_and_is_not_complete_is_not_saved(phone: Phone, store: Store) -> None:
    """The power goes between the last write and the end of the transaction."""
    page = phone.tab()
    phone.add(page)
    page.evaluate(ABORTING)
    assert refusal(page, "([who, act]) => pocket.log.record(who, act)", [ANA, ACT]) == "Gone"
    page.evaluate("() => window.mend()")
    assert rows(page) == []
    record(page)
    check(store, rows(page), 1)


def test_a_connection_that_died_is_opened_again(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    record(page)
    page.evaluate("async () => { (await pocket.db.open()).close(); }")
    record(page)
    other = phone.tab()
    record(other)
    page.evaluate(
        "async () => { const base = await pocket.db.open(); base.dispatchEvent(new Event('versionchange')); }"
    )
    record(page)
    check(store, rows(other), 4)


def test_who_was_removed_writes_no_more_and_a_line_has_its_limit(phone: Phone) -> None:
    page, other = phone.tab(), phone.tab()
    phone.add(page)
    long = {**ACT, "data": {"answers": "ñ" * 9000}}
    assert refusal(page, "([who, act]) => pocket.log.record(who, act)", [ANA, long]) == "TooLong"
    assert page.evaluate("async (who) => (await pocket.profile.remove(who)).left", ANA) == 0
    assert refusal(other, "([who, act]) => pocket.log.record(who, act)", [ANA, ACT]) == "NoProfile"
    assert rows(other) == []


def test_every_tab_hears_of_a_line(phone: Phone) -> None:
    one, other = phone.tab(), phone.tab()
    phone.add(one)
    other.evaluate(
        "() => { window.heard = new Promise((done) => document.addEventListener('pocket:changed', ({ detail }) => done(detail), { once: true })); }"
    )
    record(one)
    assert other.evaluate("() => window.heard") == {"stores": ["profiles", "events"], "here": False}


def processes(folder: Path) -> list[int]:
    """The browser's processes, by the folder that only they have."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(folder) in each.read_text("utf-8", "replace"):
                found.append(int(each.parent.name))
    return found


def test_what_was_called_saved_outlives_a_browser_that_is_killed(
    browser: Browser, store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "phone"
    told: list[str] = []

    def saved(name: str) -> None:
        told.append(name)

    for life in range(3):
        context = browser.browser_type.launch_persistent_context(folder, executable_path=chromium(), args=QUIET)
        context.expose_function("saved", saved)
        phone = Phone(context, store)
        page = phone.tab()
        if life == 0:
            phone.add(page)
        kept = [row["id"] for row in rows(page)]
        assert set(told) <= set(kept)
        check(store, rows(page), len(kept))
        page.evaluate(ON_AND_ON, [ANA, ACT])
        until = len(told) + 12
        while len(told) < until:
            page.wait_for_timeout(20)
        for each in processes(folder):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        with suppress(Error):
            context.close()
    assert len(told) >= 36
