"""Printed pages as the PDF that Chromium makes of them: everything is on paper, and no answer."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.content.model import Course, Module
from lms.content.plain import plain_text
from lms.content.question_model import ChoiceQuestion, Question
from lms.content.references import headings_in
from lms.learning.attempts import choices_of, targets_of
from lms.storage import people
from lms.web.learner import paper_blocks
from tests.browser import DESKTOP, new_page, register
from tests.installation import Installation
from tests.tools import require

pytestmark = [pytest.mark.browser, pytest.mark.tools, pytest.mark.xdist_group(__name__)]


def printed(page: Page, folder: Path, paper: str = "A4") -> str:
    """What the page says on paper, in one line."""
    require("pdftotext")
    page.pdf(path=folder / "page.pdf", format=paper)
    told = subprocess.run(["pdftotext", str(folder / "page.pdf"), "-"], check=True, capture_output=True).stdout.decode()
    return squeezed(told)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the paper: a browser would make all of it smaller."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 900})
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    found: bool = page.evaluate(wide)
    page.emulate_media(media="null")
    page.set_viewport_size(DESKTOP)
    return not found


def squeezed(text: str) -> str:
    """Without the spaces, hyphens and page numbers that setting a text on pages brings."""
    return re.sub(r"[\s\u00ad]+", "", re.sub(r"\n\d+ / \d+\n", "\n", text))


def said(html: str) -> str:
    return squeezed(plain_text(html))


def words_of(question: Question) -> list[str]:
    """What a question shows."""
    return [question.prompt, *(html for _, html in choices_of(question)), *(html for _, html in targets_of(question))]


def reasons_of(module: Module) -> list[str]:
    found = [each.explanation for each in module.questions()]
    found += [
        option.feedback for each in module.questions() if isinstance(each, ChoiceQuestion) for option in each.options
    ]
    return [each for each in map(said, found) if len(each) > 20]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_module_on_paper_is_whole_and_tells_no_answer(
    served: Installation, browser: Browser, muestrario: Course, tmp_path: Path, paper: str
) -> None:
    page = new_page(browser, viewport=DESKTOP)
    register(page, served.url, f"papel{paper.lower()}", "Ana")
    edition = muestrario.editions["es"]
    for module in (each for each in edition.modules.values() if each.kind == "module"):
        page.goto(f"{served.url}/courses/{muestrario.id}/{module.id}/print")
        told = printed(page, tmp_path, paper)
        for heading in headings_in(module.body):
            assert said(heading.html) in told
        for question in module.questions():
            assert [text for text in words_of(question) if said(text) not in told] == []
        for note in paper_blocks.cited(module).footnotes:
            assert said(note.html) in told
        assert [reason for reason in reasons_of(module) if reason in told] == []
        assert fits(page)
        for control in ("Misaprendizajes", "Cerrarsesión", "Saltaralcontenido", "elijaImprimir"):
            assert control not in told


def test_a_sheet_and_its_key_on_paper(
    served: Installation, browser: Browser, muestrario: Course, tmp_path: Path
) -> None:
    page = new_page(browser, viewport=DESKTOP)
    register(page, served.url, "papelclave", "Eva")
    with served.database().writing() as tx:
        eva = people.by_username(tx, "papelclave")
        assert eva
        people.set_roles(tx, eva.id, ["learner", "coordinator"])
    module = muestrario.editions["es"].modules["m-preguntas"]
    page.goto(f"{served.url}/courses/{muestrario.id}/m-preguntas")
    page.click("text=Preguntas en papel")
    page.wait_for_url("**/paper?sheet=*")
    code = page.url.partition("=")[2]
    told = printed(page, tmp_path)
    assert all(said(text) in told for question in module.questions() for text in words_of(question))
    assert [reason for reason in reasons_of(module) if reason in told] == []
    assert told.index(said("Hoja de respuestas")) > told.index(said("Complete con lo que dice la tapa"))
    assert code.replace("-", "") in told.replace("-", "")
    page.click("text=La clave de esta hoja")
    key = printed(page, tmp_path)
    assert fits(page)
    assert all(reason in key for reason in reasons_of(module))
    assert code.replace("-", "") in key.replace("-", "")


def test_a_course_on_paper_is_as_wide_as_the_paper(
    served: Installation, browser: Browser, muestrario: Course, tmp_path: Path
) -> None:
    page = new_page(browser, viewport=DESKTOP)
    register(page, served.url, "papelcurso", "Ana")
    page.goto(f"{served.url}/courses/{muestrario.id}/print")
    told = printed(page, tmp_path)
    assert all(said(each.title) in told for each in muestrario.editions["es"].modules.values())
    assert all(said(term.html) in told for term in muestrario.editions["es"].glossary.values())
    assert fits(page)


def test_a_button_prints_where_there_is_javascript(served: Installation, browser: Browser) -> None:
    for javascript in (True, False):
        page = new_page(browser, javascript=javascript)
        register(page, served.url, f"boton{'j' if javascript else 'n'}", "Ana")
        page.add_init_script("window.print = () => { document.title = 'printing'; };")
        page.goto(f"{served.url}/courses/muestrario/m-caja")
        page.click(".print-links a")
        button = page.locator("[data-print]")
        if javascript:
            button.click()
            expect(page).to_have_title("printing")
        else:
            expect(page.locator(".paper-bar p").first).to_be_visible()
            expect(button).to_be_hidden()


def test_ordinary_pages_are_printed_dark_on_light_without_their_navigation(
    served: Installation, browser: Browser, tmp_path: Path
) -> None:
    page = new_page(browser, color_scheme="dark", viewport=DESKTOP)
    register(page, served.url, "oscura", "Ana")
    page.goto(f"{served.url}/courses/muestrario")
    page.click(".panel summary")
    page.locator("input[name=theme][value=dark]").check(force=True)
    page.wait_for_function("document.documentElement.dataset.look === 'dark'")
    told = printed(page, tmp_path)
    assert said("El botiquín de casa") in told
    for control in ("Miaprendizaje", "Cerrarsesión", "Imprimirtodoelcurso", "Comprobaruncertificado"):
        assert control not in told
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate(
        "['color', 'backgroundColor'].map(name => getComputedStyle(document.documentElement)[name])"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
