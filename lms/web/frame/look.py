"""How pages look to a reader: text size, spacing, colours, contrast, motion.

Kept with her account, and for whoever is not signed in on the device (a cookie). What is not chosen is as the device asks.
"""

from collections.abc import Iterable

from flask import Blueprint, Response, make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from lms.i18n import N_
from lms.storage import preferences
from lms.web.frame.cookies import YEAR, keep_cookie
from lms.web.frame.gate import go_back, wants_part
from lms.web.frame.security import access
from lms.web.frame.session import account, person
from lms.web.frame.site import site

blueprint = Blueprint("look", __name__)
COOKIE = "look"
AS_DEVICE = "device"
"""Kept where nothing was chosen on purpose: the account's comes before what somebody chose on this device before."""
CHOICES = {
    "size": (N_("Text size"), {"": N_("Normal"), "large": N_("Large"), "huge": N_("Very large")}),
    "space": (N_("Space between lines"), {"": N_("Normal"), "wide": N_("Wide")}),
    "theme": (N_("Colours"), {"": N_("As the device"), "light": N_("Light"), "dark": N_("Dark")}),
    "contrast": (N_("Contrast"), {"": N_("As the device"), "more": N_("High")}),
    "motion": (N_("Motion"), {"": N_("As the device"), "still": N_("None")}),
}
"""What may be chosen: for each field its label and, by the word in `data-look`, its values."""


@blueprint.post("/look")
@access("public")
def choose() -> AnyResponse:
    """The pages look as chosen from now on, for this person or else on this device."""
    words = _known(request.form.get(name, "") for name in CHOICES)
    answer: Response = make_response("", 204) if wants_part() else make_response(go_back())
    who, kept = account(), words or AS_DEVICE
    if who:
        with site().database.writing() as tx:
            preferences.change(tx, who.id, look=kept)
    else:
        keep_cookie(answer, COOKIE, kept, seconds=YEAR)
    return answer


def chosen() -> str:
    """The words of the look in force, as they stand in `data-look`."""
    who, here = person(), request.cookies.get(COOKIE, "")
    hers = who.preferences.look if who else ""
    kept = hers or here if account() else here or hers
    return _known(kept.split(" "))


def attributes() -> Markup:
    """The attribute of `html` that styles hang on; none where nothing was chosen."""
    words = chosen()
    return Markup(' data-look="{}"').format(words) if words else Markup("")


def _known(words: Iterable[str]) -> str:
    asked = set(words)
    return " ".join(word for _, values in CHOICES.values() for word in values if word and word in asked)
