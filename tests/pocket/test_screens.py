"""The pocket's pages: what is answered without a network is kept, shown and sent; nothing of one person is another's."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lms.content.course import load
from lms.content.model import Module
from tests.browser import PASSPHRASE, SIGN_OUT, answer_right, answer_test, answer_wrong, new_page, register, sign_in
from tests.installation import Installation
from tests.pocket.tour import COURSE, HEADING, check_quizzes, course_of, go, keep_here, take
from tests.tour.steps import MUESTRARIO

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
ANA, BETO = "Ana Lucía Pérez", "Beto Caal Xol"
PIN = "2468"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a phone that nobody has used."""
    page = new_page(browser)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda each: said.append(each.text) if each.type == "error" and "Failed to load" not in each.text else None,
    )
    yield page
    assert said == []
    page.context.close()


def somebody(page: Page, url: str, name: str) -> str:
    """A username, signed in on the site."""
    username = f"u{secrets.token_hex(5)}"
    register(page, url, username, name)
    return username


def with_course(page: Page, served: Installation, name: str = ANA, *, pin: str = "", course: str = COURSE) -> str:
    """She has the course on this phone and its page before her."""
    username = somebody(page, served.url, name)
    keep_here(page, served.url, pin=pin, course=course)
    take(page)
    go(page, f"course/{course}")
    return username


def lessons() -> list[Module]:
    return [each for each in course_of().edition("es").modules.values() if each.kind == "module"]


def unsent(page: Page) -> str:
    return page.locator(".top .unsent").inner_text()


def all_sent(page: Page) -> None:
    page.locator(".top .unsent", has_text="Todo enviado").wait_for()


def seen(page: Page) -> str:
    """All that stands on the page, its title and its address."""
    return " ".join([page.title(), page.url, page.locator("body").inner_text()])


def test_what_is_done_without_a_network_is_kept_shown_and_sent(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    first, second = lessons()[:2]
    phone.context.set_offline(True)
    phone.click(f"a[href='#/module/{COURSE}/{first.id}'] >> nth=0")
    phone.locator(".lesson h1").wait_for()
    check_quizzes(phone, first)
    assert re.match(r"\d+ sin enviar", unsent(phone))
    phone.click("[data-end] button")
    phone.locator("#pocket-view .notice-good").wait_for()
    assert phone.locator(".lesson h1").inner_text() == second.title
    go(phone, "")
    assert phone.locator(".progress .done").count() == 1
    phone.reload()
    phone.locator(".progress .done").first.wait_for()
    phone.context.set_offline(False)
    all_sent(phone)
    phone.goto(f"{served.url}/courses/{COURSE}")
    assert phone.locator(".modules .done h3").first.inner_text() == first.title


def test_what_is_told_of_an_answer_is_what_the_server_tells(served: Installation, phone: Page) -> None:
    course, _ = load(MUESTRARIO)
    assert course
    edition = course.edition("es")
    module = next(each for each in edition.modules.values() if len(list(each.questions())) > 4)
    texts = "boxes => boxes.map(box => box.innerText.replace(/\\s+/g, ' ').trim()).sort()"
    parts = ".quiz .question.asked .answers li, .quiz .question .result, .quiz .question .explanation, .quiz .filled"
    with_course(phone, served, course=course.id)
    go(phone, f"module/{course.id}/{module.id}")
    check_quizzes(phone, module, right=False)
    mine = phone.locator(parts).evaluate_all(texts)
    phone.goto(f"{served.url}/courses/{course.id}/{module.id}")
    for quiz in [block for block in module.body if hasattr(block, "questions")]:
        box = phone.locator(f"#quiz-{quiz.id}")
        if box.locator("[data-redo]").count():
            box.locator("[data-redo]").click()
            box.locator("form").wait_for()
        for question in quiz.questions:
            answer_wrong(phone, question)
        box.locator("button[value=check]").click()
        box.locator(".result").first.wait_for()
    assert mine == phone.locator(parts).evaluate_all(texts)


def test_what_was_missed_is_gone_over_here_as_on_the_site(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    module = next(each for each in lessons() if len(list(each.questions())) > 2)
    questions = list(module.questions())
    phone.context.set_offline(True)
    go(phone, f"module/{COURSE}/{module.id}")
    check_quizzes(phone, module, right=False)
    go(phone, f"course/{COURSE}")
    phone.click(".card .waiting a")
    phone.locator("#pocket-view form .from").first.wait_for()
    assert phone.locator("#pocket-view fieldset").count() == min(4, len(questions))
    phone.click("#pocket-view form [type=submit]")
    phone.locator("[data-status]", has_text="al menos").wait_for()
    answer_right(phone, questions[0])
    answer_wrong(phone, questions[1])
    phone.click("#pocket-view form [type=submit]")
    phone.locator(".result").first.wait_for()
    assert phone.locator(".result-right").count() == 1
    assert phone.locator("#pocket-view .asked").count() == 2
    waiting = f"{len(questions) - 1} pregunta"
    assert waiting in phone.locator(".card", has=phone.locator(".actions")).inner_text()
    assert phone.locator("#pocket-view a[href^='#']:not([href^='#/'])").count() == 0
    phone.click(".from a >> nth=0")
    phone.locator(".lesson h1").wait_for()
    phone.context.set_offline(False)
    all_sent(phone)
    phone.goto(f"{served.url}/courses/{COURSE}")
    phone.locator("main a[href$='/review']", has_text=waiting).click()
    answer_right(phone, questions[2])
    phone.click("main form[action$='/review'] button[type=submit]")
    phone.locator(".result-right").wait_for()
    other = next(each for each in lessons() if each.id != module.id and any(True for _ in each.questions()))
    phone.goto(f"{served.url}/courses/{COURSE}/{other.id}")
    answer_right(phone, next(other.questions()))
    phone.locator(".quiz button[value=check]").first.click()
    phone.locator(".quiz .result").first.wait_for()
    with phone.expect_response("**/api/v1/state"):
        phone.goto(f"{served.url}/pocket")
    phone.locator(".waiting a", has_text=f"{len(questions) - 2} pregunta").wait_for()
    go(phone, f"review/{COURSE}")
    assert phone.locator("#pocket-view a[href$='/review']").get_attribute("href") == f"/courses/{COURSE}/review"
    go(phone, f"module/{COURSE}/{other.id}")
    phone.locator(".quiz .result-right").first.wait_for()


def test_a_draft_outlives_the_page(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    module = lessons()[0]
    quiz = [block for block in module.body if hasattr(block, "questions")][-1]
    go(phone, f"module/{COURSE}/{module.id}")
    box = phone.locator(f"#quiz-{quiz.id}")
    box.locator("input").first.check()
    box.locator("[data-status]", has_text="Guardado").wait_for()
    phone.context.set_offline(True)
    phone.reload()
    box.locator("input:checked").wait_for()
    assert box.locator("input:checked").count() == 1


def test_nothing_of_one_person_is_anothers(served: Installation, phone: Page) -> None:
    with_course(phone, served, pin=PIN)
    module = lessons()[0]
    go(phone, f"module/{COURSE}/{module.id}")
    phone.locator(".keep-mark").first.click()
    phone.fill(".noting textarea", "Solo para Ana")
    phone.click(".noting form button[type=submit]")
    phone.locator(".noting .note-text").wait_for()
    phone.click(".top [data-do=close]")
    phone.locator(".people").wait_for()
    assert module.title not in seen(phone)
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    somebody(phone, served.url, BETO)
    phone.goto(f"{served.url}/pocket#/add")
    phone.fill("[name=phone]", "El mismo")
    phone.click("#pocket-view form button[type=submit]")
    phone.locator("#page-sending").wait_for()
    for look in ("by going back", "by address", "by reload"):
        for route in (
            "",
            f"course/{COURSE}",
            f"module/{COURSE}/{module.id}",
            "notes",
            "sent",
            "certificates",
            f"search/{COURSE}/persona",
        ):
            if look == "by address":
                phone.goto(f"{served.url}/pocket#/{route}")
                phone.locator(HEADING).wait_for()
            else:
                go(phone, route)
            if look == "by reload":
                phone.reload()
                phone.locator(HEADING).wait_for()
            phone.wait_for_timeout(150)
            said = seen(phone)
            assert "Solo para Ana" not in said, (look, route)
            assert module.title not in said, (look, route)
            assert ANA not in said, (look, route)
    for _ in range(12):
        phone.go_back()
        if "/pocket" not in phone.url:
            break
        phone.wait_for_timeout(200)
        assert "Solo para Ana" not in seen(phone)
        assert module.title not in seen(phone)


def test_a_pin_is_asked_for_again_and_only_hers_opens(served: Installation, phone: Page) -> None:
    with_course(phone, served, pin=PIN)
    phone.reload()
    phone.fill("[name=pin]", "1357")
    phone.click("#pocket-view form button")
    phone.locator("[role=alert]").wait_for()
    assert COURSE not in seen(phone)
    phone.fill("[name=pin]", PIN)
    phone.click("#pocket-view form button")
    phone.locator(".modules").wait_for()


def test_nobody_goes_where_another_was_going(served: Installation, phone: Page) -> None:
    with_course(phone, served, pin=PIN)
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    somebody(phone, served.url, BETO)
    phone.goto(f"{served.url}/pocket#/add")
    phone.fill("[name=phone]", "El mismo")
    phone.click("#pocket-view form button[type=submit]")
    phone.locator("#page-sending").wait_for()
    phone.click(".top [data-do=close]")
    phone.locator(".people button", has_text=ANA).click()
    phone.fill("[name=pin]", PIN)
    phone.click("#pocket-view form button")
    phone.locator(".resume").wait_for()
    go(phone, f"course/{COURSE}")
    phone.reload()
    phone.locator("[name=pin]").wait_for()
    phone.click(".crumbs a")
    phone.locator(".people button", has_text=BETO).click()
    phone.locator("#page-sending").wait_for()
    assert phone.locator("h1").inner_text() == "En este teléfono"


def test_leaving_quickly_leaves_every_tab(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    other = phone.context.new_page()
    other.goto(f"{served.url}/pocket")
    other.locator(".resume").wait_for()
    other.evaluate("location.hash = '#/notes'")
    other.locator("#page-who").wait_for()
    phone.bring_to_front()
    for _ in range(3):
        phone.keyboard.press("Shift")
    for page in (phone, other):
        page.wait_for_url("**/exit*")
        page.locator("table").wait_for()
    phone.go_back()
    phone.wait_for_timeout(500)
    assert "Trata" not in phone.title()


def test_who_went_away_is_closed_and_keeps_her_draft(served: Installation, phone: Page) -> None:
    phone.clock.install()
    with_course(phone, served)
    module = lessons()[0]
    quiz = [block for block in module.body if hasattr(block, "questions")][-1]
    go(phone, f"module/{COURSE}/{module.id}")
    box = phone.locator(f"#quiz-{quiz.id}")
    box.locator("input").first.check()
    phone.clock.run_for(1000)
    phone.clock.fast_forward("01:00:00")
    phone.locator(".people").wait_for()
    assert module.title not in seen(phone)
    phone.click(".people button")
    phone.locator(".resume").wait_for()
    go(phone, f"module/{COURSE}/{module.id}")
    box.locator("input:checked").wait_for()


def test_a_test_taken_along_is_answered_sent_and_its_result_comes(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    edition = course_of().edition("es")
    test = next(each for each in edition.modules.values() if each.kind == "test")
    go(phone, f"module/{COURSE}/{test.id}")
    phone.click("[data-form] button")
    phone.locator(".attempt .button").click()
    phone.context.set_offline(True)
    phone.click("[data-do=begin]")
    answer_test(phone, edition, test)
    phone.locator("[data-status]", has_text="Guardado").wait_for()
    phone.locator("[data-sheet] > .actions [value=review]").click()  # what of it was not saved by itself yet
    phone.locator("#page-review").wait_for()
    chosen = phone.locator("[data-sheet] input:checked").count()
    phone.reload()
    phone.locator("[data-sheet] .question").first.wait_for()
    assert phone.locator("[data-sheet] input:checked").count() == chosen
    phone.locator("[data-sheet] > .actions [value=review]").click()
    phone.click("[value=send]")
    code = phone.locator(".code-box").inner_text()
    go(phone, "sent")
    assert code in phone.locator("#pocket-view").inner_text()
    go(phone, f"module/{COURSE}/{test.id}")
    phone.locator(".attempt", has_text="sin enviar todavía").wait_for()
    phone.go_back()
    phone.go_back()
    phone.locator("h1", has_text="Su prueba está guardada").wait_for()
    phone.context.set_offline(False)
    phone.locator(".lead", has_text="Aprobó").wait_for()  # by itself, where she looks
    assert "se envía sola" not in seen(phone)
    go(phone, f"module/{COURSE}/{test.id}")
    phone.locator(".attempt", has_text="Aprobó").wait_for()
    assert phone.locator(".attempt a[href^='/attempts/']").inner_text() == "Sus respuestas, y por qué"


def test_after_a_test_that_was_not_passed_it_says_what_to_go_over(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    first = lessons()[0]
    test = next(each for each in course_of().edition("es").modules.values() if each.kind == "test")
    go(phone, f"module/{COURSE}/{first.id}")
    check_quizzes(phone, first, right=False)
    go(phone, f"module/{COURSE}/{test.id}")
    phone.click("[data-form] button")
    phone.locator(".attempt .button").click()
    phone.click("[data-do=begin]")
    phone.click("[data-sheet] > .actions [value=review]")
    phone.click("[value=send]")
    phone.locator(".lead", has_text="Todavía no").wait_for()  # it comes by itself
    go(phone, f"module/{COURSE}/{test.id}")
    told = phone.locator(".attempt", has_text="Todavía no")
    told.locator("[data-slot=review] a").nth(1).wait_for()
    told.locator(".waiting a").click()
    phone.locator("#pocket-view form .from").first.wait_for()


def test_a_test_that_was_sent_is_not_called_unsent(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    edition = course_of().edition("es")
    test = next(each for each in edition.modules.values() if each.kind == "test")
    go(phone, f"module/{COURSE}/{test.id}")
    phone.click("[data-form] button")
    phone.locator(".attempt .button").click()
    phone.click("[data-do=begin]")
    phone.locator("[data-sheet] > .actions [value=review]").click()
    phone.context.route("**/api/v1/state", lambda route: route.abort())  # its result can't come
    phone.click("[value=send]")
    phone.locator(".lead", has_text="Enviada.").wait_for()
    go(phone, f"module/{COURSE}/{test.id}")
    phone.locator(".attempt", has_text="Enviada.").wait_for()


def test_what_is_typed_in_a_note_outlives_the_bookmark_beside_it(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    go(phone, f"module/{COURSE}/{lessons()[0].id}")
    for mark in (".keep-top", ".keep-mark"):
        phone.locator(mark).first.click()
        box = phone.locator(".noting")
        assert box.evaluate("each => each.offsetWidth / each.closest('.lesson').offsetWidth") > 0.9
        box.locator("textarea").fill("Volver a esto")
        for act in ("mark", "unmark"):
            box.locator(f"[data-do={act}]").click()
            box.locator(f"[data-do={'unmark' if act == 'mark' else 'mark'}]").wait_for()
            assert box.locator("textarea").input_value() == "Volver a esto"
        box.locator("form button").click()
        box.locator(".note-text").wait_for()
        assert box.locator("textarea").input_value() == ""
        phone.locator(mark).first.click()


def test_somebody_else_who_is_signed_in_is_not_in_the_way(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    username = somebody(phone, served.url, BETO)
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    somebody(phone, served.url, "Carmen Xol")
    phone.goto(f"{served.url}/pocket")
    phone.locator(".whose", has_text=ANA).locator("[data-do=other]").click()
    phone.click("#pocket-view a[href='#/add']")
    phone.locator(".whose", has_text="Carmen Xol").locator("[data-do=other]").click()
    phone.click("#pocket-view a[href^='/login']")
    phone.fill("[name=username]", username)
    phone.fill("[name=passphrase]", PASSPHRASE)
    phone.click("main form button[type=submit]")
    phone.locator(".whose", has_text=BETO).wait_for()


def test_the_size_of_a_course_does_not_tell_that_another_has_it(served: Installation, phone: Page) -> None:
    whole = "[data-put=text]"
    somebody(phone, served.url, ANA)
    keep_here(phone, served.url)
    before = phone.locator(whole).inner_text()
    take(phone)
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    somebody(phone, served.url, BETO)
    keep_here(phone, served.url)
    assert phone.locator(whole).inner_text() == before
    take(phone)
    go(phone, f"take/{COURSE}")
    assert phone.locator(whole).inner_text() != before


def test_another_language_is_the_courses_too_where_it_is_here(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    course = course_of()
    spanish, english = (course.edition(each).title for each in ("es", "en"))
    phone.click("[data-do=language][value=en]")
    phone.locator("#pocket-view .notice", has_text="is not on this phone in English").wait_for()
    assert phone.locator("h1").inner_text() == spanish
    go(phone, f"take/{COURSE}")
    phone.locator("[name=language]").nth(1).check()
    take(phone)
    go(phone, f"course/{COURSE}")
    for language, title, way_out in (("en", english, "Leave now"), ("es", spanish, "Salir rápido")):
        chosen = phone.locator(f"[data-do=language][value={language}]")
        if chosen.count():
            chosen.click()
        phone.locator("h1", has_text=title).wait_for()
        assert phone.locator("body > .exit button").inner_text() == way_out


def test_a_network_that_breaks_while_a_course_is_taken_is_told_and_it_goes_on(
    served: Installation, phone: Page
) -> None:
    somebody(phone, served.url, ANA)
    keep_here(phone, served.url)
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    whole = phone.locator("form [data-put=text]").inner_text()
    phone.context.set_offline(True)
    phone.click("#pocket-view form button[type=submit]")
    phone.locator("[role=alert]", has_text="Se cortó la red").wait_for()
    assert phone.locator("form [data-put=text]").inner_text() == whole
    phone.context.set_offline(False)
    take(phone)
    go(phone, f"take/{COURSE}")
    assert phone.locator("form [data-put=text]").inner_text() == "0\N{NO-BREAK SPACE}kB"


def test_a_receipt_is_taken_as_a_file_or_as_text_and_told_as_it_is(
    served: Installation, phone: Page, tmp_path: Path
) -> None:
    with_course(phone, served)
    phone.context.set_offline(True)
    go(phone, f"module/{COURSE}/{lessons()[0].id}")
    phone.click("[data-end] button")
    phone.locator("#pocket-view .notice-good").wait_for()
    waiting = unsent(phone)
    go(phone, "save")
    with phone.expect_download() as saved:
        phone.click("[data-do=file]")
    saved.value.save_as(tmp_path / "progress.ndjson")
    told = "[data-slot=receipt]"
    phone.click("#pocket-view form button")
    phone.locator(told, has_text="Primero elija").wait_for()
    browser = phone.context.browser
    assert browser
    desk = new_page(browser, javascript=False)
    desk.goto(f"{served.url}/pocket/hand-in")
    desk.set_input_files("[name=file]", tmp_path / "progress.ndjson")
    desk.click("main form button[type=submit]")
    code = desk.locator("code").text_content() or ""
    with desk.expect_download() as given:
        desk.click("main a[download]")
    given.value.save_as(tmp_path / "receipt.json")
    desk.context.close()
    phone.fill("[name=code]", code[:-4])
    phone.click("#pocket-view form button")
    phone.locator(told, has_text="no es un comprobante").wait_for()
    phone.fill("[name=code]", code)
    phone.click("#pocket-view form button")
    phone.locator(f"{told} .notice-good").wait_for()
    phone.set_input_files("[name=receipt]", tmp_path / "receipt.json")
    phone.click("#pocket-view form button")
    phone.locator(f"{told} .notice-good", has_text="El servidor que lo dio tiene").wait_for()
    assert unsent(phone) == waiting  # the counter and the sentence say the same
    go(phone, "sent")
    phone.locator("#pocket-view", has_text="Un servidor ya tiene").wait_for()
    phone.context.set_offline(False)
    all_sent(phone)


def test_whoever_is_removed_sends_first_and_leaves_nothing(served: Installation, phone: Page) -> None:
    username = with_course(phone, served)
    module = lessons()[0]
    test = next(each for each in course_of().edition("es").modules.values() if each.kind == "test")
    go(phone, f"module/{COURSE}/{test.id}")
    phone.click("[data-form] button")
    phone.locator(".attempt h3:focus").wait_for()  # shown where she may not have looked
    phone.context.set_offline(True)
    go(phone, f"module/{COURSE}/{module.id}")
    phone.click("[data-end] button")
    phone.locator("#pocket-view .notice-good").wait_for()
    go(phone, "remove-me")
    assert "1 intento que no ha enviado" in phone.locator("#pocket-view").inner_text()
    phone.click("[data-do=remove]")
    phone.locator("[data-do=anyway]").wait_for()
    phone.context.set_offline(False)
    go(phone, "remove-me")
    phone.click("[data-do=remove]")
    phone.get_by_role("heading", name="¿Quién es usted?").wait_for()
    assert ANA not in seen(phone)
    left = phone.evaluate("""() => new Promise((done) => {
        const asked = indexedDB.open('pocket');
        asked.onsuccess = () => {
            const base = asked.result, names = [...base.objectStoreNames].filter(name => name !== 'shelf');
            const all = base.transaction(names), rows = {};
            for (const name of names) all.objectStore(name).count().onsuccess = (event) => { rows[name] = event.target.result; };
            all.oncomplete = () => { base.close(); done(rows); };
        };
    })""")
    assert set(left.values()) == {0}
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    sign_in(phone, served.url, username, PASSPHRASE)
    phone.goto(f"{served.url}/courses/{COURSE}")
    phone.locator(".modules .begun, .modules .done").first.wait_for()


def test_the_course_is_taken_by_whoever_comes_from_the_site(served: Installation, phone: Page) -> None:
    with_course(phone, served)
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    somebody(phone, served.url, BETO)
    phone.goto(f"{served.url}/pocket#/take/{COURSE}")
    phone.locator("[name=phone]").wait_for()
    assert BETO in seen(phone)
    assert ANA not in seen(phone)


def test_whoever_has_to_sign_in_first_comes_back_to_the_course(served: Installation, phone: Page) -> None:
    username = somebody(phone, served.url, ANA)
    phone.goto(f"{served.url}/me/profile")
    phone.click(SIGN_OUT)
    phone.goto(f"{served.url}/pocket#/take/{COURSE}")
    phone.click("#pocket-view a[href^='/login']")
    phone.fill("[name=username]", username)
    phone.fill("[name=passphrase]", PASSPHRASE)
    phone.click("main form button[type=submit]")
    phone.fill("[name=phone]", "El mío")
    phone.click("#pocket-view form button[type=submit]")
    phone.locator("[name=media]").first.wait_for()
    assert phone.url == f"{served.url}/pocket"
