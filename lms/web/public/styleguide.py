"""The components of the pages with all their states, for who works on them; there only where `development` is set."""

from flask import Blueprint, render_template

from lms.web.frame.security import access

blueprint = Blueprint("styleguide", __name__)
TOKENS = {
    "colours": "paper sheet sunk line edge ink quiet deep deep-soft link warm warm-soft good good-soft bad bad-soft half half-soft".split(),
    "tints": [f"tint-{number}" for number in range(1, 6)],
    "spaces": [f"s{number}" for number in range(1, 8)],
}
"""The names in 00-tokens.css, by what they are."""


@blueprint.get("/styleguide")
@access("public")
def page() -> str:
    """One page of everything."""
    return render_template("styleguide.html", tokens=TOKENS)
