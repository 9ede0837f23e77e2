"""The reader of this request: her language (profile, cookie, browser, default), a course's, and her zone."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request

from lms.i18n import Reader, language_name, negotiate
from lms.web.frame.session import account, person
from lms.web.frame.site import site

COOKIE = "lang"
LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,16}")


def install(app: Flask) -> None:
    """Templates speak the reader's language through `_`, `ngettext` and `reader`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, lambda one, many, n: reader().ngettext(one, many, n), newstyle=True
    )
    app.jinja_env.filters["language_name"] = language_name
    app.context_processor(lambda: {"reader": reader()})
    app.url_defaults(_keep_language)


def reader() -> Reader:
    """The reader of this request."""
    found: Reader | None = g.get("reader")
    if found is None:
        settings = site().settings
        found = g.reader = Reader(_language(), ZoneInfo(settings.timezone), settings.catalogues)
    return found


def speak_to_a_stranger() -> None:
    """For the rest of this request the reader is whoever the browser says she is: nothing is asked of the database."""
    settings = site().settings
    g.reader = Reader(_negotiate(request.cookies.get(COOKIE)), ZoneInfo(settings.timezone), settings.catalogues)


def speak_as_asked() -> None:
    """For the rest of this request the interface speaks the language that the page's address asks for, if it can."""
    asked, settings = asked_language(), site().settings
    if asked in settings.languages:
        g.reader = Reader(asked, ZoneInfo(settings.timezone), settings.catalogues)


def gettext(message: str) -> str:
    """The message in the language of this request's reader."""
    return reader().gettext(message)


def course_language(course: str = "") -> str:
    """The language to show a course (by default the one that this page is in) in, where it has it: the one asked for in
    `?lang=`, else the one that the person has chosen for it, else the reader's."""
    course = course or (request.view_args or {}).get("course", "")
    return course_languages().get(course) or asked_language() or reader().language


def course_languages() -> Mapping[str, str]:
    """The language that the person has chosen for each course, by its id; none where this page's address asks for one."""
    who = person()
    return who.preferences.course_languages if who and not asked_language() else {}


def asked_language() -> str | None:
    """The language that this page's address asks for, if it is one."""
    asked = request.args.get("lang", "")
    return asked if LANGUAGE.fullmatch(asked) else None


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Every address within a course carries on the language that was asked for in this page's."""
    if endpoint in ("catalogue.course", "evaluations.form") or endpoint.startswith(
        ("learn.", "printing.", "review.", "search.", "sittings.")
    ):
        values.setdefault("lang", asked_language())


def _language() -> str:
    who, here = person(), request.cookies.get(COOKIE)
    hers = who.language if who else None
    return _negotiate(hers, here) if account() else _negotiate(here, hers)  # where nothing more is kept, the device's


def _negotiate(*known: str | None) -> str:
    return negotiate([*known, *request.accept_languages.values()], site().settings.languages)
