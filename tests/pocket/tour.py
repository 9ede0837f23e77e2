"""A walk past every view and state of the pocket, for looking at them and for holding them to account."""

import secrets
from collections.abc import Iterator
from functools import cache

from playwright.sync_api import Page

from lms.content.course import load
from lms.content.model import Course, Module
from tests.browser import answer_right, answer_test, answer_wrong, register
from tests.installation import Installation
from tests.tour.steps import COURSES

COURSE = "trata-de-personas"
EVERY = 40
"""How many views the tour passes at the least."""
NAME = "Ana Lucía K'iche' Ñuñez de la Trinidad"
HEADING = "#pocket-view h1"
GO = """(to) => {
    const view = document.getElementById("pocket-view");
    view.querySelectorAll("h1").forEach((each) => { each.dataset.before = ""; });
    const link = Object.assign(document.createElement("a"), { href: `#/${to}` });
    view.append(link);
    link.click();
}"""
"""A link to the place is pressed; the headings of the view of before are known by a mark."""


def go(page: Page, route: str) -> None:
    """The view of that place, as a link leads to it."""
    page.evaluate(GO, route)
    page.wait_for_function(
        "to => history.state && history.state.route === to && document.querySelector('#pocket-view h1:not([data-before])')",
        arg=route,
    )


def keep_here(page: Page, url: str, *, pin: str = "", course: str = COURSE) -> None:
    """Whoever is signed in comes from a course's page to take it along, and says who she is to this phone."""
    page.goto(f"{url}/pocket#/take/{course}")
    page.fill("[name=phone]", "Teléfono de prueba")
    if pin:
        page.fill("[name=pin]", pin)
    page.click("#pocket-view form button[type=submit]")
    page.wait_for_selector("[name=media]")


def take(page: Page) -> None:
    """The course whose size is shown is taken along, to its last byte."""
    page.click("#pocket-view form button[type=submit]")
    page.wait_for_selector("#pocket-view a[href^='#/course/']:not(.crumbs a)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


@cache
def course_of(name: str = COURSE) -> Course:
    """The course, as its authors wrote it."""
    course, _ = load(COURSES / name)
    if course is None:
        raise AssertionError(name)
    return course


def check_quizzes(page: Page, module: Module, *, right: bool = True) -> None:
    """Every quiz of the module that the page shows, answered and checked on the phone."""
    for quiz in [block for block in module.body if hasattr(block, "questions")]:
        box = page.locator(f"#quiz-{quiz.id}")
        box.locator("form").wait_for()
        for question in quiz.questions:
            (answer_right if right else answer_wrong)(page, question)
        box.locator("button[value=check]").click()
        box.locator(".result").first.wait_for()


def to_an_ending(page: Page) -> None:
    """One way after the other through the story that the page shows, until it ends."""
    step = ".step:not([hidden])"
    for turn in range(60):
        if page.locator(f"{step} [data-anew]").count():
            return
        ways = page.locator(f"{step} .ways a")
        (
            ways.nth(turn % ways.count()) if ways.count() else page.locator(f"{step} .go-on, {step} .actions a").first
        ).click()
    raise AssertionError("the story does not end")


def tour(page: Page, served: Installation, language: str) -> Iterator[str]:
    """Goes from view to view; gives the name of each as it stands on the screen."""
    context, url = page.context, served.url
    edition = course_of().edition(language)
    modules = list(edition.modules.values())
    page.goto(f"{url}/pocket")
    page.wait_for_selector(HEADING)
    yield "sign-in"
    register(page, url, f"u{secrets.token_hex(5)}", NAME)
    page.goto(f"{url}/pocket#/take/{COURSE}")
    page.wait_for_selector("[name=phone]")
    yield "add"
    keep_here(page, url)
    yield "take"
    take(page)
    yield "taken"
    go(page, "")
    page.wait_for_selector("[data-slot=more] li, [data-slot=more] .small")
    yield "home"
    go(page, f"course/{COURSE}")
    yield "course"
    test = next(each for each in modules if each.kind == "test")
    go(page, f"module/{COURSE}/{test.id}")
    yield "test"
    page.select_option("[name=count]", "2")
    page.click("[data-form] button")
    page.wait_for_selector(".attempt")
    yield "test-taken-along"
    context.set_offline(True)
    go(page, f"module/{COURSE}/{modules[0].id}")
    yield "module"
    page.locator(".keep-mark").first.click()
    page.fill(".noting textarea", "Volver a esto con el equipo")
    yield "noting"
    page.click(".noting form button[type=submit]")
    page.wait_for_selector(".noting .note-text")
    check_quizzes(page, modules[0], right=False)
    yield "module-told-wrong"
    go(page, f"review/{COURSE}")
    yield "review"
    answer_wrong(page, next(modules[0].questions()))
    page.click("#pocket-view form [type=submit]")
    page.wait_for_selector(".result")
    yield "review-told"
    go(page, f"module/{COURSE}/{modules[1].id}")
    check_quizzes(page, modules[1])
    yield "module-told"
    page.click("[data-end] button")
    page.wait_for_selector("#pocket-view .notice-good")
    yield "module-ended"
    story = next(each for each in modules if any(True for _ in each.scenarios()))
    go(page, f"module/{COURSE}/{story.id}")
    to_an_ending(page)
    yield "story"
    go(page, f"search/{COURSE}/personas")
    yield "search"
    go(page, f"search/{COURSE}/zapatos")
    yield "search-nothing"
    go(page, f"words/{COURSE}")
    yield "glossary"
    go(page, f"module/{COURSE}/{test.id}")
    page.locator(".attempt .button").first.click()
    page.wait_for_selector("[data-do=begin]")
    yield "test-begin"
    page.click("[data-do=begin]")
    page.wait_for_selector("form[data-sheet]")
    yield "test-sheet"
    page.click("button[value=review]")
    yield "test-empty"
    answer_test(page, edition, test)
    page.locator("[data-sheet] > .actions button[value=review]").click()
    page.wait_for_selector("[data-slot=empty] a", state="detached")
    yield "test-review"
    page.click("button[value=send]")
    page.wait_for_selector(".code-box")
    yield "test-sent"
    go(page, f"module/{COURSE}/{test.id}")
    yield "test-waiting"
    go(page, "")
    page.wait_for_selector("[data-slot=more] .quiet, [data-slot=more] span")
    yield "home-offline"
    for route in ("sent", "save", "notes", "certificates", "me", "remove-me", "help", f"drop/{COURSE}"):
        go(page, route)
        yield route.partition("/")[0]
    go(page, "take/otro-curso")
    yield "no-network"
    go(page, "module/otro-curso/x")
    yield "not-here"
    go(page, "nada/nada/nada")
    yield "no-such-view"
    if page.locator(".menu > summary").is_visible():  # on a wide screen its ways stand in the top
        page.click(".menu > summary")
        yield "menu"
        page.click(".menu > summary")
    page.click(".panel > summary")
    yield "panel"
    page.click(".panel > summary")
    go(page, "me")
    page.fill("[name=pin]", "2468")
    page.click("[data-form] button[type=submit]")
    page.wait_for_selector(".notice-good")
    yield "me-saved"
    page.click("[data-do=close]")
    page.wait_for_selector(".people")
    yield "who"
    page.click(".people button")
    page.wait_for_selector("[name=pin]")
    yield "pin"
    page.fill("[name=pin]", "1111")
    page.click("#pocket-view form button")
    page.wait_for_selector("[role=alert]")
    yield "pin-wrong"
    page.fill("[name=pin]", "2468")
    page.click("#pocket-view form button")
    page.wait_for_selector(".resume")
    page.evaluate("""() => new Promise((done) => {
        const asked = indexedDB.open('pocket');
        asked.onsuccess = () => {
            const all = asked.result.transaction('shelf', 'readwrite').objectStore('shelf');
            const cleared = all.clear();
            cleared.onsuccess = () => { asked.result.close(); done(); };
        };
    })""")
    page.reload()
    page.wait_for_selector("[name=pin]")
    page.fill("[name=pin]", "2468")
    page.click("#pocket-view form button")
    page.wait_for_selector(".go-card")
    yield "home-evicted"
    go(page, f"course/{COURSE}")
    yield "evicted"
    context.set_offline(False)
