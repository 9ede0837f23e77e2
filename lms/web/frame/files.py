"""Files that never change: the program's own under one digest, courses' media under their content's."""

import mimetypes
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, request, send_file

from lms.storage import releases
from lms.web.frame.security import access
from lms.web.frame.site import site

blueprint = Blueprint("files", __name__)
FOREVER = "public, max-age=31536000, immutable"
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # an SVG of a course runs nothing, loads nothing
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@blueprint.get("/s/<digest>/<path:name>")
@access("public")
def static(digest: str, name: str) -> Response:
    """One of the program's own files, packed as the browser likes it best."""
    assets = site().assets
    if digest != assets.digest or name not in assets.names:
        abort(404)
    return _immutable(assets.folder / name)


@blueprint.get("/media/<sha256>")
@access("public")
def media(sha256: str) -> Response:
    """A course's picture or recording, or the range of it that was asked for."""
    with site().database.reading() as tx:
        file = releases.media_file(tx, sha256)
    if file is None:
        abort(404)
    response = send_file(BytesIO(file.bytes), file.type, etag=sha256, conditional=True)
    response.headers.update({"Content-Type": file.type, "Cache-Control": FOREVER, "Content-Security-Policy": SANDBOX})
    return response


def _immutable(path: Path) -> Response:
    encoding, suffix = next(
        ((name, end) for name, end in ENCODINGS if request.accept_encodings[name] > 0 and _packed(path, end).exists()),
        ("", ""),
    )
    response = make_response(_packed(path, suffix).read_bytes())
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response.headers.update({"Content-Type": kind, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"})
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _packed(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
