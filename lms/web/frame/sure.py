"""What can't be undone is confirmed: by a box that whoever does it ticks."""

from flask import request

from lms.i18n import N_
from lms.refusals import Refusal


class NotSure(Refusal):
    """What can't be undone was not confirmed."""

    message = N_("This can't be undone: tick the box to confirm it.")


def check_sure() -> None:
    """Raises NotSure where the form's `sure` is not ticked."""
    if request.form.get("sure") != "yes":
        raise NotSure
