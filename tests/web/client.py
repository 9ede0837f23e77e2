"""A person at a browser without JavaScript, talking to the program directly."""

import html
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from lms.storage.people import Person
from tests.visitor import Form, Page, merged


class Client:
    """Somebody's browser."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.app = app
        self.browser = app.test_client()
        self.person = person
        self.language = "es"

    def get(self, path: str, **options: Any) -> TestResponse:
        """The page at that path."""
        headers = {"Accept-Language": self.language, **options.pop("headers", {})}
        return self.browser.get(path, headers=headers, **options)

    def forms(self, path: str) -> list[Form]:
        """The forms of a page."""
        return page(self.get(path)).forms

    def form(self, path: str, part: str) -> Form:
        """The first form of that page whose action has that part."""
        return page(self.get(path)).form(part)

    def send(
        self, form: Form, button: tuple[str, str] | None = None, headers: Any = None, **changes: Any
    ) -> TestResponse:
        """What comes back after sending the form with these fields changed (`__` stands for a hyphen)."""
        named = {name.replace("__", "-"): value for name, value in changes.items()}
        return self.post(form.action, merged(form, named, button), headers=headers)

    def post(self, path: str, fields: list[tuple[str, str]], headers: Any = None) -> TestResponse:
        """What comes back after posting these fields."""
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        return self.browser.post(path, data=data, headers={"Accept-Language": self.language, **(headers or {})})

    def csrf(self) -> str:
        """A token for this browser's session."""
        return dict(self.form("/about", "/language").fields)["csrf"]


def page(response: TestResponse) -> Page:
    """The answer as a page."""
    return Page(response.request.path, response.status_code, response.get_data(as_text=True), dict(response.headers))


def words(response: TestResponse) -> str:
    """What a page says, without its markup."""
    text = re.sub(
        r"<(script|style).*?</\1>", " ", response.get_data(as_text=True).replace("<wbr>", ""), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
