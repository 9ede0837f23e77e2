"""Three phones, two people on each, one store, and whatever can go wrong, in an order that a seed decides."""

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Error

from lms.ids import uuid7
from lms.learning.events import ATTEMPT_OPENED, decode
from tests.browser import register
from tests.phones.conftest import COURSE, Store
from tests.phones.phone import Phone
from tests.phones.test_faults import RIGHT, joined, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
SEEDS = range(20) if os.environ.get("LMS_REQUIRE_AUDIT") else (1, 2)
ACTS = 300
ATTEMPTS = 3
PEOPLE = {"one": ("Ana", "Beto"), "two": ("Ana", "Carla"), "three": ("Beto", "Carla")}
MODULES = {"m-uno": ("primera", "segunda"), "m-dos": ("",)}
PATHS = ("/api/v1/events", "/api/v1/state", "/api/v1/tickets", "/api/v1/challenge")


@dataclass
class World:
    """Everything that there is, and what the dice say."""

    store: Store
    phones: dict[str, Phone]
    dice: random.Random
    away: set[str] = field(default_factory=set)
    """The phones in airplane mode."""
    tickets: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """The attempts that each person has on each phone, as far as she was told."""
    told: Counter[str] = field(default_factory=Counter)


def somebody(world: World) -> tuple[str, str]:
    phone = world.dice.choice(sorted(PEOPLE))
    return phone, world.dice.choice(PEOPLE[phone])


def learn(world: World) -> None:
    phone, name = somebody(world)
    module = world.dice.choice(sorted(MODULES))
    match world.dice.randrange(3):
        case 0:
            world.phones[phone].do("end", name, COURSE, module)
        case 1:
            world.phones[phone].do("reach", name, COURSE, module, world.dice.choice(MODULES[module]))
        case 2:
            answers = {"q-a": [world.dice.choice("123")], "q-c": [world.dice.choice("12")]}
            world.phones[phone].do("answer", name, COURSE, "m-uno", answers)


def take_ticket(world: World) -> None:
    phone, name = somebody(world)
    given = world.phones[phone].do("ticket", name, COURSE, "m-prueba", world.dice.choice((1, 1, 2)))
    world.tickets.setdefault((phone, name), []).extend(given)


def sit_test(world: World) -> None:
    phone, name = somebody(world)
    mine = world.tickets.get((phone, name), [])
    if mine:
        right = RIGHT if world.dice.random() < 0.3 else []
        world.phones[phone].do("sheet", name, COURSE, world.dice.choice(mine), right)


def send(world: World) -> None:
    world.phones[somebody(world)[0]].do("send")


def look(world: World) -> None:
    phone, name = somebody(world)
    world.phones[phone].do("refresh", name)


def bad_link(world: World) -> None:
    fault = world.dice.choice(("lost", "unanswered", "cut", "portal", "busy"))
    world.store.wire.next(world.dice.choice(PATHS), fault, world.dice.choice((1, 1, 2)))


def airplane(world: World) -> None:
    phone = somebody(world)[0]
    world.phones[phone].airplane(phone not in world.away)
    world.away ^= {phone}


def clock(world: World) -> None:
    moment = world.dice.choice(("2001-01-01", "2099-12-31", "2026-11-26"))
    world.phones[somebody(world)[0]].page.clock.set_fixed_time(f"{moment}T00:00:00Z")


def reload(world: World) -> None:
    phone = world.phones[somebody(world)[0]]
    with suppress(Error):  # a page that was not kept yet, without a network
        phone.page.reload()


def kill_phone(world: World) -> None:
    name = somebody(world)[0]
    phone = world.phones[name]
    with suppress(Error):
        phone.page.evaluate(
            "([name, course]) => void window.hand.end(name, course, 'm-uno')", [PEOPLE[name][0], COURSE]
        )
    phone.kill()
    phone.open()
    world.away -= {name}


def kill_store(world: World) -> None:
    if world.dice.random() < 0.5:
        world.store.wire.next("/api/v1/events", world.dice.choice(("lost", "unanswered")))
        with suppress(Error):
            world.phones[somebody(world)[0]].do("send")
    world.store.kill()
    world.store.start()


DEEDS: dict[Callable[[World], None], int] = {
    learn: 40,
    take_ticket: 4,
    sit_test: 8,
    send: 14,
    look: 4,
    bad_link: 10,
    airplane: 10,
    clock: 5,
    reload: 3,
    kill_phone: 1,
    kill_store: 1,
}
"""What happens, and how often of a hundred times."""


def begin(world: World) -> None:
    world.store.wire.rules.clear()
    usernames: dict[str, str] = {}
    for phone, names in PEOPLE.items():
        there = world.phones[phone]
        there.open("/login")
        for name in names:
            there.forget_session()
            if name in usernames:
                sign_in(there, usernames[name])
            else:
                usernames[name] = f"u{uuid7()[-12:]}"
                register(there.page, there.url, usernames[name], name)
            joined(there, name)


def finish(world: World) -> None:
    """Every phone is on the network, and sends what it has."""
    world.store.wire.rules.clear()
    for name, phone in world.phones.items():
        phone.airplane(False)
        for _ in range(3):
            phone.do("send")
        for person in PEOPLE[name]:
            pending = phone.do("pending", person)
            assert (pending["waiting"], pending["refused"]) == (0, []), (name, person)
            phone.do("refresh", person)


def no_more_chances_than_there_are(store: Store) -> None:
    opened: Counter[str | None] = Counter()
    for raw in store.lines().values():
        event = decode(raw)
        opened[event.learner] += event.type == ATTEMPT_OPENED
    assert opened.most_common(1)[0][1] <= ATTEMPTS


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_and_nothing_is_there_twice(store: Store, phone: Callable[[str], Phone], seed: int) -> None:
    world = World(store, {name: phone(name) for name in PEOPLE}, random.Random(seed))
    begin(world)
    for deed in world.dice.choices(list(DEEDS), list(DEEDS.values()), k=ACTS):
        world.told[deed.__name__] += 1
        try:
            deed(world)
        except Error as error:  # what a person is told; whatever was not saved was not called saved
            if not any(known in str(error) for known in ("Offline", "Refused", "not at the store", "Failed to fetch")):
                raise
    finish(world)
    rows = [row for phone in world.phones.values() for row in phone.kept("events")]
    assert len({row["id"] for row in rows}) == len(rows) > 50
    store.holds(rows)
    no_more_chances_than_there_are(store)
