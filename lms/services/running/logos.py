"""The logo that somebody sent: drawn anew, so that nothing is kept of the file but its picture."""

from io import BytesIO

from lms.config import PICTURES, BadSetting
from lms.i18n import N_

MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 8_000_000
"""Of what was sent: unpacked it takes four bytes each, or eight."""
SIZE = (1250, 450)
"""Twice what a certificate shows on paper, at 300 dots an inch."""


def ready(data: bytes) -> bytes:
    """The picture as a PNG of no more dots than a certificate needs, without what else the file held. Raises BadSetting."""
    from PIL import Image, ImageOps  # only who sends a logo needs it

    if len(data) > MAX_BYTES:
        raise BadSetting("logo", N_("The picture is too large: at most %(most)s MB."), most=MAX_BYTES // 1024 // 1024)
    if not data.startswith(PICTURES):
        raise BadSetting("logo", N_("This is no PNG or JPEG picture."))
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise BadSetting("logo", N_("The picture has too many dots: 4000 by 2000 at most."))
            upright = ImageOps.exif_transpose(opened)
            kept = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadSetting("logo", N_("This picture is damaged, or of a kind that can't be read.")) from error
    kept.thumbnail(SIZE)
    out = BytesIO()
    Image.frombytes(kept.mode, kept.size, kept.tobytes()).save(out, "PNG", optimize=True)  # nothing comes along
    return out.getvalue()
