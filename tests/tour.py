"""A walk past every template and state, for looking at them and for holding them to account."""

import secrets
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from lms.content.course import load
from lms.content.model import Edition, Quiz
from lms.services import polls as voting
from lms.storage import polls
from tests.browser import PASSPHRASE, answer_module, answer_test, answer_wrong
from tests.installation import Installation

COURSES = Path(__file__).parents[1] / "courses_content"
MUESTRARIO = Path(__file__).parents[1] / "docs/muestrario"
COURSE = "/courses/trata-de-personas"


def tour(page: Page, served: Installation) -> Iterator[str]:
    """Goes from page to page; gives the name of each as it stands on the screen."""
    username = f"u{secrets.token_hex(5)}"

    def go(path: str) -> None:
        page.goto(served.url + path)

    for name in (
        "courses",
        "login",
        "register",
        "recover",
        "verify",
        "about",
        "privacy",
        "accessibility",
        "consent",
        "safety",
        "exit",
    ):
        go("/" if name == "courses" else f"/{name}")
        yield name
    go(COURSE)
    yield "course-anonymous"
    go("/nothing-here")
    yield "error-404"
    go("/verify?number=hola")
    yield "verify-error"
    go("/verify?number=7K3Q-ZX0T-9B4M-E2-5")
    yield "verify-unknown"
    go("/login")
    fill(page, {"username": "nadie", "passphrase": "nada de nada"})
    yield "login-error"
    go("/register")
    page.check("[name=consent]")
    fill(
        page,
        {
            "username": username,
            "display_name": "Ana Lucía K'iche' Ñuñez de la Trinidad y Ixchél",
            "passphrase": PASSPHRASE,
        },
    )
    yield "recovery-code"
    for name in ("learning", "certificates", "profile", "passphrase", "join"):
        go(f"/me/{name}")
        yield f"{name}-empty" if name in ("learning", "certificates") else name
    go("/me/profile")
    page.click("#page-agreement ~ details summary")
    page.click("button[value=no]")
    yield "consent-declined"
    go("/me/learning")
    yield "consent-asked"
    page.click("button[value=yes]")
    yield from _format(page, served)
    yield from _course(page, served)


def fill(page: Page, values: dict[str, str]) -> None:
    """The page's form filled in and sent."""
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def _course(page: Page, served: Installation) -> Iterator[str]:
    course, _ = load(COURSES / "trata-de-personas")
    assert course

    def go(path: str) -> None:
        page.goto(served.url + path)

    go(COURSE)
    edition = course.edition((page.get_attribute("html", "lang") or "").partition("-")[0])
    yield "course"
    go(f"{COURSE}/m-que-es")
    yield "module"
    answer_module(page, edition.modules["m-que-es"])
    go(f"{COURSE}/m-que-es")
    yield "module-answered"
    page.click("form[action$='/finish'] button")
    page.wait_for_url("**#modules")
    yield "course-begun"
    go("/me/learning")
    yield "learning"
    go(f"{COURSE}/m-escenario#e-puesto-n1")
    yield "scenario"
    go(f"{COURSE}/m-escenario#e-puesto-n1-w2")
    yield "scenario-consequence"
    go(f"{COURSE}/m-escenario#e-puesto-fin")
    yield "scenario-ending"
    test = edition.modules["m-prueba-final"]
    go(f"{COURSE}/{test.id}")
    yield "test"
    page.click("form[action$='/test'] button")
    page.wait_for_url("**/attempts/*")
    yield "sheet"
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    yield "sheet-review"
    page.click("button[value=send]")
    page.wait_for_selector("h1")
    page.wait_for_url("**/attempts/*")
    yield "result-not-yet"
    for module in [each for each in edition.modules.values() if each.kind == "module"][1:]:
        go(f"{COURSE}/{module.id}")
        answer_module(page, module)
        page.click("form[action$='/finish'] button")
        page.wait_for_url("**#modules")
    go(f"{COURSE}/{test.id}")
    page.click("form[action$='/test'] button")
    answer_test(page, edition, test)
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    page.click("button[value=send]")
    page.wait_for_selector(".quiz .result")
    yield "result-passed"
    go("/me/certificates")
    page.wait_for_selector("a[href$='.pdf']", timeout=30_000)
    yield "certificates"
    number = page.locator(".number").first.inner_text()
    go(f"/verify?number={number}")
    yield "verify-genuine"
    go(COURSE)
    yield "course-complete"


def _format(page: Page, served: Installation) -> Iterator[str]:
    """Every block of the format, in the reader's language: as it is first seen, and answered."""
    course, _ = load(MUESTRARIO)
    assert course
    edition = course.editions[page.locator("html").get_attribute("lang") or "es"]
    here = f"{served.url}/courses/{course.id}"
    for name in edition.modules:
        page.goto(f"{here}/{name}")
        yield f"format-{name}"
    yield from _format_answered(page, served, here, edition)
    page.goto(f"{here}/{course.certificate}")
    page.click("form[action$='/test'] button")
    page.wait_for_url("**/attempts/*")
    yield "format-sheet"
    answer_test(page, edition, edition.modules[course.certificate])
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    page.click("button[value=send]")
    page.wait_for_selector(".quiz .result")
    yield "format-result"


def _format_answered(page: Page, served: Installation, here: str, edition: Edition) -> Iterator[str]:
    practice, home = edition.modules["m-preguntas"], edition.modules["m-casa"]
    page.goto(f"{here}/{practice.id}")
    for quiz in [block for block in practice.body if isinstance(block, Quiz)]:
        for question in quiz.questions:
            answer_wrong(page, question)
        page.click(f"#quiz-{quiz.id} button[value=check]")
        page.locator(f"#quiz-{quiz.id} .result").first.wait_for()
    yield "format-answered"
    page.goto(f"{here}/{home.id}")
    for summary in page.locator(".recording summary").all():
        summary.click()
    for poll in home.polls():
        page.locator(f"#{poll.id} input[type=radio]").first.check()
        page.click(f"#{poll.id} button")
        page.wait_for_selector(f"#{poll.id} .verdict")
    with served.database().writing() as tx:
        for poll in home.polls():
            for number in range(voting.ENOUGH):
                option = poll.options[number % len(poll.options)].key
                polls.count(tx, course="muestrario", poll=poll.id, option=option, learner=f"other-{number}")
    page.reload()
    yield "format-shares"
