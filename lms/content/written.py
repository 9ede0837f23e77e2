"""When two pieces of writing are the same answer. Simple enough to be written again in another language."""

import unicodedata

from lms.content.question_model import Matching

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‐": "-", "‑": "-"}
)
_TILDE_N = "\ue000"  # a private character stands for ñ while other marks are taken off


def fold(text: str, match: Matching) -> str:
    """The text as it is compared: NFC, small letters, one space between words, plain quotes, no full stop at the end.
    With `loose` accents go too, and ñ stays ñ."""
    folded = " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).lower().split()).rstrip(" .")
    if match == "exact":
        return folded
    marked = unicodedata.normalize("NFD", folded.replace("ñ", _TILDE_N))
    plain = "".join(each for each in marked if not unicodedata.combining(each))
    return plain.replace(_TILDE_N, "ñ")
