"""The reader of this request: her language (profile, cookie, browser, default) and zone."""

from zoneinfo import ZoneInfo

from flask import Flask, g, request

from lms.config import Settings
from lms.i18n import Reader, negotiate

COOKIE = "lang"


def install(app: Flask, settings: Settings) -> None:
    """Each request gets `g.reader`; templates speak her language through `_`, `ngettext` and `reader`."""
    zone = ZoneInfo(settings.timezone)

    def begin() -> None:
        g.reader = Reader(_language(settings), zone, settings.catalogues)

    app.before_request(begin)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, lambda one, many, n: reader().ngettext(one, many, n), newstyle=True
    )
    app.context_processor(lambda: {"reader": reader()})


def reader() -> Reader:
    """The reader of this request."""
    found: Reader = g.reader
    return found


def gettext(message: str) -> str:
    """The message in the language of this request's reader."""
    return reader().gettext(message)


def course_language(languages: tuple[str, ...], source: str) -> str:
    """The language to show a course in: the one asked for in `?lang=`, the reader's, else the course's own."""
    asked = request.args.get("lang", "")
    return next((each for each in (asked, reader().language) if each in languages), source)


def _language(settings: Settings) -> str:
    person = g.get("person")
    preferred = [person.language if person else None, request.cookies.get(COOKIE)]
    return negotiate([*preferred, *request.accept_languages.values()], settings.languages)
