"""The whole walk."""

import secrets
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser import (
    PASSPHRASE,
)
from tests.installation import Installation
from tests.tour.groups import paper
from tests.tour.said import said
from tests.tour.staff import staff
from tests.tour.steps import COURSE, fill, going
from tests.tour.study import course, every_block

SEARCHES = {
    "empty": "",
    "found": "persona+person",
    "nothing": "zapatos&course=trata-de-personas",
    "course": "persona+person&course=trata-de-personas",
}


def tour(page: Page, served: Installation) -> Iterator[str]:
    """Goes from page to page; gives the name of each as it stands on the screen, with its styles."""
    for name in _pages(page, served):
        page.wait_for_load_state()
        yield name


def _pages(page: Page, served: Installation) -> Iterator[str]:
    username = f"u{secrets.token_hex(5)}"

    go = going(page, served)
    for name in (
        "courses",
        "login",
        "register",
        "recover",
        "verify",
        "v",
        "about",
        "privacy",
        "accessibility",
        "consent",
        "safety",
        "styleguide",
        "exit",
    ):
        go("/" if name == "courses" else f"/{name}")
        yield name
    go("/your-country")
    yield "your-country"
    page.select_option("[name=country]", "CR")
    page.click("main form button")
    page.wait_for_url("**/your-country?**")
    yield "your-country-chosen"
    go(COURSE)
    yield "course-anonymous"
    for name, query in SEARCHES.items():
        go(f"/search?q={query}")
        yield f"search-{name}"
    go("/nothing-here")
    yield "error-404"
    go("/verify?number=hola")
    yield "verify-error"
    go("/verify?number=7K3Q-ZX0T-9B4M-E2-9")
    yield "verify-unknown"
    go("/login")
    fill(page, {"username": "nadie", "passphrase": "nada de nada"})
    yield "login-error"
    go("/register")
    page.check("[name=consent]")
    fill(
        page,
        {
            "username": username,
            "display_name": "Ana Lucía K'iche' Ñuñez de la Trinidad y Ixchél",
            "passphrase": PASSPHRASE,
        },
    )
    yield "recovery-code"
    for name in ("learning", "certificates", "notes", "profile", "passphrase", "join", "data"):
        go(f"/me/{name}")
        yield f"{name}-empty" if name in ("learning", "certificates", "notes") else name
    go("/me/profile")
    page.click("#page-agreement ~ details summary")
    page.click("button[value=no]")
    yield "consent-declined"
    go("/me/learning")
    yield "consent-asked"
    page.click("button[value=yes]")
    yield from every_block(page, served)
    yield from course(page, served)
    yield from said(page, served, username)
    yield from staff(page, served, username)
    yield from paper(page, served)
