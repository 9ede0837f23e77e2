"""Nothing that a learner may print holds the key: neither words, nor marks, nor the order of what is shown."""

import re
from collections import Counter

import pytest
from flask import Flask

from lms.content.course import load
from lms.content.model import Course, Module, Quiz
from lms.content.plain import plain_text
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
    shown_texts,
)
from tests.web.client import Client
from tests.web.conftest import LIBRARY, signed_in

SHEETS = ("3F7K", "7ABC", "XYZ0", "1234", "Q0W9", "55TT", "0A0B", "MMMM")
OPTION = re.compile(r"<li([^>]*)>(<span class=\"box\"></span>)?<strong>([A-T])</strong><span>(.*?)</span></li>")


@pytest.fixture(scope="module", params=LIBRARY, ids=lambda folder: folder.name)
def course(request: pytest.FixtureRequest) -> Course:
    found, _ = load(request.param)
    assert found
    return found


@pytest.fixture(scope="module")
def dora(library: Flask, course: Course) -> Client:
    """Dora, a learner."""
    return signed_in(library, f"dora-{course.id}"[:30])


def lessons(course: Course) -> list[Module]:
    return [each for each in course.editions["es"].modules.values() if each.kind == "module" and list(each.questions())]


def pages(course: Course) -> list[str]:
    """Every printed page that shows a learner questions."""
    here = f"/courses/{course.id}"
    every = [f"{here}/print", *(f"{here}/{each.id}/print" for each in course.editions["es"].modules.values())]
    return every + [f"{here}/{each.id}/paper?sheet={code}" for each in lessons(course) for code in SHEETS[:2]]


def hidden(question: Question) -> list[str]:
    """What is told only after an answer."""
    texts = [question.explanation]
    match question:
        case ChoiceQuestion():
            texts += [each.feedback for each in question.options]
        case TextQuestion():
            texts += [text for each in question.expected for text in (each.feedback, each.text)]
        case BlanksQuestion():
            texts += [word for gap in question.gaps for word in gap.accepted]
        case OrderQuestion():
            texts += [each.feedback for each in question.items]
        case _:
            texts += [each.feedback for each in question.pairs]
    return [plain_text(each) for each in texts]


def shown(course: Course) -> str:
    """Every word that the course shows to whoever has answered nothing."""
    edition = course.editions["es"]
    asked = [part for each in edition.modules.values() for one in each.questions() for part in shown_texts(one)]
    texts = [block for each in edition.modules.values() for block in each.body if not isinstance(block, Quiz)]
    return plain_text("".join(asked) + repr(texts) + repr(edition.glossary))


def test_no_reason_and_no_answer_stands_on_a_printed_page(course: Course, dora: Client) -> None:
    edition = course.editions["es"]
    told = {text for each in edition.modules.values() for asked in each.questions() for text in hidden(asked)}
    long = {text for text in told if len(text.split()) > 3 and text not in shown(course)}
    assert len(long) > 8
    for page in pages(course):
        said = plain_text(dora.get(page).get_data(as_text=True))
        assert [text for text in long if text in said] == [], page


def test_what_is_to_be_written_stands_on_no_sheet(course: Course, dora: Client) -> None:
    for each in lessons(course):
        words = {
            word.lower()
            for question in each.questions()
            if isinstance(question, TextQuestion | BlanksQuestion)
            for word in hidden(question)
            if word.isalpha()
        }
        words -= set(re.findall(r"\w+", plain_text(" ".join(text for asked in each.questions() for text in shown_texts(asked))).lower()))  # fmt: skip
        said = dora.get(f"/courses/{course.id}/{each.id}/paper?sheet=3F7K").get_data(as_text=True)
        main = set(re.findall(r"\w+", plain_text(said[said.index("<main") :]).lower()))
        assert words & main == set()


def test_options_bear_no_mark(course: Course, dora: Client) -> None:
    count = 0
    for page in pages(course):
        text = dora.get(page).get_data(as_text=True)
        main = text[text.index("<main") : text.index("</main>")]
        found = OPTION.findall(main)
        count += len(found)
        assert {attributes for attributes, *_ in found} <= {""}
        lists = re.findall(r'<ul class="lettered">.*?</ul>', main, re.DOTALL)
        inside = {attributes for each in lists for attributes in re.findall(r"<(?:span|strong|li)\b([^>]*)>", each)}
        assert inside <= {"", ' class="box"'}
        for mark in ("data-key", "data-right", "verdict", "consequence", "data-score"):
            assert mark not in main, (page, mark)
    assert count > 40


def test_nothing_of_a_tests_questions_stands_on_a_printed_page(course: Course, dora: Client) -> None:
    asked = list(course.editions["es"].modules[course.certificate].questions())
    lines = {plain_text(each.prompt) for each in asked} - {plain_text(each.prompt) for m in lessons(course) for each in m.questions()}  # fmt: skip
    for page in pages(course):
        text = dora.get(page).get_data(as_text=True)
        assert not any(each.id in text for each in asked), page
        assert [line for line in lines if line in plain_text(text)] == [], page


def test_where_an_option_stands_tells_nothing(course: Course, dora: Client) -> None:
    hits: Counter[str] = Counter()
    expected, variance = 0.0, 0.0
    for each in lessons(course):
        for code in SHEETS:
            text = dora.get(f"/courses/{course.id}/{each.id}/paper?sheet={code}").get_data(as_text=True)
            parts = text.split('<div class="paper-question')[1:]
            for question, part in zip(each.questions(), parts, strict=True):
                if not isinstance(question, ChoiceQuestion) or question.kind == "true-false":
                    continue
                right = {plain_text(option.html) for option in question.options if option.right}
                options = [plain_text(html) in right for *_, html in OPTION.findall(part)]
                assert sum(options) == len(right)
                chance = sum(options) / len(options)
                expected, variance = expected + chance, variance + chance * (1 - chance)
                hits.update(first=options[0], last=options[-1], second=options[1])
    for guess in ("first", "second", "last"):
        assert abs(hits[guess] - expected) <= 4 * variance**0.5, (guess, hits[guess], expected)


def test_things_to_put_in_order_do_not_stand_in_it(course: Course, dora: Client) -> None:
    right = shown_so = 0
    for each in lessons(course):
        for code in SHEETS:
            text = dora.get(f"/courses/{course.id}/{each.id}/paper?sheet={code}").get_data(as_text=True)
            parts = text.split('<div class="paper-question')[1:]
            for question, part in zip(each.questions(), parts, strict=True):
                if isinstance(question, OrderQuestion):
                    shown_so += 1
                    right += [plain_text(html) for *_, html in OPTION.findall(part)] == [plain_text(item.html) for item in question.items]  # fmt: skip
    assert right <= shown_so / 3


def test_the_key_is_refused_before_it_is_looked_up(course: Course, dora: Client) -> None:
    for each in course.editions["es"].modules.values():
        for code in ("", "?sheet=3F7K", "?sheet=nonsense"):
            assert dora.get(f"/courses/{course.id}/{each.id}/key{code}").status_code == 403
    test = course.certificate
    for code in ("", "?sheet=3F7K"):
        answer = dora.get(f"/courses/{course.id}/{test}/paper{code}")
        assert answer.status_code == 403
        assert "Hoja" not in answer.get_data(as_text=True)
