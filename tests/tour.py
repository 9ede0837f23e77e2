"""A walk past every template and state, for looking at them and for holding them to account."""

import secrets
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from lms.content.course import load
from lms.content.model import Edition, Quiz
from lms.services import evaluation
from lms.services import polls as voting
from lms.storage import people, polls
from tests import programme
from tests.browser import PASSPHRASE, answer_module, answer_test, answer_wrong, certificate, finish
from tests.installation import Installation

COURSES = Path(__file__).parents[1] / "courses_content"
MUESTRARIO = Path(__file__).parents[1] / "docs/muestrario"
COURSE = "/courses/trata-de-personas"
SEARCHES = {
    "empty": "",
    "found": "persona+person",
    "nothing": "zapatos&course=trata-de-personas",
    "course": "persona+person&course=trata-de-personas",
}


def tour(page: Page, served: Installation) -> Iterator[str]:
    """Goes from page to page; gives the name of each as it stands on the screen, with its styles."""
    for name in _pages(page, served):
        page.wait_for_load_state()
        yield name


def _pages(page: Page, served: Installation) -> Iterator[str]:
    username = f"u{secrets.token_hex(5)}"

    def go(path: str) -> None:
        page.goto(served.url + path)

    for name in (
        "courses",
        "login",
        "register",
        "recover",
        "verify",
        "v",
        "about",
        "privacy",
        "accessibility",
        "consent",
        "safety",
        "styleguide",
        "exit",
    ):
        go("/" if name == "courses" else f"/{name}")
        yield name
    go("/your-country")
    yield "your-country"
    page.select_option("[name=country]", "CR")
    page.click("main form button")
    page.wait_for_url("**/your-country?**")
    yield "your-country-chosen"
    go(COURSE)
    yield "course-anonymous"
    for name, query in SEARCHES.items():
        go(f"/search?q={query}")
        yield f"search-{name}"
    go("/nothing-here")
    yield "error-404"
    go("/verify?number=hola")
    yield "verify-error"
    go("/verify?number=7K3Q-ZX0T-9B4M-E2-9")
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
    for name in ("learning", "certificates", "notes", "profile", "passphrase", "join"):
        go(f"/me/{name}")
        yield f"{name}-empty" if name in ("learning", "certificates", "notes") else name
    go("/me/profile")
    page.click("#page-agreement ~ details summary")
    page.click("button[value=no]")
    yield "consent-declined"
    go("/me/learning")
    yield "consent-asked"
    page.click("button[value=yes]")
    yield from _format(page, served)
    yield from _course(page, served)
    yield from _said(page, served, username)
    yield from _staff(page, served, username)
    yield from _paper(page, served)


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
    yield from _notes(page, served)
    go(f"{COURSE}/m-que-es")
    answer_module(page, edition.modules["m-que-es"])
    go(f"{COURSE}/m-que-es")
    yield "module-answered"
    finish(page)
    yield "module-after-another"
    go(COURSE)
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
        finish(page)
    go(f"{COURSE}/{test.id}")
    page.click("form[action$='/test'] button")
    answer_test(page, edition, test)
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    page.click("button[value=send]")
    page.wait_for_selector(".quiz .result")
    yield "result-passed"
    certificate(page, served.url)
    yield "certificates"
    number = page.locator(".number").first.inner_text()
    go(f"/verify?number={number}")
    yield "verify-genuine"
    go(COURSE)
    yield "course-complete"


def _notes(page: Page, served: Installation) -> Iterator[str]:
    """A bookmark and a note in a module, then on their own pages."""
    page.locator(".keep-mark").first.click()
    page.wait_for_selector(".noting")
    yield "module-marked"
    page.fill(".noting textarea", "Preguntar en el trabajo quién recibe las llamadas.\nVolver a leer esto.")
    page.click(".noting .button")
    page.wait_for_selector(".noting .note")
    page.goto(f"{served.url}/me/notes")
    yield "notes"
    page.locator(".note a").click()
    page.wait_for_selector("#page-text")
    yield "note"
    page.goto(f"{served.url}/me/notes/here?course=trata-de-personas&module=m-que-es&section=")
    yield "notes-here"


def _paper(page: Page, served: Installation) -> Iterator[str]:
    """What is made for paper, as the staff see it."""
    for name, path in {
        "print-course": "print",
        "print-module": "m-casa/print",
        "print-exercises": "m-preguntas/print",
        "print-sheet": "m-preguntas/paper?sheet=3F7K",
        "print-which-key": "m-preguntas/key",
        "print-key": "m-preguntas/key?sheet=3F7K",
    }.items():
        page.goto(f"{served.url}/courses/muestrario/{path}")
        yield name


def _said(page: Page, served: Installation, username: str) -> Iterator[str]:
    """What she tells of a mistake and thinks of the course, and what its author sees of that."""

    def go(path: str) -> None:
        page.goto(served.url + path)

    with served.database().writing() as tx:
        person = people.by_username(tx, username)
        assert person
        people.set_roles(tx, person.id, people.ROLES)
    go("/author/reports?course=none")
    yield "reports-empty"
    go(f"{COURSE}/m-que-es")
    page.click("footer a[href^='/report?']")
    page.wait_for_selector("textarea")
    yield "report"
    page.check("[value=harm]")
    fill(page, {"body": "El ejemplo permite reconocer un lugar real.\nConviene cambiarlo."})
    yield "report-thanks"
    go("/author/reports")
    yield "reports"
    go(f"{COURSE}/evaluation")
    yield "evaluation"
    page.check("[name=useful][value='5']")
    fill(page, {"comment": "Me sirvió mucho."})
    yield "evaluation-thanks"
    go("/author/evaluations")
    yield "results-courses"
    course = COURSE.rpartition("/")[2]
    go(f"/author/evaluations/{course}")
    yield "results-few"
    with served.database().writing() as tx:
        for question, options in evaluation.QUESTIONS.items():
            for number in range(voting.ENOUGH):
                option = options[max(0, len(options) - 1 - number // 3)]
                polls.add(tx, course, {(f"evaluation:1:{question}", option): 1})
        polls.add(tx, course, {("evaluation:1", "sent"): voting.ENOUGH})
    go(f"/author/evaluations/{course}")
    yield "results"


def _staff(page: Page, served: Installation, username: str) -> Iterator[str]:
    """Her group's certificates, as its coordinator; hers replaced and revoked."""

    def go(path: str) -> None:
        page.goto(served.url + path)

    go("/staff/cohorts")
    yield "groups-empty"
    said = served.lms("cohorts", "add", "Consulados de la frontera sur", "--course", COURSE.rpartition("/")[2])
    code = said.strip().rpartition("/")[2]
    served.lms("cohorts", "assign", code, username)
    go("/me/join")
    fill(page, {"code": code})
    go("/staff/cohorts")
    yield "groups"
    page.click("main article:last-of-type a")
    yield "group-certificates"
    page.click("tbody a")
    yield "staff-certificate"
    page.click("form[action$='/replace'] >> xpath=../summary")
    page.fill("[name=name]", "Ana Lucía K'iche' Ñuñez")
    page.select_option("#field-replace-reason", "name")
    page.click("form[action$='/replace'] button")
    page.wait_for_url("**done=replace*")
    yield "staff-certificate-replaced"
    certificate(page, served.url)
    page.locator("[data-again]").wait_for(state="detached")
    yield "certificates-replaced"
    go("/staff/cohorts")
    page.click("main article:last-of-type a")
    page.locator("tr", has=page.locator(".tag-good")).locator("a").first.click()
    page.click("form[action$='/revoke'] >> xpath=../summary")
    page.select_option("#field-revoke-reason", "mistake")
    page.check("form[action$='/revoke'] [name=sure]")
    page.click("form[action$='/revoke'] button")
    page.wait_for_url("**done=revoke*")
    yield "staff-certificate-revoked"
    go("/staff/certificates?number=hola")
    yield "staff-find-error"
    yield from _figures(page, served)


def _figures(page: Page, served: Installation) -> Iterator[str]:
    """The indicators with nothing in them and with a programme's figures, and its goals."""

    def go(path: str) -> None:
        page.goto(served.url + path)

    go("/staff/indicators?from=2020-01-01&to=2020-12-31")
    yield "indicators-empty"
    go("/staff/goals")
    yield "goals-empty"
    page.click("main section form button[type=submit]")
    page.wait_for_url("**done=set")
    yield "goals"
    page.click(".goals a")
    page.wait_for_selector("main details")
    page.click("main details summary")
    yield "goal"
    with served.database().writing() as tx:
        programme.fill(tx)
    go("/staff/indicators?from=&to=")
    yield "indicators"


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
    page.goto(served.url)
    yield "go-on"
    page.goto(f"{here}/review")
    yield "review"
    questions = {question.id: question for question in practice.questions()}
    for name in page.locator("[name=questions]").input_value().split():
        answer_wrong(page, questions[name])
    page.click("form[action*='/review'] .actions button")
    page.wait_for_url("**checked=1*")
    yield "review-told"
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
