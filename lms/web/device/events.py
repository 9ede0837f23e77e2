"""What phones send: up to five hundred lines, answered one by one once they are safe (docs/decisions/0041)."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, abort, request

from lms.services.pocket import receiving
from lms.services.pocket.receiving import MOST_BYTES, Taken
from lms.web.device.replies import answer_in_json, reply
from lms.web.frame.security import access, sessionless, takes
from lms.web.frame.site import site

blueprint = answer_in_json(Blueprint("events", __name__), strangers=True)
TYPE = "application/x-ndjson"


@blueprint.post("/api/v1/events")
@access("public")
@sessionless
@takes(MOST_BYTES)
def take() -> Response:
    """What became of each line. Nobody need be signed in: each line shows by itself whose it is."""
    if request.mimetype != TYPE:
        abort(415)
    lines = receiving.read_lines(request.get_data(cache=False))
    now = site().clock()
    taken = receiving.receive(site().database, site().desk, lines, sender=sender(), via="pocket", now=now)
    return reply("events 1", lines=len(lines), outcomes=outcomes(taken), complete_to=taken.complete_to)


def outcomes(taken: Taken) -> list[dict[str, Any]]:
    """What became of each line, as phones read it."""
    return [
        {"line": number, "outcome": each.outcome, "why": each.why}
        for number, each in enumerate(taken.outcomes, start=1)
    ]


def sender() -> str:
    """The address that this request comes from, as quotas count it: under a hash that nobody else can make."""
    return hmac.new(site().secret, f"lines\0{request.remote_addr}".encode(), hashlib.sha256).hexdigest()
