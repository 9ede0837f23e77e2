"""Every block of the format in a real browser, with JavaScript and without: answered wrong and right, voted, heard, seen."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.content.model import Course, Module, Quiz
from tests.browser import answer_right, answer_test, answer_wrong, draft_with, finish, new_page, register
from tests.installation import Installation
from tests.journeys.test_certificate import walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
WHY = "aunque la caja parezca nueva"
"""How the explanation of the first question ends."""


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_learner_meets_every_block(
    served: Installation, browser: Browser, muestrario: Course, javascript: bool
) -> None:
    page = new_page(browser, javascript=javascript)
    register(page, served.url, f"bea{'j' if javascript else 'n'}", "Beatriz")
    modules = muestrario.editions["es"].modules
    here = f"{served.url}/courses/{muestrario.id}"
    page.goto(f"{here}/m-caja")
    reads(page, javascript)
    finish(page)
    page.goto(f"{here}/m-preguntas")
    opens_hints(page)
    saves_half_a_text(page, javascript)
    answers_wrong_then_right(page, modules["m-preguntas"])
    finish(page)
    page.goto(f"{here}/m-casa")
    sees_recordings(page, javascript)
    votes(page)
    walk(page, next(modules["m-casa"].scenarios()))
    finish(page)
    page.goto(f"{here}/m-prueba")
    passes_the_test(page, muestrario)


def reads(page: Page, javascript: bool) -> None:
    """What opens, opens; the table, the term, the abbreviation and the decorative picture are what they should be."""
    for box in page.locator("main details").all():
        if box.get_attribute("open") is None:
            box.locator("> summary").click()
    assert all(page.locator("main details").evaluate_all("all => all.map(each => each.open)"))
    assert page.locator("main .cards li").count() == 3
    assert page.locator("abbr[title='Fecha de caducidad']").inner_text() == "CAD"
    assert page.locator("figure.plain img").get_attribute("alt") == ""
    expect(page.locator("th.right")).to_have_text("Cuánto")
    page.click("a.term >> nth=0")
    if javascript:
        expect(page.locator(".in-place")).to_contain_text("Caja con lo necesario")
    else:
        assert page.url.endswith("#g-botiquin")


def opens_hints(page: Page) -> None:
    """A hint is closed until it is asked for."""
    first = page.locator("#question-q-cual details")
    assert not first.get_by_text("Mire las fechas").is_visible()
    first.locator("summary").click()
    assert first.get_by_text("Mire las fechas").is_visible()
    assert page.locator("#question-q-hueco details").count() == 2


def saves_half_a_text(page: Page, javascript: bool) -> None:
    """A text half filled in is kept, and found again."""
    field = page.locator("#question-q-hueco .gapped input").first
    field.fill("Séco")
    if javascript:
        select = page.locator("#question-q-hueco .gapped select")
        with page.expect_response(draft_with(select.get_attribute("name"))):
            select.select_option(label="bajo")
    else:
        page.locator("#question-q-hueco .gapped select").select_option(label="bajo")
        page.locator("#quiz-q-uso button[value=save]").click()
        page.wait_for_url("**saved=q-uso*")
    page.goto(re.sub(r"[?#].*", "", page.url))
    assert page.locator("#question-q-hueco .gapped input").first.input_value() == "Séco"
    assert page.locator("#question-q-hueco .gapped select option:checked").inner_text() == "bajo"


def answers_wrong_then_right(page: Page, module: Module) -> None:
    """Each question wrong, and it says so; again and right. The explanation is nowhere before the first answer."""
    assert WHY not in page.content()
    for quiz in [block for block in module.body if isinstance(block, Quiz)]:
        for answer, told in ((answer_wrong, "result-wrong"), (answer_right, "result-right")):
            if told == "result-right":
                page.locator(f"#quiz-{quiz.id} .actions a").click()
                page.locator(f"#quiz-{quiz.id} form").wait_for()
            for question in quiz.questions:
                answer(page, question)
            page.locator(f"#quiz-{quiz.id} button[value=check]").click()
            page.locator(f"#quiz-{quiz.id} .result").first.wait_for()
            assert page.locator(f"#quiz-{quiz.id} .{told}").count() == len(quiz.questions)
    assert page.locator("#question-q-cual .explanation").get_by_text(WHY).is_visible()
    assert page.locator(".explanation").count() == 2


def sees_recordings(page: Page, javascript: bool) -> None:
    """Sound and film have controls, captions and a transcript, and nothing of them is loaded before they are played."""
    for kind in ("audio", "video"):
        recording = page.locator(f"figure.recording {kind}")
        assert recording.get_attribute("controls") is not None
        assert recording.get_attribute("preload") == "none"
        track = recording.locator("track")
        assert (track.get_attribute("kind"), track.get_attribute("srclang")) == ("captions", "es")
        for file in (track, recording.locator("source")):
            assert page.request.get(page.url.split("/courses")[0] + (file.get_attribute("src") or "")).ok
    transcript = page.locator("figure.recording details").last
    transcript.locator("summary").click()
    assert transcript.get_by_text("Luego la venda").is_visible()
    if javascript:
        seconds = "video => new Promise(done => { video.onloadedmetadata = () => done(video.duration); video.load(); })"
        page.locator("video").evaluate("video => { video.preload = 'metadata'; }")
        assert page.locator("video").evaluate(seconds) == pytest.approx(7, abs=0.3)


def votes(page: Page) -> None:
    """A poll and a scale are answered once, and thank."""
    for poll in ("p-donde", "s-util"):
        page.locator(f"#{poll} input[type=radio]").last.check()
        page.locator(f"#{poll} button").click()
        expect(page.locator(f"#{poll}")).to_contain_text("Recibida, sin su nombre")
        assert page.locator(f"#{poll} form").count() == 0


def passes_the_test(page: Page, course: Course) -> None:
    """Seven questions drawn, each right."""
    edition = course.editions["es"]
    test = edition.modules[course.certificate]
    page.click("form[action$='/test'] button")
    assert test.test
    assert answer_test(page, edition, test) == sum(test.test.draw.values())
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    page.click("button[value=send]")
    page.wait_for_selector("text=100")
    assert page.locator(".result-right").count() == sum(test.test.draw.values())
