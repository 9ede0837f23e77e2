"""Every fault that a phone can meet: what it called saved is at the store once, or shown as refused with the reason."""

from collections.abc import Callable

import pytest

from lms.ids import uuid7
from lms.learning.events import MODULE_COMPLETED
from tests.browser import register
from tests.pocket.conftest import COURSE, Store
from tests.pocket.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
Phones = Callable[[str], Phone]


def taken_along(phone: Phone, store: Store, name: str) -> str:
    """She has the course on her phone; her id."""
    page = phone.open("/register") if phone.context is None else phone.page
    register(page, store.wire.url, f"u{uuid7()[-12:]}", name)
    page.goto(store.wire.url + "/pocket")
    learner = str(phone.do("join")["learner"])
    assert phone.do("take", name, COURSE)
    return learner


def test_a_module_ended_in_airplane_mode_reaches_the_store(store: Store, phone: Phones) -> None:
    one = phone("one")
    ana = taken_along(one, store, "Ana")
    one.airplane()
    one.do("end", "Ana", COURSE, "m-uno")
    assert one.do("pending", "Ana")["waiting"] == 1
    one.airplane(False)
    one.do("send")
    assert one.do("pending", "Ana")["waiting"] == 0
    assert store.count(ana, MODULE_COMPLETED) == 1
    store.holds(one.kept("events"))
