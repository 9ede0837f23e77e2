"""Every line reaches the store once or is shown with the reason, whatever the network says in between."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.pocket.phone import ANA, BETO, Phone, pending, record, rows, send
from tests.pocket.store import Answer, Store, reply

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
HTML = {"Content-Type": "text/html"}
PORTAL = b"<!doctype html><title>Wi-Fi</title><p>Accept the terms"


def changed(**values: object) -> Callable[[Answer], Answer]:
    """The answer with other values."""
    return lambda good: reply({**json.loads(good[2]), **values})


def garbled(**values: object) -> Callable[[Answer], Answer]:
    """The answer with other values in its first outcome."""

    def made(good: Answer) -> Answer:
        body = json.loads(good[2])
        body["outcomes"][0].update(values)
        return reply(body)

    return made


BUSY = {"vereda": "refused 1", "why": "busy", "message": "later"}
FAULTS: dict[str, Callable[[Answer], Answer]] = {
    "portal": lambda _: (200, HTML, PORTAL),
    "portal that says JSON": lambda good: (200, good[1], PORTAL),
    "portal elsewhere": lambda _: (302, {"Location": "/pocket"}, b""),
    "cut": lambda good: (200, {**good[1], "Content-Length": str(len(good[2]))}, good[2][:-9]),
    "cut and whole again": lambda good: (200, good[1], good[2][:-9]),
    "other type": lambda good: (200, HTML, good[2]),
    "another answer": changed(vereda="state 1"),
    "other count": changed(lines=1),
    "fewer outcomes": changed(outcomes=[]),
    "outcomes of others": garbled(line=2),
    "no such outcome": garbled(outcome="yes"),
    "nothing": lambda _: reply(None),
    "204": lambda _: (204, {}, b""),
    "201": lambda good: (201, good[1], good[2]),
    "500": lambda _: (500, HTML, b"oops"),
    "busy": lambda _: reply(BUSY, 503),
    "refused with 200": lambda _: reply(BUSY),
}


@pytest.mark.parametrize("name", FAULTS)
def test_only_the_stores_own_whole_answer_is_one(phone: Phone, store: Store, name: str) -> None:
    page = phone.tab()
    phone.add(page)
    record(page, times=3)
    store.faults = [FAULTS[name]]
    told = send(page)
    assert (told["sent"], told["left"], told["why"]) == (
        0,
        3,
        "busy" if name.startswith(("busy", "refused")) else "offline",
    )
    assert pending(page)["waiting"] == 3
    assert pending(page)["sent"] is None
    assert send(page) == {"sent": 3, "left": 0, "why": ""}
    assert [json.loads(raw)["n"] for raw in store.lines.values()] == [1, 2, 3]
    assert {row["state"] for row in rows(page)} == {"accepted"}
    assert pending(page)["sent"]


def test_a_lost_answer_costs_nothing(phone: Phone, store: Store) -> None:
    """The store has the lines, the phone does not know: it sends them again."""
    page = phone.tab()
    phone.add(page)
    record(page, times=2)
    page.evaluate(
        "() => { window.real = fetch; window.fetch = (path, ...more) => real(path, ...more).then((answer) => { if (path.includes('events')) throw new TypeError('lost'); return answer; }); }"
    )
    assert send(page)["why"] == "offline"
    page.evaluate("() => { window.fetch = real; }")
    assert send(page)["left"] == 0
    assert {row["state"] for row in rows(page)} == {"duplicate"}
    assert sorted(store.seen) == sorted([*store.lines, *store.lines])


def test_one_bad_line_is_shown_with_its_reason_and_stops_no_other(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    record(page)
    record(page, type="learner.section_reached", data={"section": "s"})
    record(page)
    store.refused = {"learner.section_reached": "malformed"}
    assert send(page) == {"sent": 3, "left": 0, "why": ""}
    told = pending(page)
    assert [(row["n"], row["why"]) for row in told["refused"]] == [(2, "malformed")]
    assert (told["waiting"], len(store.lines)) == (0, 2)
    send(page)
    assert len(store.bodies) == 1


@pytest.mark.parametrize("why", ["quota", "busy", "withdrawn"])
def test_what_is_refused_for_now_waits(phone: Phone, store: Store, why: str) -> None:
    page = phone.tab()
    phone.add(page)
    record(page)
    record(page, type="learner.section_reached", data={"section": "s"})
    store.refused = {"learner.section_reached": why}
    told = send(page)
    assert (told["left"], told["why"]) == (1, why)
    store.refused = {}
    assert send(page)["left"] == 0
    assert len(store.lines) == 2


def test_what_the_store_keeps_and_does_not_count_is_told(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    record(page, times=3)

    def said(good: Answer) -> Answer:
        body = json.loads(good[2])
        kinds = (("unproven", "expired"), ("quarantined", "twice"), ("accepted", ""))
        told = [{"line": n, "outcome": name, "why": why} for n, (name, why) in enumerate(kinds, start=1)]
        return reply({**body, "outcomes": told})

    store.faults = [said]
    assert send(page)["left"] == 0
    told = pending(page)
    assert [(row["n"], row["why"]) for row in (*told["unproven"], *told["quarantined"])] == [
        (1, "expired"),
        (2, "twice"),
    ]


def test_everybodys_lines_go_whoever_is_there(phone: Phone, store: Store) -> None:
    """Ana's queue drains on Beto's page, also where hers is the one in trouble."""
    page = phone.tab()
    for who, times in ((ANA, 2), (BETO, 3)):
        phone.add(page, who)
        record(page, who, times)
    store.faults = [lambda _: reply({"vereda": "refused 1", "why": "quota", "message": ""}, 429)]
    assert send(page)["left"] == 2
    assert {json.loads(raw)["learner"] for raw in store.lines.values()} == {BETO["learner"]}
    assert send(page) == {"sent": 2, "left": 0, "why": ""}


def test_one_tab_sends_at_a_time(phone: Phone, store: Store) -> None:
    one, other = phone.tab(), phone.tab()
    phone.add(one)
    record(one, times=5)
    store.pause = 0.3
    both = "() => { window.told = Promise.all([pocket.send.now(), pocket.send.now(), pocket.send.now()]); }"
    for page in (one, other):
        page.evaluate(both)
    for page in (one, other):
        assert page.evaluate("() => window.told.then((all) => all.pop().left)") == 0
    assert store.most_at_once == 1
    assert len(store.seen) == len(store.lines) == 5


PUT = """async ([who, count, size]) => {
  const secret = (await pocket.profile.get(who.learner)).secret;
  const device = (await pocket.profile.get(who.learner)).device;
  const raw = JSON.stringify({ device, id: '', data: '"'.repeat(size) });
  const rows = [];
  for (let n = 1; n <= count; n += 1) {
    const mine = raw.replace('"id":""', `"id":"e${n}","n":${n},"type":""`);
    rows.push({ learner: who.learner, device, n, id: `e${n}`, raw: mine, signature: await pocket.keys.sign(secret, mine), state: 'waiting', why: '' });
  }
  await pocket.db.run(['events'], 'readwrite', async ({ events }) => { for (const row of rows) await events.add(row); });
}"""


@pytest.mark.parametrize(("count", "size", "requests"), [(501, 1, 2), (70, 7000, 3)])
def test_a_request_has_its_limits(phone: Phone, store: Store, count: int, size: int, requests: int) -> None:
    page = phone.tab()
    phone.add(page)
    page.evaluate(PUT, [ANA, count, size])
    assert send(page) == {"sent": count, "left": 0, "why": ""}
    assert len(store.bodies) == requests
    assert all(len(body) <= 900 * 1024 and body.count(b"\n") <= 500 for body in store.bodies)
    assert len(store.seen) == count


def test_too_much_for_the_store_goes_in_halves(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    record(page, times=4)
    store.faults = [lambda _: reply({"vereda": "refused 1", "why": "too_large", "message": ""}, 413)]
    assert send(page) == {"sent": 4, "left": 0, "why": ""}
    assert [body.count(b"\n") for body in store.bodies] == [4, 2, 2]


def test_a_store_that_was_put_back_gets_its_lines_again(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    record(page, times=4)
    send(page)
    for name in list(store.lines)[2:]:
        del store.lines[name]  # yesterday's backup
    record(page)
    send(page)
    assert send(page)["left"] == 0
    assert [json.loads(raw)["n"] for raw in store.lines.values()] == [1, 2, 5, 3, 4]


def until_sent(page: Page) -> None:
    """Returns when nothing of hers waits."""
    for _ in range(200):
        if not pending(page)["waiting"]:
            return
        page.wait_for_timeout(50)
    pytest.fail("her lines do not go")


def test_lines_go_by_themselves(phone: Phone, store: Store) -> None:
    """After each act, and when the network is back."""
    page = phone.tab()
    phone.add(page)
    page.evaluate("() => pocket.send.start()")
    record(page)
    until_sent(page)
    phone.context.set_offline(True)
    record(page)
    page.wait_for_timeout(300)
    assert pending(page)["waiting"] == 1
    phone.context.set_offline(False)
    until_sent(page)
    assert len(store.lines) == 2


def test_it_tries_again_later_and_later(phone: Phone, store: Store) -> None:
    page = phone.tab()
    phone.add(page)
    page.clock.install()
    record(page)
    store.faults = [FAULTS["500"]] * 3
    send(page)
    pauses = []
    for tries in (2, 3, 4):
        waited = 0
        while len(store.bodies) < tries and waited < 60:
            page.clock.run_for(1000)
            page.wait_for_timeout(60)
            waited += 1
        pauses.append(waited)
    assert pauses[0] <= 5 < pauses[2] <= 12
    assert len(store.lines) == 1
