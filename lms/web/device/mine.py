"""Once, when a course is first taken along: whose phone it is, and the grant for its key. The only asks with a session."""

from flask import Blueprint, Response, request

from lms.certificates.device_key import packed
from lms.services.pocket import receiving
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
    return reply(
        "me 1",
        learner=who.id,
        name=who.display_name,
        username=who.username,
        language=reader().language,
        csrf=csrf_token(),
        store=this_store(),
    )


@blueprint.post("/pocket/devices")
@access("learner")
@for_programs
def grant() -> Response:
    """The phone may write for whoever is signed in."""
    device, key, name = _text("device"), _text("key"), _text("name")
    with site().database.writing() as tx:
        made = receiving.grant(
            tx, site().desk, learner=signed_in().id, device=device, key=key, name=name, now=site().clock()
        )
    return reply(
        "grant 1",
        raw=made.raw.decode("utf-8"),
        signature=packed(made.signature),
        expires=made.expires,
        store=this_store(),
    )


def _text(name: str) -> str:
    sent = request.get_json(silent=True)
    value = sent.get(name) if isinstance(sent, dict) else None
    if not isinstance(value, str):
        raise Malformed
    return value
