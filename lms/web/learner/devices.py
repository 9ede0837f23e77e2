"""“My devices”: the phones that may send what somebody does without a network, and taking that away from one."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.services.people import devices
from lms.services.studying.looking import UnknownPage
from lms.storage import devices as stored
from lms.storage.devices import Device
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site

blueprint = Blueprint("devices", __name__)


@blueprint.get("/me/devices")
@access("learner")
def page() -> str:
    """Each of them, and how far what it has sent is here."""
    now, who = site().clock(), signed_in().id
    with site().database.reading() as tx:
        found, unproven = devices.of_learner(tx, who), stored.unproven(tx, who)
    return render_template(
        "mine/devices.html",
        good=[each for each in found if each.is_good(now)],
        over=[each for each in found if not each.is_good(now)],
        unproven=unproven,
        revoked=request.args.get("revoked") == "1",
    )


@blueprint.get("/me/devices/<device>")
@access("learner")
def ask(device: str) -> str:
    """What it means to take it away from that phone, and the button that does. Raises UnknownPage."""
    with site().database.reading() as tx:
        return render_template("mine/device.html", device=_hers(tx, device))


@blueprint.post("/me/devices/<device>")
@access("learner")
def revoke(device: str) -> Response:
    """The phone may send nothing more for her. Raises UnknownPage."""
    who, now = signed_in().id, site().clock()
    with site().database.writing() as tx:
        _hers(tx, device)
        devices.revoke(tx, site().pen, learner=who, device=device, why="self", by=who, now=now)
    return redirect(url_for("devices.page", revoked=1), 303)


def _hers(tx: Connection, device: str) -> Device:
    found = stored.one(tx, device, signed_in().id)
    if found is None:
        raise UnknownPage
    return found
