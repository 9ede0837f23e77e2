"""Numbers as people write them: decimal comma or point, a minus of any kind, spaces between thousands."""

import re
from decimal import Decimal

_NUMBER = r"[+\-−–]?[0-9](?:[0-9\u00a0\u202f ]{0,20}[0-9])?(?:[.,][0-9]{1,12})?"
_ONE = re.compile(rf"\s*({_NUMBER})\s*")
_AROUND = re.compile(rf"\s*({_NUMBER})\s*(?:±|\+/-|\+-)\s*({_NUMBER})\s*")
_BETWEEN = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.\.?|…)\s*({_NUMBER})\s*")
LONGEST = 40  # characters


def read_number(text: str) -> Decimal | None:
    """The number, or None. A comma is a decimal comma: nobody's thousands are guessed at."""
    found = _ONE.fullmatch(text) if len(text) <= LONGEST else None
    return _decimal(found[1]) if found else None


def read_range(text: str) -> tuple[Decimal, Decimal] | None:
    """The least and the greatest number of `18`, `18 ± 1` or `17..19`; None for anything else."""
    one, around, between = _ONE.fullmatch(text), _AROUND.fullmatch(text), _BETWEEN.fullmatch(text)
    if len(text) > 3 * LONGEST:
        return None
    if one:
        return _decimal(one[1]), _decimal(one[1])
    if around:
        middle, off = _decimal(around[1]), abs(_decimal(around[2]))
        return middle - off, middle + off
    if between and _decimal(between[1]) <= _decimal(between[2]):
        return _decimal(between[1]), _decimal(between[2])
    return None


def _decimal(text: str) -> Decimal:
    plain = re.sub(r"[\u00a0\u202f ]", "", text).replace(",", ".")
    return Decimal(re.sub(r"^[−–]", "-", plain))
