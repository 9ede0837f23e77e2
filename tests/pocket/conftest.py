"""One browser for the tests of the pocket; a store for each test of its scripts, and an installation for those of its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lms.web import assets
from tests.browser import chrome
from tests.installation import Installation, install
from tests.pocket.phone import Phone
from tests.pocket.store import Store
from tests.pocket.store import served as serving
from tests.tour.steps import COURSES, MUESTRARIO


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chrome() as found:
        yield found


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with the real courses and the muestrario, served."""
    made = install(tmp_path_factory.mktemp("pocket"), COURSES, MUESTRARIO)
    with made.serving():
        yield made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's files as they are served, and the pocket's scripts one by one beside them."""
    folder = tmp_path_factory.mktemp("pocket") / "static"
    assets.build(built=folder)
    for script in (assets.SOURCES / "js/pocket").glob("*.js"):
        if script.name != "app.js":
            (folder / "js/pocket" / script.name).write_bytes(script.read_bytes())
    for name, parts in assets.SHARED.items():
        (folder / f"js/pocket/{name}.js").write_text(assets.script(assets.SOURCES / "js", parts), "utf-8")
    return folder


@pytest.fixture
def store(built: Path) -> Iterator[Store]:
    """A store of its own."""
    with serving(built) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, store: Store) -> Iterator[Phone]:
    """A phone that nobody has used yet."""
    context = browser.new_context()
    yield Phone(context, store)
    context.close()
