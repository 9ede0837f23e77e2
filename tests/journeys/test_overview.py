"""Somebody is stuck, her coordinator sees it and writes to her; she goes on, and is stuck no longer."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy import update

from lms.content.course import load
from lms.ids import uuid7
from lms.storage import cohorts, people
from lms.storage.people import Person, Secrets
from lms.storage.tables import enrolments
from tests.browser import DESKTOP, answer_module, confirm, finish, new_page, register
from tests.installation import Installation
from tests.journeys.conftest import COURSES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_coordinator_sees_who_is_stuck_until_she_goes_on(
    served: Installation, browser: Browser, javascript: bool
) -> None:
    mark = "j" if javascript else "n"
    course, _ = load(COURSES / "trata-de-personas")
    assert course
    hers, mine = new_page(browser, javascript=javascript), new_page(browser, javascript=javascript, viewport=DESKTOP)
    register(hers, served.url, f"beatriz{mark}", "Beatriz Xol")
    register(mine, served.url, f"coordina{mark}", "Carla")
    with served.database().writing() as tx:
        person, carla = people.by_username(tx, f"beatriz{mark}"), people.by_username(tx, f"coordina{mark}")
        assert person and carla
        people.set_roles(tx, carla.id, ["learner", "coordinator"])
    code = served.lms("cohorts", "add", f"Grupo {mark}", "--course", course.id).strip().rpartition("/")[2]
    served.lms("cohorts", "assign", code, f"coordina{mark}")
    hers.goto(f"{served.url}/me/join")
    hers.fill("[name=code]", code)
    hers.click("main form button[type=submit]")
    hers.wait_for_load_state()
    with served.database().writing() as tx:
        long_ago = datetime.now(UTC) - timedelta(days=12, hours=1)
        tx.execute(update(enrolments).where(enrolments.c.person == person.id).values(created_at=long_ago))
    mine.goto(f"{served.url}/staff/cohorts")
    mine.click(f"main article a:has-text('Grupo {mark}')")
    mine.wait_for_selector(".stuck li:has-text('Beatriz Xol') :text('no ha empezado (se unió hace 12 días)')")
    here = mine.url
    mine.click("main a[href*='/messages']")
    confirm(mine)
    box = mine.locator(".message", has_text="Beatriz Xol").locator("textarea")
    assert "Hola, Beatriz Xol" in box.input_value() and "rata" not in box.input_value()
    button = mine.locator(".message", has_text="Beatriz Xol").locator("button")
    assert button.is_visible() is javascript
    if javascript:
        button.click()
        mine.wait_for_selector(".message [role=status]:text('Copiado')")
    module = course.editions["es"].modules["m-que-es"]
    hers.goto(f"{served.url}/courses/{course.id}/{module.id}")
    answer_module(hers, module)
    finish(hers)
    mine.goto(here)
    mine.wait_for_selector("h2:has-text('Nadie necesita una llamada')")
    row = mine.locator(".matrix tr", has_text="Beatriz Xol")
    assert row.locator("td").first.inner_text().strip().endswith("Terminado")
    mine.set_viewport_size({"width": 320, "height": 700})
    assert mine.locator(".people li:has-text('Beatriz Xol')").is_visible()
    assert not mine.locator(".matrix").is_visible()


def test_forty_people_fit_on_one_screen(served: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport={"width": 1280, "height": 1000})
    register(page, served.url, "coordinaq", "Carla")
    with served.database().writing() as tx:
        carla = people.by_username(tx, "coordinaq")
        assert carla
        people.set_roles(tx, carla.id, ["learner", "coordinator"])
    code = served.lms("cohorts", "add", "De cuarenta", "--course", "trata-de-personas").strip().rpartition("/")[2]
    served.lms("cohorts", "assign", code, "coordinaq")
    enrol_forty(served, code)
    page.goto(f"{served.url}/staff/cohorts")
    page.click("main article a:has-text('De cuarenta')")
    table = page.locator(".matrix table").bounding_box()
    assert page.locator(".matrix tbody tr").count() == 40
    assert table and table["height"] <= 1000 and table["width"] <= 1280


def enrol_forty(served: Installation, code: str) -> None:
    """Forty people with names of ordinary length."""
    now = datetime.now(UTC)
    with served.database().writing() as tx:
        group = cohorts.by_code(tx, code)
        assert group
        for n in range(40):
            person = Person(
                id=uuid7(), username=f"de-cuarenta-{n}", display_name=f"María Fernanda Castellanos {n}", language="es",
                active=True, must_change=False, roles=frozenset({"learner"}),
            )  # fmt: skip
            people.add(tx, person, Secrets("none", None), now=now)
            cohorts.enrol(tx, person=person.id, course="trata-de-personas", cohort=group.id, now=now)
