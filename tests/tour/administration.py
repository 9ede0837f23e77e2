"""The walk through the rooms of whoever administers, and the first run."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from playwright.sync_api import Page

from lms.learning.events import encode
from lms.storage import event_log
from tests.browser import (
    PASSPHRASE,
)
from tests.installation import Installation
from tests.tour.steps import fill, going


def settings(page: Page, served: Installation) -> Iterator[str]:
    """What an administrator sets, part by part; a value that can't be used."""

    go = going(page, served)
    go("/staff/settings")
    page.click("main > details summary")
    yield "settings"
    for part in ("who", "signatories", "logo", "certificates", "people", "languages"):
        go(f"/staff/settings/{part}")
        yield f"setting-{part}"
    page.fill("[name=timezone]", "Marte/Norte")
    if page.locator("[name=passphrase]").count():
        page.fill("[name=passphrase]", PASSPHRASE)
    page.click("main form button[type=submit]")
    page.wait_for_selector(".error-summary")
    yield "setting-error"


def first_run(page: Page, served: Installation, code: str) -> Iterator[str]:
    """From the printed code to the first settings, on an installation that nobody administers."""

    go = going(page, served)
    go("/welcome")
    yield "welcome"
    for typed, name in (("0000-0000-0000-0000", "welcome-error"), (code, "welcome-account")):
        page.fill("[name=code]", typed)
        page.click("form[action$='/welcome'] button")
        page.wait_for_load_state()
        yield name
    fill(page, {"username": "eva", "display_name": "Eva Solís", "passphrase": "corta pero"})
    yield "welcome-account-error"
    fill(page, {"passphrase": PASSPHRASE})
    page.click("main .actions a")
    page.wait_for_load_state()
    page.click("button[value=yes]")
    page.wait_for_url("**/staff/settings/first")
    yield "welcome-settings"
    page.locator("[name=signatory]").first.fill("Carla Méndez")
    fill(page, {"name": "Sendero", "issuer": "Red Mesoamericana"})
    yield "welcome-settings-error"
    page.locator("[name=position]").first.fill("Coordinadora")
    page.click("main form button[type=submit]")
    page.wait_for_url("**done=first")
    yield "welcome-done"


def administration(page: Page, served: Installation) -> Iterator[str]:
    """Everybody and one of them, the same person twice, keys, the quarantine."""

    go = going(page, served)
    go("/staff")
    yield "administration"
    go("/staff/keys")
    yield "keys"
    go("/staff/people?q=zzzz")
    yield "people-none"
    go("/staff/people?q=caal")
    yield "people"
    page.click("tbody a")
    page.wait_for_selector("#page-roles")
    one = page.url
    go("/staff/same")
    yield "same-likely"
    page.goto(f"{one}/same?q=nuñez")
    yield "same"
    page.click("main li a")
    page.wait_for_selector("[name=counts]")
    yield "same-both"
    page.click("main form button")
    page.wait_for_url("**done=linked")
    yield "same-linked"
    page.goto(f"{one}?open=roles")
    if page.locator("[name=passphrase]").count():
        yield "person-roles-asks"
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("form[action$='/me/confirm'] button")
        page.wait_for_selector("[name=role]")
    yield "person-roles"
    page.click("form[action$='/roles'] button")
    page.wait_for_url("**done=same")
    yield "person-same-roles"
    page.goto(f"{one}/erase")
    yield "person-erase"
    go("/staff/people/new")
    yield "person-new"
    page.fill("[name=username]", f"p{secrets.token_hex(5)}")
    page.fill("[name=display_name]", "Olga Sis Xol")
    page.click("form[action$='/new'] button")
    page.wait_for_selector(".error-summary")
    yield "person-new-error"
    page.check("[value=coordinator]")
    page.click("form[action$='/new'] button")
    page.wait_for_selector(".code-box")
    yield "person-made"
    go("/staff/quarantine")
    yield "quarantine-empty"
    _quarantined(served)
    go("/staff/quarantine")
    yield "quarantine"
    page.click("tbody a")
    page.wait_for_selector("[name=reason]")
    yield "quarantine-line"
    page.fill("#field-reason", "El reloj de un teléfono iba adelantado.")
    page.click("form:has(#field-reason) button")
    page.wait_for_url("**/staff/quarantine?done=aside")
    go("/staff/quarantine?state=seen")
    page.click("tbody a")
    page.wait_for_selector("[value=again]")
    yield "quarantine-seen"


def _quarantined(served: Installation) -> None:
    """A line with the id of one that is here."""
    with served.database().writing() as tx:
        line = next(each for each in event_log.since(tx, 0) if each.event.learner and each.event.course)
        other = replace(line.event, data={**line.event.data, "more": secrets.token_hex(4)})
        event_log.append(tx, encode(other), other, now=datetime.now(UTC), via="file")
