"""The walk through the rooms of whoever coordinates."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
from playwright.sync_api import Page

from lms.ids import uuid7
from lms.storage import drafts
from tests import programme
from tests.browser import (
    PASSPHRASE,
    SIGN_OUT,
    certificate,
    sign_in,
)
from tests.installation import Installation
from tests.tour.administration import administration, settings
from tests.tour.groups import glance, groups
from tests.tour.steps import COURSE, fill, going


def staff(page: Page, served: Installation, username: str) -> Iterator[str]:
    """Her group's certificates, as its coordinator; hers replaced and revoked."""

    go = going(page, served)
    go("/staff/cohorts")
    yield "groups-empty"
    said = served.lms("cohorts", "add", "Consulados de la frontera sur", "--course", COURSE.rpartition("/")[2])
    code = said.strip().rpartition("/")[2]
    served.lms("cohorts", "assign", code, username)
    yield from groups(page, served)
    go("/me/join")
    fill(page, {"code": code})
    go("/staff/cohorts")
    yield "groups"
    page.click("main article:last-of-type a")
    yield from glance(page, served, code)
    page.click(".tabs a[href$='/certificates']")
    yield "group-certificates"
    page.click("tbody a")
    yield "staff-certificate"
    page.click("form[action$='/replace'] >> xpath=../summary")
    page.fill("[name=name]", "Ana Lucía K'iche' Ñuñez")
    page.select_option("#field-replace-reason", "name")
    page.click("form[action$='/replace'] button")
    page.wait_for_url("**done=replace*")
    yield "staff-certificate-replaced"
    certificate(page, served.url)
    yield "certificates-replaced"
    go("/staff/cohorts")
    page.click("main article:last-of-type a")
    page.click(".tabs a[href$='/certificates']")
    page.locator("tr", has=page.locator(".tag-good")).locator("a").first.click()
    page.click("form[action$='/revoke'] >> xpath=../summary")
    page.select_option("#field-revoke-reason", "mistake")
    page.check("form[action$='/revoke'] [name=sure]")
    page.click("form[action$='/revoke'] button")
    page.wait_for_url("**done=revoke*")
    yield "staff-certificate-revoked"
    go("/staff/certificates?number=hola")
    yield "staff-find-error"
    page.click(SIGN_OUT)
    sign_in(page, served.url, username)  # so that she is asked for her passphrase again
    yield from _roster(page, served)
    yield from _second(page, served, username)
    yield from _figures(page, served)
    yield from _trust(page, served)
    yield from administration(page, served)


def _trust(page: Page, served: Installation) -> Iterator[str]:
    """What the staff did, whole and searched in vain; what is kept about her, before and after her passphrase."""

    go = going(page, served)
    go("/staff/audit")
    yield "audit"
    go("/staff/audit?act=goal-deleted&hash=0000")
    yield "audit-none"
    yield from settings(page, served)
    go("/staff/retention")
    yield "retention"
    with served.database().writing() as tx:
        for n, days in enumerate((400, 500, 800)):
            drafts.save(tx, uuid7(), f"curso/m-{n}/q", {}, now=datetime.now(UTC) - timedelta(days=days))
    go("/staff/retention")
    if page.locator("main form[action='/me/confirm']").count():
        page.fill("main [name=passphrase]", PASSPHRASE)
        page.click("main form[action='/me/confirm'] button")
        page.wait_for_url("**/staff/retention**")
    yield "retention-past"
    page.check("[name=purpose]")
    page.check("[name=sure]")
    page.click("main form[action='/staff/retention'] button")
    page.wait_for_url("**gone=**")
    yield "retention-done"
    go("/me/data")
    yield "my-data"
    go("/erased")
    yield "erased"


def _figures(page: Page, served: Installation) -> Iterator[str]:
    """The indicators with nothing in them and with a programme's figures, and its goals."""

    go = going(page, served)
    go("/staff/indicators?from=2020-01-01&to=2020-12-31")
    yield "indicators-empty"
    go("/staff/goals")
    yield "goals-empty"
    page.click("main section form button[type=submit]")
    page.wait_for_url("**done=set")
    yield "goals"
    page.click(".goals a")
    page.wait_for_selector("main details")
    page.click("main details summary")
    yield "goal"
    with served.database().writing() as tx:
        programme.fill(tx)
    go("/staff/indicators?from=&to=")
    yield "indicators"


def _roster(page: Page, served: Installation) -> Iterator[str]:
    """The list of people, before and after her passphrase; with no row; the page that asks for the passphrase."""

    go = going(page, served)
    go("/staff/roster?state=waiting")
    yield "roster-empty"
    go("/staff/roster?since=ayer")
    yield "roster-error"
    go("/staff/roster")
    page.click("main details:not(.filter-more) summary")
    yield "roster-asks"
    page.fill("[name=passphrase]", PASSPHRASE)
    page.click("form[action$='/me/confirm'] button")
    page.wait_for_selector("#field-reason")
    yield "roster"
    go("/me/confirm?late=1")
    yield "confirm"
    fill(page, {"passphrase": "otra cosa"})
    yield "confirm-error"


def _second(page: Page, served: Installation, username: str) -> Iterator[str]:
    """Her second factor set up, asked for in another browser, and turned off again."""
    here = f"{served.url}/me/second-factor"
    page.goto(f"{here}?needed=1")
    yield "second-none"
    if page.locator("[name=passphrase]").count():  # it was slow
        fill(page, {"passphrase": PASSPHRASE})
    fill(page, {})
    page.wait_for_selector(".qr")
    yield "second-begun"
    fill(page, {"code": "000000"})
    yield "second-error"
    codes = pyotp.TOTP(page.locator(".card .number").inner_text())
    fill(page, {"code": codes.now()})
    page.wait_for_selector("ol.code-box")
    yield "second-codes"
    recovery = page.locator("ol.code-box li").first.inner_text()
    page.goto(here)
    page.click("main details summary")
    yield "second-on"
    page.click(SIGN_OUT)
    page.goto(f"{served.url}/login?next=/me/second-factor")
    fill(page, {"username": username, "passphrase": PASSPHRASE})
    yield "second-ask"
    fill(page, {"code": "000000"})
    yield "second-ask-error"
    page.goto(f"{served.url}/login/second?recovery=1&next=/me/second-factor")
    yield "second-ask-recovery"
    fill(page, {"code": recovery})
    fill(page, {"passphrase": PASSPHRASE})
    page.click("main details:last-of-type summary")
    page.click("main details:last-of-type button")
    page.wait_for_url("**done=off")
    yield "second-off"
