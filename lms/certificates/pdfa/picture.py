"""The logo, made ready once: no transparency, no more pixels than paper shows, 256 colours at most."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image

from lms.certificates.pdfa.file import File, Name, Raw, Ref, Value

PIXELS_A_POINT = 300 / 72


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the file has it."""

    width: int
    height: int
    palette: bytes
    data: bytes
    """Compressed: one byte a pixel."""

    def embed(self, file: File) -> Ref:
        """The picture in the file."""
        colours = len(self.palette) // 3 - 1
        entries: dict[str, Value] = {
            "Type": Name("XObject"),
            "Subtype": Name("Image"),
            "Width": self.width,
            "Height": self.height,
            "BitsPerComponent": 8,
            "ColorSpace": [Name("Indexed"), Name("DeviceRGB"), colours, Raw(b"<" + self.palette.hex().encode() + b">")],
            "Filter": Name("FlateDecode"),
        }
        return file.stream(self.data, entries, packed=False)


def load(source: Path | bytes, *, width: float, height: float, ground: str) -> Picture:
    """The picture, or that in the file, for so many points, on a ground of that colour. Raises OSError."""
    changed = 0 if isinstance(source, bytes) else source.stat().st_mtime_ns
    return _load(source, changed, width, height, ground)


@lru_cache(maxsize=2)
def _load(source: Path | bytes, _changed: int, width: float, height: float, ground: str) -> Picture:
    with Image.open(BytesIO(source) if isinstance(source, bytes) else source) as opened:
        shown = opened.convert("RGBA" if opened.has_transparency_data else "RGB").convert("RGBA")
    shown.thumbnail((round(width * PIXELS_A_POINT), round(height * PIXELS_A_POINT)))
    flat = Image.new("RGBA", shown.size, ground)
    flat.alpha_composite(shown)
    few = flat.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    return Picture(few.width, few.height, bytes(few.getpalette() or ()), zlib.compress(few.tobytes(), 9))
