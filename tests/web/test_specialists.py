"""How far specialists have reviewed a course is told wherever somebody may rely on it."""

import html
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from lms.certificates.keys import load_issuer
from lms.services.certifying import issuing
from lms.services.running.publish import publish
from lms.storage import certificates
from tests.conftest import NOW
from tests.web.client import Client, page, words
from tests.web.conftest import SAMPLE, site_of
from tests.web.learner import COURSE, UNO, answer, finish, pass_test

DRAFT = "En revisión por especialistas"
REVIEWED = "Revisado por especialistas el 24 de noviembre de 2026."
ROLES = "protección y derecho migratorio"
PAGES = ("/", COURSE, f"{UNO}/print", f"{COURSE}/print", f"{UNO}/paper")


@pytest.fixture
def reviewed(app: Flask, tmp_path: Path) -> Flask:
    """The program with the sample course reviewed."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    path = folder / "course.yml"
    review = f'status: expert_reviewed, on: 2026-11-24, by: {{es: "{ROLES}", en: "protection"}}'
    path.write_text(path.read_text("utf-8").replace("status: draft", review), "utf-8")
    assert publish(site_of(app).database, folder, position=0, now=NOW).outcome == "published"
    return app


def test_a_draft_says_so_on_the_card_the_page_and_paper(ana: Client) -> None:
    for path in PAGES:
        assert DRAFT in words(ana.get(path, follow_redirects=True)), path


def test_a_drafts_page_says_what_that_means_and_where_to_tell(ana: Client, anybody: Client) -> None:
    for client in (ana, anybody):
        shown = client.get(COURSE)
        assert "Todavía no lo han comprobado especialistas." in words(shown)
        assert "fuentes públicas" not in words(shown), "its second module names none"
        assert "El certificado también dice que el curso estaba en revisión." in words(shown)
        link = re.compile(r'<a href="([^"]+)">(?:(?!</a>).)*Díganos qué encontró', re.DOTALL)
        (found,) = link.findall(shown.get_data(as_text=True))
        form = client.get(html.unescape(found))
        assert form.status_code == 200
        assert dict(page(form).form("/report").fields)["course"] == "demo-course"


def test_a_draft_whose_every_module_names_its_sources_says_so(app: Flask, tmp_path: Path, anybody: Client) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    path = folder / "es/02-dos.md"
    path.write_text(f"{path.read_text('utf-8')}\nEs así.[^ley]\n\n[^ley]: Una ley.\n", "utf-8")
    assert publish(site_of(app).database, folder, position=0, now=NOW).outcome == "published"
    assert "Este curso se escribió con fuentes públicas, que cada módulo nombra." in words(anybody.get(COURSE))


def test_a_reviewed_course_says_when_and_by_whom(reviewed: Flask, ana: Client) -> None:
    for path in PAGES[1:]:
        told = words(ana.get(path, follow_redirects=True))
        assert REVIEWED in told, path
        assert ROLES in told, path
        assert DRAFT not in told
    assert "Revisado por especialistas" in words(ana.get("/"))
    assert "Todavía no lo han comprobado" not in words(ana.get(COURSE))


def test_a_release_that_does_not_say_when_is_shown_all_the_same(
    reviewed: Flask, ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site_of(reviewed).database.reading() as tx:
        live = site_of(reviewed).desk.catalogue.live(tx, "demo-course")
    assert live
    monkeypatch.setitem(live.course.review, "on", "")  # type: ignore[arg-type]
    assert "Revisado por especialistas. protección" in words(ana.get(COURSE))


def complete(app: Flask, client: Client) -> str:
    """The course completed: the page with the result."""
    for quiz in ("q-a", "q-d"):
        answer(client, quiz)
    finish(client, "m-uno")
    finish(client, "m-dos")
    return words(client.get(pass_test(app, client)))


def issued(app: Flask, client: Client) -> str:
    """The number of her certificate, which is there now."""
    site = site_of(app)
    assert client.person
    with site.database.reading() as tx:
        (found,) = certificates.of_learner(tx, client.person.id)
    issuing.finish(
        site.database, site.pen, load_issuer(site.settings.keys), site.settings, number=found.number, now=NOW
    )
    return found.number


def test_a_drafts_certificate_claims_no_more_than_it_is(app: Flask, ana: Client, anybody: Client) -> None:
    assert "no que su contenido esté aprobado" in complete(app, ana)
    assert "el curso seguía en revisión por especialistas" in words(ana.get("/me/certificates"))
    told = words(anybody.get(f"/verify?number={issued(app, ana)}"))
    assert "el contenido del curso estaba en revisión por especialistas" in told


def test_a_reviewed_courses_certificate_says_nothing_of_it(reviewed: Flask, ana: Client, anybody: Client) -> None:
    assert "aprobado" not in complete(reviewed, ana)
    assert "en revisión" not in words(ana.get("/me/certificates"))
    told = words(anybody.get(f"/verify?number={issued(reviewed, ana)}"))
    assert "Este certificado es auténtico" in told
    assert "en revisión" not in told
