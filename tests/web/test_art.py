"""Pictures of courses and modules on their pages, and the program's own: parts of the page, silent, small."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from lms.content.course import load
from lms.services.running.publish import publish
from lms.web.assets import SOURCES
from lms.web.frame.templating import art
from tests.content.test_pictures import LARGE, PNG
from tests.web.client import Client
from tests.web.conftest import SAMPLE, Clock, site_of
from tests.web.learner import COURSE, UNO
from tests.web.statements import statements

TRATA = Path(__file__).parents[2] / "courses_content/trata-de-personas"
KB = 1024
DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><path fill="var(--art-5, #d98436)" d="M{} 1h2"/></svg>'
)
Put = Callable[..., None]


@pytest.fixture
def put(app: Flask, tmp_path: Path, clock: Clock) -> Put:
    """The sample course with this cover and this picture of its first module, published."""

    def published(cover: str | bytes, picture: str | bytes, suffix: str = "svg") -> None:
        folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course", dirs_exist_ok=True))
        for name, content in (("cubierta", cover), ("cabeza", picture)):
            raw = content.encode() if isinstance(content, str) else content
            (folder / f"media/{name}.{suffix}").write_bytes(raw)
        for file, line in (("course.yml", f"cover: cubierta.{suffix}"), ("es/01-uno.md", f"picture: cabeza.{suffix}")):
            text = (folder / file).read_text("utf-8")
            (folder / file).write_text(text.replace("\nid: ", f"\n{line}\nid: ", 1), "utf-8")
        done = publish(site_of(app).database, folder, position=0, now=clock())
        assert done.outcome == "published", done.diagnostics

    return published


def html(client: Client, path: str) -> str:
    return client.get(path).text


def test_a_cover_is_a_part_of_the_catalogue_and_of_the_courses_page(ana: Client, put: Put) -> None:
    put(DRAWN.format(1), DRAWN.format(2))
    for path in ("/", COURSE):
        page = html(ana, path)
        assert page.count('d="M1 1h2"') == 1
        assert "M2 1h2" not in page
        assert "/media/" not in page


def test_a_modules_picture_is_a_part_of_its_page(ana: Client, put: Put) -> None:
    put(DRAWN.format(1), DRAWN.format(2))
    page = html(ana, UNO)
    assert page.count('fill="var(--art-5, #d98436)" d="M2 1h2"') == 1
    assert page.index("M2 1h2") < page.index("<h1>")
    assert 'd="M' not in html(ana, f"{COURSE}/m-dos").partition("<main")[2].partition("<h1>")[0]


@pytest.mark.parametrize(("content", "suffix"), [(LARGE, "svg"), (PNG, "png")], ids=["large", "photograph"])
def test_any_other_picture_is_a_file_of_its_own_that_keeps_its_place(
    ana: Client, put: Put, content: str | bytes, suffix: str
) -> None:
    put(content, content, suffix)
    for path in ("/", COURSE, UNO):
        page = html(ana, path)
        found = page[page.index('<img class="art"') :].partition(">")[0]
        assert 'alt="" loading="lazy" width="640" height="32' in found
        address = found.partition('src="')[2].partition('"')[0]
        assert ana.get(address).status_code == 200


def test_nothing_of_a_picture_that_is_more_than_shapes_is_in_a_page(ana: Client, put: Put) -> None:
    tricks = '<style>body{{display:none}}</style><g id="page-main"/><use href="#page-main"/><path style="position:fixed" d="M{} 0"/>'
    put(*(DRAWN.format(0).replace("<path", f"{tricks.format(place)}<path") for place in (1, 2)))
    for path in ("/", COURSE, UNO):
        page = html(ana, path)
        assert page.count('<img class="art" src="/media/') == 1
        assert not [word for word in ("<style", "<use", "position:fixed", "M1 0", "M2 0") if word in page]
        assert page.count('id="page-main"') == 1


def test_pictures_cost_no_statement(app: Flask, ana: Client, put: Put) -> None:
    """They are in the release."""

    def count(path: str) -> int:
        with statements(app) as said:
            ana.get(path)
        return len(said)

    for path in ("/", COURSE, UNO):
        ana.get(path)
    before = [count(path) for path in ("/", COURSE, UNO)]
    put(DRAWN.format(1), DRAWN.format(2))
    ana.get("/")
    assert [count(path) for path in ("/", COURSE, UNO)] == before


def test_the_programs_own_stand_where_there_is_nothing_else(ana: Client, anybody: Client) -> None:
    assert str(art("hero")) in html(anybody, "/")
    assert str(art("empty")) in html(ana, "/me/learning")
    assert str(art("error")) in html(anybody, "/nowhere")


def test_they_are_small() -> None:
    course, _ = load(TRATA)
    assert course
    edition = course.edition("es")
    names = [edition.cover, *(module.picture for module in edition.modules.values())]
    drawings = {name: course.media[name].drawing for name in names}
    assert len(drawings) == 8
    drawings |= {path.stem: str(art(path.stem)) for path in (SOURCES / "art").glob("*.svg")}
    weights = {name: len(gzip.compress(drawing.encode())) for name, drawing in drawings.items()}
    assert all(drawings.values()), drawings
    assert all(weight <= 1.75 * KB for weight in weights.values()), weights
