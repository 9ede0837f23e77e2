"""How a text says that what it tells depends on the country: «verifique en su país»."""

import re

from lms.content.stems import base

_NOTICES = {
    "es": re.compile(
        r"(?<![«“\"])\bverifi(?:que|quen|car|carlo|carla)\b[^.;]*\bsu (?:propio )?(?:país|ley)\b", re.IGNORECASE
    ),
    "en": re.compile(
        r"(?<![«“\"])\b(?:check|verify)\b[^.;]*\b(?:your|their) (?:own )?(?:country|law)\b", re.IGNORECASE
    ),
}


def notice(language: str) -> re.Pattern[str] | None:
    """What finds the notice in a sentence of that language, not where it is quoted; None for a language not known here."""
    return _NOTICES.get(base(language))
