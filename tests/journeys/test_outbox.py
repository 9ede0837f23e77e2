"""Live, with a connection that comes and goes: what could not be sent waits in the page, is counted, and arrives once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import new_page, register
from tests.installation import Installation, install
from tests.journeys.test_access import AXE, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
LESSON = "/courses/demo-course/m-uno"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = install(tmp_path_factory.mktemp("outbox"))
    with made.serving():
        yield made


@pytest.fixture
def page(place: Installation, browser: Browser, request: pytest.FixtureRequest) -> Page:
    """A learner in a lesson."""
    page = new_page(browser)
    page.add_init_script(path=AXE)
    register(page, place.url, f"ana-{abs(hash(request.node.name)) % 10**6}", "Ana Lucía")
    page.goto(place.url + LESSON)
    return page


def events(place: Installation, kind: str) -> list[str]:
    database = place.database()
    try:
        with database.engine.connect() as tx:
            rows = tx.exec_driver_sql("select id from events where type = ? order by seq", (kind,)).all()
    finally:
        database.close()
    return [row[0] for row in rows]


def answer(page: Page) -> None:
    quiz = page.locator("form[data-quiz]").first
    for question in quiz.locator("fieldset.question").all():
        options = question.locator("input[type=radio], input[type=checkbox]")
        if options.count():
            options.first.check()
    quiz.locator("[value=check]").click()


def test_answers_wait_are_counted_and_arrive_once(place: Installation, page: Page) -> None:
    before = events(place, "learner.attempt_submitted")
    page.context.set_offline(True)
    answer(page)
    bar = page.locator(".outbox")
    expect(bar).to_contain_text("Esperando para enviarse: 1.")
    assert looked_at(page) == []
    page.wait_for_event("requestfailed", lambda request: "/quiz/" in request.url)  # it tries again, in vain
    expect(bar).to_contain_text("Esperando para enviarse: 1.")
    page.context.set_offline(False)
    expect(page.locator(".quiz .result").first).to_be_visible()
    expect(bar).to_be_hidden()
    assert len(events(place, "learner.attempt_submitted")) == len(before) + 1


def test_she_is_asked_before_she_leaves_but_not_when_she_leaves_in_a_hurry(place: Installation, page: Page) -> None:
    page.context.set_offline(True)
    answer(page)
    expect(page.locator(".outbox")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.evaluate("() => { location.href = '/about' }")
    assert asked == ["beforeunload"]
    assert page.url.endswith(LESSON)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/about")):
        page.evaluate("() => { document.body.replaceChildren(); location.href = '/about' }")
    assert asked == ["beforeunload"]


def test_the_end_of_a_module_waits_too(place: Installation, page: Page) -> None:
    before = events(place, "learner.module_completed")
    page.context.set_offline(True)
    page.locator(".finish form button").click()
    expect(page.locator(".outbox")).to_contain_text("Esperando para enviarse: 1.")
    page.context.set_offline(False)
    on = page.locator(".finish form a.button")
    expect(on).to_have_text("Seguir")
    assert len(events(place, "learner.module_completed")) == len(before) + 1
    on.click()
    page.wait_for_url("**/courses/**")
    assert LESSON not in page.url.partition("?")[0].removesuffix("#modules") or "ended" in page.url


def test_with_a_connection_the_end_of_a_module_leads_on_at_once(place: Installation, page: Page) -> None:
    page.locator(".finish form button").click()
    page.wait_for_url(lambda url: not url.endswith(LESSON))
    assert "/courses/demo-course" in page.url


def test_what_a_portal_says_is_no_answer(place: Installation, page: Page) -> None:
    portal = "<!doctype html><title>Wi-Fi</title><p>Welcome"
    page.route("**/quiz/**", lambda route: route.fulfill(body=portal, content_type="text/html"))
    page.route("**/finish", lambda route: route.fulfill(body=portal, content_type="text/html"))
    answer(page)
    page.locator(".finish form button").click()
    expect(page.locator(".outbox")).to_contain_text("Esperando para enviarse: 2.")
    page.unroute("**/quiz/**")
    page.unroute("**/finish")
    page.get_by_role("button", name="Enviar ahora").click()
    expect(page.locator(".outbox")).to_be_hidden()
    expect(page.locator(".quiz .result").first).to_be_visible()
