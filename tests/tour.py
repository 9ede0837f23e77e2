"""A walk past every template and state, for looking at them and for holding them to account."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pyotp
from playwright.sync_api import Page
from sqlalchemy import update

from lms.content.course import load
from lms.content.model import Edition, Module, Quiz
from lms.ids import uuid7
from lms.learning.events import encode
from lms.learning.progress import Attempt, Marked, Opened, Progress, Sheet, Work
from lms.services.studying import evaluation
from lms.services.studying import polls as voting
from lms.storage import cohorts, drafts, event_log, people, polls, projection, tables
from lms.storage.people import Person, Secrets
from lms.storage.releases import Catalogue, Release
from tests import programme
from tests.browser import (
    PASSPHRASE,
    SIGN_OUT,
    answer_module,
    answer_test,
    answer_wrong,
    certificate,
    confirm,
    finish,
    sign_in,
    type_first,
)
from tests.installation import Installation

COURSES = Path(__file__).parents[1] / "courses_content"
MUESTRARIO = Path(__file__).parents[1] / "docs/muestrario"
COURSE = "/courses/trata-de-personas"
NAMES = (
    "Berta Caal Pop", "Álvaro Núñez", "Carmen Xol", "Diego Tzul Ajanel", "Élida Güix", "Fátima Ortez", "Gregorio Chub",
    "Hilda Marroquín de la Trinidad y Castellanos Urízar", "Íngrid Sis", "Jacinto Coy", "Karla Bonilla", "Leonel Ic",
)  # fmt: skip
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


def going(page: Page, served: Installation) -> Callable[[str], object]:
    """How the page goes to an address of that installation."""
    return lambda path: page.goto(served.url + path)


def _pages(page: Page, served: Installation) -> Iterator[str]:
    username = f"u{secrets.token_hex(5)}"

    go = going(page, served)
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
    for name in ("learning", "certificates", "notes", "profile", "passphrase", "join", "data"):
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


PEOPLE = """usuario;nombre;id;institución;tipo;país;color
rosa.*;Rosa Ixchel Ñuñez de la Trinidad;H-1.*;Cruz Verde Hondureña;Salud;Honduras;rojo
;Zoé Pérez;H-2.*;Comisionado Nacional de los Derechos Humanos;Derechos humanos;HN;
;María del Carmen López Díaz;H-3.*;;;;
x;Sin usuario;;;circo;;
"""
MORE = "usuario;nombre\nmax.*;Max Ordóñez\nbeto.*;Beto Caal\n"
"""With another word in the place of each * in every walk: an installation may see several."""


def fill(page: Page, values: dict[str, str]) -> None:
    """The page's form filled in and sent."""
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def _course(page: Page, served: Installation) -> Iterator[str]:
    course, _ = load(COURSES / "trata-de-personas")
    assert course

    go = going(page, served)
    go(COURSE)
    edition = course.edition((page.get_attribute("html", "lang") or "").partition("-")[0])
    yield "course"
    yield from _knowledge(page, served, "before")
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
    yield from _knowledge(page, served, "after")
    certificate(page, served.url)
    yield "certificates"
    number = page.locator(".number").first.inner_text()
    go(f"/verify?number={number}")
    yield "verify-genuine"
    go(COURSE)
    yield "course-complete"


def _knowledge(page: Page, served: Installation, stage: str) -> Iterator[str]:
    """The questions before or after the course: sent empty, answered, and no longer there."""
    page.goto(f"{served.url}{COURSE}/knowledge")
    yield f"knowledge-{stage}"
    page.click("button[value=send]")
    page.wait_for_selector(".error-summary")
    yield f"knowledge-{stage}-error"
    for question in page.locator("fieldset.question").all():
        question.locator("input").first.check()
    page.click("button[value=send]")
    page.wait_for_url("**sent=1")
    yield f"knowledge-{stage}-thanks"
    page.goto(f"{served.url}{COURSE}/knowledge")
    yield f"knowledge-{stage}-none"


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

    go = going(page, served)
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


def _groups(page: Page, served: Installation) -> Iterator[str]:
    """A group of her own made, its code handed out, its people imported."""

    go = going(page, served)
    go("/staff/cohorts/new")
    yield "group-new"
    page.fill("[name=name]", "Comités de la frontera norte")
    page.click("main form button[type=submit]")
    yield "group-new-error"
    page.check("[name=courses] >> nth=0")
    page.click("main form button[type=submit]")
    page.wait_for_url("**done=made*")
    yield "group-edit"
    group = page.url.rpartition("/edit")[0]
    for part in ("people", "code", "poster", "slips"):
        page.goto(f"{group}/{part}")
        yield f"group-{part}"
    yield from _imported(page, group)


def _imported(page: Page, group: str) -> Iterator[str]:
    """People imported, each given a way in, one of them reset and deactivated."""
    people, more = (each.replace("*", secrets.token_hex(2)).encode() for each in (PEOPLE, MORE))
    page.goto(f"{group}/import")
    yield "group-import"
    page.set_input_files("[name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"hola"})
    page.click("main form button[type=submit]")
    yield "group-import-error"
    page.goto(f"{group}/import")
    page.set_input_files("[name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": people})
    page.click("main form button[type=submit]")
    yield "group-import-plan"
    page.click("main form button[type=submit]")
    page.wait_for_url("**done=import*")
    yield "group-people-imported"
    type_first(page)
    yield "group-people-sure"
    page.click("form[action$='/passphrases'] button[formaction]")
    page.wait_for_url("**/cards")
    yield "group-cards"
    page.goto(f"{group}/people")
    page.click("tbody tr:nth-child(2) a")
    yield "person"
    page.click("form[action$='/reset'] >> xpath=../summary")
    page.click("form[action$='/reset'] button")
    yield "person-reset"
    page.goto(f"{group}/people")
    page.click("tbody tr:nth-child(3) a")
    page.click("form[action$='/deactivate'] >> xpath=../summary")
    page.click("form[action$='/deactivate'] button")
    page.wait_for_url("**done=deactivate*")
    yield "person-deactivated"
    page.goto(f"{group}/import")
    page.set_input_files("[name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": more})
    page.click("main form button[type=submit]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**done=import*")
    page.click("form[action$='/passphrases'] button:not([formaction])")
    page.wait_for_url("**/passphrases")
    yield "group-passphrases"


def _staff(page: Page, served: Installation, username: str) -> Iterator[str]:
    """Her group's certificates, as its coordinator; hers replaced and revoked."""

    go = going(page, served)
    go("/staff/cohorts")
    yield "groups-empty"
    said = served.lms("cohorts", "add", "Consulados de la frontera sur", "--course", COURSE.rpartition("/")[2])
    code = said.strip().rpartition("/")[2]
    served.lms("cohorts", "assign", code, username)
    yield from _groups(page, served)
    go("/me/join")
    fill(page, {"code": code})
    go("/staff/cohorts")
    yield "groups"
    page.click("main article:last-of-type a")
    yield from _glance(page, served, code)
    page.click(".tabs a[href$='/certificates']")
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
    yield "certificates-replaced"
    go("/staff/cohorts")
    page.click("main article:last-of-type a")
    page.click(".tabs a[href$='/certificates']")
    page.locator("tr", has=page.locator(".tag-good")).locator("a").first.click()
    page.click("form[action$='/revoke'] >> xpath=../summary")
    page.select_option("#field-revoke-reason", "mistake")
    page.check("form[action$='/revoke'] [name=sure]")
    page.click("form[action$='/revoke'] button")
    page.wait_for_url("**done=revoke*")
    yield "staff-certificate-revoked"
    go("/staff/certificates?number=hola")
    yield "staff-find-error"
    page.click(SIGN_OUT)
    sign_in(page, served.url, username)  # so that she is asked for her passphrase again
    yield from _roster(page, served)
    yield from _second(page, served, username)
    yield from _figures(page, served)
    yield from _trust(page, served)
    yield from _administration(page, served)


def _trust(page: Page, served: Installation) -> Iterator[str]:
    """What the staff did, whole and searched in vain; what is kept about her, before and after her passphrase."""

    go = going(page, served)
    go("/staff/audit")
    yield "audit"
    go("/staff/audit?act=goal-deleted&hash=0000")
    yield "audit-none"
    yield from _settings(page, served)
    go("/staff/retention")
    yield "retention"
    with served.database().writing() as tx:
        for n, days in enumerate((400, 500, 800)):
            drafts.save(tx, uuid7(), f"curso/m-{n}/q", {}, now=datetime.now(UTC) - timedelta(days=days))
    go("/staff/retention")
    if page.locator("main form[action='/me/confirm']").count():
        page.fill("main [name=passphrase]", PASSPHRASE)
        page.click("main form[action='/me/confirm'] button")
        page.wait_for_url("**/staff/retention**")
    yield "retention-past"
    page.check("[name=purpose]")
    page.check("[name=sure]")
    page.click("main form[action='/staff/retention'] button")
    page.wait_for_url("**gone=**")
    yield "retention-done"
    go("/me/data")
    yield "my-data"
    go("/erased")
    yield "erased"


def _settings(page: Page, served: Installation) -> Iterator[str]:
    """What an administrator sets, part by part; a value that can't be used."""

    go = going(page, served)
    go("/staff/settings")
    page.click("main > details summary")
    yield "settings"
    for part in ("who", "signatories", "logo", "certificates", "people", "languages"):
        go(f"/staff/settings/{part}")
        yield f"setting-{part}"
    page.fill("[name=timezone]", "Marte/Norte")
    if page.locator("[name=passphrase]").count():
        page.fill("[name=passphrase]", PASSPHRASE)
    page.click("main form button[type=submit]")
    page.wait_for_selector(".error-summary")
    yield "setting-error"


def first_run(page: Page, served: Installation, code: str) -> Iterator[str]:
    """From the printed code to the first settings, on an installation that nobody administers."""

    go = going(page, served)
    go("/welcome")
    yield "welcome"
    for typed, name in (("0000-0000-0000-0000", "welcome-error"), (code, "welcome-account")):
        page.fill("[name=code]", typed)
        page.click("form[action$='/welcome'] button")
        page.wait_for_load_state()
        yield name
    fill(page, {"username": "eva", "display_name": "Eva Solís", "passphrase": "corta pero"})
    yield "welcome-account-error"
    fill(page, {"passphrase": PASSPHRASE})
    page.click("main .actions a")
    page.wait_for_load_state()
    page.click("button[value=yes]")
    page.wait_for_url("**/staff/settings/first")
    yield "welcome-settings"
    page.locator("[name=signatory]").first.fill("Carla Méndez")
    fill(page, {"name": "Sendero", "issuer": "Red Mesoamericana"})
    yield "welcome-settings-error"
    page.locator("[name=position]").first.fill("Coordinadora")
    page.click("main form button[type=submit]")
    page.wait_for_url("**done=first")
    yield "welcome-done"


def _administration(page: Page, served: Installation) -> Iterator[str]:
    """Everybody and one of them, the same person twice, keys, the quarantine."""

    go = going(page, served)
    go("/staff")
    yield "administration"
    go("/staff/keys")
    yield "keys"
    go("/staff/people?q=zzzz")
    yield "people-none"
    go("/staff/people?q=caal")
    yield "people"
    page.click("tbody a")
    page.wait_for_selector("#page-roles")
    one = page.url
    go("/staff/same")
    yield "same-likely"
    page.goto(f"{one}/same?q=nuñez")
    yield "same"
    page.click("main li a")
    page.wait_for_selector("[name=counts]")
    yield "same-both"
    page.click("main form button")
    page.wait_for_url("**done=linked")
    yield "same-linked"
    page.goto(f"{one}?open=roles")
    if page.locator("[name=passphrase]").count():
        yield "person-roles-asks"
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("form[action$='/me/confirm'] button")
        page.wait_for_selector("[name=role]")
    yield "person-roles"
    page.click("form[action$='/roles'] button")
    page.wait_for_url("**done=same")
    yield "person-same-roles"
    page.goto(f"{one}/erase")
    yield "person-erase"
    go("/staff/people/new")
    yield "person-new"
    page.fill("[name=username]", f"p{secrets.token_hex(5)}")
    page.fill("[name=display_name]", "Olga Sis Xol")
    page.click("form[action$='/new'] button")
    page.wait_for_selector(".error-summary")
    yield "person-new-error"
    page.check("[value=coordinator]")
    page.click("form[action$='/new'] button")
    page.wait_for_selector(".code-box")
    yield "person-made"
    go("/staff/quarantine")
    yield "quarantine-empty"
    _quarantined(served)
    go("/staff/quarantine")
    yield "quarantine"
    page.click("tbody a")
    page.wait_for_selector("[name=reason]")
    yield "quarantine-line"
    page.fill("[name=reason]", "El reloj de un teléfono iba adelantado.")
    page.click("main form button")
    go("/staff/quarantine?state=seen")
    page.click("tbody a")
    page.wait_for_selector("[value=again]")
    yield "quarantine-seen"


def _quarantined(served: Installation) -> None:
    """A line with the id of one that is here."""
    with served.database().writing() as tx:
        line = next(each for each in event_log.since(tx, 0) if each.event.learner and each.event.course)
        other = replace(line.event, data={**line.event.data, "more": secrets.token_hex(4)})
        event_log.append(tx, encode(other), other, now=datetime.now(UTC), via="file")


def _figures(page: Page, served: Installation) -> Iterator[str]:
    """The indicators with nothing in them and with a programme's figures, and its goals."""

    go = going(page, served)
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


def _roster(page: Page, served: Installation) -> Iterator[str]:
    """The list of people, before and after her passphrase; with no row; the page that asks for the passphrase."""

    go = going(page, served)
    go("/staff/roster?state=waiting")
    yield "roster-empty"
    go("/staff/roster?since=ayer")
    yield "roster-error"
    go("/staff/roster")
    page.click("main details:not(.filter-more) summary")
    yield "roster-asks"
    page.fill("[name=passphrase]", PASSPHRASE)
    page.click("form[action$='/me/confirm'] button")
    page.wait_for_selector("#field-reason")
    yield "roster"
    go("/me/confirm?late=1")
    yield "confirm"
    fill(page, {"passphrase": "otra cosa"})
    yield "confirm-error"


def _second(page: Page, served: Installation, username: str) -> Iterator[str]:
    """Her second factor set up, asked for in another browser, and turned off again."""
    here = f"{served.url}/me/second-factor"
    page.goto(f"{here}?needed=1")
    yield "second-none"
    if page.locator("[name=passphrase]").count():  # it was slow
        fill(page, {"passphrase": PASSPHRASE})
    fill(page, {})
    page.wait_for_selector(".qr")
    yield "second-begun"
    fill(page, {"code": "000000"})
    yield "second-error"
    codes = pyotp.TOTP(page.locator(".card .number").inner_text())
    fill(page, {"code": codes.now()})
    page.wait_for_selector("ol.code-box")
    yield "second-codes"
    recovery = page.locator("ol.code-box li").first.inner_text()
    page.goto(here)
    page.click("main details summary")
    yield "second-on"
    page.click(SIGN_OUT)
    page.goto(f"{served.url}/login?next=/me/second-factor")
    fill(page, {"username": username, "passphrase": PASSPHRASE})
    yield "second-ask"
    fill(page, {"code": "000000"})
    yield "second-ask-error"
    page.goto(f"{served.url}/login/second?recovery=1&next=/me/second-factor")
    yield "second-ask-recovery"
    fill(page, {"code": recovery})
    fill(page, {"passphrase": PASSPHRASE})
    page.click("main details:last-of-type summary")
    page.click("main details:last-of-type button")
    page.wait_for_url("**done=off")
    yield "second-off"


def _glance(page: Page, served: Installation, code: str) -> Iterator[str]:
    """The group at a glance, before and after others have joined it and gone different ways."""
    yield "group-calm"
    here, course = page.url, COURSE.rpartition("/")[2]
    others_join(served, code, course)
    page.goto(here)
    yield "group"
    page.click("a[href*='/calls']")
    _be_sure(page)
    yield "group-calls"
    page.goto(here)
    page.click("a[href*='/messages']")
    _be_sure(page)
    yield "group-messages"
    page.click(".tabs a[href$='/paper']")
    yield "group-paper"
    page.select_option("[name=person]", label="Jacinto Coy")
    fill(page, {"sheet": "3F7K"})
    yield "group-paper-sheet"
    page.click("[value=look]")
    page.wait_for_selector(".error-summary")
    yield "group-paper-error"
    page.locator("[type=radio][value='1']").first.check()
    page.click("[value=look]")
    page.wait_for_selector("[value=keep]")
    yield "group-paper-look"
    page.check("[name=sure]")
    page.click("[value=keep]")
    page.wait_for_url("**done=1*")
    yield "group-paper-kept"
    page.goto(here)


def _be_sure(page: Page) -> None:
    """Where five minutes went by since her passphrase."""
    page.wait_for_load_state()
    if "/me/confirm" in page.url:
        confirm(page)


def others_join(served: Installation, code: str, course: str) -> None:
    """Twelve people who joined twenty days ago, and did what a group does."""
    long_ago = datetime.now(UTC) - timedelta(days=20)
    with served.database().writing() as tx:
        cohort = cohorts.by_code(tx, code)
        release = Catalogue().live(tx, course)
        assert cohort and release
        modules = list(release.course.editions["es"].modules.values())
        for n, name in enumerate(NAMES):
            person = Person(
                id=uuid7(), username=f"p{secrets.token_hex(5)}", display_name=name, language="es", active=True,
                must_change=False, roles=frozenset({"learner"}),
            )  # fmt: skip
            people.add(tx, person, Secrets("none", None), now=long_ago)
            cohorts.enrol(tx, person=person.id, course=course, cohort=cohort.id, now=long_ago)
            if n % 4:
                last = (long_ago + timedelta(days=2 * n)).isoformat()
                projection.save(tx, person.id, course, _progress(release, modules[: n % 7], n % 3, last))
        changed = update(tables.people).where(tables.people.c.display_name.in_(NAMES[::2]))
        tx.execute(changed.values(institution="Consulado General", phone="+502 5555 0101"))


def _progress(release: Release, ended: Sequence[Module], failed: int, last: str) -> Progress:
    """These modules ended, and the test failed so many times."""
    test = release.course.certificate
    attempts = {
        str(n): Attempt(
            opened=Opened(module=test, release=release.digest, drawn=()),
            sheet=Sheet(n=n, event="e", release=release.digest, answers=None),
            marked=Marked(share=Fraction(1, 2), passed=False, missed=()),
        )
        for n in range(failed)
    }
    work = Work(ended=frozenset(each.id for each in ended if each.kind == "module"))
    return Progress(enrolled=True, work={release.digest: work}, attempts=attempts, first=last, last=last)


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
