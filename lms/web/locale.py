"""The reader of this request: her language (profile, cookie, browser, default) and zone."""

from zoneinfo import ZoneInfo

from flask import Flask, g, request

from lms.i18n import Reader, language_name, negotiate
from lms.web.session import person
from lms.web.site import site

COOKIE = "lang"


def install(app: Flask) -> None:
    """Templates speak the reader's language through `_`, `ngettext` and `reader`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, lambda one, many, n: reader().ngettext(one, many, n), newstyle=True
    )
    app.jinja_env.filters["language_name"] = language_name
    app.context_processor(lambda: {"reader": reader()})


def reader() -> Reader:
    """The reader of this request."""
    if "reader" not in g:
        settings = site().settings
        g.reader = Reader(_language(), ZoneInfo(settings.timezone), settings.catalogues)
    found: Reader = g.reader
    return found


def speak_to_a_stranger() -> None:
    """For the rest of this request the reader is whoever the browser says she is: nothing is asked of the database."""
    settings = site().settings
    g.reader = Reader(_negotiate(None), ZoneInfo(settings.timezone), settings.catalogues)


def gettext(message: str) -> str:
    """The message in the language of this request's reader."""
    return reader().gettext(message)


def course_language() -> str:
    """The language to show a course in, where it has it: the one asked for in `?lang=`, else the reader's."""
    return request.args.get("lang") or reader().language


def _language() -> str:
    who = person()
    return _negotiate(who.language if who else None)


def _negotiate(hers: str | None) -> str:
    preferred = [hers, request.cookies.get(COOKIE), *request.accept_languages.values()]
    return negotiate(preferred, site().settings.languages)
