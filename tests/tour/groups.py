"""The walk through a group of people: its code, its list, its progress, its paper."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from playwright.sync_api import Page
from sqlalchemy import update

from lms.content.model import Module
from lms.ids import uuid7
from lms.learning.progress import Attempt, Marked, Opened, Progress, Sheet, Work
from lms.storage import cohorts, people, projection, tables
from lms.storage.people import Person, Secrets
from lms.storage.releases import Catalogue, Release
from tests.browser import (
    type_first,
)
from tests.installation import Installation
from tests.tour.steps import COURSE, be_sure, fill, going

NAMES = (
    "Berta Caal Pop", "Álvaro Núñez", "Carmen Xol", "Diego Tzul Ajanel", "Élida Güix", "Fátima Ortez", "Gregorio Chub",
    "Hilda Marroquín de la Trinidad y Castellanos Urízar", "Íngrid Sis", "Jacinto Coy", "Karla Bonilla", "Leonel Ic",
)  # fmt: skip


PEOPLE = """usuario;nombre;id;institución;tipo;país;color
rosa.*;Rosa Ixchel Ñuñez de la Trinidad;H-1.*;Cruz Verde Hondureña;Salud;Honduras;rojo
;Zoé Pérez;H-2.*;Comisionado Nacional de los Derechos Humanos;Derechos humanos;HN;
;María del Carmen López Díaz;H-3.*;;;;
x;Sin usuario;;;circo;;
"""


MORE = "usuario;nombre\nmax.*;Max Ordóñez\nbeto.*;Beto Caal\n"


"""With another word in the place of each * in every walk: an installation may see several."""


def paper(page: Page, served: Installation) -> Iterator[str]:
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


def groups(page: Page, served: Installation) -> Iterator[str]:
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


def glance(page: Page, served: Installation, code: str) -> Iterator[str]:
    """The group at a glance, before and after others have joined it and gone different ways."""
    yield "group-calm"
    here, course = page.url, COURSE.rpartition("/")[2]
    others_join(served, code, course)
    page.goto(here)
    yield "group"
    page.click("a[href*='/calls']")
    be_sure(page)
    yield "group-calls"
    page.goto(here)
    page.click("a[href*='/messages']")
    be_sure(page)
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
