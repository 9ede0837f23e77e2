"""Once, when a course is first taken along: whose phone it is, and the grant for its key. The only asks with a session."""

from flask import Blueprint, Response, request

from lms.certificates.device_key import packed
from lms.services.people import devices
from lms.web.device.replies import Malformed, answer_in_json, reply
from lms.web.device.stores import this_store
from lms.web.frame.locale import reader
from lms.web.frame.security import access, for_programs
from lms.web.frame.session import csrf_token, signed_in
from lms.web.frame.site import site

blueprint = answer_in_json(Blueprint("phone", __name__))


@blueprint.get("/pocket/me")
@access("learner")
@for_programs
def me() -> Response:
    """Who is signed in here."""
    who = signed_in()
    about = {"learner": who.id, "name": who.display_name, "username": who.username, "language": reader().language}
    return reply("me 1", **about, csrf=csrf_token(), store=this_store())


@blueprint.post("/pocket/devices")
@access("learner")
@for_programs
def grant() -> Response:
    """The phone may write for whoever is signed in."""
    sent = request.get_json(silent=True)
    given = [sent.get(name) for name in ("device", "key", "name")] if isinstance(sent, dict) else []
    if len(given) != 3 or not all(isinstance(each, str) for each in given):
        raise Malformed
    device, key, name = given
    with site().database.writing() as tx:
        made = devices.grant(
            tx, site().pen, learner=signed_in().id, device=device, key=key, name=name, now=site().clock()
        )
    return reply(
        "grant 1",
        raw=made.raw.decode("utf-8"),
        signature=packed(made.signature),
        expires=made.expires,
        store=this_store(),
    )
