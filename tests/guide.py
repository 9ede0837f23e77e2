"""`python -m tests.guide`: the pictures of docs/coordinating.md in each of its languages, of a group that is made up."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from lms.storage import people, preferences
from tests import programme
from tests.browser import DESKTOP, PHONE, chrome, confirm, new_page, register, type_first
from tests.installation import Installation, install
from tests.tour.groups import others_join
from tests.tour.steps import COURSE, COURSES, going

FOLDER = Path(__file__).parents[1] / "docs/pictures/coordinating"
MOST = 60_000  # bytes
MARGIN, HIGH = 16, 760
COLOURS = (64, 40, 24)
"""So many, or fewer where the picture is too large."""
NAME = COURSE.rpartition("/")[2]
COLUMNS = ["name", "type", "country", "completed", "state"]
PLACE = "http://192.168.4.1:8000"
GROUPS = {"es": ("es-GT", "Consulados de la frontera sur"), "en": ("en-US", "Consulates, southern border")}
LIST = """usuario,nombre,id,institución,tipo,país
rosa-{0},Rosa Ixchel Pérez,H-1{0},Cruz Verde Hondureña,Salud,Honduras
zoe-{0},Zoé Martínez,H-2{0},Comisionado de Derechos Humanos,Derechos humanos,HN
carmen-{0},María del Carmen López,H-3{0},Dirección de Migración,Migración,GT
x,Sin usuario,,,circo,
"""
Shot = tuple[str, Page]


def main() -> None:
    """The pictures are taken anew."""
    served = install(Path(tempfile.mkdtemp()), COURSES)
    with served.serving():
        for language, (locale, group) in GROUPS.items():
            (FOLDER / language).mkdir(parents=True, exist_ok=True)
            with chrome(f"--lang={locale}") as browser:
                page = new_page(browser, locale=locale, viewport=DESKTOP, reduced_motion="reduce")
                for name, shown in walk(page, served, language, group):
                    keep(shown, FOLDER / language / f"{name}.png")


def walk(page: Page, served: Installation, language: str, group: str) -> Iterator[Shot]:
    """A coordinator's weeks, from the group that she makes to what she reports; each place by the name of its picture."""
    go = going(page, served)
    come_in(page, served, f"carla-{language}", "coordinator")
    go("/staff/cohorts/new")
    page.fill("[name=name]", group)
    page.check(f"[name=courses][value={NAME}]")
    yield "new", at(page, "h1")
    page.click("main form button[type=submit]")
    page.wait_for_url("**done=made*")
    here = page.url.partition("/edit")[0]
    page.goto(f"{here}/code?at={PLACE}")
    code = page.locator("main .code-box").inner_text()
    yield "code", at(page, "h1")
    yield from bring(page, here, language)
    others_join(served, code, NAME)
    page.goto(here)
    yield "glance", at(page, "h1")
    yield "progress", at(page, "#page-progress")
    yield "phone", on_phone(page, here)
    page.goto(f"{here}/paper")
    page.select_option("[name=person]", label="Jacinto Coy")
    page.fill("[name=sheet]", "3F7K")
    page.click("main form button[type=submit]")
    for row in range(3):
        page.locator("main fieldset").nth(row).locator("input").nth(row % 2).check()
    yield "paper", at(page, "main h2")
    yield from report(page, served, language)


def bring(page: Page, here: str, language: str) -> Iterator[Shot]:
    """People from a list, and the cards that let them in."""
    page.goto(f"{here}/import")
    content = LIST.format(language).encode()
    page.set_input_files("[name=file]", {"name": "lista.csv", "mimeType": "text/csv", "buffer": content})
    page.click("main form button[type=submit]")
    yield "import", at(page, "h2")
    page.click("main form button[type=submit]")
    page.wait_for_url("**done=import*")
    type_first(page)
    page.fill("[name=at]", PLACE)
    page.click("form[action$='/passphrases'] button[formaction]")
    page.wait_for_url("**/cards")
    yield "cards", at(page, "main")


def report(page: Page, served: Installation, language: str) -> Iterator[Shot]:
    """The list of people and the indicators, of a whole programme."""
    with served.database().writing() as tx:
        programme.fill(tx)
        preferences.change(tx, add_role(tx, f"carla-{language}", "administrator"), roster_columns=COLUMNS)
    go = going(page, served)
    go("/me/confirm?next=/staff/roster")
    confirm(page)
    yield "roster", at(page, "h1")
    go("/staff/goals")
    if not page.locator(".goals").count():
        page.click("main section form button[type=submit]")
    go("/staff/indicators?from=2026-01-01&to=2026-12-31")
    yield "indicators", at(page, ".figures")


def come_in(page: Page, served: Installation, username: str, role: str) -> None:
    """Somebody who has that role."""
    register(page, served.url, username, "Carla Méndez")
    with served.database().writing() as tx:
        add_role(tx, username, role)


def add_role(tx: object, username: str, role: str) -> str:
    """She has that role as well; her id."""
    person = people.by_username(tx, username)  # type: ignore[arg-type]
    assert person
    people.set_roles(tx, person.id, [*person.roles, role])  # type: ignore[arg-type]
    return person.id


def at(page: Page, place: str) -> Page:
    """The page scrolled so that the first such element is near its top."""
    page.locator(place).first.evaluate("part => scrollTo(0, part.getBoundingClientRect().top + scrollY - 8)")
    return page


def on_phone(page: Page, address: str) -> Page:
    """The same on a phone, signed in as the same person."""
    other = page.context.browser.new_context(  # type: ignore[union-attr]
        storage_state=page.context.storage_state(), viewport=PHONE, locale=page.evaluate("navigator.language")
    )
    phone = other.new_page()
    phone.goto(address)
    return at(phone, ".people")


def keep(page: Page, path: Path) -> None:
    """What the window shows of the page's own, in few colours to be small."""
    page.wait_for_timeout(200)
    main, window = page.locator("main").bounding_box(), page.viewport_size
    assert main and window
    left = max(0, main["x"] - MARGIN)
    clip = {"x": left, "y": 0, "width": min(window["width"] - left, main["width"] + 2 * MARGIN), "height": HIGH}
    shown = page.screenshot(animations="disabled", clip=clip)  # type: ignore[arg-type]
    picture = Image.open(io.BytesIO(shown)).convert("RGB")
    for colours in COLOURS:
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST:
            print(f"{path} {path.stat().st_size}")
            return
    raise SystemExit(f"{path.name} is {path.stat().st_size} bytes, more than {MOST}")


if __name__ == "__main__":
    main()
