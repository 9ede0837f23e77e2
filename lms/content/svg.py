"""SVG as authors may bring it: shapes and text that neither run nor fetch anything."""

import re
from xml.etree import ElementTree

SPACE = "{http://www.w3.org/2000/svg}"
_TAGS = set(
    "svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan textPath style"
    " linearGradient radialGradient stop clipPath mask pattern marker filter metadata switch".split()
)
_FOREIGN = ("{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_FETCHES = re.compile(
    r"\\|//|javascript:|data:|https?:|@import|expression\(|image-set|src\(|url\((?!\s*[\"']?\s*#)", re.IGNORECASE
)
"""What fetches or runs in CSS. A backslash could spell any of it, so that none is let in."""


def plain_svg(content: bytes) -> ElementTree.Element | None:
    """The root of such an SVG, None for anything else. An allow-list: shapes and text only, references only within the
    file, no document type (entities) at all."""
    if (
        b"\0" in content
        or b"<!DOCTYPE" in content.upper()
        or b"<?xml-stylesheet" in content
        or _ENCODING.search(content)
    ):
        return None
    try:
        content.decode("utf-8")
        root = ElementTree.fromstring(content)  # noqa: S314 - no document type, so no entity to expand
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    return root if root.tag == f"{SPACE}svg" and all(map(_is_plain_element, root.iter())) else None


def frame(root: ElementTree.Element) -> tuple[float, float, float, float] | None:
    """The `viewBox` of an SVG: left, top, width and height; None without one of some size."""
    try:
        left, top, width, height = (float(each) for each in re.split(r"[\s,]+", root.get("viewBox", "").strip()))
    except ValueError:
        return None
    in_bounds = all(abs(each) < 1e5 for each in (left, top)) and all(1 <= each < 1e5 for each in (width, height))
    return (left, top, width, height) if in_bounds else None


def _is_plain_element(element: ElementTree.Element) -> bool:
    tag = str(element.tag)
    if not tag.startswith(SPACE):  # an editor's own notes, which no browser acts on
        return not tag.startswith(_FOREIGN)
    name = tag.removeprefix(SPACE)
    if name == "feImage" or not (name in _TAGS or name.startswith("fe")):
        return False
    if name == "style" and _FETCHES.search("".join(element.itertext())):
        return False
    return all(_is_plain_attribute(key, value) for key, value in element.items())


def _is_plain_attribute(key: str, value: str) -> bool:
    space, _, name = key.lower().rpartition("}")
    if name in ("href", "src"):
        return value.startswith("#")
    if space:  # xml:base would turn “#” elsewhere; the rest are editors' notes
        return name != "base"
    return not name.startswith("on") and not _FETCHES.search(value)
