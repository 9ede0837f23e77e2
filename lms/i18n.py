"""Languages of the interface: which one a reader gets, its catalogue and its formats (Babel, no Flask)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from gettext import NullTranslations, translation
from importlib.resources import files
from math import floor
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.numbers import format_decimal, get_group_symbol

DEFAULT_LANGUAGE, SOURCE_LANGUAGE = "es", "en"
FORMATS = {"en": "en_GB"}
"""Whose dates a language uses, where its own name stands for another country's: day, month, year as the UN writes them."""
OWN_NAMES = {
    "acr": "Achi",
    "agu": "Awakateko",
    "caa": "Chʼortiʼ",
    "cab": "Garífuna",
    "cac": "Chuj",
    "cak": "Kaqchikel",
    "itz": "Itzaʼ",
    "ixl": "Ixil",
    "jac": "Poptiʼ",
    "kek": "Qʼeqchiʼ",
    "kjb": "Qʼanjobʼal",
    "knj": "Akateko",
    "mam": "Mam",
    "mop": "Mopan",
    "poc": "Poqomam",
    "poh": "Poqomchiʼ",
    "quc": "Kʼicheʼ",
    "qum": "Sipakapense",
    "quv": "Sakapulteko",
    "ttc": "Tektiteko",
    "tzj": "Tzʼutujil",
    "usp": "Uspanteko",
    "yua": "Maaya tʼaan",
}
"""Mayan languages and Garifuna by their own names: Babel (CLDR) knows Kʼicheʼ only."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """The same text, marked for the catalogue and translated where it is shown."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as above, for a message with a number
    """The same two texts, marked for the catalogue as singular and plural."""
    return one, many


def catalogue_folder() -> Path:
    """Where the installed catalogues lie: `<folder>/<language>/LC_MESSAGES/messages.mo`."""
    return Path(str(files("lms.translations")))


def installed_languages(folder: Path | None = None) -> list[str]:
    """The languages that have a catalogue in that folder, by default the installed ones."""
    return sorted(path.parts[-3] for path in (folder or catalogue_folder()).glob("*/LC_MESSAGES/messages.mo"))


def spoken(language: str, folder: Path | None = None) -> str:
    """The language itself where its sentences are translated (the source is English), else the default one."""
    return language if language in (SOURCE_LANGUAGE, *installed_languages(folder)) else DEFAULT_LANGUAGE


@lru_cache(maxsize=32)
def translations(language: str, folder: Path | None = None) -> NullTranslations:
    """The catalogue of a language; source strings (English) where it has none."""
    return translation("messages", str(folder or catalogue_folder()), [language], fallback=True)


def negotiate(preferred: Iterable[str | None], available: Sequence[str]) -> str:
    """The first available language that a preference names (`es-GT` asks for `es`), else the first available."""
    wanted = [tag.replace("-", "_") for tag in preferred if tag]
    return negotiate_locale(wanted, list(available)) or available[0]


@dataclass(frozen=True, slots=True)
class Reader:
    """How to speak to one reader: sentences, dates and numbers in her language and zone."""

    language: str
    zone: tzinfo
    folder: Path | None = None

    def gettext(self, message: str) -> str:
        """The message in the reader's language."""
        return translations(self.language, self.folder).gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The message for that many, in the reader's language."""
        return translations(self.language, self.folder).ngettext(one, many, n)

    def language_called(self, language: str) -> str:
        """What the reader's language calls another one: `Spanish` in English."""
        known = _known(language)
        return (known.get_display_name(self._locale) if known else "") or _own_name(language)

    def country(self, code: str) -> str:
        """What the reader's language calls a country (ISO 3166-1 alpha-2), else the default language, else its code."""
        own = self._locale.territories
        return str(own.get(code) or Locale.parse(DEFAULT_LANGUAGE).territories.get(code) or code)

    def day(self, when: date | datetime) -> str:
        """A short date, for tables: `24/11/2026`."""
        from babel.dates import format_skeleton  # heavy, as above

        if isinstance(when, datetime):
            when = when.astimezone(self.zone)
        return format_skeleton("yMd", when, locale=self._locale)

    def date(self, when: date | datetime) -> str:
        """A long date: `24 de noviembre de 2026`."""
        from babel.dates import format_date  # heavy: loaded by the first page that shows a date

        if isinstance(when, datetime):
            when = when.astimezone(self.zone).date()
        return format_date(when, "long", locale=self._locale)

    def moment(self, when: datetime) -> str:
        """A short date with its time, in the reader's zone; they stay on one line."""
        from babel.dates import format_time, get_datetime_format  # heavy, as above

        time = format_time(when, "short", tzinfo=self.zone, locale=self._locale)
        whole = str(get_datetime_format("short", locale=self._locale))
        return whole.format(time, self.day(when)).replace("'", "").replace(" ", "\u00a0")

    def number(self, value: float) -> str:
        """A number as the reader writes it. Where thousands would have a point (Spanish), which reads as decimals in half
        of Latin America, they have a space, and four digits none (Ortografía de la lengua española, 2010)."""
        group = get_group_symbol(self._locale)
        if group != ".":
            return format_decimal(value, locale=self._locale)
        return format_decimal(value, locale=self._locale, group_separator=abs(value) >= 10_000).replace(group, "\u00a0")

    def span(self, text: str) -> str:
        """A number, or the least and the greatest of a range, as releases keep them: `17.5..18.5` -> `de 17,5 a 18,5`."""
        from babel.numbers import get_decimal_symbol

        low, _, high = (part.replace(".", get_decimal_symbol(self._locale)) for part in text.partition(".."))
        return self.gettext("from %(low)s to %(high)s") % {"low": low, "high": high} if high else low

    def size(self, count: int) -> str:
        """So many bytes, in kilobytes or megabytes: `1,2 MB`."""
        small = count < 1_000_000
        number = max(1, round(count / 1000)) if small else round(count / 1_000_000, 1)
        return f"{self.number(number)} {'kB' if small else 'MB'}"

    def percent(self, value: float) -> str:
        """A share (0 to 1) as a whole percentage, rounded down so that 79.9 never reads as a passed 80."""
        from babel.numbers import format_percent

        return format_percent(floor(value * 100 + 1e-9) / 100, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        """How she writes dates and numbers; in a language that Babel does not know, as the default language does."""
        return _known(FORMATS.get(self.language, self.language)) or Locale.parse(DEFAULT_LANGUAGE)


def language_name(language: str) -> str:
    """The language's own name for itself, with a capital: `Español`."""
    known = _known(language)
    name = known.get_display_name() if known else None
    return name[:1].upper() + name[1:] if name else _own_name(language)


def _own_name(language: str) -> str:
    return OWN_NAMES.get(language.partition("-")[0], language)


@lru_cache(maxsize=64)
def _known(language: str) -> Locale | None:
    """The language as Babel knows it, if it does."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None
