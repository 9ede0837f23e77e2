"""How each block of the muestrario looks: a picture of each, taken in Chromium, in few colours to be small."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from lms.content.course import load
from lms.content.model import Edition, Quiz
from lms.content.names import CALLOUTS, KINDS, QUESTIONS
from tests.browser import answer_wrong, chrome, new_page, register
from tests.installation import Installation, install
from tests.reference.cuts import MUESTRARIO, blocks

FOLDER = Path(__file__).parents[2] / "docs/pictures/format"
NAMES = ("text", *KINDS)
COLOURS, MARGIN = 48, 12
WINDOW = {"width": 720, "height": 900}


def take() -> None:
    """Every picture is taken anew."""
    course, _ = load(MUESTRARIO)
    assert course
    FOLDER.mkdir(parents=True, exist_ok=True)
    served = install(Path(tempfile.mkdtemp()), MUESTRARIO)
    with served.serving(), chrome() as browser:
        page = new_page(browser, locale="en-US", viewport=WINDOW)
        register(page, served.url, "ana", "Ana")
        for name, visit in (("m-caja", _texts), ("m-casa", _at_home), ("m-preguntas", _questions)):
            _open(page, served, name)
            visit(page, course.editions["en"])


def _open(page: Page, served: Installation, module: str) -> None:
    page.goto(f"{served.url}/courses/muestrario/{module}")


def _texts(page: Page, _edition: Edition) -> None:
    for summary in page.locator("main .cards summary, main .part > details > summary").all()[:2]:
        summary.click()
    for kind in CALLOUTS:
        _save(page.locator(f".callout-{kind}").first, kind)
    _save(page.locator(".part > details").first, "details")
    _save(page.locator(".cards"), "cards")
    _save_between(page.locator(".part > p").first, page.locator("figure.plain"), "text")


def _at_home(page: Page, _edition: Edition) -> None:
    page.locator("video").evaluate(
        "video => new Promise(done => { video.onseeked = done; video.preload = 'auto'; video.load();"
        " video.onloadeddata = () => { video.currentTime = 4.6; }; })"
    )
    for kind, place in (
        *(("audio", "figure:has(audio)"), ("video", "figure:has(video)"), ("poll", "#p-donde"), ("scale", "#s-util")),
        *(("reflection", "#r-casa"), ("scenario", "#e-corte")),
    ):
        _save(page.locator(place), kind)


def _questions(page: Page, edition: Edition) -> None:
    def shown(kind: str) -> Locator:
        return page.locator(f".asked:has(#question-{_id(kind)}), .asked#question-{_id(kind)}")

    for kind in QUESTIONS:
        _save_between(shown(kind), shown(kind), kind, more=0)
    shown("single").locator("summary").click()
    _save(shown("single").locator("details"), "hint")
    quiz = next(block for block in edition.modules["m-preguntas"].body if isinstance(block, Quiz))
    for question in quiz.questions:
        answer_wrong(page, question)
    page.click(f"#quiz-{quiz.id} button[value=check]")
    page.locator(f"#quiz-{quiz.id} .result").first.wait_for()
    _save(shown("single"), "explanation")


def _id(kind: str) -> str:
    """The id of the block of that kind which the page shows as written."""
    opening = blocks("en")[kind].split("\n")[0]
    return next(word[1:] for word in opening.split() if word.startswith("#"))


def _save(found: Locator, name: str) -> None:
    _save_between(found, found, name)


def _save_between(first: Locator, last: Locator, name: str, *, more: int = MARGIN) -> None:
    """The stretch of the page from the top of one element to `more` pixels below the foot of another."""
    page = first.page
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    top, foot = first.bounding_box(), last.bounding_box()
    assert top and foot
    height = foot["y"] + foot["height"] - top["y"] + MARGIN + more
    clip = {"x": top["x"] - MARGIN, "y": top["y"] - MARGIN, "width": top["width"] + 2 * MARGIN, "height": height}
    _keep(page.screenshot(full_page=True, clip=clip, animations="disabled"), name)  # type: ignore[arg-type]


def _keep(png: bytes, name: str) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(FOLDER / f"{name}.png", optimize=True)
