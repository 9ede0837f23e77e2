"""The texts of packs, by their hash: public as the courses' pages are to whoever knows the address, which a manifest tells."""

import re

from flask import Blueprint, Response, abort

from lms.web.frame.files import FOREVER
from lms.web.frame.packing import given
from lms.web.frame.security import access
from lms.web.frame.site import site
from lms.web.learner import packs

blueprint = Blueprint("packs", __name__)
SHA256 = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/pocket/files/<sha256>")
@access("public")
def file(sha256: str) -> Response:
    """One text, packed as the browser likes it best. Where there is none (any more), a new manifest names others."""
    if not SHA256.fullmatch(sha256):
        abort(404)
    with site().database.reading() as tx:
        release = packs.file(tx, sha256)
    found = packs.pack(release).files.get(sha256) if release else None
    if found is None:
        abort(404)
    return given(found.content, "application/json", FOREVER)
