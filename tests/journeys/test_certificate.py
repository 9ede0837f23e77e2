"""From registering to the certificate, in a real browser, with JavaScript and without."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lms.content.course import load
from lms.content.model import Course, Scenario
from tests.browser import answer_module, answer_test, certificate, finish, new_page, register
from tests.installation import Installation
from tests.journeys.conftest import COURSES
from tests.tools import require

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_learner_registers_finishes_and_downloads_her_certificate(
    served: Installation, browser: Browser, tmp_path: Path, javascript: bool
) -> None:
    course, findings = load(COURSES / "trata-de-personas")
    assert course and {each.code for each in findings} <= {"translation"}
    page = new_page(browser, javascript=javascript, accept_downloads=True)
    username = f"ana{'j' if javascript else 'n'}"
    register(page, served.url, username, "Ana Lucía K'iche' Ñuñez")
    take_course(page, served, course)
    pdf = download(page, served, tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")
    said = served.lms("verify", str(pdf))
    assert "✗" not in said
    damage_is_seen(served, pdf, tmp_path)
    pdfsig_agrees(served, pdf, tmp_path)


def take_course(page: Page, served: Installation, course: Course) -> None:
    edition = course.editions["es"]
    for module in edition.modules.values():
        page.goto(f"{served.url}/courses/{course.id}/{module.id}")
        if module.kind == "test":
            page.click("form[action$='/test'] button")
            drawn = answer_test(page, edition, module)
            assert module.test and drawn == sum(module.test.draw.values())
            page.click("button[value=review]")
            page.wait_for_url("**review=1*")
            page.click("button[value=send]")
            page.wait_for_selector("text=100")
        else:
            answer_module(page, module)
            for scenario in module.scenarios():
                walk(page, scenario)
            finish(page)


def walk(page: Page, scenario: Scenario) -> None:
    """The story by its best choices, one step on the screen at a time, to an ending that is kept."""
    box = page.locator(f"#{scenario.id}")
    step = scenario.steps[0]
    while not step.outcome:
        assert box.locator(".step:visible").count() == 1
        place, way = max(enumerate(step.ways, start=1), key=lambda each: each[1].score)
        box.locator(f"#{scenario.id}-{step.id} .ways a").nth(place - 1).click()
        box.locator(f"#{scenario.id}-{step.id}-w{place} a.go-on").click()
        step = next(each for each in scenario.steps if each.id == way.target)
    button = box.locator(f"#{scenario.id}-{step.id} form button")
    if not box.locator(".trail").is_visible():  # without a script
        button.click()
    box.locator("text=/Guardado\\.|Llegó a este final/").first.wait_for()


def download(page: Page, served: Installation, folder: Path) -> Path:
    link = certificate(page, served.url)
    with page.expect_download() as found:
        link.click()
    target = folder / "certificado.pdf"
    found.value.save_as(target)
    return target


def damage_is_seen(served: Installation, pdf: Path, folder: Path) -> None:
    raw = pdf.read_bytes()
    flipped = bytearray(raw)
    flipped[len(raw) // 3] ^= 1
    for name, content in (("flipped.pdf", bytes(flipped)), ("longer.pdf", raw + b"\n")):
        (folder / name).write_bytes(content)
        said = served.lms("verify", str(folder / name), check=False)
        assert "✗" in said


def pdfsig_agrees(served: Installation, pdf: Path, folder: Path) -> None:
    require("pdfsig", "certutil")
    nss = folder / "nss"
    nss.mkdir()
    root = served.settings.keys / "root.pem"
    subprocess.run(["certutil", "-N", "-d", str(nss), "--empty-password"], check=True)
    subprocess.run(["certutil", "-A", "-d", str(nss), "-n", "root", "-t", "CT,C,C", "-i", str(root)], check=True)
    told = subprocess.run(["pdfsig", "-nssdir", str(nss), str(pdf)], check=True, capture_output=True, text=True).stdout
    for sentence in ("Signature is Valid", "Certificate is Trusted", "Total document signed", "ETSI.CAdES.detached"):
        assert sentence in told
