"""Parts of pages that are the same for many people, made once: the frame of every page above all."""

from functools import lru_cache

from flask import Flask, current_app
from jinja2 import StrictUndefined
from markupsafe import Markup

from lms.config import Settings
from lms.i18n import Reader
from lms.web.frame.locale import reader
from lms.web.frame.site import site

NOT_GIVEN = {name: StrictUndefined(name=name) for name in ("request", "session", "g", "person")}
"""A template that asks for one of these fails."""
KEPT = 512
"""Parts of a few kilobytes each."""


def install(app: Flask) -> None:
    """Templates have parts by `shared("macros/top.html", name=value, …)`: the template sees these few values and whom it
    speaks to, but nothing of the request or of the person, since what comes of it is kept for others, as long as the settings stay."""

    @lru_cache(maxsize=KEPT)
    def made(name: str, _reader: Reader, _settings: Settings, given: tuple[tuple[str, object], ...]) -> Markup:
        return Markup(plain(name, **dict(given)))  # noqa: S704 - our own template

    app.jinja_env.globals["shared"] = lambda name, **given: made(name, reader(), site().settings, tuple(given.items()))


def plain(name: str, **given: object) -> str:
    """The template with these values: it sees whom it speaks to, but nothing of the request or of the person."""
    template = current_app.jinja_env.get_or_select_template(name)
    return template.render({**NOT_GIVEN, "reader": reader(), **given})
