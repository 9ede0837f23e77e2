"""A whole course on one phone: taken along, learnt and sat in airplane mode over two restarts, sent, and its certificate
verified on the phone without a network."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from lms.content.model import Module
from lms.ids import uuid7
from tests.browser import answer_test, register
from tests.installation import Installation, install
from tests.phones.phone import Phone
from tests.pocket.tour import COURSE, HEADING, check_quizzes, course_of, go, keep_here, take, to_an_ending
from tests.tour.steps import COURSES, MUESTRARIO

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = install(tmp_path_factory.mktemp("whole"), COURSES, MUESTRARIO)  # as others have it: it is made once
    with made.serving():
        yield made


EVERYTHING = """async () => {
    const found = [document.documentElement.outerHTML];
    for (const name of await caches.keys()) {
        const place = await caches.open(name);
        for (const request of await place.keys()) found.push(request.url, await (await place.match(request)).text());
    }
    const base = await new Promise((done) => { indexedDB.open("pocket").onsuccess = ({ target }) => done(target.result); });
    for (const name of base.objectStoreNames) {
        found.push(JSON.stringify(await new Promise((done) => {
            base.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => done(target.result);
        })));
    }
    base.close();
    return found.join("\\n");
}"""
"""All that the browser keeps of the pocket, as one text."""


def nothing_tells_the_test(page: Page, test: Module) -> None:
    """Neither the name of a question of the final test is on the phone, nor a reason that is told of an answer."""
    held = page.evaluate(EVERYTHING)
    assert "fieldset" in held  # the ticket's questions are there
    for question in test.questions():
        assert question.id not in held
        told = [
            each.feedback for name in ("options", "pairs", "items", "expected") for each in getattr(question, name, ())
        ]
        for reason in filter(None, [question.explanation, *told]):
            assert reason not in held
            assert json.dumps(reason, ensure_ascii=False)[1:-1] not in held


@pytest.mark.timeout(300)
def test_from_taking_it_along_to_a_certificate_without_a_network(served: Installation, tmp_path: Path) -> None:
    phone = Phone(tmp_path / "phone", served.url)
    modules = list(course_of().edition("es").modules.values())
    test = modules[-1]
    page = phone.open("/register")
    register(page, served.url, f"u{uuid7()[-12:]}", "Ana Lucía Ñuñez")
    keep_here(page, served.url)
    take(page)
    go(page, f"module/{COURSE}/{test.id}")
    page.click("[data-form] button")
    page.wait_for_selector(".attempt")
    nothing_tells_the_test(page, test)
    phone.airplane()
    halves = [modules[: len(modules) // 2], modules[len(modules) // 2 : -1]]
    for half in halves:
        for module in half:
            go(page, f"module/{COURSE}/{module.id}")
            check_quizzes(page, module)
            if list(module.scenarios()):
                to_an_ending(page)
            page.click("[data-end] button")
            page.wait_for_selector("#pocket-view .notice-good")
        phone.kill() if half is halves[0] else phone.close()
        page = phone.open(offline=True)
        page.wait_for_selector(HEADING)
    go(page, f"module/{COURSE}/{test.id}")
    page.locator(".attempt .button").first.click()
    page.click("[data-do=begin]")
    page.wait_for_selector("form[data-sheet]")
    answer_test(page, course_of().edition("es"), test)
    page.locator("[data-sheet] > .actions button[value=review]").click()
    page.click("button[value=send]")
    code = page.inner_text(".code-box")
    phone.forget_session()
    phone.airplane(False)
    phone.do("send")
    assert phone.do("pending", "Ana Lucía Ñuñez")["waiting"] == 0
    assert len(code.strip()) >= 8
    served.lms("worker", "--once")
    phone.do("refresh", "Ana Lucía Ñuñez")
    phone.airplane()
    (certificate,) = phone.do("certificates", "Ana Lucía Ñuñez")
    assert certificate["outcome"] == "valid"
    go(page, "certificates")
    page.get_by_text(certificate["number"]).first.wait_for()
    phone.close()
    served.lms("rebuild", "--check")
