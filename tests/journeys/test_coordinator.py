"""A coordinator makes a group, somebody joins it on her phone and learns; the list of people and the indicators say so."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from lms.content.course import load
from lms.content.model import Course
from lms.storage import people
from tests.browser import DESKTOP, certificate, new_page, register
from tests.installation import SAMPLE, Installation, install
from tests.journeys.test_certificate import take_course

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
NAME, GROUP = "Beatriz Xol", "Frontera Norte"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with the sample course alone, and nobody in it."""
    made = install(tmp_path_factory.mktemp("coordinator"))
    with made.serving():
        yield made


@pytest.fixture
def sample() -> Course:
    course, _ = load(SAMPLE / "demo-course")
    assert course
    return course


def test_from_a_new_group_to_one_more_in_the_indicators(small: Installation, browser: Browser, sample: Course) -> None:
    hers, mine = new_page(browser), new_page(browser, viewport=DESKTOP)
    come_in(mine, small)
    assert counted(mine, small) == ["0", "0"]
    make_group(mine, small, sample)
    join(hers, slip(mine), small)
    take_course(hers, small, sample)
    certificate(hers, small.url)
    mine.goto(f"{small.url}/staff/roster")
    row = mine.locator("main tbody tr")
    assert row.count() == 1
    cells = [row.locator("th").inner_text(), *row.locator("td").all_inner_texts()]
    title = sample.edition("es").title
    assert {NAME, GROUP, "Salud", "Guatemala", title, "Válido"} <= set(cells)
    assert counted(mine, small) == ["1", "1"]
    mine.locator(".figures a").last.click()
    mine.wait_for_url("**state=certified**")
    assert mine.locator("main tbody tr th").all_inner_texts() == [NAME]


def come_in(page: Page, served: Installation) -> None:
    """Carla, who is a coordinator and looks after no group yet."""
    register(page, served.url, "carla", "Carla")
    with served.database().writing() as tx:
        carla = people.by_username(tx, "carla")
        assert carla
        people.set_roles(tx, carla.id, ["learner", "coordinator"])


def counted(page: Page, served: Installation) -> list[str]:
    """People trained and certificates."""
    page.goto(f"{served.url}/staff/indicators")
    return page.locator(".figures .big").all_inner_texts()


def make_group(page: Page, served: Installation, course: Course) -> None:
    page.goto(f"{served.url}/staff/cohorts")
    page.click("main a[href$='/staff/cohorts/new']")
    page.fill("[name=name]", GROUP)
    page.locator("main label.check", has_text=course.edition("es").title).locator("input").check()
    page.fill("[name=cap]", "12")
    page.fill("[name=expires]", f"{datetime.now(UTC).year + 1}-12-31")
    page.select_option("[name=institution_type]", label="Salud")
    page.select_option("[name=country]", label="Guatemala")
    page.click("main form[action$='/new'] button[type=submit]")
    page.wait_for_url("**/edit?done=made")


def slip(page: Page) -> str:
    """The code on the first of the slips."""
    page.click(".tabs a[href$='/code']")
    page.click("button[formaction$='/slips']")
    page.wait_for_url("**/slips?**")
    assert page.locator(".slips li").count() == 12
    return page.locator(".slips li .number").first.inner_text()


def join(page: Page, code: str, served: Installation) -> None:
    """She follows the code, opens an account, and is in the group: its course is waiting for her."""
    page.goto(f"{served.url}/join/{code}")
    page.wait_for_url("**/register**")
    register(page, served.url, "beatriz", NAME)
    page.click("main .actions a")
    page.goto(f"{served.url}/me/learning")
    assert page.locator("main a[href$='/courses/demo-course']").count()
