"""Countries by their ISO 3166-1 alpha-2 codes, as forms offer them and files name them."""

from datetime import UTC
from functools import lru_cache

from babel import Locale

from lms.content.stems import fold
from lms.i18n import Reader

REGION = ("BZ", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV")
"""The programme's own, which forms offer first."""
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Every country's code."""
    known = (str(code) for code in Locale.parse("en").territories)
    return frozenset(code for code in known if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


def offered(reader: Reader) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Code and name of the region's countries, and of all others, each by name."""
    named = sorted(((code, reader.country(code)) for code in codes()), key=lambda each: fold(each[1]))
    return [each for each in named if each[0] in REGION], [each for each in named if each[0] not in REGION]


def code_of(text: str, *languages: str) -> str:
    """The code of the country that the text names, by its code or in one of these languages; empty for none."""
    if text.upper() in codes():
        return text.upper()
    return next((found for each in languages if (found := _named(each).get(fold(text)))), "")


@lru_cache(maxsize=8)
def _named(language: str) -> dict[str, str]:
    territories, reader = Locale.parse(language).territories, Reader(language, UTC)
    known = {fold(str(territories[code])): code for code in sorted(codes()) if code in territories}
    return known | {fold(reader.country(code)): code for code in sorted(codes())}  # as pages and files call it
