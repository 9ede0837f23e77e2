"""What she did away comes to a hub as a file, over plain HTTP and without a script, and its receipt comes back to her phone."""

import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lms.certificates import delegation
from lms.certificates.protection import Lock
from lms.services.certifying import custody
from lms.storage import projection
from tests.browser import new_page, register
from tests.installation import Installation, install

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
COURSE = "muestrario"
WORK = """async (course) => {
  const profile = await pocket.profile.add(await pocket.api.me(), 'Chrome');
  const { courses } = await pocket.api.ask(profile, 'courses');
  const { release } = courses.find(({ id }) => id === course);
  await pocket.state.refresh(profile);
  return [profile.learner, release];
}"""
ACT = """async ([learner, course, release]) => {
  const profile = await pocket.profile.get(learner);
  await pocket.log.record(profile, { course, release, type: 'learner.module_completed', item: 'm-uno' });
  await pocket.log.record(profile, { course, release, type: 'learner.module_completed', item: 'm-dos' });
  return (await pocket.file.save(profile)).text();
}"""
RECEIPT = """async ([learner, text]) => {
  const profile = await pocket.profile.get(learner);
  const told = await pocket.file.receipt(profile, text).catch((error) => error.message);
  return [told, (await pocket.log.everything(learner)).map(({ held }) => held), await pocket.send.pending(learner)];
}"""


@pytest.fixture(scope="module")
def hub(served: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Another store, whose issuer the first one's root has made."""
    made = install(tmp_path_factory.mktemp("hub"))
    mine, root, now = made.settings, served.settings, datetime.now(UTC)
    asked = custody.request(mine, Lock(mine.secret))
    found = custody.issue(root, asked, Lock(root.secret), root_folder=root.keys, now=now)
    custody.install(mine, delegation.read_answer(found.answer), Lock(mine.secret), now=now)
    with made.serving():
        for place, kid in ((made, found.entry.kid.hex()), (served, "")):
            wait_for_word(place, kid)
        yield made


def wait_for_word(place: Installation, kid: str) -> None:
    """Until its worker has said which key it signs events with."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{place.url}/v/lists.json", timeout=10) as answer:
            if any(kid in each for each in json.load(answer)["stores"]):
                return
        time.sleep(0.2)
    raise AssertionError("no word of its worker")


def test_a_hub_takes_her_file_and_her_phone_believes_its_receipt(
    browser: Browser, served: Installation, hub: Installation, tmp_path: Path
) -> None:
    page = new_page(browser)
    register(page, served.url, "dosalmacenes", "Ana Dos")
    page.goto(f"{served.url}/pocket")
    page.evaluate("async () => { window.pocket = await import(document.querySelector('script[type=module]').src); }")
    learner, release = page.evaluate(WORK, COURSE)
    page.context.set_offline(True)
    file = tmp_path / "avance.ndjson"
    file.write_text(page.evaluate(ACT, [learner, COURSE, release]), "utf-8")
    receipt, short = handed_in(browser, hub, file)
    assert page.evaluate(RECEIPT, [learner, short])[0] == "unknown"  # a code has no room for what vouches for the hub
    told, held, pending = page.evaluate(RECEIPT, [learner, receipt])
    assert (told["taken"], len(set(held)), len(held)) == (2, 1, 2), told
    assert pending["waiting"] == 2  # they go to her own store all the same
    forged = receipt.replace('complete_to\\":2', 'complete_to\\":3')
    assert forged != receipt
    assert page.evaluate(RECEIPT, [learner, forged])[0] == "signature"
    database = hub.database()
    with database.reading() as tx:
        work = projection.of_course(tx, learner, COURSE).work
    database.close()
    assert {name for each in work.values() for name in each.ended} == {"m-uno", "m-dos"}
    hub.lms("rebuild", "--check")  # other tests put people into `served` whom no log knows


def handed_in(browser: Browser, hub: Installation, file: Path) -> tuple[str, str]:
    """The receipt that somebody gets for it at the hub, who is nobody there and whose browser runs no script; and the text
    of its code."""
    context = browser.new_context(java_script_enabled=False, locale="es-GT")
    page: Page = context.new_page()
    page.goto(f"{hub.url}/pocket/hand-in")
    page.set_input_files("[name=file]", file)
    page.click("main form button")
    assert "Todo lo del archivo está aquí." in page.inner_text("main")
    with page.expect_download() as download:
        page.click("main a[download]")
    short = page.locator("main details code").text_content() or ""
    text = Path(download.value.path()).read_text("utf-8")
    context.close()
    return text, short
