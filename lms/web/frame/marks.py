"""What a page holds of one request alone stands in its HTML as a mark until the answer goes out: the token of a session, the
number of a form, the address to come back to. So whatever is rendered may be kept and shown to whoever comes next."""

from secrets import token_hex
from urllib.parse import quote_plus

from flask import request
from markupsafe import escape

from lms.ids import uuid7
from lms.web.frame.gate import here
from lms.web.frame.session import csrf_token

_RUN = f"m{token_hex(8)}"
"""In every mark, so that nobody can have written one. Its letters are the same in HTML and in an address."""
CSRF, EVENT, HERE, PAGE = (f"{_RUN}{letter}" for letter in "abcd")
"""The session's token; the number of a form, another one at each place; where to come back to; what a report is about, as a
part of an address."""
_SEAM, _EVENT = _RUN.encode(), EVENT[-1].encode()


def settled(body: bytes) -> bytes:
    """The HTML with everything in its place for the request that is being answered."""
    first, *rest = body.split(_SEAM)
    if not rest:
        return body
    values = {CSRF: csrf_token(), HERE: escape(here()), PAGE: escape(_page())}
    known = {mark[-1].encode(): value.encode() for mark, value in values.items()}
    return first + b"".join((uuid7().encode() if each[:1] == _EVENT else known[each[:1]]) + each[1:] for each in rest)


def _page() -> str:
    return quote_plus(request.path if request.method == "POST" else here(), safe="!$'()*,/:;?@")
