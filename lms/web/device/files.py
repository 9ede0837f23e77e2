"""“Hand in a file”: what somebody did on a phone, brought as a file where there is no network for the phone. No session, no
script and no HTTPS are needed: each line shows by its own signature whose it is."""

import base64
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from lms.refusals import Refusal
from lms.services.common.registers import signer
from lms.services.pocket import files
from lms.services.pocket.files import MOST_BYTES, NoProgress, Received
from lms.services.pocket.receipts import Receipt, receipt
from lms.web.device.events import sender
from lms.web.frame.codes import drawn
from lms.web.frame.locale import gettext
from lms.web.frame.security import access, sessionless, takes
from lms.web.frame.site import site

blueprint = Blueprint("handing", __name__)
FORM_BYTES = MOST_BYTES + 64 * 1024


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a file, and what is given for it."""

    received: Received
    receipt: Receipt


@blueprint.get("/pocket/hand-in")
@access("public")
def page() -> str:
    """What such a file is, and where to choose it."""
    return render_template("device/hand_in.html")


@blueprint.post("/pocket/hand-in")
@access("public")
@sessionless
@takes(FORM_BYTES)
def hand_in() -> Response:
    """What became of the file, with a receipt to take along."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise NoProgress
        done = taken(sent.read(MOST_BYTES + 1))
    except Refusal as refusal:
        return make_response(render_template("device/hand_in.html", error=refusal.sentence(gettext)), refusal.status)
    encoded = base64.b64encode(done.receipt.as_file).decode()
    return make_response(
        render_template(
            "device/handed_in.html",
            received=done.received,
            code=drawn(done.receipt.short, gettext("Receipt as a QR code")),
            short=done.receipt.short,
            file=f"data:application/json;base64,{encoded}",
        )
    )


def taken(data: bytes) -> Done:
    """What became of the file in these bytes. Raises NoProgress, TooLong."""
    now, mine = site().clock(), signer(site().settings)
    received = files.hand_in(site().database, site().desk, mine.trust, data, own_key=mine.key, sender=sender(), now=now)
    return Done(received, receipt(site().pen, mine, received, now=now))
