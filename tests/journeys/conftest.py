"""One installation with the real courses and the muestrario, and one browser, for all journeys of a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lms.content.course import load
from lms.content.model import Course
from tests.browser import chrome
from tests.installation import Installation, install
from tests.tour.steps import MUESTRARIO

COURSES = Path(__file__).parents[2] / "courses_content"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A served installation."""
    made = install(tmp_path_factory.mktemp("journeys"), COURSES, MUESTRARIO)
    with made.serving():
        yield made


@pytest.fixture(scope="session")
def muestrario() -> Course:
    """The course that shows every block."""
    course, findings = load(MUESTRARIO)
    assert course
    assert findings == []
    return course


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chrome() as found:
        yield found


@pytest.fixture(autouse=True)
def _closed(browser: Browser) -> Iterator[None]:
    """No page of a test outlives it: one that moves would take the time of all that come after."""
    before = list(browser.contexts)
    yield
    for context in browser.contexts:
        if context not in before:
            context.close()
