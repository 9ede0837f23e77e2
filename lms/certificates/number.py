"""Certificate numbers: `7K3Q-ZX0T-9B4M-E2-9`, random, typed in by hand without regret.

Crockford's base 32: 60 random bits, the issuer's code of two characters, and a check symbol (mod 37) that finds every
wrong character and every swap of neighbours.
"""

import re

from lms.i18n import N_
from lms.ids import ALPHABET, code
from lms.refusals import Refusal

_TYPED = str.maketrans("OIL", "011")
LENGTH = 15
"""Characters, without the dashes."""
_TYPO = re.compile(rf"[0-9A-Z]{{{LENGTH}}}")
_FORM = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


class NoSuchNumber(Refusal):
    """The text is not a certificate number."""

    message = N_("This is not a certificate number. It looks like 7K3Q-ZX0T-9B4M-E2-9: check each character.")


def new(issuer_code: str) -> str:
    """A new number of that issuer (two characters)."""
    while True:
        body = code(12) + issuer_code
        check = _value(body) % 37
        if check < len(ALPHABET):  # the other five check symbols are not letters or digits: draw again
            return dashed(body + ALPHABET[check])


def parse(text: str) -> str:
    """The number as it is written on the certificate; small letters, O, I, L and missing dashes are forgiven.

    Raises NoSuchNumber.
    """
    plain = _plain(text).translate(_TYPED)
    if not _FORM.fullmatch(plain) or _value(plain[:14]) % 37 != ALPHABET.index(plain[14]):
        raise NoSuchNumber
    return dashed(plain)


def is_like(text: str) -> bool:
    """Whether somebody meant a certificate number, right or mistyped."""
    return _TYPO.fullmatch(_plain(text)) is not None


def dashed(plain: str) -> str:
    """The fifteen characters as they are written on the certificate."""
    return "-".join((plain[:4], plain[4:8], plain[8:12], plain[12:14], plain[14:]))


def _plain(text: str) -> str:
    return re.sub(r"[\s\-–—]", "", text[:64]).upper()


def _value(text: str) -> int:
    value = 0
    for each in text:
        value = value * 32 + ALPHABET.index(each)
    return value
