"""Debian's Chromium, and what a learner does in it."""

import atexit
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser, Locator, Page, Playwright, Response, sync_playwright

from lms.content.model import Edition, Module
from lms.content.plain import plain_text
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)
from lms.learning.attempts import choices_of
from lms.learning.grading import right_answer
from tests.answers import wrong_answer
from tests.tools import chromium

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 800}
DESKTOP = {"width": 1280, "height": 800}
PASSPHRASE = "tres palabras sueltas"
SIGN_OUT = ".top form[action='/logout'] button"


@cache
def driver() -> Playwright:
    """What starts browsers: one for each process, which can't have two, ended with it."""
    started = sync_playwright().start()
    atexit.register(started.stop)
    return started


@contextmanager
def chrome(*more: str) -> Iterator[Browser]:
    """A headless Chromium, with these arguments as well."""
    browser = driver().chromium.launch(executable_path=chromium(), args=[*QUIET, *more])
    try:
        yield browser
    finally:
        browser.close()


def new_page(browser: Browser, *, javascript: bool = True, **options: Any) -> Page:
    """A page of a browser that nobody has used before."""
    values = {"viewport": PHONE, "locale": "es-GT", "java_script_enabled": javascript, **options}
    page = browser.new_context(**values).new_page()
    page.set_default_timeout(20_000)
    return page


def register(page: Page, url: str, username: str, name: str) -> None:
    """Somebody opens an account."""
    page.goto(f"{url}/register")
    page.fill("[name=username]", username)
    page.fill("[name=display_name]", name)
    page.fill("[name=passphrase]", PASSPHRASE)
    page.check("[name=consent]")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".code-box")


def sign_in(page: Page, url: str, username: str, passphrase: str = PASSPHRASE) -> None:
    """Somebody signs in."""
    page.goto(f"{url}/login")
    page.fill("[name=username]", username)
    page.fill("[name=passphrase]", passphrase)
    page.click("main form button[type=submit]")
    page.wait_for_selector(SIGN_OUT)


def confirm(page: Page, passphrase: str = PASSPHRASE) -> None:
    """On the page that asks whether it is she: on to where she was going."""
    page.fill("form[action$='/me/confirm'] [name=passphrase]", passphrase)
    page.click("form[action$='/me/confirm'] button[type=submit]")
    page.wait_for_url(lambda url: "/me/confirm" not in url)


def type_first(page: Page, passphrase: str = PASSPHRASE) -> None:
    """By the link of a page that gives something out only then, and back to it."""
    page.click("main a[href*='/me/confirm']")
    confirm(page, passphrase)


def answer_right(page: Page, question: Question) -> None:
    """The right answer to a question that the page shows, found by its words as a person finds it."""
    fill_in(_box(page, question), question, right_answer(question))


def answer_wrong(page: Page, question: Question) -> None:
    """An answer that earns nothing, likewise."""
    fill_in(_box(page, question), question, wrong_answer(question))


def answer_module(page: Page, module: Module) -> None:
    """Every quiz of the module that the page shows, answered right and checked."""
    for quiz in [block for block in module.body if hasattr(block, "questions")]:
        section = page.locator(f"#quiz-{quiz.id}")
        for question in quiz.questions:
            answer_right(page, question)
        section.locator("button[value=check]").click()
        page.locator(f"#quiz-{quiz.id} .result").first.wait_for()


def draft_with(name: str | None) -> Callable[[Response], bool]:
    """Whether an answer says that a draft with something in that field is kept; one of before may still have been on its way."""
    return lambda answer: answer.status == 204 and name in parse_qs(answer.request.post_data or "")


def finish(page: Page) -> None:
    """ "I have finished this module": on to the next one or to the course."""
    with page.expect_navigation(url=lambda url: "ended=" in url or url.endswith("#modules")):
        page.click("form[action$='/finish'] button")


def certificate(page: Page, url: str) -> Locator:
    """The link to her newest certificate, once all are made: she looks again until they are."""
    link = page.locator("a[href$='.pdf']").first
    until = time.monotonic() + 60
    page.goto(f"{url}/me/certificates")
    while (not link.count() or page.locator("[data-again]").count()) and time.monotonic() < until:
        page.wait_for_timeout(300)
        page.goto(f"{url}/me/certificates")
    return link


def answer_test(page: Page, edition: Edition, test: Module) -> int:
    """How many questions of the sheet there are, each now answered right."""
    page.locator("form[data-sheet]").wait_for()
    said = _said(page)
    for place, words in enumerate(said):
        question = asked(words, test.questions())
        fill_in(page.locator("fieldset.question").nth(place), question, right_answer(question))
    return len(said)


def fill_in(box: Locator, question: Question, answer: Any) -> None:
    """The answer, by author's keys, in the question's fields."""
    match question:
        case ChoiceQuestion():
            for option in question.options:
                if option.key in answer:
                    box.locator("label.option", has_text=exactly(option.html)).locator("input").check()
        case MatchQuestion():
            _match(box, question, answer)
        case OrderQuestion():
            _order(box, question, answer)
        case BlanksQuestion():
            _fill_gaps(box, question, answer)
        case TextQuestion():
            box.locator("input[type=text]").fill(answer)


def exactly(html: str) -> re.Pattern[str]:
    """A pattern of the words of a leaf and nothing more."""
    return re.compile(rf"^\s*{_words(html)}\s*$")


def _match(box: Locator, question: MatchQuestion, answer: dict[str, str]) -> None:
    """With a script one item after another, each by the button of its target; else by selects."""
    words = {target.key: plain_text(target.html) for target in question.targets}
    if not box.locator(".targets").count():
        for pair in question.pairs:
            _row(box, pair.html).locator("select").select_option(label=words[answer[pair.key]])
        return
    for _ in question.pairs:
        now = box.locator(".pair:has(.targets:not([hidden]))")
        said = " ".join(now.locator("label").inner_text().split())
        pair = next(each for each in question.pairs if plain_text(each.html) == said)
        now.get_by_role("button", name=words[answer[pair.key]], exact=True).click()


def _order(box: Locator, question: OrderQuestion, answer: list[str]) -> None:
    """With a script by moving each item up to its place; else by selects."""
    html = {item.key: item.html for item in question.items}
    if not box.locator(".ordering").count():
        for place, key in enumerate(answer, start=1):
            _row(box, html[key]).locator("select").select_option(str(place))
        return
    above = "row => [...row.parentElement.children].indexOf(row)"
    for place, key in enumerate(answer):
        while _row(box, html[key]).evaluate(above) > place:
            _row(box, html[key]).locator(".up").click()
    if box.locator(".ordering + button").is_visible():
        box.locator(".ordering + button").click()


def _fill_gaps(box: Locator, question: BlanksQuestion, answer: dict[str, str]) -> None:
    fields = box.locator(".gapped input, .gapped select").all()
    for gap, field in zip(question.gaps, fields, strict=True):
        words = {option.key: option.text for option in gap.options}
        if words:
            field.select_option(label=words[answer[gap.key]])
        else:
            field.fill(answer[gap.key])


def _row(box: Locator, html: str) -> Locator:
    return box.locator(".pair", has=box.page.locator("label", has_text=exactly(html)))


def asked(words: tuple[str, str], questions: Iterable[Question]) -> Question:
    """Which of the questions a box of the page is, by its legend and by all that it says."""
    return max(questions, key=lambda each: _fit(words, each))


def _box(page: Page, question: Question) -> Locator:
    fits = [_fit(words, question) for words in _said(page)]
    return page.locator("fieldset.question").nth(fits.index(max(fits)))


def _said(page: Page) -> list[tuple[str, str]]:
    """The legend of each question of the page, and all that it says."""
    script = "boxes => boxes.map(box => [box.querySelector('legend').textContent, box.textContent])"
    return [(legend, " ".join(text.split())) for legend, text in page.locator("fieldset.question").evaluate_all(script)]


def _fit(words: tuple[str, str], question: Question) -> int:
    """How well a box of the page is that question, by its prompt and then by its parts: two may ask the same words."""
    legend, text = words
    if question.prompt and not re.fullmatch(rf"\s*(\d+\.\s*)?{_words(question.prompt)}\s*", legend):
        return 0
    parts = question.texts if isinstance(question, BlanksQuestion) else [html for _, html in choices_of(question)]
    return 1 + sum(plain_text(html) in text for html in parts)


def _words(html: str) -> str:
    return r"\s+".join(re.escape(each) for each in plain_text(html).split())
