"""The band at a certificate's edge: hills, a low sun, and a footpath that climbs towards it, in the programme's colour."""

from collections.abc import Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache
from math import hypot

from lms.certificates.pdfa.page import Page

BAND = 168.0
"""Points: how wide it is."""
SUN, FOOTPATH = "#E9B56B", "#FCF6E8"
_ROUND = 0.5523  # the control points of a quarter of a circle
_HILLS = ((0.06, 400, 470, 380, 430), (0.12, 300, 350, 340, 320), (0.18, 190, 270, 170, 215))
"""How much lighter than the band each is, and its heights: left, first and second control point, right."""

_FOOTPATH = (
    (((26, -30), (52, 60), (170, 84), (112, 170), (84, 212), (14, 214), (48, 274)), 19, 9),
    (((48, 274), (68, 309), (140, 312), (110, 356), (97, 376), (72, 388), (92, 412)), 9, 3),
)
"""Two joined Bézier curves each, and how wide the path is where they begin and end."""


def draw(page: Page, colour: str) -> None:
    """The band, on the page's left edge."""
    edge = (0.0, 0.0, BAND, page.height)
    with page.within(edge):
        page.fill(edge, colour)
        _sun(page, 112, 452, 25)
        for share, left, first, second, right in _HILLS:
            hill = ((0, left), (BAND * 0.3, first, BAND * 0.65, second, BAND, right), (BAND, 0))
            page.shape((0, 0), hill, lighter(colour, share))
        for points, width, end in _FOOTPATH:
            start, *rest = _ribbon(points, width, end)
            page.shape(start, rest, FOOTPATH)


def lighter(colour: str, share: float) -> str:
    """The colour, so much of the way to white and as vivid."""
    hue, light, vivid = rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    return "#" + "".join(f"{round(each * 255):02X}" for each in hls_to_rgb(hue, light + (1 - light) * share, vivid))


def _sun(page: Page, x: float, y: float, radius: float) -> None:
    near = radius * _ROUND
    quarters = (
        (x + radius, y + near, x + near, y + radius, x, y + radius),
        (x - near, y + radius, x - radius, y + near, x - radius, y),
        (x - radius, y - near, x - near, y - radius, x, y - radius),
        (x + near, y - radius, x + radius, y - near, x + radius, y),
    )
    page.shape((x + radius, y), quarters, SUN)


@cache
def _ribbon(points: Sequence[tuple[float, float]], width: float, end: float) -> Sequence[tuple[float, float]]:
    """The outline of a path along two joined Bézier curves that grows narrower with the distance."""
    middle = [_bezier(points[start : start + 4], step / 24) for start in (0, 3) for step in range(25 if start else 24)]
    left, right = [], []
    for place, (x, y, dx, dy) in enumerate(middle):
        half = (width + (end - width) * place / (len(middle) - 1)) / 2
        length = hypot(dx, dy)
        left.append((x - dy / length * half, y + dx / length * half))
        right.append((x + dy / length * half, y - dx / length * half))
    return (*left, *reversed(right))


def _bezier(points: Sequence[tuple[float, float]], t: float) -> tuple[float, float, float, float]:
    """The point at t on a cubic Bézier curve, and its direction there."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    u = 1 - t

    def place(a: float, b: float, c: float, d: float) -> float:
        return u**3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t**3 * d

    def slope(a: float, b: float, c: float, d: float) -> float:
        return 3 * u * u * (b - a) + 6 * u * t * (c - b) + 3 * t * t * (d - c)

    return place(x0, x1, x2, x3), place(y0, y1, y2, y3), slope(x0, x1, x2, x3), slope(y0, y1, y2, y3)
