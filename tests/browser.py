"""Debian's Chromium, and what a learner does in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from lms.content.markdown import plain_text
from lms.content.model import Edition, Module
from lms.content.question_model import ChoiceQuestion, MatchQuestion, OrderQuestion, Question
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


@contextmanager
def chrome() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
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
    page.wait_for_selector(".top nav form")


def answer_right(page: Page, question: Question) -> None:
    """The right answer to a question that the page shows, found by its words as a person finds it."""
    box = page.locator("fieldset", has=page.locator("legend", has_text=_legend(question)))
    if isinstance(question, ChoiceQuestion):
        for option in question.options:
            if option.right:
                box.locator("label.option", has_text=exactly(option.html)).locator("input").check()
    elif isinstance(question, MatchQuestion):
        targets = {target.key: plain_text(target.html) for target in question.targets}
        for pair in question.pairs:
            row = box.locator(".pair", has=page.locator("label", has_text=exactly(pair.html)))
            row.locator("select").select_option(label=targets[pair.target])
    else:
        _order(page, box, question)


def answer_module(page: Page, module: Module) -> None:
    """Every quiz of the module that the page shows, answered right and checked."""
    for quiz in [block for block in module.body if hasattr(block, "questions")]:
        section = page.locator(f"#quiz-{quiz.id}")
        for question in quiz.questions:
            answer_right(page, question)
        section.locator("button[value=check]").click()
        page.locator(f"#quiz-{quiz.id} .result").first.wait_for()


def answer_test(page: Page, edition: Edition, test: Module) -> int:
    """How many questions of the sheet there are, each now answered right."""
    questions = list(test.questions())
    legends = [text.strip() for text in page.locator("fieldset legend").all_inner_texts()]
    for legend in legends:
        words = re.sub(r"^\d+\.\s*", "", " ".join(legend.split()))
        answer_right(page, next(each for each in questions if plain_text(each.prompt) == words))
    return len(legends)


def exactly(html: str) -> re.Pattern[str]:
    """A pattern of the words of a leaf and nothing more."""
    words = r"\s+".join(re.escape(each) for each in plain_text(html).split())
    return re.compile(rf"^\s*{words}\s*$")


def _legend(question: Question) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(each) for each in plain_text(question.prompt).split())
    return re.compile(rf"^\s*(\d+\.\s*)?{words}\s*$")


def _order(page: Page, box: Any, question: OrderQuestion) -> None:
    for place, item in enumerate(question.items, start=1):
        row = box.locator(".pair", has=page.locator("label", has_text=exactly(item.html)))
        row.locator("select").select_option(str(place))
