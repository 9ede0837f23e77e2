"""Rendering what is the same for everybody, whoever happens to ask for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g

from lms.i18n import Reader
from lms.web.frame.site import site


@contextmanager
def for_nobody(language: str) -> Iterator[Reader]:
    """Within, templates speak to somebody of whom nothing is known but her language: no cookie, no address, no person of
    the request that is being answered."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings = site().settings
    with app.app_context(), app.test_request_context("/"):
        g.settings = settings
        g.reader = Reader(language, ZoneInfo(settings.timezone), settings.catalogues)
        yield g.reader
