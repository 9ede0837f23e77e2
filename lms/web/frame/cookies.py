"""Cookies of our own: sent to this site only, out of reach of scripts."""

from flask import Response

from lms.web.frame.site import site

YEAR = 365 * 24 * 3600


def keep_cookie(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """The browser keeps the cookie for so long, by default until it is closed."""
    https = site().settings.https
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=https)
