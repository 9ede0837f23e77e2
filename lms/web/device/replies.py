"""What phones are answered: JSON that says what it is, a refusal too, never a page (docs/decisions/0042)."""

import json
import logging
from typing import Any

from flask import Blueprint, Response, make_response, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from lms.i18n import N_
from lms.refusals import Refusal
from lms.web.frame.errors import SENTENCES, log_bug, status_of
from lms.web.frame.locale import gettext, speak_to_a_stranger

log = logging.getLogger("lms")
WHY = {400: "malformed", 404: "unknown", 413: "too_large", 415: "type", 500: "failed", 503: "busy", 507: "full"}
"""How programs know a refusal that has no word of its own."""


class Malformed(Refusal):
    """What was sent can't be understood."""

    message = N_("What was sent could not be understood. Load the page again; if it stays so, update this program.")
    why = "malformed"


def reply(kind: str, status: int = 200, **body: Any) -> Response:
    """The answer `{"vereda": kind, …}`."""
    response = make_response(json.dumps({"vereda": kind, **body}, ensure_ascii=False, separators=(",", ":")), status)
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(status: int, why: str, message: str) -> Response:
    """The answer to what is not done: a word for the program, a sentence for whoever holds the phone."""
    response = reply("refused 1", status, why=why, message=message)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def answer_in_json(blueprint: Blueprint, *, strangers: bool = False) -> Blueprint:
    """Whatever goes wrong in these views is told in JSON. To `strangers` no session is looked at for it."""

    def by_refusal(error: Refusal) -> Response:
        why = getattr(error, "why", None) or _usual(error.status)
        return told(error.status, why, error.sentence)

    def by_http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return make_response(error.get_response())
        return by_status(error.code)

    def by_database(error: DBAPIError) -> Response:
        status = status_of(error)
        if status is None:
            return by_bug(error)
        log.error("database refused", extra={"status": status, "route": request.endpoint})
        return by_status(status)

    def by_bug(error: Exception) -> Response:
        log_bug(error)
        return by_status(500)

    def by_status(status: int) -> Response:
        message = SENTENCES.get(status, SENTENCES[400])
        return told(status, _usual(status), lambda speak: speak(message))

    def told(status: int, why: str, say: Any) -> Response:
        if strangers:
            speak_to_a_stranger()
        return refused(status, why, say(gettext))

    blueprint.register_error_handler(Refusal, by_refusal)
    blueprint.register_error_handler(HTTPException, by_http)
    blueprint.register_error_handler(DBAPIError, by_database)
    blueprint.register_error_handler(Exception, by_bug)
    return blueprint


def _usual(status: int) -> str:
    return WHY.get(status, "sign_in" if status == 401 else "refused")
