"""When two pieces of writing are the same answer. Simple enough to be written again in another language."""

import unicodedata

from lms.content.question_model import Matching

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‐": "-", "‑": "-"}
)
_MARKS = dict.fromkeys(range(0x0300, 0x0370))
"""Accents once they stand apart from their letters: this block, so that other languages' libraries agree on what one is."""


def fold(text: str, match: Matching) -> str:
    """The text as it is compared: NFC, small letters, one space between words, plain quotes, no full stop at the end.
    With `loose` accents (U+0300 to U+036F) go too, and ñ stays ñ."""
    folded = " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).lower().split()).rstrip(" .")
    if match == "exact":
        return folded
    return "ñ".join(unicodedata.normalize("NFD", part).translate(_MARKS) for part in folded.split("ñ"))
