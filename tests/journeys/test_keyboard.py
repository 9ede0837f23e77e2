"""From registering to the certificate with a keyboard alone: each stop of the focus is seen, large enough, in order and
not behind anything, and no page keeps it."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from lms.content.model import Course
from lms.content.plain import plain_text
from lms.content.question_model import BlanksQuestion, ChoiceQuestion, MatchQuestion, OrderQuestion, Question
from lms.learning.grading import right_answer
from tests.browser import DESKTOP, PASSPHRASE, PHONE, SIGN_OUT, asked, new_page
from tests.installation import Installation
from tests.keyboard import Keyboard
from tests.tour.steps import COURSE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
EVERY = [("con-guion", True, DESKTOP), ("sin-guion", False, PHONE), ("telefono", True, PHONE)]
WAYS = EVERY if os.environ.get("LMS_REQUIRE_AUDIT") else EVERY[:1]
NOTE = "Mirar las fechas en casa."
ITEM = "it.closest('.pair').querySelector('label').textContent"
ABOVE = "it.closest('.pair').previousElementSibling?.querySelector('label').textContent || ''"
GAP = "String([...it.closest('.gapped').querySelectorAll('input, select')].indexOf(it))"


class Learner:
    """What somebody does with each thing that she comes by on a page, by the words that she reads there."""

    def __init__(self, hands: Keyboard, questions: Iterable[Question], *, scripts: bool) -> None:
        self.hands, self.questions, self.scripts = hands, list(questions), scripts
        self.done: set[str] = set()
        press = hands.press
        self.acts: dict[str, Callable[[], None]] = {
            ".poll input": lambda: press("Space"),
            ".poll button": hands.go,
            ".step form button": self.end_story,
            "fieldset [type=radio]": self.choose,
            "fieldset [type=checkbox]": self.mark,
            "fieldset .targets button": self.sort,
            "fieldset .up": self.move,
            "fieldset .ordering + button, .ways a, .step a.go-on:not([data-anew])": lambda: press("Enter"),
            "fieldset select": self.pick,
            "fieldset input": self.write,
            "[value=check]": self.check,
            "main details:not([open]) > summary": lambda: press("Enter"),
            ".part :is(a.term, .ref a):not(summary a)": self.look_up,
            ".keep-mark": self.note,
            ".reflection textarea": lambda: hands.type(NOTE),
            ".reflection-keep button": self.keep,
        }

    def asked(self) -> Question:
        """The question that she is in."""
        box = "it.closest('fieldset')"
        legend, all_of_it = f"{box}.querySelector('legend').textContent", f"{box}.textContent"
        return asked((self.hands.says(legend), self.hands.says(all_of_it)), self.questions)

    def is_right(self) -> bool:
        """Whether the option where she is belongs to the answer."""
        question, said = self.asked(), self.hands.says("it.labels[0].textContent")
        assert isinstance(question, ChoiceQuestion)
        return any(each.right and plain_text(each.html) == said for each in question.options)

    def wanted(self, item: str) -> str:
        """What belongs to an item: its target, or its place."""
        question = self.asked()
        assert isinstance(question, MatchQuestion | OrderQuestion)
        answer = right_answer(question)
        if isinstance(question, OrderQuestion):
            key = next(each.key for each in question.items if plain_text(each.html) == item)
            return str(answer.index(key) + 1)
        key = next(each.key for each in question.pairs if plain_text(each.html) == item)
        return next(plain_text(target.html) for target in question.targets if target.key == answer[key])

    def to_write(self) -> str:
        """What goes into the field where she is."""
        question = self.asked()
        answer = right_answer(question)
        if not isinstance(question, BlanksQuestion):
            return str(answer)
        gap = question.gaps[int(self.hands.says(GAP))]
        return {option.key: option.text for option in gap.options}.get(answer[gap.key], answer[gap.key])

    def choose(self) -> None:
        self.hands.press("Space")
        while not self.is_right():
            self.hands.press("ArrowDown")

    def mark(self) -> None:
        if self.is_right() and not self.hands.at(":checked"):
            self.hands.press("Space")

    def sort(self) -> None:
        """Into its group; the focus is on the next item then."""
        while self.hands.at(".targets button") and self.hands.says("it.textContent") == self.wanted(
            self.hands.says(ITEM)
        ):
            self.hands.press("Enter")

    def move(self) -> None:
        """Up, past every item that comes after this one."""
        while (above := self.hands.says(ABOVE)) and self.wanted(above) > self.wanted(self.hands.says(ITEM)):
            self.hands.press("Enter")

    def pick(self) -> None:
        wanted = self.to_write() if self.hands.at(".gapped select") else self.wanted(self.hands.says(ITEM))
        while self.hands.says("it.selectedOptions[0].text") != wanted:
            self.hands.press("ArrowDown")

    def write(self) -> None:
        if not self.hands.says("it.value"):
            self.hands.type(self.to_write())

    def check(self) -> None:
        if not self.scripts:
            self.hands.go()
            return
        quiz = self.hands.says("it.closest('.quiz').id")
        self.hands.press("Enter")
        self.hands.page.locator(f"#{quiz} .result").first.wait_for()
        assert self.hands.at(f"#{quiz} :is(.score, .result)")

    def look_up(self) -> None:
        """A word or a source, explained where it stands and put away again; without a script it is a link."""
        if not self.scripts:
            return
        said = self.hands.says("it.textContent")
        self.hands.press("Enter")
        assert self.hands.at(".in-place")
        self.hands.to(".in-place button")
        self.hands.press("Enter")
        assert self.hands.says("it.textContent") == said

    def note(self) -> None:
        """A note at one place of the module."""
        if self.is_first("note"):
            if self.scripts:
                self.hands.press("Enter")
                expect(self.hands.page.locator(".noting")).to_be_focused()
            else:
                self.hands.go()
            self.hands.to(".noting textarea")
            self.hands.type(NOTE)
            self.hands.to(".noting .button")
            self.keep()

    def keep(self) -> None:
        """What she wrote, kept; without a script that is another page."""
        if self.is_first(self.hands.says("it.getAttribute('form') || ''")):
            if self.scripts:
                self.hands.press("Enter")
                self.hands.page.locator(".noting .note, .reflection-keep [role=status]:not(:empty)").last.wait_for()
            else:
                self.hands.go()
                self.hands.follow("main > .actions a")

    def end_story(self) -> None:
        """The ending, kept: with a script it keeps itself, and she is not where nothing is any more."""
        if not self.scripts:
            self.hands.go()
            return
        expect(self.hands.page.locator(".step form button:visible")).to_have_count(0)
        assert self.hands.at(".step")

    def is_first(self, thing: str) -> bool:
        """Whether she has not done that yet."""
        first = thing not in self.done
        self.done.add(thing)
        return first


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "scripts", "screen"), WAYS, ids=[each[0] for each in WAYS])
def test_from_registering_to_the_certificate(
    served: Installation,
    browser: Browser,
    muestrario: Course,
    tmp_path: Path,
    name: str,
    scripts: bool,
    screen: dict[str, int],
) -> None:
    page = new_page(browser, javascript=scripts, viewport=screen, reduced_motion="reduce", accept_downloads=True)
    hands = Keyboard(page)
    page.goto(f"{served.url}/register")
    register(hands, f"teclas-{name}")
    begin(hands, muestrario)
    for module in muestrario.editions["es"].modules.values():
        learner = Learner(hands, module.questions(), scripts=scripts)
        if urlsplit(page.url).path.rpartition("/")[2] != module.id:  # it need not be done: nothing led to it
            hands.follow(".crumbs a[href$='/muestrario']")
            hands.follow(f".modules a[href$='/{module.id}']")
        if module.kind == "module":
            hands.through(learner.acts)
            hands.follow(".finish form button", back=True)
        else:
            hands.follow("form[action$='/test'] button")
            hands.through(learner.acts)
            hands.follow("[value=review]", back=True)
            hands.follow("[value=send]")
    assert "100" in page.locator("main .lead").inner_text()
    pdf = fetch(hands, tmp_path / "certificate.pdf", scripts=scripts)
    assert pdf.read_bytes().startswith(b"%PDF")
    hands.follow(SIGN_OUT, back=True)
    assert "/login" in page.url
    leave(hands, f"teclas-{name}", scripts=scripts)
    assert hands.wrong == []


def register(hands: Keyboard, username: str) -> None:
    hands.fill(username=username, display_name="Ana Ñuñez", passphrase=PASSPHRASE)
    hands.to("[name=consent]")
    hands.press("Space")
    hands.follow("main form button")
    hands.follow("main .button")


def begin(hands: Keyboard, course: Course) -> None:
    """From wherever she is to the first module: past the top of the page, by its list of courses."""
    if not hands.page.url.endswith("/"):
        hands.follow(".brand")
    hands.tab()
    assert hands.at(".skip")
    hands.press("Enter")
    hands.follow(f"main a[href$='/{course.id}']")
    hands.follow("main .button[href*='/m-']")


def fetch(hands: Keyboard, file: Path, *, scripts: bool) -> Path:
    """The certificate, once it is made: with a script the page looks again by itself."""
    hands.follow("main a[href='/me/certificates']")
    link = hands.page.locator("a.button[href$='.pdf']")
    if scripts:
        link.wait_for(timeout=60_000)
    while not link.count():
        hands.page.wait_for_timeout(500)
        hands.follow("[role=status] a")
    hands.to("a.button[href$='.pdf']")
    with hands.page.expect_download() as found:
        hands.press("Enter")
    found.value.save_as(file)
    return file


def leave(hands: Keyboard, username: str, *, scripts: bool) -> None:
    """In again, into a course from which one may have to leave quickly, and out."""
    hands.fill(username=username, passphrase=PASSPHRASE)
    hands.follow("main form button")
    hands.page.goto(f"{hands.page.url.partition('/me')[0]}{COURSE}/m-que-es")
    hands.through({"main details:not([open]) > summary": lambda: hands.press("Enter")})
    if scripts:
        with hands.page.expect_navigation(url="**/exit"):
            for _ in range(3):
                hands.press("Shift")
    else:
        hands.follow("form[data-exit] button", back=True)
    hands.page.get_by_role("heading", name="Tabla de medidas").wait_for()
