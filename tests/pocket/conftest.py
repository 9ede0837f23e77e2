"""One installation with the real courses and the muestrario, and one browser, for all tests of the pocket in a process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chrome
from tests.installation import Installation, install
from tests.tour.steps import COURSES, MUESTRARIO


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A served installation."""
    made = install(tmp_path_factory.mktemp("pocket"), COURSES)
    made.lms("publish", str(MUESTRARIO))
    with made.serving():
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chrome() as found:
        yield found
